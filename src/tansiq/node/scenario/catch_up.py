"""The catch-up plans of the sample scenario: two that the ministry compares before training begins
again, and the one that it chooses. It proposes dates to the centre of the advisers, which declines:
it has a plan of its own.

What then really happened stands with the training itself (``scenario.training``): cohorts ended
earlier or later than planned, and moved once more.
"""

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read
from tansiq.desk.records.read import Query
from tansiq.desk.training import choosing, planning
from tansiq.desk.training.problems import Asked
from tansiq.domain.cases import StepValue
from tansiq.domain.parties import PartyCode
from tansiq.domain.training.problem import Spell
from tansiq.node.scenario.cast import PARTIES, moment, read_json

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

Item = dict[str, Any]
_MINUTE = 60_000
_MANAGER = "training-manager"


def put_on(stage: "Stage") -> None:
    """Put both plans and the choice into the queue."""
    items: list[Item] = read_json("catch_up.json")
    item = items[0]
    for number, plan in enumerate(item["plans"]):
        stage.at(moment(item["made"]) + number * _MINUTE, partial(_plan, stage, item, plan))
    stage.at(moment(item["chosen"]), partial(_choose, stage, item))
    stage.at(moment(item["asks"]["declined"]), partial(_decline, stage, item))
    stage.at(moment(item["asks"]["noted"]), partial(_note, stage, item))


def _plan(stage: "Stage", item: Item, plan: Item) -> None:
    """Make one of the plans as the owner's manager does."""
    asked = Asked(
        first=dt.date.fromisoformat(item["first"]), weeks=item["weeks"], rule=item["rule"],
        shifts=plan["shifts"], capacity=tuple(map(_spell, item["capacity"])),
        holidays=tuple(map(_spell, item["holidays"])), others=item["others"],
    )  # fmt: skip
    owner = item["owner"]
    actor = PARTIES[owner].actor(_MANAGER)
    record = planning.plan(stage.desks[owner], actor, asked, plan["text"])
    stage.keep(f"catch_up:{plan['name']}", owner, record)


def _spell(row: Item) -> Spell:
    return Spell(
        first=dt.date.fromisoformat(row["from"]), last=dt.date.fromisoformat(row["until"]),
        factor=row["share"], name=row.get("name", ""), estimate=row.get("estimate", False),
    )  # fmt: skip


def _choose(stage: "Stage", item: Item) -> None:
    """Choose one of them: all its cohorts move at once."""
    owner, choice = item["owner"], item["choice"]
    desk, actor = stage.desks[owner], PARTIES[owner].actor(_MANAGER)
    view = read.record(desk, desk.viewer(actor), *stage.records[f"catch_up:{choice['name']}"])
    said = {name: choice[name] for name in ("reason", "decision")}
    asks = choosing.Asking(owners=(PartyCode(item["asks"]["party"]),), text=item["asks"]["text"])
    choosing.choose(desk, actor, view.value.record, view.value.digest, said, asks=asks)


def _decline(stage: "Stage", item: Item) -> None:
    """The owner that was asked keeps its dates, and says why."""
    said = {"declines_because": item["asks"]["because"]}
    _answer(stage, item, PartyCode(item["asks"]["party"]), "decline_dates", said)


def _note(stage: "Stage", item: Item) -> None:
    """Who asked has read the answer."""
    _answer(stage, item, PartyCode(item["owner"]), "end_proposal", {})


def _answer(
    stage: "Stage", item: Item, party: PartyCode, act: str, values: dict[str, StepValue]
) -> None:
    """A party's manager acts about the one proposal that its owner made."""
    desk, actor = stage.desks[party], PARTIES[party].actor(_MANAGER)
    viewer, owner = desk.viewer(actor), PartyCode(item["owner"])
    (view,) = read.page(desk, viewer, Query(kinds=("plan_proposal",), owners=(owner,))).rows
    if party != owner:
        read.mark_read(desk, actor, view)
    circle = rounds.circle_of(desk, viewer, view, actor)
    assert circle is not None, "a proposal is a circle"
    rounds.take(
        desk, actor,
        Wanted(owner=owner, record=view.value.record, lane="", act=act, seen=circle.value.newest,
               of=circle.value.about(act), values=values),
    )  # fmt: skip
