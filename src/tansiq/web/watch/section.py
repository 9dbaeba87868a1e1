"""The section of who hears: the bar of every page, what waits, who is on duty, calls."""

from typing import Final

from tansiq.web.shell.addresses import page, part
from tansiq.web.shell.sections import Entry, Group, Key, Section
from tansiq.web.watch import views

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
    ),
    entries=(Entry(name="watch", path="/watch", group=Group.WATCH, key="W"),),
    keys=(Key(names=("F9",), word="alerts.hear"),),
)
