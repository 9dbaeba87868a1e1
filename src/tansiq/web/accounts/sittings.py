"""Who sits where: sittings begin, rest, are locked and end; at most so many for one person.

A sitting is as good as its session cookie. It is locked by key or after a rest, and ends by
signing off, after a shift, when another takes over, or when the person is changed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from tansiq.web.shell.site import current

SEEN_STEP_MS: Final = 20_000  # so often at most a sitting's last use is written down
PROOF_MS: Final = 5 * 60_000  # so long a proof of who somebody is stays fresh
_KNOWN: Final = "tansiq.sitting"


class Stage(StrEnum):
    """How far a sitting has come."""

    OPEN = "open"
    LOCKED = "locked"
    ENROLS = "enrols"  # may do nothing but set up a second factor


@dataclass(frozen=True, slots=True, kw_only=True)
class Sits:
    """A sitting, as pages see it."""

    key: str
    person: str
    position: str
    opened: int
    seen: int
    locked: int
    stage: Stage
    proved: bool


def begin(request: HttpRequest, person: str, position: str, *, enrols: bool = False) -> None:
    """Let a person sit at this browser under a new session; whoever sat here before does so no
    more.
    """
    from django.middleware.csrf import rotate_token

    leave(request)
    tidy(current().desk.clock.now())
    request.session.create()
    rotate_token(request)
    seat(str(request.session.session_key), person, position, enrols=enrols)


def seat(key: str, person: str, position: str, *, enrols: bool = False) -> None:
    """Write a sitting down for the session ``key``; the one of this person that rested longest ends
    where they become too many.
    """
    from tansiq.web.accounts.models import Sitting

    now, limit = current().desk.clock.now(), current().settings.sittings_max
    held = list(Sitting.objects.filter(roster=person).order_by("-seen", "-id"))
    for old in held[limit - 1 :]:
        end(old.key)
    Sitting.objects.create(
        key=key, roster=person, position=position, opened=now, seen=now, proved=now, enrols=enrols
    )


def tidy(now: int) -> None:
    """Delete what is over: sittings past their shift, sessions past their cookie."""
    from django.contrib.sessions.models import Session

    from tansiq.web.accounts.models import Sitting

    Sitting.objects.filter(opened__lt=now - current().settings.shift_ms).delete()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def leave(request: HttpRequest) -> None:
    """End the sitting of this browser, and all that its session holds."""
    if request.session.session_key:
        end(request.session.session_key)
    request.session.flush()
    request.META.pop(_KNOWN, None)


def end(key: str) -> None:
    """End one sitting and its session."""
    from django.contrib.sessions.models import Session

    from tansiq.web.accounts.models import Sitting

    Sitting.objects.filter(key=key).delete()
    Session.objects.filter(session_key=key).delete()


def end_all(person: str, *, but: str = "") -> int:
    """End a person's sittings, save one; how many ended."""
    from tansiq.web.accounts.models import Sitting

    keys = [one.key for one in Sitting.objects.filter(roster=person) if one.key != but]
    for key in keys:
        end(key)
    return len(keys)


def sits(request: HttpRequest) -> Sits | None:
    """The sitting of this browser, looked up once a request."""
    if _KNOWN not in request.META:
        request.META[_KNOWN] = look_up(request.session.session_key or "")
    found: Sits | None = request.META[_KNOWN]
    return found


def look_up(key: str) -> Sits | None:
    """The sitting of a session; None where there is none, or where its shift is over."""
    from tansiq.web.accounts.models import Sitting

    found = Sitting.objects.filter(key=key).first() if key else None
    if found is None:
        return None
    now, settings = current().desk.clock.now(), current().settings
    if now - found.opened > settings.shift_ms:
        end(key)
        return None
    if not found.locked and now - found.seen > settings.rest_ms:
        found.locked = found.seen + settings.rest_ms
        Sitting.objects.filter(key=key).update(locked=found.locked)
    return _shown(found, now)


def _shown(found: object, now: int) -> Sits:
    from tansiq.web.accounts.models import Sitting

    assert isinstance(found, Sitting)
    stage = Stage.LOCKED if found.locked else Stage.ENROLS if found.enrols else Stage.OPEN
    return Sits(
        key=found.key, person=found.roster, position=found.position, opened=found.opened,
        seen=found.seen, locked=found.locked, stage=stage,
        proved=0 <= now - found.proved <= PROOF_MS,
    )  # fmt: skip


def used(request: HttpRequest) -> None:
    """Note that the person is at work. What a page fetches by itself is no work."""
    from tansiq.web.accounts.models import Sitting

    here, now = sits(request), current().desk.clock.now()
    if here is None or request.headers.get("X-Live") == "1" or abs(now - here.seen) < SEEN_STEP_MS:
        return
    Sitting.objects.filter(key=here.key, locked=0).update(seen=now)


def lock(request: HttpRequest) -> None:
    """Lock this browser's sitting; its other pages are closed with it."""
    from tansiq.web.accounts.models import Sitting

    now = current().desk.clock.now()
    Sitting.objects.filter(key=request.session.session_key, locked=0).update(locked=now)
    request.META.pop(_KNOWN, None)


def prove(request: HttpRequest, *, unlock: bool = False) -> None:
    """Note that the person has just proved who they are; the session gets a new name by it."""
    from tansiq.web.accounts.models import Sitting

    old, now = request.session.session_key, current().desk.clock.now()
    request.session.cycle_key()
    changed: dict[str, object] = {"key": request.session.session_key, "proved": now, "seen": now}
    if unlock:
        changed["locked"] = 0
    Sitting.objects.filter(key=old).update(**changed)
    request.META.pop(_KNOWN, None)


def enrolled(request: HttpRequest) -> None:
    """The second factor that was wanted is there: the sitting is open."""
    from tansiq.web.accounts.models import Sitting

    Sitting.objects.filter(key=request.session.session_key).update(enrols=False)
    request.META.pop(_KNOWN, None)


def sittings_of(person: str) -> list[Sits]:
    """A person's sittings, the latest used first."""
    from tansiq.web.accounts.models import Sitting

    now, settings = current().desk.clock.now(), current().settings
    found = Sitting.objects.filter(roster=person, opened__gte=now - settings.shift_ms)
    return [_shown(one, now) for one in found.order_by("-seen", "-id")]


def enrols_again(request: HttpRequest) -> None:
    """The last second factor is gone where one is wanted: nothing opens until there is another."""
    from tansiq.web.accounts.models import Sitting

    Sitting.objects.filter(key=request.session.session_key).update(enrols=True)
    request.META.pop(_KNOWN, None)
