"""Medical evacuation: asked of one party, offered to another where that one declines or is silent,
and told to the other side where an ambulance crosses a coordination line.

The pages of ``/medevac`` ask here. Who was asked before learns nothing of who is asked now. Who is
told of a crossing learns which line, when, with how many, and whom to call, and of no request.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tansiq.board import lanes
from tansiq.board.board import key_of
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import changing, taking
from tansiq.desk.operations import reviewing, safety
from tansiq.desk.operations.safety import Telling
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query, View
from tansiq.domain.cases import WATCH_SEAT, Seat, stands
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.escalation import MINUTE_MS
from tansiq.domain.kinds.operations.after_action import DONE
from tansiq.domain.kinds.operations.coordination_line import COORDINATION_LINE, STANDING
from tansiq.domain.kinds.operations.crossing import CROSSING, EVACUATION
from tansiq.domain.kinds.operations.medevac import (
    ACCEPTED,
    CANCELLED,
    CASE,
    DECLINED,
    LYING,
    MEDEVAC,
    MOVING,
    PICKED_UP,
    PRECEDENCE,
    REPORTED,
    REQUESTED,
    TABLE,
    WALKING,
    number_of,
)
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.operations.precedences import PRECEDENCES, table
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.places import place_from_json
from tansiq.domain.records import Body, RecordId, RecordView
from tansiq.policy.release import reread
from tansiq.policy.seal import Released

LINES_MAX: Final = 100  # lines that are offered to be crossed
_OFFERED_FROM: Final = frozenset({REQUESTED, DECLINED, CANCELLED})
_ON_THE_ROAD: Final = frozenset({ACCEPTED, MOVING, PICKED_UP})
_SEVERITY: Final = {name: haste.value for name, haste in zip(PRECEDENCES, CASE.hastes, strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """One line of the timeline: what happened (``word`` is the key of its words) when (ms), so many
    whole minutes after it was reported, as which party says; "" for a position or a roster number
    that is not known here. ``asked`` is the party that was asked then.
    """

    word: str
    at: int
    minutes: int
    party: PartyCode
    position: str = ""
    person: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """An own notice that a line is crossed, the parties to which it went, and those to be
    telephoned, which no rule lets it reach.
    """

    view: View
    told: tuple[PartyCode, ...]
    untold: tuple[PartyCode, ...]


def table_here(desk: Desk) -> list[dict[str, object]]:
    """How soon somebody is to be handed over by precedence, as this centre counts."""
    return table(desk.identity.evacuation_minutes)


def request(desk: Desk, actor: Actor, body: Body, party: PartyCode) -> RecordId:
    """Ask a party, as its watch. Raises InputError, RefusedError."""
    asked = {**body, "seats": [str(_watch(party))], TABLE: table_here(desk)}
    draft = say.Draft(kind=MEDEVAC.name, body=asked, label=Label(audience=audience_of(party)))
    return say.write(desk, actor, draft)


def offer_again(desk: Desk, actor: Actor, record: str, party: PartyCode) -> None:
    """Ask another party instead: whoever was asked before reads that it is cancelled there, and not
    why. Raises InputError for a party that was asked already, RefusedError where one goes on.
    """
    with desk.act() as act:
        old = say.current(desk, actor, record).value
        _demand(old)
        held = lanes.of_root(desk.board, key_of(old.owner, old.record))
        if party in {one.party for one in held}:
            raise InputError("seat_over", field="to", party=party)
        if not {stands(CASE, one.lane).stage for one in held} <= _OFFERED_FROM:
            raise RefusedError(Refused("step_not_from_here"))
        body = {**old.body, "seats": [str(_watch(party))]}
        label = replace(old.label, audience=audience_of(party))
        draft = say.Draft(kind=old.kind, body=body, label=label, tear=old.tear)
        changing.restate_in(act, actor, old, draft)


def _watch(party: PartyCode) -> Seat:
    return Seat(party, WATCH_SEAT)


def _demand(view: RecordView) -> None:
    if view.kind != MEDEVAC.name:
        raise InputError("record_absent")


@reading_as
def may_be_offered(
    desk: Desk, viewer: Viewer, root: View, told: Sequence[Telling]
) -> Released[tuple[PartyCode, ...]]:
    """The parties that may be asked instead of those that were asked."""
    asked = {one.party for one in told if one.lane}
    over = {one.stage for one in told if one.lane} <= _OFFERED_FROM
    return reread(root, tuple(sorted(set(read.partner_codes(desk)) - asked)) if over else ())


@reading_as
def stamps(
    desk: Desk, viewer: Viewer, root: View, told: Sequence[Telling]
) -> Released[tuple[Stamp, ...]]:
    """The timeline of a request that was released for this viewer, oldest first: what each side
    says for itself, as far as the viewer's party takes part.
    """
    view = root.value
    reported = view.body.get(REPORTED)
    since = reported if isinstance(reported, int) else view.at

    def stamp(word: str, at: int, party: PartyCode, position: str = "", person: str = "") -> Stamp:
        minutes = max(0, at - since) // MINUTE_MS
        return Stamp(
            word=word, at=at, minutes=minutes, party=party, position=position, person=person
        )

    found = [stamp("choice.done.reported", since, view.owner)]
    for one in told:
        if one.lane:
            asked = stamp("state.requested", one.lane.opened, view.owner, view.position)
            found.append(replace(asked, asked=one.party))
        if one.sent and one.came:
            by = next(iter(one.opened_by), "")
            found.append(stamp("did.receive", one.came, one.party, by))
        found += [
            stamp(f"did.{said.step.act}", said.step.at, said.step.author,
                  said.step.seat.position, said.person)
            for said in one.steps(*CASE.named)
        ]  # fmt: skip
    return reread(root, tuple(sorted(found, key=lambda one: one.at)))


@reading_as
def lines_in_force(desk: Desk, viewer: Viewer) -> list[View]:
    """The coordination lines in force now that the viewer may see, newest first."""
    now = desk.clock.now()
    found = read.page(
        desk, viewer, Query(kinds=(COORDINATION_LINE.name,), states=STANDING, limit=LINES_MAX)
    )
    return [one for one in found.rows if _is_in_force(one.value.body, now)]


def _is_in_force(body: Body, now: int) -> bool:
    begins, until = body.get("begins"), body.get("until")
    return isinstance(begins, int) and isinstance(until, int) and begins <= now < until


def across(me: PartyCode, line: RecordView) -> frozenset[PartyCode]:
    """Whom a crossing of a line is told: its owner, and the parties that it names, as far as this
    party holds their names.
    """
    rows = line.body.get("told_there")
    named = {row["party"] for row in rows if "party" in row} if isinstance(rows, list) else set()
    return frozenset({line.owner, *named} - {me})


def tell_crossing(
    desk: Desk, actor: Actor, owner: str, record: str, *, line: tuple[str, str], crosses: int,
    contact: str,
) -> RecordId:  # fmt: skip
    """Tell the other side of a ``line`` (owner, record) that an ambulance crosses it at a moment
    (ms), and which position is called about it. It goes at once by the rule that joining signed.
    Raises InputError, RefusedError.
    """
    with desk.act() as act:
        view = taking.view_of(desk, actor, owner, record)
        _demand(view)
        if view.state not in _ON_THE_ROAD:
            raise RefusedError(Refused("step_not_from_here"))
        crossed = _line(desk, actor, *line)
        told = across(desk.me, crossed) & set(read.partner_codes(desk))
        if not told:
            raise InputError("crossing_nobody", field="line")
        body: Body = {
            "text": f"{crossed.body.get('code', '')} {crossed.body.get('text', '')}".strip(),
            "crosses": crosses, "contact": contact, EVACUATION: view.record,
            **{name: view.body[name] for name in (LYING, WALKING) if view.body.get(name)},
        }  # fmt: skip
        draft = say.Draft(kind=CROSSING.name, body=body, label=Label(audience=audience_of(*told)))
        return say.write_in(act, actor, draft).record


def _line(desk: Desk, actor: Actor, owner: str, record: str) -> RecordView:
    """A line in force that this actor may see. Raises InputError for anything else."""
    view = taking.view_of(desk, actor, owner, record)
    standing = view.kind == COORDINATION_LINE.name and view.state in STANDING
    if not standing or not _is_in_force(view.body, desk.clock.now()):
        raise InputError("record_absent")
    return view


@reading_as
def crossings(desk: Desk, viewer: Viewer, root: View) -> list[Crossing]:
    """What our party told of crossings for a request that was released for this viewer, oldest
    first.
    """
    found = [
        one for one in read.linked(desk, viewer, root.value.record, EVACUATION)
        if (one.value.owner, one.value.kind) == (desk.me, CROSSING.name)
    ]  # fmt: skip
    return [_crossing(desk, viewer, one) for one in sorted(found, key=lambda one: one.value.at)]


def _crossing(desk: Desk, viewer: Viewer, view: View) -> Crossing:
    sent = {
        one.party for one in read.releases_of(desk, viewer, view.value.record) if one.released_at
    }
    return Crossing(
        view=view, told=tuple(sorted(sent)),
        untold=tuple(sorted(view.value.label.readers() - sent)),
    )  # fmt: skip


def follow_up(desk: Desk, actor: Actor, record: str) -> RecordId:
    """Make an incident and the draft of a review from an own request; the review. Where it was made
    already, it is the one that is there. Raises InputError, RefusedError.
    """
    with desk.act() as act:
        view = taking.view_of(desk, actor, desk.me, record)
        _demand(view)
        place = place_from_json(view.body["place"])
        text = f"{MEDEVAC.reference(view.record)} {place.name}".strip()
        incident: Body = {
            "category": "medical", "severity": _SEVERITY[str(view.body[PRECEDENCE])],
            "text": text, "observed": view.body[REPORTED], "place": view.body["place"],
            "hurt": number_of(view.body), "grade": "F6",
        }  # fmt: skip
        reported: Body = {"moment": view.body[REPORTED], "party": view.owner, "done": REPORTED}
        rows = [reported, *safety.timeline_of(desk, actor, view, DONE)]
        return reviewing.make(act, actor, view, text=text, incident=incident, timeline=rows)
