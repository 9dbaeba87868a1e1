"""Index scans: the newest rows, a count or counts per cell of what somebody may see.

Keys are taken from one index alone, as the reader, and then for a list the few rows that they
name. What rejects most is compared first: cells and labels that lead leave little outside the
window or the sight; by time a window that is small enough for cells rejects more than the labels.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from operator import itemgetter
from typing import Final, cast

from tansiq.board.board import Board, turn_of
from tansiq.board.choices import EVERYTHING, LANES, STATE, Choices, among
from tansiq.board.routes import (
    FEW,
    ORDERED,
    Box,
    Found,
    Plan,
    Route,
    by_words,
    choose,
    in_order,
    sample_of,
    slices,
)
from tansiq.board.views import rows_of, sealed
from tansiq.board.visible_labels import VisibleLabels, numbers
from tansiq.board.walking import first_holding
from tansiq.domain.inflection import sought
from tansiq.domain.records import RecordView
from tansiq.log.database import Row, Value
from tansiq.policy.seal import Sealed

WORDS_MAX: Final = 12
After = tuple[int, int]  # moment or due, and turn, of the row after which a list goes on
_order = cast("Callable[[Row], tuple[int, int]]", itemgetter(0, 1))  # moment or due, and turn
HITS_MAX: Final = 200_000  # so many hits of the search index are held in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is asked for beside who may see it: place, time, words, states and facets.

    ``by`` is the column of the time that bounds and orders: ``moment``, ``due`` or ``came``.
    ``ascending`` begins with the earliest.
    """

    box: Box | None
    since: int
    until: int
    words: str
    choices: Choices = EVERYTHING
    by: str = "moment"
    ascending: bool = False


class IndexScan:
    """One reader's questions of the board at one moment."""

    def __init__(self, board: Board, visible: VisibleLabels, window: Window, now: int) -> None:
        self.board = board
        self.visible = visible
        self.window = window
        self.now = now
        self._found, match = board.db.dialect.found, board.db.dialect.match
        self._match = match(sought(window.words)[:WORDS_MAX])
        self._known: tuple[int, int, frozenset[int]] | None = None  # hits from, until

    def between(self, since: int, until: int) -> "IndexScan":
        """The same questions of another span of time; the words are looked up once for all."""
        if self._match:
            _ = self._hits
        other = copy.copy(self)
        other.window = replace(self.window, since=since, until=until)
        return other

    def views(self, keys: Sequence[Row]) -> dict[Value, tuple[str, Sealed[RecordView]]]:
        """What stands under these keys, each with the record's key, by the number of the record.
        One that was taken off in between is not there any more.
        """
        database = self.board.db
        # Which rows there are was asked as the reader. What stands in them is fetched as the node:
        # to ask of each again whose it is would cost more than all the rest.
        with database.engine():
            rows = rows_of(database, [int(str(key[2])) for key in keys])
        pairs = ((number, str(row[0]), sealed(row[1:])) for number, row in rows.items())
        return {number: (record, view) for number, record, view in pairs if view is not None}

    def first(
        self, kinds: Sequence[str], limit: int, after: tuple[int, str] | None = None,
        plan: Plan | None = None,
    ) -> list[Row]:  # fmt: skip
        """The keys of the first rows of these kinds, which are the newest unless the window says
        otherwise: the moment that orders them, turn, number.
        """
        begin = None if after is None else (after[0], turn_of(after[1]))
        keys = [key for kind in kinds for key in self.along(kind, limit, begin, plan)]
        if len(kinds) > 1:
            keys.sort(key=_order, reverse=not self.window.ascending)
            del keys[limit:]
        return keys

    def along(
        self, kind: str, limit: int, after: After | None = None, plan: Plan | None = None
    ) -> list[Row]:
        """The keys of the first rows of a kind, slice by slice."""
        since, until = self.window.since, self.window.until
        if after is not None and self.window.ascending:
            since = max(since, after[0])
        elif after is not None:
            until = min(until or after[0] + 1, after[0] + 1)
        plan = plan or self.plan(kind, until, limit, after)
        found, keys = Found(wanted=limit), list[Row]()
        for times in slices(plan, since, until, found):
            statement, values = self.keys(kind, plan, times, after)
            keys += self.board.db.rows(f"{statement} LIMIT ?", (*values, limit - len(keys)))
            found.rows = len(keys)
            if len(keys) >= limit:
                break
        return keys

    def keys(
        self, kind: str, plan: Plan, times: tuple[int, int], after: After | None = None
    ) -> tuple[str, list[Value]]:
        """The keys of a slice of time, in order, as SQL and its values: one index is enough."""
        where, values = self._where(kind, plan, *times)
        by, beyond, turn = self.window.by, "<", "DESC"
        if self.window.ascending:
            beyond, turn = ">", "ASC"
        if after is not None:
            where += f" AND (r.{by}, r.turn) {beyond} (?, ?)"
            values += after
        # In an index by cell or label the order comes from sorting, and the planner must not think
        # of going by time instead.
        plus = "" if plan.route in ORDERED.values() else "+"
        return (
            f"""SELECT r.{by}, r.turn, r.id FROM {self._source(plan)} WHERE {where}
                ORDER BY {plus}r.{by} {turn}, r.turn {turn}""",
            values,
        )

    def counted(self, kind: str, most: int = 0, plan: Plan | None = None) -> int:
        """How many there are; with ``most``, no further than one past it."""
        first = self._walked(kind, most + 1, None) if most and plan is None else None
        if first is not None:
            return len(first)
        plan = plan or self.plan(kind, self.window.until, most + 1 if most else 0)
        source = self._source(plan)
        where, values = self._where(kind, plan, self.window.since, self.window.until)
        if not most:
            rows = self.board.db.rows(f"SELECT COUNT(*) FROM {source} WHERE {where}", values)
        else:
            rows = self.board.db.rows(
                f"SELECT COUNT(*) FROM (SELECT 1 FROM {source} WHERE {where} LIMIT ?) AS few",
                (*values, most + 1),
            )
        return int(str(rows[0][0]))

    def tallied(self, kinds: Sequence[str]) -> int:
        """How many there are, added up from the tally less those of others that time withholds."""
        alike = dict[str, list[str]]()  # a facet is another column of each kind
        for kind in kinds:
            alike.setdefault(repr(self.window.choices.of_tally(kind, STATE)), []).append(kind)
        with self.board.db.engine():  # what is taken off was never for this reader
            return sum(sum(self._tallies(few, STATE).values()) for few in alike.values())

    def _tallies(self, kinds: Sequence[str], column: str) -> dict[Value, int]:
        """As :func:`groups`, of kinds of which the same is asked, added up from the tally."""
        chosen, values = self.window.choices.of_tally(kinds[0], column)
        value = "r.state" if column == STATE else "r.value"
        found = self._grouped(
            f"SELECT {value}, SUM(r.n) FROM tally r WHERE {among('r.kind', kinds)}"
            f" AND r.label IN ({numbers(self.visible.labels)}) AND {chosen} GROUP BY {value}",
            (*kinds, *values),
        )
        if not self.visible.others or not found:
            return found
        chosen, values = self.window.choices.of_record(kinds[0])
        withheld = self._grouped(
            f"""SELECT r.{column}, COUNT(*) FROM record r WHERE (expires > 0 OR embargo > 0)
                  AND (r.embargo > ? OR (r.expires > 0 AND r.expires <= ?))
                  AND r.label IN ({numbers(self.visible.others)})
                  AND {among("r.kind || ''", kinds)} AND {chosen}
                GROUP BY r.{column}""",
            (self.now, self.now, *kinds, *values),
        )
        return {group: n - withheld.get(group, 0) for group, n in found.items()}

    def _grouped(self, statement: str, values: Sequence[Value]) -> dict[Value, int]:
        return {group: int(str(n)) for group, n in self.board.db.rows(statement, values)}

    def groups(self, kind: str, column: str, most: int, *, tallied: bool) -> dict[Value, int]:
        """How many there are of each value of a column, of a state or a facet: added up from the
        tally, or else counted one by one. Empty where there are more than ``most`` to count.
        """
        if tallied:
            with self.board.db.engine():  # as in :func:`tallied`
                found = self._tallies([kind], column)
            return {group: n for group, n in found.items() if n}
        plan = self.plan(kind, self.window.until, most + 1)
        where, values = self._where(kind, plan, self.window.since, self.window.until)
        found = self._grouped(
            f"""SELECT c, COUNT(*) FROM (SELECT r.{column} AS c FROM {self._source(plan)}
                WHERE {where} LIMIT ?) AS few GROUP BY c""",
            (*values, most + 1),
        )
        return found if sum(found.values()) <= most else {}

    def asked(self, kind: str, most: int) -> dict[Value, int]:
        """How many there are in which each seat is asked, from the lanes that stand there now: one
        record may count for several. Empty where there are more than ``most`` to count.
        """
        few, values = self._few(kind, most)
        if (
            int(str(self.board.db.rows(f"SELECT COUNT(*) FROM ({few}) AS few", values)[0][0]))
            > most
        ):
            return {}
        return self._grouped(
            f"""SELECT seat, COUNT(*) FROM (SELECT MIN(o.seat) AS seat FROM ({few}) AS few
                  JOIN record t ON t.id = few.number JOIN opening o ON o.root = t.record
                  WHERE {LANES} GROUP BY t.id, o.lane) AS lanes GROUP BY seat""",
            values,
        )

    def _few(self, kind: str, most: int) -> tuple[str, list[Value]]:
        """The numbers of the rows, no more than one past ``most``, as SQL."""
        plan = self.plan(kind, self.window.until, most + 1)
        where, values = self._where(kind, plan, self.window.since, self.window.until)
        return f"SELECT r.id AS number FROM {self._source(plan)} WHERE {where} LIMIT ?", [
            *values, most + 1
        ]  # fmt: skip

    def cells(self, kind: str, side: int, plan: Plan | None = None) -> list[Row]:
        """Per cell of ``side``: mean latitude and longitude, count, and the least number of the
        first facet, which is the worst that is there (None = not said).
        """
        plan = plan or self.plan(kind, self.window.until, 0)
        where, values = self._where(kind, plan, self.window.since, self.window.until)
        return self.board.db.rows(
            f"""SELECT AVG(r.lat), AVG(r.lon), COUNT(*), MIN(NULLIF(r.f1, 0))
                FROM {self._source(plan)} WHERE r.lat IS NOT NULL AND {where}
                GROUP BY r.lat / ?, r.lon / ?""",
            (*values, side, side),
        )

    def plan(self, kind: str, until: int, limit: int, after: After | None = None) -> Plan:
        """The cheapest plan for the first ``limit`` rows, the newest before ``until``, or with 0 to
        all. A plan for the first few may lead to no more than those.
        """
        sample, window = sample_of(self.board, kind, self.now), self.window
        if self._match:
            first = self._walked(kind, limit, after) if limit else None
            plan = by_words(sample, self._hits if first is None else first)
            return replace(plan, route=ORDERED[window.by]) if plan.route is Route.TIME else plan
        if window.by != "moment" or window.ascending:
            return in_order(window.by)
        return choose(
            sample, self.visible.labels, window.box, since=window.since, until=until, limit=limit
        )

    def _walked(self, kind: str, limit: int, after: After | None) -> tuple[int, ...] | None:
        """The first ``limit`` records that hold the words, or all where those are fewer; None where
        they are better looked up. Walked once a glance: a count asks for more than its list.
        """
        window = self.window
        if not self._match or window.choices != EVERYTHING or window.box is not None or limit > FEW:
            return None  # what is rare by itself has too much to pass
        kept, name = self.board.hits(), repr((self._match, kind, window, after, self.visible))
        asked, known = kept.get(name, (0, ()))
        if known is not None and asked < limit:
            plain = IndexScan(self.board, self.visible, replace(window, words=""), self.now)
            known = first_holding(partial(plain.along, kind), self._holding, limit, after)
            kept[name] = (limit, known)
        return None if known is None else known[:limit]

    def _holding(self, low: int, high: int) -> frozenset[int]:
        """Of the records with these numbers and those between, whoever may see them, the ones that
        hold the words; perhaps others too.
        """
        database, known = self.board.db, self._known
        if not known or low < known[0] or high > known[1]:
            least = min(low, high + 1 - database.dialect.found_at_once)
            with database.engine():  # as in :func:`_hits`
                rows = database.rows(database.dialect.found_between, (self._match, least, high))
            numbers = cast("frozenset[int]", frozenset(chain.from_iterable(rows)))
            known = self._known = least, high, numbers
        return known[2]

    @cached_property
    def _hits(self) -> tuple[int, ...] | None:
        """The records that hold the words, whoever may see them; None where they are a great many.

        The node asks, and nobody is told: a scan by these numbers sees what its reader may see.
        Asked once a glance: of a frequent word they cost more than all the rest.
        """
        kept = self.board.hits()
        if self._match not in kept:
            kept[self._match] = (0, self._looked_up())
        return kept[self._match][1]

    def _looked_up(self) -> tuple[int, ...] | None:
        database = self.board.db
        with database.engine():
            rows = database.rows(
                f"SELECT * FROM ({database.dialect.found}) AS hit LIMIT ?",
                (self._match, HITS_MAX + 1),
            )
        if len(rows) > HITS_MAX:
            return None
        return cast("tuple[int, ...]", tuple(chain.from_iterable(rows)))

    def _source(self, plan: Plan) -> str:
        if plan.route is Route.WORD:
            return "record r"
        return f"record r {self.board.db.dialect.by_index(f'record_{plan.route}')}"

    def _where(self, kind: str, plan: Plan, since: int, to: int) -> tuple[str, list[Value]]:
        # By word nothing but the hits may lead: no other column is left as an index knows it.
        word = plan.route is Route.WORD
        kinds = "r.kind || '' = ?" if word else "r.kind = ?"
        parts, values = [kinds], list[Value]([kind])
        if plan.route is Route.CELL:
            parts.append(f"r.cell IN ({','.join(map(str, plan.cells))})")
        for comparison, moment in ((">=", since), ("<", to)):
            if moment:
                parts.append(f"{'+' if word else ''}r.{self.window.by} {comparison} ?")
                values.append(moment)
        if self.window.by == "due":
            parts.append(f"{'+' if word else ''}r.due IS NOT NULL")
        chosen, wanted = self.window.choices.of_record(kind)
        inside, edges = within("r", self.window.box)
        seen, times = self.visible.where(
            self.board.db.dialect, self.now, leading=plan.route is Route.LABEL
        )
        if plan.cells and plan.route is not Route.CELL:
            parts += [inside, seen, chosen]
            values += [*edges, *times, *wanted]
        else:
            parts += [seen, inside, chosen]
            values += [*times, *edges, *wanted]
        if word:
            parts.append(f"r.id IN ({','.join(map(str, plan.hits)) or '-1'})")
        elif plan.hits:
            part, marks = self.board.db.dialect.among("r.id", plan.hits)
            parts.append(part)
            values += marks
        elif self._match:
            parts.append(f"+r.id IN ({self._found})")
            values.append(self._match)
        return " AND ".join(parts), values


def within(table: str, box: Box | None) -> tuple[str, list[Value]]:
    """That a position stands in the window, as SQL and its values."""
    if box is None:
        return "1 = 1", []
    west, south, east, north = box
    lat, lon = f"{table}.lat BETWEEN ? AND ?", f"{table}.lon BETWEEN ? AND ?"
    return f"{lat} AND {lon}", [south, north, west, east]
