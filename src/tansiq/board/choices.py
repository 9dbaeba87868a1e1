"""Choices: the states and facets that a list is narrowed to, as conditions on the board's columns.

A facet is a field of a kind; the column that holds it differs from kind to kind. What a kind
does not have, none of its records have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.kinds.facets import number_of
from tansiq.domain.kinds.listing import Phase
from tansiq.log.database import Value

STATE: Final = "state"
ASKED: Final = "asked"  # the party that a case asks: a facet with several values, from its lanes
# The lanes of a root in which somebody is asked still.
LANES: Final = """o.ordinal > 0 AND o.lane <> '' AND NOT EXISTS
    (SELECT 1 FROM lane_end e WHERE e.root = o.root AND e.lane = o.lane)"""
# Where records stand in time at a moment, as SQL and how often it asks for that moment.
_STANDING: Final = {
    Phase.COMING: ("+r.due > ?", 1),
    Phase.NOW: ("+r.due <= ? AND +r.moment > ?", 2),
    Phase.ENDED: ("+r.moment <= ?", 1),
    Phase.LAPSED: ("+r.due + 43200000 <= ?", 1),  # a day is due at its noon
}
Facets: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]  # field, and the values asked for


def column_of(kind: Kind, group: str) -> str:
    """The column of a state or a facet of this kind; empty for what is neither."""
    facet = kind.facet_at(group)
    return STATE if group == STATE else f"f{facet}" if facet else ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen; what is empty chooses everything. ``asked`` is a party that a case asks,
    ``phase`` where records stand in time at ``now`` (milliseconds).
    """

    states: tuple[str, ...] = ()
    facets: Facets = ()
    asked: str = ""
    phase: Phase | None = None
    now: int = 0

    def tallied(self, kind: str, group: str = STATE) -> bool:
        """Whether the tally adds up these choices for each value of ``group``: it counts one facet
        at a time, no lanes and no time.
        """
        if self.asked or self.phase or group == ASKED:
            return False
        declared = kind_named(kind)
        asked = ({name for name, values in self.facets if values} | {group}) - {STATE}
        return len(asked) <= 1 and all(
            declared.facet_at(name) in declared.counted or not declared.facet_at(name)
            for name in asked
        )

    def of_record(
        self, kind: str, state: str = "r.state", number: str = "r.id"
    ) -> tuple[str, list[Value]]:
        """As SQL over ``r``, a row of a record with this state and number, and its values."""
        parts, values = _among(state, self.states)
        if self.asked:
            parts.append(
                f"""{number} IN (SELECT t.id FROM opening o JOIN record t ON t.record = o.root
                      WHERE o.seat >= ? AND o.seat < ? AND {LANES})"""
            )
            values += [f"{self.asked}/", f"{self.asked}0"]  # "0" comes after the slash
        if self.phase:
            standing, times = _STANDING[self.phase]
            parts.append(standing)
            values += [self.now] * times
        for facet, wanted in self._numbers(kind):
            parts.append(f"r.f{facet} IN ({','.join(map(str, wanted))})" if wanted else "FALSE")
        return " AND ".join(parts) or "1 = 1", values

    def of_tally(self, kind: str, column: str) -> tuple[str, list[Value]]:
        """As SQL over ``r``, rows of ``tally`` of which each record counts in one."""
        parts, values = _among("r.state", self.states)
        counted = 0 if column == STATE else int(column[1:])
        for facet, wanted in self._numbers(kind):  # at most one, and that of the column
            counted = facet
            parts.append(f"r.value IN ({','.join(map(str, wanted))})" if wanted else "FALSE")
        return " AND ".join([f"r.facet = {counted}", *parts]), values

    def _numbers(self, kind: str) -> list[tuple[int, list[int]]]:
        declared, found = kind_named(kind), list[tuple[int, list[int]]]()
        for name, codes in self.facets:
            if codes:
                facet = declared.facet_at(name)
                field = declared.field(name) if facet else None
                numbers = [number_of(field, code) for code in codes] if field else []
                found.append((facet, sorted({number for number in numbers if number})))
        return found


EVERYTHING: Final = Choices()


def among(column: str, values: Sequence[Value]) -> str:
    """The condition that a column has one of these values."""
    return f"{column} IN ({','.join('?' * len(values))})" if values else "FALSE"


def _among(column: str, values: tuple[str, ...]) -> tuple[list[str], list[Value]]:
    return ([among(column, values)] if values else []), [*values]
