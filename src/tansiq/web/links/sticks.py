"""Exchange by stick: make the file that leaves, take the file that came, answer it.

A file that was made stays in memory until newer ones push it out; after a restart one makes it
again.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.exchange import exchange
from tansiq.desk.exchange.exchange import Sent, file_name
from tansiq.desk.links import linking
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.digits import whole_number
from tansiq.domain.errors import FaultError, InputError, ParcelError
from tansiq.domain.parties import PartyCode
from tansiq.domain.search import without_overrides
from tansiq.domain.wording import phrase
from tansiq.policy import mandate
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

MADE_MAX: Final = 8
_NAME_CHARS: Final = 80  # of the file that was not taken
_made: OrderedDict[tuple[int, str, int], Sent] = OrderedDict()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file that is ready to be taken along."""

    name: str
    number: int
    size: int
    entries: int
    end: int
    more: bool
    words: tuple[tuple[str, int], ...]


@require_http_methods(["GET", "POST"])
@signed_on
def page(request: HttpRequest, seat: Seat, party: str) -> HttpResponse:
    """What will leave, the file that was made, and a file to be taken."""
    demand(mandate.may_do(seat.position.role, mandate.Act.EXCHANGE))
    linking.link(current().desk, seat.viewer, party)
    if request.method == "GET":
        return _page(request, seat, party, {})
    try:
        taken = exchange.incoming(current().desk, _file(request))
    except FaultError as error:
        return _page(request, seat, party, {"parcel": _refusal(request, error)}, 422)
    request.session["taken"] = {
        "party": taken.party, "number": taken.number, "first": taken.first, "last": taken.last,
        "accepted": taken.accepted, "repeated": taken.repeated, "missing": taken.missing,
        "stopped": taken.stopped,
    }  # fmt: skip
    return HttpResponseRedirect(f"/links/{taken.party}/stick?taken=1")


def _refusal(request: HttpRequest, error: FaultError) -> str:
    """Which file was not taken, why, and what to do."""
    file, language = request.FILES.get("parcel"), language_of(request)
    if file is None:
        return error.text(language)
    name = without_overrides(file.name or "")[:_NAME_CHARS]
    return phrase("stick.refused", language, name=name, reason=error.text(language))


def _file(request: HttpRequest) -> bytes:
    file = request.FILES.get("parcel")
    if file is None:
        raise InputError("file_absent", field="parcel")
    if (file.size or 0) > BOUNDS.parcel_bytes_max:
        raise ParcelError("parcel_size", limit=BOUNDS.parcel_bytes_max)
    return bytes(file.read())


@require_POST
@signed_on
def make(request: HttpRequest, seat: Seat, party: str) -> HttpResponse:
    """Make the next file for a partner."""
    demand(mandate.may_do(seat.position.role, mandate.Act.EXCHANGE))
    desk = current().desk
    linking.link(desk, seat.viewer, party)
    start = whole_number(str(request.POST.get("start", "")))
    try:
        reached = _reached(desk, party, start)
        sent = exchange.next_parcel(desk, PartyCode(party), start=start, reached=reached)
    except FaultError as error:
        return _page(request, seat, party, {"make": error.text(language_of(request))}, 422)
    _made[_key(desk, party, sent.number)] = sent
    while len(_made) > MADE_MAX:
        _made.popitem(last=False)
    return HttpResponseRedirect(f"/links/{party}/stick?made={sent.number}#made")


def _reached(desk: Desk, party: str, start: int | None) -> Mapping[str, int] | None:
    """Up to where the file before this one said the bytes of files."""
    return next(
        (sent.reached for key, sent in reversed(_made.items())
         if start is not None and key[:2] == (id(desk), party) and sent.end == start),
        None,
    )  # fmt: skip


def _key(desk: Desk, party: str, number: int) -> tuple[int, str, int]:
    return id(desk), party, number


def _ready(desk: Desk, party: str, number: int) -> Sent | None:
    """A file that was made and may still leave as it was made."""
    sent = _made.get(_key(desk, party, number))
    current = sent is not None and exchange.may_be_handed_out(desk, sent, PartyCode(party))
    return sent if current else None


@require_GET
@signed_on
def download(request: HttpRequest, seat: Seat, party: str, number: int) -> HttpResponse:
    """The bytes of a file that was made: encrypted for that partner alone."""
    demand(mandate.may_do(seat.position.role, mandate.Act.EXCHANGE))
    desk = current().desk
    linking.link(desk, seat.viewer, party)
    if _key(desk, party, number) not in _made:
        raise InputError("stick_made_gone")
    sent = _ready(desk, party, number)
    if sent is None:
        raise InputError("stick_made_stale")
    response = HttpResponse(sent.data, content_type="application/octet-stream")
    name = file_name(desk.me, party, number)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _page(
    request: HttpRequest, seat: Seat, party: str, errors: dict[str, str], status: int = 200
) -> HttpResponse:
    desk = current().desk
    link = linking.link(desk, seat.viewer, party)
    taken = request.session.get("taken") if request.GET.get("taken") == "1" else None
    return render(
        request, "links/stick.html", status=status, link=link, errors=errors,
        releases=link.releases, made=_shown(request, desk, party),
        taken=taken if taken and taken.get("party") == party else None,
    )  # fmt: skip


def _shown(request: HttpRequest, desk: Desk, party: str) -> Made | None:
    number = whole_number(str(request.GET.get("made", "")))
    sent = _ready(desk, party, number) if number is not None else None
    if sent is None:
        return None
    return Made(
        name=file_name(desk.me, party, sent.number), number=sent.number, size=len(sent.data),
        entries=sent.end - sent.start, end=sent.end, more=sent.more,
        words=linking.words_of(sent.data),
    )  # fmt: skip
