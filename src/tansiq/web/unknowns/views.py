"""What is not known, in one list; and saying what became of an item."""

import re
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.records import read, say, unknowns
from tansiq.desk.records.unknowns import Key, Question, Settling
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import KINDS
from tansiq.domain.unknowns import UnknownState
from tansiq.web.records.conflicts import beaten
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, signed_on
from tansiq.web.shell.site import current

_CURSOR: Final = re.compile(r"(\d{1,15})~([A-Z]{2,8}/[0-9a-f-]{36})~([0-9a-f]{8})")
_RECORD: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ADDRESS_CHARS_MAX: Final = 400
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


def _list(request: HttpRequest, seat: Seat) -> Context:
    desk = current().desk
    asked = {name: str(request.GET.get(name, ""))[:100] for name in ("owner", "first")}
    parties = [desk.me, *read.partner_codes(desk)]
    owner = asked["owner"] if asked["owner"] in parties else ""
    oldest = asked["first"] == "oldest"
    question = Question(owners=(owner,) if owner else (), oldest=oldest, after=_after(request))
    found = unknowns.page(desk, seat.viewer, question)
    kept = {"owner": owner, "first": "oldest" if oldest else ""}
    return {
        "rows": list(found.rows),
        "counts_by": found.counts,
        "total": found.counts.get(owner, 0) if owner else sum(found.counts.values()),
        "owners": parties,
        "owner": owner,
        "oldest": oldest,
        "tabs": {code: _address(kept | {"owner": code}) for code in ("", *parties)},
        "turned": _address(kept | {"first": "" if oldest else "oldest"}),
        "later": _address(kept | {"after": _text(found.after)}) if found.after else "",
        "part": "/unknowns/part?" + urlencode(kept | {"after": request.GET.get("after", "")[:80]}),
        "topics": _TOPICS,
    }


def _address(asked: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/unknowns?{query}" if query else "/unknowns"


def _after(request: HttpRequest) -> Key | None:
    """The row after which the list goes on; anything malformed starts at the top."""
    match = _CURSOR.fullmatch(str(request.GET.get("after", ""))[:80])
    return (int(match[1]), match[2], match[3]) if match else None


def _text(key: Key) -> str:
    since, record, item = key
    return f"{since}~{record}~{item}"


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
    by = _answering(str(post.get("address", "")).strip() or str(post.get("by", "")))
    wish = Settling(item=str(post.get("item", ""))[:8], state=state, by=by)
    try:
        unknowns.settle(desk, seat.actor, str(record), str(post.get("base", "")), wish)
    except say.EditedMeanwhileError as conflict:
        return beaten(request, seat, conflict, str(post.get("base", "")))
    return HttpResponseRedirect(f"/record/{owner}/{record}#unknowns")


def _answering(typed: str) -> str:
    """The record that a person chose, or whose address was pasted; "" for none. Raises
    InputError.
    """
    if not typed:
        return ""
    match = _RECORD.search(typed[:_ADDRESS_CHARS_MAX])
    if match is None:
        raise InputError("record_id")
    return match[0]
