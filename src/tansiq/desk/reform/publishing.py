"""Publishing projects to the world: whom a party asks, what was approved, and what leaves.

The page of publishing asks here. A project is left out until somebody asks that it be published and
another person approves the very text; what was approved is what leaves, and a project that says
something else since then leaves no more until it is approved anew. A viewer is told of the projects
that this viewer may see, and takes no file with others in it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query, View
from tansiq.desk.reform.portfolio import EVIDENCE_MAX, PROJECTS_MAX, Line, portfolio_of
from tansiq.domain.errors import FaultError, InputError, Refused, RefusedError
from tansiq.domain.kinds.reform.activity import (
    Activity,
    Document,
    Reporter,
    activity_of,
    as_typed,
    field_of,
    may_be_told,
)
from tansiq.domain.kinds.reform.evidence import EVIDENCE
from tansiq.domain.kinds.reform.judging import Proof
from tansiq.domain.kinds.reform.project import needed_codes
from tansiq.domain.kinds.reform.publication import (
    APPROVED,
    ASKED,
    LEFT_OUT,
    PUBLICATION,
    PUBLISHERS,
)
from tansiq.domain.labels import Label
from tansiq.domain.parties import Actor, Viewer
from tansiq.policy import mandate
from tansiq.policy.publishing import may_publish
from tansiq.policy.release import gather
from tansiq.policy.seal import Released

CHANGED: Final = "publication_changed"  # approved, and the project says something else since
_ORDER: Final = (LEFT_OUT, ASKED, APPROVED)  # of several records about one project the first counts


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps an activity from the standard: the ``element`` of the activity, and in which words
    of the standard.
    """

    element: str
    says: str


class Publisher(Protocol):
    """Writes activities in the form of the standard, and checks what it wrote; off line."""

    def document(self, activities: Sequence[Activity], *, at: int) -> bytes:
        """The file of these activities, made at a moment in milliseconds."""
        ...

    def faults(self, document: bytes, *, at: int) -> Sequence[Fault]:
        """What in it is not as schema, code lists and ruleset want it, as of that moment."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a project stands on its way to the world. ``state`` is that of its publication,
    ``CHANGED`` where it says something else since it was approved; ``text`` is what would leave
    now, b"" with a ``fault`` that says why nothing can.
    """

    line: Line
    publication: View | None
    state: str
    text: bytes
    digest: str
    fault: FaultError | None
    activity: Activity | None = None

    @property
    def leaves(self) -> bool:
        """Whether it stands in the next file."""
        return self.state == APPROVED and self.fault is None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file for the world, and the projects in it."""

    data: Released[bytes]
    views: tuple[View, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """Who publishes, and by which standard."""

    reporter: Reporter
    publisher: Publisher


@reading_as
def standings(desk: Desk, viewer: Viewer, papers: Papers, only: str = "") -> tuple[Standing, ...]:
    """The own projects that this viewer may see, in the order of their codes; ``only`` the record
    of one of them.
    """
    found = portfolio_of(desk, viewer)
    asked = _asked(desk, viewer)
    documents = _documents(desk, viewer, found.lines)
    return tuple(
        _standing(desk, papers, line, asked.get(_id(line)), documents[_id(line)])
        for line in found.lines
        if line.view.value.owner == desk.me and only in ("", _id(line))
    )


@reading_as
def standing_of(desk: Desk, viewer: Viewer, papers: Papers, record: str) -> Standing:
    """As :func:`standings`, of one project. Raises InputError."""
    found = standings(desk, viewer, papers, record)
    if not record or not found:
        raise InputError("record_absent")
    return found[0]


@reading_as
def file_of(desk: Desk, viewer: Viewer, papers: Papers) -> File:
    """The file of all that leave. Raises InputError where none does, or where the whole does not
    pass.
    """
    leaving = [one for one in standings(desk, viewer, papers) if one.leaves]
    codes = [str(one.line.code) for one in leaving]
    twice = next((code for code in codes if codes.count(code) > 1), "")
    if twice:
        raise InputError("publish_twice", field="code", project=twice)
    if not leaving:
        raise InputError("publish_none")
    activities = [
        replace(
            one.activity,
            related=tuple(code for code in needed_codes(one.line.view.value.body) if code in codes),
        )
        for one in leaving
        if one.activity is not None
    ]
    data, fault = _checked(desk, papers, activities)
    if fault is not None:
        raise fault
    views = tuple(one.line.view for one in leaving)
    return File(data=gather(viewer, views, data), views=views)


def ask(desk: Desk, actor: Actor, papers: Papers, record: str, seen: str) -> None:
    """Ask that a project be published as ``seen`` (its digest). Raises InputError for one that
    cannot be, or that says something else by now; RefusedError without the mandate.
    """
    with desk.act() as act:
        found = standing_of(desk, desk.viewer(actor), papers, record)
        if found.fault is not None:
            raise found.fault
        _demand_seen(found, seen)
        publication = found.publication or _begin(act, actor, found)
        _step(desk, actor, publication, "ask_publication", {"digest": found.digest})


def approve(desk: Desk, actor: Actor, papers: Papers, record: str, seen: str) -> None:
    """Approve what another person asked for, as it was shown. Raises as :func:`ask`."""
    with desk.act():
        found = standing_of(desk, desk.viewer(actor), papers, record)
        if found.publication is None or found.state != ASKED:
            raise RefusedError(Refused("step_not_from_here"))
        if found.fault is not None:
            raise found.fault
        _demand_seen(found, seen)
        if found.publication.value.body.get("digest") != found.digest:
            raise InputError("publish_changed")
        _step(desk, actor, found.publication, "approve_publication", {})


def leave_out(
    desk: Desk, actor: Actor, papers: Papers, record: str, *, why: str, reason: str
) -> None:
    """Leave a project out from now on, and say why. Raises InputError, RefusedError."""
    with desk.act() as act:
        found = standing_of(desk, desk.viewer(actor), papers, record)
        publication = found.publication or _begin(act, actor, found)
        said: dict[str, object] = {"excluded_for": why, "reason": reason}
        _step(desk, actor, publication, "leave_out", said)


def demand_publisher(actor: Actor) -> None:
    """Raises RefusedError where the position has no mandate to take what is published."""
    demand(mandate.may_do(actor.role, mandate.Act.PUBLISH))


def may_publish_file(actor: Actor) -> bool:
    """Whether the position may take what is published."""
    return bool(mandate.may_do(actor.role, mandate.Act.PUBLISH))


def may_ask(actor: Actor) -> bool:
    """Whether the position may ask or leave out."""
    return actor.role in PUBLICATION.transition("ask_publication").roles


def may_approve(actor: Actor) -> bool:
    """Whether the position may approve what another person asked for."""
    return bool(mandate.may_do(actor.role, mandate.Act.APPROVE_RELEASE))


def may_leave_out(actor: Actor) -> bool:
    """Whether the position may leave a project out."""
    return actor.role in PUBLISHERS


def _id(line: Line) -> str:
    return str(line.view.value.record)


def _asked(desk: Desk, viewer: Viewer) -> Mapping[str, View]:
    """What was said of the publication of each project; of several the strictest."""
    query = Query(kinds=(PUBLICATION.name,), owners=(desk.me,), limit=PROJECTS_MAX)
    found: dict[str, View] = {}
    for view in read.page(desk, viewer, query).rows:
        about = str(view.value.body.get(PUBLICATION.about, ""))
        known = found.get(about)
        if known is None or _ORDER.index(view.value.state) < _ORDER.index(known.value.state):
            found[about] = view
    return found


def _documents(desk: Desk, viewer: Viewer, lines: Sequence[Line]) -> Mapping[str, list[Document]]:
    """The public evidence of each project that says where anybody may fetch it: accepted, and under
    a label that lets it go.
    """
    accepted = {
        item.record
        for line in lines
        for milestone in line.progress.milestones
        for item in milestone.items
        if item.proof is Proof.ACCEPTED
    }
    query = Query(kinds=(EVIDENCE.name,), owners=(desk.me,), limit=EVIDENCE_MAX)
    found: dict[str, list[Document]] = defaultdict(list)
    for value in (view.value for view in read.page(desk, viewer, query).rows):
        told = {name: item for name, item in value.body.items() if name not in value.tear}
        may = may_publish(desk.me, value.owner, value.label, desk.clock.now())
        if may and str(value.record) in accepted and told.get("public") is True:
            address, text = told.get("published_at"), told.get("text")
            if address and text:
                one = Document(address=str(address), title=as_typed(str(text)))
                found[str(told.get(EVIDENCE.about, ""))].append(one)
    for documents in found.values():
        documents.sort(key=lambda one: (one.address, one.title))
    return found


def _standing(
    desk: Desk, papers: Papers, line: Line, publication: View | None, documents: list[Document]
) -> Standing:
    value = line.view.value
    plain = Standing(
        line=line, publication=publication, state=LEFT_OUT, text=b"", digest="", fault=None
    )
    state = publication.value.state if publication else LEFT_OUT
    try:
        demand(may_publish(desk.me, value.owner, value.label, desk.clock.now()))
        activity = activity_of(
            may_be_told(value.body, value.tear), value.state, verified=line.progress.verified,
            reporter=papers.reporter, documents=documents,
        )  # fmt: skip
    except (InputError, RefusedError) as error:
        return replace(plain, state=state, fault=_named(error, line))
    text, fault = _checked(desk, papers, [activity])
    digest = hashlib.sha256(papers.publisher.document([activity], at=0)).hexdigest()
    approved = str(publication.value.body.get("digest", "")) if publication else ""
    if state == APPROVED and approved != digest:
        state = CHANGED
    return replace(
        plain, state=state, text=text if fault is None else b"", digest=digest, activity=activity,
        fault=_named(fault, line) if fault else None,
    )  # fmt: skip


def _named(error: FaultError, line: Line) -> FaultError:
    """The fault, with the project that it is of; a refusal names none."""
    if isinstance(error, InputError):
        return InputError(error.code, **{**error.values, "project": line.code})
    return error


def _checked(
    desk: Desk, papers: Papers, activities: Sequence[Activity]
) -> tuple[bytes, InputError | None]:
    """The file of these, and what is wrong with it first."""
    now = desk.clock.now()
    data = papers.publisher.document(activities, at=now)
    faults = papers.publisher.faults(data, at=now)
    if not faults:
        return data, None
    first = faults[0]
    fault = InputError("publish_standard", field=field_of(first.element), says=first.says)
    return b"", fault


def _demand_seen(found: Standing, seen: str) -> None:
    if found.digest != seen:
        raise InputError("publish_changed")


def _begin(act: Act, actor: Actor, found: Standing) -> View:
    """The record in which a party says what becomes of a project; it says so under the label of the
    project, to nobody else.
    """
    value = found.line.view.value
    label = Label(classification=value.label.classification, categories=value.label.categories)
    body: dict[str, object] = {"about": str(value.record), "text": found.line.code}
    draft = say.Draft(kind=PUBLICATION.name, body=body, label=label)
    edition = say.write_in(act, actor, draft)
    return say.current(act.desk, actor, str(edition.record))


def _step(desk: Desk, actor: Actor, of: View, name: str, said: dict[str, object]) -> None:
    say.step(desk, actor, str(of.value.record), of.value.digest, name, said=said)
