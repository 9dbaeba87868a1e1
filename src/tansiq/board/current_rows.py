"""Letting editions stand: what a run of editions does to the tables, a few statements for all.

One edition is a run of one. What a run does is what its editions would do one after the other: the
last one of a record stands, all of them are counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from tansiq.board import aggregate, bound, hulls, meets, puts, stock, superseded, unknowns, waits
from tansiq.board.board import Board, cell_of, key_of, turn_of
from tansiq.board.reading import Derived, Opens
from tansiq.board.rows import in_parts
from tansiq.domain.attention import Wait
from tansiq.domain.escalation import Haste
from tansiq.domain.kinds import Kind
from tansiq.domain.labels import Label
from tansiq.domain.parties import PartyCode
from tansiq.log.database import Value

_HALF_A_DAY_MS: Final = 43_200_000  # a day stands for its noon


class CurrentRow(msgspec.Struct, kw_only=True):
    """An edition as the tables need it, and where its entry stands. ``received`` is the partner's
    release by which it came, ``came`` when this node accepted or wrote it, ``by`` the position here
    that wrote it; ``key`` is the record's key in every table.
    """

    kind: Kind
    owner: PartyCode
    record: str
    state: str
    label: Label
    derived: Derived
    at: int
    log: int
    seq: int
    received: str | None
    came: int
    opens: Opens | None = None
    by: str = ""
    key: str = ""
    interned: int = 0

    def __post_init__(self) -> None:
        self.key = key_of(self.owner, self.record)

    def label_id(self, board: Board) -> int:
        """The number of its label; asked for once, for several tables have it."""
        if not self.interned:
            self.interned = board.label_id(self.owner, self.label)
        return self.interned


def keep_editions(board: Board, run: Sequence[CurrentRow]) -> None:
    """Keep these editions, and let each record's row stand for its last one."""
    known = _known(board, {one.key for one in run})
    old = frozenset(known)
    newest: dict[str, CurrentRow] = {}
    history: list[tuple[Value, ...]] = []
    following = _next_id(board)
    for one in run:
        number, editions = known.get(one.key, (following, 0))
        following += number == following
        known[one.key] = number, editions + 1
        newest[one.key] = one
        history.append((number, one.log, one.seq, one.received, one.label_id(board)))
    board.db.many(
        "INSERT INTO edition (record, log, seq, received, label) VALUES (?, ?, ?, ?, ?)", history
    )
    superseded.keep(
        board, [known[key][0] for key in newest if key in old],
        [(one, known[one.key][0]) for one in run if one is not newest[one.key]],
    )  # fmt: skip
    _point(board, [(one, *known[key]) for key, one in newest.items() if key not in old], new=True)
    _point(board, [(newest[key], *known[key]) for key in newest if key in old], new=False)
    unknowns.keep(board, [(one, known[one.key][0]) for one in run], old)
    stock.keep(board, run)
    _await_ends(board, newest.values())
    puts.keep(board, run, old)
    waits.heed(board, [heeded for one in run if (heeded := _heeded(one)) is not None])


def _await_ends(board: Board, run: Iterable[CurrentRow]) -> None:
    """Let own records whose kind says so wait for the position that wrote them, from the end of the
    day on which they lapse.
    """
    for one in run:
        if one.kind.lapses and one.received is None:
            ends = one.derived.due if one.state in one.kind.lapses else None
            wait = ends and Wait(
                seat=one.by, about=one.key, why=waits.LAPSE, step=str(ends), since=one.at,
                due=ends + _HALF_A_DAY_MS, quiet=True,
            )  # fmt: skip
            waits.until(board, waits.LAPSE, one.key, wait or None)


def _heeded(one: CurrentRow) -> str | None:
    """The partner's record that waits no longer, where this is an answer of our own."""
    ours = one.received is None and one.kind.name in waits.HEEDING
    return one.derived.about if ours else None


def stand_again(board: Board, one: CurrentRow) -> None:
    """Let the record's row stand for an edition that is kept already."""
    ((number, _),) = _known(board, {one.key}).values()
    superseded.drop(board, "record = ? AND log = ? AND seq = ?", (number, one.log, one.seq))
    count = board.db.rows("SELECT COUNT(*) FROM edition WHERE record = ?", (number,))
    _point(board, [(one, number, int(str(count[0][0])))], new=False, again=True)
    unknowns.keep_again(board, one.kind, number)
    waits.heed(board, [one.record])


def restate(board: Board, states: Mapping[str, str]) -> None:
    """Let the rows of these records, and what counts them, say other states than their editions
    do.
    """
    stood: list[aggregate.Place] = []
    stand: list[aggregate.Place] = []
    changed: list[tuple[Value, ...]] = []
    for marks, part in in_parts(states):
        rows = board.db.rows(
            f"SELECT record, {aggregate.COLUMNS} FROM record WHERE record IN ({marks})", part
        )
        for key, *row in rows:
            place, state = aggregate.place_of(row), states[str(key)]
            if place[2] != state:
                stood.append(place)
                stand.append((*place[:2], state, *place[3:]))
                changed.append((state, key))
    aggregate.moved(board, stood, stand)
    board.db.many("UPDATE record SET state = ? WHERE record = ?", changed)


def take_off(board: Board, key: str) -> None:
    """Take a record off the board."""
    for number, _ in _known(board, {key}).values():
        aggregate.moved(board, places_of(board, [key]), [])
        board.db.run("DELETE FROM edition WHERE record = ?", (number,))
        superseded.drop(board, "record = ?", (number,))
        board.db.run("DELETE FROM stage WHERE record = ?", (number,))
        unknowns.forget(board, number)
        hulls.drop(board, [number])
        board.db.run("DELETE FROM search WHERE rowid = ?", (number,))
        waits.drop(board, "number = ?", (number,))
        board.db.run("DELETE FROM record WHERE id = ?", (number,))
    meets.forget(board, key)
    board.db.run("DELETE FROM link WHERE source = ?", (key,))


def _known(board: Board, keys: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Of the records that stand on the board, the id and how many editions they have."""
    found: dict[str, tuple[int, int]] = {}
    for marks, part in in_parts(keys):
        rows = board.db.rows(
            f"SELECT record, id, editions FROM record WHERE record IN ({marks})", part
        )
        found |= {str(key): (int(str(number)), int(str(count))) for key, number, count in rows}
    return found


def _next_id(board: Board) -> int:
    return int(str(board.db.rows("SELECT COALESCE(MAX(id), 0) FROM record")[0][0])) + 1


def _point(
    board: Board, rows: Sequence[tuple[CurrentRow, int, int]], *, new: bool, again: bool = False
) -> None:
    """Let the rows of records stand for these editions; with the id and the count of each.
    ``again`` = an older edition stands once more: it waits, but has rung before.
    """
    if not rows:
        return
    stood = [] if new else places_of(board, [one.key for one, _, _ in rows])
    stand = [_place(board, one) for one, _, _ in rows]
    aggregate.moved(board, stood, stand)
    numbers = [(number,) for _, number, _ in rows]
    keys = [(one.key,) for one, _, _ in rows]
    before = {} if new else _own_of_bound(board, rows)
    if not new:
        board.db.many("DELETE FROM search WHERE rowid = ?", numbers)
        board.db.many("DELETE FROM link WHERE source = ?", keys)
    board.db.many(_INSERT if new else _UPDATE, (_row(board, *row) for row in rows))
    board.db.many(
        "INSERT INTO search (rowid, words) VALUES (?, ?)",
        ((number, one.derived.words) for one, number, _ in rows),
    )
    hulls.keep(board, [(one, number) for one, number, _ in rows], new=new)
    places = [(one, _waits_at(board, one, number)) for one, number, _ in rows]
    if not new:
        waits.follow(board, [place for _, place in places])
    waits.keep(board, [(_wait(one, again=again), place) for one, place in places if _asks(one)])
    meets.recheck(board, [(one, number) for one, number, _ in rows])
    links = {(one.key, *link) for one, _, _ in rows for link in one.derived.links}
    if links:
        board.db.many("INSERT INTO link (source, field, target) VALUES (?, ?, ?)", sorted(links))
    for one, _, _ in rows:
        if one.kind.bound:
            meets.moved(board, one.key, one.came)
            own = before.get(one.key)
            if own is not None and own != bound.own_of(board, one.key):
                meets.again(board, own, one.came)  # this edition no longer names our record


def _own_of_bound(
    board: Board, rows: Sequence[tuple[CurrentRow, int, int]]
) -> dict[str, str | None]:
    """Of the roots of cases about two records, which own one the edition that stood names."""
    return {one.key: bound.own_of(board, one.key) for one, _, _ in rows if one.kind.bound}


_COLUMNS = (
    "owner", "kind", "state", "label", "embargo", "expires", "moment", "turn", "at", "lat", "lon",
    "cell", "due", "f1", "f2", "f3", "f4", "f5", "f6", "log", "seq", "editions", "received",
    "newer", "came", "record", "id",
)  # fmt: skip
_INSERT = f"INSERT INTO record ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_UPDATE = f"UPDATE record SET {', '.join(f'{name} = ?' for name in _COLUMNS[:-1])} WHERE id = ?"


def _row(board: Board, one: CurrentRow, number: int, editions: int) -> tuple[Value, ...]:
    derived, label, key = one.derived, one.label, one.key
    lat, lon = derived.lat, derived.lon
    return (
        one.owner, one.kind.name, one.state, one.label_id(board), label.embargo, label.expires,
        derived.order, turn_of(key), one.at, lat, lon, cell_of(lat, lon), derived.due,
        *derived.facets, one.log, one.seq, editions, one.received, None, one.came,
        key, number,
    )  # fmt: skip


def _asks(one: CurrentRow) -> bool:
    return one.received is not None and one.kind.inbox


def _wait(one: CurrentRow, *, again: bool) -> Wait:
    """A partner's record waits for the watch; it falls due when its answer is needed."""
    return Wait(
        seat="", about=one.key, why=waits.ARRIVAL, step=str(one.received), since=one.came,
        due=one.derived.due or 0, haste=Haste(one.derived.haste), quiet=again,
    )  # fmt: skip


def _waits_at(board: Board, one: CurrentRow, number: int) -> waits.Place:
    label = one.label
    return waits.Place(
        number, one.kind.name, one.label_id(board), label.embargo, label.expires,
        one.derived.when, turn_of(one.key),
    )  # fmt: skip


def _place(board: Board, one: CurrentRow) -> aggregate.Place:
    return one.kind.name, one.label_id(board), one.state, one.derived.facets


def places_of(board: Board, keys: Sequence[str]) -> list[aggregate.Place]:
    """Where the tally counts these records as they stand."""
    found: list[aggregate.Place] = []
    for marks, part in in_parts(keys):
        rows = board.db.rows(
            f"SELECT {aggregate.COLUMNS} FROM record WHERE record IN ({marks})", part
        )
        found += map(aggregate.place_of, rows)
    return found
