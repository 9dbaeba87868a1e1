"""The section of requests that a party makes of others, each a case with a lane for each party
that is asked.
"""

from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.records import inbox
from tansiq.desk.records.read import Query
from tansiq.domain.parties import Viewer
from tansiq.web.records import writing
from tansiq.web.shell.addresses import page
from tansiq.web.shell.home import Home
from tansiq.web.shell.listing import pages
from tansiq.web.shell.sections import Entry, Group, Key, Number, Section, Where, of_position

_LIST: Final = Home(
    name="requests", kind="rfi", section="requests", new="/requests/new", new_word="rfi.new"
)


def _ours(desk: Desk, viewer: Viewer, most: int) -> int:
    """How many requests wait for an act of ours."""
    return inbox.unread_count(desk, viewer, most, Query(kinds=("rfi",)))


SECTION: Final = Section(
    name="requests",
    word="section.requests",
    addresses=(
        page("requests/new", writing.new, "request-new", given={"kind": "rfi"}),
        *pages(_LIST),
    ),
    homes=(_LIST,),
    entries=(
        Entry(name="requests", path="/requests", group=Group.REQUESTS, key="9",
              count=of_position(_ours), loud="urgent"),
    ),
    numbers=(Number(kind="rfi"),),
    keys=(Key(names=("Q",), word="case.ask_about", where=Where.RECORD),),
)  # fmt: skip
