"""Finding a consignment by the code on its paper: five characters of its step's id, as references
of records are made. Who may see the request finds it; for anybody else there is none.
"""

from dataclasses import dataclass
from typing import Final

from tansiq.board import steps
from tansiq.desk.act.desk import Desk
from tansiq.desk.cases import reading
from tansiq.desk.cases.goods import Consignment
from tansiq.desk.cases.reading import LaneView
from tansiq.desk.records import read
from tansiq.domain.errors import InputError
from tansiq.domain.parties import Actor
from tansiq.domain.records import RecordView, id_range
from tansiq.policy.seal import Released

LOOKED_AT: Final = 50  # steps whose ids begin alike; five characters are one of 33 million


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
    matches: list[Found] = []
    for root, lane_id, step in steps.between(desk.board, *id_range(code), LOOKED_AT):
        try:
            view = read.record(desk, viewer, *root.split("/", 1))
        except InputError:
            continue
        case = reading.lanes_of(desk, viewer, view, actor)
        matches += [
            Found(view=view, lane=lane, consignment=one)
            for lane in (case.value.lanes if case else ())
            if lane.id == lane_id
            for one in lane.consignments
            if one.sent.step == step
        ]
    return matches
