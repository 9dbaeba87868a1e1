"""The portfolio: every project that somebody may see, how far it is, and what all say together.

The page of the programme and the page of a project ask. Every number counts projects that were
released for the viewer, with the evidence that the viewer may see: who sees less counts less, and
nothing says that there is more. As of an earlier moment it is read with the labels of today.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import rounds
from tansiq.desk.records import linked, read
from tansiq.desk.records.read import Query, View
from tansiq.domain.days import day_of, shifted
from tansiq.domain.kinds.reform.evidence import EVIDENCE
from tansiq.domain.kinds.reform.judging import Proof, again_days, marks_in
from tansiq.domain.kinds.reform.progress import Item, Progress, item_of, progress_of
from tansiq.domain.kinds.reform.project import DECLARED, HELD, PROJECT, needed_codes
from tansiq.domain.parties import PartyCode, Viewer

Key: TypeAlias = tuple[PartyCode, str]  # of a project: its owner, and its id or its code

PROJECTS_MAX: Final = 500
EVIDENCE_MAX: Final = 5_000
SUSPENSIONS_MAX: Final = 500
_SUSPENSION: Final = "suspension"  # of the training room, with the projects that wait for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A project with how far it is. ``needs`` are the projects that it depends on, ``blocked_by``
    those of them that do not move, ``blocks`` the open ones that depend on it.
    """

    view: View
    progress: Progress
    needs: tuple[View, ...] = ()
    blocked_by: tuple[View, ...] = ()
    blocks: tuple[View, ...] = ()

    @property
    def code(self) -> str:
        """Its code, by which a list is ordered."""
        return str(self.view.value.body.get("code", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """The projects in the order of their codes, as of ``as_of`` in milliseconds (0 = now), which is
    the ``day`` YYYY-MM-DD; ``cut`` says that there are more projects than were looked at.
    """

    lines: tuple[Line, ...]
    as_of: int
    day: str
    cut: bool


@reading_as
def portfolio_of(desk: Desk, viewer: Viewer, as_of: int = 0) -> Portfolio:
    """The projects that this viewer may see, as of a moment in milliseconds, or now."""
    page = read.page(desk, viewer, Query(kinds=(PROJECT.name,), limit=PROJECTS_MAX, as_of=as_of))
    query = Query(kinds=(EVIDENCE.name,), limit=EVIDENCE_MAX, as_of=as_of)
    items = _items(desk, viewer, read.page(desk, viewer, query).rows, as_of)
    coded, day = _coded(page.rows), day_of(as_of or desk.clock.now())
    still = _untrained(desk, viewer, as_of)
    lines = [_line(one, items[_key(one)], coded, day, still) for one in page.rows]
    blocks: dict[Key, list[View]] = defaultdict(list)
    for line in lines:
        if _is_open(line.view):
            for needed in line.needs:
                blocks[_key(needed)].append(line.view)
    found = (replace(one, blocks=tuple(blocks[_key(one.view)])) for one in lines)
    return Portfolio(
        lines=tuple(sorted(found, key=_order)), as_of=as_of, day=day, cut=page.after is not None
    )


@reading_as
def line_of(desk: Desk, viewer: Viewer, view: View) -> tuple[Line, list[View]]:
    """How far one project is that was released for this viewer, and the evidence for it."""
    asked = Query(kinds=(PROJECT.name,), owners=(view.value.owner,), limit=PROJECTS_MAX)
    projects = read.page(desk, viewer, asked).rows
    known = linked.by_owner(desk, viewer, [view], EVIDENCE.about)[_key(view)]
    known = sorted(
        (one for one in known if one.value.kind == EVIDENCE.name),
        key=lambda one: one.value.moment, reverse=True,
    )  # fmt: skip
    items, coded = _items(desk, viewer, known), _coded(projects)
    still = _untrained(desk, viewer, owners=(view.value.owner,))
    line = _line(view, items[_key(view)], coded, day_of(desk.clock.now()), still)
    blocks = [
        one
        for one in projects
        if _is_open(one) and any(_key(needed) == _key(view) for needed in _needs(one, coded))
    ]
    return replace(line, blocks=tuple(blocks)), known


@reading_as
def again_if_accepted(desk: Desk, viewer: Viewer, evidence: View, project: View) -> str:
    """On which day (YYYY-MM-DD) own evidence would be looked at a second time if it were accepted
    today; "" where that was not agreed, and where it is accepted already.
    """
    days = again_days(project.value.body, marks_in(evidence.value.body))
    known = (item for found in _items(desk, viewer, [evidence]).values() for item in found)
    if evidence.value.owner != desk.me or any(one.proof is Proof.ACCEPTED for one in known):
        return ""
    return shifted(day_of(desk.clock.now()), days) if days else ""


def _key(view: View) -> Key:
    return view.value.owner, str(view.value.record)


def _order(line: Line) -> tuple[str, str, str]:
    return line.view.value.owner, line.code, str(line.view.value.record)


def _is_open(view: View) -> bool:
    return view.value.state not in (*DECLARED, "cancelled")


def _items(
    desk: Desk, viewer: Viewer, evidence: Sequence[View], as_of: int = 0
) -> dict[Key, list[Item]]:
    """Where this evidence stands, by owner and project. What another party than the owner of the
    project says proves nothing.
    """
    stood = rounds.standings(desk, viewer, evidence, as_of)
    found: dict[Key, list[Item]] = defaultdict(list)
    for value in (view.value for view in evidence):
        standing = stood.get((value.owner, value.record))
        if standing is not None:
            item = item_of(value.owner, value.record, value.body, standing)
            found[value.owner, str(value.body.get(EVIDENCE.about, ""))].append(item)
    return found


def _coded(projects: Sequence[View]) -> dict[Key, list[View]]:
    """Projects by their owner and code."""
    found: dict[Key, list[View]] = defaultdict(list)
    for one in projects:
        found[one.value.owner, str(one.value.body.get("code", ""))].append(one)
    return found


def _needs(view: View, coded: Mapping[Key, Sequence[View]]) -> list[View]:
    """The projects of the same owner on which one depends."""
    value = view.value
    return [
        found
        for code in needed_codes(value.body)
        for found in coded.get((value.owner, code), ())
        if found.value.record != value.record
    ]


def _untrained(
    desk: Desk, viewer: Viewer, as_of: int = 0, owners: tuple[str, ...] = ()
) -> dict[Key, list[str]]:
    """By owner and id of a project, the titles of the suspensions of the same owner by which
    training stands still that it waits for, newest first.
    """
    query = Query(kinds=(_SUSPENSION,), owners=owners, limit=SUSPENSIONS_MAX, as_of=as_of)
    found: dict[Key, list[str]] = defaultdict(list)
    for value in (one.value for one in read.page(desk, viewer, query).rows):
        projects = value.body.get("projects")
        if isinstance(projects, list) and not value.body.get("ended"):
            for project in projects:
                found[value.owner, str(project)].append(str(value.body.get("text", "")))
    return found


def _line(
    view: View, items: Sequence[Item], coded: Mapping[Key, Sequence[View]], day: str,
    untrained: Mapping[Key, Sequence[str]],
) -> Line:  # fmt: skip
    needs = _needs(view, coded)
    still = [one for one in needs if one.value.state in HELD]
    progress = progress_of(
        view.value.body, view.value.state, items,
        blocked_by=tuple(str(one.value.body.get("code", "")) for one in still), today=day,
        untrained=tuple(untrained.get(_key(view), ())),
    )  # fmt: skip
    return Line(view=view, progress=progress, needs=tuple(needs), blocked_by=tuple(still))
