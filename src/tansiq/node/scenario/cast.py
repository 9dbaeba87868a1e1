"""Who takes part in the sample scenario: parties, positions, roster numbers; and when it plays."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib import resources
from typing import Final

from tansiq.domain.cases import Before, Chain
from tansiq.domain.parties import (
    Actor,
    Classification,
    PartyCode,
    Position,
    Role,
    party_code,
    position_code,
    roster_number,
)
from tansiq.domain.wording import Text

ZONE: Final = timezone(timedelta(hours=3))


def moment(text: str) -> int:
    """A time of the scenario (``2020-12-20 14:00``, UTC+3) in milliseconds since the epoch."""
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE).timestamp()) * 1000


START: Final = moment("2020-01-04 08:00")
NOW: Final = moment("2020-12-20 14:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyPlan:
    """A party of the scenario: its node, its posts, and which roster numbers hold them."""

    code: PartyCode
    node: str
    language: str
    names: Text
    positions: tuple[Position, ...]
    people: dict[str, tuple[str, ...]]
    chains: tuple[Chain, ...] = ()

    def actor(self, code: str) -> Actor:
        """Who works at a position."""
        position = next(item for item in self.positions if item.code == code)
        person = next(person for person, posts in self.people.items() if code in posts)
        return Actor(party=self.code, position=code, role=position.role, person=person)

    def with_role(self, *roles: Role) -> Actor:
        """Who works at the first position of one of these roles, tried in their order."""
        codes = [item.code for role in roles for item in self.positions if item.role is role]
        return self.actor(codes[0])

    def duty(self) -> Actor:
        """Who keeps the watch."""
        return self.with_role(Role.SENIOR_DUTY_OFFICER, Role.DUTY_OFFICER)

    def liaison(self) -> Actor:
        """Who releases."""
        return self.with_role(Role.LIAISON_OFFICER)


def passphrase_of(person: str) -> str:
    """The passphrase of a roster number of the sample, which the start page shows."""
    return f"sample-{person.lower()}"


def _plan(item: dict[str, object]) -> PartyPlan:
    names, positions, people = item["names"], item["positions"], item["people"]
    chains = item.get("chains", [])
    assert isinstance(chains, list)
    assert isinstance(names, dict)
    assert isinstance(positions, list)
    assert isinstance(people, dict)
    return PartyPlan(
        code=party_code(item["code"]),
        node=str(item["node"]),
        language=str(item["language"]),
        names=Text(**names),
        positions=tuple(
            Position(
                code=position_code(post["code"]),
                role=Role(post["role"]),
                names=Text(**post["names"]),
                clearance=Classification(post["clearance"]),
                categories=frozenset(post["categories"]),
                deputy=post.get("deputy", ""),
            )
            for post in positions
        ),
        people={roster_number(person): tuple(posts) for person, posts in people.items()},
        chains=tuple(
            Chain(
                before=Before(one["before"]),
                positions=tuple(one["positions"]),
                sorts=frozenset(one["sorts"]),
            )
            for one in chains
        ),
    )


def read_json(name: str) -> list[dict[str, object]]:
    """One of the scenario's own files."""
    text = (resources.files("tansiq.node.scenario") / name).read_text("utf-8")
    found: list[dict[str, object]] = json.loads(text)
    return found


PARTIES: Final[dict[str, PartyPlan]] = {
    plan.code: plan for plan in map(_plan, read_json("parties.json"))
}
