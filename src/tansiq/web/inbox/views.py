"""The inbox: what partners released, first what nobody here acknowledged; what they recalled."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.act.desk import demand
from tansiq.desk.records import inbox, read
from tansiq.desk.records.read import Tombstone, View
from tansiq.domain.kinds import kind_named
from tansiq.domain.records import reference
from tansiq.policy import mandate
from tansiq.web.inbox.asked import ALL, SOURCE, WAITS, query_of
from tansiq.web.inbox.replies import may_ask, reply_kinds
from tansiq.web.shell.page import render
from tansiq.web.shell.paging import cursor, cursor_text
from tansiq.web.shell.seat import Seat, signed_on
from tansiq.web.shell.site import current
from tansiq.web.shell.sources import chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A partner's record in the inbox. ``said`` are our replies to it, newest first."""

    view: View
    came: int
    read_by: tuple[str, ...]
    acknowledged: bool
    said: tuple[View, ...]
    replies: tuple[str, ...]
    may_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What is left of a record that its owner took back."""

    reference: str
    stone: Tombstone


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The inbox."""
    return render(request, "inbox/page.html", **_inbox(request, seat))


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The list alone, fetched again when something changed."""
    return render(request, "inbox/part.html", **_inbox(request, seat))


def _inbox(request: HttpRequest, seat: Seat) -> dict[str, Any]:
    demand(mandate.may_do(seat.position.role, mandate.Act.READ))
    desk = current().desk
    found, after = chosen(request, seat, SOURCE), cursor(request)
    query, waits = query_of(seat, found.address), found.tab == WAITS
    fresh = inbox.unread(desk, seat.viewer, query, after if waits else None)
    rows, further = sorted(fresh.rows, key=_haste), fresh.after
    if not waits:
        page = read.page(desk, seat.viewer, replace(query, received=True, after=after))
        first = {(view.value.owner, view.value.record) for view in rows}
        rest = [v for v in page.rows if (v.value.owner, v.value.record) not in first]
        rows, further = ([] if after else rows) + rest, page.after
    stones = read.tombstones(desk, seat.viewer) if found.tab == ALL and after is None else []
    return {
        "items": [_item(seat, view) for view in rows],
        "recalled": [Recalled(reference=reference(one.record), stone=one) for one in stones],
        "may_note": bool(mandate.may_do(seat.position.role, mandate.Act.RECALL)),
        "x": found,
        "older": found.address.to(after=cursor_text(further)) if further is not None else "",
    }


def _haste(view: View) -> int:
    """What has most haste comes first, by the same declaration as the alarm."""
    return kind_named(view.value.kind).haste_of(view.value.body).rank


def _item(seat: Seat, view: View) -> Item:
    desk = current().desk
    came = inbox.arrival(desk, view)
    about = read.linked(desk, seat.viewer, view.value.record, "about")
    mine = [reply for reply in about if reply.value.owner == desk.me]
    roles = [kind for kind in reply_kinds(view) if mandate.may_write(
        seat.position.role, kind_named(kind)
    )]  # fmt: skip
    return Item(
        view=view, came=came.at, read_by=came.read_by,
        acknowledged=inbox.acknowledged(desk, view),
        said=tuple(sorted(mine, key=lambda reply: -reply.value.at)), replies=tuple(roles),
        may_ask=may_ask(seat.position.role, view.value.kind),
    )  # fmt: skip
