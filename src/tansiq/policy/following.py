"""Following: what goes by itself to a party that holds something already, and when that ends.

A record goes by itself to a party that was never told of it, or that holds it; never to one that
held it and holds it no more, nor to one for which it was recalled on the way. Then a person
releases it anew, or it stays.
"""

from dataclasses import dataclass
from typing import Final

from tansiq.domain.labels import Label
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import Grain
from tansiq.domain.records import WireEdition
from tansiq.policy.agreement import Agreement, Follow, Receipts, Rule

MINUTE: Final = 60_000
FLASH: Final = "flash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What one party was told of one record until now; ``NEVER`` for a record that is new to it.

    ``holds``: a release stands there, neither recalled nor ended. ``ended``: it was told and holds
    nothing, or a recall stopped what was on the way. ``rule`` is the name of the rule by which it
    got what it holds. ``rules`` are those, as they bound, by which editions went since a person
    last loosened them; ``hide`` and ``grain`` what persons kept back beyond them meanwhile.
    ``told`` is the newest edition that it holds, ``until`` the end in that edition's own label.
    """

    holds: bool = False
    ended: bool = False
    rule: str = ""
    rules: tuple[Rule, ...] = ()
    hide: frozenset[str] = frozenset()
    grain: Grain = Grain.EXACT
    told: WireEdition | None = None
    until: int = 0


NEVER: Final = Past()


def goes_by_itself(rule: Rule, past: Past) -> bool:
    """Whether a record's newest edition goes to a party by this rule without a person.

    ``rule`` is one that covers the edition, as the agreement says it. Where an earlier edition went
    by a rule that wants more approvers, a person has to release it.
    """
    follows = past.holds and rule.name == past.rule and rule.follow is Follow.WHOLE
    approvers = max((other.approvers for other in past.rules), default=0)
    return not past.ended and approvers <= rule.approvers and (rule.automatic or follows)


def reads_alike(new: WireEdition, past: Past, *, until: int) -> bool:
    """Whether the party would read in ``new`` what it reads already: then it does not leave.

    Until when it may keep it counts by what the owner wrote into the label, ``until`` for the new
    one: a rule's days begin anew with every edition and would make each of them another. Who of the
    owner wrote it last does not count either.
    """
    told = past.told
    return told is not None and (_read(told, past.until) == _read(new, until))


def _read(wire: WireEdition, until: int) -> tuple[object, ...]:
    label: Label = wire.label
    said = label.classification, label.categories, label.caveats, label.onward, until
    return wire.kind, wire.state, wire.body, wire.purpose, said


def step_goes(
    rules: tuple[Rule, ...], *, kind: str, label: Label, agreement: Agreement, to: PartyCode
) -> Follow:
    """What of a step of a case goes to ``to``, which owns the root or holds it: the whole step, the
    stage alone, or nothing, and then the step is not taken.

    ``rules`` are those of the step's author that cover the root in the agreement with ``to``
    (:func:`tansiq.policy.release.matching_rules`, which asks time, facets and stages); ``kind`` and
    ``label`` are the root's. A step has no label of its own: who reads the root reads every step,
    so that the root's class is asked again. The caller knows whether ``to`` holds the root: one
    that does not, or for which it has ended (:class:`Past`), gets no step.
    """
    cleared = [
        rule.follow
        for rule in rules
        if kind in rule.kinds
        and label.classification.rank <= min(agreement.clearance[to].rank, rule.class_max.rank)
        and label.categories <= agreement.held[to]
    ]
    return max(cleared, key=list(Follow).index, default=Follow.NOTHING)


def names_positions(rule: Rule | None, severity: object) -> bool:
    """Whether a receipt for what came by ``rule`` may name the position that read it, and the
    second. Safety and flash always do; what no rule is known of does not.
    """
    if severity == FLASH:
        return True
    return rule is not None and (rule.purpose == "safety" or rule.receipts is Receipts.POSITION)


def receipt_moment(at: int, *, exact: bool) -> int:
    """The moment that a receipt tells, in milliseconds: the very one, or its minute."""
    return at if exact else at - at % MINUTE
