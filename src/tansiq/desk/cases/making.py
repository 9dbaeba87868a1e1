"""Acts that are taken with a record: an offer is taken by asking for what it offers.

The form of a new record asks here whether it takes an act, and so does the button of the act. The
step and the record, new or edited, are kept together or neither is. Both name one another by
``about``, and what was made asks the party at the other side alone: others are not to read its
words.
"""

from dataclasses import dataclass, replace
from typing import cast

from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import changing, reading, taking
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.desk.release import stepping
from tansiq.domain.cases import Seat, seat_code
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.records import Body, Edition, RecordView
from tansiq.policy.release import reread
from tansiq.policy.seal import Released


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An act that an actor may take now by writing a record: in which lane, and what the actor was
    shown of it.
    """

    lane: str
    act: str
    seen: tuple[str, ...]

    def wanted(self, root: RecordView) -> Wanted:
        """The act as it is asked for."""
        return Wanted(
            owner=root.owner, record=root.record, lane=self.lane, act=self.act, seen=self.seen
        )


@reading_as
def taken_by(
    desk: Desk, viewer: Viewer, root: Released[RecordView], actor: Actor, kind: Kind
) -> Released[Made] | None:
    """The act that the actor takes who writes a record of ``kind`` about a root that was released
    for this viewer; None where it takes none.
    """
    case = reading.lanes_of(desk, viewer, root, actor)
    return next(
        (
            reread(root, Made(lane=lane.id, act=act.name, seen=lane.newest))
            for lane in (case.value.lanes if case else ())
            for act in lane.acts
            if act.makes == kind.name
        ),
        None,
    )


@reading_as
def begun(desk: Desk, viewer: Viewer, root: Released[RecordView], kind: Kind) -> Released[Body]:
    """What a record of ``kind`` says at first that somebody writes about this one: what the kind of
    the root says of it, and its author as the one who is asked.
    """
    view = root.value
    drafts = kind_named(view.kind).drafts.get(kind.name)
    body = dict(drafts(view.body)) if drafts else {}
    said = "seats" in body  # by the kind of the root, of which the author need not be the one
    if drafts and kind.in_lanes and not said and view.owner != desk.me and view.position:
        body["seats"] = [str(_author(view))]
    return reread(root, body)


@reading_as
def named_here(
    desk: Desk, viewer: Viewer, root: Released[RecordView], kind: Kind
) -> Released[RecordView] | None:
    """The own open record of ``kind`` that a root is about, None where it names none."""
    about = root.value.body.get(kind_named(root.value.kind).about)
    if about is None or kind.listing is None:
        return None
    try:
        found = read.record(desk, viewer, desk.me, str(about))
    except InputError:
        return None
    is_open = found.value.state in kind.listing.tabs[0].states
    return found if found.value.kind == kind.name and is_open else None


def make(act: Act, actor: Actor, wanted: Wanted, draft: say.Draft) -> Edition:
    """Write the record with which an act is taken, and take the act. Raises as ``taking.take``, and
    InputError for a record that asks anybody but the other side.
    """
    view, held = taking.opened(act.desk, actor, wanted)
    other = stepping.other_side(act.desk, stepping.root_of(view), held)
    kind = _demand_made(view, wanted, draft.kind)
    if [seat.party for seat in _seats(draft.body)] != [other]:
        raise InputError("made_for_one", field="seats")
    label = replace(as_closed(draft.label, view.label), audience=audience_of(other))
    body = {**draft.body, kind.about: view.record}
    edition = say.write_in(act, actor, replace(draft, body=body, label=label))
    taking.take_now(act, actor, view, held, wanted)
    return edition


def join(act: Act, actor: Actor, wanted: Wanted, record: str) -> None:
    """Take an act by asking the other side in an own record that is there. Raises as :func:`make`,
    and InputError where the root is not about that record.
    """
    desk = act.desk
    view, held = taking.opened(desk, actor, wanted)
    other = stepping.other_side(desk, stepping.root_of(view), held)
    old = say.current(desk, actor, record).value
    kind = _demand_made(view, wanted, old.kind)
    if view.body.get(kind_named(view.kind).about) != old.record:
        raise InputError("record_absent")
    others = [seat for seat in _seats(old.body) if seat.party != other]
    if len(others) == len(_seats(old.body)):
        seats = [str(seat) for seat in (*others, _author(view))]
        label = replace(old.label, audience=audience_of(*(old.label.readers() | {other})))
        body = {**old.body, "seats": seats}
        draft = say.Draft(kind=kind.name, body=body, label=label, tear=old.tear)
        changing.restate(desk, actor, old.record, old.digest, draft)
    taking.take_now(act, actor, view, held, wanted)


def as_closed(label: Label, root: Label) -> Label:
    """A label that is at least as closed as that of the record whose words it goes on with."""
    return replace(
        label, categories=label.categories | root.categories,
        classification=max(label.classification, root.classification, key=lambda one: one.rank),
    )  # fmt: skip


def _demand_made(view: RecordView, wanted: Wanted, kind: str) -> Kind:
    """The kind of record with which an act is taken. Raises InputError for any other."""
    declared = kind_named(view.kind).case
    known = declared.act(wanted.act) if declared else None
    if known is None or known.makes != kind:
        raise InputError("act_unknown", act=wanted.act[:32])
    return kind_named(kind)


def _seats(body: Body) -> list[Seat]:
    return [seat_code(one) for one in cast("list[object]", body.get("seats", []))]


def _author(view: RecordView) -> Seat:
    """The position that wrote a partner's record: who answers for what it says."""
    return Seat(PartyCode(view.owner), view.position)
