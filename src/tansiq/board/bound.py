"""Cases about two records, one of each party: which of them stand between an own record and others.

``meets`` asks which pairs wait for nothing any more because a case stands between them, and the
desk, which cases an act on an own record ends. Both names of the two stand in the links of the
case's root, on either node.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tansiq.board.board import Board, key_of
from tansiq.board.choices import among
from tansiq.board.lanes import HeldLane, of_root
from tansiq.board.views import rows_of, viewed
from tansiq.domain.cases import Declaration, Side, seat_code
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.kinds.bound import Bound
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import RecordView
from tansiq.log.database import Value

_BOUND = {name: kind.bound for name, kind in KINDS.items() if kind.bound is not None}


class Between(NamedTuple):
    """A case that stands between an own record and the record with the id ``other`` of ``party``:
    the key of its root, its kind, and on which side of it our own party is.
    """

    root: str
    kind: Kind
    bound: Bound
    side: Side
    party: PartyCode
    own: str
    other: str

    @property
    def other_key(self) -> str:
        """The key of the other record."""
        return key_of(self.party, self.other)


def is_bound(declared: Declaration) -> bool:
    """Whether cases of this declaration are about two records."""
    return any(KINDS[name].case is declared for name in _BOUND)


def standing(board: Board, record: str) -> list[Between]:
    """The cases that stand between the own record of this id and others, oldest first."""
    names = sorted({name for one in _BOUND.values() for name in one.names})
    fields, kinds = list[Value](names), list[Value](_BOUND)
    rows = board.db.rows(
        f"""SELECT DISTINCT r.id, r.record, r.kind, r.state FROM link l
              JOIN record r ON r.record = l.source
            WHERE l.target = ? AND {among("l.field", fields)} AND {among("r.kind", kinds)}
              AND NOT EXISTS (SELECT 1 FROM lane_end e WHERE e.root = r.record)
            ORDER BY r.id""",
        (record, *fields, *kinds),
    )
    found = []
    for _, root, kind, state in rows:
        one = _between(board, str(root), str(kind))
        if one is not None and one.own == record and str(state) in one.bound.stands:
            found.append(one)
    return found


def own_of(board: Board, root: str) -> str | None:
    """The id of the own record that the case of this root is about; None for no such case."""
    rows = board.db.rows("SELECT kind FROM record WHERE record = ?", (root,))
    kind = str(rows[0][0]) if rows else ""
    one = _between(board, root, kind) if kind in _BOUND else None
    return one.own if one else None


def lane_of(board: Board, root: str) -> HeldLane | None:
    """The lane of such a case, None before it is open."""
    return next(iter(of_root(board, root)), None)


def held(board: Board, key: str) -> RecordView | None:
    """A record as this node holds it, None where it is gone: for deciding what leaves about it, and
    never to be shown to anybody.
    """
    rows = board.db.rows("SELECT id FROM record WHERE record = ?", (key,))
    found = rows_of(board.db, [int(str(row[0])) for row in rows]).values()
    views = [one for _, *row in found if (one := viewed(tuple(row)))]
    return views[0][0] if views else None


def _between(board: Board, root: str, kind: str) -> Between | None:
    """The case of a root, None for one that does not say between which two it stands."""
    bound, owner = _BOUND[kind], root.partition("/")[0]
    named = dict(_links(board, root, bound.names))
    if len(named) != len(bound.names):
        return None
    side = Side.OWNER if owner == board.me else Side.SEAT
    party = _asked(board, root) if side is Side.OWNER else PartyCode(owner)
    mine, other = bound.names if side is Side.OWNER else reversed(bound.names)
    if party is None:
        return None
    return Between(
        root=root, kind=KINDS[kind], bound=bound, side=side, party=party, own=named[mine],
        other=named[other],
    )  # fmt: skip


def _links(board: Board, root: str, names: Sequence[str]) -> list[tuple[str, str]]:
    fields = list[Value](names)
    rows = board.db.rows(
        f"SELECT field, target FROM link WHERE source = ? AND {among('field', fields)}",
        (root, *fields),
    )
    return [(str(field), str(target)) for field, target in rows]


def _asked(board: Board, root: str) -> PartyCode | None:
    """The party that an own root asks."""
    rows = board.db.rows(
        "SELECT MAX(seat) FROM opening WHERE root = ? AND ordinal > 0 AND seat <> ''", (root,)
    )
    return seat_code(str(rows[0][0])).party if rows and rows[0][0] else None
