"""The inbox: what partners released, first what nobody here acknowledged; what they recalled."""

from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.act.desk import demand
from tansiq.desk.records import inbox, read
from tansiq.desk.records.read import Tombstone, View
from tansiq.domain.kinds import kind_named
from tansiq.domain.records import reference
from tansiq.policy import mandate
from tansiq.web.inbox.asked import ALL, SOURCE, WAITS, query_of
from tansiq.web.inbox.replies import alone, may_ask, reply_kinds
from tansiq.web.shell.page import render
from tansiq.web.shell.paging import cursor_of, cursor_text
from tansiq.web.shell.seat import Seat, signed_on
from tansiq.web.shell.site import current
from tansiq.web.shell.sources import Chosen, chosen

_REST: Final = "rest~"  # before a cursor: what waits for us has been listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A record in the inbox, with the replies that this seat may write; whether it may be
    acknowledged ``together`` with others.
    """

    row: inbox.Row
    view: View
    replies: tuple[str, ...]
    may_ask: bool
    together: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What is left of a record that its owner took back."""

    reference: str
    stone: Tombstone


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The inbox."""
    return render(request, "inbox/page.html", left=(), **inbox_of(request, seat))


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The list alone, fetched again when something changed."""
    return render(request, "inbox/part.html", **inbox_of(request, seat))


def inbox_of(request: HttpRequest, seat: Seat) -> dict[str, Any]:
    """What the inbox shows under what a request asks, for its templates."""
    demand(mandate.may_do(seat.position.role, mandate.Act.READ))
    desk, found = current().desk, chosen(request, seat, SOURCE)
    items, further = _page(seat, found)
    top = found.tab == ALL and not found.address.get("after")
    stones = read.tombstones(desk, seat.viewer) if top else []
    return {
        "items": [_item(seat, row) for row in items],
        "recalled": [Recalled(reference=reference(one.record), stone=one) for one in stones],
        "may_note": bool(mandate.may_do(seat.position.role, mandate.Act.RECALL)),
        "x": found,
        "figure": next(link.figure for link in found.tabs if link.current),
        "older": found.address.to(after=further) if further else "",
    }


def _page(seat: Seat, found: Chosen) -> tuple[list[inbox.Row], str]:
    """The rows of a page, and after what the list goes on, "" at its end: first all that waits for
    us, then what does not. Every record stands in one place.
    """
    desk, query, after = current().desk, query_of(seat, found.address), found.address.get("after")
    first: list[inbox.Row] = []
    if not after.startswith(_REST):
        fresh = inbox.unread(desk, seat.viewer, query, cursor_of(after))
        first = inbox.rows(desk, seat.viewer, sorted(fresh.rows, key=_haste))
        if fresh.after is not None or found.tab == WAITS:
            return first, cursor_text(fresh.after) if fresh.after else ""
    begin = cursor_of(after.removeprefix(_REST)) if after.startswith(_REST) else None
    page = read.page(desk, seat.viewer, replace(query, received=True, after=begin))
    rest = [row for row in inbox.rows(desk, seat.viewer, page.rows) if not row.waits]
    return first + rest, _REST + cursor_text(page.after) if page.after else ""


def _haste(view: View) -> int:
    """What has most haste comes first, by the same declaration as the alarm."""
    return kind_named(view.value.kind).haste_of(view.value.body).rank


def _item(seat: Seat, row: inbox.Row) -> Item:
    role = seat.position.role
    kinds = tuple(k for k in reply_kinds(row.view) if mandate.may_write(role, kind_named(k)))
    return Item(
        row=row, view=row.view, replies=kinds,
        together=row.waits and "acknowledgement" in kinds and not alone(row.view),
        may_ask=may_ask(role, row.view.value.kind),
    )  # fmt: skip
