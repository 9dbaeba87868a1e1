"""The section of incidents, as a list and on the map."""

from typing import Final

from tansiq.web.incidents import importing, views
from tansiq.web.shell.addresses import page
from tansiq.web.shell.listing import pages
from tansiq.web.shell.sections import Entry, Group, Key, Number, Section, Where

SECTION: Final = Section(
    name="incidents",
    word="section.incidents",
    addresses=(
        page("incidents/new", views.new, "incident-new"),
        page("incidents/import", importing.page, "incident-import", word="import.page"),
        *pages(views.LIST),
        *pages(views.MAP),
    ),
    homes=(views.LIST,),
    entries=(
        Entry(name="incidents", path="/incidents", group=Group.WATCH, key="2"),
        Entry(name="map", path="/map", group=Group.WATCH, key="3"),
    ),
    numbers=(
        Number(kind="incident", facets=(("severity", "flash"),), loud="flash"),
        Number(kind="incident", facets=(("severity", "urgent"),), loud="urgent"),
        Number(kind="incident"),
    ),
    keys=(Key(names=("N",), word="keys.new", where=Where.LIST),),
)
