"""A parcel: a run of one feed's entries, signed by the sender's node, sealed for the receiver.

Plain form, every line ended by a newline::

{"ack":…,"ask":…,"back":…,"count":…,"from":…,"have":…,"made":…,…,"papers":[…],…,"v":1} <count lines:
an entry's canonical bytes, or ! and 64 hex digits, the leaf hash of a withdrawn one> "<the signed
checkpoint note of the feed at size start + count, as a JSON string>" <back lines of the receiver's
own feed, and its own note after them, where it asked for what it lost> <pieces of files> <Base64
Ed25519 signature by the node key>

The signature covers ``tansiq/parcel/v1``, a newline and SHA-256 of all that stands before its line.
Sealed form: ``TSQ1``, four bytes naming the zstd dictionary, then age encryption (X25519) of one
zstd frame.

What must hold: a parcel that :func:`open_parcel` returns was made by that node of that party for
this receiver, is whole, and its note is the sender's signed head of that very feed at the stated
size. Whether the entries lead to that head is for the engine, which knows the feed so far. Every
other byte string ends in ParcelError, each failing check with its own code; carriers answer all of
them alike.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import msgspec

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.log import checkpoint as notes
from tansiq.log import keys
from tansiq.log.canonical import JSON, base64_bytes, base64_text, decode, decode_object, encode
from tansiq.log.checkpoint import Checkpoint, feed_origin, node_name
from tansiq.log.merkle import leaf_hash
from tansiq.sync import dictionary as dictionaries
from tansiq.sync.dictionary import Dictionary
from tansiq.sync.header import HEADER_BYTES_MAX, Header, read_header, write_header
from tansiq.sync.pieces import Piece, read_piece, write_piece

MAGIC: Final = b"TSQ1"
SIGNATURE_DOMAIN: Final = b"tansiq/parcel/v1\n"
# The public key of a known node of a party, or None: (party, node) -> key.
Lookup: TypeAlias = Callable[[str, str], bytes | None]

_PREFIX_BYTES: Final = len(MAGIC) + dictionaries.TAG_BYTES
_SIGNATURE_LINE_BYTES: Final = 89  # 64 bytes in Base64, and the newline
_WITHDRAWN: Final = re.compile(rb"!([0-9a-f]{64})")


class Line(msgspec.Struct, frozen=True):
    """One entry of the feed; ``data`` is None where it was withdrawn and only its hash travels.

    ``item`` is what ``data`` says, where somebody has read it already.
    """

    data: bytes | None
    leaf: bytes
    item: dict[str, JSON] | None = None

    @classmethod
    def entry(cls, data: bytes) -> "Line":
        """The line of an entry that is still there."""
        return cls(data, leaf_hash(data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """An opened parcel. ``acknowledged`` is the head of my feed that the sender signed for, and
    ``acknowledged_ms`` when; None and 0 where the header carries no receipt. ``back`` are entries
    of my own feed, and ``back_note`` my own note after them, which is still to be verified.
    ``pieces`` are bytes of files, of which nobody knows yet whether they were asked for.
    """

    header: Header
    lines: tuple[Line, ...]
    note: str
    checkpoint: Checkpoint
    acknowledged: Checkpoint | None
    acknowledged_ms: int
    back: tuple[Line, ...] = ()
    back_note: str = ""
    pieces: tuple[Piece, ...] = ()


def seal(
    header: Header,
    lines: Sequence[Line],
    note: str,
    *,
    node_keys: keys.NodeKeys,
    receiver_age_recipient: str,
    dictionary: Dictionary | None = None,
    back: tuple[Sequence[Line], str] = ((), ""),
    pieces: Sequence[Piece] = (),
) -> bytes:
    """The sealed bytes of a parcel, which pass the receiver's own checks. ``back`` are entries of
    the receiver's own feed and its note after them.
    """
    plain = write_plain(header, lines, note, node_keys, back, pieces=pieces)
    packed = dictionary or dictionaries.current()
    body = keys.age_encrypt(packed.compress(plain), receiver_age_recipient)
    if _PREFIX_BYTES + len(body) > BOUNDS.parcel_bytes_max:
        raise ParcelError("parcel_size", limit=BOUNDS.parcel_bytes_max)
    return MAGIC + packed.tag + body


def open_parcel(data: bytes, my_keys: keys.NodeKeys, lookup: Lookup, me: str) -> Parcel:
    """The parcel in ``data``, sealed for my node and made by a node that ``lookup`` knows."""
    return read_plain(unseal(data, (my_keys.age_identity,)), lookup, me)


def unseal(data: bytes, identities: Sequence[str]) -> bytes:
    """The plain form of a parcel that was sealed for one of these age identities."""
    if len(data) > BOUNDS.parcel_bytes_max:
        raise ParcelError("parcel_size", limit=BOUNDS.parcel_bytes_max)
    if not data.startswith(MAGIC) or len(data) < _PREFIX_BYTES:
        raise ParcelError("parcel_prefix")
    dictionary = dictionaries.by_tag(data[len(MAGIC) : _PREFIX_BYTES])
    packed = keys.age_decrypt(data[_PREFIX_BYTES:], *identities)
    return dictionary.expand(packed, BOUNDS.parcel_plain_bytes_max)


def header_of(plain: bytes, me: str) -> Header:
    """What a parcel for me says of itself, before anybody's signature on it was looked at."""
    first, gap, _ = plain.partition(b"\n")
    if not gap or not plain.endswith(b"\n"):
        raise ParcelError("parcel_framing")
    header = read_header(first)
    if header.receiver != me:
        raise ParcelError("parcel_receiver")
    return header


def signer_of(plain: bytes, candidates: Sequence[bytes]) -> bytes | None:
    """Which of these public keys signed the parcel; a sender that changes its key has two."""
    for public in candidates:
        try:
            _check_signature(plain, public)
        except ParcelError:
            continue
        return public
    return None


def write_plain(
    header: Header,
    lines: Sequence[Line],
    note: str,
    node_keys: keys.NodeKeys,
    back: tuple[Sequence[Line], str] = ((), ""),
    *,
    pieces: Sequence[Piece] = (),
) -> bytes:
    """The plain form, signed; its frame is checked as the receiver will check it before anything
    leaves. Entries are taken from a log, which holds nothing but canonical bytes: of those only the
    leaf hash is looked at again, so that a damaged disk is not mistaken for a second history.
    """
    written = [write_header(header), *map(_write_line, lines), encode(note)]
    if back[0]:
        written += [*map(_write_line, back[0]), encode(back[1])]
    written += map(write_piece, pieces)
    unsigned = b"".join(line + b"\n" for line in written)
    signature = node_keys.sign(_signed_bytes(unsigned))
    plain = unsigned + base64_text(signature).encode() + b"\n"
    if len(plain) > BOUNDS.parcel_plain_bytes_max:
        raise ParcelError("parcel_size", limit=BOUNDS.parcel_plain_bytes_max)
    framed = _read_frame(plain, lambda _party, _node: node_keys.public, header.receiver)
    if framed.header != header or framed.rows != written[1:]:
        raise ParcelError("parcel_entry")
    for line in (*lines, *back[0]):
        if line.data is not None and leaf_hash(line.data) != line.leaf:
            raise ParcelError("parcel_entry")
    return plain


def read_plain(plain: bytes, lookup: Lookup, me: str, *, unread: bool = False) -> Parcel:
    """The parcel in its plain form; every check of :func:`open_parcel` after decryption.

    ``unread`` leaves out the one check that takes long, of the entries themselves: then nothing may
    follow from the parcel before :func:`check_entries`, or before whoever takes its entries has
    read them.
    """
    frame = _read_frame(plain, lookup, me)
    header, rows = frame.header, frame.rows
    after = len(rows) - header.pieces
    note, checkpoint = frame.note
    acknowledged, acknowledged_ms = frame.acknowledged
    return Parcel(
        header=header,
        lines=tuple(_read_line(row, unread=unread) for row in rows[: header.count]),
        note=note,
        checkpoint=checkpoint,
        acknowledged=acknowledged,
        acknowledged_ms=acknowledged_ms,
        back=tuple(map(_read_line, rows[header.count + 1 : after - 1])),
        back_note=_read_text(rows[after - 1]) if header.back else "",
        pieces=tuple(map(read_piece, rows[after:])),
    )


class _Frame(NamedTuple):
    """All of a parcel but its entries; ``rows`` are the lines between header and signature."""

    header: Header
    rows: list[bytes]
    note: tuple[str, Checkpoint]
    acknowledged: tuple[Checkpoint | None, int]


def _read_frame(plain: bytes, lookup: Lookup, me: str) -> _Frame:
    if len(plain) > BOUNDS.parcel_plain_bytes_max:
        raise ParcelError("parcel_size", limit=BOUNDS.parcel_plain_bytes_max)
    header = header_of(plain, me)
    public = lookup(header.sender, header.node)
    if public is None:
        raise ParcelError("parcel_sender")
    _check_signature(plain, public)
    rows = plain[:-1].split(b"\n")[1:-1]
    back = header.back + 1 if header.back else 0
    if len(rows) != header.count + 1 + back + header.pieces:
        raise ParcelError("parcel_framing")
    note = _read_note(rows[header.count], header, public)
    return _Frame(header, rows, note, _read_ack(header, public))


def _signed_bytes(unsigned: bytes) -> bytes:
    return SIGNATURE_DOMAIN + hashlib.sha256(unsigned).digest()


def _check_signature(plain: bytes, public: bytes) -> None:
    unsigned, last = plain[:-_SIGNATURE_LINE_BYTES], plain[-_SIGNATURE_LINE_BYTES:-1]
    if not unsigned.endswith(b"\n") or b"\n" in last:
        raise ParcelError("parcel_framing")
    signature = base64_bytes(last.decode("latin-1"), "parcel_framing")
    if not keys.verifies(public, _signed_bytes(unsigned), signature):
        raise ParcelError("parcel_signature")


def _write_line(line: Line) -> bytes:
    return b"!" + line.leaf.hex().encode() if line.data is None else line.data


def check_entries(parcel: Parcel) -> None:
    """Raise ParcelError unless every entry of a parcel that was left unread is canonical."""
    for line in parcel.lines:
        if line.data is not None and line.item is None:
            _read_line(line.data)


def _read_line(line: bytes, *, unread: bool = False) -> Line:
    withdrawn = _WITHDRAWN.fullmatch(line) if line.startswith(b"!") else None
    if withdrawn:
        return Line(None, bytes.fromhex(withdrawn[1].decode()))
    try:
        return Line(line, leaf_hash(line), None if unread else decode_object(line))
    except ParcelError:
        raise ParcelError("parcel_entry") from None


def _read_text(line: bytes) -> str:
    text = decode(line, HEADER_BYTES_MAX)
    if not isinstance(text, str):
        raise ParcelError("parcel_framing")
    return text


def _read_note(line: bytes, header: Header, public: bytes) -> tuple[str, Checkpoint]:
    """The sender's head of the feed; a log signs under a key name equal to its origin."""
    note = _read_text(line)
    origin = feed_origin(header.sender, header.receiver)
    checkpoint = notes.verify(note, origin, origin, public)
    if checkpoint.size != header.end:
        raise ParcelError("parcel_checkpoint")
    return note, checkpoint


def _read_ack(header: Header, public: bytes) -> tuple[Checkpoint | None, int]:
    if not header.ack:
        return None, 0
    origin = feed_origin(header.receiver, header.sender)
    name = node_name(header.sender, header.node)
    try:
        return notes.verify_cosignature(header.ack, name, public, origin)
    except ParcelError:
        raise ParcelError("parcel_ack") from None
