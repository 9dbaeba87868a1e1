"""Which of our positions may take which act: ``taking``, ``rounds`` and ``reading`` ask."""

from collections.abc import Collection

from tansiq.board.lanes import HeldLane
from tansiq.desk.act.desk import Desk, demand
from tansiq.domain.cases import AnyAct, Declaration, Side, Weight
from tansiq.domain.errors import Decision, InputError, Refused, RefusedError
from tansiq.domain.parties import Actor, Position
from tansiq.policy import mandate


def side_of(desk: Desk, owner: str) -> Side:
    """On which side of its lanes this node is."""
    return Side.OWNER if owner == desk.me else Side.SEAT


def asked_here(desk: Desk, held: HeldLane) -> tuple[str, ...]:
    """The positions of this party that a lane asks."""
    seat = held.lane.seat
    return (seat.position,) if seat.party == desk.me else ()


def may_take(
    desk: Desk,
    act: AnyAct,
    declared: Declaration,
    side: Side,
    position: Position,
    *,
    asked: Collection[str],
) -> Decision:
    """Whether a position of ours may do an act of our side in a case, where the positions ``asked``
    of ours are asked.
    """
    related = mandate.relations(declared, side, position, asked, desk.identity.positions)
    return mandate.may_act(act, position, related)


def demand_act(
    desk: Desk,
    actor: Actor,
    declared: Declaration,
    owner: str,
    name: str,
    *,
    asked: Collection[str],
) -> AnyAct:
    """The act of that name, if this actor may take it on this side, where the positions ``asked``
    of ours are asked. Raises InputError and RefusedError.
    """
    known = declared.act(name)
    if known is None:
        raise InputError("act_unknown", act=name[:32])
    side = side_of(desk, owner)
    if side not in known.by:
        raise RefusedError(Refused("mandate"))
    demand(may_take(desk, known, declared, side, desk.position(actor.position), asked=asked))
    if getattr(known, "weight", None) is Weight.TIME_OUT:
        raise RefusedError(Refused("mandate"))  # time does it, nobody else
    return known
