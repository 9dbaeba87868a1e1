"""What the pages of a cohort and of a course show beside what every record has: its sessions, its
course and what it serves, and the cohorts of a course.
"""

from tansiq.desk.records.read import View
from tansiq.desk.training import overview
from tansiq.desk.training.overview import Line
from tansiq.domain.kinds.training.cohort import OVER
from tansiq.domain.kinds.training.course import MANAGERS
from tansiq.web.shell.page import Context
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current


def cohort(seat: Seat, view: View) -> Context:
    """The sessions of a cohort with what they come to, its course, and what it serves."""
    desk = current().desk
    line = overview.line_of(desk, seat.viewer, view)
    plans = _may_plan(seat, view) and view.value.state not in OVER
    return {
        "line": line, "projects": overview.projects_of(desk, seat.viewer, view),
        "crowded": _does_not_fit(line), "may_plan": plans,
    }  # fmt: skip


def course(seat: Seat, view: View) -> Context:
    """The cohorts of a course."""
    return {
        "cohorts": overview.cohorts_of(current().desk, seat.viewer, view),
        "may_plan": _may_plan(seat, view) and view.value.state == "in_use",
    }


def _may_plan(seat: Seat, view: View) -> bool:
    return view.value.received is None and seat.position.role in MANAGERS


def _does_not_fit(line: Line) -> bool:
    """Whether a cohort has more or fewer places than its course says."""
    body = line.course.value.body if line.course else {}
    places = line.view.value.body.get("places")
    least, most = body.get("size_min", 0), body.get("size_max", places)
    known = all(isinstance(one, int) for one in (places, least, most))
    return known and not least <= places <= most  # type: ignore[operator]
