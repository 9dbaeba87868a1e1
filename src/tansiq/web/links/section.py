"""The section of the links: joining, keys, and the exchange by stick."""

from typing import Final

from tansiq.policy.mandate import Act
from tansiq.web.links import joining, keys, states, sticks, views
from tansiq.web.shell.addresses import file, page, part
from tansiq.web.shell.sections import Entry, Group, Section

SECTION: Final = Section(
    name="links",
    word="section.links",
    addresses=(
        page("links", views.page, "links"),
        part("links/part", views.part, "links-part"),
        file("links/card", joining.card, "own-card"),
        page("links/join", joining.join, "join"),
        page("links/seen", states.seen, "alarms-seen"),
        page("links/keys", keys.page, "key-page"),
        page("links/keys/revoke", keys.revoke, "key-revoke"),
        page("links/keys/pass", keys.pass_on, "key-pass"),
        file("links/keys/notice/<str:public>", keys.download, "key-notice"),
        page("links/<str:party>/authorise", states.authorise, "authorise"),
        page("links/<str:party>/authority", states.new_authority, "new-authority"),
        page("links/<str:party>/names", states.names, "accept-names"),
        page("links/<str:party>/stop", states.stop, "link-stop"),
        page("links/<str:party>/restart", states.restart, "link-restart"),
        page("links/<str:party>", views.one, "link"),
        part("links/<str:party>/part", views.one_part, "link-part"),
        page("links/<str:party>/sign", views.sign, "sign"),
        page("links/<str:party>/stick", sticks.page, "stick"),
        page("links/<str:party>/stick/make", sticks.make, "stick-make"),
        file("links/<str:party>/stick/<int:number>", sticks.download, "stick-file"),
    ),
    entries=(Entry(name="links", path="/links", group=Group.LINKS, key="7", needs=Act.SEE_LINKS),),
)
