"""What is not known: since when each item is asked, for whom, and which of them are still open.

Folding calls ``keep`` for each run of editions; the desk asks ``listed`` and ``grouped``. An item
is kept once for each label under which an edition names it, so that "since" tells a reader of no
edition that the reader may not see, and is the same after a rebuild. As of an earlier moment, what
was open is what the edition left open by which the record stood then (``board.as_of``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from tansiq.board.as_of import AsOfScan
from tansiq.board.board import Board, turn_of
from tansiq.board.index_scan import IndexScan, Window
from tansiq.board.reading import ReceivedEdition, content_of
from tansiq.board.visible_labels import VisibleLabels, numbers, visible_to
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.parties import Viewer
from tansiq.domain.records import RecordView
from tansiq.log.canonical import decode_object
from tansiq.log.database import Value
from tansiq.policy.seal import Sealed

if TYPE_CHECKING:
    from tansiq.board.current_rows import CurrentRow

Key: TypeAlias = tuple[int, str, str]  # since (milliseconds), key of the record, item
_Items: TypeAlias = list[tuple[str, bool]]

_KEEP: Final = """INSERT INTO unknown (record, item, label, since, open) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING"""
_LEFT_OPEN: Final = "INSERT INTO left_open (record, log, seq, item) VALUES (?, ?, ?, ?)"


class Age(StrEnum):
    """How long an unknown has been open, by the moment since when it is asked."""

    DAY = "day"  # for less than a day
    WEEK = "week"
    MONTH = "month"
    LONGER = "longer"


_DAY_MS: Final = 86_400_000
# From how many days on, and to how many; 0 = without end.
_AGES: Final = {Age.DAY: (0, 1), Age.WEEK: (1, 7), Age.MONTH: (7, 30), Age.LONGER: (30, 0)}
_ENDS: Final = [days for _, days in _AGES.values() if days]
_AGED: Final = " ".join(
    f"WHEN g.since > ? THEN '{age}'" for age, (_, days) in _AGES.items() if days
)  # by the moments of these ends
OWNER: Final = "owner"
KIND: Final = "kind"
AGE: Final = "age"
GROUPS: Final = {
    OWNER: "g.owner", KIND: "g.kind", AGE: f"CASE {_AGED} ELSE '{Age.LONGER}' END",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which open unknowns are asked for. ``after`` continues a list past the key of its last row;
    ``owners`` and ``kinds`` empty are all; ``as_of`` is the moment (milliseconds) as of which they
    are asked, 0 = now.
    """

    owners: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    age: Age | None = None
    oldest: bool = False
    after: Key | None = None
    limit: int = 50
    as_of: int = 0

    def without(self, group: str) -> "Question":
        """The same from its top, whatever this group's value is."""
        return replace(
            self, after=None, owners=() if group == OWNER else self.owners,
            kinds=() if group == KIND else self.kinds, age=None if group == AGE else self.age,
        )  # fmt: skip


def keep(board: Board, run: Sequence[tuple["CurrentRow", int]], old: frozenset[str]) -> None:
    """Keep what these editions say is not known, each with the number of its record; ``old`` are
    the keys of records that stood before.
    """
    asking = [(one, number) for one, number in run if one.kind.asks]
    rows = [
        (number, item, one.label_id(board), one.at, int(is_open))
        for one, number in asking
        for item, is_open in one.derived.unknowns
    ]
    if rows:
        board.db.many(_KEEP, rows)
        board.db.many(_LEFT_OPEN, [row for one, number in asking for row in _opens(one, number)])
    newest: dict[int, CurrentRow] = {}
    changed: set[int] = set()
    for one, number in asking:
        if number in newest or one.key in old:
            changed.add(number)
        newest[number] = one
    for number in sorted(changed):
        _stand(board, number, newest[number].derived.unknowns)


def _opens(one: "CurrentRow", number: int) -> list[tuple[Value, ...]]:
    items = (item for item, is_open in one.derived.unknowns if is_open)
    return [(number, one.log, one.seq, item) for item in items]


def forget(board: Board, number: int) -> None:
    """Keep nothing of what editions of a record said that is gone."""
    board.db.run("DELETE FROM unknown WHERE record = ?", (number,))
    board.db.run("DELETE FROM left_open WHERE record = ?", (number,))


def _stand(board: Board, number: int, items: _Items) -> None:
    """Let this be what the newest edition of a record says."""
    board.db.run("UPDATE unknown SET open = 0 WHERE record = ? AND open = 1", (number,))
    board.db.many(
        "UPDATE unknown SET open = 1 WHERE record = ? AND item = ?",
        [(number, item) for item, is_open in items if is_open],
    )


def keep_again(board: Board, kind: Kind, number: int) -> None:
    """Keep anew what the editions of a partner's record say that are left: one was withdrawn."""
    if not kind.asks:
        return
    forget(board, number)
    left = board.db.rows(
        """SELECT e.label, e.log, e.seq, n.data
           FROM edition e JOIN entry n ON n.log = e.log AND n.seq = e.seq
           WHERE e.record = ? AND n.data IS NOT NULL ORDER BY e.seq""",
        (number,),
    )
    items: _Items = []
    for label, log, seq, data in left:
        assert isinstance(data, bytes)
        told = content_of(decode_object(data))
        assert isinstance(told, ReceivedEdition)  # it stood before
        assert told.derived is not None
        items = told.derived.unknowns
        board.db.many(_KEEP, [(number, item, label, told.at, 0) for item, _ in items])
        opens = [(number, log, seq, item) for item, is_open in items if is_open]
        board.db.many(_LEFT_OPEN, opens)
    _stand(board, number, items)


def listed(
    board: Board, viewer: Viewer, question: Question, now: int
) -> list[tuple[Key, Sealed[RecordView]]]:
    """The open unknowns that the viewer may see, by the moment since when they are asked."""
    scan = _scan(board, viewer, question, now)
    source, values = _asked(scan, question)
    way, than = ("ASC", ">") if question.oldest else ("DESC", "<")
    past = ""
    if question.after is not None:
        since, key, item = question.after
        past = f" AND (g.since, g.turn, g.item) {than} (?, ?, ?)"
        values += [since, turn_of(key), item]
    rows = board.db.rows(
        f"""SELECT g.since, g.turn, g.id, g.old, g.item FROM {source}{past}
            ORDER BY g.since {way}, g.turn {way}, g.item {way} LIMIT {int(question.limit)}""",
        values,
    )
    found = scan.views([row[:4] for row in rows])
    return [
        ((int(str(row[0])), found[row[2]][0], str(row[4])), found[row[2]][1])
        for row in rows
        if row[2] in found
    ]


def grouped(
    board: Board, viewer: Viewer, question: Question, group: str, *, now: int, most: int
) -> dict[str, int]:
    """How many open unknowns the viewer may see of each value of a group, whatever is chosen of it;
    empty where there are more than ``most`` to count one by one.
    """
    asked = question.without(group)
    source, values = _asked(_scan(board, viewer, asked, now), asked)
    moments = [(question.as_of or now) - days * _DAY_MS for days in _ENDS if group == AGE]
    rows = board.db.rows(
        f"""SELECT few.c, COUNT(*) FROM (SELECT {GROUPS[group]} AS c FROM {source} LIMIT ?) AS few
            GROUP BY few.c""",
        (*moments, *values, most + 1),
    )
    found = {str(code): int(str(count)) for code, count in rows}
    return found if sum(found.values()) <= most else {}


def _scan(board: Board, viewer: Viewer, question: Question, now: int) -> IndexScan:
    every = Window(box=None, since=0, until=0, words="")
    visible: VisibleLabels = visible_to(board, viewer)
    if question.as_of:
        return AsOfScan(board, visible, every, now, question.as_of)
    return IndexScan(board, visible, every, now)


def _asked(scan: IndexScan, question: Question) -> tuple[str, list[Value]]:
    """What is asked for as SQL, ``g`` with a condition to which others may be added: record, item,
    and since when an edition asks it that the viewer may see.
    """
    rows, values = _then(scan) if isinstance(scan, AsOfScan) else _now(scan)
    moment, parts, wanted = question.as_of or scan.now, ["1 = 1"], list[Value]()
    for column, codes in (("o.owner", question.owners), ("o.kind", question.kinds)):
        if codes:
            parts.append(f"{column} IN ({','.join('?' * len(codes))})")
            wanted += codes
    since, ages = "1 = 1", list[Value]()
    if question.age is not None:
        least, days = _AGES[question.age]
        since = "g.since <= ?" if least else "1 = 1"
        ages = [moment - least * _DAY_MS] if least else []
        if days:
            since, ages = f"{since} AND g.since > ?", [*ages, moment - days * _DAY_MS]
    asked = f"""(SELECT o.id AS id, o.item AS item, o.turn AS turn, o.old AS old, o.owner AS owner,
                   o.kind AS kind,
                   (SELECT MIN(s.since) FROM unknown s WHERE s.record = o.id
                      AND s.item = o.item AND s.label IN ({numbers(scan.visible.labels)})) AS since
                 FROM ({rows}) AS o WHERE {" AND ".join(parts)}) AS g WHERE {since}"""
    return asked, [*values, *wanted, *ages]


def _now(scan: IndexScan) -> tuple[str, list[Value]]:
    """What is open now: of an item there is one row under the label of the newest edition."""
    where, values = scan.visible.where(scan.board.db.dialect, scan.now)
    return (
        f"""SELECT u.record AS id, u.item AS item, r.turn AS turn, 0 AS old, r.owner AS owner,
              r.kind AS kind
            FROM unknown u JOIN record r ON r.id = u.record AND r.label = u.label
            WHERE u.open = 1 AND {where}""",
        values,
    )


def _then(scan: AsOfScan) -> tuple[str, list[Value]]:
    """What was open at an earlier moment, of the editions by which records stood then."""
    parts, values = list[str](), list[Value]()
    for kind in (name for name, one in KINDS.items() if one.asks):
        for source, where, marks, number, old in scan.arms(kind):
            owner = "r.owner" if old == "0" else "t.owner"
            parts.append(
                f"""SELECT {number} AS id, s.item AS item, r.turn AS turn, {old} AS old,
                      {owner} AS owner, r.kind AS kind
                    FROM {source} JOIN left_open s
                      ON s.record = {number} AND s.log = r.log AND s.seq = r.seq
                    WHERE {where}"""
            )
            values += marks
    return " UNION ALL ".join(parts), values
