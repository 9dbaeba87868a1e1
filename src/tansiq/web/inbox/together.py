"""Acknowledging several records of the inbox at once: one transaction, an entry for each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tansiq.desk.act.desk import demand
from tansiq.desk.records import inbox, read, say
from tansiq.desk.records.read import View
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.kinds.replies.acknowledgement import ACKNOWLEDGEMENT
from tansiq.policy import mandate
from tansiq.web.inbox import views
from tansiq.web.inbox.asked import SOURCE
from tansiq.web.inbox.replies import alone, reply_kinds
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

_KEY: Final = re.compile(r"([A-Z]{2,8})/([0-9a-f-]{36})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A record that was not acknowledged, and why; None where there is none to be seen."""

    view: View | None
    why: str


@require_POST
@signed_on
def acknowledge(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Acknowledge the records that were chosen. What is acknowledged already stays so; what cannot
    be is named, and the others are acknowledged all the same.
    """
    demand(mandate.may_write(seat.position.role, ACKNOWLEDGEMENT))
    keys = dict.fromkeys(request.POST.getlist("record")[: BOUNDS.page_rows_max])
    fit, left = list[View](), list[Left]()
    for key in keys:
        try:
            fit += _fitting(seat, str(key))
        except _NotFitError as error:
            left.append(Left(view=error.view, why=error.fault.text(language_of(request))))
    try:
        _say(seat, fit)
    except (InputError, RefusedError):
        refused = list(_refused(request, seat, fit))
        left += refused
        fit = [view for view in fit if all(view is not one.view for one in refused)]
        _say(seat, fit)
    if left or not keys:
        shown = views.inbox_of(request, seat)
        return render(request, "inbox/page.html", status=422, left=left, done_now=len(fit), **shown)
    return HttpResponseRedirect(SOURCE.address(request).to())


class _NotFitError(Exception):
    """What was chosen is not acknowledged in this way."""

    def __init__(self, fault: InputError | RefusedError, view: View | None = None) -> None:
        super().__init__(fault.code)
        self.fault, self.view = fault, view


def _fitting(seat: Seat, key: str) -> Iterator[View]:
    """The record of that key, none where it is acknowledged already. Raises _NotFitError."""
    desk, named = current().desk, _KEY.fullmatch(key)
    owner, record = named.groups() if named else ("", "")
    try:
        view = read.record(desk, seat.viewer, owner, record)
    except InputError as error:
        raise _NotFitError(error) from None
    if ACKNOWLEDGEMENT.name not in reply_kinds(view):
        own = view.value.received is None
        raise _NotFitError(
            RefusedError(Refused("reply_to_own")) if own else InputError("record_absent"), view
        )
    if inbox.acknowledged(desk, view):
        return
    if alone(view):
        raise _NotFitError(RefusedError(Refused("acknowledged_alone")), view)
    yield view


def _say(seat: Seat, chosen: Sequence[View]) -> None:
    """Acknowledge these, all or none."""
    desk = current().desk
    if not chosen:
        return
    with desk.act() as act:
        for view in chosen:
            read.mark_read(desk, seat.actor, view)
            say.reply(desk, seat.actor, ACKNOWLEDGEMENT.name, about=view.value, body={})
        act.told.clear()  # that each was saved: one line says how many
        act.tell("acknowledged", count=len(chosen))


def _refused(request: HttpRequest, seat: Seat, chosen: Sequence[View]) -> Iterator[Left]:
    """Which of these no rule lets go, and why: each is tried, and nothing of it is kept."""
    desk = current().desk
    for view in chosen:
        try:
            with desk.trial():
                say.reply(desk, seat.actor, ACKNOWLEDGEMENT.name, about=view.value, body={})
        except (InputError, RefusedError) as error:
            yield Left(view=view, why=error.text(language_of(request)))
