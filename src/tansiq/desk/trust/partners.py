"""Partners on this node: whose card is trusted, which key signs, what the link was
last heard of.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.parties import Actor, PartyCode
from tansiq.log.cards import Card, open_card, read_card
from tansiq.log.store import in_log
from tansiq.policy import mandate

# Not folded from the logs and not truth: parcels that wait behind a gap (the partner sends them
# again), when a link was last used and what the partner said of its position, and that a node was
# restored (``desk.exchange.handshake``).
TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS waiting (
        party TEXT NOT NULL, start INTEGER NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY (party, start))""",
    """CREATE TABLE IF NOT EXISTS link_state (
        party TEXT PRIMARY KEY, contact_at INTEGER NOT NULL, tried_at INTEGER NOT NULL,
        failure TEXT NOT NULL, parcels INTEGER NOT NULL, have INTEGER, need INTEGER,
        ask TEXT NOT NULL DEFAULT '', heard TEXT NOT NULL DEFAULT '',
        level TEXT NOT NULL DEFAULT '', heard_in INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE IF NOT EXISTS clock_state (seen INTEGER NOT NULL, held INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS restoration (
        word TEXT NOT NULL, at INTEGER NOT NULL, backup_at INTEGER NOT NULL)""",
)
# Each of them, and how many of its first columns tell its rows apart.
KEYS: Final = {"waiting": 2, "link_state": 1, "clock_state": 2, "restoration": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A partner as this node knows it. Times in milliseconds, 0 = never."""

    card: Card
    data: bytes
    authority: bytes
    trusted_at: int
    trusted_by: dict[str, str]
    authorised_at: int
    authorised_by: dict[str, str]
    stopped_at: int
    stop_code: str
    acknowledged: int
    accepted: int
    rewound: int
    contact_at: int
    tried_at: int
    failure: str
    revoked_at: int
    lost_at: int

    @property
    def party(self) -> PartyCode:
        """Its code."""
        return PartyCode(self.card.party)


_SELECT: Final = """SELECT p.card, p.trusted_at, p.trusted_by, p.stopped_at, p.stop_code,
    p.acknowledged, p.accepted, COALESCE(s.contact_at, 0), COALESCE(s.tried_at, 0),
    COALESCE(s.failure, ''), p.authority, p.authorised_at, p.authorised_by,
    COALESCE(r.at, 0), COALESCE(r.lost, 0), p.rewound
    FROM partner p LEFT JOIN link_state s ON s.party = p.party
    LEFT JOIN revocation r ON r.public = p.public AND r.party = p.party"""


def create(desk: Desk) -> None:
    """Make the tables that are not folded."""
    with desk.database.transaction():
        for table in TABLES:
            desk.database.run(table)


def partners(desk: Desk) -> list[Partner]:
    """All partners, by code."""
    return [_partner(row) for row in desk.database.rows(f"{_SELECT} ORDER BY p.party")]


def partner(desk: Desk, party: str) -> Partner | None:
    """One partner."""
    rows = desk.database.rows(f"{_SELECT} WHERE p.party = ?", (party,))
    return _partner(rows[0]) if rows else None


@functools.lru_cache(maxsize=64)
def card_in(data: bytes) -> Card:
    """The card in a journal entry; checking its signature once is enough for the same bytes."""
    return read_card(data)


def _partner(row: tuple[object, ...]) -> Partner:
    return Partner(
        card=card_in(cast("bytes", row[0])),
        data=cast("bytes", row[0]),
        authority=bytes.fromhex(str(row[10])),
        authorised_at=int(str(row[11])),
        authorised_by=json.loads(str(row[12])),
        revoked_at=int(str(row[13])),
        lost_at=int(str(row[14])),
        trusted_at=int(str(row[1])),
        trusted_by=json.loads(str(row[2])),
        stopped_at=int(str(row[3])),
        stop_code=str(row[4]),
        acknowledged=int(str(row[5])),
        accepted=int(str(row[6])),
        rewound=int(str(row[15])),
        contact_at=int(str(row[7])),
        tried_at=int(str(row[8])),
        failure=str(row[9]),
    )


def trust(desk: Desk, actor: Actor, card_bytes: bytes, *, new_authority: bool = False) -> Card:
    """Accept a partner's card, after a person has compared its eight words aloud. Nothing is
    released by it, and nothing is exchanged before a release authority authorises it; where it is
    a release authority that accepts it, both happen at once.

    ``new_authority`` says that people knew that the party has another authority key than before.
    Raises ParcelError for a card that is not good, RefusedError without the mandate.
    """
    demand(mandate.may_do(actor.role, mandate.Act.JOIN))
    card = offered(desk, card_bytes, new_authority=new_authority)
    authority = bool(mandate.may_do(actor.role, mandate.Act.SIGN_AGREEMENT))
    with desk.act() as act:
        say_card(act, card, card_bytes, by=actor.to_json(), via="", authorised=authority)
    return card


def say_card(
    act: Act, card: Card, data: bytes, *, by: Mapping[str, str], via: str, authorised: bool = False
) -> None:
    """Note in the journal that a card counts from here on, and from which entry of the feed."""
    act.say(
        {
            "type": "card", "party": card.party, "card": data.decode(), "by": dict(by), "via": via,
            "authorised": authorised, "size": act.desk.store.head(in_log(card.party)).size,
            "at": act.now,
        }
    )  # fmt: skip
    act.changed("link")


def authorise(desk: Desk, actor: Actor, party: str) -> None:
    """Let the exchange with a party begin whose key was confirmed. Nothing is released by it.

    Raises InputError, RefusedError without the mandate of a release authority.
    """
    demand(mandate.may_do(actor.role, mandate.Act.SIGN_AGREEMENT))
    known = partner(desk, party)
    if known is None:
        raise InputError("partner_unknown", party=party[:8])
    if known.authorised_at:
        return
    with desk.act() as act:
        act.say({"type": "authorised", "party": party, "by": actor.to_json(), "at": act.now})
        act.changed("link")


def offered(desk: Desk, card_bytes: bytes, *, new_authority: bool = False) -> Card:
    """The card that somebody hands over, if it could be trusted. Raises ParcelError."""
    card = open_card(card_bytes, desk.clock.now())
    if card.party == desk.me:
        raise ParcelError("card_own")
    known = partner(desk, card.party)
    if known is not None and known.authority != card.authority and not new_authority:
        raise ParcelError("card_other_authority", party=card.party)
    if known is not None and known.card.issued_ms > card.issued_ms:
        raise ParcelError("card_old", party=card.party)
    if desk.database.rows(
        "SELECT 1 FROM revocation WHERE party = ? AND public = ?", (card.party, card.public.hex())
    ):
        raise ParcelError("card_revoked", party=card.party)
    return card


def note_contact(act: Act, party: PartyCode, *, failure: str = "", contact: bool) -> None:
    """Remember when the link was tried and whether it worked."""
    act.desk.database.run(
        """INSERT INTO link_state (party, contact_at, tried_at, failure, parcels)
           VALUES (?, ?, ?, ?, 0) ON CONFLICT (party) DO UPDATE SET tried_at = excluded.tried_at,
             failure = excluded.failure, contact_at = CASE
               WHEN excluded.contact_at > link_state.contact_at THEN excluded.contact_at
               ELSE link_state.contact_at END""",
        (party, act.now if contact else 0, act.now, failure),
    )


def next_number(act: Act, party: PartyCode) -> int:
    """The number of the next parcel to ``party``, from 1; people read it aloud and see it in file
    names.
    """
    known = act.desk.database.rows("SELECT parcels FROM link_state WHERE party = ?", (party,))
    number = int(str(known[0][0])) + 1 if known else 1
    act.desk.database.run(
        """INSERT INTO link_state (party, contact_at, tried_at, failure, parcels)
           VALUES (?, 0, 0, '', ?)
           ON CONFLICT (party) DO UPDATE SET parcels = excluded.parcels""",
        (party, number),
    )
    return number
