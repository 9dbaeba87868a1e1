"""The section of the first page of each position: what waits, what is late, what is new, the links,
what is not known and the numbers of all rooms; and the wall view of it.
"""

from typing import Final

from tansiq.policy.mandate import Act
from tansiq.web.overview import views, wall
from tansiq.web.shell.addresses import page, part
from tansiq.web.shell.sections import Entry, Group, Section

SECTION: Final = Section(
    name="overview",
    word="section.overview",
    addresses=(
        page("overview", views.page, "overview"),
        part("overview/part", views.part, "overview-part"),
        page("overview/wall", wall.page, "wall", word="wall.title"),
        part("overview/wall/part", wall.part, "wall-part", word="wall.title"),
        page("overview/wall/show", wall.show, "wall-show", word="wall.title"),
    ),
    # Every role has links to see; what is content stands there for who reads content.
    entries=(
        Entry(name="overview", path="/overview", group=Group.WATCH, key="0", needs=Act.SEE_LINKS),
    ),
)
