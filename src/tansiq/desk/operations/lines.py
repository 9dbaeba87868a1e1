"""Coordination lines: put by their owner to the parties that hold them, agreed to there or not.

The pages of ``/lines`` ask here. A party that says nothing has agreed to nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tansiq.board import cases
from tansiq.board.board import key_of
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import rounds, taking
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.desk.records.read import View
from tansiq.domain.cases import Round, StepValue
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.kinds.operations.coordination_line import (
    AGREE,
    COORDINATION_LINE,
    DECLINE,
    DRAFTED,
    PUT,
    PUT_TO,
    STATED,
)
from tansiq.domain.operations.confirming import Confirmed, confirmed
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.records import RecordId, RecordView
from tansiq.policy.release import reread
from tansiq.policy.seal import Released


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What each party says of a line, by party, and the ``unasked``: parties that hold it and were
    not asked about it as it stands, which its owner may ask.
    """

    said: tuple[Confirmed, ...]
    unasked: tuple[PartyCode, ...] = ()


def has_agreed(one: Confirmed) -> bool:
    """Whether a party has agreed to a line as it stands."""
    return one.has_it and one.said is not None and one.said.act == AGREE


def put(
    desk: Desk, actor: Actor, record: str, *, seats: Sequence[str], seen: Sequence[str]
) -> None:
    """Put an own line to positions (PARTY/position) of parties that hold it. Raises InputError
    where its circle moved since ``seen``, RefusedError.
    """
    with desk.act() as act:
        view = say.current(desk, actor, record).value
        _demand_line(view)
        stated = int(str(view.body.get(STATED, act.now)))
        if view.state == DRAFTED:
            say.step_in(act, actor, view, PUT, said={STATED: stated})
        elif view.state != PUT_TO:
            raise RefusedError(Refused("step_not_from_here"))
        values: dict[str, StepValue] = {"seats": tuple(seats), STATED: stated}
        wanted = Wanted(
            owner=view.owner, record=view.record, lane="", act=PUT, seen=seen, values=values
        )
        rounds.take_in(act, actor, wanted, made=True)


def answer(
    desk: Desk, actor: Actor, owner: str, record: str, *, declined_for: str = "",
    seen: Sequence[str],
) -> None:  # fmt: skip
    """Agree to a partner's line for our party, or say why it does not: ``declined_for`` is a code.
    Raises InputError where the circle moved since ``seen``, RefusedError where this position is not
    asked.
    """
    with desk.act() as act:
        view = taking.view_of(desk, actor, owner, record)
        _demand_line(view)
        viewer = desk.viewer(actor)
        circle = rounds.circle_of(desk, viewer, read.record(desk, viewer, owner, record))
        name = DECLINE if declined_for else AGREE
        wanted = Wanted(
            owner=owner, record=record, lane="", act=name, seen=seen,
            of=circle.value.about(name) if circle else "",
            values={"declined_for": declined_for} if declined_for else {},
        )  # fmt: skip
        rounds.take_in(act, actor, wanted, made=True)


def _demand_line(view: RecordView) -> None:
    if view.kind != COORDINATION_LINE.name:
        raise InputError("record_absent")


@reading_as
def standing(desk: Desk, viewer: Viewer, root: View) -> Released[Standing]:
    """What the parties say of a line that was released for this viewer: those whom a round names,
    and nobody else.
    """
    view = root.value
    circle = rounds.circle_of(desk, viewer, root)
    said = _said(view, circle.value.rounds if circle else ())
    if view.owner != desk.me:
        return reread(root, Standing(said=said))
    holding = cases.holders(desk.board, key_of(view.owner, view.record), desk.clock.now())
    done = {one.party for one in said if one.has_it}
    return reread(root, Standing(said=said, unasked=tuple(p for p in holding if p not in done)))


@reading_as
def said_of_each(
    desk: Desk, viewer: Viewer, roots: Sequence[View], as_of: int = 0
) -> dict[tuple[PartyCode, RecordId], tuple[Confirmed, ...]]:
    """What the parties say of each of these lines, asked together: as of a moment (ms), or now."""
    stood = rounds.standings(desk, viewer, roots, as_of)
    keyed = {(one.value.owner, one.value.record): one.value for one in roots}
    return {key: _said(keyed[key], found.rounds) for key, found in stood.items()}


def _said(view: RecordView, found: Sequence[Round]) -> tuple[Confirmed, ...]:
    """What each party says; a line that is drafted anew is not the one that was answered."""
    newest = found[-1].opened.values.get(STATED) if found else 0
    stated = 0 if view.state == DRAFTED else view.body.get(STATED, newest)
    return confirmed(found, stated if isinstance(stated, int) else 0, STATED)
