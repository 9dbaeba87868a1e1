"""Since when the lanes of a root stand where, as this node came to know it.

``restaging`` and ``cases`` keep it, ``as_of`` asks. What must hold: folding the logs anew gives the
same rows.
"""

from collections.abc import Mapping, Sequence

from tansiq.board.board import Board
from tansiq.board.rows import in_parts
from tansiq.log.database import Value


def keep(board: Board, stages: Mapping[str, Sequence[tuple[int, str]]]) -> None:
    """Note of each of these roots, by key, where its lanes stand: from which moments (milliseconds)
    on at which stage, in the order in which they came there. Kept is what is another stage than
    before.
    """
    changes: list[tuple[Value, ...]] = []
    for marks, part in in_parts(stages):
        rows = board.db.rows(
            f"""SELECT r.record, r.id, s.at, s.state FROM record r LEFT JOIN stage s
                  ON s.record = r.id AND s.at =
                    (SELECT MAX(n.at) FROM stage n WHERE n.record = r.id)
                WHERE r.record IN ({marks})""",
            part,
        )
        for key, number, last, known in rows:
            since, stood = -1 if last is None else int(str(last)), known
            for at, state in stages[str(key)]:
                if state != stood:
                    changes.append((number, at, state))
                    since, stood = (at, state) if at >= since else (since, stood)
    board.db.many(
        """INSERT INTO stage (record, at, state) VALUES (?, ?, ?)
           ON CONFLICT (record, at) DO UPDATE SET state = excluded.state""",
        changes,
    )


def forget(board: Board, key: str) -> None:
    """Note of a root nowhere that it stood."""
    board.db.run(
        "DELETE FROM stage WHERE record = (SELECT id FROM record WHERE record = ?)", (key,)
    )


def begin(board: Board, key: str) -> None:
    """Let a root have stood nowhere before the first of its editions that are left."""
    ((number, first),) = board.db.rows(
        """SELECT r.id, COALESCE((SELECT o.came FROM superseded o WHERE o.record = r.id
             ORDER BY o.id LIMIT 1), r.came) FROM record r WHERE r.record = ?""",
        (key,),
    )
    before = board.db.rows(
        "SELECT state FROM stage WHERE record = ? AND at < ? ORDER BY at DESC LIMIT 1",
        (number, first),
    )
    board.db.run("DELETE FROM stage WHERE record = ? AND at < ?", (number, first))
    for (state,) in before:
        board.db.run(
            "INSERT INTO stage (record, at, state) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (number, first, state),
        )
