"""Safety messages: sent to every party at once, read back by whoever is on duty there, stood down
by their sender.

The pages of ``/safety`` ask here. A message goes by the rule that joining signed, without approval,
and its steps overtake all other traffic. No party learns who else read it back, or who was called.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tansiq.board import lanes
from tansiq.board.board import key_of
from tansiq.board.lanes import HeldLane
from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import reading, taking
from tansiq.desk.cases.reading import LaneView, Said
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.operations import reviewing
from tansiq.desk.records import read, say
from tansiq.desk.records.read import ReleaseState
from tansiq.domain.cases import Outcome, StepValue
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.kinds.operations.safety_message import (
    CASE,
    READ_BACK,
    RESULTS,
    SAFETY_MESSAGE,
)
from tansiq.domain.kinds.operations.said_back import is_said_back, place_of
from tansiq.domain.labels import Label
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.places import Place
from tansiq.domain.records import Body, RecordId, RecordView
from tansiq.policy.release import reread
from tansiq.policy.seal import Released

_VOID: Final = frozenset({Outcome.NOT_ALLOWED, Outcome.WAITING, Outcome.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is known here of one party and a message: when it was sent, came and was opened there
    (ms, 0 = not known), and what was done about it. ``lane`` is None where it could not be sent.
    """

    party: PartyCode
    lane: LaneView | None
    sent: int = 0
    came: int = 0
    opened: int = 0
    opened_by: tuple[str, ...] = ()

    def steps(self, *acts: str) -> tuple[Said, ...]:
        """The steps of these acts, in their order, also of those that crossed one another."""
        return tuple(
            one
            for one in (self.lane.said if self.lane else ())
            if one.step.act in acts and one.verdict and one.verdict.outcome not in _VOID
        )

    @property
    def stage(self) -> str:
        """Where it stands; "" where it could not be sent or the lane was ended."""
        return self.lane.stage if self.lane and not self.lane.ended_at else ""

    def may(self, act: str) -> bool:
        """Whether the actor for whom this was asked may take that act now."""
        return self.lane is not None and act in {one.name for one in self.lane.acts}


def send(desk: Desk, actor: Actor, body: Body) -> RecordId:
    """Send a message to every party at once. Raises InputError, RefusedError."""
    return say.write(desk, actor, say.Draft(kind=SAFETY_MESSAGE.name, body=body, label=Label()))


@reading_as
def tellings(
    desk: Desk, viewer: Viewer, root: Released[RecordView], actor: Actor
) -> Released[tuple[Telling, ...]]:
    """Who was told of a message that was released for this viewer: the sender sees every party,
    another party itself alone.
    """
    view = root.value
    case = reading.lanes_of(desk, viewer, root, actor)
    held = {lane.seat.party: lane for lane in (case.value.lanes if case else ())}
    if view.owner != desk.me:
        found = tuple(_here(party, lane) for party, lane in held.items())
        return reread(root, found)
    sent = {one.party: one for one in read.releases_of(desk, viewer, view.record)}
    parties = sorted(view.label.readers() | held.keys())
    return reread(root, tuple(_there(one, held.get(one), sent.get(one)) for one in parties))


def _here(party: PartyCode, lane: LaneView) -> Telling:
    return Telling(party=party, lane=lane, came=lane.opened)


def _there(party: PartyCode, lane: LaneView | None, sent: ReleaseState | None) -> Telling:
    if lane is None or sent is None:
        return Telling(party=party, lane=lane)
    return Telling(
        party=party, lane=lane, sent=sent.released_at, came=sent.delivered_at,
        opened=sent.read_at, opened_by=sent.read_by,
    )  # fmt: skip


def read_back(
    desk: Desk, actor: Actor, owner: str, record: str, *, typed: str, confirmed: bool
) -> None:
    """Say a message back: ``typed`` is where it is, ``confirmed`` that the sentence was read.
    Raises InputError where either is not so, RefusedError where it was read back already.
    """
    with desk.act() as act:
        view = _message(desk, actor, owner, record)
        if not is_said_back(view.body, typed):
            raise InputError("not_said_back", field="place" if place_of(view.body) else "text")
        if not confirmed:
            raise InputError("sentence_not_read", field="confirmed")
        _take(act, actor, view, desk.me, name="read_back")


def called(desk: Desk, actor: Actor, record: str, party: str, *, whom: str, result: str) -> None:
    """Keep that a party was telephoned, and what came of it: it read the message back, or one of
    ``RESULTS``. Raises InputError, RefusedError.
    """
    if result not in (*RESULTS, READ_BACK):
        raise InputError("choice_unknown", field="result")
    with desk.act() as act:
        view = _message(desk, actor, desk.me, record)
        values: dict[str, StepValue] = {"whom": whom, "result": result}
        name = "by_telephone" if result == READ_BACK else "called"
        _take(act, actor, view, party, name=name, values=values)


def stand_down(desk: Desk, actor: Actor, record: str) -> None:
    """End a message for every party that can be told so. Raises RefusedError where there is none,
    or where it was stood down already.
    """
    with desk.act() as act:
        view = _message(desk, actor, desk.me, record)
        done = [_stood_down(act, actor, view, one) for one in _held(desk, view)]
        if not any(done):
            raise RefusedError(Refused("step_not_from_here"))


def _stood_down(act: Act, actor: Actor, view: RecordView, held: HeldLane) -> bool:
    """End it for one party; whether it could be told. One that cannot keeps no other waiting."""
    try:
        _take(act, actor, view, held.party, name="stand_down")
    except RefusedError as refused:
        if refused.code == "mandate":
            raise
        return False
    return True


def _message(desk: Desk, actor: Actor, owner: str, record: str) -> RecordView:
    """A message that the actor may see. Raises InputError for anything else."""
    view = taking.view_of(desk, actor, owner, record)
    if view.kind != SAFETY_MESSAGE.name:
        raise InputError("record_absent")
    return view


def _held(desk: Desk, view: RecordView) -> Sequence[HeldLane]:
    return lanes.of_root(desk.board, key_of(view.owner, view.record))


def _take(
    act: Act, actor: Actor, view: RecordView, party: str, *, name: str,
    values: dict[str, StepValue] | None = None,
) -> None:  # fmt: skip
    """Take a step in the lane of one party. Raises InputError, RefusedError."""
    held = next((one for one in _held(act.desk, view) if one.lane.seat.party == party), None)
    if held is None:
        raise InputError("record_absent")
    wanted = Wanted(
        owner=view.owner, record=view.record, lane=held.id, act=name, seen=(),
        values=values or {},
    )  # fmt: skip
    taking.take_now(act, actor, view, held, wanted)


def follow_up(desk: Desk, actor: Actor, record: str) -> RecordId:
    """Make an incident and the draft of a review from an own message; the review. Where it was made
    already, it is the one that is there. Raises InputError, RefusedError.
    """
    with desk.act() as act:
        view = _message(desk, actor, desk.me, record)
        place = place_of(view.body) or Place()
        incident: Body = {
            "category": "other", "severity": "flash", "text": view.body["text"],
            "observed": view.at, "place": place.to_json(), "grade": "F6",
        }  # fmt: skip
        rows = timeline_of(desk, actor, view, CASE.named)
        return reviewing.make(
            act, actor, view, text=str(view.body["text"]), incident=incident, timeline=rows
        )


def timeline_of(desk: Desk, actor: Actor, view: RecordView, acts: Iterable[str]) -> list[Body]:
    """Who was told when and took which of these acts, oldest first, as a review says it."""
    root = read.record(desk, desk.viewer(actor), view.owner, view.record)
    rows: list[Body] = []
    for one in tellings(desk, desk.viewer(actor), root, actor).value:
        known = ((one.sent, "sent", view.position), (one.came, "came", ""))
        rows += [_row(at, one.party, done, by) for at, done, by in known if at]
        rows += [
            _row(said.step.at, one.party, said.step.act, said.step.seat.position)
            for said in one.steps(*acts)
        ]
    return sorted(rows, key=lambda row: (row["moment"], row["party"]))


def _row(at: int, party: PartyCode, done: str, by: str) -> Body:
    row: Body = {"moment": at, "party": party, "done": done}
    return row | ({"by_position": by} if by else {})
