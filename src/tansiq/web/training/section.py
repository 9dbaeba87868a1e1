"""The section of training: all cohorts on one page, the lists of courses, cohorts, sessions,
instructors and rooms, certificates, clearances and suspensions.
"""

from typing import Final

from tansiq.desk.records.read import View as Shown
from tansiq.domain.kinds.listing import View
from tansiq.domain.kinds.training.list import COURSES
from tansiq.web.records import sheets, writing
from tansiq.web.shell.addresses import page, part
from tansiq.web.shell.home import Home, Panel
from tansiq.web.shell.listing import pages
from tansiq.web.shell.page import Context
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.sections import Entry, Group, Number, Section
from tansiq.web.shell.ways import ways
from tansiq.web.training import (
    certificates,
    figures,
    moving,
    overview,
    plans,
    proposals,
    records,
    suspended,
    suspending,
)


def _home(name: str, kind: str, view: View = View.LIST, panel: Panel | None = None) -> Home:
    return Home(
        name=name, kind=kind, section="training", new=f"/{name}/new", new_word=f"{kind}.new",
        view=view, figures=figures.PATH, panel=panel,
    )  # fmt: skip


def _of_cohort(seat: Seat, view: Shown) -> Context:
    """What the page of a cohort shows besides: how far it is, its clearance, and what let it stand
    still.
    """
    return {
        **records.cohort(seat, view), **certificates.COHORT_PANEL.make(seat, view),
        **suspended.of_cohort(seat, view),
    }  # fmt: skip


_COHORT: Final = Panel(
    template="training/_cohort.html", make=_of_cohort,
    shows=certificates.COHORT_PANEL.shows | {"session"},
)  # fmt: skip
_COURSE: Final = Panel(
    template="training/_course.html", make=records.course, shows=frozenset({"cohort"})
)
_HOMES: Final = (
    _home("cohorts", "cohort", panel=_COHORT),
    _home("courses", "course", panel=_COURSE),
    _home("sessions", "session", View.CALENDAR),
    _home("instructors", "instructors"),
    _home("training-rooms", "training_room"),
)
_SUSPENSIONS: Final = Home(
    name="suspensions", kind="suspension", section="training", new="/training/suspend",
    new_word="suspension.new",
    panel=Panel(
        template="training/_suspension.html", make=suspended.panel,
        shows=frozenset({"suspension"}), fields=frozenset({"suspends", "projects", "part_of"}),
    ),
)  # fmt: skip
_PLANS: Final = Home(
    name="plans", kind="catch_up", section="plans", new="/plans/new", new_word="catch_up.new",
    figures="/plans/compare",
    panel=Panel(
        template="training/_plan.html", make=plans.panel,
        fields=frozenset(
            {"results", "proposed", "ends", "late", "weighted", "bound", "planner"}
        ),
    ),
)  # fmt: skip

SECTION: Final = Section(
    name="training",
    word="section.training",
    addresses=(
        page("training", overview.page, "training"),
        part("training/part", overview.part, "training-part"),
        *ways("training", "training", overview.table),
        page(
            "training/<str:owner>/<uuid:record>/move", moving.page, "cohort-move",
            word="training.move",
        ),
        *sheets.listed(COURSES, "courses/list", "training", "/courses"),
        *(
            address
            for home in _HOMES
            for address in (
                page(
                    f"{home.name}/new", writing.new, f"{home.kind}-new", given={"kind": home.kind}
                ),
                *pages(home),
            )
        ),
        *certificates.ADDRESSES,
        page("training/suspend", suspending.page, "suspension-new"),
        page("training/suspension/<uuid:record>", suspended.act, "suspension-act"),
        *pages(_SUSPENSIONS),
        page("plans/new", plans.new, "catch_up-new"),
        page("plans/compare", plans.compare, "plans-compare"),
        page("plans/choose", plans.choose, "plans-choose"),
        *pages(_PLANS),
        page("plans/proposal/<str:owner>/<uuid:record>/accept", proposals.accept,
             "proposal-accept"),
        *pages(proposals.HOME),
    ),
    homes=(*_HOMES, *certificates.HOMES, _SUSPENSIONS, _PLANS, proposals.HOME),
    reported=(("reform-report", figures.table),),
    numbers=(
        Number(kind="cohort"), Number(kind="session"),
        Number(kind="plan_proposal", loud="urgent"),
    ),
    entries=(
        Entry(name="training", path=figures.PATH, group=Group.PROGRAMME),
        Entry(name="plans", path="/plans/compare", group=Group.PROGRAMME),
        Entry(name="training_check", path="/training/check", group=Group.PROGRAMME),
    ),
)  # fmt: skip
