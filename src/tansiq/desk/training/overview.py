"""All cohorts that somebody may see with what was taught in each, and the indicators of them all.

The page of training and the pages of cohorts and courses ask. Every number counts records that were
released for the viewer: who sees less counts less, and nothing says that there is more. As of an
earlier moment it is read with the labels of today.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import linked, read
from tansiq.desk.records.read import Query, View
from tansiq.domain.days import day_of, days_between
from tansiq.domain.kinds.training.cohort import COHORT, project_codes
from tansiq.domain.kinds.training.course import COURSE
from tansiq.domain.kinds.training.instructors import INSTRUCTORS
from tansiq.domain.kinds.training.session import SESSION
from tansiq.domain.parties import PartyCode, Viewer
from tansiq.domain.training.counts import Indicators, Seen, Taught, indicators, taught

Key: TypeAlias = tuple[PartyCode, str]  # of a record: its owner and its id

COHORTS_MAX: Final = 500
SESSIONS_MAX: Final = 5_000
_POOLS_MAX: Final = 500
_SERVED: Final = "project"  # the kind of another room, known here by its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A cohort with its course and its sessions, oldest first, as far as they may be seen, and what
    these come to.
    """

    view: View
    course: View | None
    sessions: tuple[View, ...]
    taught: Taught

    @property
    def code(self) -> str:
        """Its code, by which a list is ordered."""
        return str(self.view.value.body.get("code", ""))

    def day(self, name: str) -> str:
        """A day that it says (YYYY-MM-DD), "" where it does not."""
        return str(self.view.value.body.get(name, ""))

    @property
    def moved_days(self) -> int | None:
        """By how many days its end lies behind the baseline; None where it never moved."""
        before, now = self.day("baseline_last"), self.day("last_day")
        return days_between(before, now) if before and now else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The cohorts in the order of their codes, and all that was ``counted``, as of ``as_of`` in
    milliseconds (0 = now), which is the ``day`` YYYY-MM-DD; ``cut`` says that there is more than
    was looked at.
    """

    lines: tuple[Line, ...]
    counted: tuple[View, ...]
    indicators: Indicators
    as_of: int
    day: str
    cut: bool


@reading_as
def overview_of(desk: Desk, viewer: Viewer, as_of: int = 0) -> Overview:
    """What this viewer may see of training as of a moment in milliseconds, or now."""
    pages = [
        read.page(desk, viewer, Query(kinds=(kind.name,), limit=limit, as_of=as_of))
        for kind, limit in (
            (COHORT, COHORTS_MAX), (COURSE, COHORTS_MAX), (SESSION, SESSIONS_MAX),
            (INSTRUCTORS, _POOLS_MAX),
        )
    ]  # fmt: skip
    cohorts, courses, sessions, pools = (page.rows for page in pages)
    day = day_of(as_of or desk.clock.now())
    about, known = _about(sessions), {_key(one): one for one in courses}
    lines = (_line(one, about[_key(one)], known) for one in cohorts)
    return Overview(
        lines=tuple(sorted(lines, key=_order)), counted=(*cohorts, *sessions, *pools),
        indicators=indicators(_seen(cohorts), _seen(sessions), _seen(pools), day),
        as_of=as_of, day=day, cut=any(page.after is not None for page in pages),
    )  # fmt: skip


@reading_as
def line_of(desk: Desk, viewer: Viewer, view: View) -> Line:
    """One cohort that was released for this viewer."""
    said = linked.by_owner(desk, viewer, [view], SESSION.about)[_key(view)]
    named = linked.named_by_owner(desk, viewer, view, COHORT.about)
    known = {_key(one): one for one in named if one.value.kind == COURSE.name}
    return _line(view, [one for one in said if one.value.kind == SESSION.name], known)


@reading_as
def cohorts_of(desk: Desk, viewer: Viewer, course: View) -> list[View]:
    """The cohorts of a course, of the same owner, in the order of their codes."""
    found = linked.by_owner(desk, viewer, [course], COHORT.about)[_key(course)]
    cohorts = [one for one in found if one.value.kind == COHORT.name]
    return sorted(cohorts, key=lambda one: str(one.value.body.get("code", "")))


@reading_as
def projects_of(desk: Desk, viewer: Viewer, cohort: View) -> list[View]:
    """The reform projects of the same owner that a cohort serves, as far as they may be seen."""
    codes = project_codes(cohort.value.body)
    asked = Query(kinds=(_SERVED,), owners=(cohort.value.owner,), limit=COHORTS_MAX)
    found = read.page(desk, viewer, asked).rows if codes else ()
    served = [one for one in found if one.value.body.get("code") in codes]
    return sorted(served, key=lambda one: str(one.value.body.get("code", "")))


def _line(view: View, sessions: Sequence[View], courses: Mapping[Key, View]) -> Line:
    value = view.value
    ordered = sorted(sessions, key=lambda one: (str(one.value.body.get("first_day", "")),
                                                one.value.at, one.value.record))  # fmt: skip
    return Line(
        view=view, course=courses.get((value.owner, str(value.body.get(COHORT.about, "")))),
        sessions=tuple(ordered), taught=taught(_seen(ordered)),
    )  # fmt: skip


def _about(sessions: Sequence[View]) -> dict[Key, list[View]]:
    """Sessions by owner and cohort: what another party says of a cohort is no session of it."""
    found: dict[Key, list[View]] = defaultdict(list)
    for one in sessions:
        found[one.value.owner, str(one.value.body.get(SESSION.about, ""))].append(one)
    return found


def _seen(views: Sequence[View]) -> list[Seen]:
    return [Seen(one.value.body, one.value.state) for one in views]


def _key(view: View) -> Key:
    return view.value.owner, str(view.value.record)


def _order(line: Line) -> tuple[str, str, str]:
    return line.code, line.view.value.owner, str(line.view.value.record)
