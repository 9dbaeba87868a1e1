"""What is not known: since when each item is asked, for whom, and which of them are still open.

Folding calls ``keep`` for each run of editions; the desk asks ``listed`` and ``counted``. An item
is kept once for each label under which an edition names it, so that "since" tells a reader of no
edition that the reader may not see, and is the same after a rebuild.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from tansiq.board.board import Board, turn_of
from tansiq.board.reading import ReceivedEdition, content_of
from tansiq.board.views import COLUMNS, sealed
from tansiq.board.visible_labels import VisibleLabels, numbers, visible_to
from tansiq.domain.kinds import Kind
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which open unknowns are asked for. ``after`` continues a list past the key of its last row;
    ``owners`` empty is every party.
    """

    owners: tuple[str, ...] = ()
    oldest: bool = False
    after: Key | None = None
    limit: int = 50


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
    newest: dict[int, CurrentRow] = {}
    changed: set[int] = set()
    for one, number in asking:
        if number in newest or one.key in old:
            changed.add(number)
        newest[number] = one
    for number in sorted(changed):
        _stand(board, number, newest[number].derived.unknowns)


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
    board.db.run("DELETE FROM unknown WHERE record = ?", (number,))
    left = board.db.rows(
        """SELECT e.label, n.data FROM edition e JOIN entry n ON n.log = e.log AND n.seq = e.seq
           WHERE e.record = ? AND n.data IS NOT NULL ORDER BY e.seq""",
        (number,),
    )
    items: _Items = []
    for label, data in left:
        assert isinstance(data, bytes)
        told = content_of(decode_object(data))
        assert isinstance(told, ReceivedEdition)  # it stood before
        assert told.derived is not None
        items = told.derived.unknowns
        board.db.many(_KEEP, [(number, item, label, told.at, 0) for item, _ in items])
    _stand(board, number, items)


def _open(
    board: Board, visible: VisibleLabels, owners: Sequence[str], now: int
) -> tuple[str, list[Value]]:
    """The open unknowns that a viewer may see, each once, as SQL over ``u`` and its record ``r``.

    Of an item there is one row under the label of the newest edition.
    """
    where, values = visible.where(board.db.dialect, now)
    whose = f" AND r.owner IN ({','.join('?' * len(owners))})" if owners else ""
    source = "FROM unknown u JOIN record r ON r.id = u.record AND r.label = u.label"
    return f"{source} WHERE u.open = 1 AND {where}{whose}", [*values, *owners]


def listed(
    board: Board, viewer: Viewer, question: Question, now: int
) -> list[tuple[Key, Sealed[RecordView]]]:
    """The open unknowns that the viewer may see, by the moment since when they are asked."""
    visible = visible_to(board, viewer)
    source, values = _open(board, visible, question.owners, now)
    way, than = ("ASC", ">") if question.oldest else ("DESC", "<")
    order = f"g.since {way}, g.turn {way}, g.item {way}"
    past = ""
    if question.after is not None:
        since, key, item = question.after
        past, values = f"WHERE (g.since, g.turn, g.item) {than} (?, ?, ?)", [
            *values, since, turn_of(key), item,
        ]  # fmt: skip
    rows = board.db.rows(
        f"""SELECT g.since, r.record, g.item, {COLUMNS}
            FROM (SELECT u.record AS id, u.item AS item, r.turn AS turn,
                    (SELECT MIN(s.since) FROM unknown s WHERE s.record = u.record
                       AND s.item = u.item AND s.label IN ({numbers(visible.labels)})) AS since
                  {source}) g
              JOIN record r ON r.id = g.id JOIN entry e ON e.log = r.log AND e.seq = r.seq
            {past} ORDER BY {order} LIMIT {int(question.limit)}""",
        tuple(values),
    )
    found: list[tuple[Key, Sealed[RecordView]]] = []
    for row in rows:
        view = sealed(tuple(row[3:]))
        if view is not None:
            found.append(((int(str(row[0])), str(row[1]), str(row[2])), view))
    return found


def counted(board: Board, viewer: Viewer, now: int) -> dict[str, int]:
    """How many open unknowns the viewer may see, by the owner of the record."""
    source, values = _open(board, visible_to(board, viewer), (), now)
    rows = board.db.rows(
        f"SELECT r.owner, COUNT(*) {source} GROUP BY r.owner ORDER BY r.owner", tuple(values)
    )
    return {str(owner): int(str(count)) for owner, count in rows}
