"""The bar of every page: what rings for the position that looks, and recalls to be noted.

A page asks for it as it is drawn, so that a part of a page, which shows no bar, costs nothing; what
the bar shows is kept in the access log like all else.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from tansiq.desk.act.access import AccessEntry, Deed
from tansiq.desk.records import alerts
from tansiq.desk.records.alerts import Alert, Alerts
from tansiq.domain.attention import ALWAYS
from tansiq.domain.parties import WATCH
from tansiq.domain.records import reference
from tansiq.policy import mandate
from tansiq.web.shell.access import item_of
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current

BADGE_MAX: Final = 99  # past that a badge says "99+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What the bar of a page shows. ``shown`` is the wait that it names, with its ``reference``:
    something ``unheard``, or a recall to be noted. It ``rings`` for this position, ``until``
    somebody hears it where it has most haste; ``chime`` marks it without naming it. What ``acts``
    ends is not silent for having been heard: its key opens it.
    """

    told: Alerts
    shown: Alert | None
    reference: str
    unheard: bool
    rings: bool
    until: bool
    chime: str
    acts: bool
    may_hear: bool
    may_note: bool


def bar_for(seat: Seat) -> Bar:
    """The bar for this seat, once it was noted what it shows. Raises StoreError where that cannot
    be kept: then nothing is shown.
    """
    desk = current().desk
    told = alerts.alerts(desk, seat.viewer, BADGE_MAX)
    shown = told.first or told.recall
    if shown is not None and shown.view is not None:
        desk.access.note(
            AccessEntry(
                deed=Deed.LISTED, place="alerts-part", position=seat.actor.position,
                person=seat.actor.person, items=(item_of(shown.view),),
            )
        )  # fmt: skip
    return Bar(
        told=told, shown=shown,
        reference=reference(shown.record) if shown else "",
        unheard=told.first is not None, rings=told.rings,
        until=told.rings and told.first is not None and told.first.haste in ALWAYS,
        chime=hashlib.sha256(shown.id.encode()).hexdigest()[:12] if shown else "",
        acts=told.first is not None and told.first.must_act,
        may_hear=told.rings or seat.position.role in WATCH,
        may_note=bool(mandate.may_do(seat.position.role, mandate.Act.RECALL)),
    )  # fmt: skip
