"""The protected sites of the sample scenario, as the intake officer of the centre lists them.

Positions are round and invented. Three are due for re-check within 30 days, one is overdue, and one
was not confirmed by the federal ministry yet.
"""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tansiq.desk.cases import rounds
from tansiq.desk.operations import sites
from tansiq.desk.records import read, say
from tansiq.domain.kinds.operations.protected_site import PROTECTED_SITE
from tansiq.domain.labels import Label
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.places import Grain, Place, Precision, gazetteer
from tansiq.domain.records import Body
from tansiq.node.scenario.cast import PARTIES, moment, read_json

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

Item = dict[str, Any]
_OWNER: Final = PartyCode("ERB")
_OTHERS: Final = frozenset({PartyCode("COA"), PartyCode("MOD"), PartyCode("MPA")})
_ASKED: Final = ("MOD", "MPA")
_SEAT: Final = "duty-officer"
_STEP: Final = 10_000  # a thousandth of a degree, about 100 m
_MINUTE: Final = 60_000


def put_on(stage: "Stage") -> None:
    """Put the sites into the queue: listed and verified, asked about, confirmed, verified again."""
    for number, item in enumerate(read_json("sites.json")):
        begun = moment(f"{item['verified']} 09:00") + 7 * number * _MINUTE
        stage.at(begun, partial(_list, stage, item))
        stage.at(begun + 15 * _MINUTE, partial(_ask, stage, item))
        confirmed = item["confirmed"]
        assert isinstance(confirmed, list)
        for minutes, party in enumerate(confirmed, start=25):
            act = partial(_confirm, stage, item, str(party))
            stage.at(begun + minutes * _MINUTE, act)
        if "again" in item:
            stage.at(moment(f"{item['again']} 11:00"), partial(_again, stage, item))


def _officer() -> Actor:
    return PARTIES[_OWNER].actor("intake-officer")


def _list(stage: "Stage", item: Item) -> None:
    town = gazetteer()[item["town"]]
    place = Place(
        name=town.names.en, key=town.key, lat=town.lat + item["north"] * _STEP,
        lon=town.lon + item["east"] * _STEP, precision=Precision.ABOUT, grain=Grain.KM1,
    )  # fmt: skip
    body: Body = {
        "text": item["text"], "site": item["site"], "place": place.to_json(),
        "until": item["until"], **({"contact": item["contact"]} if item["contact"] else {}),
    }  # fmt: skip
    draft = say.Draft(kind=PROTECTED_SITE.name, body=body, label=Label(audience=(_OTHERS,)))
    stage.keep(item["name"], _OWNER, say.write(stage.desks[_OWNER], _officer(), draft))
    _verify(stage, item, "verified", "until")


def _verify(stage: "Stage", item: Item, day: str, until: str) -> None:
    desk, (owner, record) = stage.desks[_OWNER], stage.records[item["name"]]
    base = read.record(desk, desk.viewer(_officer()), owner, record).value.digest
    sites.verify(
        desk, _officer(), record, base, verified=item[day], how=item["how"], until=item[until]
    )


def _again(stage: "Stage", item: Item) -> None:
    _verify(stage, item, "again", "again_until")


def _ask(stage: "Stage", item: Item) -> None:
    seats = [f"{party}/{_SEAT}" for party in _ASKED]
    seen = _seen(stage, _OWNER, _officer(), item)
    sites.notify(
        stage.desks[_OWNER], _officer(), stage.records[item["name"]][1], seats=seats, seen=seen
    )


def _confirm(stage: "Stage", item: Item, party: str) -> None:
    desk, actor = stage.desks[party], PARTIES[party].actor(_SEAT)
    owner, record = stage.records[item["name"]]
    read.mark_read(desk, actor, read.record(desk, desk.viewer(actor), owner, record))
    seen = _seen(stage, party, actor, item)
    sites.confirm(desk, actor, owner, record, has=True, seen=seen)


def _seen(stage: "Stage", party: str, actor: Actor, item: Item) -> Sequence[str]:
    """What of the newest round somebody was shown who acts on it."""
    desk = stage.desks[party]
    view = read.record(desk, desk.viewer(actor), *stage.records[item["name"]])
    circle = rounds.circle_of(desk, desk.viewer(actor), view)
    return circle.value.newest if circle else ()
