"""The sample agreements: the release rules R-01 to R-17 between each two parties."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from tansiq.domain.parties import Classification, PartyCode
from tansiq.domain.places import Grain
from tansiq.node.scenario.cast import PARTIES, START, moment
from tansiq.policy.agreement import Agreement, Follow, Receipts, Rule, by_facets

ENDS: Final = moment("2022-12-31 00:00")
SECURITY: Final = frozenset({"attack", "shooting", "drone", "rumour", "unrest"})
PUBLIC: Final = frozenset({"fire", "flood", "traffic", "outage", "obstruction", "civil_protection"})
REPLIES: Final = frozenset({"answer", "support_note", "acknowledgement", "dispute"})
REQUESTS: Final = frozenset({"rfi"})
REFORM: Final = frozenset({"project", "evidence", "evidence_note"})
# Of training: what everybody may have, and what those who give and take part in it have besides.
COUNTED: Final = frozenset({"course", "cohort", "withdrawn_list"})
TRAINING: Final = COUNTED | {
    "session", "instructors", "training_room", "clearance", "suspension", "plan_proposal",
}  # fmt: skip
TOGETHER: Final = ("communications", "force", "training")  # what both ministries work on
OPERATIONS: Final = frozenset(
    {"planned_activity", "meeting", "meeting_note", "coordination_line", "lesson",
     "joint_operation", "operation_part", "passage", "assessment", "assessment_note"}
)  # fmt: skip
_INCIDENT: Final = frozenset({"incident"})
_CONFIDENTIAL: Final = Classification.CONFIDENTIAL
_SOURCE: Final = frozenset({"informant"})


def agreements() -> list[Agreement]:
    """One agreement for each two parties."""
    return [_between(*pair) for pair in itertools.combinations(sorted(PARTIES), 2)]


def _between(first: str, second: str) -> Agreement:
    parties = (PartyCode(first), PartyCode(second))
    rules = [*_rules(parties[0], parties[1]), *_rules(parties[1], parties[0])]
    return Agreement(
        id=f"AG-{first}-{second}",
        version=1,
        parties=parties,
        begins=START,
        ends=ENDS,
        clearance=dict.fromkeys(parties, Classification.CONFIDENTIAL),
        held=dict.fromkeys(parties, frozenset({"medical"})),
        rules=tuple(sorted(rules, key=lambda rule: rule.name)),
    )


def _rules(sender: PartyCode, to: PartyCode) -> list[Rule]:
    """What ``sender`` may release to ``to``."""
    across = {sender, to} == {"MPA", "MOD"}
    safety = partial(replace, automatic=True, purpose="safety")

    def rule(name: str, *categories: str, kinds: frozenset[str] = _INCIDENT) -> Rule:
        return Rule(
            name=f"{name}-{sender}", sender=sender, kinds=kinds,
            facets=by_facets(category=categories) if categories else (), hide=_SOURCE,
            receipts=Receipts.POSITION,
        )  # fmt: skip

    security = rule("R-05" if sender == "MOD" else "R-04", *SECURITY)
    sites = Grain.KM1 if to == "COA" else Grain.EXACT
    general = rule("R-13", "other") if across else rule("R-13", "other", "medical")
    rules = [
        safety(rule("R-01", "explosive_hazard", "between_parties")),
        replace(rule("R-03", *PUBLIC), follow=Follow.WHOLE),
        replace(security, grain=Grain.KM5, approvers=1),
        safety(rule("R-09", "protected_site"), grain=sites),
        _sites(rule, sites),
        replace(
            rule("R-10", kinds=REPLIES), automatic=True, purpose="answer", class_max=_CONFIDENTIAL
        ),
        replace(
            rule("R-14", kinds=REQUESTS),
            automatic=True,
            purpose="answer",
            follow=Follow.WHOLE,
            class_max=_CONFIDENTIAL,
        ),
        replace(
            rule("R-08", kinds=frozenset({"support", "support_offer"})),
            automatic=True,
            purpose="support",
            follow=Follow.WHOLE,
            class_max=_CONFIDENTIAL,
        ),
        replace(rule("R-12", kinds=frozenset({"attachment"})), automatic=True),
        replace(general, hide=_SOURCE | {"hurt", "dead"}, receipts=Receipts.PARTY),
    ]
    if across:
        medical = safety(rule("R-02", "medical"), hide=_SOURCE | {"hurt", "dead", "size"})
        rules.append(medical)
    rules += [*_reform(rule, sender, to), *_training(rule, sender, to), _operations(rule)]
    if to == "COA":
        # Only what is labelled open: an import of open data, never a report of the day.
        opened = replace(rule("R-11"), automatic=True, purpose="open_data")
        rules.append(replace(opened, class_max=Classification.OPEN))
    return rules


def _sites(rule: Callable[..., Rule], grain: Grain) -> Rule:
    """R-17: all parties hold the same protected sites, and read who has confirmed having them."""
    return replace(
        rule("R-17", kinds=frozenset({"protected_site"})), grain=grain, automatic=True,
        purpose="safety", follow=Follow.WHOLE, class_max=_CONFIDENTIAL,
    )  # fmt: skip


def _reform(rule: Callable[..., Rule], sender: PartyCode, to: PartyCode) -> list[Rule]:
    """R-06: the advisers see whole projects with their evidence, and answer about it; the centre
    and the federal ministry see projects without money and risks, the ministry only those that both
    work on.
    """
    if sender != "MPA" and (sender, to) != ("COA", "MPA"):
        return []
    whole = "COA" in (sender, to)
    kinds = {"MPA": REFORM if whole else frozenset({"project"})}
    made = rule("R-06", kinds=kinds.get(sender, REFORM - {"project"}))
    made = replace(
        made, automatic=True, purpose="programme", follow=Follow.WHOLE,
        class_max=_CONFIDENTIAL,
        hide=frozenset() if whole else frozenset({"budget", "risks"}),
        facets=by_facets(workstream=TOGETHER) if to == "MOD" else (),
    )  # fmt: skip
    return [made]


def _training(rule: Callable[..., Rule], sender: PartyCode, to: PartyCode) -> list[Rule]:
    """R-07: who gives and who takes part in training see all of one another's; the centre and the
    federal ministry see courses and the counts of cohorts, without why they changed. R-15: a person
    lets them have the notice that training is suspended.
    """
    if sender not in ("MPA", "COA"):
        return []
    whole = {sender, to} == {"COA", "MPA"}
    made = rule("R-07", kinds=TRAINING if whole else COUNTED)
    totals = frozenset({"room", "instructors", "nominated", "reason", "decision", "review"})
    made = replace(
        made,
        automatic=True,
        purpose="training",
        follow=Follow.WHOLE,
        class_max=_CONFIDENTIAL,
        hide=frozenset() if whole else totals,
    )
    notice = replace(rule("R-15", kinds=frozenset({"suspension"})), purpose="training")
    return [made] if whole else [made, notice]


def _operations(rule: Callable[..., Rule]) -> Rule:
    """R-16: open activities, meetings of two, joint operations, lessons and assessments go to whom
    their label names, as they are and change: where plans meet must be seen by those concerned.
    """
    made = rule("R-16", kinds=OPERATIONS)
    return replace(made, automatic=True, follow=Follow.WHOLE, class_max=_CONFIDENTIAL)
