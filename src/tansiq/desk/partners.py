"""Partners on this node: whose card is trusted, which key signs, what the link was
last heard of.
"""

import functools
import json
from dataclasses import dataclass
from typing import Final, cast

from tansiq.desk.desk import Act, Desk, demand
from tansiq.domain.errors import ParcelError
from tansiq.domain.parties import Actor, PartyCode
from tansiq.log.cards import Card, open_card, read_card
from tansiq.policy import mandate

# Not folded from the logs and not truth: parcels that wait behind a gap (the partner sends them
# again) and when a
# link was last used.
TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS waiting (
        party TEXT NOT NULL, start INTEGER NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY (party, start))""",
    """CREATE TABLE IF NOT EXISTS link_state (
        party TEXT PRIMARY KEY, contact_at INTEGER NOT NULL, tried_at INTEGER NOT NULL,
        failure TEXT NOT NULL, parcels INTEGER NOT NULL)""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A partner as this node knows it. Times in milliseconds, 0 = never."""

    card: Card
    trusted_at: int
    trusted_by: dict[str, str]
    stopped_at: int
    stop_code: str
    acknowledged: int
    accepted: int
    contact_at: int
    tried_at: int
    failure: str

    @property
    def party(self) -> PartyCode:
        """Its code."""
        return PartyCode(self.card.party)


_SELECT: Final = """SELECT p.card, p.trusted_at, p.trusted_by, p.stopped_at, p.stop_code,
    p.acknowledged, p.accepted, COALESCE(s.contact_at, 0), COALESCE(s.tried_at, 0),
    COALESCE(s.failure, '') FROM partner p LEFT JOIN link_state s ON s.party = p.party"""


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
def _card(data: bytes) -> Card:
    """The card in a journal entry; checking its signature once is enough for the same bytes."""
    return read_card(data)


def _partner(row: tuple[object, ...]) -> Partner:
    return Partner(
        card=_card(cast("bytes", row[0])),
        trusted_at=int(str(row[1])),
        trusted_by=json.loads(str(row[2])),
        stopped_at=int(str(row[3])),
        stop_code=str(row[4]),
        acknowledged=int(str(row[5])),
        accepted=int(str(row[6])),
        contact_at=int(str(row[7])),
        tried_at=int(str(row[8])),
        failure=str(row[9]),
    )


def key_of_node(desk: Desk, party: str, node: str) -> bytes | None:
    """The public key that signs for ``party``'s node; None for a stranger or another node."""
    known = partner(desk, party)
    return known.card.public if known is not None and known.card.node == node else None


def trust(desk: Desk, actor: Actor, card_bytes: bytes) -> Card:
    """Accept a partner's card, after a person has compared its eight words aloud. Nothing is
    released by it.

    Raises ParcelError for a card that is not good, RefusedError without the mandate.
    """
    demand(mandate.may_do(actor.role, mandate.Act.JOIN))
    card = offered(desk, card_bytes)
    with desk.act() as act:
        act.say(
            {
                "type": "card", "party": card.party, "card": card_bytes.decode(),
                "by": actor.to_json(), "at": act.now,
            }
        )  # fmt: skip
        act.changed("link")
    return card


def offered(desk: Desk, card_bytes: bytes) -> Card:
    """The card that somebody hands over, if it could be trusted. Raises ParcelError."""
    card = open_card(card_bytes, desk.clock.now())
    if card.party == desk.me:
        raise ParcelError("card_own")
    known = partner(desk, card.party)
    if known is not None and known.card.authority != card.authority:
        raise ParcelError("card_other_authority", party=card.party)
    if known is not None and known.card.issued_ms > card.issued_ms:
        raise ParcelError("card_old", party=card.party)
    return card


def note_contact(act: Act, party: PartyCode, *, failure: str = "", contact: bool) -> None:
    """Remember when the link was tried and whether it worked."""
    act.desk.database.run(
        """INSERT INTO link_state (party, contact_at, tried_at, failure, parcels)
           VALUES (?, ?, ?, ?, 0) ON CONFLICT (party) DO UPDATE SET tried_at = excluded.tried_at,
             contact_at = MAX(contact_at, excluded.contact_at), failure = excluded.failure""",
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
