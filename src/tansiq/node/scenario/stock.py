"""The stock of the sample scenario: what each party's support desk writes down, beside what it
takes out of stock and puts there as it sends and receives.
"""

from functools import partial
from typing import TYPE_CHECKING, Final, cast

from tansiq.desk.records import items, say
from tansiq.domain.kinds.support.supplies import item_from_json
from tansiq.domain.labels import Label
from tansiq.domain.parties import Role
from tansiq.domain.places import gazetteer, place_named
from tansiq.domain.records import Body
from tansiq.node.scenario.cast import PARTIES, moment, read_json

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

_AS_WRITTEN: Final = ("move", "item", "named", "unit", "count", "use_by", "batch", "text")


def put_on(stage: "Stage") -> None:
    """Put the own items of each party and every movement into the queue."""
    for own in read_json("catalogue.json"):
        stage.at(moment(str(own["at"])), partial(_take, stage, own))
    for item in read_json("stock.json"):
        stage.at(moment(str(item["at"])), partial(_book, stage, item))


def _take(stage: "Stage", own: dict[str, object]) -> None:
    plan = PARTIES[str(own["by"])]
    told = cast("list[dict[str, object]]", own["items"])
    actor = plan.with_role(Role.SUPPORT_DESK, Role.DUTY_OFFICER, Role.ADMINISTRATOR)
    items.take(stage.desks[plan.code], actor, [item_from_json(one) for one in told])


def _book(stage: "Stage", item: dict[str, object]) -> None:
    plan = PARTIES[str(item["by"])]
    actor = plan.with_role(Role.SUPPORT_DESK, Role.ADVISER, Role.DUTY_OFFICER)
    body: Body = {name: item[name] for name in _AS_WRITTEN if name in item}
    if "place" in item:
        town = gazetteer()[str(item["place"])]
        body["place"] = place_named(town.names.of(plan.language)).to_json()
    say.write(stage.desks[plan.code], actor, say.Draft(kind="stock", body=body, label=Label()))
