"""When a cohort moves, what hangs on its dates moves with it: its sessions that are to come.

The page that moves a cohort shows first what would move (``moving``) and then does all of it in one
act (``move_in``); a plan that is adopted does the same for each of its cohorts. The dates that
stood before become the baseline of the cohort, once.
"""

from dataclasses import dataclass

from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import say
from tansiq.desk.records.read import View
from tansiq.desk.training.overview import line_of
from tansiq.domain.days import days_between, shifted
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.training.cohort import OVER
from tansiq.domain.kinds.training.session import TO_COME
from tansiq.domain.parties import Actor, Viewer
from tansiq.domain.records import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The new dates of a cohort (YYYY-MM-DD), and the day on which its next session is to begin, ""
    for whatever follows from the others.
    """

    first_day: str
    last_day: str
    next_day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A session that moves with its cohort, and the day on which it then begins."""

    view: View
    first_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """What happens when a cohort moves: by how many days its sessions that are to come move, in the
    order of their days.
    """

    cohort: View
    dates: Dates
    days: int
    sessions: tuple[Moved, ...]


@reading_as
def moving(desk: Desk, viewer: Viewer, cohort: View, dates: Dates) -> Moving:
    """What would move with a cohort that was released for this viewer. Nothing is saved. Raises
    InputError for one that is over, and for days outside the calendar.
    """
    if cohort.value.state in OVER:
        raise InputError("cohort_over", field="first_day")
    sessions = [one for one in line_of(desk, viewer, cohort).sessions if one.value.state in TO_COME]
    days = _shift(cohort.value.body, dates, [str(one.value.body["first_day"]) for one in sessions])
    try:
        moved = tuple(
            Moved(view=one, first_day=shifted(str(one.value.body["first_day"]), days))
            for one in sessions
        )
    except OverflowError:
        raise InputError("date_form", field="next_day") from None
    return Moving(cohort=cohort, dates=dates, days=days, sessions=moved if days else ())


def move_in(
    act: Act, actor: Actor, cohort: View, dates: Dates, *, why: Body | None = None
) -> Moving:
    """Move an own cohort and its sessions that are to come, inside an act; ``why`` are the
    ``reason_class`` and the ``reason`` that the sessions say. Raises as :func:`moving`, InputError
    for dates that do not go together, and RefusedError.
    """
    desk, old = act.desk, cohort.value
    found = moving(desk, desk.viewer(actor), cohort, dates)
    body = old.body | {"first_day": dates.first_day, "last_day": dates.last_day}
    if body != old.body:
        draft = say.Draft(kind=old.kind, body=body, label=old.label, tear=old.tear)
        say.revise_in(act, actor, old, draft)
    for one in found.sessions:
        said = (why or {}) | {"first_day": one.first_day}
        say.step_in(act, actor, one.view.value, "move_session", said=said)
    return found


def _shift(body: Body, dates: Dates, sessions: list[str]) -> int:
    """By how many days the sessions move: so that the next begins when it was said to; else as the
    first day moves, and where that stays as the last does.
    """
    if dates.next_day and sessions:
        return days_between(min(sessions), dates.next_day)
    for name, new in (("first_day", dates.first_day), ("last_day", dates.last_day)):
        old = str(body.get(name, ""))
        if old and new and old != new:
            return days_between(old, new)
    return 0
