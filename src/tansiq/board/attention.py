"""Reading what waits, how it rang and who is on duty: for the tick as the node, for pages as who
may see.
"""

import json
from collections.abc import Iterable, Sequence

from tansiq.board.board import Board
from tansiq.board.queries import release_filter
from tansiq.board.waits import ARRIVAL, RECALLED, WAIT, Held, held
from tansiq.domain.duty import Post
from tansiq.domain.parties import Viewer
from tansiq.log.database import Value

_GOES_ON = "(r.ends = 0 OR r.ends > ?)"
_IN_ORDER = """CASE r.haste WHEN 'safety' THEN 0 WHEN 'flash' THEN 1 WHEN 'urgent' THEN 2
    ELSE 3 END, r.since, r.turn, r.why, r.step"""


def to_look_at(board: Board, now: int, limit: int) -> list[Held]:
    """The waits at which the tick is to look at ``now``, those that have waited longest first."""
    rows = board.db.rows(
        f"""SELECT {WAIT} FROM waits r WHERE r.look <= ? AND {_GOES_ON}
            ORDER BY r.look, r.id LIMIT ?""",
        (now, now, limit),
    )
    return [held(row) for row in rows]


def look_again(board: Board, looks: Iterable[tuple[int, int]]) -> None:
    """When the tick is to look again: moment and number of each wait."""
    board.db.many("UPDATE waits SET look = ? WHERE id = ?", list(looks))


def look_at_all(board: Board) -> None:
    """Let the next ticks look at everything that waits."""
    board.db.run("UPDATE waits SET look = 0 WHERE look > 0")


def seen(board: Board, viewer: Viewer, now: int, *, about: str = "", limit: int) -> list[Held]:
    """What waits that the viewer may see, most haste first; ``about`` = that record or lane."""
    chosen = ("r.about = ?", [about]) if about else ("1 = 1", list[Value]())
    return _seen(board, viewer, now, chosen, limit)


def sounding(board: Board, viewer: Viewer, now: int, limit: int) -> list[Held]:
    """Of these, what has rung for the viewer's position and was heard by nobody."""
    where = "r.id IN (SELECT g.wait FROM rung g WHERE g.position = ? AND g.heard_at = 0)"
    return _seen(board, viewer, now, (where, [viewer.position]), limit)


def hasty(board: Board, viewer: Viewer, now: int, limit: int) -> list[Held]:
    """Flash and safety records that came and nobody has heard of, and cases in which a life is in
    danger, for whomever they ring.
    """
    where = f"""r.haste IN ('safety', 'flash') AND (r.why = '{ARRIVAL}' OR r.haste = 'safety')
        AND NOT EXISTS (SELECT 1 FROM rung g WHERE g.wait = r.id AND g.heard_at > 0)"""
    return _seen(board, viewer, now, (where, []), limit)


def to_note(board: Board, viewer: Viewer, now: int, limit: int) -> list[Held]:
    """The recalls that wait to be noted, as far as the viewer may see them, the oldest first."""
    where = f"r.why <> '{ARRIVAL}' AND r.why = '{RECALLED}'"
    return _seen(board, viewer, now, (where, []), limit)


def late(board: Board, viewer: Viewer, now: int, limit: int) -> list[Held]:
    """What waits past its due time that the viewer may see, most haste first."""
    return _seen(board, viewer, now, ("r.due > 0 AND r.due <= ?", [now]), limit)


def named(board: Board, viewer: Viewer, now: int, name: str) -> Held | None:
    """The wait of that name (``Wait.id``), if the viewer may see it."""
    why, seat, about, step = (*name.split(" "), "", "", "", "")[:4]
    where = "r.about = ? AND r.why = ? AND r.seat = ? AND r.step = ?"
    values = [about, why, seat if seat != "-" else "", step]
    found = _seen(board, viewer, now, (where, values), 1)
    return found[0] if found else None


def _seen(
    board: Board, viewer: Viewer, now: int, chosen: tuple[str, Sequence[Value]], limit: int
) -> list[Held]:
    where, values = chosen
    visible, mine = release_filter(board, viewer, now)
    rows = board.db.rows(
        f"""SELECT {WAIT} FROM waits r WHERE {visible} AND {where} AND {_GOES_ON}
            ORDER BY {_IN_ORDER} LIMIT ?""",
        (*mine, *values, now, limit),
    )
    return [held(row) for row in rows]


def said_of_duty(board: Board) -> dict[str, Post]:
    """What people said last of positions' duty."""
    with board.db.engine():  # of the node's own watch, of no record
        rows = board.db.rows("SELECT position, post FROM duty")
    return {str(position): Post(str(post)) for position, post in rows}


def calls(board: Board, numbers: Sequence[int]) -> dict[int, list[tuple[str, str, int, str]]]:
    """The call logs of these waits, each oldest first: whom, by which position, when, with what
    result.
    """
    marks = ",".join("?" * len(numbers)) or "NULL"
    rows = board.db.rows(
        f"""SELECT wait, position, called_by, at, result FROM called WHERE wait IN ({marks})
            ORDER BY wait, seq""",
        numbers,
    )
    found: dict[int, list[tuple[str, str, int, str]]] = {}
    for wait, whom, by, at, result in rows:
        caller = str(json.loads(str(by))["position"])
        found.setdefault(int(str(wait)), []).append((str(whom), caller, int(str(at)), str(result)))
    return found
