"""Records and their editions: what is written once and never changed.

An ``Edition`` is the whole of what its owner wrote, kept in the owner's journal. A ``WireEdition``
is what a partner gets: only fields above the tear line, the place coarsened, the label for that
partner, and an ordinal of its own, so that no number tells of editions that were not released.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NewType

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.digits import western
from tansiq.domain.errors import InputError
from tansiq.domain.labels import Label, label_from_json
from tansiq.domain.parties import Actor, PartyCode, Role, party_code, position_code, roster_number

RecordId = NewType("RecordId", str)
ReleaseId = NewType("ReleaseId", str)
Body = dict[str, object]

RECALL_REASONS = ("error", "superseded", "source", "agreement", "other")

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ADDRESS_CHARS_MAX: Final = 400


def record_id(value: object) -> RecordId:
    """A random identity in the form of a UUID. Raises InputError."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise InputError("record_id")
    return RecordId(value)


def named_in(typed: str) -> RecordId | None:
    """The record that a person names by pasting its page's address, or its id; None for none."""
    match = _UUID.search(typed[:_ADDRESS_CHARS_MAX])
    return RecordId(match[0]) if match else None


_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEARD: Final = str.maketrans("OIL", "011")  # Crockford: what is heard or read for another
_CODE_LENGTH: Final = 5
_SPARE: Final = 7  # bits of the first 32 that a reference does not say
_HYPHEN: Final = r"\-\u2010-\u2015\u2212"
# Two letters need a hyphen: without one they would begin many a word.
_SAID: Final = re.compile(
    rf"(?:([A-Za-z]|[A-Za-z]{{2}}(?=[{_HYPHEN}]))[\s{_HYPHEN}]*)?([0-9A-Za-z]{{5}})"
)


def reference(record: str) -> str:
    """The short reference that people read aloud: five characters of the random id, never a
    counter.

    Crockford's base 32, so that no two characters look or sound alike.
    """
    number = int(record.replace("-", "")[:8], 16) >> _SPARE
    return "".join(_LETTERS[number >> shift & 31] for shift in (20, 15, 10, 5, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A reference as somebody typed it: the letter or letters of the kind, "" where none was said,
    and between which ids those stand that are read aloud so, the first included and the second not.
    ``sure`` says that it can be nothing else: five letters may be a word as well.
    """

    letter: str
    ids: tuple[str, str]
    sure: bool


def spoken(typed: str) -> Spoken | None:
    """What a person means by a reference as it is read aloud: the letter of the kind and five
    characters, in any case, with a hyphen or without (two letters only with one), in any digits;
    None for what is none.
    """
    match = _SAID.fullmatch(western(typed[:_ADDRESS_CHARS_MAX]).strip())
    if match is None:
        return None
    letter, plain = (match[1] or "").upper(), match[2].upper()
    heard, number = plain.translate(_HEARD), 0
    if not set(heard) <= set(_LETTERS):
        return None
    for one in heard:
        number = number << 5 | _LETTERS.index(one)
    end = (number + 1) << _SPARE
    return Spoken(
        letter=letter, ids=(f"{number << _SPARE:08x}", f"{end:08x}" if end < 1 << 32 else "g"),
        sure=bool(letter) or any(one.isdigit() for one in plain),
    )  # fmt: skip


def reference_in(typed: str) -> Spoken:
    """As :func:`spoken`, of what must be a reference. Raises InputError."""
    found = spoken(typed)
    if found is None:
        raise InputError("reference_form")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One immutable version of a record, whole.

    ``number`` counts from 1 within the record; ``previous`` is the leaf hash (hex) of the journal
    entry of the edition before, "" for the first. ``tear`` names the fields that stay below the
    tear line beside those that the kind always keeps there. ``at`` is when it was entered, in
    milliseconds.
    """

    record: RecordId
    owner: PartyCode
    kind: str
    version: int
    number: int
    previous: str
    state: str
    label: Label
    body: Body
    tear: frozenset[str]
    author: Actor
    at: int

    def to_json(self) -> dict[str, object]:
        """The journal's form."""
        return {
            "type": "edition",
            "record": self.record,
            "kind": self.kind,
            "v": self.version,
            "n": self.number,
            "previous": self.previous,
            "state": self.state,
            "label": self.label.to_json(),
            "body": self.body,
            "tear": sorted(self.tear),
            "author": self.author.to_json(),
            "at": self.at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WireEdition:
    """What one partner gets of an edition. ``ordinal`` counts the releases of this record to this
    partner.
    """

    release: ReleaseId
    record: RecordId
    owner: PartyCode
    kind: str
    version: int
    ordinal: int
    state: str
    label: Label
    body: Body
    position: str
    purpose: str
    rule: str
    at: int
    extra: dict[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """The feed's form."""
        return {
            "type": "edition",
            "release": self.release,
            "record": self.record,
            "kind": self.kind,
            "v": self.version,
            "k": self.ordinal,
            "state": self.state,
            "label": self.label.to_json(),
            "body": self.body,
            "position": self.position,
            "purpose": self.purpose,
            "rule": self.rule,
            "at": self.at,
            **self.extra,
        }


def wire_from_json(value: Mapping[str, object], owner: PartyCode) -> WireEdition:
    """Read what a partner sent. Unknown fields of a newer partner are kept. Raises InputError."""
    (release, record, kind, state, position, purpose, rule, version, ordinal, moment, label,
     body) = wire_members(value)  # fmt: skip
    further = value.keys() - _WIRE_NAMES
    return WireEdition(
        release=release,
        record=record,
        owner=owner,
        kind=kind,
        version=version,
        ordinal=ordinal,
        state=state,
        label=label_from_json(label),
        body=body,
        position=position,
        purpose=purpose,
        rule=rule,
        at=moment,
        extra={name: value[name] for name in sorted(further)} if further else {},
    )


def wire_members(value: Mapping[str, object]) -> list[Any]:
    """What a partner sent, member by member as in ``WIRE``, each in its form; the form of the label
    is not looked at here. Raises InputError.
    """
    found: list[Any] = [value.get(name) for name in WIRE]
    if tuple(map(type, found)) != _WIRE_TYPES:
        odd = next(n for n, (a, b) in enumerate(zip(found, _WIRE_TYPES, strict=True))
                   if type(a) is not b)  # fmt: skip
        raise InputError("wire_form", field=WIRE[odd])
    release, record, kind, state, position, purpose, rule, _, _, moment, _, _ = found
    texts = kind, state, position, purpose, rule
    if max(map(len, texts)) > BOUNDS.line_chars_max:
        odd = next(n for n, text in enumerate(texts) if len(text) > BOUNDS.line_chars_max)
        raise InputError("wire_form", field=WIRE[2 + odd])
    if not 0 <= moment <= BOUNDS.moment_max:
        raise InputError("wire_form", field="at")
    if position:
        position_code(position)
    record_id(release)
    record_id(record)
    return found


WIRE = (
    "release", "record", "kind", "state", "position", "purpose", "rule", "v", "k", "at", "label",
    "body",
)  # fmt: skip
_WIRE_TYPES = (str, str, str, str, str, str, str, int, int, int, dict, dict)
_WIRE_NAMES = frozenset(WIRE) | {"type"}


def edition_from_json(value: Mapping[str, object], owner: PartyCode) -> Edition:
    """Read an edition of the own journal. Raises InputError."""
    body, tear, number = value.get("body"), value.get("tear"), value.get("n")
    version, moment = value.get("v"), value.get("at")
    kind, previous, state = value.get("kind"), value.get("previous"), value.get("state")
    if not isinstance(body, dict) or not isinstance(tear, list) or type(number) is not int:
        raise InputError("edition_form")
    if type(version) is not int or type(moment) is not int:
        raise InputError("edition_form")
    if not (isinstance(kind, str) and isinstance(previous, str) and isinstance(state, str)):
        raise InputError("edition_form")
    if not all(isinstance(name, str) for name in tear):
        raise InputError("edition_form")
    return Edition(
        record=record_id(value.get("record")),
        owner=owner,
        kind=kind,
        version=version,
        number=number,
        previous=previous,
        state=state,
        label=label_from_json(value.get("label")),
        body=body,
        tear=frozenset(tear),
        author=actor_from_json(value.get("author")),
        at=moment,
    )


def actor_from_json(value: object) -> Actor:
    """Read who did an act. Raises InputError."""
    if not isinstance(value, dict):
        raise InputError("actor_form")
    try:
        role = Role(str(value.get("role")))
    except ValueError:
        raise InputError("actor_form") from None
    return Actor(
        party=party_code(value.get("party")),
        position=position_code(value.get("position")),
        role=role,
        person=roster_number(value.get("person")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """One edition as it stands on a board, own or a partner's, ready to be shown once policy
    released it.

    ``received`` is None for an own record, else the partner's release by which it came. ``person``
    is a roster number and only ever filled for own records. ``ordinal`` counts the editions that
    the board holds, from 1. ``digest`` marks this edition for a form and is made of nothing but
    what the view shows; ``leaf`` is the leaf hash, which covers the editions before and is never
    shown. ``newer`` says that this is not the newest edition: that one is held here.
    """

    record: RecordId
    owner: PartyCode
    kind: str
    version: int
    state: str
    label: Label
    body: Body
    tear: frozenset[str]
    position: str
    person: str
    at: int
    moment: int
    ordinal: int
    received: ReleaseId | None
    purpose: str = ""
    rule: str = ""
    digest: str = ""
    leaf: str = ""
    newer: bool = False

    @property
    def reference(self) -> str:
        """The short reference that people read aloud."""
        return reference(self.record)
