"""The first line of a parcel: what it says of itself, of its sender, and of what that lacks."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import msgspec

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.log import checkpoint as notes
from tansiq.log import papers
from tansiq.log.canonical import decode_object, encode

HEADER_BYTES_MAX: Final = notes.NOTE_BYTES_MAX * 2 + BOUNDS.paper_bytes_max * (
    BOUNDS.papers_per_parcel_max
)


@dataclass(frozen=True, slots=True)
class Lack:
    """A file that is not whole yet: by which release it goes, and how many of its bytes, from the
    first on, are there.
    """

    release: str
    have: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a parcel says of itself. ``ack`` is the sender's receipt for the feed in the other
    direction: the receiver's own note with the sender's cosignature, or empty. ``papers`` are the
    sender's cards, revocations and successions of which it does not know yet that they arrived:
    each proves itself, so that a new key needs no other way to be told.

    ``have`` is how much of that feed the sender holds. A node that has begun anew puts a random
    word into ``ask``, and the partner repeats it in ``told``: then it has spoken since. A node that
    went back to an older state asks by ``need`` for its own feed from there on; the partner gives
    ``back`` entries of its copy from ``back_start`` on, in a parcel without entries of its own.

    ``lacks`` are files of which the sender wants bytes, and ``pieces`` is how many pieces of files
    follow. ``room`` is how long the answer may be, in bytes, so that what is urgent never waits
    long behind it; 0 where the sender does not mind.
    """

    sender: str
    receiver: str
    node: str
    start: int
    count: int
    number: int
    made_ms: int
    ack: str = ""
    more: bool = False
    papers: tuple[bytes, ...] = ()
    have: int = 0
    need: int | None = None
    ask: str = ""
    told: str = ""
    back: int = 0
    back_start: int = 0
    lacks: tuple[Lack, ...] = ()
    pieces: int = 0
    room: int = 0

    @property
    def end(self) -> int:
        """The size of the feed after this parcel."""
        return self.start + self.count


RELEASE_ID: Final = r"\A[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"
_Count = Annotated[int, msgspec.Meta(ge=0, le=BOUNDS.integer_max)]
_Some = Annotated[int, msgspec.Meta(ge=0, le=BOUNDS.parcel_entries_max)]
_Word = Annotated[str, msgspec.Meta(pattern=r"\A(?:[0-9a-f]{16})?\Z")]
_Party = Annotated[str, msgspec.Meta(pattern=rf"\A{notes.PARTY_CODE.pattern}\Z")]


class _Lack(msgspec.Struct, forbid_unknown_fields=True):
    """A file that is asked for, as it travels."""

    release: Annotated[str, msgspec.Meta(pattern=RELEASE_ID)]
    have: Annotated[int, msgspec.Meta(ge=0, le=BOUNDS.attachment_bytes_max)]


class _Wire(msgspec.Struct, forbid_unknown_fields=True):
    """The header as it travels; every field must be there."""

    v: Literal[1]
    sender: _Party = msgspec.field(name="from")
    receiver: _Party = msgspec.field(name="to")
    node: Annotated[str, msgspec.Meta(pattern=rf"\A{notes.NODE_CODE.pattern}\Z")]
    start: _Count
    count: _Some
    number: _Count
    made: _Count
    ack: Annotated[str, msgspec.Meta(max_length=notes.NOTE_BYTES_MAX)]
    more: bool
    papers: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=BOUNDS.papers_per_parcel_max)]
    have: _Count
    need: _Count | None
    ask: _Word
    told: _Word
    back: _Some
    back_start: _Count
    lacks: Annotated[list[_Lack], msgspec.Meta(max_length=BOUNDS.files_asked_max)]
    pieces: _Some
    room: _Count


def write_header(header: Header) -> bytes:
    """The header's line, as :func:`read_header` reads it."""
    return encode(
        {
            "v": 1,
            "from": header.sender,
            "to": header.receiver,
            "node": header.node,
            "start": header.start,
            "count": header.count,
            "number": header.number,
            "made": header.made_ms,
            "ack": header.ack,
            "more": header.more,
            "papers": [papers.as_object(paper) for paper in header.papers],
            "have": header.have,
            "need": header.need,
            "ask": header.ask,
            "told": header.told,
            "back": header.back,
            "back_start": header.back_start,
            "lacks": [{"have": lack.have, "release": lack.release} for lack in header.lacks],
            "pieces": header.pieces,
            "room": header.room,
        },
        HEADER_BYTES_MAX,
    )


def read_header(line: bytes) -> Header:
    """What the first line of a parcel says. Raises ParcelError."""
    value = decode_object(line, HEADER_BYTES_MAX)
    try:
        wire = msgspec.convert(value, _Wire)
    except msgspec.ValidationError:
        raise ParcelError("parcel_header") from None
    if wire.sender == wire.receiver or wire.start + wire.count > BOUNDS.integer_max:
        raise ParcelError("parcel_header")
    if wire.back and (wire.count or wire.back_start + wire.back > BOUNDS.integer_max):
        raise ParcelError("parcel_header")
    return Header(
        sender=wire.sender,
        receiver=wire.receiver,
        node=wire.node,
        start=wire.start,
        count=wire.count,
        number=wire.number,
        made_ms=wire.made,
        ack=wire.ack,
        more=wire.more,
        papers=tuple(papers.as_bytes(paper) for paper in wire.papers),
        have=wire.have,
        need=wire.need,
        ask=wire.ask,
        told=wire.told,
        back=wire.back,
        back_start=wire.back_start,
        lacks=tuple(Lack(lack.release, lack.have) for lack in wire.lacks),
        pieces=wire.pieces,
        room=wire.room,
    )
