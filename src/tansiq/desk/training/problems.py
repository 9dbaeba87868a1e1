"""What a catch-up plan is made from: the cohorts, rooms and instructors that a viewer may see, as a
problem for a planner.

Own cohorts are planned; what is under way, what a person leaves as it is, and what is another
party's is planned around. Rooms and instructors are the own ones. What is proposed to another owner
is a problem of its own, made from that owner's records alone.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import read
from tansiq.desk.records.read import Query, View
from tansiq.domain.errors import InputError
from tansiq.domain.fields import codes_in
from tansiq.domain.kinds.training.cohort import AHEAD, COHORT, OPEN, project_codes
from tansiq.domain.kinds.training.course import COURSE
from tansiq.domain.kinds.training.instructors import INSTRUCTORS
from tansiq.domain.kinds.training.training_room import TRAINING_ROOM
from tansiq.domain.parties import PartyCode, Viewer
from tansiq.domain.records import Body
from tansiq.domain.training.counts import number
from tansiq.domain.training.greedy import greedy
from tansiq.domain.training.merging import Mergeable, merges_of
from tansiq.domain.training.problem import (
    COHORTS_MAX,
    Cohort,
    Placed,
    Plan,
    Pool,
    Problem,
    Room,
    Spell,
)  # fmt: skip

_SERVED: Final = "project"  # the kind of another room, known here by its name
_MOST: Final = 500  # of a kind that is looked at
_CODE_MAX: Final = 64  # characters of a code of another party that a plan takes up
_ON_LINE: Final = "on_line"
# Without a word from a person these are planned: what was stopped and what has not begun.
_PLANNED: Final = (*AHEAD, "suspended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asks of a plan: from which day on for so many weeks, by which rule and in how
    many shifts, with which capacity and holidays. ``only`` are the codes of the cohorts to be
    planned (none = all that were stopped or have not begun), ``stay`` those that keep their dates,
    ``give_up`` those that will not be held; with ``merge`` those that could be one are. With
    ``others`` dates are proposed to the other owners of cohorts too.
    """

    first: dt.date
    weeks: int
    rule: str
    shifts: int = 1
    capacity: tuple[Spell, ...] = ()
    holidays: tuple[Spell, ...] = ()
    only: tuple[str, ...] = ()
    stay: tuple[str, ...] = ()
    give_up: tuple[str, ...] = ()
    merge: bool = False
    others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """The cohorts of another owner with the dates that a plan proposes to it, by their codes. They
    come from that owner's own records and from what was asked, so that no date of them tells it of
    anybody else's.
    """

    owner: PartyCode
    problem: Problem
    plan: Plan
    cohorts: Mapping[str, View]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A problem with the own cohorts in it by their codes; which of them join which, and which are
    given up. ``theirs`` is what is proposed to other owners, ``used`` every record that went in.
    """

    problem: Problem
    cohorts: Mapping[str, View]
    joined: Mapping[str, str] = field(default_factory=dict)
    theirs: tuple[Theirs, ...] = ()
    used: tuple[View, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What a viewer may see that a problem is made from."""

    cohorts: Sequence[View]
    courses: Sequence[View]
    rooms: Sequence[View]
    pools: Sequence[View]
    projects: Sequence[View]

    def of(self, owner: PartyCode) -> "_Known":
        """The part of one owner: of cohorts the open ones, of rooms those that are rooms, and of
        both rooms and instructors those that say enough.
        """
        return _Known(
            cohorts=[one for one in self.cohorts if one.value.owner == owner
                     and one.value.state in OPEN],
            courses=[one for one in self.courses if one.value.owner == owner],
            rooms=[one for one in self.rooms if one.value.owner == owner and _code(one)
                   and one.value.body.get("mode") != _ON_LINE],
            pools=[one for one in self.pools if one.value.owner == owner
                   and {"subject", "language"} <= one.value.body.keys()],
            projects=[one for one in self.projects if one.value.owner == owner],
        )  # fmt: skip

    @property
    def all(self) -> tuple[View, ...]:
        """Every record of it."""
        return (*self.cohorts, *self.courses, *self.rooms, *self.pools, *self.projects)


@reading_as
def gathered(desk: Desk, viewer: Viewer, asked: Asked) -> Gathered:
    """What is to be planned. Raises InputError where codes are unknown, stand for two cohorts, or
    there are too many.
    """
    cohorts, courses, rooms, pools, projects = (
        read.page(desk, viewer, Query(kinds=(name,), limit=_MOST)).rows
        for name in (COHORT.name, COURSE.name, TRAINING_ROOM.name, INSTRUCTORS.name, _SERVED)
    )
    known = _Known(cohorts=cohorts, courses=courses, rooms=rooms, pools=pools, projects=projects)
    own = known.of(desk.me)
    theirs = tuple(_theirs(known, asked, desk.me)) if asked.others else ()
    ours = _coded(own.cohorts)
    _demand_known(ours, asked, theirs)
    chosen = _chosen(ours, asked)
    if len(chosen) + sum(len(one.cohorts) for one in theirs) > COHORTS_MAX:
        raise InputError("plan_many", limit=COHORTS_MAX)
    courses_by = {str(one.value.record): one for one in own.courses}
    joined = merges_of(_mergeable(chosen, courses_by)) if asked.merge else {}
    fixed = [
        one for one in cohorts
        if one.value.state in OPEN and not (one.value.owner == desk.me and _code(one) in chosen)
    ]  # fmt: skip
    problem = _problem(own, asked, chosen, joined, [*_fixed(desk.me, fixed, asked.first),
                                                     *_proposed(theirs)])  # fmt: skip
    used = (*own.all, *fixed, *(one for them in theirs for one in known.of(them.owner).all))
    return Gathered(problem=problem, cohorts=chosen, joined=joined, theirs=theirs, used=used)


def _problem(
    known: _Known, asked: Asked, chosen: Mapping[str, View], joined: Mapping[str, str],
    fixed: Iterable[Placed],
) -> Problem:  # fmt: skip
    """The problem of one owner: of its chosen cohorts those that neither join another nor are given
    up, in its rooms and with its instructors.
    """
    planned = {
        code: one for code, one in chosen.items()
        if code not in joined and code not in asked.give_up
    }  # fmt: skip
    around = {_code(one): one for one in known.cohorts if _code(one) not in chosen}
    courses = {str(one.value.record): one for one in known.courses}
    order = _order({**around, **planned}, courses, known.projects)
    return Problem(
        first=asked.first, weeks=asked.weeks, rule=asked.rule, shifts=asked.shifts,
        capacity=asked.capacity, holidays=asked.holidays,
        cohorts=tuple(_cohort(one, asked, order[code], _joining(chosen, joined, code))
                      for code, one in sorted(planned.items())),
        fixed=tuple(fixed),
        rooms=tuple({room.code: room for room in map(_room, known.rooms)}.values()),
        pools=tuple(_pool(one.value.body) for one in known.pools),
    )  # fmt: skip


def _theirs(known: _Known, asked: Asked, me: PartyCode) -> Iterator[Theirs]:
    """What is proposed to each other owner of cohorts that were stopped or have not begun: the
    plain plan of that owner's records alone. A code that it has twice stands for neither.
    """
    wish = replace(asked, give_up=(), merge=False)
    for owner in sorted({one.value.owner for one in known.cohorts} - {me}):
        part = known.of(owner)
        times = Counter(map(_code, part.cohorts))
        clear = [one for one in part.cohorts if times[_code(one)] == 1 and _can_be_asked(one)]
        chosen = _chosen({_code(one): one for one in clear}, wish)
        stays = [one for one in part.cohorts if _code(one) not in chosen]
        problem = _problem(part, wish, chosen, {}, _fixed(owner, stays, asked.first))
        if chosen:
            yield Theirs(owner=owner, problem=problem, plan=greedy(problem), cohorts=chosen)


def _can_be_asked(one: View) -> bool:
    """Whether a cohort of another party shows the dates that it has and a code that is one."""
    body, code = one.value.body, _code(one)
    named = codes_in(code) == (code,) and len(code) <= _CODE_MAX
    return named and "first_day" in body and "last_day" in body


def _proposed(theirs: Iterable[Theirs]) -> Iterator[Placed]:
    """The dates that are proposed to others: until they have answered they are planned around, as
    the dates that they have.
    """
    for them in theirs:
        for row in them.plan.rows:
            room = str(them.cohorts[row.code].value.body.get("room", ""))
            yield replace(row, code=f"{them.owner} {row.code}", room=room)


def _code(view: View) -> str:
    return str(view.value.body.get("code", ""))


def _coded(views: Iterable[View]) -> dict[str, View]:
    """Own cohorts by their codes. Raises InputError where two have the same."""
    found: dict[str, View] = {}
    for one in views:
        if _code(one) in found:
            raise InputError("plan_code_twice", named=_code(one))
        found[_code(one)] = one
    return found


def _demand_known(ours: Mapping[str, View], asked: Asked, theirs: Iterable[Theirs]) -> None:
    planned = {code for one in theirs for code in one.cohorts}
    for name in ("only", "stay", "give_up"):
        for code in getattr(asked, name):
            if code not in ours and not (name == "only" and code in planned):
                raise InputError("plan_code_unknown", field=name, named=code[:32])


def _chosen(ours: Mapping[str, View], asked: Asked) -> dict[str, View]:
    """The cohorts of one owner that the plan decides about: those with days left that were asked
    for.
    """
    return {
        code: one
        for code, one in ours.items()
        if code not in asked.stay
        and (code in asked.only if asked.only else one.value.state in _PLANNED)
        and (_left(one.value.body) or code in asked.give_up)
    }


def _left(body: Body) -> int:
    return max(0, number(body, "days") - number(body, "days_done"))


def _mergeable(chosen: Mapping[str, View], courses: Mapping[str, View]) -> Iterable[Mergeable]:
    for code, one in chosen.items():
        body, course = one.value.body, str(one.value.body.get(COHORT.about, ""))
        size = number(courses[course].value.body, "size_max") if course in courses else 0
        yield Mergeable(
            code=code, course=course, place=_place(body), language=str(body.get("language", "")),
            mode=str(body.get("mode", "")), places=number(body, "places"),
            done=number(body, "days_done"), most=size,
        )  # fmt: skip


def _joining(chosen: Mapping[str, View], joined: Mapping[str, str], code: str) -> int:
    """How many places come to a cohort from those that join it."""
    return sum(
        number(chosen[other].value.body, "places") for other, into in joined.items() if into == code
    )


def _place(body: Body) -> str:
    """A place as a key by which cohorts and rooms meet: its town, its name or its position."""
    place = body.get("place")
    if not isinstance(place, dict):
        return ""
    return str(place["key"] or place["name"] or f"{place['lat']} {place['lon']}")


def _day(body: Body, *names: str) -> dt.date | None:
    found = (body.get(name) for name in names)
    return next((dt.date.fromisoformat(one) for one in found if isinstance(one, str)), None)


def _cohort(one: View, asked: Asked, after: tuple[str, ...], joining: int) -> Cohort:
    body = one.value.body
    first, done = _day(body, "first_day"), number(body, "days_done")
    # What has not begun is not begun earlier than it was announced.
    earliest = max(asked.first, first) if first and not done else asked.first
    return Cohort(
        code=_code(one), days=_left(body), done=done,
        due=_day(body, "baseline_last", "last_day") or asked.first,
        begun=_day(body, "baseline_first", "first_day") or asked.first,
        on_line=body.get("mode") == _ON_LINE, earliest=earliest, place=_place(body),
        room=str(body.get("room", "")), places=number(body, "places") + joining,
        instructors=number(body, "instructors"), subject=str(body.get("subject", "")),
        language=str(body.get("language", "")), after=after, projects=len(project_codes(body)),
    )  # fmt: skip


def _order(
    planned: Mapping[str, View], courses: Mapping[str, View], projects: Sequence[View]
) -> dict[str, tuple[str, ...]]:
    """After which cohorts each comes: those of the courses that its course needs, and those for the
    projects on which its projects depend.
    """
    of_course, of_project = defaultdict(list), defaultdict(list)
    for code, one in planned.items():
        course = courses.get(str(one.value.body.get(COHORT.about, "")))
        if course is not None:
            of_course[_code(course)].append(code)
        for project in project_codes(one.value.body):
            of_project[project].append(code)
    needs = {_code(one): codes_in(one.value.body.get("depends_on")) for one in projects}
    found: dict[str, tuple[str, ...]] = {}
    for code, one in planned.items():
        course = courses.get(str(one.value.body.get(COHORT.about, "")))
        before = [
            *(other for needed in codes_in(course.value.body.get("needs") if course else "")
              for other in of_course.get(needed, ())),
            *(other for own in project_codes(one.value.body) for needed in needs.get(own, ())
              for other in of_project.get(needed, ())),
        ]  # fmt: skip
        found[code] = tuple(other for other in dict.fromkeys(before) if other != code)
    return found


def _fixed(me: PartyCode, views: Iterable[View], first: dt.date) -> Iterable[Placed]:
    """What keeps its dates, as far as it lies in the plan. What is not ours has its owner before
    its code: two parties may use the same.
    """
    for one in views:
        body = one.value.body
        begins, ends = _day(body, "first_day"), _day(body, "last_day")
        if begins and ends and ends >= first:
            yield Placed(
                code=_code(one) if one.value.owner == me else f"{one.value.owner} {_code(one)}",
                first=begins, last=ends,
                room=str(body.get("room", "")), instructors=number(body, "instructors"),
                subject=str(body.get("subject", "")), language=str(body.get("language", "")),
            )  # fmt: skip


def _room(view: View) -> Room:
    body = view.value.body
    return Room(
        code=str(body["code"]), place=_place(body), places=number(body, "capacity"),
        first=_day(body, "from") or dt.date.min, last=_day(body, "until") or dt.date.max,
    )  # fmt: skip


def _pool(body: Body) -> Pool:
    return Pool(
        subject=str(body["subject"]), language=str(body["language"]), count=number(body, "count"),
        first=_day(body, "from") or dt.date.min, last=_day(body, "until") or dt.date.max,
    )  # fmt: skip
