"""Agreements: the signed, versioned set of release rules between two parties (the digital letter of
delegation).

A rule proposes and a person releases, except where the rule says automatic, and except for what
follows what a party holds where the rule says so. Rules only ever narrow: they hide fields, coarsen
the place, delay, lower the class, end. What no rule names is not released.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeAlias

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.facets import FACETS_MAX
from tansiq.domain.labels import CATEGORIES, Onward
from tansiq.domain.parties import Classification, PartyCode, party_code
from tansiq.domain.places import Grain

DAY_MS: Final = 86_400_000
DAYS_MAX: Final = 36_600  # how long a partner may be told to keep something: a century
DELAY_MAX: Final = DAYS_MAX * DAY_MS
PURPOSES: Final = (
    "safety",
    "coordination",
    "support",
    "programme",
    "training",
    "answer",
    "open_data",
)
APPROVERS_MAX: Final = 2  # beside the person who prepares
# What joining signs for each side, by how the names of its rules begin, and no others: it goes at
# once, without approval, and whoever holds it takes part.
JOINED: Final = (
    ("CROSSING-", "crossing"),
    ("MEDEVAC-", "medevac"),
    ("SAFETY-", "safety_message"),
)

Facets: TypeAlias = tuple[tuple[str, frozenset[str]], ...]  # by name, in ascending order


class Follow(StrEnum):
    """What goes by itself to a party after it was released something, least first."""

    NOTHING = ""
    STAGE = "stage"  # of a case: the one word that says where the lane stands
    WHOLE = "whole"  # later editions of a record, and every step of a case


class Files(StrEnum):
    """What the files of a record may do under its rule, strictest first."""

    NONE = "none"  # they stay
    WITH_APPROVAL = "with_approval"  # they go with a release that somebody approves
    ALONG = "along"  # they go with the record

    @property
    def rank(self) -> int:
        """Its place in the order, 0 = strictest."""
        return list(Files).index(self)


class Receipts(StrEnum):
    """Whom a receipt may name as having read something."""

    PARTY = "party"
    POSITION = "position"


def by_facets(**values: Iterable[str]) -> Facets:
    """The facets of a rule, from their values by name: ``by_facets(category=["fire"])``."""
    return tuple((name, frozenset(values[name])) for name in sorted(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one party may release to the other: these kinds, facets and stages, so much of them, in
    this way.

    ``facets`` and ``stages`` empty = every one of those kinds; ``stages`` bind the release with
    which a party begins to hold a record, never what follows it under a rule that says ``whole``.
    ``delay`` counts in milliseconds from the moment observed; ``days`` is how long the partner may
    keep it, 0 = no end. ``approvers`` is how many persons approve beside the one who prepares.
    ``receipts`` binds the receiver: whom it may name when it says that something was read.
    """

    name: str
    sender: PartyCode
    kinds: frozenset[str]
    facets: Facets = ()
    stages: frozenset[str] = frozenset()
    hide: frozenset[str] = frozenset()
    grain: Grain = Grain.EXACT
    delay: int = 0
    days: int = 0
    automatic: bool = False
    follow: Follow = Follow.NOTHING
    approvers: int = 0
    files: Files = Files.ALONG
    receipts: Receipts = Receipts.PARTY
    onward: Onward = Onward.NONE
    purpose: str = "coordination"
    class_max: Classification = Classification.RESTRICTED

    def to_json(self) -> dict[str, object]:
        """The one way in which a rule is written."""
        return {
            "name": self.name,
            "sender": self.sender,
            "kinds": sorted(self.kinds),
            "facets": {name: sorted(values) for name, values in self.facets},
            "stages": sorted(self.stages),
            "hide": sorted(self.hide),
            "grain": self.grain.value,
            "delay": self.delay,
            "days": self.days,
            "automatic": self.automatic,
            "follow": self.follow.value,
            "approvers": self.approvers,
            "files": self.files.value,
            "receipts": self.receipts.value,
            "onward": self.onward.value,
            "purpose": self.purpose,
            "class_max": self.class_max.value,
        }


def stricter(rule: Rule, others: Iterable[Rule]) -> Rule:
    """The rule joined with others, strictest first: what each of them keeps back stays back.

    Its name, whom and what it is for, its purpose and what follows stay its own. It goes without a
    person only if it did before and none of the others wants more approvers than it does.
    """
    for other in others:
        rule = replace(
            rule,
            hide=rule.hide | other.hide,
            grain=max(rule.grain, other.grain, key=lambda grain: grain.rank),
            delay=max(rule.delay, other.delay),
            days=min(filter(None, (rule.days, other.days)), default=0),
            automatic=rule.automatic and other.approvers <= rule.approvers,
            approvers=max(rule.approvers, other.approvers),
            files=min(rule.files, other.files, key=lambda files: files.rank),
            onward=min(rule.onward, other.onward, key=lambda onward: onward.rank),
            class_max=min(rule.class_max, other.class_max, key=lambda level: level.rank),
        )
    return rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The rules between two parties, from one moment to another.

    ``clearance`` says up to which class, and ``held`` which restrictive categories, each party's
    people are cleared for by the other. Versions of one agreement count upwards; an older version
    never replaces a newer one.
    """

    id: str
    version: int
    parties: tuple[PartyCode, PartyCode]
    begins: int
    ends: int
    clearance: dict[PartyCode, Classification]
    held: dict[PartyCode, frozenset[str]]
    rules: tuple[Rule, ...]

    def other(self, party: PartyCode) -> PartyCode:
        """The party that is not ``party``."""
        first, second = self.parties
        return second if party == first else first

    def in_force(self, now: int) -> bool:
        """Whether it holds at ``now``."""
        return self.begins <= now < self.ends

    def rule(self, name: str) -> Rule | None:
        """The rule of that name."""
        return next((rule for rule in self.rules if rule.name == name), None)

    def to_json(self) -> dict[str, object]:
        """What both parties sign."""
        return {
            "type": "agreement",
            "id": self.id,
            "version": self.version,
            "parties": sorted(self.parties),
            "begins": self.begins,
            "ends": self.ends,
            "clearance": {party: level.value for party, level in self.clearance.items()},
            "held": {party: sorted(names) for party, names in self.held.items()},
            "rules": [rule.to_json() for rule in self.rules],
        }


def governing(texts: Sequence[Agreement], now: int) -> Agreement | None:
    """Of the texts that both parties signed, the one to ask at ``now``: the newest version that has
    begun; before any has, the first that will. It may have ended: :meth:`Agreement.in_force`.
    """
    begun = [text for text in texts if text.begins <= now]
    if begun:
        return max(begun, key=lambda text: text.version)
    return min(texts, key=lambda text: (text.begins, -text.version), default=None)


def smallest(one: PartyCode, other: PartyCode) -> Agreement:
    """The text that two parties sign as they join, and that either can write by itself: what saves
    lives only (``JOINED``), which goes at once. Version 0: every version that people negotiate
    follows it.
    """
    first, second = sorted((one, other))
    return Agreement(
        id=f"AG-{first}-{second}",
        version=0,
        parties=(first, second),
        begins=0,
        ends=BOUNDS.moment_max,
        clearance=dict.fromkeys((first, second), Classification.RESTRICTED),
        held={first: frozenset(), second: frozenset()},
        rules=tuple(
            _joined(begins, kind, party) for begins, kind in JOINED for party in (first, second)
        ),
    )


def with_joined(text: Agreement) -> Agreement:
    """The text as it is asked: each rule that a party signed as it joined stands beside every later
    version in which it has none of its own for that kind.
    """
    spoken = {(rule.sender, kind) for rule in text.rules for kind in rule.kinds}
    joined = tuple(
        _joined(begins, kind, party)
        for begins, kind in JOINED
        for party in sorted(text.parties)
        if (party, kind) not in spoken
    )
    return replace(text, rules=(*text.rules, *joined)) if joined else text


def _joined(begins: str, kind: str, sender: PartyCode) -> Rule:
    return Rule(
        name=f"{begins}{sender}", sender=sender, kinds=frozenset({kind}), automatic=True,
        follow=Follow.WHOLE, files=Files.NONE, receipts=Receipts.POSITION, purpose="safety",
    )  # fmt: skip


def _is_kept(rule: Rule) -> bool:
    """Whether a rule has a name that is kept for those of joining, and says something else."""
    return any(
        rule.name.startswith(begins) and rule != _joined(begins, kind, rule.sender)
        for begins, kind in JOINED
    )


def agreement_from_json(value: object) -> Agreement:
    """Read an agreement strictly. Raises InputError."""
    if not isinstance(value, dict) or value.get("type") != "agreement":
        raise InputError("agreement_form")
    try:
        first, second = sorted(party_code(code) for code in value["parties"])
        rules = tuple(rule_from_json(item) for item in value["rules"])
        agreement = Agreement(
            id=_short(value["id"]),
            version=_number(value["version"]),
            parties=(first, second),
            begins=_number(value["begins"], BOUNDS.moment_max),
            ends=_number(value["ends"], BOUNDS.moment_max),
            clearance={party_code(p): Classification(c) for p, c in value["clearance"].items()},
            held={party_code(p): _codes(names) for p, names in value["held"].items()},
            rules=rules,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("agreement_form") from None
    parties = set(agreement.parties)
    if (
        len(parties) != 2
        or len(rules) > BOUNDS.rules_max
        or not all(r.sender in parties for r in rules)
    ):
        raise InputError("agreement_form")
    if set(agreement.clearance) != parties or set(agreement.held) != parties:
        raise InputError("agreement_form")
    if len({rule.name for rule in rules}) != len(rules):
        raise InputError("agreement_form")
    if any(map(_is_kept, rules)):
        raise InputError("agreement_form")
    if not all(names <= CATEGORIES for names in agreement.held.values()):
        raise InputError("agreement_form")
    if agreement.begins >= agreement.ends or agreement.to_json() != value:
        raise InputError("agreement_form")  # what is signed is what is read: nothing is dropped
    return agreement


def rule_from_json(value: Any) -> Rule:  # noqa: ANN401 - whatever stands there
    """Read a rule strictly. Raises InputError; the reader of an agreement takes other faults of its
    form for one.
    """
    if set(value) != set(_EMPTY):
        raise InputError("agreement_form")
    automatic, approvers = value["automatic"], _number(value["approvers"], APPROVERS_MAX)
    purpose = _short(value["purpose"])
    if type(automatic) is not bool or (automatic and approvers) or purpose not in PURPOSES:
        raise InputError("agreement_form")
    return Rule(
        name=_short(value["name"]),
        sender=party_code(value["sender"]),
        kinds=_codes(value["kinds"]),
        facets=_facets(value["facets"]),
        stages=_codes(value["stages"]),
        hide=_codes(value["hide"]),
        grain=Grain(_short(value["grain"])),
        delay=_number(value["delay"], DELAY_MAX),
        days=_number(value["days"], DAYS_MAX),
        automatic=automatic,
        follow=Follow(str(value["follow"])),
        approvers=approvers,
        files=Files(_short(value["files"])),
        receipts=Receipts(_short(value["receipts"])),
        onward=Onward(_short(value["onward"])),
        purpose=purpose,
        class_max=Classification(_short(value["class_max"])),
    )


def _facets(value: object) -> Facets:
    """Values by facet. A facet without a value would match nothing: it is refused."""
    if not isinstance(value, dict) or len(value) > FACETS_MAX:
        raise InputError("agreement_form")
    found = {_short(name): _codes(values) for name, values in value.items()}
    if not all(found.values()):
        raise InputError("agreement_form")
    return tuple(sorted(found.items()))


_EMPTY: Final = Rule(name="", sender=PartyCode(""), kinds=frozenset()).to_json()


def _short(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 64:
        raise InputError("agreement_form")
    return value


def _number(value: object, limit: int = BOUNDS.integer_max) -> int:
    if type(value) is not int or not 0 <= value <= limit:
        raise InputError("agreement_form")
    return value


def _codes(value: object) -> frozenset[str]:
    if not isinstance(value, list) or len(value) > BOUNDS.rules_max:
        raise InputError("agreement_form")
    return frozenset(_short(item) for item in value)
