"""The section of what leaves: the release panel, the approvals, and who holds what."""

from typing import Final

from tansiq.desk.act.access import Deed
from tansiq.desk.act.desk import Desk
from tansiq.desk.cases import approving
from tansiq.desk.records.approvals import to_decide
from tansiq.domain.parties import Actor
from tansiq.policy.mandate import Act
from tansiq.web.releases import approvals, holdings, panel
from tansiq.web.shell.addresses import page, part
from tansiq.web.shell.sections import Entry, Group, Key, Section, Where
from tansiq.web.shell.ways import ways

_RECORD: Final = "record/<str:owner>/<uuid:record>"
_APPROVALS: Final = "section.approvals"


def _to_decide(desk: Desk, actor: Actor, most: int) -> int:
    """How much waits for a decision of this actor: releases, and rounds of our own chains."""
    return to_decide(desk, actor, most) + approving.to_decide(desk, actor, most)


SECTION: Final = Section(
    name="releases",
    word="section.holdings",
    addresses=(
        page(f"{_RECORD}/release", panel.page, "release", deed=Deed.PREVIEWED,
             word="place.release"),
        page(f"{_RECORD}/recall/<str:party>", holdings.recall, "recall", word="place.recall"),
        page("approvals", approvals.page, "approvals", word=_APPROVALS),
        part("approvals/part", approvals.part, "approvals-part", word=_APPROVALS),
        page("approvals/<uuid:release>", approvals.one, "approval", word=_APPROVALS),
        page("holdings", holdings.page, "holdings"),
        part("holdings/part", holdings.part, "holdings-part"),
        *ways("holdings", "holdings", holdings.table),
    ),
    entries=(
        Entry(name="approvals", path="/approvals", group=Group.RELEASE, key="5",
              count=_to_decide, loud="flash"),
        Entry(name="holdings", path="/holdings", group=Group.RELEASE, key="6",
              needs=Act.SEE_HOLDINGS),
    ),
    keys=(
        Key(names=("R",), word="release.act", where=Where.RECORD),
        Key(names=("Ctrl+Enter",), word="approval.key", where=Where.RECORD),
        Key(names=("P",), word="panel.refresh", where=Where.RECORD),
        Key(names=("Z",), word="take_back.act", where=Where.RECORD),
    ),
)  # fmt: skip
