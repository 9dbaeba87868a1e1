"""Certificates: the code that stands on the paper of a certificate, with what its issuer claims and
signs, so that anybody who holds the issuer's card can check it off line (ADR 46).

On paper: ``TQC1`` and the Base32 (RFC 4648, capitals, no padding) of 64 bytes of signature and the
canonical bytes of the claims. The signature is Ed25519 by the key of a node of the issuer over
``tansiq/certificate/v1``, a newline and those bytes, so that it stands in for no other statement.

What must hold: what :func:`read_code` returns is complete and within its bounds; that somebody
signed it is for :func:`is_signed_by` to say. The roster number of the holder does not stand in the
code: a salted mark of it does, which is compared with the number that the holder says.
"""

import base64
import binascii
import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, Literal

import msgspec
from nacl import pwhash

from tansiq.domain.digits import INVISIBLE
from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.texts import plain_line
from tansiq.log import keys
from tansiq.log.canonical import JSON, base64_bytes, base64_text, decode_object, encode
from tansiq.log.checkpoint import PARTY_CODE

CLAIMS_BYTES_MAX: Final = 512
TYPED_CHARS_MAX: Final = 4_000  # as typed, with spaces and line ends
SALT_BYTES: Final = 16
MARK_BYTES: Final = 16
COURSE_CHARS_MAX: Final = 40
SERIAL: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}")

_DOMAIN: Final = b"tansiq/certificate/v1\n"
_BEGINS: Final = "TQC1"
_ANY_VERSION: Final = re.compile(r"TQC[0-9]")
_BETWEEN: Final = re.compile(r"[\s\u2010-\u2015\u2212-]+")
_UNSEEN: Final = dict.fromkeys(INVISIBLE)
_LEVEL: Final = re.compile(r"[a-z][a-z_]{0,23}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Of Argon2id: what one comparison costs, some hundredths of a second. Part of the form.
_WORK, _MEMORY_BYTES = 2, 19 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What an issuer claims: days are of the calendar (YYYY-MM-DD), ``ends`` "" = it has no end.
    ``salt`` and ``mark`` stand for the holder's roster number (:func:`mark_of`).
    """

    party: str
    serial: str
    course: str
    level: str
    begins: str
    ends: str
    salt: bytes
    mark: bytes

    def __post_init__(self) -> None:
        _require(PARTY_CODE.fullmatch(self.party), "party")
        _require(SERIAL.fullmatch(self.serial), "serial")
        _require(_is_line(self.course), "course")
        _require(_LEVEL.fullmatch(self.level), "level")
        _require(_is_day(self.begins), "begins")
        _require(not self.ends or (_is_day(self.ends) and self.begins <= self.ends), "ends")
        _require(len(self.salt) == SALT_BYTES, "salt")
        _require(len(self.mark) == MARK_BYTES, "mark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code that was read: what it claims, and the signature whose key is not known yet."""

    claims: Claims
    signature: bytes


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    v: Literal[1]
    party: str
    serial: str
    course: str
    level: str
    begins: str
    ends: str
    salt: str
    mark: str


def make_code(claims: Claims, seed: bytes) -> str:
    """The code of these claims, signed with the key of that seed."""
    body = _bytes(claims)
    signed = keys.sign_message(seed, _DOMAIN + body) + body
    return _BEGINS + base64.b32encode(signed).decode().rstrip("=")


def read_code(typed: str) -> Code:
    """The code that somebody typed, pasted or scanned, in whatever groups, lines and case. Raises
    ParcelError: for what is no such code, is of a later version or was changed.
    """
    if len(typed) > TYPED_CHARS_MAX:
        raise ParcelError("certificate_size", limit=TYPED_CHARS_MAX)
    text = _BETWEEN.sub("", typed.translate(_UNSEEN))
    text = text.upper() if text.isascii() else ""
    if not text.startswith(_BEGINS):
        later = _ANY_VERSION.match(text) is not None
        raise ParcelError("certificate_version" if later else "certificate_form")
    signed = _base32(text.removeprefix(_BEGINS))
    signature, body = signed[: keys.SIGNATURE_BYTES], signed[keys.SIGNATURE_BYTES :]
    return Code(claims=_claims(body), signature=signature)


def is_signed_by(code: Code, public: bytes) -> bool:
    """Whether the key signed these claims as those of a certificate, and as nothing else."""
    return keys.verifies(public, _DOMAIN + _bytes(code.claims), code.signature)


def mark_of(roster: str, salt: bytes) -> bytes:
    """What stands in the code for a roster number (Argon2id): equal for the same number and salt
    alone, and dear enough that trying all numbers takes hours and not a moment.
    """
    return pwhash.argon2id.kdf(
        MARK_BYTES, roster.encode(), salt, opslimit=_WORK, memlimit=_MEMORY_BYTES
    )


def _claims(body: bytes) -> Claims:
    try:
        said = msgspec.convert(decode_object(body, CLAIMS_BYTES_MAX), _Body)
    except (ParcelError, msgspec.ValidationError):
        raise ParcelError("certificate_form") from None
    return Claims(
        party=said.party, serial=said.serial, course=said.course, level=said.level,
        begins=said.begins, ends=said.ends, salt=base64_bytes(said.salt, "certificate_form"),
        mark=base64_bytes(said.mark, "certificate_form"),
    )  # fmt: skip


def _bytes(claims: Claims) -> bytes:
    body: dict[str, JSON] = {
        "v": 1, "party": claims.party, "serial": claims.serial, "course": claims.course,
        "level": claims.level, "begins": claims.begins, "ends": claims.ends,
        "salt": base64_text(claims.salt), "mark": base64_text(claims.mark),
    }  # fmt: skip
    return encode(body, CLAIMS_BYTES_MAX)


def _base32(text: str) -> bytes:
    """The bytes of the one spelling of some Base32."""
    try:
        found = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error:
        raise ParcelError("certificate_form") from None
    if base64.b32encode(found).decode().rstrip("=") != text:
        raise ParcelError("certificate_form")
    return found


def _is_line(text: str) -> bool:
    """Whether it is a short line that says nothing with invisible signs."""
    try:
        return 0 < len(text) <= COURSE_CHARS_MAX and plain_line(text, field="course") == text
    except InputError:
        return False


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _require(holds: object, field: str) -> None:
    if not holds:
        raise ParcelError("certificate_field", field=field)
