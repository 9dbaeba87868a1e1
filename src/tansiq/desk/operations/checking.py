"""The open check: which activities, protected sites, coordination lines and frames of joint
operations one activity meets, of those that somebody may see.

The form and the page of a planned activity ask here. What must hold: nobody learns of anything that
was not released for him, and nothing that meets is left out. An activity is saved by somebody who
was shown what it meets as it stands: its edition carries the digest of those neighbours.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from tansiq.board import hulls
from tansiq.board.choices import among
from tansiq.board.queries import release_filter
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.kinds import KINDS
from tansiq.domain.operations.cells import entry
from tansiq.domain.operations.volumes import Near, Overlap, Volume, meets, volume_of
from tansiq.domain.parties import Viewer
from tansiq.domain.records import Body, RecordView
from tansiq.log.canonical import JSON, encode
from tansiq.log.database import Value
from tansiq.policy.release import open_all
from tansiq.policy.seal import Released

ACTIVITY: Final = "planned_activity"
LINE: Final = "coordination_line"
SITE: Final = "protected_site"
OPERATION: Final = "joint_operation"
SEEN: Final = "neighbours_seen"  # the field that carries the digest

View: TypeAlias = Released[RecordView]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A record that an activity meets, as it was released for the viewer, and how they meet."""

    view: View
    answer: Near | Overlap

    @property
    def overlaps(self) -> bool:
        """Whether they take the same place at the same time and height."""
        return isinstance(self.answer, Overlap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What an activity meets: overlaps first, then by when. ``digest`` stands for exactly these
    editions; ``more`` says that there are more than ``BOUNDS.neighbours_max``, of which these are
    the first. Without an ``area`` nothing could be compared.
    """

    activities: tuple[Neighbour, ...] = ()
    lines: tuple[Neighbour, ...] = ()
    sites: tuple[Neighbour, ...] = ()
    operations: tuple[Neighbour, ...] = ()
    digest: str = ""
    more: bool = False
    area: bool = True

    @property
    def overlaps(self) -> bool:
        """Whether it overlaps another activity."""
        return any(one.overlaps for one in self.activities)


@reading_as
def found(desk: Desk, viewer: Viewer, body: Body, *, own: str = "") -> Checked:
    """What an activity with this checked body meets from now on, as far as the viewer may see it;
    ``own`` is the key (``PARTY/id``) of the activity itself, "" for a new one.
    """
    volume, now = volume_of(body), desk.clock.now()
    if volume is None:
        return Checked(digest=_digest(()), area=False)
    views = [one for one in _near(desk, viewer, volume, now) if _key(one.value) != own]
    met = [one for one in (_meets(volume, view, now) for view in views) if one is not None]
    met.sort(key=_order)
    shown = met[: BOUNDS.neighbours_max]
    return Checked(
        activities=_of(shown, ACTIVITY), lines=_of(shown, LINE), sites=_of(shown, SITE),
        operations=_of(shown, OPERATION), digest=_digest(shown), more=len(met) > len(shown),
    )  # fmt: skip


@reading_as
def found_of(desk: Desk, viewer: Viewer, view: View) -> Checked:
    """As :func:`found`, of an activity that was released for this viewer; nothing for one that
    takes no room any more.
    """
    value = view.value
    if value.state not in KINDS[value.kind].occupies:
        return Checked(digest=_digest(()))
    return found(desk, viewer, value.body, own=_key(value))


def _near(desk: Desk, viewer: Viewer, volume: Volume, now: int) -> list[View]:
    """The records that may meet a volume, as they were released for the viewer."""
    kinds: list[Value] = [name for name, kind in KINDS.items() if kind.occupies]
    visible, values = release_filter(desk.board, viewer, now)
    where = f"{visible} AND {among('r.kind', kinds)}", [*values, *kinds]
    found = open_all(viewer, hulls.views(desk.board, entry(None, volume), now, where), now)
    # Where a case stands is said by steps, after its newest edition took up its room.
    return [one for one in found if one.value.state in KINDS[one.value.kind].occupies]


def _meets(volume: Volume, view: View, now: int) -> Neighbour | None:
    other = volume_of(view.value.body)
    answer = meets(volume, other, now) if other is not None else None
    return Neighbour(view=view, answer=answer) if isinstance(answer, Near | Overlap) else None


def _order(one: Neighbour) -> tuple[bool, int, str]:
    return not one.overlaps, one.answer.ours.begins, _key(one.view.value)


def _of(met: Sequence[Neighbour], kind: str) -> tuple[Neighbour, ...]:
    return tuple(one for one in met if one.view.value.kind == kind)


def _key(view: RecordView) -> str:
    return f"{view.owner}/{view.record}"


def _digest(met: Sequence[Neighbour]) -> str:
    """What stands for these neighbours: owner, id and edition of each."""
    named: list[JSON] = [
        f"{_key(one.view.value)} {one.view.value.digest}"
        for one in sorted(met, key=lambda one: _key(one.view.value))
    ]
    return hashlib.sha256(encode({"neighbours": named})).hexdigest()
