"""Papers: what a party's authority signs beside cards, so that anybody can check it.

A **revocation** says that the key of a node counts no longer. A **succession** says that another
authority key takes the place of the present one. With the card they are the papers of a party: each
proves itself, so it does not matter who hands it over or how.

What must hold: a paper that is read here is complete, within its bounds, and signed by the
authority key that it names. Whether that key is the party's is for whoever pinned one. Each
signature covers a prefix of its own, so that none of them stands in for another.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, cast

import msgspec

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.log import keys
from tansiq.log.canonical import JSON, base64_bytes, base64_text, decode_object, encode
from tansiq.log.cards import TIME_MS_MAX, Card, read_card
from tansiq.log.checkpoint import NODE_CODE, PARTY_CODE

REASONS: Final = ("lost", "stolen", "compromised", "retired")
KINDS: Final = ("card", "revocation", "succession")
_BEGINNINGS: Final = (b'{"card":', b'{"revocation":', b'{"signature":')
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LINE_ENDS: Final = b"\r\n"
_REVOCATION: Final = b"tansiq/revocation/v1\n"
_SUCCESSION: Final = b"tansiq/succession/v1\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """A node's key counts no longer. ``lost_ms`` is since when it may have been in other hands;
    ``replacement`` is the card of the node that goes on in its place, or nothing.
    """

    party: str
    authority: bytes
    node: str
    public: bytes
    revoked_ms: int
    lost_ms: int
    reason: str
    replacement: bytes = b""

    def __post_init__(self) -> None:
        _require(PARTY_CODE.fullmatch(self.party) is not None, "party")
        _require(len(self.authority) == keys.PUBLIC_BYTES, "authority")
        _require(NODE_CODE.fullmatch(self.node) is not None, "node")
        _require(len(self.public) == keys.PUBLIC_BYTES, "key")
        _require(self.public != self.authority, "key")
        _require(0 < self.lost_ms <= self.revoked_ms <= TIME_MS_MAX, "revoked")
        _require(self.reason in REASONS, "reason")
        if self.replacement:
            card = read_card(self.replacement)
            named = (card.party, card.authority)
            _require(named == (self.party, self.authority), "replacement")
            _require(card.public != self.public, "replacement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """``successor`` takes the place of ``authority`` as the party's authority key."""

    party: str
    authority: bytes
    successor: bytes
    issued_ms: int

    def __post_init__(self) -> None:
        _require(PARTY_CODE.fullmatch(self.party) is not None, "party")
        _require(len(self.authority) == keys.PUBLIC_BYTES, "authority")
        _require(len(self.successor) == keys.PUBLIC_BYTES, "successor")
        _require(self.successor != self.authority, "successor")
        _require(0 < self.issued_ms <= TIME_MS_MAX, "issued")


Paper: TypeAlias = Card | Revocation | Succession


class _RevocationBody(msgspec.Struct, forbid_unknown_fields=True):
    v: Literal[1]
    party: str
    authority: str
    node: str
    key: str
    revoked: int
    lost: int
    reason: str
    replacement: dict[str, Any] | None


class _SuccessionBody(msgspec.Struct, forbid_unknown_fields=True):
    v: Literal[1]
    party: str
    authority: str
    successor: str
    issued: int


class _SignedRevocation(msgspec.Struct, forbid_unknown_fields=True):
    revocation: _RevocationBody
    signature: str


class _SignedSuccession(msgspec.Struct, forbid_unknown_fields=True):
    succession: _SuccessionBody
    signature: str


def make_revocation(revocation: Revocation, authority_seed: bytes) -> bytes:
    """The signed bytes; the seed must be that of the authority key it names."""
    _require(keys.public_of(authority_seed) == revocation.authority, "authority")
    body = _revocation_body(revocation)
    signature = keys.sign_message(authority_seed, _REVOCATION + _bytes(body))
    return _bytes({"revocation": body, "signature": base64_text(signature)})


def read_revocation(data: bytes) -> Revocation:
    """The revocation in ``data``, complete and signed."""
    signed = _converted(data, _SignedRevocation)
    body = signed.revocation
    revocation = Revocation(
        party=body.party, authority=base64_bytes(body.authority, "paper_form"), node=body.node,
        public=base64_bytes(body.key, "paper_form"), revoked_ms=body.revoked, lost_ms=body.lost,
        reason=body.reason,
        replacement=encode(body.replacement) if body.replacement is not None else b"",
    )  # fmt: skip
    message = _REVOCATION + _bytes(_revocation_body(revocation))
    _demand_signed(revocation.authority, message, signed.signature)
    return revocation


def make_succession(succession: Succession, authority_seed: bytes) -> bytes:
    """The signed bytes; the seed is that of the authority key whose place is taken."""
    _require(keys.public_of(authority_seed) == succession.authority, "authority")
    body = _succession_body(succession)
    signature = keys.sign_message(authority_seed, _SUCCESSION + _bytes(body))
    return _bytes({"signature": base64_text(signature), "succession": body})


def read_succession(data: bytes) -> Succession:
    """The succession in ``data``, complete and signed by the authority that steps down."""
    signed = _converted(data, _SignedSuccession)
    body = signed.succession
    succession = Succession(
        party=body.party, authority=base64_bytes(body.authority, "paper_form"),
        successor=base64_bytes(body.successor, "paper_form"), issued_ms=body.issued,
    )  # fmt: skip
    message = _SUCCESSION + _bytes(_succession_body(succession))
    _demand_signed(succession.authority, message, signed.signature)
    return succession


def read_paper(data: bytes) -> Paper:
    """The card, revocation or succession in ``data``. Raises ParcelError."""
    if len(data) > BOUNDS.paper_bytes_max:
        raise ParcelError("paper_size", limit=BOUNDS.paper_bytes_max)
    value = decode_object(data, BOUNDS.paper_bytes_max)
    if "card" in value:
        return read_card(data)
    return read_revocation(data) if "revocation" in value else read_succession(data)


def kind_of(paper: Paper) -> str:
    """The name of a paper's kind, as it stands on the wire."""
    match paper:
        case Card():
            return "card"
        case Revocation():
            return "revocation"
        case Succession():
            return "succession"


def as_handed(data: bytes) -> bytes:
    """A paper's own bytes from a file or a text that a person hands over: without the mark, the
    line ends and the spaces around that editors, mail programs and terminals add. A paper has no
    line ends of its own, so nothing that its signature covers is lost.
    """
    for mark, coding in _MARKS:
        if data.startswith(mark):
            data = data.decode(coding, "replace").encode()
            break
    return data.translate(None, _LINE_ENDS).strip()


def begins_a_paper(head: bytes) -> bool:
    """Whether a file that begins so is a card, a revocation or a succession."""
    return as_handed(head).startswith(_BEGINNINGS)


def as_object(data: bytes) -> dict[str, JSON]:
    """A paper as the object that travels in an entry or in a parcel's head."""
    return decode_object(data, BOUNDS.paper_bytes_max)


def as_bytes(value: JSON) -> bytes:
    """The bytes of a paper from such an object; further members of an entry are left out."""
    if not isinstance(value, dict):
        raise ParcelError("paper_form")
    members: dict[str, JSON] = {
        name: value[name] for name in (*KINDS, "signature") if name in value
    }
    return encode(members, BOUNDS.paper_bytes_max)


def _revocation_body(revocation: Revocation) -> dict[str, JSON]:
    replacement = revocation.replacement
    return {
        "v": 1,
        "party": revocation.party,
        "authority": base64_text(revocation.authority),
        "node": revocation.node,
        "key": base64_text(revocation.public),
        "revoked": revocation.revoked_ms,
        "lost": revocation.lost_ms,
        "reason": revocation.reason,
        "replacement": decode_object(replacement) if replacement else None,
    }


def _succession_body(succession: Succession) -> dict[str, JSON]:
    return {
        "v": 1,
        "party": succession.party,
        "authority": base64_text(succession.authority),
        "successor": base64_text(succession.successor),
        "issued": succession.issued_ms,
    }


def _bytes(value: dict[str, JSON]) -> bytes:
    return encode(value, BOUNDS.paper_bytes_max)


def _converted(data: bytes, kind: type[Any]) -> Any:  # noqa: ANN401 - one of the two signed forms
    if len(data) > BOUNDS.paper_bytes_max:
        raise ParcelError("paper_size", limit=BOUNDS.paper_bytes_max)
    value = decode_object(data, BOUNDS.paper_bytes_max)
    try:
        return msgspec.convert(cast("object", value), kind)
    except msgspec.ValidationError:
        raise ParcelError("paper_form") from None


def _demand_signed(authority: bytes, message: bytes, signature: str) -> None:
    if not keys.verifies(authority, message, base64_bytes(signature, "paper_form")):
        raise ParcelError("paper_signature")


def _require(holds: bool, field: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise ParcelError("paper_field", field=field)
