"""The section of the duty log."""

from typing import Final

from tansiq.web.log import views
from tansiq.web.shell.addresses import page, part
from tansiq.web.shell.listing import parts
from tansiq.web.shell.sections import Entry, Group, Key, Section, Where

SECTION: Final = Section(
    name="log",
    word="section.log",
    addresses=(
        page("log", views.page, "log"),
        *parts(views.HOME, views.lines),
        part("log/proposed", views.proposed, "log-proposed"),
        page("log/<uuid:record>/correct", views.correct, "log-correct"),
    ),
    homes=(views.HOME,),
    entries=(Entry(name="log", path="/log", group=Group.WATCH, key="1"),),
    keys=(
        Key(names=("F2",), word="log.new_line", opens="/log#new-line", writes="log_line"),
        Key(names=("F6",), word="log.incident", where=Where.LIST),
        Key(names=("I",), word="log.make_incident", where=Where.RECORD),
        Key(names=("C",), word="log.correct", where=Where.RECORD),
    ),
)
