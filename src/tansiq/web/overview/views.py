"""The first page of each position: what waits for it, what is late and new, which links are down,
what is not known, and the numbers of all rooms.

Every number is counted as the list is that it opens. Who reads no content is told of the links.
"""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.links import linking
from tansiq.desk.records import attention
from tansiq.desk.records.attention import SHOWN_MAX, Waiting
from tansiq.domain.kinds import KINDS
from tansiq.domain.records import reference
from tansiq.domain.tables import Figure
from tansiq.policy import mandate
from tansiq.web.accounts.sessions import sits
from tansiq.web.overview.numbers import new_since, not_known, of_rooms
from tansiq.web.shell.page import Context, render, voice
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current

HOUR_MS: Final = 3_600_000
HOURS: Final = (12, 24, 168)  # that "new" may mean instead of "since the last sign-on"
_USUAL: Final = 24  # where nobody has signed on before
_ROWS: Final = 5
# What changes it: what waits, what rings, links, and records of any kind.
TOPICS: Final = " ".join(
    ("ring", "duty", "inbox", "release", "acknowledgement", "dispute", "case", "link", *KINDS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something that waits, and the record that it is about."""

    wait: Waiting
    owner: str
    record: str
    reference: str


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The first page of this position."""
    return render(request, "overview/page.html", **_told(request, seat))


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The same without its frame, fetched again when something changed."""
    return render(request, "overview/part.html", **_told(request, seat))


def line(wait: Waiting) -> Line:
    """A wait with the reference of its record."""
    owner, _, record = wait.about.partition("#")[0].partition("/")
    return Line(wait=wait, owner=owner, record=record, reference=reference(record))


def overdue(found: list[Waiting]) -> Figure:
    """How much of what waits is past its due time, with its list."""
    return Figure(count=len(found), more=len(found) >= SHOWN_MAX, address="/watch?late=1")


def _told(request: HttpRequest, seat: Seat) -> Context:
    desk, viewer = current().desk, seat.viewer
    asked = str(request.GET.get("hours", ""))
    here = sits(request)
    before = here.since if here is not None else 0
    hours = int(asked) if asked in map(str, HOURS) else 0 if before else _USUAL
    told: Context = {
        "reads": bool(mandate.may_do(seat.position.role, mandate.Act.READ)),
        "down": linking.down(desk, viewer), "topics": TOPICS,
        "hours": hours, "spans": HOURS, "before": before,
    }  # fmt: skip
    if not told["reads"]:
        return told
    said = voice(language_of(request))
    late, now = attention.late(desk, viewer), desk.clock.now()
    since = now - hours * HOUR_MS if hours else min(before, now)
    return {
        **told,
        "ringing": [line(one) for one in attention.ringing(desk, viewer, _ROWS)],
        "late": [line(one) for one in late[:_ROWS]],
        "overdue": overdue(late),
        "since": since,
        "new": list(new_since(seat, since, said)),
        "unknown": list(not_known(seat, said)),
        "rooms": of_rooms(seat, said),
    }
