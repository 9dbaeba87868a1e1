"""What an entry of a partner's feed says, worked out from its bytes and nothing else.

No table is asked, so a long run can be read in another process while what came before it is
written down.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import msgspec

from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body, WireEdition, wire_from_json
from tansiq.domain.search import fold
from tansiq.log.canonical import JSON, decode_object
from tansiq.policy.agreement import PURPOSES

SET_ASIDE: Final = "set_aside"  # kept in the log, shown once this node knows the kind


class Derived(msgspec.Struct, array_like=True, gc=False, frozen=True):
    """What the tables take from a body: the moment by which lists order it (milliseconds), its
    position (1e-7 degree), what it is counted by, the records that it points at (field, id), which
    of them it answers, and the words by which it is found.
    """

    when: int
    lat: int | None
    lon: int | None
    severity: str
    category: str
    links: list[tuple[str, str]]
    about: str | None
    words: str


class Told(msgspec.Struct, array_like=True, gc=False, frozen=True):
    """A partner's edition as the tables need it. The body has been checked, unless ``fault`` says
    why the edition cannot be used.
    """

    release: str | None
    fault: str = ""
    record: str = ""
    kind: str = ""
    state: str = ""
    at: int = 0
    label: dict[str, Any] = {}
    derived: Derived | None = None


Item: TypeAlias = dict[str, JSON]
Content: TypeAlias = Told | Item  # an entry of a feed: an edition, or anything else as it was sent


def read_run(party: PartyCode, run: Sequence[bytes]) -> list[Content]:
    """What these entries of ``party``'s feed say. Raises ParcelError for bytes that are not
    canonical.
    """
    try:
        items = [decode_object(data) for data in run]
    except ParcelError:
        raise ParcelError("parcel_entry") from None
    return [content_of(party, item) for item in items]


def content_of(party: PartyCode, sent: Item) -> Content:
    """What a decoded entry says: a malformed edition harms nothing but itself."""
    if sent.get("type") != "edition":
        return sent
    try:
        wire = wire_from_json(sent, party)
        kind = KINDS.get(wire.kind)
        if kind is None or wire.version != kind.version:
            return Told(release=wire.release, fault=SET_ASIDE)
        return told(kind, wire, sent["label"])
    except (InputError, ParcelError) as fault:
        release = sent.get("release")
        return Told(release=release if isinstance(release, str) else None, fault=fault.code)


def told(kind: Kind, wire: WireEdition, label: JSON) -> Told:
    """An edition of a kind that this node knows, with its label as it was written. Raises
    InputError.
    """
    assert isinstance(label, dict)
    derived = derived_from(kind, checked(kind, wire), wire.at)
    return Told(
        release=wire.release, record=wire.record, kind=kind.name, state=wire.state, at=wire.at,
        label=label, derived=derived,
    )  # fmt: skip


def checked(kind: Kind, wire: WireEdition) -> Body:
    """The body that a partner sent, with only such values as its kind and our word lists know.
    Raises InputError.
    """
    if wire.state not in kind.states:
        raise InputError("wire_form", field="state")
    if wire.purpose not in PURPOSES:
        raise InputError("wire_form", field="purpose")
    return kind.check(wire.body, whole=False)


def derived_from(kind: Kind, body: Body, at: int) -> Derived:
    """What the tables take from a checked body of an edition made ``at``."""
    place = body.get(kind.place) if kind.place else None
    lat, lon = (place["lat"], place["lon"]) if isinstance(place, dict) else (None, None)
    links: list[tuple[str, str]] = []
    for link in kind.links:
        value = body.get(link.name)
        if isinstance(value, list):
            links += ((link.name, str(item)) for item in value)
        elif isinstance(value, str):
            links.append((link.name, value))
    about = body.get("about")
    return Derived(
        when=kind.when(body, at), lat=lat, lon=lon,
        severity=str(body.get("severity", "")), category=str(body.get("category", "")),
        links=links, about=None if about is None else str(about),
        words=fold(kind.search_text(body)),
    )  # fmt: skip
