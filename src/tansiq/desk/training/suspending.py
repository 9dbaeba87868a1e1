"""Suspending training: one decision suspends the own cohorts in its scope, all or none, and asks
the other owners of cohorts there; each answers by a decision of its own.

The wizard asks what would follow before anybody decides, by the same functions that then do it: the
act compares what was shown with what it finds. Reform projects are known here by the name of their
kind and their codes alone.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import making, rounds
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query, View
from tansiq.desk.training import asking
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.kinds.training.suspension import COHORTS_MAX, SUSPENSION
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Actor, PartyCode, Role, Viewer
from tansiq.domain.records import Body, RecordView
from tansiq.domain.training.suspending import OPEN, Candidate, Effects, Scope, candidate, effects_of
from tansiq.policy import mandate

_PAGE: Final = 500
_PROJECT: Final = "project"  # of the reform room
_SUSPEND: Final = "suspend"  # what the machines of cohorts and of projects call it
# What a project calls the reasons of training; every other is another reason to it.
_SHARED_REASONS: Final = frozenset({"pandemic", "funding", "security"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decides: ``asked`` are the other owners to whom it is proposed, ``about`` the
    asking of another party that it answers, None for none.
    """

    text: str
    reason_class: str
    reason: str
    decision: str
    review: str
    scope: Scope
    label: Label = field(default_factory=Label)
    asked: frozenset[PartyCode] = frozenset()
    notices: Body = field(default_factory=dict)
    about: View | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a suspension would come to, as a viewer may see it. ``projects`` are the open reform
    projects, with whether this actor suspends them by the same act; ``mark`` says what was shown.
    """

    effects: Effects
    views: tuple[View, ...]
    known: tuple[Candidate, ...]
    projects: tuple[tuple[View, bool], ...]
    mark: str

    def view_of(self, one: Candidate) -> View:
        """The record of a cohort."""
        return next(
            view for view in self.views
            if (view.value.owner, view.value.record) == (one.owner, one.record)
        )  # fmt: skip


@reading_as
def foreseen(desk: Desk, viewer: Viewer, scope: Scope, actor: Actor) -> Foreseen:
    """What the suspension of a scope would come to, of all that this viewer may see."""
    cohorts = _all(desk, viewer, Query(kinds=("cohort",), states=tuple(sorted(OPEN)), limit=_PAGE))
    courses = {
        (one.value.owner, str(one.value.record)): one.value.body
        for one in _all(desk, viewer, Query(kinds=("course",), limit=_PAGE))
    }
    known = tuple(
        candidate(
            v.owner,
            str(v.record),
            v.state,
            v.body,
            courses.get((v.owner, str(v.body.get("about")))),
        )
        for v in (one.value for one in cohorts)
    )
    effects = effects_of(scope, known)
    taken = {(one.owner, one.record) for one in effects.cohorts}
    views = tuple(one for one in cohorts if (one.value.owner, str(one.value.record)) in taken)
    projects = tuple(_projects(desk, viewer, effects, actor))
    shown = (*views, *(view for view, _ in projects))
    return Foreseen(effects=effects, views=views, known=known, projects=projects, mark=_mark(shown))


def _all(desk: Desk, viewer: Viewer, query: Query) -> list[View]:
    """Every record that a question finds, page by page."""
    found, page = list[View](), read.page(desk, viewer, query)
    found += page.rows
    while page.after is not None:
        page = read.page(desk, viewer, replace(query, after=page.after))
        found += page.rows
    return found


def _projects(
    desk: Desk, viewer: Viewer, effects: Effects, actor: Actor
) -> Iterable[tuple[View, bool]]:
    """The projects that wait for these cohorts and can be suspended, by owner and code."""
    wanted = set(effects.projects)
    if not wanted:
        return
    move = kind_named(_PROJECT).transition(_SUSPEND)
    query = Query(
        kinds=(_PROJECT,), states=tuple(sorted(move.sources)), limit=_PAGE,
        owners=tuple(sorted({owner for owner, _ in wanted})),
    )  # fmt: skip
    found = [
        one for one in _all(desk, viewer, query)
        if (one.value.owner, str(one.value.body.get("code"))) in wanted
    ]  # fmt: skip
    for one in sorted(found, key=lambda one: (one.value.owner, str(one.value.body.get("code")))):
        own = one.value.received is None
        yield one, own and bool(mandate.may_step(actor.role, move, one.value.state))


def _mark(shown: Iterable[View]) -> str:
    """What stands for the records that a page showed, each in its edition."""
    said = sorted(f"{one.value.owner}/{one.value.record} {one.value.digest}" for one in shown)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def decide(desk: Desk, actor: Actor, decision: Decision, mark: str) -> str:
    """Suspend the own cohorts in the scope, all or none, and ask the other owners that are named;
    the id of the suspension. Raises InputError where what would follow is no longer what the page
    with that ``mark`` showed, where nothing would, or for more than ``COHORTS_MAX`` cohorts, and
    RefusedError where the actor may not.
    """
    with desk.act() as act:
        demand(mandate.may_write(actor.role, SUSPENSION))
        found = foreseen(desk, desk.viewer(actor), decision.scope, actor)
        if found.mark != mark:
            raise InputError("suspension_moved")
        own = found.effects.of(desk.me)
        if not own.cohorts and not decision.asked:
            raise InputError("suspension_nothing")
        if len(own.cohorts) > COHORTS_MAX:
            raise InputError("suspension_many", limit=COHORTS_MAX)
        record = _suspend(act, actor, decision, own, found)
        for owner in sorted(decision.asked & set(found.effects.owners) - {desk.me}):
            _ask(act, actor, decision, found.effects.of(owner), (found, record))
        if decision.about is not None:
            _answer(act, actor, decision.about)
        return record


def _demand_label(label: Label, named: Iterable[View]) -> None:
    """A suspension is at least as closed as what it names and counts: who may not see a cohort is
    not told by it that there is one. Raises InputError.
    """
    if any(making.as_closed(label, one.value.label) != label for one in named):
        raise InputError("suspension_label", field="class")


def _body(decision: Decision) -> Body:
    """What every record of a decision says of it."""
    scope = decision.scope
    said: Body = {
        "text": decision.text, "reason_class": decision.reason_class, "reason": decision.reason,
        "decision": decision.decision, "first_day": scope.first_day, "last_day": scope.last_day,
        "review": decision.review, "meets": scope.meets, "family": scope.family,
        "lead": scope.lead, "at_places": [{"at_place": name} for name in scope.places],
        **decision.notices,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def _suspend(act: Act, actor: Actor, decision: Decision, own: Effects, found: Foreseen) -> str:
    """Write the suspension, and suspend its cohorts and those projects that the actor may."""
    projects = [one for one in found.projects if one[0].value.received is None]
    _demand_label(decision.label, (found.view_of(one) for one in own.cohorts))
    _demand_label(decision.label, (view for view, _ in projects))
    put = any(not may for _, may in projects)
    body = _body(decision) | {
        "suspends": [one.record for one in own.cohorts],
        "place_sum": own.places, "day_sum": own.days,
        "projects": [str(view.value.record) for view, _ in projects],
        "put_to": _programme(act.desk) if put else [],
        "about": decision.about.value.record if decision.about else "",
    }  # fmt: skip
    draft = say.Draft(kind=SUSPENSION.name, body=body, label=decision.label)
    record = say.write_in(act, actor, draft).record
    said: Body = {
        "reason_class": decision.reason_class, "reason": decision.reason,
        "decision": SUSPENSION.reference(record), "review": decision.review,
    }  # fmt: skip
    for one in own.cohorts:
        say.step_in(act, actor, found.view_of(one).value, _SUSPEND, said=said)
    shared = decision.reason_class in _SHARED_REASONS
    why = {**said, "reason_class": decision.reason_class if shared else "other"}
    # After the suspension: what it asks about a project ends with the project's next edition.
    for view, may in projects:
        if may:
            say.step_in(act, actor, view.value, _SUSPEND, said=why)
    return record


def _programme(desk: Desk) -> list[str]:
    """The positions that decide about reform projects."""
    may = kind_named(_PROJECT).transition(_SUSPEND).roles
    able = [one for one in desk.identity.positions if one.role in may]
    first = [one.code for one in able if one.role is Role.PROGRAMME_MANAGER]
    return first or [one.code for one in able]


def _ask(
    act: Act, actor: Actor, decision: Decision, theirs: Effects, own: tuple[Foreseen, str]
) -> None:
    """Ask another owner in a record, part of an own decision, that names its cohorts alone."""
    (owner,), (found, record) = theirs.owners, own
    if len(theirs.cohorts) > COHORTS_MAX:
        raise InputError("suspension_many", limit=COHORTS_MAX)
    _demand_label(decision.label, (found.view_of(one) for one in theirs.cohorts))
    label = replace(decision.label, audience=audience_of(owner))
    body = _body(decision) | {
        "asks_owner": owner, "part_of": record, "suspends": [one.record for one in theirs.cohorts],
    }  # fmt: skip
    asks = say.write_in(act, actor, say.Draft(kind=SUSPENSION.name, body=body, label=label))
    named = [found.view_of(one).value for one in theirs.cohorts]
    asking.ask_in(act, actor, asks.record, "ask_owner", named)


def _answer(act: Act, actor: Actor, about: View) -> None:
    """Say in the circle of who asked that this party suspends too."""
    rounds.answer_in(act, actor, about, "suspend_too")


def today(desk: Desk) -> str:
    """The day at a node."""
    moment = dt.datetime.fromtimestamp(desk.clock.now() / 1000, desk.identity.zone)
    return moment.date().isoformat()


def extend(
    desk: Desk, actor: Actor, record: str, base: str, *, review: str, reason: str, decision: str
) -> None:
    """Let a suspension stand until it is looked at again on a later day; its cohorts that are still
    suspended say so too. Raises as :func:`tansiq.desk.records.say.revise`, and InputError for a day
    that is not later.
    """
    with desk.act() as act:
        old = _in_force(desk, actor, record, base)
        if not review or review <= str(old.body["review"]):
            raise InputError("suspension_review_later", field="review")
        _demand_reason(reason, decision)
        body = {**old.body, "review": review, "reason": reason, "decision": decision}
        _revise(act, actor, old, body)
        for one in standing_still(desk, desk.viewer(actor), old):
            _revise(act, actor, one.value, {**one.value.body, "review": review})


def resume(
    desk: Desk, actor: Actor, record: str, base: str, *, cohorts: Sequence[str], reason: str,
    decision: str, day: str,
) -> None:  # fmt: skip
    """Let these cohorts of a suspension go on, all or none. Where none of them stands still any
    more the suspension has ended on ``day``. Raises as :func:`tansiq.desk.records.say.revise`, and
    InputError for a cohort that it does not suspend.
    """
    with desk.act() as act:
        old = _in_force(desk, actor, record, base)
        still = {
            str(one.value.record): one for one in standing_still(desk, desk.viewer(actor), old)
        }
        if not set(cohorts) <= still.keys() or (still and not cohorts):
            raise InputError("suspension_cohorts", field="cohorts")
        _demand_reason(reason, decision)
        for name in dict.fromkeys(cohorts):
            said: Body = {"reason": reason, "decision": decision}
            say.step_in(act, actor, still[name].value, "resume", said=said)
        if len(set(cohorts)) == len(still):
            _revise(act, actor, old, {**old.body, "ended": day})


def _demand_reason(reason: str, decision: str) -> None:
    for name, value in (("reason", reason), ("decision", decision)):
        if not value:
            raise InputError("field_required", field=name)


def _in_force(desk: Desk, actor: Actor, record: str, base: str) -> RecordView:
    """An own suspension that stands. Raises InputError, and EditedMeanwhileError."""
    old = say.current_on(desk, actor, record, base).value
    if old.kind != SUSPENSION.name or old.body.get("asks_owner") or old.body.get("ended"):
        raise InputError("record_absent")
    demand(mandate.may_write(actor.role, SUSPENSION))
    return old


def _revise(act: Act, actor: Actor, old: RecordView, body: Body) -> None:
    draft = say.Draft(kind=old.kind, body=body, label=old.label, tear=old.tear)
    say.revise_in(act, actor, old, draft)


@reading_as
def named_by(desk: Desk, viewer: Viewer, view: RecordView) -> list[View]:
    """The cohorts that a suspension names, as far as the viewer may see them, by code."""
    named = view.body.get("suspends")
    owner = str(view.body.get("asks_owner") or view.owner)
    keys = [(owner, str(one)) for one in named] if isinstance(named, list) else []
    return sorted(read.seen(desk, viewer, keys), key=lambda one: str(one.value.body.get("code")))


@reading_as
def standing_still(desk: Desk, viewer: Viewer, view: RecordView) -> list[View]:
    """Of those, the ones that stand still by this very decision."""
    reference = SUSPENSION.reference(view.record)
    return [
        one
        for one in named_by(desk, viewer, view)
        if one.value.state == "suspended" and one.value.body.get("decision") == reference
    ]


@reading_as
def projects_of(desk: Desk, viewer: Viewer, view: RecordView) -> list[View]:
    """The reform projects that wait for the cohorts of a suspension, as far as the viewer may see
    them, by code.
    """
    named = view.body.get("projects")
    keys = [(str(view.owner), str(one)) for one in named] if isinstance(named, list) else []
    return sorted(read.seen(desk, viewer, keys), key=lambda one: str(one.value.body.get("code")))
