"""Folding what the journal says of partners: cards, agreements, revocations, successions, stops and
restarts.

Cards are kept, not replaced: a note or a receipt is checked with the key that its party had then.
"""

import json
from collections.abc import Callable
from typing import Final, TypeAlias

from tansiq.board.board import Board
from tansiq.board.reading import Item
from tansiq.board.rows import item_at, number_of, text_of
from tansiq.domain.bounds import BOUNDS
from tansiq.log.cards import Card, read_card
from tansiq.log.papers import read_revocation, read_succession

Handler: TypeAlias = Callable[[Board, int, Item], None]


def _card(board: Board, seq: int, item: Item) -> None:
    data = text_of(item, "card").encode()
    card, at = read_card(data), item_at(item)
    former = bool(item["former"])
    # Under another authority nothing vouches for the keys before: they count no longer.
    until = at if item["anew"] else at + BOUNDS.key_overlap_ms
    if not former:
        board.db.run(
            """UPDATE card SET until = ?
               WHERE party = ? AND public <> ? AND (until = 0 OR until > ?)""",
            (until, card.party, card.public.hex(), until),
        )
    board.db.run("DELETE FROM card WHERE card = ?", (data,))
    board.db.run(
        """INSERT INTO card (card, party, node, public, at, size, until, expires)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            data, card.party, card.node, card.public.hex(), at, number_of(item, "size"),
            at if former else 0, card.expires_ms,
        ),
    )  # fmt: skip
    if card.party != board.me:
        _partner(board, item, card, data)


def _partner(board: Board, item: Item, card: Card, data: bytes) -> None:
    by, at = json.dumps(item["by"], sort_keys=True), item_at(item)
    board.db.run(
        """INSERT INTO partner (party, card, public, authority, trusted_at, trusted_by,
             authorised_at, authorised_by, stopped_at, stop_code, acknowledged, accepted,
             rewound, named)
           VALUES (?, ?, ?, ?, ?, ?, 0, '{}', 0, '', 0, 0, 0, ?)
           ON CONFLICT (party) DO UPDATE SET card = excluded.card, public = excluded.public,
             authority = excluded.authority""",
        (card.party, data, card.public.hex(), card.authority.hex(), at, by, data),
    )
    if item["named"]:
        board.db.run("UPDATE partner SET named = ? WHERE party = ?", (data, card.party))
        board.db.run("DELETE FROM new_authority WHERE party = ?", (card.party,))
    if item["authorised"]:
        _authorise(board, card.party, at, by)


def _authorise(board: Board, party: str, at: int, by: str) -> None:
    board.db.run(
        """UPDATE partner SET authorised_at = ?, authorised_by = ?
           WHERE party = ? AND authorised_at = 0""",
        (at, by, party),
    )


def _authorised(board: Board, seq: int, item: Item) -> None:
    by = json.dumps(item["by"], sort_keys=True)
    _authorise(board, text_of(item, "party"), item_at(item), by)


def _revocation(board: Board, seq: int, item: Item) -> None:
    data = text_of(item, "paper").encode()
    revocation = read_revocation(data)
    board.db.run(
        """INSERT INTO revocation (public, party, node, paper, reason, lost, at, size)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            revocation.public.hex(), revocation.party, revocation.node, data, revocation.reason,
            revocation.lost_ms, item_at(item), number_of(item, "size"),
        ),
    )  # fmt: skip


def _succession(board: Board, seq: int, item: Item) -> None:
    succession = read_succession(text_of(item, "paper").encode())
    board.db.run(
        "UPDATE partner SET authority = ? WHERE party = ?",
        (succession.successor.hex(), succession.party),
    )


def _told(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "INSERT INTO papers_sent (party, seq, paper) VALUES (?, ?, ?)",
        (text_of(item, "to"), number_of(item, "seq"), text_of(item, "paper").encode()),
    )


def _stopped(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "UPDATE partner SET stopped_at = ?, stop_code = ? WHERE party = ?",
        (item_at(item), text_of(item, "code"), text_of(item, "party")),
    )


def _restart(board: Board, seq: int, item: Item) -> None:
    board.db.run("DELETE FROM restart WHERE party = ?", (text_of(item, "party"),))
    board.db.run(
        "INSERT INTO restart (party, asked_by, asked_at, reason) VALUES (?, ?, ?, ?)",
        (
            text_of(item, "party"), json.dumps(item["by"], sort_keys=True), item_at(item),
            text_of(item, "reason"),
        ),
    )  # fmt: skip


def _new_authority(board: Board, seq: int, item: Item) -> None:
    party, card = text_of(item, "party"), text_of(item, "card").encode()
    board.db.run("DELETE FROM new_authority WHERE party = ?", (party,))
    if card:  # else the wish was taken back
        board.db.run(
            "INSERT INTO new_authority (party, card, asked_by, asked_at) VALUES (?, ?, ?, ?)",
            (party, card, json.dumps(item["by"], sort_keys=True), item_at(item)),
        )


def _restarted(board: Board, seq: int, item: Item) -> None:
    party = text_of(item, "party")
    board.db.run("DELETE FROM restart WHERE party = ?", (party,))
    board.db.run("UPDATE partner SET stopped_at = 0, stop_code = '' WHERE party = ?", (party,))


def _agreement(board: Board, seq: int, item: Item) -> None:
    signed = item["signatures"]
    agreement = item["agreement"]
    assert isinstance(signed, dict)
    assert isinstance(agreement, dict)
    party = text_of(item, "party")
    board.db.run(
        """INSERT INTO agreement (party, id, version, journal, ours, theirs)
           VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (party, id, version) DO UPDATE SET journal = excluded.journal,
             ours = excluded.ours, theirs = excluded.theirs""",
        (
            party,
            text_of(agreement, "id"),
            number_of(agreement, "version"),
            seq,
            int(board.me in signed),
            int(party in signed),
        ),
    )


JOURNAL_PAPERS: Final[dict[str, Handler]] = {
    "agreement": _agreement,
    "card": _card,
    "authorised": _authorised,
    "revocation": _revocation,
    "succession": _succession,
    "told": _told,
    "stopped": _stopped,
    "restart": _restart,
    "restarted": _restarted,
    "new_authority": _new_authority,
}
