"""The section of the reform programme: the portfolio, the projects, and the evidence that their
verifiers accept or return.
"""

from typing import Final

from tansiq.desk.act.access import Deed
from tansiq.desk.act.desk import Desk
from tansiq.desk.records import inbox
from tansiq.desk.records.read import Query
from tansiq.domain.kinds.reform.list import PROJECTS
from tansiq.domain.parties import Viewer
from tansiq.web.records import sheets, writing
from tansiq.web.reform import iati, outlook, portfolio, project, report, sums
from tansiq.web.shell.addresses import file, page, part
from tansiq.web.shell.home import Home, Panel
from tansiq.web.shell.listing import pages
from tansiq.web.shell.sections import Entry, Group, Key, Number, Section, Where, of_position
from tansiq.web.shell.ways import report_ways, ways

_PROJECTS: Final = Home(
    name="projects", kind="project", section="reform", new="/projects/new",
    new_word="project.new", figures="/reform",
    panel=Panel(template="reform/_project.html", make=project.panel, shows=frozenset({"evidence"})),
)  # fmt: skip
_EVIDENCE: Final = Home(
    name="proofs", kind="evidence", section="reform", new="/proofs/new",
    new_word="evidence.new", figures="/reform",
    panel=Panel(template="reform/_evidence.html", make=project.beside),
)  # fmt: skip


def _ours(desk: Desk, viewer: Viewer, most: int) -> int:
    """How many items of evidence wait for an act of ours."""
    return inbox.unread_count(desk, viewer, most, Query(kinds=("evidence",)))


SECTION: Final = Section(
    name="reform",
    word="section.reform",
    addresses=(
        page("reform", portfolio.page, "reform"),
        part("reform/part", portfolio.part, "reform-part"),
        *ways("reform", "reform", portfolio.table),
        page("reform/iati", iati.page, "reform-iati", word="publish.title"),
        file("reform/iati/file", iati.taken, "reform-iati-file", deed=Deed.EXPORTED,
             word="publish.title"),
        page("reform/iati/<uuid:record>", iati.project, "reform-iati-project",
             word="publish.title"),
        page("reform/iati/<uuid:record>/act", iati.act, "reform-iati-act", word="publish.title"),
        *sheets.listed(PROJECTS, "projects/list", "reform", "/projects"),
        page("reform/forecast", outlook.page, "reform-forecast", word="forecast.title"),
        *ways("reform-forecast", "reform/forecast", outlook.table, word="forecast.title"),
        page("reform/report", report.page, "reform-report", word="report.title"),
        *report_ways("reform-report", "reform/report", report.report, word="report.title"),
        page("reform/sums", sums.page, "reform-sums", word="report.money"),
        *ways("reform-sums", "reform/sums", sums.table, word="report.money"),
        page("projects/new", writing.new, "project-new", given={"kind": "project"}),
        *pages(_PROJECTS),
        page("proofs/new", writing.new, "proof-new", given={"kind": "evidence"}),
        *pages(_EVIDENCE),
    ),
    homes=(_PROJECTS, _EVIDENCE),
    entries=(
        Entry(name="reform", path="/reform", group=Group.PROGRAMME, count=of_position(_ours),
              loud="urgent"),
    ),
    numbers=(
        Number(kind="project", tab="open"),
        Number(kind="project", tab="executed"),
        Number(kind="evidence"),
    ),
    keys=(Key(names=("V",), word="evidence.new", where=Where.RECORD),),
)  # fmt: skip
