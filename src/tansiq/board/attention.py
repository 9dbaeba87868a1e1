"""Attention: which partners' records wait for one of our positions to acknowledge or answer them.

A record waits from the arrival of its newest edition until an acknowledgement or an answer of ours
that everybody here who may read the record may read as well. So "it waits" says the same to all who
see the record, and nothing of replies that some of them may not see.
"""

from collections.abc import Sequence
from typing import Final

from tansiq.board.board import Board, key_of
from tansiq.policy.release import covers

HEEDING: Final = ("acknowledgement", "answer")


def heed(board: Board, identities: Sequence[str]) -> None:
    """Let those partners' records of these ids wait no longer that a reply of ours has answered."""
    if not identities:
        return
    parties = [str(row[0]) for row in board.db.rows("SELECT party FROM partner")]
    for identity in identities:
        keys = [key_of(party, identity) for party in parties]
        waiting = board.db.rows(
            f"""SELECT r.id, r.label, x.at FROM record r JOIN received x ON x.release = r.received
                WHERE r.record IN ({",".join("?" * len(keys)) or "NULL"}) AND r.waits = 1""",
            keys,
        )
        for number, label, came in waiting:
            if _heeded(board, identity, int(str(label)), int(str(came))):
                board.db.run("UPDATE record SET waits = 0 WHERE id = ?", (number,))


def _heeded(board: Board, identity: str, label: int, came: int) -> bool:
    replies = board.db.rows(
        """SELECT DISTINCT a.label FROM link l JOIN record a ON a.record = l.source
           WHERE l.target = ? AND l.field = 'about' AND a.owner = ? AND a.kind IN (?, ?)
             AND a.at >= ?""",
        (identity, board.me, *HEEDING, came),
    )
    labels = board.labels()
    return any(covers(labels[label][1], labels[int(str(row[0]))][1]) for row in replies)
