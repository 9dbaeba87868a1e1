"""When a planned activity takes place, as its form asks and its page says it: its spells, the one
that is open or next, and when it is over for good. Moments are milliseconds since the epoch, UTC.
"""

from typing import Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.operations.spells import REPEATS, Spell, spells_of
from tansiq.domain.records import Body

_DAY_MS: Final = 86_400_000


def windows(body: Body) -> tuple[Spell, ...]:
    """All windows of a checked activity, the earliest first; none where the body does not say
    when, as that of a partner may not.
    """
    said = isinstance(body.get("begins"), int) and isinstance(body.get("until"), int)
    return spells_of(body) if said else ()


def window_at(body: Body, now: int) -> Spell | None:
    """The window that is open at ``now`` or comes next, the last one where all are over; None
    where the body does not say when.
    """
    found = windows(body)
    return next((one for one in found if now < one.until), found[-1] if found else None)


def over_at(body: Body) -> int | None:
    """The moment from which an activity is over for good; None where the body does not say."""
    found = windows(body)
    return found[-1].until if found else None


def check_windows(body: Body) -> None:
    """Raises InputError where the window ends before it begins, or does not come again as the body
    says.
    """
    begins, until = int(str(body["begins"])), int(str(body["until"]))
    if until <= begins:
        raise InputError("window_order", field="until")
    days = REPEATS.get(str(body.get("repeats")), 0)
    if not days:
        if "repeats_until" in body:
            raise InputError("window_not_again", field="repeats_until")
        return
    if "repeats_until" not in body:
        raise InputError("field_required", field="repeats_until")
    if until - begins > days * _DAY_MS:
        raise InputError("window_runs_over", field="until")
    found = spells_of(body)
    if len(found) == 1:  # it does not come again by then, or far too often
        raise InputError("window_many", field="repeats_until", limit=BOUNDS.spells_max)
