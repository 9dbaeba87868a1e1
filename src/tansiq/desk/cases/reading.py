"""Reading a case: its lanes as somebody may see them, who did what, whose turn it is, what is due.

The pages of every room that is a case ask here. Who may see the root sees its case, and nobody else
sees that there is one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tansiq.board import cases, outward
from tansiq.board import lanes as held_lanes
from tansiq.board.board import key_of
from tansiq.board.lanes import HeldLane
from tansiq.board.steps import Came
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases.acting import asked_here, may_take, side_of
from tansiq.desk.cases.goods import (
    Consignment,
    GoodsLine,
    consignments_of,
    goods_of,
    instead_in,
    instead_in_all,
    receivable,
    together,
    useful,
)
from tansiq.domain.cases import (
    AnyAct,
    Coming,
    Course,
    Decision,
    Declaration,
    Line,
    Opening,
    Outcome,
    Ring,
    Ruling,
    Seat,
    Shape,
    Side,
    Standing,
    Step,
    Sums,
    Verdict,
    Weight,
    clocks,
    stands,
)
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.records import RecordView
from tansiq.policy.release import reread
from tansiq.policy.seal import Released


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A step on the timeline of a lane. ``at`` is when its author let it leave (ms); ``came`` when
    this node accepted it; ``person`` is the roster number of an own one.
    """

    step: Step
    verdict: Verdict | None
    came: int
    person: str

    @property
    def counted(self) -> bool:
        """Whether it counts."""
        return self.verdict is not None and self.verdict.outcome is Outcome.COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneView:
    """A lane as a page shows it. ``path`` are its stages, each since when (ms). ``mine`` is whether
    our side acts next; ``acts`` are those that this actor may take now; ``others`` are the
    positions of ours for which those acts are kept that are not this actor's; ``coming`` and
    ``rung`` the clocks that run and that fell due. ``behind`` is the edition, as they were sent in
    this lane, to which the seat decided last, where the request was stated anew since; else 0.
    """

    id: str
    seat: Seat
    stage: str
    contested: tuple[Said, ...]
    ended_at: int
    opened: int
    restated: tuple[int, ...]
    said: tuple[Said, ...]
    mine: bool
    theirs: bool
    acts: tuple[AnyAct, ...]
    others: tuple[str, ...]
    coming: tuple[Coming, ...]
    rung: tuple[Ring, ...]
    newest: tuple[str, ...]
    goods: tuple[GoodsLine, ...]
    consignments: tuple[Consignment, ...]
    sums: Mapping[Line, Sums]
    path: tuple[tuple[str, int], ...]
    behind: int

    def receivable(self, chosen: str = "") -> tuple[Consignment, ...]:
        """The consignments of which a page has the form of the receipt."""
        return receivable(self.consignments, chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as somebody may see it: its lanes, oldest first. ``goods`` are the lines of a request
    with several lanes, added up over them.
    """

    declared: Declaration
    side: Side
    lanes: tuple[LaneView, ...]
    goods: tuple[GoodsLine, ...]


@reading_as
def lanes_of(
    desk: Desk, viewer: Viewer, root: Released[RecordView], actor: Actor | None = None
) -> Released[CaseView] | None:
    """The case of a root that was released for this viewer; None for a kind that has no lanes, and
    for a root of which we only hear where it stands.

    ``actor`` is who might act; without one, no acts are offered.
    """
    return lanes_of_each(desk, viewer, [root], actor)[0]


@reading_as
def lanes_of_each(
    desk: Desk, viewer: Viewer, roots: Sequence[Released[RecordView]], actor: Actor | None = None
) -> list[Released[CaseView] | None]:
    """As :func:`lanes_of`, of each of these roots, asked together."""
    held = held_lanes.of_roots(
        desk.board, [key_of(one.value.owner, one.value.record) for one in roots]
    )
    return [_case(desk, one, held[key_of(one.value.owner, one.value.record)], actor)
            for one in roots]  # fmt: skip


def _case(
    desk: Desk, root: Released[RecordView], held: Sequence[HeldLane], actor: Actor | None
) -> Released[CaseView] | None:
    view = root.value
    declared = kind_named(view.kind).case
    if declared is None or declared.shape is not Shape.LANE:
        return None
    side, key = side_of(desk, view.owner), key_of(view.owner, view.record)
    if not held and side is Side.SEAT and outward.heard(desk.board, key) is not None:
        return None
    lanes = tuple(_lane(desk, view, side, one, actor) for one in held)
    several = together(one.sums for one in lanes) if len(lanes) > 1 else {}
    goods = (
        goods_of(
            kind_named(view.kind), view.body, several, instead_in_all(one.goods for one in lanes)
        )
        if several
        else ()
    )
    return reread(
        root,
        CaseView(
            declared=declared,
            side=side,
            lanes=lanes,
            goods=goods,
        ),
    )


def _lane(
    desk: Desk, view: RecordView, side: Side, held: HeldLane, actor: Actor | None
) -> LaneView:
    kind, declared = kind_named(view.kind), _declared(view.kind)
    course = Course(declared, held.lane)
    standing = course.standing
    said = tuple(_said(one, standing) for one in held.came)
    openings = [one for one in held.accepted if isinstance(one.entry, Opening)]
    ended = held.lane.ended() is not None
    steps = [one.step for one in said]
    goods = goods_of(kind, view.body, standing.sums, instead_in(declared, steps, standing))
    sent = consignments_of(declared, steps, standing)
    times = clocks(declared, held.lane, held.accepted, desk.clock.now(), course)
    moving = bool(standing.turns) and not ended
    acts = [
        act
        for act in _now(declared, side, standing, ended=ended)
        if not act.lines or useful(declared.columns[act.name], goods, sent, moving=moving)
    ]
    asked = asked_here(desk, held)
    able = {
        one.code: tuple(
            act for act in acts if may_take(desk, act, declared, side, one, asked=asked)
        )
        for one in (desk.identity.positions if actor else ())
    }
    mine = able.get(actor.position, ()) if actor else ()
    kept = {one.name for one in acts if one.relations and actor} - {one.name for one in mine}
    return LaneView(
        id=held.id,
        seat=held.lane.seat,
        stage=standing.stage,
        contested=tuple(one for one in said if one.step.key in standing.contested),
        ended_at=held.accepted[-1].at if ended else 0,
        opened=openings[0].at,
        restated=tuple(one.at for one in openings[1:]),
        said=said,
        mine=any(turn.side is side for turn in standing.turns),
        theirs=any(turn.side is not side for turn in standing.turns),
        acts=mine,
        others=tuple(code for code, may in able.items() if kept & {one.name for one in may}),
        coming=tuple(one for one in times.coming if side in one.clock.rings),
        rung=tuple(one for one in times.rung if side in one.clock.rings and not one.over),
        newest=standing.newest,
        goods=goods,
        consignments=sent,
        sums=standing.sums,
        path=_path(standing, said, openings[0].at),
        behind=_behind(declared, held, standing) if moving else 0,
    )


def _behind(declared: Declaration, held: HeldLane, standing: Standing) -> int:
    """To which edition the seat decided last; 0 where it knew the newest, or decided nothing."""
    decided = [
        one.step for one in held.came
        if one.step.author != held.lane.owner
        and isinstance(declared.act(one.step.act), Decision)
        and one.step.key in standing.verdicts
        and standing.verdicts[one.step.key].outcome is Outcome.COUNTED
    ]  # fmt: skip
    known = held.lane.answers(decided[-1]) if decided else 0
    return known if known < held.newest.ordinal else 0


def _declared(kind: str) -> Declaration:
    declared = kind_named(kind).case
    assert declared is not None, "only a case has lanes"
    return declared


def _path(standing: Standing, said: Sequence[Said], opened: int) -> tuple[tuple[str, int], ...]:
    """The stages that a lane went through, each with the moment (ms) at which this node knew."""
    came = {one.step.key: one.came for one in said}
    return tuple((stage, came[key] if key else opened) for key, stage in standing.path)


def _said(one: Came, standing: Standing) -> Said:
    return Said(
        step=one.step, verdict=standing.verdicts.get(one.step.key), came=one.at, person=one.person
    )


def _now(declared: Declaration, side: Side, standing: Standing, *, ended: bool) -> Iterator[AnyAct]:
    """The acts of a side that count where the lane stands, and can leave: where it has ended, whom
    it asked holds the root no more.
    """
    if ended and side is Side.OWNER:
        return
    for act in declared.acts:
        if side in act.by and _counts(act, declared, standing, ended=ended):
            yield act


def _counts(act: AnyAct, declared: Declaration, standing: Standing, *, ended: bool) -> bool:
    if isinstance(act, Ruling):
        return act.name == declared.settle and bool(standing.contested)
    if isinstance(act, Decision):
        free = not ended and not standing.contested and act.weight is not Weight.TIME_OUT
        return free and standing.stage in act.sources
    return True


def answered(desk: Desk, shown: Iterable[Released[RecordView]]) -> dict[str, tuple[int, int]]:
    """Of the roots among these records, which were released for their viewer, by key, how many of
    several parties that are asked are done, and how many those are.
    """
    return cases.answered(desk.board, [key_of(one.value.owner, one.value.record) for one in shown])


def turns_of(desk: Desk, shown: Sequence[Released[RecordView]]) -> dict[str, tuple[str, ...]]:
    """Whose act comes next in each case among these records, which were released for their viewer,
    by key: seats as PARTY/position, without a position where none is known here. Cases where nobody
    is to act are left out.
    """
    roots = {key_of(one.value.owner, one.value.record): one.value for one in shown}
    asked = cases.asked_each(desk.board, roots)
    # One lane stands where its root stands; of several, each is folded.
    several = held_lanes.of_roots(desk.board, [key for key, one in asked.items() if one[1:]])
    found: dict[str, tuple[str, ...]] = {}
    for key, seats in asked.items():
        root = roots[key]
        turns = _declared(root.kind).turns
        lanes = [(seat, turns.get(root.state, ())) for seat in seats]
        if key in several:
            lanes = [
                (str(one.lane.seat), stands(_declared(root.kind), one.lane).turns)
                for one in several[key]
                if one.lane.ended() is None
            ]
        sides = [(seat, {one.side for one in turns if not one.later}) for seat, turns in lanes]
        ours = [f"{root.owner}/{root.position}"] if any(Side.OWNER in s for _, s in sides) else []
        next_ones = (*ours, *(seat for seat, acts in sides if Side.SEAT in acts))
        if next_ones:
            found[key] = next_ones
    return found


def asked_by_lane(desk: Desk, root: str, lane: str) -> PartyCode | None:
    """Whom a lane of an own root asks; None where the root is a partner's, which asks us."""
    seat = cases.seat_of(desk.board, root, lane) if root.startswith(f"{desk.me}/") else ""
    return PartyCode(seat.partition("/")[0]) if seat else None
