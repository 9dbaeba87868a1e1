"""What a partner was told of each record, seen from outside: nothing goes by itself once it has
ended, and nothing by a laxer rule than one that bound an edition before.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from tansiq.domain.parties import PartyCode
from tansiq.domain.places import Grain
from tansiq.policy.agreement import Rule

Item = Mapping[str, object]
Key = tuple[PartyCode, str, str]  # owner, record, partner
Demand = Callable[[object, str], None]


@dataclass(slots=True)
class Told:
    """What stands at partners, what has ended there, and by which rules editions went."""

    items: dict[str, tuple[Item, Rule | None]] = field(default_factory=dict)
    standing: dict[Key, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    over: set[Key] = field(default_factory=set)
    bound: dict[Key, list[Rule]] = field(default_factory=lambda: defaultdict(list))

    def prepared(self, owner: PartyCode, item: Item, rule: Rule | None, demand: Demand) -> None:
        """A release was frozen: what must hold of it by what went before."""
        self.items[str(item["release"])] = (item, rule)
        key = _key(owner, item)
        if item.get("recovered"):
            return
        ends, now = list(self.standing[key].values()), int(str(item["at"]))
        ended = key in self.over or (ends and all(0 < end <= now for end in ends))
        demand(not (item["automatic"] and ended), f"{key} has ended, and an edition goes by itself")
        wire = cast("dict[str, object]", item["wire"])
        body = cast("dict[str, object]", wire["body"])
        if item.get("loosened") or wire["kind"] == "attachment":
            return
        for before in self.bound[key]:
            place = cast("dict[str, str]", body.get("place", {"grain": Grain.DISTRICT.value}))
            demand(not before.hide & body.keys(), f"{key}: {before.name} hid more than this tells")
            demand(
                Grain(place["grain"]).rank >= before.grain.rank, f"{key}: {before.name} is laxer"
            )
            demand(int(str(item["approvers"])) >= before.approvers,
                   f"{key}: {before.name} wanted more approvers")  # fmt: skip

    def left(self, owner: PartyCode, release: str) -> None:
        """A release has gone into the feed."""
        item, rule = self.items.get(release, (None, None))
        if item is None:
            return
        key = _key(owner, item)
        self.standing[key][release] = int(str(item["expires"]))
        if not item["automatic"]:
            self.over.discard(key)
        if item.get("loosened"):
            self.bound[key].clear()
        if rule is not None:
            self.bound[key].append(rule)

    def stopped(self, owner: PartyCode, release: str) -> None:
        """A recall has stopped what was still to go."""
        item, _ = self.items.get(release, (None, None))
        if item is not None:
            self.over.add(_key(owner, item))

    def recalled(self, owner: PartyCode, item: Item) -> None:
        """A record was recalled from a partner."""
        key = owner, str(item["record"]), str(item["to"])
        self.over.add(key)
        for release in cast("list[str]", item["releases"]):
            self.standing[key].pop(release, None)

    def forget(self, owner: PartyCode) -> None:
        """The owner went back to an older state: what it says from then on counts."""
        for kept in (self.standing, self.bound):
            for key in [key for key in kept if key[0] == owner]:
                del kept[key]
        self.over = {key for key in self.over if key[0] != owner}


def _key(owner: PartyCode, item: Item) -> Key:
    return owner, str(item["record"]), str(item["to"])
