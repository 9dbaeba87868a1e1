"""To which root a step belongs: one of ours, its author's own, or of a circle a third party's.

``case_folds`` asks as steps come, and as roots come for which steps waited.
"""

from collections.abc import Collection, Iterable
from typing import Final

from tansiq.board import restaging
from tansiq.board.board import Board, key_of
from tansiq.board.rows import in_parts
from tansiq.domain.cases import FOLLOWS_STEPS, Step, seat_code
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import RecordId

_UNKNOWN: Final = "?"
_OPENED: Final = """EXISTS (SELECT 1 FROM opening o WHERE o.root = step.root
    AND o.lane = step.lane AND o.ordinal > 0)"""


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


def strays_of(board: Board, roots: Iterable[str]) -> set[str]:
    """Those of these roots of which steps stand elsewhere because they came before the root: what
    has moved until now is settled before those are found.
    """
    elsewhere: dict[str, list[str]] = {}
    for root in roots:
        owner, _, name = root.partition("/")
        elsewhere.setdefault(key_of(_UNKNOWN, name), []).append(root)
        if owner == board.me:
            for _, theirs in _asked(board, root):
                elsewhere.setdefault(theirs, []).append(root)
    found: set[str] = set()
    for marks, part in in_parts(elsewhere):
        for (key,) in board.db.rows(
            f"SELECT DISTINCT root FROM step WHERE root IN ({marks})", part
        ):
            found.update(elsewhere[str(key)])
    if found:
        restaging.settle(board)
    return found


def find(board: Board, roots: Iterable[str], strays: Collection[str]) -> None:
    """Steps that came before these roots find them: about a circle they waited, in a lane of our
    own root, which this node had forgotten, they stood under their author's name.
    """
    opened = list(dict.fromkeys(roots))
    for root in opened:
        if root not in strays:
            continue
        owner, _, name = root.partition("/")
        if owner == board.me:  # a partner's root of that id and lane takes no steps from another
            _find_asked(board, root)
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
    board.db.many(
        f"UPDATE step SET waits = 0 WHERE root = ? AND waits = 1 AND {_OPENED}",
        [(root,) for root in opened],
    )


def _asked(board: Board, root: str) -> list[tuple[str, str]]:
    """The lanes of an own root, each with the key under which steps of who is asked stand where
    they are not found to be of this root.
    """
    rows = board.db.rows(
        "SELECT DISTINCT lane, seat FROM opening WHERE root = ? AND lane <> ''", (root,)
    )
    name = root.partition("/")[2]
    return [(str(lane), key_of(seat_code(seat).party, name)) for lane, seat in rows]


def _find_asked(board: Board, root: str) -> None:
    """Of each lane of an own root, the steps of both sides; not those of a root that the party
    which is asked has of the same id and lane.
    """
    for lane, theirs in _asked(board, root):
        board.db.run(
            """UPDATE step SET root = ? WHERE root = ? AND root <> ? AND lane = ? AND NOT EXISTS
                 (SELECT 1 FROM opening o WHERE o.root = step.root AND o.lane = step.lane)""",
            (root, theirs, root, lane),
        )
