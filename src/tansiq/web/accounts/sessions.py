"""Who sits where: sessions begin, rest, are locked and end; at most so many for one person.

A session of ours stands beside that of Django, whose key it bears: it is as good as its cookie. It
is locked by key or after a rest, and ends by signing off, after a shift, when another person signs
on, or when the person is changed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from tansiq.web.shell.site import current

SEEN_STEP_MS: Final = 20_000  # so often at most a session's last use is written down
PROOF_MS: Final = 5 * 60_000  # so long a proof of who somebody is stays fresh
# Whoever signs on again so soon goes on where the position was.
SAME_MS: Final = 60 * 60_000
_KNOWN: Final = "tansiq.session"


class Stage(StrEnum):
    """How far a session has come."""

    OPEN = "open"
    LOCKED = "locked"
    ENROLS = "enrols"  # may do nothing but set up a second factor
    WALL = "wall"  # shows the wall view and nothing else; as locked for everything beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sits:
    """A session, as pages see it. ``since`` is when somebody had signed on at the position before
    (ms, 0 = nobody had).
    """

    key: str
    person: str
    position: str
    opened: int
    seen: int
    locked: int
    stage: Stage
    proved: bool
    since: int


def begin(request: HttpRequest, person: str, position: str, *, enrols: bool = False) -> None:
    """Let a person sit at this browser under a new cookie; whoever sat here before does so no
    more.
    """
    from django.middleware.csrf import rotate_token

    leave(request)
    tidy(current().desk.clock.now())
    request.session.create()
    rotate_token(request)
    seat(str(request.session.session_key), person, position, enrols=enrols)


def seat(key: str, person: str, position: str, *, enrols: bool = False) -> None:
    """Write down the session of the cookie ``key``; the one of this person that rested longest ends
    where they become too many.
    """
    from tansiq.web.accounts.models import OpenSession

    now, limit = current().desk.clock.now(), current().settings.sessions_max
    held = list(OpenSession.objects.filter(roster=person).order_by("-seen", "-id"))
    for old in held[limit - 1 :]:
        end(old.key)
    OpenSession.objects.create(
        key=key, roster=person, position=position, opened=now, seen=now, proved=now, enrols=enrols,
        since=_before(position, now),
    )  # fmt: skip


def _before(position: str, now: int) -> int:
    """When somebody had signed on at a position before this; a second sign-on within the hour is
    taken for the same one.
    """
    from tansiq.web.accounts.models import LastSignOn

    last, _ = LastSignOn.objects.get_or_create(position=position, defaults={"at": now})
    if now - last.at >= SAME_MS:
        last.before, last.at = last.at, now
        last.save()
    return last.before


def tidy(now: int) -> None:
    """Delete what is over: sessions past their shift, and those of Django past their cookie."""
    from django.contrib.sessions.models import Session

    from tansiq.web.accounts.models import OpenSession

    OpenSession.objects.filter(opened__lt=now - current().settings.shift_ms).delete()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def leave(request: HttpRequest) -> None:
    """End the session of this browser, and all that was kept beside its cookie."""
    if request.session.session_key:
        end(request.session.session_key)
    request.session.flush()
    request.META.pop(_KNOWN, None)


def end(key: str) -> None:
    """End one session, ours and that of Django."""
    from django.contrib.sessions.models import Session

    from tansiq.web.accounts.models import OpenSession

    OpenSession.objects.filter(key=key).delete()
    Session.objects.filter(session_key=key).delete()


def end_all(person: str, *, but: str = "") -> int:
    """End a person's sessions, save one; how many ended."""
    from tansiq.web.accounts.models import OpenSession

    keys = [one.key for one in OpenSession.objects.filter(roster=person) if one.key != but]
    for key in keys:
        end(key)
    return len(keys)


def sits(request: HttpRequest) -> Sits | None:
    """The session of this browser, looked up once a request."""
    if _KNOWN not in request.META:
        request.META[_KNOWN] = look_up(request.session.session_key or "")
    found: Sits | None = request.META[_KNOWN]
    return found


def look_up(key: str) -> Sits | None:
    """The session of a cookie; None where there is none, or where its shift is over."""
    from tansiq.web.accounts.models import OpenSession

    found = OpenSession.objects.filter(key=key).first() if key else None
    if found is None:
        return None
    now, settings = current().desk.clock.now(), current().settings
    if now - found.opened > settings.shift_ms:
        end(key)
        return None
    if not (found.locked or found.wall) and now - found.seen > settings.rest_ms:
        found.locked = found.seen + settings.rest_ms
        OpenSession.objects.filter(key=key).update(locked=found.locked)
    return _shown(found, now)


def _shown(found: object, now: int) -> Sits:
    from tansiq.web.accounts.models import OpenSession

    assert isinstance(found, OpenSession)
    ladder = ((found.locked, Stage.LOCKED), (found.enrols, Stage.ENROLS), (found.wall, Stage.WALL))
    stage = next((stage for holds, stage in ladder if holds), Stage.OPEN)
    return Sits(
        key=found.key, person=found.roster, position=found.position, opened=found.opened,
        seen=found.seen, locked=found.locked, stage=stage,
        proved=0 <= now - found.proved <= PROOF_MS, since=found.since,
    )  # fmt: skip


def used(request: HttpRequest) -> None:
    """Note that the person is at work. What a page fetches by itself is no work."""
    from tansiq.web.accounts.models import OpenSession

    here, now = sits(request), current().desk.clock.now()
    if here is None or request.headers.get("X-Live") == "1" or abs(now - here.seen) < SEEN_STEP_MS:
        return
    OpenSession.objects.filter(key=here.key, locked=0).update(seen=now)


def lock(request: HttpRequest) -> None:
    """Lock this browser's session; its other pages are closed with it."""
    from tansiq.web.accounts.models import OpenSession

    now = current().desk.clock.now()
    OpenSession.objects.filter(key=request.session.session_key, locked=0).update(locked=now)
    request.META.pop(_KNOWN, None)


def show_wall(request: HttpRequest) -> None:
    """Let this browser show the wall view and nothing else, until the person proves who they are;
    its shift ends as any other.
    """
    from tansiq.web.accounts.models import OpenSession

    OpenSession.objects.filter(key=request.session.session_key, locked=0).update(wall=True)
    request.META.pop(_KNOWN, None)


def prove(request: HttpRequest, *, unlock: bool = False) -> None:
    """Note that the person has just proved who they are; the cookie gets a new name by it."""
    from tansiq.web.accounts.models import OpenSession

    old, now = request.session.session_key, current().desk.clock.now()
    request.session.cycle_key()
    changed: dict[str, object] = {"key": request.session.session_key, "proved": now, "seen": now}
    if unlock:
        changed |= {"locked": 0, "wall": False}
    OpenSession.objects.filter(key=old).update(**changed)
    request.META.pop(_KNOWN, None)


def enrolled(request: HttpRequest) -> None:
    """The second factor that was wanted is there: the session is open."""
    from tansiq.web.accounts.models import OpenSession

    OpenSession.objects.filter(key=request.session.session_key).update(enrols=False)
    request.META.pop(_KNOWN, None)


def sessions_of(person: str) -> list[Sits]:
    """A person's sessions, the latest used first."""
    from tansiq.web.accounts.models import OpenSession

    now, settings = current().desk.clock.now(), current().settings
    found = OpenSession.objects.filter(roster=person, opened__gte=now - settings.shift_ms)
    return [_shown(one, now) for one in found.order_by("-seen", "-id")]


def enrols_again(request: HttpRequest) -> None:
    """The last second factor is gone where one is wanted: nothing opens until there is another."""
    from tansiq.web.accounts.models import OpenSession

    OpenSession.objects.filter(key=request.session.session_key).update(enrols=True)
    request.META.pop(_KNOWN, None)
