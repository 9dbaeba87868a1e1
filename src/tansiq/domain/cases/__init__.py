"""Cases: a record and the steps that parties take about it, as pure folds.

A kind declares its acts (``declaration``); partners send steps (``step``); ``stands`` says where a
lane stands, ``circle_stands`` where a circle stands, ``due`` which clocks have fallen due. See
docs/adr/0026-cases-as-pure-folds.md.
"""

from tansiq.domain.cases.circle import (
    CircleStanding,
    Round,
    SeatAnswer,
    circle_stage,
    circle_stands,
    last_told,
)
from tansiq.domain.cases.clocks import Accepted, Clocks, Coming, Ring, clocks, coming, due
from tansiq.domain.cases.crossing import Outcome
from tansiq.domain.cases.declaration import (
    AUTHOR,
    BOTH,
    DAMAGED,
    OWNER,
    SEAT,
    AnyAct,
    Clock,
    Column,
    Decision,
    Declaration,
    Due,
    Fact,
    Form,
    Quantity,
    Rounds,
    Ruling,
    Shape,
    Side,
    Turn,
    Value,
    Weight,
)
from tansiq.domain.cases.lane import Standing, Verdict, allowed, stands
from tansiq.domain.cases.meeting import opens_root
from tansiq.domain.cases.order import Ended, Entry, Lane, Opening
from tansiq.domain.cases.outward import (
    FOLLOWS_STAGE,
    FOLLOWS_STEPS,
    Outward,
    outward_from_json,
)
from tansiq.domain.cases.quantities import Came, Line, Sums, came, counted
from tansiq.domain.cases.step import (
    LaneId,
    Seat,
    Step,
    StepId,
    StepKey,
    StepValue,
    seat_code,
    step_from_json,
)

__all__ = [
    "AUTHOR",
    "BOTH",
    "DAMAGED",
    "FOLLOWS_STAGE",
    "FOLLOWS_STEPS",
    "OWNER",
    "SEAT",
    "Accepted",
    "AnyAct",
    "Came",
    "CircleStanding",
    "Clock",
    "Clocks",
    "Column",
    "Coming",
    "Decision",
    "Declaration",
    "Due",
    "Ended",
    "Entry",
    "Fact",
    "Form",
    "Lane",
    "LaneId",
    "Line",
    "Opening",
    "Outcome",
    "Outward",
    "Quantity",
    "Ring",
    "Round",
    "Rounds",
    "Ruling",
    "Seat",
    "SeatAnswer",
    "Shape",
    "Side",
    "Standing",
    "Step",
    "StepId",
    "StepKey",
    "StepValue",
    "Sums",
    "Turn",
    "Value",
    "Verdict",
    "Weight",
    "allowed",
    "came",
    "circle_stage",
    "circle_stands",
    "clocks",
    "coming",
    "counted",
    "due",
    "last_told",
    "opens_root",
    "outward_from_json",
    "seat_code",
    "stands",
    "step_from_json",
]
