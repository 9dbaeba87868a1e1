"""Writes ``spec/vectors/release.json``: what may leave and how, who may see, how places coarsen.

For whoever writes a node of its own, in whatever language. Everything is fixed, so that the file
comes out the same on every run; a test compares it, and has the oracle decide each case a second
time. Usage::

    python tools/make_release_vectors.py
"""

import itertools
import json
from pathlib import Path
from typing import Any, Final, cast

from tansiq.desk.release.agreements import signed_bytes
from tansiq.domain.areas import checked_area, coarsen_area
from tansiq.domain.kinds import kind_named
from tansiq.domain.labels import label_from_json
from tansiq.domain.parties import Classification, PartyCode, Role, Viewer
from tansiq.domain.places import E7, Grain, coarsen, place_from_json
from tansiq.domain.records import ReleaseId, edition_from_json
from tansiq.log.canonical import base64_text
from tansiq.log.keys import AuthorityKeys
from tansiq.policy.agreement import Rule, agreement_from_json, smallest
from tansiq.policy.following import Past, goes_by_itself
from tansiq.policy.release import (
    Proposal,
    due_at,
    may_release,
    may_see,
    rule_of,
    wire_edition,
)

PATH: Final = Path(__file__).resolve().parent.parent / "spec" / "vectors" / "release.json"
Item = dict[str, Any]

NOW: Final = 1_608_462_000_000
HOUR: Final = 3_600_000
RECORD: Final = "5f2a9c10-0c1e-4d3b-9a77-3d2f10aa0001"
RELEASE: Final = "b7e40d52-91f6-4c0a-8e15-6a0c5d330002"
OTHER: Final = "c01dcafe-4b1d-4e5f-8a9b-0c1d2e3f0003"
OWN: Final = {"name": "مخمور", "key": "makhmour", "lat": 357_760_000, "lon": 435_790_000}

UNKNOWNS: Final = [
    {"id": "0a1b2c3d", "text": "من أطلق النار", "state": "open", "by": ""},
    {"id": "4e5f6a7b", "text": "From where", "state": "answered", "by": OTHER},
    {"id": "8c9d0e1f", "text": "How many", "state": "no_value", "by": ""},
]  # fmt: skip
LABEL: Final[Item] = {
    "policy": "TANSIQ-1", "class": "restricted", "audience": [["MOD"]], "categories": [],
    "caveats": [], "onward": "within", "embargo": 0, "expires": 0,
}  # fmt: skip
PLACE: Final[Item] = {**OWN, "precision": "exact", "grain": "exact"}
BODY: Final[Item] = {
    "category": "shooting", "severity": "urgent", "text": "إطلاق نار قرب الجسر",
    "observed": NOW - HOUR, "place": PLACE, "hurt": 2, "grade": "B2", "informant": "post 4",
    "internal": "call the base", "same_as": [OTHER],
}  # fmt: skip
EDITION: Final[Item] = {
    "type": "edition", "record": RECORD, "kind": "incident", "v": 1, "n": 1, "previous": "",
    "state": "reported", "label": LABEL, "body": BODY, "tear": ["informant", "internal"],
    "author": {
        "party": "MPA", "position": "duty-officer", "role": "duty_officer", "person": "MPA-11",
    },
    "at": NOW - HOUR,
}  # fmt: skip
RULE: Final[Item] = {
    "name": "R-1", "sender": "MPA", "kinds": ["incident"], "facets": {}, "stages": [],
    "hide": [], "grain": "exact", "delay": 0, "days": 0, "automatic": False, "follow": "",
    "approvers": 0, "files": "along", "receipts": "party", "onward": "none",
    "purpose": "coordination", "class_max": "restricted",
}  # fmt: skip
AGREEMENT: Final[Item] = {
    "type": "agreement", "id": "AG-MOD-MPA", "version": 1, "parties": ["MOD", "MPA"],
    "begins": NOW - 1000 * HOUR, "ends": NOW + 1000 * HOUR,
    "clearance": {"MOD": "confidential", "MPA": "confidential"},
    "held": {"MOD": ["medical"], "MPA": []}, "rules": [RULE],
}  # fmt: skip
PROPOSAL: Final[Item] = {"to": "MOD", "rule": "R-1", "hide": [], "grain": "exact", "known": [],
    "loosen": False}  # fmt: skip
PAST: Final[Item] = {"holds": False, "ended": False, "rule": "", "rules": []}
HELD: Final[Item] = {"holds": True, "rule": "R-1", "rules": [RULE]}
STRICT: Final[Item] = {
    **RULE, "name": "R-0", "hide": ["hurt"], "grain": "km5", "days": 7, "approvers": 1,
    "files": "none", "onward": "none", "facets": {"category": ["attack"]},
}  # fmt: skip
FILE: Final = "a77ac4ed-2c1d-4e5f-8a9b-0c1d2e3f0004"

# name, then what differs: label, body, edition, rule, agreement (False = none), proposal, past.
CASES: Final[tuple[tuple[str, Item], ...]] = (
    ("goes as it is", {}),
    ("a field torn by the writer", {"edition": {"tear": ["informant", "internal", "hurt"]}}),
    ("a field hidden by the rule", {"rule": {"hide": ["hurt", "grade"]}}),
    ("a field hidden by the releaser", {"proposal": {"hide": ["hurt"]}}),
    ("what is always below stays though not torn", {"edition": {"tear": []}}),
    ("a link that stands above leaves only to what is known", {"edition": {"tear": []},
        "proposal": {"known": [OTHER]}}),
    ("what is not known leaves item by item", {"body": {"unknowns": UNKNOWNS}}),
    ("who answered leaves to whom knows the answer", {
        "body": {"unknowns": UNKNOWNS}, "proposal": {"known": [OTHER]}}),
    ("the author's position hidden", {"rule": {"hide": ["position"]}}),
    ("coarsened by the rule to 5 km", {"rule": {"grain": "km5"}}),
    ("coarsened by the releaser further than by the rule", {"rule": {"grain": "km1"},
        "proposal": {"grain": "district"}}),
    ("a person cannot make it finer than the rule", {"rule": {"grain": "km5"}}),
    ("free words for a place go when it is coarsened", {
        "body": {"place": {**PLACE, "name": "behind the mill"}}, "rule": {"grain": "km1"}}),
    ("a place without a town keeps nothing but its cell", {
        "body": {"place": {**PLACE, "name": "hill 412", "key": ""}}, "rule": {"grain": "km1"}}),
    ("kept for thirty whole days", {"rule": {"days": 30}}),
    ("the label's expiry comes before the rule's", {"label": {"expires": NOW + HOUR},
        "rule": {"days": 30}}),
    ("the stricter onward rule of the two", {"label": {"onward": "none"},
        "rule": {"onward": "free"}}),
    ("other readers stay hidden", {"label": {"audience": [["COA", "MOD"]]}}),
    ("an audience of two sets that both name the partner", {
        "label": {"audience": [["COA", "MOD"], ["ERB", "MOD"]]}}),
    ("due after the rule's delay", {"rule": {"delay": 6 * HOUR}}),
    ("due after the embargo", {"label": {"embargo": NOW + 2 * HOUR}}),
    ("a category that the partner holds", {"label": {"categories": ["medical"]}}),
    ("by a rule for this category", {"rule": {"facets": {"category": ["fire", "shooting"]}}}),
    ("by a rule for this town and this severity", {
        "rule": {"facets": {"place": ["makhmour"], "severity": ["urgent"]}}}),
    ("by a rule that begins in this state", {"rule": {"stages": ["confirmed", "reported"]}}),
    ("what is held follows into a state that the rule does not name", {
        "rule": {"stages": ["confirmed"], "follow": "whole"}, "past": HELD}),
    ("by itself: the rule is automatic", {"rule": {"automatic": True}}),
    ("by itself: it follows what is held", {"rule": {"follow": "whole"}, "past": HELD}),
    ("by itself: it follows though the first release wanted two approvers", {
        "rule": {"follow": "whole", "approvers": 2},
        "past": {**HELD, "rules": [{**RULE, "approvers": 2}]}}),
    ("not by itself: held by another rule", {
        "rule": {"follow": "whole"}, "past": {**HELD, "rule": "R-0"}}),
    ("not by itself: of a record, the stage alone never follows", {
        "rule": {"follow": "stage"}, "past": HELD}),
    ("not by itself: recalled or ended before", {
        "rule": {"automatic": True}, "past": {"ended": True, "rules": [RULE]}}),
    ("not by itself: an earlier edition wanted an approver", {
        "rule": {"automatic": True}, "past": {**HELD, "rule": "R-0", "rules": [STRICT]}}),
    ("an earlier edition went by a stricter rule", {
        "past": {**HELD, "rule": "R-0", "rules": [STRICT]}}),
    ("the stricter rule loosened, with an approver", {
        "past": {**HELD, "rule": "R-0", "rules": [STRICT]}, "proposal": {"loosen": True}}),
    ("nothing to loosen", {"proposal": {"loosen": True}}),
    ("files go along", {"body": {"attachments": [FILE]}, "proposal": {"known": [FILE]}}),
    ("files stay by the rule", {"body": {"attachments": [FILE]}, "rule": {"files": "none"},
        "proposal": {"known": [FILE]}}),
    ("no: no agreement", {"agreement": False}),
    ("no: the agreement has not begun", {"agreement": {"begins": NOW + 1}}),
    ("no: the agreement ends at this very moment", {"agreement": {"ends": NOW}}),
    ("no: a rule of that name does not exist", {"proposal": {"rule": "R-2"}}),
    ("no: the rule is the other party's", {"rule": {"sender": "MOD"}}),
    ("no: the rule is for another kind", {"rule": {"kinds": ["log_line"]}}),
    ("no: the rule is for another category", {"rule": {"facets": {"category": ["fire"]}}}),
    ("no: the rule is for another town", {"rule": {"facets": {"place": ["erbil"]}}}),
    ("no: the rule names a facet that the record does not fill", {
        "rule": {"facets": {"size": ["large"]}}}),
    ("no: the rule does not begin in this state", {"rule": {"stages": ["confirmed"]}}),
    ("no: a rule that does not follow names other states, held or not", {
        "rule": {"stages": ["confirmed"]}, "past": HELD}),
    ("no: above what an earlier rule let through", {"label": {"class": "confidential"},
        "rule": {"class_max": "confidential"}, "past": HELD}),
    ("no: nobody in the audience", {"label": {"audience": []}}),
    ("no: an empty set in the audience", {"label": {"audience": [["MOD"], []]}}),
    ("no: two sets that have nobody in common", {"label": {"audience": [["MOD"], ["COA"]]}}),
    ("no: another policy", {"label": {"policy": "NATO"}}),
    ("no: above what the rule lets through", {"label": {"class": "confidential"}}),
    ("no: above the partner's clearance", {"label": {"class": "secret"},
        "rule": {"class_max": "secret"}}),
    ("no: a category that the partner does not hold", {"label": {"categories": ["source"]}}),
    ("no: a category that nobody knows", {"label": {"categories": ["cosmic"]}}),
    ("no: a caveat that nobody knows", {"label": {"caveats": ["burn"]}}),
    ("no: expired at this very moment", {"label": {"expires": NOW}}),
)  # fmt: skip


def case(name: str, other: Item) -> Item:
    """One case: everything that goes in, the decision, and what leaves if it is a yes."""
    label = {**LABEL, **other.get("label", {})}
    body = {**BODY, **other.get("body", {})}
    edition = {**EDITION, "label": label, "body": body, **other.get("edition", {})}
    rule = {**RULE, **other.get("rule", {})}
    rule = {key: sorted(value) if isinstance(value, list) else value for key, value in rule.items()}
    plain = None
    if other.get("agreement") is not False:
        plain = {**AGREEMENT, "rules": [rule], **other.get("agreement", {})}
    given = {
        "owner": "MPA", "edition": edition, "agreement": plain, "now": NOW,
        "proposal": {**PROPOSAL, **other.get("proposal", {})},
        "past": {**PAST, **other.get("past", {})},
    }  # fmt: skip
    return {"name": name, "given": given, **decided(given)}


def decided(given: Item) -> Item:
    """What policy makes of one case."""
    asked, now = given["proposal"], int(given["now"])
    agreement = agreement_from_json(given["agreement"]) if given["agreement"] else None
    edition = edition_from_json(given["edition"], PartyCode(given["owner"]))
    kind = kind_named(edition.kind)
    proposal = Proposal(
        edition=edition, to=PartyCode(asked["to"]), rule=asked["rule"],
        hide=frozenset(asked["hide"]), grain=Grain(asked["grain"]), known=frozenset(asked["known"]),
        loosen=asked["loosen"], past=_past(given["past"]),
    )  # fmt: skip
    decision = may_release(proposal, kind, agreement, now)
    answer: Item = {"granted": bool(decision), "code": decision.code}
    rule = rule_of(proposal, agreement)
    plain = agreement.rule(proposal.rule) if agreement else None
    if decision and rule is not None and plain is not None:
        wire = wire_edition(
            proposal, kind, rule, release=ReleaseId(RELEASE), ordinal=1, now=now
        ).value
        answer |= {
            "by_itself": goes_by_itself(plain, proposal.past), "approvers": rule.approvers,
            "due": due_at(proposal, kind, rule), "wire": wire.to_json(),
        }  # fmt: skip
    return answer


def _past(given: Item) -> Past:
    rules = tuple(_rule(item) for item in given["rules"])
    return Past(holds=given["holds"], ended=given["ended"], rule=given["rule"], rules=rules)


def _rule(item: Item) -> Rule:
    """A rule alone, read as a part of an agreement."""
    return agreement_from_json({**AGREEMENT, "rules": [item]}).rules[0]


def views() -> list[Item]:
    """Who may see what: the answer's code for labels against readers."""
    labels: list[Item] = [
        {}, {"audience": []}, {"class": "confidential"}, {"categories": ["medical"]},
        {"categories": ["cosmic"]}, {"policy": "NATO"}, {"embargo": NOW + 1}, {"embargo": NOW},
        {"expires": NOW}, {"expires": NOW + 1}, {"audience": [["MOD"], ["COA"]]},
    ]  # fmt: skip
    readers = (
        ("MOD", Role.DUTY_OFFICER, Classification.RESTRICTED, ()),
        ("MOD", Role.LIAISON_OFFICER, Classification.CONFIDENTIAL, ("medical",)),
        ("MOD", Role.ADMINISTRATOR, Classification.SECRET, ("medical",)),
        ("MPA", Role.DUTY_OFFICER, Classification.RESTRICTED, ()),
        ("COA", Role.DUTY_OFFICER, Classification.SECRET, ("medical",)),
    )
    found = []
    for changed, (party, role, clearance, categories) in itertools.product(labels, readers):
        label = {**LABEL, **changed}
        viewer = Viewer(
            party=PartyCode(party), position="", role=role, clearance=clearance,
            categories=frozenset(categories),
        )  # fmt: skip
        decision = may_see(viewer, PartyCode("MPA"), label_from_json(label), NOW)
        shown = {
            "party": party, "role": role.value, "clearance": clearance.value,
            "categories": list(categories),
        }  # fmt: skip
        found.append(
            {
                "owner": "MPA", "label": label, "viewer": shown, "now": NOW,
                "granted": bool(decision), "code": decision.code,
            }
        )  # fmt: skip
    return found


def places() -> list[Item]:
    """Positions at the edges of cells, at each grain, and places that say they are coarse."""
    points = (
        (357_760_000, 435_790_000), (0, 0), (-1, -1), (90_000, 110_000), (89_999, 109_999),
        (450_000, -550_000), (90 * E7, 180 * E7), (-90 * E7, -180 * E7), (None, None),
    )  # fmt: skip
    plain: list[Item] = [{**PLACE, "lat": lat, "lon": lon} for lat, lon in points]
    plain += [{**PLACE, "grain": "km5"}, {**PLACE, "grain": "km1"}, {**PLACE, "key": "nowhere"}]
    trails: list[list[Item]] = [[place] for place in plain]
    # Beside a border, back over it, and too far to stay with the first cell.
    steps = ((449_999, 549_999), (450_001, 550_001), (674_999, 824_999), (900_001, 550_001))
    moved = [{**PLACE, "lat": lat, "lon": lon} for lat, lon in steps]
    trails += [moved[: n + 1] for n in range(1, len(moved))] + [[plain[-1], moved[1]]]
    return [
        {
            "before": trail[:-1],
            "place": trail[-1],
            "grain": grain.value,
            "told": coarsen(
                place_from_json(trail[-1]), grain, [place_from_json(one) for one in trail[:-1]]
            ).to_json(),
        }
        for trail, grain in itertools.product(trails, Grain)
    ]


def areas() -> list[Item]:
    """Shapes at each grain, one told before, one too large, and one about the edge of cells."""
    named: Item = {"name": "مخمور", "grain": "exact"}
    here, there = [357_760_000, 435_790_000], [358_000_000, 436_000_000]
    north = [457_760_000, 335_790_000]
    plain: list[Item] = [
        {**named, "shape": "circle", "positions": [here], "metres": 300},
        {**named, "shape": "circle", "positions": [[-1, -1]], "metres": 1, "name": "behind"},
        {**named, "shape": "corridor", "positions": [here, there], "metres": 2_000},
        {**named, "shape": "polygon", "positions": [here, there, north], "metres": 0},
        {**named, "shape": "polygon", "metres": 0,
         "positions": [here, there, [here[0], there[1]]]},
    ]  # fmt: skip
    told_before = [coarsen_area(plain[0], grain) for grain in (Grain.KM1, Grain.KM5)]
    plain += [area for area in told_before if area is not None]
    near = {**plain[0], "positions": [[here[0] + 150_000, here[1] + 20_000]]}
    trails = [*([area] for area in plain), [plain[0], near], [plain[2], plain[0]]]
    return [
        {"before": trail[:-1], "area": trail[-1], "grain": grain.value,
         "told": coarsen_area(checked_area(trail[-1]), grain, trail[:-1])}
        for trail, grain in itertools.product(trails, Grain)
    ]  # fmt: skip


def signed() -> Item:
    """An agreement, the bytes that are signed, and the signature by a public test key."""
    agreement, authority = agreement_from_json(AGREEMENT), AuthorityKeys(seed=b"\x03" * 32)
    signature = authority.sign(signed_bytes(agreement))
    return {
        "authority_public": authority.public.hex(),
        "agreement": agreement.to_json(),
        "signed_hex": signed_bytes(agreement).hex(),
        "signature": base64_text(signature),
    }


def text() -> str:
    """The file as it should be."""
    made = {
        "release": [case(name, other) for name, other in CASES],
        "view": views(),
        "place": places(),
        "area": areas(),
        "agreement": signed(),
        "smallest": smallest(PartyCode("MPA"), PartyCode("MOD")).to_json(),
    }
    return json.dumps(cast("object", made), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
