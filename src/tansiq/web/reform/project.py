"""What the page of a project and of an item of evidence show beside what every record has: how far
the project is and why its light is what it is, and what an item proves beside the milestone.
"""

from tansiq.desk.records import linked
from tansiq.desk.records.read import View
from tansiq.desk.reform.forecasts import outlook_of
from tansiq.desk.reform.portfolio import again_if_accepted, line_of, portfolio_of
from tansiq.domain.fields import rows_in
from tansiq.domain.kinds.reform.evidence import EVIDENCE
from tansiq.domain.kinds.reform.project import OPEN, PROJECT
from tansiq.web.reform.choosing import PATH, days_of
from tansiq.web.reform.outlook import method_of, summary
from tansiq.web.shell.asking import Address
from tansiq.web.shell.page import Context
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current


def panel(seat: Seat, view: View) -> Context:
    """How far a project is: its milestones with their evidence, its light, and what waits."""
    desk = current().desk
    line, evidence = line_of(desk, seat.viewer, view)
    foreseen = {}
    if view.value.state in OPEN:
        ahead = outlook_of(desk, seat.viewer, portfolio_of(desk, seat.viewer))
        said = ahead.of(view)
        foreseen = {
            "days": days_of(said) if said else None, "outlook": summary(ahead, Address(PATH, {})),
            "method": method_of(ahead.habits[view.value.owner].own) if said else "",
        }  # fmt: skip
    return {
        "foreseen": foreseen,
        "line": line,
        "may_bring": view.value.received is None and seat.position.role in EVIDENCE.writers,
        "items": {str(one.value.record): one for one in evidence},
    }


def beside(seat: Seat, view: View) -> Context:
    """The milestones that an item of evidence proves, as its project defines them."""
    named = linked.named_by_owner(current().desk, seat.viewer, view, EVIDENCE.about)
    project = next((one for one in named if one.value.kind == PROJECT.name), None)
    marks = [str(row.get("mark", "")) for row in rows_in(view.value.body, "proves")]
    milestones = rows_in(project.value.body, "milestones") if project else []
    desk = current().desk
    again = again_if_accepted(desk, seat.viewer, view, project) if project else ""
    return {
        "project": project,
        "again": again,
        "milestones": [row for row in milestones if row.get("mark") in marks],
    }
