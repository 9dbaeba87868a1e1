"""The board's whole content, for comparing it with another folding of the same logs.

``tansiq fsck`` and the tests ask here. What must hold: the numbers by which tables know one another
are left out, since two foldings give other ones.
"""

from typing import Final

from tansiq.board.board import Board
from tansiq.board.tables import TABLES

_HIDDEN: Final = {"id", "label", "number", "wait", "look"}
# Known by internal numbers alone, or no content.
_APART: Final = {"label", "edition", "superseded", "stage", "unknown", "left_open", "folding"}
_BY_NAME: Final = {
    "edition": """SELECT r.record, e.log, e.seq, e.received FROM edition e
                    LEFT JOIN record r ON r.id = e.record""",
    "superseded": """SELECT r.record, l.owner, l.text, o.kind, o.state, o.came, o.moment, o.lat,
                       o.lon, o.due, o.f1, o.f2, o.f3, o.f4, o.f5, o.f6, o.log, o.seq, o.received,
                       o.words FROM superseded o
                       JOIN label l ON l.id = o.label LEFT JOIN record r ON r.id = o.record""",
    "stage": """SELECT r.record, s.at, s.state FROM stage s
                  LEFT JOIN record r ON r.id = s.record""",
    "unknown": """SELECT r.record, u.item, l.owner, l.text, u.since, u.open FROM unknown u
                    JOIN label l ON l.id = u.label LEFT JOIN record r ON r.id = u.record""",
    "left_open": """SELECT r.record, o.log, o.seq, o.item FROM left_open o
                      LEFT JOIN record r ON r.id = o.record""",
    "words": "SELECT r.record, s.words FROM search s JOIN record r ON r.id = s.rowid",
    "labels": "SELECT r.record, l.owner, l.text FROM record r JOIN label l ON l.id = r.label",
}


def snapshot(board: Board) -> dict[str, list[tuple[object, ...]]]:
    """All rows by table, in one order."""
    statements = {
        name: f"SELECT {', '.join(_columns(board, name))} FROM {name}"
        for name in TABLES
        if name not in _APART
    }
    return {
        name: sorted(board.db.rows(statement), key=repr)
        for name, statement in (statements | _BY_NAME).items()
    }


def _columns(board: Board, table: str) -> list[str]:
    return [column for column in board.db.columns(table) if column not in _HIDDEN]
