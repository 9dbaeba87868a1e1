"""The section of support: requests that a party makes of others and what it offers unasked, each a
case with a lane for each party that takes part, and what others ask of us and offer us.
"""

from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.records import inbox
from tansiq.desk.records.read import Query
from tansiq.domain.parties import Viewer
from tansiq.policy.mandate import Act
from tansiq.web.records import writing
from tansiq.web.shell.addresses import page, part
from tansiq.web.shell.home import Home
from tansiq.web.shell.listing import pages
from tansiq.web.shell.sections import (
    Code,
    Entry,
    Group,
    Key,
    Number,
    Section,
    Where,
    of_position,
)
from tansiq.web.shell.ways import ways
from tansiq.web.support import catalogue, stock, views

_LIST: Final = Home(
    name="support",
    kind="support",
    section="support",
    new="/support/new",
    new_word="support.new",
    figures="/support/figures",
    paper="/support/receipt",
)

_OFFERS: Final = Home(
    name="offers", kind="support_offer", section="offers", new="/offers/new",
    new_word="offers.new", none="offers.none", none_text="offers.none_text",
)  # fmt: skip

_STOCK: Final = Home(
    name="stock", kind="stock", section="stock", new="/stock/new", new_word="stock.new",
    figures="/stock/there",
)  # fmt: skip


def _ours(desk: Desk, viewer: Viewer, most: int) -> int:
    """How many support requests wait for an act of ours."""
    return inbox.unread_count(desk, viewer, most, Query(kinds=("support",)))


def _offered(desk: Desk, viewer: Viewer, most: int) -> int:
    """How many offers of support wait for an act of ours."""
    return inbox.unread_count(desk, viewer, most, Query(kinds=("support_offer",)))


SECTION: Final = Section(
    name="support",
    word="section.support",
    addresses=(
        page("support/new", writing.new, "support-new", given={"kind": "support"}),
        page("support/figures", views.figures, "support-figures"),
        page("support/receipt", views.receipt, "support-receipt"),
        *pages(_LIST),
        page("offers/new", writing.new, "offers-new", word="section.offers",
             given={"kind": "support_offer"}),
        *pages(_OFFERS),
        page("stock/new", writing.new, "stock-new", word="section.stock", given={"kind": "stock"}),
        page("stock/there", stock.page, "stock-there", word="section.stock"),
        part("stock/there/part", stock.part, "stock-there-part", word="section.stock"),
        *ways("stock-there", "stock/there", stock.table, word="section.stock"),
        *pages(_STOCK),
        page("catalogue", catalogue.page, "catalogue", word="catalogue.title"),
        page("catalogue/look", catalogue.look, "catalogue-look", word="catalogue.title"),
        page("catalogue/take", catalogue.take, "catalogue-take", word="catalogue.title"),
        page("catalogue/offer", catalogue.offer, "catalogue-offer", word="catalogue.title"),
        *ways("catalogue", "catalogue", catalogue.table, word="catalogue.title"),
    ),
    homes=(_LIST, _OFFERS, _STOCK),
    entries=(
        Entry(name="support", path="/support", group=Group.REQUESTS, count=of_position(_ours),
              loud="urgent"),
        Entry(name="offers", path="/offers", group=Group.REQUESTS, count=of_position(_offered)),
        Entry(name="stock", path="/stock/there", group=Group.REQUESTS),
        # No content: the administrator sees it as the links, which every role may see.
        Entry(name="catalogue", path="/catalogue", group=Group.REQUESTS, needs=Act.SEE_LINKS),
    ),
    numbers=(Number(kind="support"), Number(kind="support_offer")),
    keys=(
        Key(names=("G",), word="act.receipt", where=Where.RECORD),
        Key(names=("O",), word="offers.new", where=Where.RECORD),
    ),
    codes=(Code(letter="C", word="receipt.title", found=views.coded),),
)  # fmt: skip
