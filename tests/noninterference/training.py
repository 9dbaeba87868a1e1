"""A training told twice: what its training manager alone may know differs, and nothing else.

MPA has one cohort that waits for its clearance and one that has finished. The answers that are no
yes and the roster numbers are those of the world; every act is done in both, at the same moments.
The training manager of MPA has then looked at all of it, on every page that shows it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tansiq.desk.proof import evidence
from tansiq.desk.records import attention
from tansiq.log.canonical import decode_object
from tansiq.log.store import ACCESS
from tansiq.policy.agreement import Follow
from tests.noninterference.browser import Browser
from tests.training import (
    MANAGER,
    answered,
    clearance,
    cohort,
    finished,
    instead,
    issue,
    walk,
    withdraw,
)
from tests.world import DAY, World, card_of, rule, to, world

KINDS = frozenset({"course", "cohort", "clearance", "withdrawn_list"})
YES = {"answer": "yes", "day": "2020-12-01", "valid_until": "2020-12-25"}
NO = {"answer": "no", "day": "2020-12-01"}
NOT_YET = {"answer": "not_yet"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is different in a world."""

    answer: dict
    holders: tuple[str, ...]


CALM = Told(answer=NOT_YET, holders=("P-7001", "P-7002", "P-7003"))
ANSWERS = (CALM, Told(answer=NO, holders=CALM.holders))
ROSTERS = (CALM, Told(answer=NOT_YET, holders=("ZQ-88", "ZQ-8811-LONG-NUMBER", "ZQ9")))


@dataclass
class Training:
    """A world in which it was told, with what its records are called."""

    world: World
    told: Told
    records: dict[str, str] = field(default_factory=dict)
    looks: list[dict] = field(default_factory=list)  # the access log once it was told

    def browser(self, party: str, position: str) -> Browser:
        return Browser(self.world.desk(party), position)


@contextmanager
def telling(pair: tuple[Told, Told]) -> Iterator[tuple[Training, Training]]:
    """Both worlds, closed at the end."""
    made = [tell(one) for one in pair]
    try:
        yield made[0], made[1]
    finally:
        for one in made:
            one.world.close()


def tell(told: Told) -> Training:
    """The story as it goes in the world of these secrets."""
    story = Training(world("MPA", "MOD"), told)
    made = story.world
    made.agree("MPA", "MOD", rule("MPA", "R-07", kinds=KINDS, automatic=True, purpose="training",
                                  follow=Follow.WHOLE))  # fmt: skip
    _clearances(story)
    _certificates(story)
    made.exchange("MPA", "MOD")
    made.clock.time += 10 * DAY
    for desk in made.desks.values():
        attention.tick(desk)
    _looked_at(story)
    return story


def _clearances(story: Training) -> None:
    """One that was never a yes, one that was, and one of a single holder."""
    made, records = story.world, story.records
    for name in ("waits", "lost"):
        records[name] = cohort(made, name, to("MOD"), code=f"K-{name}")
        walk(made, records[name], "ask_clearance")
    records["answer"] = clearance(made, records["waits"], "answer", to("MOD"), **story.told.answer)
    records["was"] = clearance(made, records["lost"], "was", to("MOD"), **YES)
    records["single"] = clearance(
        made, records["waits"], "single", to("MOD"), **YES, holder=story.told.holders[0]
    )
    made.exchange("MPA", "MOD")
    answered(made, records["was"], to("MOD"), **story.told.answer)
    made.exchange("MPA", "MOD")


def _certificates(story: Training) -> None:
    """Three that were issued: one stands, one was withdrawn, one has another in its place."""
    made, records = story.world, story.records
    records["done"] = finished(made, "done", to("MOD"), code="K-done")
    one, two, three = issue(made, records["done"], *story.told.holders)
    withdraw(made, two)
    records |= {"one": one, "two": two, "three": three, "four": instead(made, three)}


def _looked_at(story: Training) -> None:
    """The training manager opens, lists, prints and searches all of it, so that it is all noted."""
    browser = story.browser("MPA", MANAGER)
    for address in manager_addresses(story):
        assert browser.get(address).status in (200, 422), address
    browser.close()
    kept = story.world.desk("MPA").store.scan(ACCESS)
    story.looks += [decode_object(entry.data) for entry in kept]


def manager_addresses(story: Training) -> Iterator[str]:
    """Where the training manager sees it."""
    for name in ("answer", "was", "single", "one", "two", "three", "four", "waits", "done"):
        for more in ("", "/part", "/print", "/edition/1"):
            yield f"/record/MPA/{story.records[name]}{more}"
    for name in ("one", "four"):
        for more in ("paper", "pdf"):
            yield f"/certificates/{story.records[name]}/{more}"
    yield from list_addresses()
    yield f"/certificates/new?cohort={story.records['done']}"


def list_addresses() -> Iterator[str]:
    """The lists in which they stand, in every view and as of another day."""
    for name in ("certificates", "clearances", "withdrawn-lists", "list/certificate"):
        for query in ("", "?tab=withdrawn", "?tab=all", "?as_of=2020-12-20 23:00&tab=all"):
            yield f"/{name}{query}"


def proof_of(story: Training, record: str, position: str = "senior-duty-officer") -> bytes:
    """Evidence of a record's life, with the own editions."""
    desk, actor = story.world.desk("MPA"), story.world.actor("MPA", position)
    return evidence.make(desk, actor, "MPA", record, card=card_of("MPA"), own=True)
