"""Cases in the fold: what releases of roots, steps and recalls do to the tables of the board.

``fold`` and ``received`` call these, entry by entry, in the order of the journal; ``cases`` reads
what they keep and says where lanes stand.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from tansiq.board import lanes, outward, restaging, waits
from tansiq.board.board import Board, key_of
from tansiq.board.current_rows import CurrentRow
from tansiq.board.lanes import Mark, mark_of
from tansiq.board.reading import Item, Opens, opens_of
from tansiq.board.rows import in_parts, item_at, number_of, text_of
from tansiq.board.step_roots import find, root_of, strays_of
from tansiq.board.steps import step_said
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases import Step, lines_named, stands
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_reading
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import JSON, text_kept

# A new step of a partner waits where no such lane is open here.
_WAITS: Final = """CASE WHEN EXISTS (SELECT 1 FROM opening o
    WHERE o.root = ? AND o.lane = ? AND o.ordinal > 0) THEN 0 ELSE 1 END"""
_SAME: Final = "root = ? AND lane = ? AND author = ? AND step = ?"


def prepared(board: Board, items: Iterable[Item]) -> None:
    """Own releases of roots were prepared: they name whom they ask, and open nothing yet."""
    for item in items:
        wire = item["wire"]
        if isinstance(wire, dict) and "lane" in wire:
            version, body = number_of(wire, "v"), wire.get("body")
            kind = kind_reading(text_of(wire, "kind"), version)
            opens = (
                opens_of(kind, wire, kind.upcast(dict[str, object](body), version))
                if kind and isinstance(body, dict)
                else None
            )
            if opens is not None:
                root = key_of(board.me, text_of(item, "record"))
                _keep_opening(board, root, text_of(item, "release"), opens, ordinal=0, at=0)


def opened(board: Board, rows: Iterable[CurrentRow], at: int) -> None:
    """Partners' releases of roots have come: they open lanes here, or state them anew, and steps
    that waited for them find them.
    """
    came: dict[str, set[Mark]] = {}
    opening = [(one, one.opens, one.received) for one in rows if one.opens and one.received]
    strays = strays_of(board, {one.key for one, _, _ in opening})
    for one, opens, release in opening:
        ordinal = max(opens.ordinal, 1)
        new = _keep_opening(board, one.key, release, opens, ordinal=ordinal, at=at)
        came.setdefault(one.key, set()).update({(release,)} if new else ())
    find(board, came, strays)
    for root, marks in came.items():
        restaging.move(board, root, at, frozenset(marks))


def erased(board: Board, root: str, release: str, opened: JSON, at: int) -> None:
    """The content of a partner's release was erased ``at`` a moment: of the lane that it opened
    stays that it did, and none of the root's moments. A fold from the logs alone learns of it only
    here, and not what rang of it before: so what the lane waits for begins anew.
    """
    if not isinstance(opened, dict):
        return
    kept = Opens(
        text_of(opened, "lane"), text_of(opened, "seat"), number_of(opened, "ordinal"), {},
        text_of(opened, "follows"),
    )  # fmt: skip
    _keep_opening(board, root, release, kept, ordinal=kept.ordinal, at=number_of(opened, "came"))
    board.db.run("UPDATE opening SET moments = '{}' WHERE release = ?", (release,))
    find(board, [root], strays=[root])
    waits.turn(board, f"{root}#{kept.lane}", None)
    restaging.restage(
        board, [root], at
    )  # where an older edition stands: its clocks ask for less from now on


def _keep_opening(
    board: Board, root: str, release: str, opens: Opens, *, ordinal: int, at: int
) -> bool:
    """Keep what a release opens; whether it is new."""
    return bool(
        board.db.run(
            """INSERT INTO opening (release, root, lane, seat, ordinal, moments, came, follows)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
            (
                release, root, opens.lane, opens.seat, ordinal, text_kept(opens.moments), at,
                opens.follows,
            ),
        )
    )  # fmt: skip


def sent(board: Board, releases: Sequence[tuple[str, int]]) -> None:
    """Of these releases that have left, each with when, those of roots open or restate a lane."""
    known: dict[str, tuple[str, int]] = {}
    for marks, part in in_parts([release for release, _ in releases]):
        rows = board.db.rows(
            f"SELECT release, root, ordinal FROM opening WHERE release IN ({marks})", part
        )
        known |= {str(release): (str(root), int(str(n))) for release, root, n in rows}
    for release, at in releases:
        if release in known:
            _sent(board, release, *known[release], at)


def _sent(board: Board, release: str, root: str, ordinal: int, at: int) -> None:
    if ordinal:  # it has left before
        restaging.settle(board)
    strays = strays_of(board, [root])
    board.db.run(
        """UPDATE opening SET came = ?, ordinal = 1 + (SELECT COALESCE(MAX(o.ordinal), 0)
             FROM opening o WHERE o.root = opening.root AND o.lane = opening.lane)
           WHERE release = ?""",
        (at, release),
    )
    find(board, [root], strays)
    declared = lanes.declaration_of(board, root)
    if declared is not None and declared.coarse:
        outward.begin(board, release, root, declared.outward[0])
    restaging.move(board, root, at, frozenset({(release,)}))


def demand_room(board: Board, root: str, step: Step) -> None:
    """Raises InputError where the author of a step has filled its half of the lane, or has decided
    as often as a fold can bear: the other side would not take up more.
    """
    _demand_place(board, root, step, _held_of(board, root, step)[0])
    declared = lanes.declaration_of(board, root)
    if declared is None or lanes.is_fact(declared, step.act):
        return
    held = board.db.rows(
        "SELECT act FROM step WHERE root = ? AND lane = ? AND author = ?",
        (root, step.lane, step.author),
    )
    if sum(not lanes.is_fact(declared, str(act)) for (act,) in held) >= BOUNDS.case_decisions_max:
        raise InputError("case_full")


def _demand_place(board: Board, root: str, step: Step, count: int) -> None:
    """Each side has its own half, so that nobody's steps keep the other from ending the lane;
    ``count`` says how much of it is filled.
    """
    if count >= BOUNDS.case_steps_max // 2:
        raise InputError("case_full")
    _demand_lines(board, root, step)


def _demand_lines(board: Board, root: str, step: Step) -> None:
    """What a lane counts is shown line by line, and of each consignment: its sides name no more
    lines, and no more often, than a page can bear.
    """
    lines = lines_named(step.values)
    if not lines:
        return
    kept = board.db.rows(
        "SELECT said FROM step WHERE root = ? AND lane = ? AND author = ?",
        (root, step.lane, step.author),
    )
    before = [lines_named(step_said(step.author, str(said)).values) for (said,) in kept]
    counted = len(lines) + sum(map(len, before))
    if len(lines.union(*before)) > BOUNDS.case_lines_max or counted > BOUNDS.case_counts_max:
        raise InputError("case_full")


def _held_of(board: Board, root: str, step: Step) -> tuple[int, bool]:
    """How many steps of the same author its lane has, and whether it is one of them."""
    ((count, known),) = board.db.rows(
        """SELECT COUNT(*), COUNT(CASE WHEN step = ? THEN 1 END) FROM step
           WHERE root = ? AND lane = ? AND author = ?""",
        (step.step, root, step.lane, step.author),
    )
    return int(str(count)), bool(known)


def keep_step(
    board: Board, root: str, step: Step, *, at: int, said: str = "", by: Item | None = None,
    told: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> bool:  # fmt: skip
    """Keep a step under the root's key; whether it is new. A partner's that opens no lane here
    waits.
    """
    taken, lane = by or {}, (root, step.lane)
    waits, where = (_WAITS, lane) if by is None else ("0", ())
    return bool(
        board.db.run(
            f"""INSERT INTO step (root, lane, author, step, act, said, came, position, person, told,
                  waits)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {waits}) ON CONFLICT DO NOTHING""",
            (
                *lane, step.author, step.step, step.act, said or text_kept(step.to_json()), at,
                str(taken.get("position", "")), str(taken.get("person", "")), text_kept(dict(told)),
                *where,
            ),
        )
    )  # fmt: skip


def took(board: Board, _seq: int, item: Item) -> None:
    """Fold a step of our own that the journal holds, with the parties that it went to."""
    root = key_of(text_of(item, "owner"), text_of(item, "root"))
    said, by = item["said"], item["by"]
    assert isinstance(said, dict)
    assert isinstance(by, dict)
    text = text_kept(said)
    step = step_said(board.me, text)
    told: dict[str, Sequence[str]] = {text_of(item, "to"): step.after}
    new = keep_step(board, root, step, at=item_at(item), said=text, by=by, told=told)
    if not new:
        board.db.run(
            f"UPDATE step SET told = ? WHERE {_SAME}",
            (text_kept({**_told(board, root, step), **told}), *_same(root, step)),
        )
    restaging.move(board, root, item_at(item), frozenset({mark_of(step)} if new else ()))


def take_partners(
    board: Board, party: PartyCode, sent_item: Item, at: int
) -> tuple[str, set[Mark]]:
    """Keep a step of ``party``: the key of its root, and the mark of a step that is new. Raises
    InputError for one that is malformed, or for which there is no room.

    A step about a root that is not in hand waits, so long as ``steps.overdue`` allows.
    """
    said = text_kept(sent_item)
    step = step_said(party, said)
    root = root_of(board, party, step)
    count, known = _held_of(board, root, step)
    if known:
        return root, set()
    _demand_place(board, root, step, count)
    keep_step(board, root, step, at=at, said=said)
    return root, {mark_of(step)}


def given_up(board: Board, _seq: int, item: Item) -> None:
    """Forget steps of which the roots never came, as the journal names them."""
    named = item["steps"]
    assert isinstance(named, list)
    keys = [tuple(map(str, one)) for one in named if isinstance(one, list)]
    board.db.many(f"DELETE FROM step WHERE {_SAME}", keys)


def _same(root: str, step: Step) -> tuple[str, ...]:
    return root, step.lane, step.author, step.step


def _told(board: Board, root: str, step: Step) -> dict[str, Sequence[str]]:
    """To which parties a step of our own went, with what it named there as known."""
    rows = board.db.rows(f"SELECT told FROM step WHERE {_SAME}", _same(root, step))
    return dict(json.loads(str(rows[0][0]))) if rows else {}


def holds_step(board: Board, root: str, step: Step, to: PartyCode) -> bool:
    """Whether a step of our own is known here as one that went to ``to``."""
    return to in _told(board, root, step)


def end_lane(board: Board, root: str, release: str, at: int, *, owner: bool) -> None:
    """The lane of a release has ended, because that release was recalled or its retention is over.

    ``owner`` says that this node owns the root: it keeps what it held then. A release that a later
    one of the same lane has replaced ends nothing. What was said with a release ends with it.
    """
    outward.drop(board, release)
    rows = board.db.rows(
        """SELECT o.lane FROM opening o WHERE o.release = ? AND o.root = ? AND o.ordinal > 0
             AND NOT EXISTS (SELECT 1 FROM opening n WHERE n.root = o.root AND n.lane = o.lane
               AND n.ordinal > o.ordinal)""",
        (release, root),
    )
    if not rows or not rows[0][0]:
        return  # a circle goes on without the member
    lane = str(rows[0][0])
    after = _newest_in(board, root, lane) if owner else None
    board.db.run(
        "INSERT INTO lane_end (root, lane, after, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (root, lane, json.dumps(after), at),
    )
    restaging.restage(board, [root], at)


def _newest_in(board: Board, root: str, lane: str) -> tuple[str, ...] | None:
    """The steps that stand at the end of a lane; None for a lane that is not held."""
    held = next((one for one in lanes.of_root(board, root) if one.id == lane), None)
    declared = lanes.declaration_of(board, root)
    return None if held is None or declared is None else stands(declared, held.lane).newest
