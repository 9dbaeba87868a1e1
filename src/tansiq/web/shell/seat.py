"""Who sits at this browser: the position and person of the session, and how they read."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from tansiq.domain.errors import InputError
from tansiq.domain.parties import Actor, Position, Viewer
from tansiq.domain.wording import LANGUAGES
from tansiq.web.accounts.sessions import Sits, Stage, sits, used
from tansiq.web.shell.site import current


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
    if here is None or here.stage is not Stage.OPEN:
        return None
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
        return view(request, seat, *args, **kwargs)

    return guarded


def way_in(request: HttpRequest) -> str:
    """Where somebody goes who may not see pages now."""
    here = sits(request)
    if here is None:
        return "/sign-on"
    return {Stage.LOCKED: "/lock", Stage.ENROLS: "/identity"}.get(here.stage, "/sign-on")


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


def theme_of(request: HttpRequest) -> str:
    """day, night or auto."""
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in ("day", "night") else "auto"
