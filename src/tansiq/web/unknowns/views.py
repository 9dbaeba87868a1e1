"""What is not known, in one list; and saying what became of an item."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.records import finding, read, say, unknowns
from tansiq.desk.records.unknowns import Settling
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import KINDS
from tansiq.domain.records import named_in, reference_in
from tansiq.domain.tables import Table
from tansiq.domain.unknowns import UnknownState
from tansiq.policy.seal import Released
from tansiq.web.records.conflicts import beaten
from tansiq.web.shell import foreseen
from tansiq.web.shell.asking import fault_of
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current
from tansiq.web.shell.sources import chosen
from tansiq.web.unknowns.asked import (
    AS_OF,
    FIRST,
    OLDEST,
    SOURCE,
    cursor_text,
    question_of,
    table_of,
)

_TOPICS: Final = " ".join(kind.name for kind in KINDS.values() if kind.asks)


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All that is not known here, own and partners', by the time since when it is asked."""
    return render(request, "unknowns/page.html", **_list(request, seat))


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The list alone, fetched again when something changed."""
    return render(request, "unknowns/part.html", **_list(request, seat))


def table(request: HttpRequest, seat: Seat, limit: int) -> Released[Table]:
    """The list from its top, for a way out."""
    address = SOURCE.address(request).top
    asked = question_of(address, limit)
    found = unknowns.page(current().desk, seat.viewer, asked)
    return table_of(seat, address, asked, found, chosen(request, seat, SOURCE, address))


def _list(request: HttpRequest, seat: Seat) -> Context:
    """What the page shows. A moment that cannot be read takes no list away: it stands without."""
    address, fault = SOURCE.address(request), ""
    try:
        asked = question_of(address)
    except InputError as error:
        rest = {name: text for name, text in address.given.items() if name != AS_OF}
        address, fault = replace(address, given=rest), fault_of(error, language_of(request))
        asked = question_of(address)
    found = unknowns.page(current().desk, seat.viewer, asked)
    choices = chosen(request, seat, SOURCE, address)
    return {
        "x": choices,
        "fault": fault,
        "as_of": asked.as_of,
        "table": table_of(seat, address, asked, found, choices),
        "oldest": asked.oldest,
        "turned": address.to(**{FIRST: "" if asked.oldest else OLDEST}),
        "later": address.to(after=cursor_text(found.after)) if found.after else "",
        "topics": _TOPICS,
    }


@require_POST
@signed_on
def settle(request: HttpRequest, seat: Seat, owner: str, record: UUID) -> HttpResponse:
    """Say what became of an unknown of an own record: a new edition."""
    desk, post = current().desk, request.POST
    if owner != desk.me:
        raise InputError("record_absent")
    read.record(desk, seat.viewer, owner, str(record))  # absent before anything is looked at
    try:
        state = UnknownState(str(post.get("state", "")))
    except ValueError:
        raise InputError("choice_unknown", field="state") from None
    by = _answering(seat, str(post.get("address", "")).strip() or str(post.get("by", "")))
    wish = Settling(item=str(post.get("item", ""))[:8], state=state, by=by)
    base, back = str(post.get("base", "")), f"/record/{owner}/{record}#unknowns"
    try:
        with foreseen.shown_first(request, seat, str(record)):
            unknowns.settle(desk, seat.actor, str(record), base, wish)
    except say.EditedMeanwhileError as conflict:
        return beaten(request, seat, conflict, base)
    except foreseen.UnseenError as unseen:
        return foreseen.ask(request, unseen, back)
    return HttpResponseRedirect(back)


def _answering(seat: Seat, typed: str) -> str:
    """The record that a person chose, whose address was pasted or whose reference was typed; "" for
    none. Raises InputError.
    """
    pasted = named_in(typed)
    if pasted or not typed:
        return pasted or ""
    found = finding.by_reference(current().desk, seat.viewer, reference_in(typed))
    if len(found) != 1:
        raise InputError("same_absent", typed=typed)
    return found[0].value.record
