"""The section of the guides: the one of the own role first, and all others."""

from typing import Final

from tansiq.web.guides import views
from tansiq.web.shell.addresses import page
from tansiq.web.shell.sections import Section

SECTION: Final = Section(
    name="guides",
    word="guides.title",
    addresses=(
        page("guide", views.own, "guide"),
        page("guide/<str:name>", views.one, "guide-one"),
    ),
)
