"""Requests that resemble one that somebody is about to make: the same need is not sent twice by
mistake. Found in what the asker may see, and in nothing else.
"""

from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import read
from tansiq.desk.records.read import Query
from tansiq.domain.kinds import Kind
from tansiq.domain.parties import Viewer
from tansiq.domain.records import Body, RecordView
from tansiq.policy.seal import Released

SHOWN_MAX: Final = 5
_LOOKED_AT: Final = 200  # open requests due about then; more of them say nothing new
_ABOUT_MS: Final = 14 * 86_400_000  # two needs whose dates lie further apart are two


@reading_as
def alike(desk: Desk, viewer: Viewer, kind: Kind, body: Body) -> list[Released[RecordView]]:
    """The open records of this kind that resemble ``body``, those due first before the others; none
    for a kind that does not say what resembles.
    """
    if kind.resembles is None or kind.listing is None:
        return []
    due = kind.due_at(body) or desk.clock.now()
    query = Query(
        kinds=(kind.name,), states=kind.listing.tabs[0].states, by="due", ascending=True,
        since=max(1, due - _ABOUT_MS), until=due + _ABOUT_MS, limit=_LOOKED_AT,
    )  # fmt: skip
    rows = read.page(desk, viewer, query).rows
    return [one for one in rows if kind.resembles(body, one.value.body)][:SHOWN_MAX]
