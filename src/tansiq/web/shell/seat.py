"""Who sits at this browser: the position and person of the session, and how they read."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from tansiq.domain.errors import InputError
from tansiq.domain.parties import Actor, Position, Viewer
from tansiq.domain.wording import LANGUAGES
from tansiq.web.accounts.sessions import Sits, Stage, sits, used
from tansiq.web.shell.site import current

_WAYS_IN: Final = {
    Stage.LOCKED: "/lock", Stage.ENROLS: "/identity", Stage.WALL: "/overview/wall"
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A signed-on position. Every read is on behalf of ``viewer``, every act by ``actor``."""

    actor: Actor
    viewer: Viewer
    position: Position

    @property
    def mark(self) -> str:
        """What tells this person at this position from others in the drafts of a browser."""
        name = f"{self.actor.person} {self.actor.position}"
        return hashlib.sha256(name.encode()).hexdigest()[:12]


View = Callable[..., HttpResponse]


def seat_of(request: HttpRequest) -> Seat | None:
    """The seat of this session; None for nobody, and while it is locked."""
    return seat_for(sits(request))


def seat_for(here: Sits | None) -> Seat | None:
    """The seat of an open session, or None."""
    return _seat(here) if here is not None and here.stage is Stage.OPEN else None


def watching(here: Sits | None) -> Seat | None:
    """The seat of a session that may see the wall view: an open one, or one that shows nothing
    else.
    """
    may = here is not None and here.stage in (Stage.OPEN, Stage.WALL)
    return _seat(here) if here is not None and may else None


def _seat(here: Sits) -> Seat | None:
    desk = current().desk
    try:
        found = desk.position(here.position)
    except InputError:
        return None
    actor = Actor(party=desk.me, position=found.code, role=found.role, person=here.person)
    return Seat(actor=actor, viewer=desk.viewer(actor), position=found)


def signed_on(view: View) -> View:
    """A view that only a signed-on position reaches; it gets the seat as its second argument."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        seat = seat_of(request)
        if seat is None:
            return HttpResponseRedirect(way_in(request))
        used(request)
        if request.method != "GET":
            return view(request, seat, *args, **kwargs)
        with current().desk.glance():
            return view(request, seat, *args, **kwargs)

    return guarded


def way_in(request: HttpRequest) -> str:
    """Where somebody goes who may not see pages now."""
    here = sits(request)
    if here is None:
        return "/sign-on"
    return _WAYS_IN.get(here.stage, "/sign-on")


def language_of(request: HttpRequest) -> str:
    """The interface language: what was chosen, else what the browser asks for,
    else the node's own.
    """
    chosen = request.COOKIES.get("language", "")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("Accept-Language", "")[:200].split(","):
        tag = part.split(";")[0].strip().split("-")[0].lower()
        if tag in LANGUAGES:
            return tag
    return current().settings.language


def language_taken(request: HttpRequest) -> str:
    """The language in which somebody takes a report: the one that the address names, else that of
    the interface.
    """
    named = request.GET.get("language", "")
    return named if named in LANGUAGES else language_of(request)


def theme_of(request: HttpRequest) -> str:
    """day, night or auto."""
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in ("day", "night") else "auto"
