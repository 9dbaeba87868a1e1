"""A form is saved once: the token in every form, and the middleware that tells the desk which form
a request sent.

The token is bound to who sits here and to the address that the form is sent to, and to nothing
that is kept: only once it was saved does the node remember it (``desk.act.once``). A browser that
sends it again, because somebody pressed twice or a page was loaded again, is led to where the first
sending led. A token that does not count loses nothing: the form is shown again with what was
typed and a token of its own.
"""

import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import constant_time_compare, salted_hmac

from tansiq.desk.act import once
from tansiq.desk.act.once import Answer, SavedError, Sent
from tansiq.web.shell.seat import Seat, seat_of
from tansiq.web.shell.site import current

FIELD: Final = "once"
DRAFT: Final = "saved_draft"
TOLD: Final = "told"
NOT_OF_THE_FORM: Final = frozenset({FIELD, "csrfmiddlewaretoken"})
_SALT: Final = "tansiq.web.shell.once"
_TOKEN: Final = re.compile(r"([0-9a-f-]{36}\.([0-9a-f]{1,13}))\.([0-9a-f]{32})", re.ASCII)
_MARK_CHARS: Final = 32
# One and the same form sent several times at once is answered once the first has its answer.
_TURNS: Final = tuple(threading.Lock() for _ in range(64))


def token(seat: Seat | None, address: str) -> str:
    """A new token for a form that this seat sends to this address, without a query."""
    if seat is None:
        return ""
    desk = current().desk
    name = f"{desk.entropy.uuid()}.{desk.clock.now():x}"
    return f"{name}.{_mark(seat, address, name)}"


def _mark(seat: Seat, address: str, name: str) -> str:
    said = f"{name}\n{seat.actor.person}\n{seat.actor.position}\n{address}"
    return salted_hmac(_SALT, said, algorithm="sha256").hexdigest()[:_MARK_CHARS]


def sent_by(request: HttpRequest, seat: Seat) -> Sent:
    """The form that a request sent, with the fault of its token if it has one."""
    given = _TOKEN.fullmatch(str(request.POST.get(FIELD, "")))
    if given is None or not constant_time_compare(given[3], _mark(seat, request.path, given[1])):
        return Sent(token="", made=0, digest="", fault="form_foreign")
    return Sent(token=given[1], made=int(given[2], 16), digest=_digest(request))


def _digest(request: HttpRequest) -> str:
    """The hash of all that a form holds, its files too."""
    found = hashlib.sha256()
    for name, values in sorted(request.POST.lists()):
        if name not in NOT_OF_THE_FORM:
            found.update(repr((name, [str(value) for value in values])).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            found.update(repr((name, file.name, file.size)).encode())
            for part in file.chunks():
                found.update(part)
            file.seek(0)
    return found.hexdigest()


class Once:
    """Lets the desk know which form a request sent, and answers a form that was saved before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; a form that was saved remembers where its sender went."""
        seat = seat_of(request) if request.method == "POST" else None
        if seat is None:
            return self.get_response(request)
        form = sent_by(request, seat)
        with _TURNS[hash(form.token) % len(_TURNS)], once.sending(form):
            # Asked before the page too, which may find that what was done cannot be done again.
            before = current().desk.answered_before(form)
            if before is not None:
                return _led(request, before)
            response = self.get_response(request)
            if form.saved:
                _remember(request, form, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What the form made the first time; any other error goes on."""
        return _led(request, error.answer) if isinstance(error, SavedError) else None


def _led(request: HttpRequest, answer: Answer) -> HttpResponse:
    _tell(request, answer)
    return HttpResponseRedirect(answer.to or _made(answer))


def _made(answer: Answer) -> str:
    """Where a form led that was saved by a node which ended before it could say so."""
    found = next((told.record for told in answer.told if told.record), "")
    return f"/record/{current().desk.me}/{found}" if found else "/"


def _remember(request: HttpRequest, form: Sent, response: HttpResponse) -> None:
    """A page that was led on is what the form leads to from now on. A page that shows something
    itself (codes, a file, an error) is to be shown again, and not remembered.
    """
    to = response.headers.get("Location", "")
    answer = form.answer(to, str(request.session.get(DRAFT, "")))
    current().desk.answered(form, answer)
    if to:
        _tell(request, answer)


def _tell(request: HttpRequest, answer: Answer) -> None:
    """Let the next page of this browser say what was done."""
    if answer.told:
        request.session[TOLD] = replace(answer, to="", draft="").text()
    if answer.draft:
        request.session[DRAFT] = answer.draft
