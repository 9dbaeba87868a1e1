"""Who hears: what waits and for whom it rings, who is on duty, and the calls where nobody answered.

The bar of every page is fetched again from here, and its buttons lead here.
"""

import re
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from tansiq.desk.act.desk import demand
from tansiq.desk.cases import reading
from tansiq.desk.records import attention
from tansiq.desk.records.attention import CALL_RESULTS, SHOWN_MAX, Waiting
from tansiq.domain.duty import Post
from tansiq.domain.errors import InputError
from tansiq.domain.escalation import Rung
from tansiq.domain.parties import Position
from tansiq.domain.records import reference
from tansiq.policy import mandate
from tansiq.web.accounts.views import local
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, signed_on
from tansiq.web.shell.sections import entries
from tansiq.web.shell.site import current

_NAME: Final = re.compile(r"[a-z_]{1,20}(?: [!-~]{0,200}){3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Something that waits: what it is about, whom of several it asks, for which positions it rings
    by now, and whom to telephone.
    """

    wait: Waiting
    owner: str
    record: str
    reference: str
    asked: str
    rings_for: tuple[str, ...]
    callees: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """How a position is staffed now, and what the person who looks may say of it."""

    position: Position
    post: Post
    may_say: tuple[Post, ...]


@require_GET
@signed_on
def bar(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The navigation with its counts, and what rings: fetched again by every page."""
    at = str(request.GET.get("at", ""))
    known = at in {one.name for one in entries()}
    return render(request, "shell/alerts_part.html", section=at if known else "")


@require_POST
@signed_on
def hear(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Silence what is named for everybody. What does not ring any more is silent already."""
    desk = current().desk
    with desk.act():
        for name in request.POST.getlist("name")[:SHOWN_MAX]:
            try:
                attention.hear(desk, seat.actor, _named(name))
            except InputError:
                continue  # heard, answered or taken back, or nothing that this person sees
    return _back(request)


@require_POST
@signed_on
def note(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Note that a partner took something back."""
    attention.note(current().desk, seat.actor, _named(str(request.POST.get("name", ""))))
    return _back(request)


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What waits, and who is on duty."""
    return render(request, "watch/page.html", **_watch(request, seat))


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The same without its frame, fetched again when something changed."""
    return render(request, "watch/part.html", **_watch(request, seat))


@require_POST
@signed_on
def duty(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Say that a position is on duty, off duty or vacant."""
    try:
        post = Post(str(request.POST.get("post", "")))
    except ValueError:
        raise InputError("choice_unknown", field="post") from None
    attention.say_duty(
        current().desk, seat.actor, str(request.POST.get("position", ""))[:100], post
    )
    return HttpResponseRedirect("/watch#duty")


@require_POST
@signed_on
def call(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Keep that a position was telephoned about what waits, and with what result."""
    form = request.POST
    name, position, result = (str(form.get(key, "")) for key in ("name", "position", "result"))
    attention.call(current().desk, seat.actor, _named(name), position[:100], result[:100])
    return HttpResponseRedirect("/watch")


def _named(name: str) -> str:
    """The name of a wait as a form gives it. Raises InputError."""
    if _NAME.fullmatch(name) is None:
        raise InputError("record_absent")
    return name


def _back(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(local(str(request.POST.get("next", "/watch"))))


def _watch(request: HttpRequest, seat: Seat) -> Context:
    desk, role = current().desk, seat.position.role
    demand(mandate.may_do(role, mandate.Act.READ))
    late = request.GET.get("late") == "1"
    found = (attention.late if late else attention.waiting)(desk, seat.viewer)
    rows = [_row(one) for one in found if one.begun]
    posts = attention.on_duty(desk)
    return {
        "rows": rows,
        "late": late,
        "ringing": [one.wait.id for one in rows if seat.actor.position in one.rings_for],
        "duties": [
            Duty(position=one, post=posts[one.code], may_say=_may_say(seat, one))
            for one in desk.identity.positions
        ],
        "gaps": attention.unstaffed(desk),
        "may_call": bool(mandate.may_do(role, mandate.Act.TELEPHONE)),
        "may_note": bool(mandate.may_do(role, mandate.Act.RECALL)),
        "results": CALL_RESULTS,
        "telephones": {one.code: one.telephone for one in desk.identity.positions},
    }


def _may_say(seat: Seat, position: Position) -> tuple[Post, ...]:
    if mandate.may_do(seat.position.role, mandate.Act.SAY_DUTY):
        return tuple(Post)
    return (Post.ON, Post.OFF) if position.code == seat.position.code else ()


def _row(wait: Waiting) -> Row:
    root, _, lane = wait.about.partition("#")
    owner, _, record = root.partition("/")
    whom = reading.asked_by_lane(current().desk, root, lane) if lane else None
    levels = () if wait.stand.heard else wait.stand.reached
    asked = dict.fromkeys(code for level in levels for code in level.positions)
    callees = levels[-1].positions if levels and levels[-1].rung is Rung.TELEPHONE else ()
    return Row(
        wait=wait, owner=owner, record=record, reference=reference(record),
        asked=whom or "", rings_for=tuple(asked), callees=callees,
    )  # fmt: skip
