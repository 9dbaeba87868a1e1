"""What somebody's own act did, told on the next page: which record was saved, to whom it left.

The session keeps names alone (``desk.act.once.Told``). Each record is read again for this viewer as
the page is drawn, so that nothing is told that may not be seen any more.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from tansiq.desk.act.once import Told, answer_of
from tansiq.desk.records import read
from tansiq.desk.records.read import View
from tansiq.desk.release import releasing
from tansiq.domain.errors import InputError
from tansiq.web.shell.once import TOLD
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was done, and the record that it was done with; None where it is about no
    record. A release can be taken back until ``back_until`` (ms), 0 = not at all.
    """

    told: Told
    view: View | None
    back_until: int = 0


def told(request: HttpRequest, seat: Seat) -> tuple[Line, ...]:
    """What the last form of this browser did, once: as far as this seat may see it."""
    text = request.session.pop(TOLD, "")
    lines = (_line(seat, one) for one in answer_of(text).told) if text else ()
    return tuple(line for line in lines if line is not None)


def _line(seat: Seat, one: Told) -> Line | None:
    if not one.record:
        return Line(told=one, view=None)
    desk = current().desk
    try:
        view = read.record(desk, seat.viewer, desk.me, one.record)
        back = releasing.held_back_until(desk, seat.actor, one.release) if one.release else 0
        return Line(told=one, view=view, back_until=back)
    except InputError:
        return None
