"""Joint operations: how their owner lets one go on, what each position that is asked answers, and
what of it was shared with whoever looks.

The pages of ``/joint`` ask here. What the owner says leaves to all who hold the frame at once. A
change of area, time or lines asks anew in the same transaction, and a go is concluded only where
each position that was asked has said it of the frame as it stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import reading, rounds
from tansiq.desk.cases.rounds import CircleView
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.operations import reviewing
from tansiq.desk.records import read, say
from tansiq.desk.records.read import View
from tansiq.domain.cases import Round, Step, StepValue, seat_code
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.operations.joint_operation import (
    ANSWER_BY,
    ASK,
    CALLED_OFF,
    FRAMED,
    GO_ASKED,
    GO_IF,
    GO_SAID,
    IN_REVIEW,
    JOINT_OPERATION,
    MET,
    NO_GO,
    NO_GO_SAID,
    NOTE,
    NOW,
    OVER,
    PARTS_ASKED,
    RUNNING,
    STATED,
    Move,
    due_before,
    moves_from,
    same_frame,
)
from tansiq.domain.kinds.operations.operation_part import OPERATION_PART, SAID
from tansiq.domain.kinds.operations.passage import GRANT_OTHER, OTHER_TIME, PASSAGE
from tansiq.domain.operations.going import Going, going
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.records import Body, RecordId, RecordView
from tansiq.policy import mandate
from tansiq.policy.release import reread
from tansiq.policy.seal import Released

_HEARD_BY: Final = 15 * 60_000  # ms after it was called off: whoever has not heard is telephoned
# What is asked anew where the frame changes, by the stage.
_ANEW: Final = {
    PARTS_ASKED: PARTS_ASKED, GO_ASKED: GO_ASKED, GO_SAID: GO_ASKED, NO_GO_SAID: GO_ASKED,
    RUNNING: GO_ASKED,
}  # fmt: skip
_OPENED: Final = {PARTS_ASKED: "ask_parts", GO_ASKED: "ask_go", CALLED_OFF: "call_operation_off"}
_WHY: Final = {NO_GO: "no_go_for", GO_IF: "condition"}  # the value in which an answer says more


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the owner asks for: the move, whom it asks (PARTY/position), by when answers are due
    (ms, 0 = two hours before the start), why it is called off, that the conditions are ``met``, and
    what the page showed of the newest round.
    """

    move: str
    seats: tuple[str, ...] = ()
    answer_by: int = 0
    off_for: str = ""
    met: bool = False
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """What somebody does not know of an operation: whose it is, and the item."""

    party: PartyCode
    text: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """The passage of a line as it stands, and between which moments it was granted instead (ms, 0 =
    as it was asked).
    """

    view: View
    begins: int = 0
    until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What of an operation was shared with a viewer: parts, passages, and what is not known."""

    parts: tuple[View, ...] = ()
    passes: tuple[Pass, ...] = ()
    unknown: tuple[Unknown, ...] = field(default=())


def go_on(desk: Desk, actor: Actor, record: str, wish: Wish) -> None:
    """Let an own operation go on. Raises InputError where the move does not start from where it
    stands, where not all say go to the frame as it stands, where a condition is not met, or where
    the circle moved since it was shown; RefusedError. Then nothing has changed.
    """
    with desk.act() as act:
        demand(mandate.may_write(actor.role, JOINT_OPERATION))
        view = _own(desk, actor, record)
        move = next((one for one in moves_from(view.state) if one.name == wish.move), None)
        if move is None:
            raise InputError("act_unknown", act=wish.move[:32])
        circle = rounds.circle_on(desk, actor, view.owner, view.record)
        if move.act == ASK:
            _ask(act, actor, view, circle, (move.target, wish))
            return
        _demand_go(view.body, circle, move, wish)
        values: dict[str, StepValue] = {NOW: move.target}
        if move.target == GO_SAID and wish.met:
            values["conditions_are"] = MET
        _take(act, actor, view, circle, (move.act, values, wish.seen))


def _demand_go(body: Body, circle: CircleView, move: Move, wish: Wish) -> None:
    """A go is concluded, and an operation begins, only where all say go. Raises InputError."""
    found = _going(body, circle.rounds)
    if move.target in (GO_SAID, RUNNING) and not found.all_go:
        raise InputError("operation_not_all")
    if move.target == GO_SAID and found.conditions and not wish.met:
        raise InputError("operation_conditions", field="met")


def _ask(
    act: Act, actor: Actor, view: RecordView, circle: CircleView, asked: tuple[str, Wish]
) -> None:
    """Open a round that asks for ``asked``, of the frame as it stands. Raises InputError."""
    target, wish = asked
    seats = wish.seats
    if target == CALLED_OFF:
        seats = tuple(sorted({*seats, *_asked_before(act.desk, circle)}))
    if not seats:
        raise InputError("field_required", field="seats")
    stated = view.body.get(STATED)
    if target != CALLED_OFF and stated is None:
        stated = act.now
        body = {**view.body, STATED: stated}
        draft = say.Draft(kind=view.kind, body=body, label=view.label, tear=view.tear)
        say.revise_in(act, actor, view, draft)
    values: dict[str, StepValue] = {
        "seats": seats, NOW: target, STATED: int(str(stated or 0)),
        ANSWER_BY: _answer_by(act.now, view.body, target, wish),
    }  # fmt: skip
    if wish.off_for:
        values["off_for"] = wish.off_for
    _take(act, actor, view, circle, (ASK, values, wish.seen))


def _answer_by(now: int, body: Body, target: str, wish: Wish) -> int:
    """By when answers are due (ms): before it begins. Raises InputError."""
    if target == CALLED_OFF:
        return now + _HEARD_BY
    begins = int(str(body["begins"]))
    if wish.answer_by > begins:
        raise InputError("answer_by_late", field=ANSWER_BY)
    return wish.answer_by or due_before(begins, now)


def _asked_before(desk: Desk, circle: CircleView) -> set[str]:
    """The positions of partners that some round has named and that still hold the frame."""
    named = {one.seat for found in circle.rounds for one in found.seats}
    return {str(seat) for seat in named if seat.party in circle.members and seat.party != desk.me}


def answer(
    desk: Desk, actor: Actor, owner: str, record: str, name: str, *, why: str = "",
    seen: Sequence[str],
) -> None:  # fmt: skip
    """Say for our position what the newest round asks: that what we wish to share was shared, go,
    no go, go with a condition (``why`` is a code), or that we have heard that it is called off.
    Raises InputError where the round does not take that, of an older frame too, or moved since
    ``seen``; RefusedError where this position is not asked.
    """
    with desk.act() as act:
        root = read.record(desk, desk.viewer(actor), owner, record)
        _demand_operation(root.value)
        circle = rounds.circle_on(desk, actor, root.value.owner, root.value.record)
        if name not in _going(root.value.body, circle.rounds).takes:
            raise InputError("act_unknown", act=name[:32])
        values: dict[str, StepValue] = {_WHY[name]: why} if name in _WHY else {}
        rounds.answer_in(act, actor, root, name, seen=seen, values=values)


def reframe(desk: Desk, actor: Actor, record: str, base: str, draft: say.Draft) -> None:
    """Write a new edition of an own operation on top of the one with digest ``base``. Where it says
    another area, time or line, whoever was asked is asked anew, or nothing of it is kept. Raises as
    :func:`tansiq.desk.records.say.revise`, and InputError for another frame of one that is over.
    """
    with desk.act() as act:
        old = say.current_on(desk, actor, record, base).value
        _demand_operation(old)
        say.revise_in(act, actor, old, draft)
        new = say.current(desk, actor, record).value
        if same_frame(old.body, new.body) or old.state == FRAMED:
            return
        if old.state not in _ANEW:
            raise InputError("operation_ended")
        circle = rounds.circle_on(desk, actor, new.owner, new.record)
        newest = circle.rounds[-1].opened.values["seats"] if circle.rounds else ()
        seats = tuple(one for one in _named(newest) if _holds(desk, circle, one))
        if seats:
            wish = Wish(move="", seats=seats, seen=circle.newest)
            _ask(act, actor, new, circle, (_ANEW[old.state], wish))
        elif circle.members:
            _take(act, actor, new, circle, (NOTE, {NOW: FRAMED}, circle.newest))


def _named(seats: StepValue) -> tuple[str, ...]:
    return seats if isinstance(seats, tuple) else ()


def _holds(desk: Desk, circle: CircleView, seat: str) -> bool:
    return seat_code(seat).party in {desk.me, *circle.members}


def _take(
    act: Act, actor: Actor, view: RecordView, circle: CircleView,
    step: tuple[str, Mapping[str, StepValue], Sequence[str]],
) -> None:  # fmt: skip
    """Take a step of the owner: the act, its values, and what was shown of the newest round."""
    name, values, seen = step
    wanted = Wanted(
        owner=view.owner, record=view.record, lane="", act=name, seen=tuple(seen),
        of=circle.about(name), values=dict(values),
    )  # fmt: skip
    rounds.take_in(act, actor, wanted, made=True)


def _own(desk: Desk, actor: Actor, record: str) -> RecordView:
    view = say.current(desk, actor, record).value
    _demand_operation(view)
    return view


def _demand_operation(view: RecordView) -> None:
    if view.kind != JOINT_OPERATION.name:
        raise InputError("record_absent")


def _going(body: Body, found: Sequence[Round]) -> Going:
    stated = body.get(STATED)
    return going(found, stated if isinstance(stated, int) else 0)


@reading_as
def going_of(desk: Desk, viewer: Viewer, root: View) -> Released[Going]:
    """What the newest round of an operation comes to that was released for this viewer."""
    circle = rounds.circle_of(desk, viewer, root)
    return reread(root, _going(root.value.body, circle.value.rounds if circle else ()))


@reading_as
def shared(desk: Desk, viewer: Viewer, root: View) -> Released[Shared]:
    """What of an operation was shared with this viewer, and nothing of what was not: a part that
    was withheld and one that nobody wrote are the same.
    """
    about = read.linked(desk, viewer, root.value.record, OPERATION_PART.about)
    parts = [one for one in about if one.value.kind == OPERATION_PART.name]
    parts.sort(key=lambda one: (one.value.owner, one.value.at))
    passes = [one for one in about if one.value.kind == PASSAGE.name]
    passes.sort(key=lambda one: one.value.at)
    standing = [one for one in parts if one.value.state == SAID]
    return reread(
        root,
        Shared(
            parts=tuple(parts),
            passes=tuple(_pass(desk, viewer, one) for one in passes),
            unknown=tuple(
                item for one in (root, *standing, *passes) for item in _unknown(one.value)
            ),
        ),
    )


def _unknown(view: RecordView) -> Iterator[Unknown]:
    found = view.body.get("unknowns")
    for item in found if isinstance(found, list) else ():
        yield Unknown(party=view.owner, text=str(item["text"]), state=str(item["state"]))


def _pass(desk: Desk, viewer: Viewer, view: View) -> Pass:
    if view.value.state != OTHER_TIME:
        return Pass(view=view)
    case = reading.lanes_of(desk, viewer, view)
    said = [one for lane in (case.value.lanes if case else ()) for one in lane.said]
    times = [one.step.values for one in said if one.counted and one.step.act == GRANT_OTHER]
    last = times[-1] if times else {}
    begins, until = (last.get(name, 0) for name in ("from_then", "until_then"))
    return Pass(view=view, begins=int(str(begins)), until=int(str(until)))


def review(desk: Desk, actor: Actor, owner: str, record: str) -> RecordId:
    """Make the draft of a review for our own party, with who was asked and said what; the owner of
    an operation that is over says to all that it is looked at. Where the draft was made already, it
    is the one that is there. Raises InputError, RefusedError.
    """
    with desk.act() as act:
        viewer = desk.viewer(actor)
        root = read.record(desk, viewer, owner, record)
        view = root.value
        _demand_operation(view)
        if view.state not in (OVER, IN_REVIEW, CALLED_OFF):
            raise InputError("act_unknown", act="review_operation")
        circle = rounds.circle_on(desk, actor, view.owner, view.record)
        if view.owner == desk.me and view.state == OVER:
            _take(act, actor, view, circle, (NOTE, {NOW: IN_REVIEW}, circle.newest))
        rows = sorted(_timeline(circle), key=lambda row: (str(row["moment"]), str(row["party"])))
        text = str(view.body.get("text", view.reference))
        return reviewing.make(act, actor, view, text=text, timeline=rows)


def _timeline(circle: CircleView) -> Iterator[Body]:
    """Who was asked and said what, round by round."""
    for one in circle.rounds:
        yield _row(one.opened, _OPENED.get(str(one.opened.values.get(NOW)), "ask_go"))
        for seat in one.seats:
            if seat.answer is not None:
                yield _row(seat.answer, seat.answer.act)
        if one.conclusion is not None:
            yield _row(one.conclusion, _concluded(one.conclusion))


def _concluded(step: Step) -> str:
    return "conclude_go" if step.values.get(NOW) == GO_SAID else "conclude_no_go"


def _row(step: Step, done: str) -> Body:
    return {
        "moment": step.at, "party": step.author, "done": done, "by_position": step.seat.position,
    }  # fmt: skip
