"""A step of a case, as a partner's feed carries it: who acts, which act, and what its author knew.

A step is fixed fields and no text; the board keeps it, the folds of this package judge it. What it
says is the same for all who read the root; only ``release`` and ``after`` differ per receiver.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, NewType

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.parties import PartyCode, party_code, position_code
from tansiq.domain.records import RecordId, ReleaseId, record_id

StepId = NewType("StepId", str)
LaneId = NewType("LaneId", str)
StepValue = int | str | tuple[str, ...]

NAMES: Final = frozenset(
    {"type", "v", "root", "lane", "step", "release", "seat", "act", "of", "after", "values", "at"}
)
WATCH_SEAT: Final = "watch"  # no position: whoever is on duty at the party
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,31}")


class Seat(NamedTuple):
    """A position of a party, as partners name it to one another: ``COA/adviser-gb``."""

    party: PartyCode
    position: str

    def __str__(self) -> str:
        return f"{self.party}/{self.position}"


class StepKey(NamedTuple):
    """What a step is known by: ids are drawn by their authors, so only both together are one."""

    author: PartyCode
    step: StepId


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act of one party about a case, as one receiver gets it.

    ``author`` is known from the feed and does not travel; ``seat`` is as whom the author acts.
    ``lane`` names the lane, in a circle it is empty. ``of`` names the round, proposal, consignment,
    refused or chosen step, or is empty. ``after`` names the newest entries of this lane that the
    author's node held: steps of both sides and releases of the root; in a circle the author's last
    step that went to this receiver. ``values`` are counts, units, codes, moments in milliseconds,
    and a party or seats where the receiver may know them. ``at`` is when it left, in milliseconds.
    """

    author: PartyCode
    version: int
    root: RecordId
    lane: LaneId
    step: StepId
    release: ReleaseId
    seat: Seat
    act: str
    of: StepId
    after: tuple[str, ...]
    values: Mapping[str, StepValue] = field(default_factory=dict)
    at: int

    @property
    def key(self) -> StepKey:
        """What it is known by."""
        return StepKey(self.author, self.step)

    def told(self, release: ReleaseId, after: tuple[str, ...]) -> "Step":
        """The same step as another receiver gets it."""
        return replace(self, release=release, after=after)

    def to_json(self) -> dict[str, object]:
        """The feed's form for the receiver whose ``release`` and ``after`` it holds."""
        return {
            "type": "step",
            "v": self.version,
            "root": self.root,
            "lane": self.lane,
            "step": self.step,
            "release": self.release,
            "seat": str(self.seat),
            "act": self.act,
            "of": self.of,
            "after": sorted(self.after),
            "values": {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in sorted(self.values.items())
            },
            "at": self.at,
        }


def seat_code(value: object) -> Seat:
    """A seat as partners write it. Raises InputError."""
    party, _, position = value.partition("/") if isinstance(value, str) else ("", "", "")
    return Seat(party_code(party), position_code(position))


def step_from_json(value: Mapping[str, object], author: PartyCode) -> Step:
    """Read a step that a partner sent, or that this node kept; ``author`` owns the feed.

    Everything is checked for form and size, nothing for meaning: an act that is unknown here is
    kept and waits in the fold. Raises InputError.
    """
    if value.keys() != NAMES or value["type"] != "step":
        raise InputError("step_form", field="type")
    seat = seat_code(value["seat"])
    if seat.party != author:
        raise InputError("step_form", field="seat")
    return Step(
        author=author,
        version=whole(value["v"], "v", BOUNDS.integer_max),
        root=record_id(value["root"]),
        lane=LaneId(_id_or_none(value["lane"])),
        step=StepId(record_id(value["step"])),
        release=ReleaseId(record_id(value["release"])),
        seat=seat,
        act=act_code(value["act"], "act"),
        of=StepId(_id_or_none(value["of"])),
        after=_after(value["after"]),
        values=_values(value["values"]),
        at=whole(value["at"], "at", BOUNDS.moment_max),
    )


def whole(value: object, name: str, most: int) -> int:
    """A whole number from 0 to ``most``. Raises InputError."""
    if type(value) is not int or not 0 <= value <= most:
        raise InputError("step_form", field=name)
    return value


def act_code(value: object, name: str) -> str:
    """A code as acts, stages and values have it. Raises InputError."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise InputError("step_form", field=name)
    return value


def _id_or_none(value: object) -> str:
    return "" if value == "" else record_id(value)


def _after(value: object) -> tuple[str, ...]:
    """The entries known to the author: in order and each once, so that a step has one form."""
    if not isinstance(value, list) or len(value) > BOUNDS.case_after_max:
        raise InputError("step_form", field="after")
    found = tuple(record_id(item) for item in value)
    if list(found) != sorted(set(found)):
        raise InputError("step_form", field="after")
    return found


def _values(value: object) -> dict[str, StepValue]:
    if not isinstance(value, dict) or len(value) > BOUNDS.case_values_max:
        raise InputError("step_form", field="values")
    return {act_code(name, "values"): _value(item) for name, item in value.items()}


def _value(value: object) -> StepValue:
    """A count, moment, unit, code, party or list of seats; never a text."""
    if type(value) is int:
        return whole(value, "values", BOUNDS.integer_max)
    if isinstance(value, list):
        if len(value) > BOUNDS.parties_max:
            raise InputError("step_form", field="values")
        return tuple(str(seat_code(item)) for item in value)
    if isinstance(value, str) and value.isupper():
        return party_code(value)
    return act_code(value, "values")
