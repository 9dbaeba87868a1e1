"""The medical evacuations of the sample scenario: with the minutes in which they went."""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tansiq.desk.cases import changing, reading, taking
from tansiq.desk.operations import medevac
from tansiq.desk.records import read, say
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.places import gazetteer, place_named
from tansiq.domain.records import Body
from tansiq.node.scenario.cast import PARTIES, moment, read_json

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

Item = dict[str, Any]
_MINUTE: Final = 60_000
_ASKS: Final = 1  # minutes after the report
_OF_OWNER: Final = "close_evacuation"


def put_on(stage: "Stage") -> None:
    """Put the requests and what each side does about them into the queue."""
    for given in read_json("medevac.json"):
        item: Item = dict(given)
        begun = moment(item["reported"])
        stage.at(begun + _ASKS * _MINUTE, partial(_ask, stage, item))
        fetches = item["asked"]
        if "then" in item:
            minutes, why = item["declined"]
            act = partial(_step, stage, item, fetches, "decline_evacuation", {"cannot": why})
            stage.at(begun + minutes * _MINUTE, act)
            fetches, minutes = item["then"]
            stage.at(begun + minutes * _MINUTE, partial(_ask_again, stage, item, fetches))
        later = dict(item["later"])
        stage.at(begun + later.pop("minutes") * _MINUTE, partial(_more, stage, item, later))
        for minutes, name, values in item["steps"]:
            party = item["by"] if name == _OF_OWNER else fetches
            stage.at(begun + minutes * _MINUTE, partial(_step, stage, item, party, name, values))
        if "crosses" in item:
            crosses = item["crosses"]
            act = partial(_cross, stage, item, fetches, crosses)
            stage.at(begun + crosses["minutes"] * _MINUTE, act)


def _ask(stage: "Stage", item: Item) -> None:
    party = item["by"]
    place = place_named(gazetteer()[item["town"]].names.of(PARTIES[party].language))
    body: Body = {
        "place": place.to_json(), "reported": moment(item["reported"]), **item["counts"],
        **{name: item[name] for name in ("contact", "channel", "equipment")},
    }  # fmt: skip
    asked = PartyCode(item["asked"])
    record = medevac.request(stage.desks[party], PARTIES[party].duty(), body, asked)
    stage.keep(item["name"], party, record)


def _ask_again(stage: "Stage", item: Item, party: str) -> None:
    owner, record = stage.records[item["name"]]
    duty = PARTIES[owner].duty()
    medevac.offer_again(stage.desks[owner], duty, record, PartyCode(party))


def _more(stage: "Stage", item: Item, later: Body) -> None:
    """The second part, as an edition."""
    owner, record = stage.records[item["name"]]
    desk, actor = stage.desks[owner], PARTIES[owner].duty()
    old = say.current(desk, actor, record).value
    draft = say.Draft(kind=old.kind, body={**old.body, **later}, label=old.label, tear=old.tear)
    changing.restate(desk, actor, record, old.digest, draft)


def _step(stage: "Stage", item: Item, party: str, name: str, values: dict[str, str]) -> None:
    desk, actor = stage.desks[party], PARTIES[party].duty()
    lane = _lane(stage, item, party, actor, name)
    owner, record = stage.records[item["name"]]
    wanted = taking.Wanted(
        owner=owner, record=record, lane=lane.id, act=name, seen=lane.newest, values=values
    )
    taking.take(desk, actor, wanted)


def _lane(stage: "Stage", item: Item, party: str, actor: Actor, name: str) -> reading.LaneView:
    """The lane in which that act may be taken now, as somebody who reads the request sees it."""
    desk = stage.desks[party]
    view = read.record(desk, desk.viewer(actor), *stage.records[item["name"]])
    read.mark_read(desk, actor, view)
    case = reading.lanes_of(desk, desk.viewer(actor), view, actor)
    assert case is not None
    return next(lane for lane in case.value.lanes if name in {act.name for act in lane.acts})


def _cross(stage: "Stage", item: Item, party: str, crosses: Item) -> None:
    desk, actor = stage.desks[party], PARTIES[party].duty()
    owner, record = stage.records[item["name"]]
    told = medevac.tell_crossing(
        desk, actor, owner, record, line=stage.records[crosses["line"]],
        crosses=moment(crosses["at"]), contact=crosses["contact"],
    )  # fmt: skip
    stage.keep(f"{item['name']}-crossing", party, told)
