"""The section of the one search box, which every page offers: it has no list and no entry of its
own.
"""

from typing import Final

from tansiq.web.search import views
from tansiq.web.shell.addresses import page, part
from tansiq.web.shell.sections import Key, Section

SECTION: Final = Section(
    name="search",
    word="page.search",
    addresses=(
        page("search", views.page, "search"),
        part("search/part", views.part, "search-part"),
    ),
    keys=(Key(names=("/", "Ctrl+K"), word="search.key"),),
)
