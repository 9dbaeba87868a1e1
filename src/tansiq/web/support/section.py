"""The section of support: requests that a party makes of others, each a case with a lane for each
party that is asked, and what others ask of us.
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
from tansiq.web.shell.sections import Entry, Group, Section, of_position
from tansiq.web.support import views

_LIST: Final = Home(
    name="support",
    kind="support",
    section="support",
    new="/support/new",
    new_word="support.new",
    figures="/support/figures",
    paper="/support/receipt",
)


def _ours(desk: Desk, viewer: Viewer, most: int) -> int:
    """How many support requests wait for an act of ours."""
    return inbox.unread_count(desk, viewer, most, Query(kinds=("support",)))


SECTION: Final = Section(
    name="support",
    word="section.support",
    addresses=(
        page("support/new", writing.new, "support-new", given={"kind": "support"}),
        page("support/figures", views.figures, "support-figures"),
        page("support/receipt", views.receipt, "support-receipt"),
        *pages(_LIST),
    ),
    homes=(_LIST,),
    entries=(
        Entry(name="support", path="/support", group=Group.REQUESTS, count=of_position(_ours),
              loud="urgent"),
    ),
)  # fmt: skip
