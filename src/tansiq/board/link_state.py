"""What a node remembers of each link: when it was used, where the partner stands, what waits.

``desk.exchange`` and the links page ask here. The tables stand in ``node_state``: none is truth.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from tansiq.board.board import Board
from tansiq.board.rows import in_parts
from tansiq.domain.parties import PartyCode


@dataclass(frozen=True, slots=True)
class Caught:
    """How far a restored node has come with one partner: the word that it last repeated, how long
    our feed to it was that is not whole again (0 = whole), and the word at which its own words had
    all come again.
    """

    party: PartyCode
    heard: str
    rewound: int
    level: str


def caught(board: Board) -> list[Caught]:
    """All partners, by code."""
    rows = board.db.rows(
        """SELECT p.party, COALESCE(s.heard, ''), p.rewound, COALESCE(s.level, '') FROM partner p
           LEFT JOIN link_state s ON s.party = p.party ORDER BY p.party"""
    )
    return [
        Caught(PartyCode(str(party)), str(heard), int(rewound or 0), str(level))
        for party, heard, rewound, level in rows
    ]


def note_contact(board: Board, party: str, now: int, failure: str, *, contact: bool) -> None:
    """Remember that the link was tried ``now``, and whether it worked."""
    board.db.run(
        """INSERT INTO link_state (party, contact_at, tried_at, failure, parcels)
           VALUES (?, ?, ?, ?, 0) ON CONFLICT (party) DO UPDATE SET tried_at = excluded.tried_at,
             failure = excluded.failure, contact_at = CASE
               WHEN excluded.contact_at > link_state.contact_at THEN excluded.contact_at
               ELSE link_state.contact_at END""",
        (party, now if contact else 0, now, failure),
    )


def next_number(board: Board, party: str) -> int:
    """The number of the next parcel to ``party``, from 1; it is taken by this."""
    known = board.db.rows("SELECT parcels FROM link_state WHERE party = ?", (party,))
    number = int(known[0][0] or 0) + 1 if known else 1
    board.db.run(
        """INSERT INTO link_state (party, contact_at, tried_at, failure, parcels)
           VALUES (?, 0, 0, '', ?)
           ON CONFLICT (party) DO UPDATE SET parcels = excluded.parcels""",
        (party, number),
    )
    return number


def heard(board: Board, party: str) -> tuple[str, int]:
    """The word of ours that ``party`` repeated, and the number of the parcel in which it did."""
    rows = board.db.rows("SELECT heard, heard_in FROM link_state WHERE party = ?", (party,))
    return (str(rows[0][0]), int(rows[0][1] or 0)) if rows else ("", 0)


def asked(board: Board, party: str) -> str:
    """The word that ``party`` waits to hear."""
    rows = board.db.rows("SELECT ask FROM link_state WHERE party = ?", (party,))
    return str(rows[0][0]) if rows else ""


def position(board: Board, party: str) -> tuple[int | None, int | None]:
    """How much of our feed ``party`` holds, and from where on it wants its own back."""
    rows = board.db.rows("SELECT have, need FROM link_state WHERE party = ?", (party,))
    if not rows:
        return None, None
    have, need = (None if value is None else int(value) for value in rows[0])
    return have, need


def keep_position(
    board: Board, party: str, *, position: tuple[int, int | None], ask: str, heard: tuple[str, int]
) -> None:
    """Remember what ``position``, ``asked`` and ``heard`` give."""
    board.db.run(
        """INSERT INTO link_state
             (party, contact_at, tried_at, failure, parcels, have, need, ask, heard, heard_in)
           VALUES (?, 0, 0, '', 0, ?, ?, ?, ?, ?) ON CONFLICT (party) DO UPDATE SET
             have = excluded.have, need = excluded.need, ask = excluded.ask,
             heard = excluded.heard, heard_in = excluded.heard_in""",
        (party, *position, ask, *heard),
    )


def set_level(board: Board, party: str, word: str) -> None:
    """All that ``party`` had said has come again since this word was asked for."""
    board.db.run("UPDATE link_state SET level = ? WHERE party = ?", (word, party))


# Files of which the partner lacks bytes -----------------------------------------------------------


def ask_files(board: Board, party: str, lacks: Mapping[str, int]) -> bool:
    """Remember of which files ``party`` lacks bytes, by release, and how many it has; whether that
    is news. What neither went to that party nor came from it is not remembered, however much of
    that it asks for.
    """
    lacks = {release: lacks[release] for release in _between(board, party, lacks)}
    if asked_files(board, party) == lacks:
        return False
    board.db.run("UPDATE asked_file SET now = 0 WHERE party = ?", (party,))
    board.db.many(
        """INSERT INTO asked_file (party, release, have, now) VALUES (?, ?, ?, 1)
           ON CONFLICT (party, release) DO UPDATE SET have = excluded.have, now = 1""",
        [(party, release, have) for release, have in lacks.items()],
    )
    return True


def _between(board: Board, party: str, named: Iterable[str]) -> list[str]:
    """Of these releases, those that left for ``party`` or came from it."""
    found: list[str] = []
    for marks, part in in_parts(named):
        rows = board.db.rows(
            f"""SELECT release FROM release WHERE party = ? AND feed_seq IS NOT NULL
                  AND release IN ({marks})
                UNION SELECT release FROM received WHERE owner = ? AND release IN ({marks})""",
            (party, *part, party, *part),
        )
        found += (str(row[0]) for row in rows)
    return found


def asked_files(board: Board, party: str) -> dict[str, int]:
    """Of which files ``party`` lacks bytes by its last parcel, and how many it has."""
    rows = board.db.rows(
        "SELECT release, have FROM asked_file WHERE party = ? AND now = 1 ORDER BY release",
        (party,),
    )
    return {str(release): int(have or 0) for release, have in rows}


def file_have(board: Board, party: str, release: str) -> int:
    """How many bytes of a file ``party`` had when it last asked for it."""
    rows = board.db.rows(
        "SELECT have FROM asked_file WHERE party = ? AND release = ?", (party, release)
    )
    return int(rows[0][0] or 0) if rows else 0


# Parcels that wait behind a gap -------------------------------------------------------------------


def held(board: Board, party: str) -> list[tuple[int, bytes]]:
    """The parcels of ``party`` that wait, sealed, by the entry with which they start."""
    rows = board.db.rows("SELECT start, data FROM waiting WHERE party = ? ORDER BY start", (party,))
    return [(int(start or 0), cast("bytes", data)) for start, data in rows]


def held_count(board: Board, party: str) -> int:
    """How many wait."""
    return int(board.db.rows("SELECT COUNT(*) FROM waiting WHERE party = ?", (party,))[0][0] or 0)


def hold(board: Board, party: str, start: int, data: bytes) -> None:
    """Keep a parcel until what is before it has come."""
    board.db.run(
        """INSERT INTO waiting (party, start, data) VALUES (?, ?, ?)
           ON CONFLICT (party, start) DO UPDATE SET data = excluded.data""",
        (party, start, data),
    )


def drop_held(board: Board, party: str, start: int | None = None) -> None:
    """Let one parcel go that waits, or all of them."""
    if start is None:
        board.db.run("DELETE FROM waiting WHERE party = ?", (party,))
    else:
        board.db.run("DELETE FROM waiting WHERE party = ? AND start = ?", (party, start))
