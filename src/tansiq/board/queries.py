"""Reading the board: every answer is sealed, or counted over what a viewer may see.

The release filter is the set of interned labels that ``policy`` lets the viewer read, with embargo
and expiry in the same index: the list and the check ask one rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tansiq.board.as_of import AsOfScan
from tansiq.board.board import Board, key_of, turn_of
from tansiq.board.choices import STATE, Choices, Facets, among, column_of
from tansiq.board.files import is_file, sealed_file
from tansiq.board.index_scan import IndexScan, Window
from tansiq.board.rows import in_parts
from tansiq.board.views import COLUMNS, sealed, viewed
from tansiq.board.visible_labels import VisibleLabels, visible_to
from tansiq.board.waits import ARRIVAL, TURN
from tansiq.domain.inflection import sought
from tansiq.domain.kinds import kind_named
from tansiq.domain.kinds.facets import code_of
from tansiq.domain.kinds.files.attachment import ATTACHMENT
from tansiq.domain.kinds.listing import Phase
from tansiq.domain.parties import PartyCode, Viewer
from tansiq.domain.records import RecordView
from tansiq.log.database import Row, RowReader, Value
from tansiq.policy.seal import Sealed, relabel, seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a list asks for. Times in milliseconds, ``box`` = west, south, east, north in 1e-7
    degree.

    ``facets`` are fields with the values asked for, ``asked`` a party that is asked, ``phase``
    where records stand in time at ``now``. ``by`` is the time that orders and that
    ``since``/``until`` bound: ``moment``, ``due``, or ``came``, when what stands was written or
    accepted here; ``ascending`` begins with the earliest.
    ``after`` continues a list past (that time, record key) of its last row.
    ``as_of`` asks what was known at that moment (``board.as_of``), 0 = what is known now. Files
    stand in no list: they are read with their records.
    """

    kinds: tuple[str, ...]
    words: str = ""
    owners: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    facets: Facets = ()
    asked: str = ""
    phase: Phase | None = None
    now: int = 0
    box: tuple[int, int, int, int] | None = None
    received: bool = False
    since: int = 0
    until: int = 0
    by: str = "moment"
    ascending: bool = False
    after: tuple[int, str] | None = None
    limit: int = 50
    as_of: int = 0

    def __post_init__(self) -> None:
        listed = tuple(name for name in self.kinds if name != ATTACHMENT.name)
        object.__setattr__(self, "kinds", listed)

    @property
    def narrow(self) -> bool:
        """Whether it asks for what no tally adds up: a place, a time, an earlier moment, words, or
        facets together.
        """
        return self.narrow_by(STATE)

    @property
    def choices(self) -> Choices:
        """The states and facets that it asks for."""
        return Choices(self.states, self.facets, self.asked, self.phase, self.now)

    def narrow_by(self, group: str) -> bool:
        """As :attr:`narrow`, where each value of ``group``, a facet, is to be counted."""
        return bool(
            self.box or self.since or self.until or self.by != "moment" or self.as_of
            or sought(self.words)
            or not all(self.choices.tallied(kind, group) for kind in self.kinds)
        )  # fmt: skip


def readable(board: Board, viewer: Viewer) -> list[int]:
    """The interned labels under which the viewer may read, time aside."""
    return list(visible_to(board, viewer).labels)


def release_filter(board: Board, viewer: Viewer, now: int) -> tuple[str, list[Value]]:
    """The release filter as SQL over ``r``, a row of ``record``."""
    return visible_to(board, viewer).where(board.db.dialect, now)


def row_reader(board: Board, viewer: Viewer, now: int) -> RowReader:
    """The viewer as the database's second wall knows it."""
    visible = visible_to(board, viewer)
    return RowReader(own=visible.own, others=visible.others, now=now)


def _visible(board: Board, viewer: Viewer, query: Query) -> VisibleLabels:
    """What the viewer sees of whose records the query asks for: a label has one owner."""
    visible = visible_to(board, viewer)
    if not query.owners and not query.received:
        return visible
    return visible.within(
        {
            number
            for number, (owner, _) in board.labels().items()
            if (not query.owners or owner in query.owners)
            and not (query.received and owner == board.me)
        }
    )


def _scan(board: Board, viewer: Viewer, query: Query, now: int) -> IndexScan:
    window = Window(
        box=query.box, since=query.since, until=query.until, words=query.words,
        choices=query.choices, by=query.by, ascending=query.ascending,
    )  # fmt: skip
    visible = _visible(board, viewer, query)
    if query.as_of:
        return AsOfScan(board, visible, window, now, query.as_of)
    return IndexScan(board, visible, window, now)


def listed(
    board: Board, viewer: Viewer, query: Query, now: int
) -> list[tuple[tuple[int, str], Sealed[RecordView]]]:
    """In the order asked for, newest first, each with the key after which a list continues."""
    return _listed(_scan(board, viewer, query, now), query)


def paged(
    board: Board, viewer: Viewer, query: Query, now: int, most: int
) -> tuple[list[tuple[tuple[int, str], Sealed[RecordView]]], int]:
    """As :func:`listed` and :func:`counted`; the words are looked up once for both. Nothing is
    looked for beyond what was counted: the few of a rare state stand anywhere among all the others.
    """
    scan = _scan(board, viewer, query, now)
    count = _counted(scan, query, most)
    whole = query.after is None and not (most and count > most)
    wanted = min(query.limit, count) if whole else query.limit
    rows = _listed(scan, replace(query, limit=wanted)) if wanted else []
    return rows, count


def _listed(scan: IndexScan, query: Query) -> list[tuple[tuple[int, str], Sealed[RecordView]]]:
    keys = scan.first(query.kinds, query.limit, query.after)
    found = scan.views(keys)
    pairs = ((int(str(key[0])), found[key[2]]) for key in keys if key[2] in found)
    return [((moment, record), view) for moment, (record, view) in pairs]


def counted(board: Board, viewer: Viewer, query: Query, now: int, most: int = 0) -> int:
    """How many records the viewer may see: counted over the same filter as the list.

    Where a window or words are asked for, counting stops one past ``most`` (0 = never).
    """
    return _counted(_scan(board, viewer, query, now), query, most)


def _counted(scan: IndexScan, query: Query, most: int) -> int:
    if query.narrow:
        return sum(scan.counted(kind, most) for kind in query.kinds)
    return scan.tallied(query.kinds)


def groups(
    board: Board, viewer: Viewer, query: Query, group: str, *, now: int, most: int
) -> dict[str, int]:
    """How many records the viewer may see of each state, or of each value of a facet, the empty one
    for "not said". Empty where no tally knows and there are more than ``most`` to count.
    """
    scan, tallied = _scan(board, viewer, query, now), not query.narrow_by(group)
    found: dict[str, int] = {}
    for name in query.kinds:
        kind = kind_named(name)
        column = column_of(kind, group)
        counts = scan.groups(name, column, most, tallied=tallied) if column else {}
        for value, count in counts.items():
            code = str(value) if column == STATE else code_of(kind.field(group), int(str(value)))
            found[code] = found.get(code, 0) + count
    return found


def asked(board: Board, viewer: Viewer, query: Query, *, now: int, most: int) -> dict[str, int]:
    """How many cases that the viewer may see ask each party. Empty where there are more than
    ``most`` to count.
    """
    scan, found = _scan(board, viewer, query, now), dict[str, int]()
    for kind in query.kinds:
        for seat, count in scan.asked(kind, most).items():
            party = str(seat).partition("/")[0]
            found[party] = found.get(party, 0) + count
    return found


def spread(
    board: Board, viewer: Viewer, query: Query, edges: Sequence[int], *, now: int, each: int,
    most: int,
) -> list[tuple[int, list[Sealed[RecordView]]]]:  # fmt: skip
    """Between each two of these moments, how many records the viewer may see, no further than one
    past ``most``, and the first ``each`` of them.
    """
    whole = _scan(board, viewer, query, now)
    scans = [whole.between(since, until) for since, until in pairwise(edges)]
    keys = [scan.first(query.kinds, each) if each else [] for scan in scans]
    counts = [
        len(few) if len(few) < each else sum(scan.counted(kind, most) for kind in query.kinds)
        for scan, few in zip(scans, keys, strict=True)
    ]
    found = whole.views([key for few in keys for key in few])
    seen = [[found[key[2]][1] for key in few if key[2] in found] for few in keys]
    return list(zip(counts, seen, strict=True))


def cells(board: Board, viewer: Viewer, query: Query, side: int, now: int) -> list[Row]:
    """Counts per map cell of ``side`` (1e-7 degree): mean position, count, and the least number of
    the first facet, whose values stand with the worst first.
    """
    scan = _scan(board, viewer, query, now)
    return [row for kind in query.kinds for row in scan.cells(kind, side)]


def waiting(
    board: Board, viewer: Viewer, query: Query, now: int
) -> list[tuple[tuple[int, str], Sealed[RecordView]]]:
    """Partners' records that wait for an answer, newest first, as :func:`listed`."""
    where, values = _waiting(board, viewer, query, now)
    if query.after is not None:
        where += " AND (r.moment, r.turn) < (?, ?)"
        values += [query.after[0], turn_of(query.after[1])]
    rows = board.db.rows(
        f"""SELECT w.moment, r.record, {COLUMNS}
            FROM (SELECT DISTINCT r.number, r.moment, r.turn FROM waits r WHERE {where}
                  ORDER BY r.moment DESC, r.turn DESC LIMIT ?) w
              JOIN record r ON r.id = w.number
              JOIN entry e ON e.log = r.log AND e.seq = r.seq
            ORDER BY w.moment DESC, w.turn DESC""",
        (*values, query.limit),
    )
    pairs = (((int(str(row[0])), str(row[1])), sealed(row[2:])) for row in rows)
    return [(key, view) for key, view in pairs if view is not None]


def waiting_count(board: Board, viewer: Viewer, query: Query, now: int, most: int) -> int:
    """How many of them the viewer may see, no further than one past ``most``."""
    where, values = _waiting(board, viewer, query, now)
    rows = board.db.rows(
        f"""SELECT COUNT(*) FROM
              (SELECT DISTINCT r.number FROM waits r WHERE {where} LIMIT ?) AS few""",
        (*values, most + 1),
    )
    return int(str(rows[0][0]))


def _waiting(board: Board, viewer: Viewer, query: Query, now: int) -> tuple[str, list[Value]]:
    seen, values = _visible(board, viewer, query).where(board.db.dialect, now)
    kinds = among("r.kind", query.kinds)
    return f"r.why IN ('{ARRIVAL}', '{TURN}') AND {seen} AND {kinds}", [*values, *query.kinds]


def waits(board: Board, owner: PartyCode, record: str) -> bool:
    """Whether a record waits for somebody here: to be answered, or for our act in its case."""
    return bool(waiting_among(board, [key_of(owner, record)]))


def waiting_among(board: Board, keys: Sequence[str]) -> frozenset[str]:
    """Those of these records, by key, that wait so."""
    # Asked of each: a planner that does not know how few wait would rather walk all records.
    rows = board.db.rows(
        f"""SELECT r.record FROM record r WHERE {among("r.record", keys)}
            AND (SELECT 1 FROM waits w WHERE w.number = r.id
                 AND w.why IN ('{ARRIVAL}', '{TURN}') LIMIT 1) = 1""",
        keys,
    )
    return frozenset(str(row[0]) for row in rows)


def found(
    board: Board, owner: PartyCode, record: str, *, apart: bool = False
) -> Sealed[RecordView] | None:
    """The record as it stands, sealed; None where there is none. A file under the labels of the
    records that name it too, or ``apart`` from them.
    """
    key = key_of(owner, record)
    return found_each(board, [key], apart=apart).get(key)


def found_each(
    board: Board, keys: Iterable[str], *, apart: bool = False
) -> dict[str, Sealed[RecordView]]:
    """As :func:`found`, of each of these records by its key: one question for a whole page. Those
    that are not there are left out.
    """
    sealed: dict[str, Sealed[RecordView]] = {}
    for marks, part in in_parts(dict.fromkeys(keys)):
        rows = board.db.rows(
            f"""SELECT r.record, {COLUMNS} FROM record r
                  JOIN entry e ON e.log = r.log AND e.seq = r.seq WHERE r.record IN ({marks})""",
            part,
        )
        for key, *row in rows:
            one = viewed(tuple(row))
            if one is None:
                continue
            view, label = one
            if is_file(view) and not apart:
                sealed[str(key)] = sealed_file(board, view, label)
            else:
                sealed[str(key)] = seal(view, owner=view.owner, label=label)
    return sealed


def editions(board: Board, owner: PartyCode, record: str) -> list[Sealed[RecordView]]:
    """All editions that the board holds of a record, oldest first.

    Each stands under its own label and that of the newest edition: who may not read the record as
    it stands reads nothing of its history, and who may, reads no edition that was above him then.
    """
    rows = board.db.rows(
        """SELECT r.owner, h.received, 0, e.data, r.embargo, r.expires, r.state, NULL
           FROM record r
             JOIN edition h ON h.record = r.id
             JOIN entry e ON e.log = h.log AND e.seq = h.seq
           WHERE r.record = ? AND e.data IS NOT NULL ORDER BY h.log, h.seq""",
        (key_of(owner, record),),
    )
    governing = found(board, owner, record)
    views = []
    for number, row in enumerate(rows, start=1):
        one = sealed((*row[:2], number, *row[3:]))
        if one is not None and governing is not None:
            views.append(relabel(one, governing))
    return views
