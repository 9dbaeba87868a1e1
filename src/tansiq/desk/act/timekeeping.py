"""Whether the node's clock can be believed before it makes something irrevocable.

What has expired is erased and what was embargoed leaves, both by the clock. A clock that jumps far
ahead would do that years early, so both wait then, until a partner's parcel was made at about the
same time, the clock is put right, or a person confirms it. A clock that goes back does neither:
what was erased stays erased, and what has left has left.
"""

from tansiq.board import node_state, partners
from tansiq.desk.act.desk import Act, Desk
from tansiq.domain.bounds import BOUNDS

HOUR_MS = 3_600_000


def in_doubt(desk: Desk) -> bool:
    """Whether the clock has jumped ahead since it was last believed; people hear of it once."""
    now = desk.clock.now()
    known = node_state.clock(desk.board)
    seen, held = known or (0, 0)
    jumped = known is not None and now - seen > BOUNDS.clock_jump_ms_max
    if jumped != bool(held) or (not jumped and now - seen > HOUR_MS):
        with desk.act() as act:
            _set(act, seen if jumped else now, now if jumped else 0)
            if jumped:
                _tell(act, (now - seen) // (24 * HOUR_MS))
    return jumped


def agree(act: Act, made_ms: int) -> None:
    """A partner's parcel was made at ``made_ms`` by its clock: where that is now, ours is right."""
    if abs(made_ms - act.now) <= BOUNDS.clock_skew_ms_max and held(act.desk):
        _set(act, act.now, 0)


def confirm(desk: Desk) -> bool:
    """A person says that the clock is right; whether anything had waited for that."""
    with desk.act() as act:
        waited = held(desk)
        _set(act, act.now, 0)
    return waited


def held(desk: Desk) -> bool:
    """Whether the clock is in doubt as far as was last looked; it changes nothing."""
    return (node_state.clock(desk.board) or (0, 0))[1] > 0


def _set(act: Act, seen: int, held: int) -> None:
    node_state.set_clock(act.desk.board, seen, held)


def _tell(act: Act, days: int) -> None:
    for party in partners.codes(act.desk.board):
        act.say(
            {"type": "alarm", "party": party, "code": "clock_jumped",
             "values": {"days": days}, "at": act.now},
        )  # fmt: skip
    act.changed("link")
