"""The section of who hears: the bar of every page, what waits, who is on duty, calls; and the
assessments.
"""

from typing import Final

from tansiq.web.records import writing
from tansiq.web.shell.addresses import page, part
from tansiq.web.shell.listing import pages
from tansiq.web.shell.sections import Entry, Group, Key, Number, Section
from tansiq.web.watch import assessments, views

SECTION: Final = Section(
    name="watch",
    word="section.watch",
    addresses=(
        part("alerts", views.bar, "alerts-part"),
        page("alerts/hear", views.hear, "hear"),
        page("alerts/note", views.note, "note"),
        page("watch", views.page, "watch"),
        part("watch/part", views.part, "watch-part"),
        page("watch/duty", views.duty, "duty"),
        page("watch/call", views.call, "call"),
        page("assessments/new", writing.new, "assessment-new", word="section.assessments",
             given={"kind": "assessment"}),
        page("assessments/<uuid:record>/basis", assessments.rest, "assessment-basis",
             word="section.assessments"),
        *pages(assessments.HOME),
    ),
    homes=(assessments.HOME,),
    entries=(
        Entry(name="watch", path="/watch", group=Group.WATCH, key="W"),
        Entry(name="assessments", path="/assessments", group=Group.WATCH),
    ),
    numbers=(
        Number(kind="assessment"),
        Number(kind="assessment", tab="no_longer_good", loud="urgent"),
    ),
    keys=(Key(names=("F9",), word="alerts.hear"),),
)  # fmt: skip
