"""Agreements on this node: which is in force with whom, and whose signatures it carries."""

import functools
from collections.abc import Mapping
from typing import Final, cast

from tansiq.board import partners as rows
from tansiq.board.board import Board
from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.trust import partners
from tansiq.domain.errors import InputError, ParcelError, Refused, RefusedError
from tansiq.domain.parties import Actor, PartyCode
from tansiq.log.canonical import JSON, base64_bytes, base64_text, decode_object, encode
from tansiq.log.keys import verifies
from tansiq.policy import mandate
from tansiq.policy.agreement import Agreement, agreement_from_json, governing, with_joined

DOMAIN: Final = b"tansiq/agreement/v2\n"


def signed_bytes(agreement: Agreement) -> bytes:
    """What both authorities sign."""
    return DOMAIN + encode(cast("JSON", agreement.to_json()))


def agreements(
    board: Board, party: str, *, both: bool = True
) -> list[tuple[Agreement, dict[str, str]]]:
    """The agreements with ``party``, newest version first, with their signatures."""
    found = []
    for data in rows.agreements(board, party, both=both):
        agreement, signatures = _read(data)
        found.append((agreement, dict(signatures)))
    return found


@functools.lru_cache(maxsize=64)
def _read(data: bytes) -> tuple[Agreement, tuple[tuple[str, str], ...]]:
    """The agreement of a journal entry: the same bytes are asked for with every
    automatic release.
    """
    item = decode_object(data)
    signatures = cast("dict[str, str]", item["signatures"])
    return agreement_from_json(item["agreement"]), tuple(signatures.items())


@functools.lru_cache(maxsize=64)
def _asked(data: bytes) -> Agreement:
    """The agreement of a journal entry as it is asked: with the rules that joining signed."""
    return with_joined(_read(data)[0])


def texts(board: Board, party: str) -> list[Agreement]:
    """The agreements with ``party`` that both signed, as they are asked, newest version first."""
    return [_asked(data) for data in rows.agreements(board, party, both=True)]


def in_force(board: Board, party: str, now: int) -> Agreement | None:
    """The newest agreement with ``party`` that both signed and that has begun; None where it has
    ended. One that begins later leaves the one before it in force until then.
    """
    text = governs(board, party, now)
    return text if text is not None and text.in_force(now) else None


def governs(board: Board, party: str, now: int) -> Agreement | None:
    """The agreement with ``party`` to be asked at ``now``, so that whoever asks gets the same
    answer: in force, ended, or not begun. None where none was signed by both.
    """
    return governing(texts(board, party), now)


def sign(desk: Desk, actor: Actor, agreement: Agreement) -> None:
    """Sign as this party's release authority, and send the signed text to the other party."""
    demand(mandate.may_do(actor.role, mandate.Act.SIGN_AGREEMENT))
    authority = desk.identity.authority
    if authority is None:
        raise RefusedError(Refused("no_authority_key"))
    if desk.me not in agreement.parties:
        raise InputError("agreement_form")
    agreement_from_json(agreement.to_json())  # what the partner would refuse is not signed
    party = agreement.other(desk.me)
    signature = base64_text(authority.sign(signed_bytes(agreement)))
    with desk.act() as act:
        _demand_newer(act, party, agreement)
        known = _signatures(act, party, agreement)
        signatures = {**known, desk.me: signature}
        _keep(act, party, agreement, signatures, actor.to_json())
        act.feed(
            party, {"type": "agreement", "agreement": agreement.to_json(), "signatures": signatures}
        )


def take(act: Act, party: PartyCode, item: Mapping[str, JSON]) -> None:
    """Keep an agreement that ``party`` sent, if its signature is good. Raises
    FaultError otherwise.
    """
    agreement = agreement_from_json(item.get("agreement"))
    signatures = item.get("signatures")
    if set(agreement.parties) != {act.desk.me, party} or not isinstance(signatures, dict):
        raise ParcelError("agreement_not_ours")
    _demand_newer(act, party, agreement)
    theirs = signatures.get(party)
    sender = partners.partner(act.desk, party)
    key = sender.authority if sender else None
    if key is None or not isinstance(theirs, str):
        raise ParcelError("agreement_signature")
    if not verifies(key, signed_bytes(agreement), base64_bytes(theirs, "agreement_signature")):
        raise ParcelError("agreement_signature")
    known = _signatures(act, party, agreement)
    _keep(act, party, agreement, {**known, party: theirs}, {})
    act.changed("link")


def take_back(act: Act, party: PartyCode, item: Mapping[str, JSON]) -> None:
    """Keep an agreement that we ourselves had sent to ``party`` and lost. Raises FaultError."""
    agreement = agreement_from_json(item.get("agreement"))
    signatures = item.get("signatures")
    if set(agreement.parties) != {act.desk.me, party} or not isinstance(signatures, dict):
        raise ParcelError("agreement_not_ours")
    known = _signatures(act, party, agreement)
    if act.desk.me not in known:
        told = {str(name): str(value) for name, value in signatures.items()}
        _keep(act, party, agreement, {**told, **known}, {})
        act.changed("link")


def _signatures(act: Act, party: str, agreement: Agreement) -> dict[str, str]:
    """The signatures that this node already holds on exactly this text."""
    for known, signatures in agreements(act.desk.board, party, both=False):
        if known == agreement:
            return signatures
    return {}


def _demand_newer(act: Act, party: str, agreement: Agreement) -> None:
    signed = agreements(act.desk.board, party)
    if signed and agreement.version < signed[0][0].version:
        raise ParcelError("agreement_old", version=agreement.version)
    if signed and agreement.id != signed[0][0].id:
        # A pair of parties has one agreement, in versions: two could not both be the newest.
        raise ParcelError("agreement_differs", version=agreement.version)
    for known, _ in agreements(act.desk.board, party, both=False):
        if (known.id, known.version) == (agreement.id, agreement.version) and known != agreement:
            raise ParcelError("agreement_differs", version=agreement.version)


def _keep(
    act: Act, party: str, agreement: Agreement, signatures: dict[str, str], by: Mapping[str, str]
) -> None:
    act.say(
        {
            "type": "agreement",
            "party": party,
            "agreement": agreement.to_json(),
            "signatures": signatures,
            "by": dict(by),
            "at": act.now,
        }
    )
