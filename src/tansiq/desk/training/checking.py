"""Checking the code of a certificate off line, by the cards and lists that this node holds.

What must hold: no answer is only "valid". It says who issued it and under which key, until when,
and what the newest list of withdrawn serials says that this node holds and this reader may read,
with the day of that list. A hostile code costs no more than to be read.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query, View
from tansiq.desk.trust import papers, partners
from tansiq.domain.digits import western
from tansiq.domain.kinds.training.withdrawn_list import WITHDRAWN_LIST, serials_in
from tansiq.domain.parties import Actor, PartyCode, Viewer, roster_number
from tansiq.log.certificates import Claims, Code, is_signed_by, mark_of, read_code
from tansiq.policy import mandate

KEYS_MAX: Final = 64  # of one party, newest first


class KeyStand(StrEnum):
    """How the key stands that signed."""

    IN_USE = "in_use"
    EARLIER = "earlier"  # a later key took its place; what it signed counts
    FORMER = "former"  # under an authority that is no longer the party's: nothing vouches for it
    REVOKED = "revoked"  # who has the key can sign anything with any day
    UNKNOWN = "unknown"  # none that this node knows of the party: forged, changed, or newer
    STRANGER = "stranger"  # of the party this node holds no card


_COUNTS: Final = frozenset({KeyStand.IN_USE, KeyStand.EARLIER})
_KNOWN: Final = _COUNTS | {KeyStand.FORMER, KeyStand.REVOKED}


class Holder(StrEnum):
    """Whether the roster number that was typed is the one for which a code was made."""

    NOT_ASKED = "not_asked"
    SAME = "same"
    OTHER = "other"


class Time(StrEnum):
    """Where today is beside the days that a certificate names."""

    BEFORE = "before"
    WITHIN = "within"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What this node can say of a code. Of one whose ``key`` nobody here knows nothing else counts.
    ``listed`` says if the newest ``withdrawn`` list names it, None where no list is held; ``age``
    is how many days old that list is. ``lost`` is since when a revoked key is in doubt (ms).
    """

    claims: Claims
    key: KeyStand
    time: Time
    holder: Holder
    withdrawn: View | None = None
    listed: bool | None = None
    age: int = 0
    lost: int = 0

    @property
    def known(self) -> bool:
        """Whether any key signed it that this node knows as one that the issuer has had."""
        return self.key in _KNOWN

    @property
    def signed(self) -> bool:
        """Whether a key signed it that this node knows as the issuer's and that nobody revoked."""
        return self.key in _COUNTS

    @property
    def stands(self) -> bool:
        """Whether nothing that this node holds speaks against it, and a list of the issuer does not
        name it.
        """
        right = self.signed and self.time is Time.WITHIN and self.holder is not Holder.OTHER
        return right and self.listed is False


def check(desk: Desk, actor: Actor, typed: str, roster: str = "") -> Checked:
    """What this node can say of a code that somebody shows, and of the roster number that its
    holder says. Raises ParcelError for what is no code, InputError for no roster number,
    RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.READ))
    said = western(roster).strip().upper()
    number = roster_number(said) if said else ""
    code = read_code(typed)
    claims = code.claims
    key, lost = _key(desk, code)
    today = say.day_of(desk).isoformat()
    time = Time.BEFORE if today < claims.begins else Time.WITHIN
    time = Time.AFTER if claims.ends and claims.ends < today else time
    known = key in _KNOWN
    # Dear work, and only for what an issuer that is known here has signed.
    same = bool(number) and known and mark_of(number, claims.salt) == claims.mark
    holder = (Holder.SAME if same else Holder.OTHER) if number and known else Holder.NOT_ASKED
    newest = _list_of(desk, desk.viewer(actor), claims.party) if known else None
    return Checked(
        claims=claims, key=key, lost=lost, time=time, holder=holder, withdrawn=newest,
        listed=claims.serial in serials_in(newest.value.body) if newest else None,
        age=_age(desk, newest),
    )  # fmt: skip


def _key(desk: Desk, code: Code) -> tuple[KeyStand, int]:
    """Which key of the party that it names signed a code, and since when that is in doubt."""
    party = code.claims.party
    present, authority = _present(desk, party)
    known = {present: authority} if present else {}
    for card in papers.cards_of(desk, party)[:KEYS_MAX]:
        known.setdefault(card.public, card.authority)
    signer = next((public for public in known if is_signed_by(code, public)), None)
    if signer is None:
        return (KeyStand.UNKNOWN if known else KeyStand.STRANGER), 0
    revoked = papers.revoked_key(desk, party, signer)
    if revoked is not None:
        return KeyStand.REVOKED, revoked.lost
    if known[signer] != authority:
        return KeyStand.FORMER, 0
    return (KeyStand.IN_USE if signer == present else KeyStand.EARLIER), 0


def _present(desk: Desk, party: str) -> tuple[bytes, bytes]:
    """The key of a party that is in use here and the authority that counts for it; empty for a
    party that this node does not know.
    """
    if party == desk.me:
        return desk.identity.keys.public, papers.own_authority(desk)
    known = partners.partner(desk, party)
    return (known.card.public, known.authority) if known else (b"", b"")


def _list_of(desk: Desk, viewer: Viewer, party: str) -> View | None:
    """The newest list of withdrawn serials of a party that this viewer may read. One that did not
    come whole names nobody, and is none.
    """
    asked = Query(kinds=(WITHDRAWN_LIST.name,), owners=(PartyCode(party),), limit=1)
    found = next(iter(read.page(desk, viewer, asked).rows), None)
    body = found.value.body if found else {}
    whole = body.get("day") and body.get("listed") == len(serials_in(body))
    return found if whole else None


def _age(desk: Desk, newest: View | None) -> int:
    """How many days ago a list was stated; 0 for one of today, or of a clock that is ahead."""
    if newest is None:
        return 0
    stated = dt.date.fromisoformat(str(newest.value.body["day"]))
    return max((say.day_of(desk) - stated).days, 0)
