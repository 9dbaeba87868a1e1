"""Planned activities of the sample scenario: filed by their parties, open ones released to those
whom they concern, the sealed ones each in its own party's node. Two of these meet in a sealed
check, and one is moved.
"""

from functools import partial
from typing import TYPE_CHECKING, Final

from tansiq.desk.operations import answering, sealed
from tansiq.desk.records import say
from tansiq.domain.labels import Label
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import gazetteer
from tansiq.domain.records import Body
from tansiq.node.scenario.cast import PARTIES, moment, read_json

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

Given = dict[str, object]
_AS_WRITTEN: Final = (
    "text", "activity", "sealed", "contact", "repeats", "repeats_until", "margin_metres",
    "margin_minutes",
)  # fmt: skip
_WINDOW: Final = ("begins", "until")


def put_on(stage: "Stage") -> None:
    """Put every activity, and what moves it, into the queue."""
    for item in read_json("operations.json"):
        stage.at(moment(str(item["at"])), partial(file, stage, item))
        moved = item.get("moved")
        if isinstance(moved, dict):
            stage.at(moment(str(moved["at"])), partial(move, stage, str(item["key"]), moved))
        checked = item.get("checked", [])
        assert isinstance(checked, list)
        for at, party in checked:
            stage.at(moment(at), partial(check, stage, str(item["key"]), party))
        if "agreed" in item:
            stage.at(moment(str(item["agreed"])), partial(agree, stage, str(item["key"])))


def file(stage: "Stage", item: Given) -> None:
    """A party files an activity; an open one goes at once to whom its label names."""
    party, to = str(item["by"]), item["to"]
    assert isinstance(to, list)
    parties = frozenset(PartyCode(str(one)) for one in to)
    draft = say.Draft(
        kind="planned_activity", body=_body(item),
        label=Label(audience=(parties,) if parties else ()),
    )  # fmt: skip
    record = say.write(stage.desks[party], PARTIES[party].duty(), draft)
    stage.keep(str(item["key"]), party, record)


def move(stage: "Stage", key: str, moved: Given) -> None:
    """Its party moves it to another time."""
    owner, record = stage.records[key]
    desk, actor = stage.desks[owner], PARTIES[owner].duty()
    old = say.current(desk, actor, record).value
    draft = say.Draft(
        kind=old.kind, body={**old.body, **_window(moved)}, label=old.label, tear=old.tear
    )
    say.revise(desk, actor, record, old.digest, draft)


def check(stage: "Stage", key: str, party: str) -> None:
    """Its party asks a partner whether it meets anything there, and the nodes answer."""
    owner, record = stage.records[key]
    sealed.ask(stage.desks[owner], PARTIES[owner].duty(), record, party)
    for node in (party, owner):
        stage.carry()
        answering.tick(stage.desks[node])


def agree(stage: "Stage", key: str) -> None:
    """Its party notes what was agreed by telephone."""
    owner, record = stage.records[key]
    sealed.agreed(stage.desks[owner], PARTIES[owner].duty(), record)


def _body(item: Given) -> Body:
    towns = item["towns"]
    assert isinstance(towns, list)
    known = [gazetteer()[str(key)] for key in towns]
    party = PARTIES[str(item["by"])]
    area = {
        "shape": item["shape"], "metres": item["metres"], "grain": "exact",
        "name": known[0].names.of(party.language) if len(known) == 1 else "",
        "positions": [[town.lat, town.lon] for town in known],
    }  # fmt: skip
    return {name: item[name] for name in _AS_WRITTEN if name in item} | _window(item) | {
        "area": area
    }  # fmt: skip


def _window(item: Given) -> Body:
    return {name: moment(str(item[name])) for name in _WINDOW}
