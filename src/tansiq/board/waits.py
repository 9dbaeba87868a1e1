"""What waits, as the one table that inbox, badges, alarms, handover and escalation read.

The folds of entries begin and end waits here, so that folding again from nothing gives the same
table. Each row carries the label, embargo and expiry of the record that it is about, as that record
stands: who may not see the record is told nothing of the wait.

A partner's record waits from the arrival of its newest edition until an acknowledgement or an
answer of ours that everybody here who may read the record may read as well. So "it waits" says the
same to all who see the record, and nothing of replies that some of them may not see.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tansiq.board.board import Board, key_of, turn_of
from tansiq.board.rows import in_parts
from tansiq.domain.attention import Wait
from tansiq.domain.escalation import Haste
from tansiq.log.database import Row, Value
from tansiq.policy.release import covers

ARRIVAL: Final = "arrival"  # a partner's record is to be acknowledged or answered
APPROVAL: Final = "approval"  # a release is to be approved by a second person
TURN: Final = "turn"  # a lane of a case waits for our side to act
INWARD: Final = "inward"  # a position is to approve before something of ours leaves
EXPIRY: Final = "expiry"  # what is in stock is to be used before long
LAPSE: Final = "lapse"  # what an own record says has come to its end
RECALLED: Final = "recalled"  # what a partner took back is to be noted
REVIEW: Final = "review"  # what was decided is to be looked at again on its day
AGAIN: Final = "again"  # who was asked in a circle is to be asked a second time, on its day
ANSWERS: Final = "answers"  # answers that a round asked for are due, and not all are in hand
MEETS: Final = "meets"  # an own record meets another one: a plan crosses a plan
PROPOSED: Final = "proposed"  # an own record is to be changed, as another proposes
UNRESOLVED: Final = "unresolved"  # two that came near one another, and nobody has resolved it
CHECKED: Final = "checked"  # a sealed check of an own record ended after its asker had gone
# Not to be seen before they are due.
LATER: Final = frozenset({AGAIN, ANSWERS, EXPIRY, LAPSE, REVIEW, UNRESOLVED})
HEEDING: Final = ("acknowledgement",)
_COLUMNS: Final = (
    "number", "about", "seat", "why", "step", "since", "due", "haste", "quiet", "look", "kind",
    "label", "embargo", "expires", "moment", "turn", "said", "ends",
)  # fmt: skip
_INSERT: Final = (
    f"INSERT INTO waits ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
)
WAIT: Final = (
    "r.id, r.seat, r.about, r.why, r.step, r.since, r.due, r.haste, r.quiet, r.label, r.embargo,"
    " r.expires, r.said, r.ends"
)
NEVER: Final = 2**53 - 1  # no step of the plan is left to look for


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A wait as the table holds it: its number there, and under which label it stands."""

    number: int
    wait: Wait
    label: int
    embargo: int
    expires: int


@dataclass(frozen=True, slots=True)
class Place:
    """Under what a wait stands: the record's number there (None = it is gone), its kind, label and
    place in lists.
    """

    number: int | None
    kind: str
    label: int
    embargo: int
    expires: int
    moment: int
    turn: int


def held(row: Row) -> Held:
    """A row of ``WAIT``."""
    number, seat, about, why, step, since, due, haste, quiet, label, embargo, expires = row[:12]
    said, ends = row[12:]
    wait = Wait(
        seat=str(seat), about=str(about), why=str(why), step=str(step), since=int(str(since)),
        due=int(str(due)), haste=Haste(str(haste)), quiet=bool(quiet), said=str(said),
        ends=int(str(ends)),
    )  # fmt: skip
    return Held(
        number=int(str(number)), wait=wait, label=int(str(label)), embargo=int(str(embargo)),
        expires=int(str(expires)),
    )  # fmt: skip


def keep(board: Board, run: Iterable[tuple[Wait, Place]]) -> None:
    """Keep these waits, each where it stands."""
    board.db.many(
        _INSERT,
        [
            (
                place.number, wait.about, wait.seat, wait.why, wait.step, wait.since, wait.due,
                wait.haste.value, int(wait.quiet), 0, place.kind, place.label, place.embargo,
                place.expires, place.moment, place.turn, wait.said, wait.ends,
            )
            for wait, place in run
        ],
    )  # fmt: skip


def drop(board: Board, where: str, values: Sequence[Value]) -> None:
    """End the waits of which this condition holds, and forget how they rang."""
    _end(board, board.db.rows(f"SELECT id FROM waits WHERE {where}", values))


def end(board: Board, numbers: Iterable[int]) -> None:
    """End the waits of these numbers, and forget how they rang."""
    _end(board, [(number,) for number in numbers])


def go_on(board: Board, number: int, wait: Wait, place: Place) -> None:
    """Let the wait of this number say what ``wait`` says and stand where ``place`` is. It has rung
    as it has, and rings anew only where there is more haste than before.
    """
    board.db.run(
        """UPDATE waits SET said = ?, ends = ?, due = ?, haste = ?, label = ?, embargo = ?,
             expires = ?, moment = ?, turn = ?, look = 0 WHERE id = ?""",
        (wait.said, wait.ends, wait.due, wait.haste.value, place.label, place.embargo,
         place.expires, place.moment, place.turn, number),
    )  # fmt: skip


def _end(board: Board, rows: Sequence[Sequence[Value]]) -> None:
    board.db.many("DELETE FROM rung WHERE wait = ?", rows)
    board.db.many("DELETE FROM called WHERE wait = ?", rows)
    board.db.many("DELETE FROM waits WHERE id = ?", rows)


def _place(board: Board, key: str) -> Place | None:
    return _places(board, [key]).get(key)


def _places(board: Board, keys: Iterable[str]) -> dict[str, Place]:
    """Where what waits about these records stands; of those that stand on the board."""
    found: dict[str, Place] = {}
    for marks, part in in_parts(keys):
        rows = board.db.rows(
            f"""SELECT record, id, kind, label, embargo, expires, moment, turn FROM record
                WHERE record IN ({marks})""",
            part,
        )
        for key, number, kind, *rest in rows:
            place = Place(int(str(number)), str(kind), *(int(str(value)) for value in rest))
            found[str(key)] = place
    return found


def numbers_of(board: Board, wait: Wait) -> list[int]:
    """The rows of this wait: one, or none where it does not wait (any more)."""
    # A recall is of what is gone, whatever of the record stands again.
    gone = wait.why == RECALLED
    place = None if gone else _place(board, wait.about.partition("#")[0])
    where, values = "number IS NULL", list[Value]()
    if place is not None:
        where, values = "number = ?", [place.number]
    rows = board.db.rows(
        f"""SELECT id FROM waits WHERE {where} AND about = ? AND why = ? AND seat = ?
              AND step = ?""",
        (*values, wait.about, wait.why, wait.seat, wait.step),
    )
    return [int(str(row[0])) for row in rows]


def follow(board: Board, places: Sequence[Place]) -> None:
    """Let what waits about records stand where their newest editions stand, and let partners'
    editions that were replaced wait no longer, nor own ones for which a change was proposed.
    """
    numbers = [(place.number,) for place in places]
    which = f"number = ? AND why IN ('{ARRIVAL}', '{PROPOSED}')"
    ended = f"SELECT id FROM waits WHERE {which}"
    board.db.many(f"DELETE FROM rung WHERE wait IN ({ended})", numbers)
    board.db.many(f"DELETE FROM called WHERE wait IN ({ended})", numbers)
    board.db.many(f"DELETE FROM waits WHERE {which}", numbers)
    board.db.many(
        """UPDATE waits SET kind = ?, label = ?, embargo = ?, expires = ?, moment = ?, turn = ?
           WHERE number = ?""",
        [
            (
                place.kind, place.label, place.embargo, place.expires, place.moment, place.turn,
                place.number,
            )
            for place in places
        ],
    )  # fmt: skip


def heed(board: Board, identities: Sequence[str]) -> None:
    """Let those partners' records of these ids wait no longer that a reply of ours has answered."""
    if not identities:
        return
    parties = [str(row[0]) for row in board.db.rows("SELECT party FROM partner")]
    for identity in identities:
        keys = [key_of(party, identity) for party in parties]
        waiting = board.db.rows(
            f"""SELECT w.id, w.label, w.since FROM record r JOIN waits w ON w.number = r.id
                WHERE r.record IN ({",".join("?" * len(keys)) or "NULL"})
                  AND w.why = '{ARRIVAL}'""",
            keys,
        )
        for number, label, came in waiting:
            if _heeded(board, identity, int(str(label)), int(str(came))):
                drop(board, "id = ?", (number,))


def _heeded(board: Board, identity: str, label: int, came: int) -> bool:
    replies = board.db.rows(
        """SELECT DISTINCT a.label FROM link l JOIN record a ON a.record = l.source
           WHERE l.target = ? AND l.field = 'about' AND a.owner = ? AND a.kind = ?
             AND a.at >= ?""",
        (identity, board.me, *HEEDING, came),
    )
    labels = board.labels()
    return any(covers(labels[label][1], labels[int(str(row[0]))][1]) for row in replies)


def prepared(board: Board, run: Iterable[tuple[str, str, int, str]]) -> None:
    """Let releases wait for a second person: the release, the record's key, when and by whom it was
    prepared. A file goes with its record, and is approved with it.
    """
    for release, key, at, person in run:
        place = _place(board, key)
        if place is not None and place.kind != "attachment":
            wait = Wait(seat="", about=key, why=APPROVAL, step=release, since=at,
                        haste=Haste.URGENT)  # fmt: skip
            keep(board, [(wait, place)])
            _decides(board, release, person, prepared=True)


def _decides(board: Board, release: str, person: str, *, prepared: bool = False) -> None:
    board.db.run(
        """INSERT INTO decider (release, person, prepared) VALUES (?, ?, ?)
           ON CONFLICT DO NOTHING""",
        (release, person, int(prepared)),
    )


# ``why <> arrival`` is how the index of the few rows that are no arrivals is found.
def begun_anew(board: Board, release: str, at: int, person: str) -> None:
    """``person`` has approved and another is still to: the wait begins once more, and rings."""
    _decides(board, release, person)
    rows = board.db.rows(
        f"SELECT id FROM waits WHERE why = '{APPROVAL}' AND why <> '{ARRIVAL}' AND step = ?",
        (release,),
    )
    board.db.many("DELETE FROM rung WHERE wait = ?", rows)
    board.db.many("UPDATE waits SET since = ?, look = 0 WHERE id = ?", [(at, *row) for row in rows])


@dataclass(frozen=True, slots=True)
class Turn:
    """What a lane waits for at our side, None = for nothing. ``anew`` says that it has waited for
    something else, or for nothing, since it was last told: then it is another wait.
    """

    wait: Wait | None
    anew: bool = False


def turn(board: Board, about: str, wait: Wait | None) -> None:
    """As :func:`turns`, of one lane."""
    turns(board, {about: Turn(wait)})


def turns(board: Board, found: Mapping[str, Turn]) -> None:
    """Let these lanes wait for our side as is said of each, or no longer. A lane that waits already
    for the same step goes on; only its due time may be another.
    """
    places = _places(board, {about.partition("#")[0] for about in found})
    held = _turns_held(board, [place.number for place in places.values() if place.number])
    gone: list[int] = []
    due: list[tuple[int, int]] = []
    come: list[tuple[Wait, Place]] = []
    for about, one in found.items():
        place, wait = places.get(about.partition("#")[0]), one.wait
        if place is None:
            continue
        named = (wait.seat, wait.step) if wait and not one.anew else None
        known = held.get((place.number, about), [])
        same = [number for number, *name in known if tuple(name) == named]
        if same and wait:
            due.append((wait.due, same[0]))
            continue
        gone += [number for number, *_ in known]
        if wait:
            come.append((wait, place))
    board.db.many("UPDATE waits SET due = ? WHERE id = ?", due)
    _end(board, [(number,) for number in gone])
    keep(board, come)


def _turns_held(
    board: Board, numbers: Sequence[int]
) -> dict[tuple[int | None, str], list[tuple[int, str, str]]]:
    """The turns for which these records' lanes wait, by record and lane: row, seat and step."""
    found: dict[tuple[int | None, str], list[tuple[int, str, str]]] = {}
    for marks, part in in_parts(numbers):
        rows = board.db.rows(
            f"""SELECT number, about, id, seat, step FROM waits
                WHERE number IN ({marks}) AND why = '{TURN}'""",
            part,
        )
        for number, about, row, seat, step in rows:
            key = int(str(number)), str(about)
            found.setdefault(key, []).append((int(str(row)), str(seat), str(step)))
    return found


def expiry(board: Board, about: str, wait: Wait | None) -> None:
    """Let what is in stock wait to be used as ``wait`` says, or no longer: there is none left."""
    place = _place(board, about)
    if place is None:
        return
    where, values = f"number = ? AND why = '{EXPIRY}'", (place.number,)
    if wait is None:
        drop(board, where, values)
    elif not board.db.rows(f"SELECT id FROM waits WHERE {where}", values):
        keep(board, [(wait, place)])


def until(board: Board, why: str, about: str, wait: Wait | None) -> None:
    """Let an own record wait to be seen to as ``wait`` says once its day has come, or no longer.
    For the same day it goes on waiting.
    """
    place = _place(board, about)
    if place is None or (wait is not None and numbers_of(board, wait)):
        return
    drop(board, f"number = ? AND why = '{why}'", (place.number,))
    if wait is not None:
        keep(board, [(wait, place)])


def begin(board: Board, wait: Wait) -> None:
    """Let this wait begin, where the record that it is about stands."""
    place = _place(board, wait.about)
    if place is not None:
        keep(board, [(wait, place)])


def inward(board: Board, name: str, wait: Wait | None) -> None:
    """Let the round ``name`` of an approval chain wait as ``wait`` says, or no longer."""
    drop(board, f"why = '{INWARD}' AND why <> '{ARRIVAL}' AND step = ?", (name,))
    place = _place(board, wait.about.partition("#")[0]) if wait else None
    if wait is not None and place is not None:
        keep(board, [(wait, place)])


def decided(board: Board, release: str) -> None:
    """Let a release that was approved or declined wait no longer."""
    drop(board, f"why = '{APPROVAL}' AND why <> '{ARRIVAL}' AND step = ?", (release,))
    board.db.run("DELETE FROM decider WHERE release = ?", (release,))


def recalled(board: Board, release: str, key: str, label: int, at: int) -> None:
    """Let a partner's recall wait until somebody notes it, for those who could read what it took
    away.
    """
    wait = Wait(seat="", about=key, why=RECALLED, step=release, since=at, haste=Haste.URGENT)
    if not numbers_of(board, wait):
        keep(board, [(wait, Place(None, "", label, 0, 0, at, turn_of(key)))])
