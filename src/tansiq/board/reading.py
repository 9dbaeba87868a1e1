"""What an entry of a partner's feed says, worked out from its bytes and nothing else.

No table is asked, so a long run can be read in another process while what came before it is
written down.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import msgspec

from tansiq.domain.areas import position_of
from tansiq.domain.cases import FOLLOWS_STAGE, FOLLOWS_STEPS, Shape, seat_code
from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.fields import Field, Type, records_in
from tansiq.domain.inflection import indexed
from tansiq.domain.kinds import KINDS, Kind, kind_reading
from tansiq.domain.labels import label_from_json, label_text
from tansiq.domain.operations.volumes import hull_of
from tansiq.domain.records import Body, record_id, reference, wire_members
from tansiq.log.canonical import JSON, decode_object
from tansiq.policy.agreement import PURPOSES

# Why an edition is held: kept in the log, shown once this node knows the kind, or its version.
HELD_KIND: Final = "kind"
HELD_VERSION: Final = "version"


class Derived(msgspec.Struct, array_like=True, gc=False, frozen=True):
    """What the tables take from a body: the moment of which it speaks, and the one by which lists
    order it (milliseconds), its position (1e-7 degree), when it is due, its facets as numbers, the
    records that it points at (field, id), which of them it answers, the words by which it is found,
    and its haste.
    """

    when: int
    order: int
    lat: int | None
    lon: int | None
    due: int | None
    facets: tuple[int, ...]
    links: list[tuple[str, str]]
    about: str | None
    words: str
    haste: str
    unknowns: list[tuple[str, bool]] = []  # what is not known: item, and whether it is open
    booked: tuple[str, int, str] | None = None  # into stock: a ``Booking``
    puts: list[tuple[str, str, int]] = []  # what it asks of positions: each a ``Put``
    # Where and when it takes up room: from, until (ms), latitude, longitude (1e-7 degree), metres.
    hull: tuple[int, int, int, int, int] | None = None


class Opens(msgspec.Struct, array_like=True, gc=False, frozen=True):
    """A release of a root that opens a lane or states it anew: the lane, empty in a circle, which
    seat is asked, which release of this record to the party it is, and the moments (milliseconds)
    that the clocks of its kind ask for. One by which a party ``follows`` the stage opens no lane.
    """

    lane: str
    seat: str
    ordinal: int
    moments: dict[str, int]
    follows: str = FOLLOWS_STEPS


class ReceivedEdition(msgspec.Struct, array_like=True, gc=False, frozen=True):
    """A partner's edition as the tables need it. The body has been checked, unless ``fault`` says
    why the edition cannot be used, or ``held`` why it cannot be shown yet.
    """

    release: str | None
    fault: str = ""
    record: str = ""
    kind: str = ""
    state: str = ""
    at: int = 0
    label: str = ""
    derived: Derived | None = None
    opens: Opens | None = None
    held: str = ""


Item: TypeAlias = dict[str, JSON]
# An entry of a feed: an edition, or anything else as it was sent.
Content: TypeAlias = ReceivedEdition | Item


def read_run(run: Sequence[bytes]) -> list[Content]:
    """What these entries of a partner's feed say. Raises ParcelError for bytes that are not
    canonical.
    """
    try:
        items = [decode_object(data) for data in run]
    except ParcelError:
        raise ParcelError("parcel_entry") from None
    return [content_of(item) for item in items]


def content_of(sent: Item) -> Content:
    """What a decoded entry says: a malformed edition harms nothing but itself."""
    if sent.get("type") != "edition":
        return sent
    try:
        return _told(sent)
    except (InputError, ParcelError) as fault:
        release = sent.get("release")
        return ReceivedEdition(
            release=release if isinstance(release, str) else None, fault=fault.code
        )


def _told(sent: Item) -> ReceivedEdition:
    """An edition in its form. What is checked of it is what ``wire_from_json`` checks, and the
    body: only such values as its kind and our word lists know. Raises InputError.
    """
    release, record, name, state, _, purpose, _, version, _, at, label, body = wire_members(sent)
    text = label_text(label_from_json(label))
    if version < 1:
        raise InputError("wire_form", field="v")
    kind = kind_reading(name, version)
    if kind is None or kind.inner:  # what is a party's own is no partner's to fill
        known = kind is None and name in KINDS
        return ReceivedEdition(
            release=release, record=record, kind=name, at=at, label=text,
            held=HELD_VERSION if known else HELD_KIND,
        )  # fmt: skip
    if state not in kind.states:
        raise InputError("wire_form", field="state")
    if purpose not in PURPOSES:
        raise InputError("wire_form", field="purpose")
    body = kind.check(kind.upcast(body, version), whole=False)
    return ReceivedEdition(
        release=release, record=record, kind=kind.name, state=state, at=at, label=text,
        derived=derived_from(kind, body, at, record), opens=opens_of(kind, sent, body),
    )  # fmt: skip


def opens_of(kind: Kind, sent: Item, body: Body) -> Opens | None:
    """Which lane a release opens or states anew; None for a kind that is no case. ``body`` has been
    checked. Raises InputError where the lane or the seat has no form.
    """
    if kind.case is None:
        return None
    lane, seat, ordinal = sent.get("lane"), sent.get("seat"), sent.get("k")
    follows = sent.get("follows")
    if follows not in (FOLLOWS_STAGE, FOLLOWS_STEPS):
        raise InputError("wire_form", field="follows")
    lonely = kind.case.shape is Shape.CIRCLE or follows == FOLLOWS_STAGE
    if lonely is not (lane == ""):
        raise InputError("wire_form", field="lane")
    if not lonely:
        record_id(lane)
        seat_code(seat)
    found = {name: _number(kind.field(name), body) for name in sorted(kind.case.asked_of_root())}
    return Opens(
        lane=str(lane), seat="" if lonely else str(seat), follows=str(follows),
        ordinal=ordinal if type(ordinal) is int else 0,
        moments={name: value for name, value in found.items() if type(value) is int},
    )  # fmt: skip


def _number(field: Field, body: Body) -> object:
    """What the folds are told of a field: its moment, or the number of its choice from 1."""
    value = body.get(field.name)
    if field.type is Type.CHOICE:
        return field.choices.index(value) + 1 if value in field.choices else None
    return value


def derived_from(kind: Kind, body: Body, at: int, record: str) -> Derived:
    """What the tables take from a checked body of an edition of a record made ``at``. It is found
    by its reference too, on every node that holds it.
    """
    place = body.get(kind.place) if kind.place else None
    lat, lon = position_of(place) or (None, None)
    links: list[tuple[str, str]] = []
    for link in kind.links:
        links += ((link.name, record) for record in records_in(link, body.get(link.name)))
    about = body.get("about")
    return Derived(
        when=kind.when(body, at), order=kind.order_of(body, at), lat=lat, lon=lon,
        due=kind.due_at(body), facets=kind.facet_numbers(body),
        links=links, about=None if about is None else str(about),
        words=f"{reference(record).lower()} {indexed(kind.search_text(body))}".rstrip(),
        haste=kind.haste_of(body).value,
        unknowns=kind.unknown_items(body), booked=kind.booked(body) if kind.booked else None,
        puts=[(one.about, one.seat, one.due) for one in kind.puts(body)] if kind.puts else [],
        hull=hull_of(body) if kind.occupies else None,
    )  # fmt: skip
