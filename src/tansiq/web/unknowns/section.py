"""The section of what is not known."""

from typing import Final

from tansiq.web.shell.addresses import page, part
from tansiq.web.shell.sections import Entry, Group, Section
from tansiq.web.shell.ways import ways
from tansiq.web.unknowns import views

SECTION: Final = Section(
    name="unknowns",
    word="section.unknowns",
    addresses=(
        page("unknowns", views.page, "unknowns"),
        part("unknowns/part", views.part, "unknowns-part"),
        *ways("unknowns", "unknowns", views.table),
        page("record/<str:owner>/<uuid:record>/unknown", views.settle, "record-unknown"),
    ),
    entries=(Entry(name="unknowns", path="/unknowns", group=Group.WATCH, key="U"),),
)
