"""What the page of a project and of an item of evidence show beside what every record has: how far
the project is and why its light is what it is, and what an item proves beside the milestone.
"""

from tansiq.desk.records import linked
from tansiq.desk.records.read import View
from tansiq.desk.reform.portfolio import line_of, portfolio_of
from tansiq.domain.kinds.reform.evidence import EVIDENCE
from tansiq.domain.kinds.reform.project import MANAGERS, rows
from tansiq.web.shell.page import Context
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current


def panel(seat: Seat, view: View) -> Context:
    """How far a project is: its milestones with their evidence, its light, and what waits."""
    value = view.value
    found = portfolio_of(current().desk, seat.viewer)
    return {
        "line": line_of(found, value.owner, str(value.record)),
        "may_bring": value.received is None and seat.position.role in EVIDENCE.writers,
        "items": {
            str(one.value.record): one
            for one in linked.by_owner(current().desk, seat.viewer, [view], "about")[
                value.owner, value.record
            ]
            if one.value.kind == EVIDENCE.name
        },
    }


def beside(seat: Seat, view: View) -> Context:
    """The milestones that an item of evidence proves, as its project defines them."""
    value = view.value
    projects = [
        one
        for one in linked.named_by_owner(current().desk, seat.viewer, view, "about")
        if one.value.kind == "project"
    ]
    marks = [str(row.get("mark", "")) for row in rows(value.body, "proves")]
    return {
        "project": projects[0] if projects else None,
        "milestones": [
            row
            for one in projects[:1]
            for row in rows(one.value.body, "milestones")
            if row.get("mark") in marks
        ],
        "manages": seat.position.role in MANAGERS,
    }
