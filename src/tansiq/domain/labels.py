"""Labels: who may have a record, at which class, until when; how labels combine.

The audience is a conjunction of sets of parties (an AND of ORs): a merged record may be read by a
party only if it stands in every set. Absent or empty audience means the owner alone, and so does
anything unknown or contradictory. Field model after STANAG 4774 (policy, classification,
restrictive categories, releasability), with embargo, expiry and the onward rule beside it.
"""

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.parties import Classification, PartyCode, Role, party_code

POLICY: Final = "TANSIQ-1"
CONTRADICTION: Final = (
    "CONTRADICTION"  # a policy id that no rule knows, so that nobody but the owner reads it
)
CATEGORIES: Final = frozenset(
    {"medical", "liaison", "source"}
)  # restrictive: every one must be held
# Restrictive too, and set by a kind alone: no form offers them, no agreement and no position holds
# them. Each is for one role of the owner's own party and for nobody else.
TRAINING_ALONE: Final = "training_alone"
CONFINED: Final = {TRAINING_ALONE: Role.TRAINING_MANAGER}
CAVEATS: Final = frozenset({"no_action", "ask_first", "own_area", "exercise"})


class Onward(StrEnum):
    """What a receiver may do with a release, strictest first."""

    NONE = "none"
    WITHIN = "within"
    FREE = "free"

    @property
    def rank(self) -> int:
        """Its place in the order, 0 = strictest."""
        return list(Onward).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Who may have a record. Times are milliseconds since the epoch (UTC), 0 = none."""

    policy: str = POLICY
    classification: Classification = Classification.RESTRICTED
    audience: tuple[frozenset[PartyCode], ...] = ()
    categories: frozenset[str] = frozenset()
    caveats: frozenset[str] = frozenset()
    onward: Onward = Onward.NONE
    embargo: int = 0
    expires: int = 0

    def readers(self) -> frozenset[PartyCode]:
        """The parties beside the owner that the audience names: the intersection of its sets."""
        if not self.audience:
            return frozenset()
        return frozenset.intersection(*self.audience)

    def to_json(self) -> dict[str, object]:
        """The one way in which a label is written; sets are sorted."""
        return {
            "policy": self.policy,
            "class": self.classification.value,
            "audience": [sorted(group) for group in self.audience],
            "categories": sorted(self.categories),
            "caveats": sorted(self.caveats),
            "onward": self.onward.value,
            "embargo": self.embargo,
            "expires": self.expires,
        }


def audience_of(*parties: PartyCode) -> tuple[frozenset[PartyCode], ...]:
    """An audience of exactly these parties; none at all is the owner alone."""
    return (frozenset(parties),) if parties else ()


_NAMES: Final = frozenset(Label().to_json())
_LABELS_KEPT: Final = 1_024
_LAST_KEPT: Final = 4
_LAST: Final[list[tuple[dict[str, object], Label]]] = []


def label_from_json(value: object) -> Label:
    """Read a label strictly. Raises InputError for anything but the form that
    ``to_json`` writes.
    """
    if not isinstance(value, dict) or value.keys() != _NAMES:
        raise InputError("label_form")
    if type(value["embargo"]) is not int or type(value["expires"]) is not int:
        raise InputError("label_form")
    for form, label in _LAST:  # most records of a run carry the same one
        if form == value:
            return label
    label = _read(value)
    _LAST[:] = [(_copied(value), label), *_LAST[: _LAST_KEPT - 1]]
    return label


@functools.lru_cache(maxsize=_LABELS_KEPT)
def label_text(label: Label) -> str:
    """The label as one text: where it is a key, or goes from one process to another."""
    return json.dumps(label.to_json(), sort_keys=True)


@functools.lru_cache(maxsize=_LABELS_KEPT)
def label_from_text(text: str) -> Label:
    """The label that ``label_text`` wrote so."""
    return label_from_json(json.loads(text))


def _copied(value: dict[str, object]) -> dict[str, object]:
    """A form that was read, apart from the caller's lists: nothing in it is deeper than a group."""
    lists = {name: [*held] for name, held in value.items() if isinstance(held, list)}
    groups = [[*group] if isinstance(group, list) else group for group in lists["audience"]]
    return {**value, **lists, "audience": groups}


def _read(value: dict[str, object]) -> Label:
    groups = value["audience"]
    if not isinstance(groups, list) or len(groups) > BOUNDS.parties_max:
        raise InputError("label_form")
    words = _text(value["policy"]), _text(value["class"]), _text(value["onward"])
    times = _moment(value["embargo"]), _moment(value["expires"])
    categories, caveats = _strings(value["categories"]), _strings(value["caveats"])
    return _label(words, tuple(map(_strings, groups)), categories, caveats, times)


@functools.lru_cache(maxsize=_LABELS_KEPT)
def _label(
    words: tuple[str, str, str],
    audience: tuple[tuple[str, ...], ...],
    categories: tuple[str, ...],
    caveats: tuple[str, ...],
    times: tuple[int, int],
) -> Label:
    """Most records share a few labels: each is read once."""
    policy, class_, onward = words
    embargo, expires = times
    try:
        return Label(
            policy=policy,
            classification=Classification(class_),
            audience=tuple(frozenset(party_code(code) for code in group) for group in audience),
            categories=frozenset(categories),
            caveats=frozenset(caveats),
            onward=Onward(onward),
            embargo=embargo,
            expires=expires,
        )
    except ValueError:
        raise InputError("label_form") from None


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > BOUNDS.line_chars_max:
        raise InputError("label_form")
    return value


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > BOUNDS.parties_max:
        raise InputError("label_form")
    for item in value:
        if not isinstance(item, str) or not item or len(item) > BOUNDS.line_chars_max:
            raise InputError("label_form")
    return tuple(value)


def _moment(value: object) -> int:
    if type(value) is not int or not 0 <= value <= BOUNDS.moment_max:
        raise InputError("label_form")
    return value


def join(labels: Iterable[Label]) -> Label:
    """The label of something made from all of these.

    Highest class, union of the restrictive categories and caveats, every audience set kept (so the
    readers are the intersection), strictest onward rule, latest embargo, earliest expiry. Labels of
    different policies contradict one another: the result is for the owner alone. Joining nothing
    gives the owner alone too.
    """
    parts = list(labels)
    if not parts:
        return Label()
    policies = {label.policy for label in parts}
    # An audience of no sets would read as "owner alone" for one part and vanish in the union of
    # sets: keep it as the
    # explicit empty set, which no party is in.
    groups = {group for label in parts for group in (label.audience or (frozenset[PartyCode](),))}
    return Label(
        policy=policies.pop() if len(policies) == 1 else CONTRADICTION,
        classification=max((label.classification for label in parts), key=lambda c: c.rank),
        audience=tuple(sorted(groups, key=sorted)),
        categories=frozenset().union(*(label.categories for label in parts)),
        caveats=frozenset().union(*(label.caveats for label in parts)),
        onward=min((label.onward for label in parts), key=lambda rule: rule.rank),
        embargo=max(label.embargo for label in parts),
        expires=min((label.expires for label in parts if label.expires), default=0),
    )
