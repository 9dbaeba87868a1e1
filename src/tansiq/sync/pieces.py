"""Pieces of files, which travel beside the feed: the feed names a file by its digest only.

A piece says by which release its file goes, from which byte on it is, and the bytes. A receiver
joins pieces to what it has of a file, from the first byte on and without a hole, so that a
transfer goes on at any byte after any break, in whatever order and however often pieces come.
"""

from dataclasses import dataclass
from typing import Annotated, Final

import msgspec

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.log.canonical import base64_bytes, base64_text, decode_object, encode
from tansiq.sync.header import RELEASE_ID

LINE_BYTES: Final = 100  # of a piece, beside its data


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes ``data`` of the file that goes by ``release``, from byte ``at`` on."""

    release: str
    at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is not whole yet: ``have`` of its ``size`` bytes are there."""

    release: str
    have: int
    size: int


class _Wire(msgspec.Struct, forbid_unknown_fields=True):
    """A piece as it travels."""

    release: Annotated[str, msgspec.Meta(pattern=RELEASE_ID)]
    at: Annotated[int, msgspec.Meta(ge=0, le=BOUNDS.attachment_bytes_max)]
    data: Annotated[str, msgspec.Meta(min_length=4)]


def write_piece(piece: Piece) -> bytes:
    """The line of a piece."""
    return encode({"release": piece.release, "at": piece.at, "data": base64_text(piece.data)})


def read_piece(line: bytes) -> Piece:
    """The piece in a line. Raises ParcelError."""
    try:
        wire = msgspec.convert(decode_object(line), _Wire)
    except (msgspec.ValidationError, ParcelError):
        raise ParcelError("parcel_piece") from None
    data = base64_bytes(wire.data, "parcel_piece")
    if not 0 < len(data) <= BOUNDS.chunk_bytes_max:
        raise ParcelError("parcel_piece")
    return Piece(release=wire.release, at=wire.at, data=data)


def fresh(wanted: Wanted, piece: Piece) -> bytes | None:
    """What a piece adds to a file, for whoever joins them: its bytes past those that are there.

    Nothing where it repeats what is there or leaves a hole. None for bytes past the end of the
    file: an honest sender has none.
    """
    if piece.at + len(piece.data) > wanted.size:
        return None
    return piece.data[wanted.have - piece.at :] if piece.at <= wanted.have else b""
