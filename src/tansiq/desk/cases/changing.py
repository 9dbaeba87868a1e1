"""Stating a request anew once it was sent: what of it may change, and whom it asks no longer.

The form of a new edition asks here. A party that is added is asked by the release of the edition,
and one that holds the request already gets the edition only where it reads otherwise
(``release.automatic``). One that is left out is told in its lane that the request is over for it,
and gets nothing more of it.
"""

from collections.abc import Mapping, Sequence

from tansiq.board import circles, lanes
from tansiq.board.board import key_of
from tansiq.board.lanes import HeldLane
from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.cases import taking
from tansiq.desk.records import say
from tansiq.desk.records.say import Draft
from tansiq.desk.release import recalling
from tansiq.domain.cases import (
    Decision,
    Declaration,
    Outcome,
    Seat,
    Side,
    Standing,
    Weight,
    seat_code,
    stands,
)
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Type
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.records import Body, RecordView


def settled(desk: Desk, view: RecordView) -> dict[str, object]:
    """The fields of an own case that stay as they are, with their values, None for an empty one:
    those that its kind settles once somebody was asked, or once somebody has promised.
    """
    kind = kind_named(view.kind)
    if kind.case is not None and kind.settles is not None:
        key = key_of(desk.me, view.record)
        stood = circles.standing(kind.case, key, circles.steps(desk.board, key))
        stays = kind.settles(desk.me, stood)
        return {name: view.body.get(name) for name in kind.settled if stays}
    held = lanes.of_root(desk.board, key_of(desk.me, view.record)) if kind.in_lanes else []
    names = [*kind.settled] if held else []
    if kind.case is not None and any(_has_promised(kind.case, one) for one in held):
        names += kind.promised
    return {name: view.body.get(name) for name in names}


def _has_promised(declared: Declaration, held: HeldLane) -> bool:
    verdicts = stands(declared, held.lane).verdicts
    return any(
        step.act in declared.promises and verdicts[step.key].outcome is Outcome.COUNTED
        for step in held.lane.steps()
        if step.key in verdicts
    )


def restate(desk: Desk, actor: Actor, record: str, base: str, draft: Draft) -> None:
    """Write a new edition of a case in lanes on top of the one with digest ``base``. Raises as
    :func:`tansiq.desk.records.say.revise`, and InputError for a field that is settled, and for a
    party whose seat would change or whose part in it is over.
    """
    with desk.act() as act:
        old = say.current_on(desk, actor, record, base).value
        _demand_settled(desk, old, draft)
        restate_in(act, actor, old, draft)


def restate_in(act: Act, actor: Actor, old: RecordView, draft: Draft) -> None:
    """As :func:`restate`, inside an act, on top of the edition that stands, by a room that changes
    what no form may: it asks nothing of fields that are settled.
    """
    kind = kind_named(old.kind)
    asked, wanted = _seats(kind, old.body), _seats(kind, draft.body)
    held = lanes.of_root(act.desk.board, key_of(act.desk.me, old.record))
    going_on = {one.party: one for one in held if one.lane.ended() is None}
    _demand_seats(kind, wanted, going_on)
    for party in sorted(asked.keys() - wanted.keys()):
        _withdraw(act, actor, old, party, going_on.get(party))
    say.revise_in(act, actor, old, draft)


def revise(desk: Desk, actor: Actor, record: str, base: str, draft: Draft) -> None:
    """Write a new edition of a circle on top of the one with digest ``base``. Raises as
    :func:`tansiq.desk.records.say.revise`, and InputError for a field that is settled.
    """
    with desk.act() as act:
        old = say.current_on(desk, actor, record, base).value
        _demand_settled(desk, old, draft)
        say.revise_in(act, actor, old, draft)


def _demand_settled(desk: Desk, old: RecordView, draft: Draft) -> None:
    for name, value in settled(desk, old).items():
        if draft.body.get(name) != value:
            raise InputError("field_settled", field=name)


def _seats(kind: Kind, body: Body) -> dict[PartyCode, Seat]:
    """Whom a body asks, by party."""
    fields = (one.name for one in kind.fields if one.type is Type.SEATS)
    named = (body.get(name) for name in fields)
    found = [seat_code(one) for value in named if isinstance(value, list) for one in value]
    return {seat.party: seat for seat in found}


def _demand_seats(
    kind: Kind, wanted: Mapping[PartyCode, Seat], going_on: Mapping[PartyCode, HeldLane]
) -> None:
    """Who has a lane keeps its seat there, and is not asked again in a lane that is over."""
    assert kind.case is not None, "only a case has lanes"
    for party, seat in wanted.items():
        held = going_on.get(party)
        if held is None:
            continue
        if held.lane.seat != seat:
            raise InputError("seat_settled", field="seats", party=party)
        if _is_withdrawn(kind.case, stands(kind.case, held.lane)):
            raise InputError("seat_over", field="seats", party=party)


def _endings(declared: Declaration) -> Sequence[Decision]:
    """The acts by which the owner ends a lane."""
    acts = (one for one in declared.acts if isinstance(one, Decision))
    return [one for one in acts if Side.OWNER in one.by and one.weight is Weight.ENDING]


def _is_withdrawn(declared: Declaration, standing: Standing) -> bool:
    return standing.stage in {one.target for one in _endings(declared)}


def _withdraw(
    act: Act, actor: Actor, root: RecordView, party: PartyCode, held: HeldLane | None
) -> None:
    """Stop what was still to go to a party, and tell one that was asked, where it could still act.
    Raises RefusedError where it cannot be told: then it is asked on.
    """
    recalling.stop_unsent(act, actor.to_json(), root.record, party)
    declared = kind_named(root.kind).case
    if held is None or declared is None:
        return
    standing = stands(declared, held.lane)
    ending = next((one for one in _endings(declared) if standing.stage in one.sources), None)
    if ending is not None:
        taking.take_in(
            act, actor,
            taking.Wanted(
                owner=root.owner, record=root.record, lane=held.id, act=ending.name,
                seen=standing.newest,
            ),
        )  # fmt: skip
