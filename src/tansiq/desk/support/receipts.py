"""Finding a consignment by the code on its paper: five characters of its step's id, as references
of records are made. Who may see the request finds it; for anybody else there is none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tansiq.board import steps
from tansiq.desk.act.desk import Desk
from tansiq.desk.cases import reading
from tansiq.desk.cases.goods import Consignment
from tansiq.desk.cases.reading import LaneView
from tansiq.desk.records import read
from tansiq.domain.cases import Column
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.support.request import CASE
from tansiq.domain.parties import Actor, Viewer
from tansiq.domain.records import RecordView, reference_in
from tansiq.policy.seal import Released

LOOKED_AT: Final = 50  # of each party whose steps' ids begin alike; five characters are one of 33
# million
_SENDS: Final = tuple(one for one, column in CASE.columns.items() if column is Column.SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A consignment, with the request and the lane in which it stands."""

    view: Released[RecordView]
    lane: LaneView
    consignment: Consignment


def found(desk: Desk, actor: Actor, code: str) -> list[Found]:
    """The consignments of that code which this actor may see, the letter before it or not. Raises
    InputError for what is no code.
    """
    viewer = desk.viewer(actor)
    steps_of: dict[str, set[tuple[str, str]]] = {}
    for root, lane, step in steps.between(desk.board, *reference_in(code).ids, _SENDS, LOOKED_AT):
        steps_of.setdefault(root, set()).add((lane, step))
    return [
        Found(view=view, lane=lane, consignment=one)
        for view, named in _seen(desk, viewer, steps_of)
        for lane in _lanes(desk, viewer, view, actor)
        for one in lane.consignments
        if (lane.id, str(one.sent.step)) in named
    ]


def _seen(
    desk: Desk, viewer: Viewer, steps_of: Mapping[str, set[tuple[str, str]]]
) -> Iterator[tuple[Released[RecordView], set[tuple[str, str]]]]:
    """Of these roots those that the viewer may see."""
    for root, named in steps_of.items():
        try:
            yield read.record(desk, viewer, *root.split("/", 1)), named
        except InputError:
            continue


def _lanes(
    desk: Desk, viewer: Viewer, view: Released[RecordView], actor: Actor
) -> tuple[LaneView, ...]:
    case = reading.lanes_of(desk, viewer, view, actor)
    return case.value.lanes if case else ()
