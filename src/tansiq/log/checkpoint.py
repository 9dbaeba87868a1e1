"""Checkpoints of logs as signed notes, and receipts as cosignatures on them.

Formats: C2SP ``signed-note`` (Ed25519, type 0x01), ``tlog-checkpoint``, and ``tlog-cosignature`` v1
for Ed25519 (type 0x04), so that tools made for transparency logs can check a party's logs without
Tansiq. A log signs under a key name equal to its origin, as ``tlog-checkpoint`` advises; a node
cosigns under :func:`node_name`.

Stricter than the standard where it permits: no extension lines, at most 8 KiB and 32 signature
lines, one signature line per known key, Base64 in its one spelling. Signature lines of unknown keys
are ignored. What must hold: a checkpoint that :func:`verify` returns was signed by exactly that key
for exactly that origin; every other note ends in ParcelError.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.log import keys
from tansiq.log.canonical import base64_bytes, base64_text
from tansiq.log.merkle import HASH_BYTES

NOTE_BYTES_MAX: Final = 8 * 1024
SIGNATURES_MAX: Final = 32
TYPE_NOTE: Final = b"\x01"
TYPE_COSIGNATURE: Final = b"\x04"

PARTY_CODE: Final = re.compile(r"[A-Z]{2,8}")
NODE_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")

_KEY_ID_BYTES: Final = 4
_TIME_BYTES: Final = 8
_SIGNATURE_LINE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_ORIGIN: Final = re.compile(r"[^\x00-\x1f]{1,200}")
_KEY_NAME: Final = re.compile(r"[^\s+\x00-\x1f]{1,200}")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The head of a log: whose, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not _ORIGIN.fullmatch(self.origin) or len(self.root) != HASH_BYTES:
            raise ParcelError("note_form")
        if not 0 <= self.size <= BOUNDS.integer_max:
            raise ParcelError("note_form")

    def body(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64_text(self.root)}\n"


@dataclass(frozen=True, slots=True)
class _Signature:
    line: str
    name: str
    key_id: bytes
    value: bytes


def feed_origin(sender: str, receiver: str) -> str:
    """The origin of the log of all that ``sender`` released to ``receiver``."""
    return f"tansiq/feed/{_party(sender)}/{_party(receiver)}"


def journal_origin(party: str) -> str:
    """The origin of a party's own log."""
    return f"tansiq/journal/{_party(party)}"


def node_name(party: str, node: str) -> str:
    """The key name under which a node cosigns."""
    if not NODE_CODE.fullmatch(node):
        raise ParcelError("origin_name")
    return f"tansiq/node/{_party(party)}/{node}"


def key_id(name: str, kind: bytes, public_key: bytes) -> bytes:
    """The first four bytes of SHA-256(name, newline, type, public key)."""
    material = name.encode() + b"\n" + kind + public_key
    return hashlib.sha256(material).digest()[:_KEY_ID_BYTES]


def sign(checkpoint: Checkpoint, name: str, signing_key_seed: bytes) -> str:
    """The note of ``checkpoint`` with one Ed25519 signature line."""
    body = checkpoint.body()
    signature = keys.sign_message(signing_key_seed, body.encode())
    identity = key_id(_key_name(name), TYPE_NOTE, keys.public_of(signing_key_seed))
    return f"{body}\n{_line(name, identity + signature)}"


def verify(note: str, origin: str, name: str, public_key: bytes) -> Checkpoint:
    """The checkpoint of ``note``, signed by this key for exactly this origin."""
    checkpoint, signatures = _parse(note)
    if checkpoint.origin != origin:
        raise ParcelError("note_origin")
    found = _only(signatures, name, key_id(name, TYPE_NOTE, public_key))
    if not keys.verifies(public_key, checkpoint.body().encode(), found.value):
        raise ParcelError("note_signature")
    return checkpoint


def cosign(note: str, name: str, seed: bytes, now_ms: int) -> str:
    """``note`` with this key's cosignature line as of ``now_ms``, in place of an earlier one.

    The caller has verified the note and that it continues the largest head seen before: that is
    what a cosignature states.
    """
    checkpoint, signatures = _parse(note)
    seconds = now_ms // 1000
    if not 0 < now_ms <= BOUNDS.integer_max or not seconds:
        raise ParcelError("cosignature_time")
    identity = key_id(_key_name(name), TYPE_COSIGNATURE, keys.public_of(seed))
    signature = keys.sign_message(seed, _cosigned(checkpoint, seconds))
    value = identity + seconds.to_bytes(_TIME_BYTES, "big") + signature
    kept = [item.line for item in signatures if (item.name, item.key_id) != (name, identity)]
    lines = "".join(f"{line}\n" for line in kept)
    result = f"{checkpoint.body()}\n{lines}{_line(name, value)}"
    _parse(result)
    return result


def verify_cosignature(
    note: str, name: str, public_key: bytes, origin: str
) -> tuple[Checkpoint, int]:
    """The checkpoint that this key cosigned, and when, in milliseconds (whole seconds)."""
    checkpoint, signatures = _parse(note)
    if checkpoint.origin != origin:
        raise ParcelError("note_origin")
    found = _only(signatures, name, key_id(name, TYPE_COSIGNATURE, public_key))
    seconds = int.from_bytes(found.value[:_TIME_BYTES], "big")
    if not 0 < seconds <= BOUNDS.integer_max // 1000:
        raise ParcelError("cosignature_time")
    message = _cosigned(checkpoint, seconds)
    if not keys.verifies(public_key, message, found.value[_TIME_BYTES:]):
        raise ParcelError("cosignature_signature")
    return checkpoint, seconds * 1000


def _cosigned(checkpoint: Checkpoint, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{checkpoint.body()}".encode()


def _line(name: str, value: bytes) -> str:
    return f"— {name} {base64_text(value)}\n"


def _party(code: str) -> str:
    if not PARTY_CODE.fullmatch(code):
        raise ParcelError("origin_name")
    return code


def _key_name(name: str) -> str:
    if not _KEY_NAME.fullmatch(name):
        raise ParcelError("origin_name")
    return name


def _only(signatures: list[_Signature], name: str, identity: bytes) -> _Signature:
    """The one line of that key; lines of other keys mean nothing here."""
    found = [item for item in signatures if (item.name, item.key_id) == (name, identity)]
    if len(found) != 1:
        raise ParcelError("note_key")
    return found[0]


def _parse(note: str) -> tuple[Checkpoint, list[_Signature]]:
    """Split a note into its checkpoint and signature lines, or refuse it whole."""
    try:
        size = len(note.encode())
    except UnicodeEncodeError:
        raise ParcelError("note_form") from None
    if size > NOTE_BYTES_MAX:
        raise ParcelError("note_size", limit=NOTE_BYTES_MAX)
    body, gap, tail = note.rpartition("\n\n")
    lines = body.split("\n")
    if not gap or len(lines) != 3 or not tail.endswith("\n"):
        raise ParcelError("note_form")
    origin, count, root = lines
    if not _SIZE.fullmatch(count):
        raise ParcelError("note_form")
    checkpoint = Checkpoint(origin=origin, size=int(count), root=base64_bytes(root, "note_form"))
    ends = tail[:-1].split("\n")
    if len(ends) > SIGNATURES_MAX:
        raise ParcelError("note_size", limit=NOTE_BYTES_MAX)
    return checkpoint, [_parse_signature(line) for line in ends]


def _parse_signature(line: str) -> _Signature:
    match = _SIGNATURE_LINE.fullmatch(line)
    if match is None or not _KEY_NAME.fullmatch(match[1]):
        raise ParcelError("note_form")
    value = base64_bytes(match[2], "note_form")
    if len(value) <= _KEY_ID_BYTES:
        raise ParcelError("note_form")
    return _Signature(line, match[1], value[:_KEY_ID_BYTES], value[_KEY_ID_BYTES:])
