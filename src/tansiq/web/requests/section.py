"""The section of requests that a party makes of others."""

from typing import Final

from tansiq.web.requests import views
from tansiq.web.shell.addresses import page
from tansiq.web.shell.sections import Key, Section, Where

SECTION: Final = Section(
    name="requests",
    word="section.requests",
    addresses=(page("requests/new", views.new, "request-new"),),
    keys=(Key(names=("Q",), word="case.ask_about", where=Where.RECORD),),
)
