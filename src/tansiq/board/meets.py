"""What waits because an own record meets another one: a plan that crosses a plan.

Folding calls ``recheck`` with every edition that came to stand, own or another's, ``moved`` where
the case moved that stands between two, and ``forget`` with what was taken off the board. So a wait
begins with the edition that makes two records meet, goes on while they do, and ends with the
edition or the recall after which they do not. While a case stands between them (``bound``) it is
over, and is kept: what is erased of a case later is found by no fold anew, which must come to the
same table. Where the case was resolved, and our own record is not yet as it was resolved, that
waits. It is told to those alone who may see both records: it stands under the label of both
together.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from tansiq.board import bound, hulls, waits
from tansiq.board.board import Board, key_of, turn_of
from tansiq.board.choices import among
from tansiq.board.views import rows_of, viewed
from tansiq.domain.attention import Wait
from tansiq.domain.escalation import Haste
from tansiq.domain.kinds import KINDS
from tansiq.domain.labels import Label, join
from tansiq.domain.operations.cells import entry
from tansiq.domain.operations.volumes import Near, Overlap, Volume, meets, volume_of
from tansiq.domain.records import RecordView
from tansiq.log.database import Value

HOUR_MS: Final = 3_600_000
RESOLVED_BEFORE: Final = 2 * HOUR_MS  # the earlier of both begins, two that meet are resolved

if TYPE_CHECKING:
    from tansiq.board.current_rows import CurrentRow

_OVER: Final = 1  # a moment long ago
_WHY: Final = f"why IN ('{waits.MEETS}', '{waits.UNRESOLVED}')"
_BETWEEN: Final = "~"  # of the key of a record and its edition; no key has it


class _Record(NamedTuple):
    """A record as it stands, by its number, with what it takes up."""

    number: int
    view: RecordView
    label: Label
    volume: Volume

    @property
    def key(self) -> str:
        return key_of(self.view.owner, self.view.record)


def recheck(board: Board, rows: Sequence[tuple["CurrentRow", int]]) -> None:
    """Let own records wait, or no longer, that meet one of these as they stand now."""
    for one, number in rows:
        if one.kind.occupies and (one.kind.meets or _tellers(one.kind.name)):
            found = [] if one.state not in one.kind.occupies else _found(board, number, one.came)
            _keep(board, one.key, number, found)


def moved(board: Board, root: str, at: int) -> None:
    """Let the own record wait as it should, from ``at`` (ms) on, that the case of this root is
    about.
    """
    own = bound.own_of(board, root)
    if own is not None:
        again(board, own, at)


def again(board: Board, own: str, at: int) -> None:
    """Let the own record of this id wait as it should, from ``at`` (ms) on."""
    key = key_of(board.me, own)
    for number, kind, state in board.db.rows(
        "SELECT id, kind, state FROM record WHERE record = ?", (key,)
    ):
        stands = str(state) in KINDS[str(kind)].occupies
        found = _found(board, int(str(number)), at) if stands else []
        _keep(board, key, int(str(number)), found)


def forget(board: Board, key: str) -> None:
    """Let nothing wait because of the record of this key."""
    where, values = _because_of(key)
    waits.drop(board, where, values)


def _tellers(kind: str) -> frozenset[str]:
    """The kinds of which own records are to be told that they meet one of this kind."""
    return frozenset(name for name, one in KINDS.items() if kind in one.meets)


def _found(board: Board, number: int, since: int) -> list[tuple[Wait, waits.Place]]:
    """What is to wait because this record stands as it does."""
    mine = next(iter(_records(board, [number])), None)
    if mine is None:
        return []
    own, tellers = mine.view.owner == board.me, _tellers(mine.view.kind)
    kinds: list[Value] = [*sorted(tellers | (KINDS[mine.view.kind].meets if own else set()))]
    where, values = among("r.kind", kinds), [*kinds]
    if not own:
        where, values = f"{where} AND r.owner = ?", [*kinds, board.me]
    numbers = hulls.near(board, entry(None, mine.volume), since, (where, values))
    found = _unsettled(board, mine) if own else []
    for other in _records(board, [one for one in numbers if one != number]):
        answer = meets(mine.volume, other.volume, since)
        if not isinstance(answer, Near | Overlap):
            continue
        for ours, theirs in ((mine, other), (other, mine)):
            asks = theirs.view.kind in KINDS[ours.view.kind].meets
            early = theirs.view.owner != board.me and theirs.label.embargo > since
            if ours.view.owner == board.me and asks and not early:
                place = _place(board, ours, theirs)
                found += [(one, place) for one in _waits(board, ours, theirs, answer, since)]
    return found


def _stands_between(board: Board, ours: _Record, theirs: _Record) -> bool:
    """Whether a case stands between an own record and another party's."""
    return any(one.other_key == theirs.key for one in bound.standing(board, ours.view.record))


def _unsettled(board: Board, mine: _Record) -> list[tuple[Wait, waits.Place]]:
    """What is to wait because an own record is not yet as it was resolved."""
    found = []
    for one in bound.standing(board, mine.view.record):
        held = bound.lane_of(board, one.root)
        view = mine.view
        if held and one.bound.unsettled(held.lane, one.side, view.body, view.state):
            party, _, case = one.root.partition("/")
            wait = Wait(
                seat=view.position, about=mine.key, why=waits.MEETS,
                step=f"{one.root}{_BETWEEN}", since=held.accepted[-1].at, haste=Haste.URGENT,
                said=f"{party} {one.kind.reference(case)} settle",
                ends=mine.volume.until,
            )  # fmt: skip
            label = board.label_id(board.me, join([mine.label, _label_of(board, one.root)]))
            at = waits.Place(mine.number, view.kind, label, 0, 0, view.moment, turn_of(mine.key))
            found.append((wait, at))
    return found


def _label_of(board: Board, key: str) -> Label:
    """The label under which a record stands."""
    ((label,),) = board.db.rows("SELECT label FROM record WHERE record = ?", (key,))
    return board.labels()[int(str(label))][1]


def _records(board: Board, numbers: Sequence[int]) -> list[_Record]:
    """These records as they stand, with what they take up."""
    found = []
    for number, (_, *row) in rows_of(board.db, numbers).items():
        one = viewed(tuple(row))
        volume = volume_of(one[0].body) if one is not None else None
        if one is not None and volume is not None:
            found.append(_Record(int(str(number)), *one, volume))
    return sorted(found)


def _waits(
    board: Board, ours: _Record, theirs: _Record, answer: Near | Overlap, since: int
) -> tuple[Wait, ...]:
    """A new edition of the other record is another wait; one of the own record was written by
    somebody who was shown what it meets. That two come near one another is routine until it is to
    be resolved, and then as urgent as that they overlap.
    """
    view = theirs.view
    said = [view.owner, KINDS[view.kind].reference(view.record)]
    if isinstance(answer, Near):
        said += [str(answer.metres), str(answer.minutes)]
    ends = [ours.volume.until, theirs.volume.until, theirs.label.expires]
    between = view.owner != ours.view.owner and _stands_between(board, ours, theirs)
    due = min(answer.ours.begins, answer.theirs.begins) - RESOLVED_BEFORE
    made = Wait(
        seat=ours.view.position, about=ours.key, why=waits.MEETS,
        step=f"{theirs.key}{_BETWEEN}{view.received or view.ordinal}", since=since,
        due=max(due, 1) if view.owner != ours.view.owner else 0, haste=Haste.URGENT,
        said=" ".join(said), ends=_OVER if between else min(filter(None, ends)),
    )  # fmt: skip
    if isinstance(answer, Overlap):
        return (made,)
    first = replace(made, haste=Haste.ROUTINE, ends=min(made.ends, made.due or made.ends))
    then = replace(made, why=waits.UNRESOLVED, quiet=True)
    return (first, then) if made.due else (first,)


def _place(board: Board, ours: _Record, theirs: _Record) -> waits.Place:
    label = board.label_id(board.me, join([ours.label, theirs.label]))
    return waits.Place(
        ours.number, ours.view.kind, label, 0, 0, ours.view.moment, turn_of(ours.key)
    )


def _because_of(key: str) -> tuple[str, list[Value]]:
    """The waits that began because of the record of this key, as a condition."""
    where = f"{_WHY} AND why <> '{waits.ARRIVAL}' AND step >= ? AND step < ?"
    return where, [f"{key}{_BETWEEN}", f"{key}{chr(ord(_BETWEEN) + 1)}"]


def _keep(board: Board, key: str, number: int, wanted: Sequence[tuple[Wait, waits.Place]]) -> None:
    """Let what waits about a record, or because of it, be what is wanted; what waits already goes
    on, and has rung.
    """
    where, values = _because_of(key)
    rows = board.db.rows(
        f"""SELECT id, number, seat, step, why FROM waits
            WHERE number = ? AND {_WHY} OR {where}""",
        (number, *values),
    )
    held = {(row[1], *map(str, row[2:])): int(str(row[0])) for row in rows}
    new: list[tuple[Wait, waits.Place]] = []
    for wait, place in wanted:
        known = held.pop((place.number, wait.seat, wait.step, wait.why), None)
        if known is None:
            new.append((wait, place))
        else:
            waits.go_on(board, known, wait, place)
    waits.end(board, held.values())
    waits.keep(board, new)
