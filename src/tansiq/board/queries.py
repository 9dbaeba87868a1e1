"""Reading the board: every answer is sealed, or counted over what a viewer may see.

The release filter is the set of interned labels that ``policy`` lets the viewer read, with embargo
and expiry in the same index: the list and the check ask one rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tansiq.board.board import CELL, Board, key_of
from tansiq.board.standing import in_parts
from tansiq.board.views import COLUMNS, sealed
from tansiq.domain.parties import PartyCode, Viewer
from tansiq.domain.places import E7, find_town
from tansiq.domain.records import RecordView
from tansiq.domain.search import fold
from tansiq.log.database import Row, Value
from tansiq.policy.release import may_read
from tansiq.policy.seal import Sealed, relabel

_ROW = 2_048


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a list asks for. Times in milliseconds, ``box`` = west, south, east, north in 1e-7
    degree.

    ``after`` continues a list past (moment, record key) of its last row; ``since``/``until`` bound
    the moment.
    """

    kinds: tuple[str, ...]
    words: str = ""
    owners: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    box: tuple[int, int, int, int] | None = None
    received: bool = False
    since: int = 0
    until: int = 0
    after: tuple[int, str] | None = None
    limit: int = 50


def readable(board: Board, viewer: Viewer) -> list[int]:
    """The interned labels under which the viewer may read, time aside."""
    return [
        number
        for number, (owner, label) in board.labels().items()
        if may_read(viewer, owner, label)
    ]


def release_filter(board: Board, viewer: Viewer, now: int) -> tuple[str, list[Value]]:
    """The release filter as SQL over ``r``, a row of ``record``."""
    labels = readable(board, viewer)
    marks = ",".join("?" * len(labels))
    in_time = "r.embargo <= ? AND (r.expires = 0 OR r.expires > ?)"
    where = f"r.label IN ({marks}) AND (r.owner = ? OR ({in_time}))"
    return where, [*labels, viewer.party, now, now]


def _spelled(word: str) -> str:
    """A word for the index, with every spelling of the town that it names."""
    town = find_town(word)
    names = (town.names.en, town.names.ar, town.names.ckb, *town.aliases) if town else ()
    spellings = sorted({word, *(fold(name) for name in names)})
    return "(" + " OR ".join(f'"{spelling}"*' for spelling in spellings) + ")"


def _conditions(board: Board, viewer: Viewer, query: Query, now: int) -> tuple[str, list[Value]]:
    released, values = release_filter(board, viewer, now)
    parts = [released]
    for column, wanted in (
        ("kind", query.kinds), ("owner", query.owners), ("state", query.states),
        ("severity", query.severities), ("category", query.categories),
    ):  # fmt: skip
        if wanted:
            parts.append(f"r.{column} IN ({','.join('?' * len(wanted))})")
            values += wanted
    if query.received:
        parts.append("r.received IS NOT NULL")
    if query.since:
        parts.append("r.moment >= ?")
        values.append(query.since)
    if query.until:
        parts.append("r.moment < ?")
        values.append(query.until)
    if query.box:
        west, south, east, north = query.box
        rows = range((south + 90 * E7) // CELL, (north + 90 * E7) // CELL + 1)
        if len(rows) <= 40:
            first, last = (west + 180 * E7) // CELL, (east + 180 * E7) // CELL
            spans = " OR ".join("r.cell BETWEEN ? AND ?" for _ in rows)
            parts.append(f"({spans})")
            for row in rows:
                values += [row * _ROW + first, row * _ROW + last]
        parts.append("r.lat BETWEEN ? AND ? AND r.lon BETWEEN ? AND ?")
        values += [south, north, west, east]
    words = fold(query.words).split()
    if words:
        match = " AND ".join(_spelled(word) for word in words[:12])
        parts.append("r.id IN (SELECT rowid FROM search WHERE search MATCH ?)")
        values.append(match)
    return " AND ".join(parts), values


def listed(
    board: Board, viewer: Viewer, query: Query, now: int
) -> list[tuple[tuple[int, str], Sealed[RecordView]]]:
    """Newest first, each with the key after which a list continues."""
    where, values = _conditions(board, viewer, query, now)
    if query.after is not None:
        where += " AND (r.moment, r.record) < (?, ?)"
        values += query.after
    rows = board.db.rows(
        f"""SELECT r.moment, r.record, {COLUMNS} FROM record r
            JOIN entry e ON e.log = r.log AND e.seq = r.seq
            WHERE {where} ORDER BY r.moment DESC, r.record DESC LIMIT ?""",
        (*values, query.limit),
    )
    pairs = (((int(str(row[0])), str(row[1])), sealed(row[2:])) for row in rows)
    return [(key, view) for key, view in pairs if view is not None]


def counted(board: Board, viewer: Viewer, query: Query, now: int) -> int:
    """How many records the viewer may see: counted over the same filter as the list."""
    where, values = _conditions(board, viewer, query, now)
    found = board.db.rows(f"SELECT COUNT(*) FROM record r WHERE {where}", values)
    return int(str(found[0][0]))


def cells(board: Board, viewer: Viewer, query: Query, side: int, now: int) -> list[Row]:
    """Counts per map cell of ``side`` (1e-7 degree): mean position, count, worst severity rank (0 =
    flash).
    """
    where, values = _conditions(board, viewer, query, now)
    return board.db.rows(
        f"""SELECT AVG(r.lat), AVG(r.lon), COUNT(*), MIN(CASE r.severity WHEN 'flash' THEN 0
              WHEN 'urgent' THEN 1 ELSE 2 END)
            FROM record r WHERE r.lat IS NOT NULL AND {where}
            GROUP BY r.lat / ?, r.lon / ?""",
        (*values, side, side),
    )


def found(board: Board, owner: PartyCode, record: str) -> Sealed[RecordView] | None:
    """The record as it stands, sealed; None where there is none."""
    rows = board.db.rows(
        f"""SELECT {COLUMNS} FROM record r JOIN entry e ON e.log = r.log AND e.seq = r.seq
            WHERE r.record = ?""",
        (key_of(owner, record),),
    )
    return sealed(rows[0]) if rows else None


def editions(board: Board, owner: PartyCode, record: str) -> list[Sealed[RecordView]]:
    """All editions that the board holds of a record, oldest first.

    Each stands under its own label and that of the newest edition: who may not read the record as
    it stands reads nothing of its history, and who may, reads no edition that was above him then.
    """
    rows = board.db.rows(
        """SELECT r.owner, h.received, 0, e.data, r.embargo, r.expires FROM record r
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


def one_of_each_label(board: Board, keys: Sequence[str]) -> list[str]:
    """Of these records, one for each label, embargo and expiry under which any of them stands."""
    chosen: dict[tuple[Value, ...], str] = {}
    for marks, part in in_parts(keys):
        rows = board.db.rows(
            f"""SELECT MIN(record), label, embargo, expires FROM record WHERE record IN ({marks})
                GROUP BY label, embargo, expires""",
            part,
        )
        chosen |= {row[1:]: str(row[0]) for row in rows}
    return sorted(chosen.values())


def released_records(board: Board, party: str, releases: Sequence[str]) -> list[str]:
    """The records, by key, of which these are our releases to ``party``."""
    found: list[str] = []
    for marks, part in in_parts(releases):
        rows = board.db.rows(
            f"SELECT record FROM release WHERE party = ? AND release IN ({marks})", (party, *part)
        )
        found += (str(row[0]) for row in rows)
    return found


def sources_of(board: Board, target: str, field: str) -> list[tuple[PartyCode, str]]:
    """The records (owner, id) that point at ``target`` through ``field``."""
    rows = board.db.rows(
        "SELECT source FROM link WHERE target = ? AND field = ? ORDER BY source", (target, field)
    )
    return [_split(str(row[0])) for row in rows]


def owners_of(board: Board, record: str, parties: Sequence[str]) -> list[PartyCode]:
    """The parties of whom the board has a record with that id."""
    return [
        PartyCode(party)
        for party in parties
        if board.db.rows("SELECT 1 FROM record WHERE record = ?", (key_of(party, record),))
    ]


def _split(key: str) -> tuple[PartyCode, str]:
    owner, _, record = key.partition("/")
    return PartyCode(owner), record
