"""Node cards: what one party hands another so that their nodes can talk.

A card names the party, its authority key, one node with its keys, where the node listens, and the
positions that messages can be sent to. The authority key signs it. On the wire: canonical JSON
``{"card": {...}, "signature": base64}``, the signature being Ed25519 over ``tansiq/card/v1``, a
newline and the canonical bytes of ``card``.

What must hold: a card that :func:`open_card` returns is complete, within its bounds, in force at
``now_ms`` and signed by the authority key that it names. Whether that key is the party's is decided
by two people who compare :func:`card_words` by voice; a card alone proves only that it is whole.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.domain.wording import Text
from tansiq.log import keys
from tansiq.log.canonical import JSON, base64_bytes, base64_text, decode_object, encode
from tansiq.log.checkpoint import NODE_CODE, PARTY_CODE

NAME_CHARS_MAX: Final = 120
POSITIONS_MAX: Final = 24
CERTIFICATE_BYTES_MAX: Final = 2 * 1024
ADDRESS_CHARS_MAX: Final = 200
LIFETIME_MS_MAX: Final = 10 * 366 * 24 * 3600 * 1000
TIME_MS_MAX: Final = 253_402_300_799_999  # the end of the year 9999

_DOMAIN: Final = b"tansiq/card/v1\n"
_POSITION_CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,31}")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS: Final = re.compile(
    rf"https://(?:(?:{_LABEL}\.)*{_LABEL}|\[(?P<v6>[0-9a-f:.]{{2,45}})\])"
    r":(?P<port>[1-9][0-9]{0,4})"
)
_PORT_MAX: Final = 65_535
# Joiners belong to the spelling of Sorani and Arabic; other invisible signs could disguise a name.
_JOINERS: Final = frozenset("\u200c\u200d")
_DER_SEQUENCE: Final = b"\x30\x82"
_DER_HEAD_BYTES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPosition:
    """A post that messages can be sent to."""

    code: str
    names: Text

    def __post_init__(self) -> None:
        _require(_POSITION_CODE.fullmatch(self.code) is not None, "positions")
        _require_names(self.names, "positions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a card says. ``certificate`` (DER) and ``address`` may be empty: a node without a
    network.
    """

    party: str
    names: Text
    authority: bytes
    node: str
    public: bytes
    age_recipient: str
    certificate: bytes
    address: str
    positions: tuple[CardPosition, ...]
    issued_ms: int
    expires_ms: int

    def __post_init__(self) -> None:
        _require(PARTY_CODE.fullmatch(self.party) is not None, "party")
        _require_names(self.names, "names")
        _require(len(self.authority) == keys.PUBLIC_BYTES, "authority")
        _require(NODE_CODE.fullmatch(self.node) is not None, "node")
        _require(len(self.public) == keys.PUBLIC_BYTES, "key")
        _require(self.public != self.authority, "key")
        _require(keys.is_age_recipient(self.age_recipient), "age")
        _require(_is_certificate(self.certificate), "tls")
        _require(_is_address(self.address), "address")
        codes = {position.code for position in self.positions}
        _require(len(codes) == len(self.positions) <= POSITIONS_MAX, "positions")
        _require(0 < self.issued_ms < self.expires_ms <= TIME_MS_MAX, "expires")
        _require(self.expires_ms - self.issued_ms <= LIFETIME_MS_MAX, "expires")


class _Names(msgspec.Struct, forbid_unknown_fields=True):
    en: str
    ar: str
    ckb: str


class _Position(msgspec.Struct, forbid_unknown_fields=True):
    code: str
    names: _Names


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    v: Literal[1]
    party: str
    names: _Names
    authority: str
    node: str
    key: str
    age: str
    tls: str
    address: str
    positions: list[_Position]
    issued: int
    expires: int


class _Signed(msgspec.Struct, forbid_unknown_fields=True):
    card: _Body
    signature: str


def make_card(card: Card, authority_seed: bytes) -> bytes:
    """The signed bytes of ``card``; the seed must be that of the authority key it names."""
    _require(keys.public_of(authority_seed) == card.authority, "authority")
    body = _body_of(card)
    signature = keys.sign_message(authority_seed, _signed_bytes(body))
    return encode({"card": body, "signature": base64_text(signature)}, BOUNDS.card_bytes_max)


def read_card(data: bytes) -> Card:
    """The card in ``data``, complete and signed, whether or not it is in force."""
    if len(data) > BOUNDS.card_bytes_max:
        raise ParcelError("card_size", limit=BOUNDS.card_bytes_max)
    value = decode_object(data, BOUNDS.card_bytes_max)
    try:
        signed = msgspec.convert(value, _Signed)
    except msgspec.ValidationError:
        raise ParcelError("card_form") from None
    card = _card_of(signed.card)
    signature = base64_bytes(signed.signature, "card_form")
    if not keys.verifies(card.authority, _signed_bytes(_body_of(card)), signature):
        raise ParcelError("card_signature")
    return card


def open_card(data: bytes, now_ms: int) -> Card:
    """As :func:`read_card`, and the card must be in force at ``now_ms``."""
    card = read_card(data)
    if card.issued_ms > now_ms + BOUNDS.clock_skew_ms_max:
        raise ParcelError("card_early", day=_day(card.issued_ms))
    if card.expires_ms <= now_ms:
        raise ParcelError("card_expired", day=_day(card.expires_ms))
    return card


def card_words(data: bytes) -> tuple[tuple[str, int], ...]:
    """The eight words, with their numbers, that two people compare before a card is accepted."""
    return keys.fingerprint_words(data)


def _body_of(card: Card) -> dict[str, JSON]:
    positions: list[JSON] = [
        {"code": position.code, "names": _names_of(position.names)} for position in card.positions
    ]
    return {
        "v": 1,
        "party": card.party,
        "names": _names_of(card.names),
        "authority": base64_text(card.authority),
        "node": card.node,
        "key": base64_text(card.public),
        "age": card.age_recipient,
        "tls": base64_text(card.certificate),
        "address": card.address,
        "positions": positions,
        "issued": card.issued_ms,
        "expires": card.expires_ms,
    }


def _card_of(body: _Body) -> Card:
    return Card(
        party=body.party,
        names=_text(body.names, "names"),
        authority=base64_bytes(body.authority, "card_form"),
        node=body.node,
        public=base64_bytes(body.key, "card_form"),
        age_recipient=body.age,
        certificate=base64_bytes(body.tls, "card_form"),
        address=body.address,
        positions=tuple(
            CardPosition(code=item.code, names=_text(item.names, "positions"))
            for item in body.positions
        ),
        issued_ms=body.issued,
        expires_ms=body.expires,
    )


def _names_of(names: Text) -> JSON:
    return {"en": names.en, "ar": names.ar, "ckb": names.ckb}


def _text(names: _Names, field: str) -> Text:
    _require(bool(names.en and names.ar and names.ckb), field)
    return Text(names.en, names.ar, names.ckb)


def _signed_bytes(body: dict[str, JSON]) -> bytes:
    return _DOMAIN + encode(body, BOUNDS.card_bytes_max)


def _require(holds: bool, field: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise ParcelError("card_field", field=field)


def _require_names(names: Text, field: str) -> None:
    for name in (names.en, names.ar, names.ckb):
        _require(0 < len(name) <= NAME_CHARS_MAX and name == name.strip(), field)
        _require(all(_is_visible(character) for character in name), field)


def _is_visible(character: str) -> bool:
    if character in _JOINERS:
        return True
    kind = unicodedata.category(character)
    return kind[0] != "C" and kind not in {"Zl", "Zp"}


def _is_certificate(der: bytes) -> bool:
    """Nothing, or one DER sequence of plausible length; carriers pin these very bytes."""
    if not der:
        return True
    length = int.from_bytes(der[2:_DER_HEAD_BYTES], "big")
    whole = len(der) == length + _DER_HEAD_BYTES
    return der.startswith(_DER_SEQUENCE) and whole and len(der) <= CERTIFICATE_BYTES_MAX


def _is_address(address: str) -> bool:
    if not address:
        return True
    match = _ADDRESS.fullmatch(address)
    if match is None or len(address) > ADDRESS_CHARS_MAX or int(match["port"]) > _PORT_MAX:
        return False
    try:
        return match["v6"] is None or str(ipaddress.IPv6Address(match["v6"])) == match["v6"]
    except ipaddress.AddressValueError:
        return False


def _day(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms // 1000, UTC).date().isoformat()
