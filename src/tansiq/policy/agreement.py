"""Agreements: the signed, versioned set of release rules between two parties (the digital letter of
delegation).

A rule proposes and a person releases, except where the rule says automatic. Rules only ever narrow:
they hide fields, coarsen the place, delay, lower the class, end. What no rule names is not
released.
"""

from dataclasses import dataclass
from typing import Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.labels import CATEGORIES, Onward
from tansiq.domain.parties import Classification, PartyCode, party_code
from tansiq.domain.places import Grain

DAY_MS: Final = 86_400_000
DAYS_MAX: Final = 36_600  # how long a partner may be told to keep something: a century
DELAY_MAX: Final = DAYS_MAX * DAY_MS
PURPOSES: Final = ("safety", "coordination", "support", "programme", "answer", "open_data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one party may release to the other: these kinds and categories, so much of them, in this
    way.

    ``categories`` empty = every category of those kinds. ``delay`` counts in milliseconds from the
    moment observed; ``days`` is how long the partner may keep it, 0 = no end.
    """

    name: str
    sender: PartyCode
    kinds: frozenset[str]
    categories: frozenset[str] = frozenset()
    hide: frozenset[str] = frozenset()
    grain: Grain = Grain.EXACT
    delay: int = 0
    days: int = 0
    automatic: bool = False
    second_person: bool = False
    onward: Onward = Onward.NONE
    purpose: str = "coordination"
    class_max: Classification = Classification.RESTRICTED

    def to_json(self) -> dict[str, object]:
        """The one way in which a rule is written."""
        return {
            "name": self.name,
            "sender": self.sender,
            "kinds": sorted(self.kinds),
            "categories": sorted(self.categories),
            "hide": sorted(self.hide),
            "grain": self.grain.value,
            "delay": self.delay,
            "days": self.days,
            "automatic": self.automatic,
            "second_person": self.second_person,
            "onward": self.onward.value,
            "purpose": self.purpose,
            "class_max": self.class_max.value,
        }


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


def agreement_from_json(value: object) -> Agreement:
    """Read an agreement strictly. Raises InputError."""
    if not isinstance(value, dict) or value.get("type") != "agreement":
        raise InputError("agreement_form")
    try:
        first, second = sorted(party_code(code) for code in value["parties"])
        rules = tuple(_rule(item) for item in value["rules"])
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
    if not all(names <= CATEGORIES for names in agreement.held.values()):
        raise InputError("agreement_form")
    if agreement.begins >= agreement.ends or agreement.to_json() != value:
        raise InputError("agreement_form")  # what is signed is what is read: nothing is dropped
    return agreement


def _rule(value: dict[str, object]) -> Rule:
    if set(value) != set(_EMPTY):
        raise InputError("agreement_form")
    if type(value["automatic"]) is not bool or type(value["second_person"]) is not bool:
        raise InputError("agreement_form")
    purpose = _short(value["purpose"])
    if purpose not in PURPOSES:
        raise InputError("agreement_form")
    return Rule(
        name=_short(value["name"]),
        sender=party_code(value["sender"]),
        kinds=_codes(value["kinds"]),
        categories=_codes(value["categories"]),
        hide=_codes(value["hide"]),
        grain=Grain(_short(value["grain"])),
        delay=_number(value["delay"], DELAY_MAX),
        days=_number(value["days"], DAYS_MAX),
        automatic=value["automatic"],
        second_person=value["second_person"],
        onward=Onward(_short(value["onward"])),
        purpose=purpose,
        class_max=Classification(_short(value["class_max"])),
    )


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
