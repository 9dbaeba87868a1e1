"""What another party's catch-up plan proposes for the own cohorts: each line beside the cohort as
it stands, what would follow, and the act that accepts some of them.

Accepting moves the own cohorts, their sessions with them, and says so to who asked, in one
transaction: all of it, or nothing. A line whose cohort has changed since is void.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import rounds
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query, View
from tansiq.desk.training import moving
from tansiq.desk.training.moving import Dates
from tansiq.domain.days import days_between
from tansiq.domain.errors import InputError
from tansiq.domain.fields import rows_in
from tansiq.domain.kinds.training.cohort import COHORT, OPEN, project_codes
from tansiq.domain.kinds.training.plan_proposal import ACCEPT, PLAN_PROPOSAL
from tansiq.domain.parties import Actor, Viewer
from tansiq.domain.records import Body
from tansiq.domain.training.accepting import TAKEN, VOID, WAITS, is_whole, new_dates, stands
from tansiq.policy import mandate

_MOST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A cohort with the dates that are proposed for it: where the line ``stands``, by how many days
    the cohort then ends later, and how many of its sessions would move with it.
    """

    cohort: View
    row: dict[str, Any]
    dates: Dates
    stands: str
    later: int
    sessions: int

    @property
    def record(self) -> str:
        """The id of the cohort."""
        return str(self.cohort.value.record)

    def day(self, name: str) -> str:
        """A day that the cohort says now, "" for none."""
        return str(self.cohort.value.body.get(name, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A reform project that waits for these cohorts: when the last of all that serve it ends now,
    and when with the dates that are proposed.
    """

    code: str
    now: str
    then: str


@reading_as
def lines_of(desk: Desk, viewer: Viewer, proposal: View) -> list[Line]:
    """The lines of a proposal for own cohorts, as far as this viewer may see them, by code."""
    named = proposal.value.body.get("cohorts")
    keys = [(desk.me, str(one)) for one in named] if isinstance(named, list) else []
    cohorts = {
        str(one.value.body.get("code", "")): one
        for one in read.seen(desk, viewer, keys)
        if one.value.kind == COHORT.name
    }
    rows = {row["code"]: row for row in rows_in(proposal.value.body, "moves") if is_whole(row)}
    return [
        _line(desk, viewer, cohorts[code], row)
        for code, row in sorted(rows.items())
        if code in cohorts
    ]


def _line(desk: Desk, viewer: Viewer, cohort: View, row: dict[str, Any]) -> Line:
    value = cohort.value
    first, last = new_dates(row, value.body)
    dates = Dates(first_day=first, last_day=last, next_day=row["first_day"])
    standing, sessions = stands(row, value.body, value.state), 0
    if standing == WAITS:
        try:
            sessions = len(moving.moving(desk, viewer, cohort, dates).sessions)
        except InputError:  # a day that no calendar has
            standing = VOID
    before = str(value.body.get("last_day", ""))
    return Line(
        cohort=cohort, row=row, dates=dates, stands=standing, sessions=sessions,
        later=days_between(before, last) if before else 0,
    )  # fmt: skip


@reading_as
def waiting(desk: Desk, viewer: Viewer, lines: Iterable[Line]) -> list[Waiting]:
    """The reform projects that wait for the cohorts whose lines wait, by code."""
    moved = {line.record: line.dates.last_day for line in lines if line.stands == WAITS}
    query = Query(kinds=(COHORT.name,), owners=(desk.me,), states=tuple(sorted(OPEN)), limit=_MOST)
    ends: dict[str, list[tuple[str, str, bool]]] = {}
    for one in read.page(desk, viewer, query).rows if moved else ():
        now, record = str(one.value.body.get("last_day", "")), str(one.value.record)
        for code in project_codes(one.value.body):
            ends.setdefault(code, []).append((now, moved.get(record, now), record in moved))
    return [
        Waiting(code=code, now=max(now for now, _, _ in days), then=max(to for _, to, _ in days))
        for code, days in sorted(ends.items())
        if any(touched for _, _, touched in days)
    ]


def accept(
    desk: Desk, actor: Actor, proposal: View, seen: Sequence[str], cohorts: Sequence[str]
) -> None:
    """Move these own cohorts to the days that are proposed, and say so to who asked. ``proposal``
    is the edition that the page showed, ``seen`` what it showed of the round. Raises InputError
    where the proposal or the round has moved since, where no cohort is named or one of which the
    line is not open, and RefusedError; then nothing has changed.
    """
    with desk.act() as act:
        accept_in(act, actor, proposal, seen, cohorts)


def accept_in(
    act: Act, actor: Actor, proposal: View, seen: Sequence[str], cohorts: Sequence[str]
) -> None:
    """As :func:`accept`, inside an act."""
    desk, value = act.desk, proposal.value
    viewer = desk.viewer(actor)
    demand(mandate.may_write(actor.role, COHORT))
    now = read.record(desk, viewer, value.owner, value.record)
    if value.kind != PLAN_PROPOSAL.name or now.value.digest != value.digest:
        raise InputError("case_moved")
    lines = {line.record: line for line in lines_of(desk, viewer, now)}
    chosen = list(dict.fromkeys(cohorts))
    if not chosen:
        raise InputError("dates_none", field="cohorts")
    why: Body = {"reason_class": "other", "reason": PLAN_PROPOSAL.reference(value.record)}
    for record in chosen:
        line = lines.get(record)
        if line is None or line.stands != WAITS:
            raise InputError("dates_void", named=str(line.row["code"]) if line else "")
        cohort = say.current(desk, actor, record)
        moving.move_in(act, actor, cohort, line.dates, why=why)
    taken = sum(line.stands == TAKEN for line in lines.values()) + len(chosen)
    _answer(act, actor, now, seen, taken)


def _answer(act: Act, actor: Actor, proposal: View, seen: Sequence[str], taken: int) -> None:
    """Say in the circle of who asked how many of the lines stand as they were proposed."""
    rounds.answer_in(act, actor, proposal, ACCEPT, seen=seen, values={"dates_taken": taken})
