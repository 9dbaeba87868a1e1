"""Lists as of an earlier moment: what this node had by then, read with the labels of today.

``queries`` asks here where a query names a moment. What must hold: a record stands by the newest of
those editions that had come by then, are still here, and may be read by this reader today, as its
history says it; who may not read the record as it stands now finds nothing. What a reader may not
see, or what was recalled or purged since, leaves no trace, not even that there was something.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Final, TypeAlias, cast

from tansiq.board.board import Board, turn_of
from tansiq.board.index_scan import WORDS_MAX, IndexScan, Window, within
from tansiq.board.routes import ORDERED, Plan
from tansiq.board.views import COLUMNS, rows_of, sealed
from tansiq.board.visible_labels import VisibleLabels, numbers
from tansiq.domain.inflection import MARK, sought
from tansiq.domain.kinds import KINDS, kind_named
from tansiq.domain.records import RecordView
from tansiq.log.database import Row, Value
from tansiq.policy.seal import Sealed, relabel

# Source, condition and its values, and what gives the number of the record and of the superseded
# edition.
Arm: TypeAlias = tuple[str, str, list[Value], str, str]
_order = cast("Callable[[Row], tuple[int, int]]", itemgetter(0, 1))
# Where a lane of the case stood by then; the moment is asked for once.
_STAGE: Final = """(SELECT g.state FROM stage g WHERE g.record = {number} AND g.at <= ?
    ORDER BY g.at DESC LIMIT 1)"""

_HAS_WORD: Final = "' ' || r.words || ' ' LIKE ?"


class AsOfScan(IndexScan):
    """One reader's questions of the board as it was known at a moment.

    Two arms are asked and put together: records whose edition of today had come by then, and
    editions that have been superseded since. No tally knows an earlier moment: all is counted.
    """

    def __init__(
        self, board: Board, visible: VisibleLabels, window: Window, now: int, as_of: int
    ) -> None:
        super().__init__(board, visible, window, now)
        self.as_of = as_of
        self._words = sought(window.words)[:WORDS_MAX]

    def first(
        self, kinds: Sequence[str], limit: int, after: tuple[int, str] | None = None,
        plan: Plan | None = None,
    ) -> list[Row]:  # fmt: skip
        """The keys of the first rows: moment, turn, number, and the number of the superseded
        edition by which it stood, 0 = that of today.
        """
        by, ascending = self.window.by, self.window.ascending
        way, beyond = ("ASC", ">") if ascending else ("DESC", "<")
        keys: list[Row] = []
        for kind in kinds:
            for source, asked, values, number, old in self.arms(kind):
                where = asked
                if after is not None:
                    where += f" AND (r.{by}, r.turn) {beyond} (?, ?)"
                    values += [after[0], turn_of(after[1])]
                keys += self.board.db.rows(
                    f"""SELECT r.{by}, r.turn, {number}, {old} FROM {source} WHERE {where}
                        ORDER BY r.{by} {way}, r.turn {way} LIMIT ?""",
                    (*values, limit),
                )
        keys.sort(key=_order, reverse=not ascending)
        return keys[:limit]

    def views(self, keys: Sequence[Row]) -> dict[Value, tuple[str, Sealed[RecordView]]]:
        """What stood then, by the number of the record, under its own label and that of today."""
        database = self.board.db
        with database.engine():  # as in :func:`IndexScan.views`
            today = rows_of(database, [int(str(key[2])) for key in keys])
            rows = [
                *self._rows("record x", "x.id", [int(str(k[2])) for k in keys if not k[3]]),
                *self._rows("superseded x", "x.record", [int(str(k[3])) for k in keys if k[3]]),
            ]
        found: dict[Value, tuple[str, Sealed[RecordView]]] = {}
        for number, record, *columns in rows:
            governing = sealed(today[number][1:]) if number in today else None
            view = sealed(tuple(columns))
            if view is not None and governing is not None:
                found[number] = str(record), relabel(view, governing)
        return found

    def _rows(self, source: str, number: str, ids: Sequence[int]) -> list[Row]:
        """Number, key and the ``COLUMNS`` of these editions, counted as their reader sees them."""
        if not ids:
            return []
        chosen, values = self.board.db.dialect.keyed("x.id", ids)
        lanes = ",".join(f"'{kind.name}'" for kind in KINDS.values() if kind.staged)
        stage = _STAGE.format(number="r.id")
        columns = {
            "r.received": "x.received",
            "r.editions": f"""(SELECT COUNT(*) FROM edition h WHERE h.record = r.id
                AND (h.log, h.seq) <= (x.log, x.seq)
                AND h.label IN ({numbers(self.visible.labels)}))""",
            "r.state": f"CASE WHEN x.kind IN ({lanes}) THEN {stage} ELSE x.state END",
            "r.newer": "NULL",  # that a newer one is held is of today
        }
        asked = ", ".join(columns.get(name, name) for name in COLUMNS.split(", "))
        return self.board.db.rows(
            f"""SELECT r.id, r.record, {asked} FROM {source} JOIN record r ON r.id = {number}
                  JOIN entry e ON e.log = x.log AND e.seq = x.seq WHERE {chosen}""",
            (self.as_of, *values),
        )

    def counted(self, kind: str, most: int = 0, plan: Plan | None = None) -> int:
        """How many there are; with ``most``, no further than one past it."""
        few, values = self._both(kind, lambda _: ("1", []), most)
        return int(str(self.board.db.rows(f"SELECT COUNT(*) FROM ({few}) AS few", values)[0][0]))

    def groups(self, kind: str, column: str, most: int, *, tallied: bool) -> dict[Value, int]:
        """How many there are of each value; empty where there are more than ``most`` to count."""

        def of(number: str) -> tuple[str, list[Value]]:
            state, values = self._state(kind, number)
            return (f"{state} AS c", values) if column == "state" else (f"r.{column} AS c", [])

        few, values = self._both(kind, of, most)
        found = self._grouped(f"SELECT c, COUNT(*) FROM ({few}) AS few GROUP BY c", values)
        return found if sum(found.values()) <= most else {}

    def _few(self, kind: str, most: int) -> tuple[str, list[Value]]:
        """The numbers of the rows, as :func:`IndexScan._few`."""
        return self._both(kind, lambda number: (f"{number} AS number", []), most)

    def cells(self, kind: str, side: int, plan: Plan | None = None) -> list[Row]:
        """Per cell of ``side``, as :func:`IndexScan.cells`."""
        rows, values = self._both(kind, lambda _: ("r.lat AS lat, r.lon AS lon, r.f1 AS f1", []), 0)
        return self.board.db.rows(
            f"""SELECT AVG(lat), AVG(lon), COUNT(*), MIN(NULLIF(f1, 0)) FROM ({rows}) AS every
                WHERE lat IS NOT NULL GROUP BY lat / ?, lon / ?""",
            (*values, side, side),
        )

    def _both(
        self, kind: str, columns: Callable[[str], tuple[str, list[Value]]], most: int
    ) -> tuple[str, list[Value]]:
        """The rows of both arms, no more than one past ``most`` (0 = all), as SQL."""
        parts, values = [], list[Value]()
        for source, where, marks, number, _ in self.arms(kind):
            asked, before = columns(number)
            parts.append(f"SELECT {asked} FROM {source} WHERE {where}")
            values += [*before, *marks]
        limit = " LIMIT ?" if most else ""
        return " UNION ALL ".join(parts) + limit, [*values, *([most + 1] if most else [])]

    def arms(self, kind: str) -> tuple[Arm, Arm]:
        """What stood then of a kind, as SQL over ``r``: by today's editions and by superseded
        ones, whose records are ``t``.
        """
        return self._today(kind), self._superseded(kind)

    def _today(self, kind: str) -> Arm:
        """Records whose edition of today had come by then."""
        index = f"record_{ORDERED[self.window.by]}"
        seen, times = self.visible.where(self.board.db.dialect, self.now)
        where, values = self._window(kind, "r.id")
        where, values = f"{where} AND {seen} AND r.came <= ?", [*values, *times, self.as_of]
        if self._match:
            hits = self._hits
            part, marks = (
                self.board.db.dialect.among("r.id", hits)
                if hits is not None
                else (f"+r.id IN ({self._found})", [self._match])
            )
            where, values = f"{where} AND {part}", [*values, *marks]
        return f"record r {self.board.db.dialect.by_index(index)}", where, values, "r.id", "0"

    def _superseded(self, kind: str) -> Arm:
        """Editions by which a record stood then for this reader."""
        labels = numbers(self.visible.labels)
        seen, times = self.visible.where(self.board.db.dialect, self.now, table="t")
        where, values = self._window(kind, "r.record")
        parts = [
            where, "r.came <= ?", f"r.label IN ({labels})", "t.came > ?", seen,
            f"""NOT EXISTS (SELECT 1 FROM superseded n WHERE n.record = r.record AND n.id > r.id
                  AND n.came <= ? AND n.label IN ({labels}))""",
        ]  # fmt: skip
        values += [self.as_of, self.as_of, *times, self.as_of]
        for spellings in self._words:
            parts.append(f"({' OR '.join([_HAS_WORD] * len(spellings))})")
            values += map(_like, spellings)
        source = "superseded r JOIN record t ON t.id = r.record"
        return source, " AND ".join(parts), values, "r.record", "r.id"

    def _window(self, kind: str, number: str) -> tuple[str, list[Value]]:
        """What is asked for beside who may see it, as SQL over ``r`` of either arm."""
        window, parts, values = self.window, ["r.kind = ?"], list[Value]([kind])
        for comparison, moment in ((">=", window.since), ("<", window.until)):
            if moment:
                parts.append(f"r.{window.by} {comparison} ?")
                values.append(moment)
        if window.by == "due":
            parts.append("r.due IS NOT NULL")
        inside, edges = within("r", window.box)
        state, moments = self._state(kind, number)
        chosen, wanted = window.choices.of_record(kind, state, number)
        values += [*edges, *(moments if window.choices.states else []), *wanted]
        return " AND ".join([*parts, inside, chosen]), values

    def _state(self, kind: str, number: str) -> tuple[str, list[Value]]:
        if kind_named(kind).staged:
            return _STAGE.format(number=number), [self.as_of]
        return "r.state", []


def _like(spelling: str) -> str:
    """A spelling as ``LIKE`` finds it: folded words have none of its signs."""
    return f"% {spelling[:-1]} %" if spelling.endswith(MARK) else f"% {spelling}%"
