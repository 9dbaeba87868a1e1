"""The entries of the access log on the board: how they are folded, and what the auditor asks.

``desk.proof.audit`` asks here. Who looked at what is for the auditor's role alone.
"""

from collections.abc import Mapping, Sequence

from tansiq.board.board import Board
from tansiq.board.reading import Item
from tansiq.board.rows import number_of, text_of, texts_of
from tansiq.log.database import Value


def fold_access(board: Board, seq: int, item: Item) -> None:
    """Index one entry by whom and by what. Call it inside the transaction that appended it."""
    board.db.run(
        "INSERT INTO access_entry (seq, at, position, person, act) VALUES (?, ?, ?, ?, ?)",
        (
            seq,
            number_of(item, "at"),
            text_of(item, "position"),
            text_of(item, "person"),
            text_of(item, "act"),
        ),
    )
    shown = {tuple(text.split("@", 1)) for text in texts_of(item, "items")}
    board.db.many(
        "INSERT INTO access_record (record, seq, edition) VALUES (?, ?, ?)",
        [(record, seq, edition) for record, edition in sorted(shown)],
    )


# What the auditor asks ----------------------------------------------------------------------------


def counts(board: Board, equal: Mapping[str, str], span: tuple[int, int]) -> dict[str, int]:
    """How many entries of each act there are where these columns (position, person, act) have
    these values, within a ``span`` of moments; "" and 0 bind nothing.
    """
    where, values = _where(equal, span)
    rows = board.db.rows(
        f"SELECT act, COUNT(*) FROM access_entry WHERE {where} GROUP BY act ORDER BY act", values
    )
    return {str(act): int(number or 0) for act, number in rows}


def newest(
    board: Board, equal: Mapping[str, str], span: tuple[int, int], before: int, limit: int
) -> list[int]:
    """The newest of those entries, below the entry ``before`` where that is not 0."""
    where, values = _where(equal, span)
    if before:
        where, values = f"{where} AND seq < ?", [*values, before]
    rows = board.db.rows(
        f"SELECT seq FROM access_entry WHERE {where} ORDER BY seq DESC LIMIT ?", (*values, limit)
    )
    return [int(row[0] or 0) for row in rows]


def _where(equal: Mapping[str, str], span: tuple[int, int]) -> tuple[str, list[Value]]:
    terms: list[tuple[str, Value]] = [(f"{name} = ?", value) for name, value in equal.items()]
    terms += [("at >= ?", span[0]), ("at < ?", span[1])]
    bound = [(term, value) for term, value in terms if value]
    return " AND ".join(["1 = 1", *(term for term, _ in bound)]), [value for _, value in bound]


def of_record(board: Board, key: str, most: int) -> list[tuple[int, str, str, str]]:
    """Who was shown a record, oldest first: moment, act, position, person."""
    rows = board.db.rows(
        """SELECT DISTINCT k.at, k.act, k.position, k.person FROM access_record i
             JOIN access_entry k ON k.seq = i.seq WHERE i.record = ? ORDER BY k.at LIMIT ?""",
        (key, most),
    )
    return [
        (int(at or 0), str(act), str(position), str(person)) for at, act, position, person in rows
    ]


def shown_to(board: Board, key: str, editions: Sequence[str], most: int) -> list[str]:
    """The positions that were shown one of these editions of a record, as the log names them, on
    whatever page, list, sheet or file; first who was shown it first.
    """
    found: dict[str, int] = {}
    for edition in editions:
        rows = board.db.rows(
            """SELECT k.position, MIN(k.at) FROM access_record i
                 JOIN access_entry k ON k.seq = i.seq
               WHERE i.record = ? AND i.edition = ? AND k.position <> ''
               GROUP BY k.position ORDER BY 2, 1 LIMIT ?""",
            (key, edition, most),
        )
        for position, at in rows:
            found.setdefault(str(position), int(at or 0))
    return sorted(found, key=lambda position: (found[position], position))[:most]


def keys_between(board: Board, low: str, high: str, most: int) -> set[str]:
    """The keys of records between two, also of those that are known by a trace alone."""
    found: set[str] = set()
    for table in ("record", "access_record", "received", "release"):
        rows = board.db.rows(
            f"SELECT DISTINCT record FROM {table} WHERE record >= ? AND record <= ? LIMIT ?",
            (low, high, most),
        )
        found |= {str(row[0]) for row in rows}
    return found
