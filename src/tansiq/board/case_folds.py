"""Cases in the fold: what releases of roots, steps and recalls do to the tables of the board.

``fold`` and ``received`` call these, entry by entry, in the order of the journal; ``cases`` reads
what they keep and says where lanes stand.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Final

from tansiq.board import current_rows, lanes, outward, steps, waits
from tansiq.board.board import Board, key_of
from tansiq.board.cases import restage
from tansiq.board.current_rows import CurrentRow
from tansiq.board.reading import Item, Opens, opens_of
from tansiq.board.rows import item_at, number_of, text_of
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.cases import (
    FOLLOWS_STEPS,
    Step,
    lines_named,
    seat_code,
    stands,
    step_from_json,
)
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_reading
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import RecordId
from tansiq.log.canonical import JSON

_UNKNOWN: Final = "?"
_OPENED: Final = """EXISTS (SELECT 1 FROM opening o WHERE o.root = step.root
    AND o.lane = step.lane AND o.ordinal > 0)"""
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
    roots = []
    for one in rows:
        if one.opens is not None and one.received is not None:
            ordinal = max(one.opens.ordinal, 1)
            _keep_opening(board, one.key, one.received, one.opens, ordinal=ordinal, at=at)
            roots.append(one.key)
    _find(board, roots)
    restage(board, roots, at)


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
    _find(board, [root])
    waits.turn(board, f"{root}#{kept.lane}", None)
    restage(board, [root], at)  # where an older edition stands: its clocks ask for less from now on


def _find(board: Board, roots: Iterable[str]) -> None:
    """Steps that came before these roots find them: about a circle they waited, in a lane of our
    own root, which this node had forgotten, they stood under their author's name.
    """
    for root in dict.fromkeys(roots):
        owner, _, name = root.partition("/")
        if owner == board.me:  # a partner's root of that id and lane takes no steps from another
            _find_asked(board, root, RecordId(name))
        waiting = key_of(_UNKNOWN, RecordId(name))
        authors = board.db.rows("SELECT DISTINCT author FROM step WHERE root = ?", (waiting,))
        board.db.many(
            "UPDATE step SET root = ? WHERE root = ? AND author = ?",
            [
                (root, waiting, author)
                for (author,) in authors
                if _circle_of(board, PartyCode(str(author)), RecordId(name)) == root
            ],
        )
        board.db.run(
            f"UPDATE step SET waits = 0 WHERE root = ? AND waits = 1 AND {_OPENED}", (root,)
        )


def _find_asked(board: Board, root: str, name: RecordId) -> None:
    """Of each lane of an own root, the steps of both sides; not those of a root that the party
    which is asked has of the same id and lane.
    """
    asked = board.db.rows(
        "SELECT DISTINCT lane, seat FROM opening WHERE root = ? AND lane <> ''", (root,)
    )
    for lane, seat in asked:
        theirs = key_of(seat_code(seat).party, name)
        board.db.run(
            """UPDATE step SET root = ? WHERE root = ? AND root <> ? AND lane = ? AND NOT EXISTS
                 (SELECT 1 FROM opening o WHERE o.root = step.root AND o.lane = step.lane)""",
            (root, theirs, root, lane),
        )


def _keep_opening(
    board: Board, root: str, release: str, opens: Opens, *, ordinal: int, at: int
) -> None:
    board.db.run(
        """INSERT INTO opening (release, root, lane, seat, ordinal, moments, came, follows)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
        (
            release,
            root,
            opens.lane,
            opens.seat,
            ordinal,
            json.dumps(opens.moments),
            at,
            opens.follows,
        ),
    )


def sent(board: Board, releases: Sequence[tuple[str, int]]) -> None:
    """Of these releases that have left, each with when, those of roots open or restate a lane."""
    known: dict[str, str] = {}
    for marks, part in current_rows.in_parts([release for release, _ in releases]):
        rows = board.db.rows(f"SELECT release, root FROM opening WHERE release IN ({marks})", part)
        known |= {str(release): str(root) for release, root in rows}
    for release, at in releases:
        if release in known:
            board.db.run(
                """UPDATE opening SET came = ?, ordinal = 1 + (SELECT COALESCE(MAX(o.ordinal), 0)
                     FROM opening o WHERE o.root = opening.root AND o.lane = opening.lane)
                   WHERE release = ?""",
                (at, release),
            )
            _find(board, [known[release]])
            declared = lanes.declaration_of(board, known[release])
            if declared is not None and declared.coarse:
                outward.begin(board, release, known[release], declared.outward[0])
            restage(board, [known[release]], at)


def demand_room(board: Board, root: str, step: Step) -> None:
    """Raises InputError where the author of a step has filled its half of the lane, or has decided
    as often as a fold can bear: the other side would not take up more.
    """
    _demand_place(board, root, step)
    declared = lanes.declaration_of(board, root)
    if declared is None or lanes.is_fact(declared, step.act):
        return
    held = board.db.rows(
        "SELECT act FROM step WHERE root = ? AND lane = ? AND author = ?",
        (root, step.lane, step.author),
    )
    if sum(not lanes.is_fact(declared, str(act)) for (act,) in held) >= BOUNDS.case_decisions_max:
        raise InputError("case_full")


def _demand_place(board: Board, root: str, step: Step) -> None:
    """Each side has its own half, so that nobody's steps keep the other from ending the lane."""
    held = board.db.rows(
        "SELECT COUNT(*) FROM step WHERE root = ? AND lane = ? AND author = ?",
        (root, step.lane, step.author),
    )
    if int(str(held[0][0])) >= BOUNDS.case_steps_max // 2:
        raise InputError("case_full")
    _demand_lines(board, root, step)


def _demand_lines(board: Board, root: str, step: Step) -> None:
    """What a lane counts is shown line by line, and of each consignment: its sides name no more
    lines, and no more often, than a page can bear.
    """
    lines = lines_named(step.values)
    if not lines:
        return
    before = [
        lines_named(one.step.values)
        for one in steps.taken(board, root)
        if (one.step.lane, one.step.author) == (step.lane, step.author)
    ]
    counted = len(lines) + sum(map(len, before))
    if len(lines.union(*before)) > BOUNDS.case_lines_max or counted > BOUNDS.case_counts_max:
        raise InputError("case_full")


def keep_step(board: Board, root: str, step: Step, *, at: int, by: Item | None = None) -> bool:
    """Keep a step under the root's key; whether it is new."""
    lane, taken = (root, step.lane), by or {}
    return bool(
        board.db.run(
            """INSERT INTO step (root, lane, author, step, act, said, came, position, person, told)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '{}') ON CONFLICT DO NOTHING""",
            (
                *lane, step.author, step.step, step.act,
                json.dumps(step.to_json(), sort_keys=True), at,
                str(taken.get("position", "")), str(taken.get("person", "")),
            ),
        )
    )  # fmt: skip


def took(board: Board, _seq: int, item: Item) -> None:
    """Fold a step of our own that the journal holds, with the parties that it went to."""
    root = key_of(text_of(item, "owner"), text_of(item, "root"))
    said = item["said"]
    by = item["by"]
    assert isinstance(said, dict)
    assert isinstance(by, dict)
    step = step_from_json(said, board.me)
    keep_step(board, root, step, at=item_at(item), by=by)
    told = {**_told(board, root, step), text_of(item, "to"): step.after}
    board.db.run(
        f"UPDATE step SET told = ? WHERE {_SAME}",
        (json.dumps(told, sort_keys=True), *_same(root, step)),
    )
    restage(board, [root], item_at(item))


def take_partners(board: Board, party: PartyCode, sent_item: Item, at: int) -> str:
    """Keep a step of ``party``; the key of its root, which ``restage`` folds once the run is read.
    Raises InputError for one that is malformed, or for which there is no room.

    A step about a root that is not in hand waits, so long as ``steps.overdue`` allows.
    """
    step = step_from_json(sent_item, party)
    root = root_of(board, party, step)
    if not _holds(board, root, step):
        _demand_place(board, root, step)
        keep_step(board, root, step, at=at)
        board.db.run(
            f"UPDATE step SET waits = 1 WHERE {_SAME} AND NOT {_OPENED}", _same(root, step)
        )
    return root


def given_up(board: Board, _seq: int, item: Item) -> None:
    """Forget steps of which the roots never came, as the journal names them."""
    named = item["steps"]
    assert isinstance(named, list)
    keys = [tuple(map(str, one)) for one in named if isinstance(one, list)]
    board.db.many(f"DELETE FROM step WHERE {_SAME}", keys)


def _holds(board: Board, root: str, step: Step) -> bool:
    return bool(board.db.rows(f"SELECT id FROM step WHERE {_SAME}", _same(root, step)))


def _same(root: str, step: Step) -> tuple[str, ...]:
    return root, step.lane, step.author, step.step


def _told(board: Board, root: str, step: Step) -> dict[str, Sequence[str]]:
    """To which parties a step of our own went, with what it named there as known."""
    rows = board.db.rows(f"SELECT told FROM step WHERE {_SAME}", _same(root, step))
    return dict(json.loads(str(rows[0][0]))) if rows else {}


def holds_step(board: Board, root: str, step: Step, to: PartyCode) -> bool:
    """Whether a step of our own is known here as one that went to ``to``."""
    return to in _told(board, root, step)


def root_of(board: Board, party: PartyCode, step: Step) -> str:
    """The key of the root of a step that came from ``party`` or went there: in a lane one of ours
    that asks that party, else one of its own, in hand or not; in a circle perhaps a third party's.
    """
    if not step.lane:
        return _circle_of(board, party, step.root)
    mine = key_of(board.me, step.root)
    asked = board.db.rows(
        "SELECT seat FROM opening WHERE root = ? AND lane = ? AND ordinal > 0", (mine, step.lane)
    )
    ours = any(seat_code(seat).party == party for (seat,) in asked)
    return mine if ours else key_of(party, step.root)


def _circle_of(board: Board, party: PartyCode, record: RecordId) -> str:
    """The key of the circle that a step of ``party`` is about: one of ours that went to it, its own
    or a third party's; "?/id" where none is in hand.
    """
    rows = board.db.rows(
        """SELECT o.root FROM partner p JOIN opening o ON o.root = p.party || ?
           WHERE o.lane = '' AND o.follows = ? AND o.ordinal > 0
           ORDER BY p.party <> ?, o.came, o.root LIMIT 1""",
        (f"/{record}", FOLLOWS_STEPS, party),
    )
    mine = key_of(board.me, record)
    held = board.db.rows(
        """SELECT o.root FROM opening o JOIN release r ON r.release = o.release
           WHERE o.root = ? AND o.lane = '' AND o.ordinal > 0
             AND ((r.party = ? AND o.follows = ?) OR ? = ?) LIMIT 1""",
        (mine, party, FOLLOWS_STEPS, party, board.me),
    )
    found = held or rows
    return str(found[0][0]) if found else key_of(_UNKNOWN, record)


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
    restage(board, [root], at)


def _newest_in(board: Board, root: str, lane: str) -> tuple[str, ...] | None:
    """The steps that stand at the end of a lane; None for a lane that is not held."""
    held = next((one for one in lanes.of_root(board, root) if one.id == lane), None)
    declared = lanes.declaration_of(board, root)
    return None if held is None or declared is None else stands(declared, held.lane).newest
