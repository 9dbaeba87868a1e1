"""The second look at accepted evidence, on desks and pages: it rings on its day for who concluded,
pages say which are due or overdue, and verified stays verified until a verifier returns it.
"""

import pytest

from tansiq.desk.cases import changing, rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.proof import checking
from tansiq.desk.records import attention, read, say
from tansiq.domain.wording import LANGUAGES, phrase
from tests.web.pair import Screen, text_of, words
from tests.web.test_reform import (
    ADVISER,
    MANAGER,
    OFFICER,
    SEATS,
    act,
    charter,
    executed,
    numbers,
    programme,
    verified,
)
from tests.world import DAY, HOUR, refusal

DUE = "2021-01-19"  # 30 days after the day of the tests


@pytest.fixture
def world():
    with programme() as made:
        yield made


def looked_at_again(world):
    """A verified project of which the second milestone is looked at again after 30 days."""
    plan = charter()
    plan["milestones"][1]["again_days"] = 30
    record = executed(world, milestones=plan["milestones"])
    return record, verified(world, record)


def sounds(world, position=MANAGER, party="MPA"):
    """How many waits sound for a position, after the tick."""
    attention.tick(world.desk(party))
    return attention.sounding(world.desk(party), world.viewer(party, position)).number


def waits(world, party="MPA", position=MANAGER):
    found = attention.waiting(world.desk(party), world.viewer(party, position))
    return [one for one in found if one.why == "again"]


def ask_again(world, proof):
    act(world, "MPA", MANAGER, proof, "ask_verifiers", seats=SEATS)


def test_the_day_rings_once_for_who_concluded_and_survives_a_start(world):
    """Not before its day and never at the verifiers' nodes; the board made anew says the same, and
    what rang does not ring again.
    """
    _, proof = looked_at_again(world)
    desk = world.desk("MPA")
    assert sounds(world) == 0
    assert [one.begun for one in waits(world)] == [False]
    world.clock.time += 30 * DAY
    assert sounds(world) == 0, "it rings at noon"
    world.clock.time += HOUR
    assert sounds(world) == sounds(world) == 1
    (wait,) = waits(world)
    assert (wait.begun, wait.stand.reached[0].positions) == (True, (MANAGER,))
    assert sounds(world, ADVISER, "COA") == 0
    before = checking.snapshot(desk)
    checking.rebuild(desk, lambda *_: None)
    assert checking.snapshot(desk) == before
    desk.watched = None  # the process is new
    assert attention.tick(desk) == 0
    ask_again(world, proof)
    assert (sounds(world), waits(world)) == (0, [])


def test_a_new_round_asks_the_verifiers_and_verified_stays_until_one_returns_it(world):
    """On both nodes: overdue with the reason in the light, under way, and then no longer verified,
    or done.
    """
    record, proof = looked_at_again(world)
    world.clock.time += 31 * DAY
    owner, adviser = Screen(world, "MPA", MANAGER), Screen(world, "COA", ADVISER)
    for screen in (owner, adviser):
        found = numbers(screen.get("/reform").content.decode())
        assert (found["verified"], found["overdue"], found["due"]) == (1, 1, 0)
        page = text_of(screen.get(f"/record/MPA/{record}"))
        assert phrase("reform.look.overdue", "en", day=DUE) in page
        assert phrase("reform.cause.second_look", "en", count=1, named="M1, M2") in page
        assert words("reform.overdue_rule", "en") in page
    ask_again(world, proof)
    asked = attention.waiting(world.desk("COA"), world.viewer("COA", ADVISER))
    assert [one.why for one in asked if one.about.startswith(f"MPA/{proof}")] == ["turn"]
    found = numbers(owner.get("/reform").content.decode())
    assert (found["asked"], found["verified"]) == (1, 1)
    page = text_of(owner.get(f"/record/MPA/{record}"))
    assert phrase("reform.look.asked", "en", asked=2, accepted=0) in page
    act(world, "COA", ADVISER, proof, "accept_item")
    act(world, "MPA", OFFICER, proof, "accept_item")
    assert numbers(owner.get("/reform").content.decode())["overdue"] == 1
    act(world, "MPA", MANAGER, proof, "conclude_review", finding="accepted")
    for screen in (owner, adviser):
        found = numbers(screen.get("/reform").content.decode())
        assert (found["verified"], found["overdue"], found["due"]) == (1, 0, 0)
        assert phrase("reform.look.made", "en", day="2021-01-20") in text_of(
            screen.get(f"/record/MPA/{record}")
        )
    ask_again(world, proof)
    act(world, "COA", ADVISER, proof, "return_item", item_lacks="out_of_date")
    for screen in (owner, adviser):
        assert numbers(screen.get("/reform").content.decode())["verified"] == 0
    assert waits(world) == []


def test_the_day_is_worked_out_and_nobody_types_it(world):
    """What somebody sends for it is dropped; the page says the day before it is said to all, and
    the conclusion says it at every member.
    """
    plan = charter()
    plan["milestones"][1]["again_days"] = 30
    record = executed(world, milestones=plan["milestones"])
    screen = Screen(world, "MPA", MANAGER)
    proof = verified(world, record)
    assert phrase("reform.again_if", "en", day=DUE) not in text_of(
        screen.get(f"/record/MPA/{proof}")
    )
    desk, actor = world.desk("MPA"), world.actor("MPA", MANAGER)
    view = read.record(desk, desk.viewer(actor), "MPA", proof)
    found = rounds.circle_of(desk, desk.viewer(actor), view, actor).value
    with world.names.under("typed"):
        rounds.take(
            desk, actor,
            Wanted(owner="MPA", record=proof, lane="", act="conclude_review", seen=found.newest,
                   of=found.about("conclude_review"),
                   values={"finding": "returned", "again_on": 1_800_000_000_000}),
        )  # fmt: skip
    again = rounds.circle_of(desk, desk.viewer(actor), view, actor).value
    assert dict(again.rounds[-1].conclusion.values) == {"finding": "returned"}
    assert 'name="v-again_on"' not in screen.get(f"/record/MPA/{proof}").content.decode()


def test_what_was_accepted_is_not_written_anew_under_its_acceptance(world):
    """While verifiers look at an item, and once they accepted it, it proves what it proved; after
    one of them returned it, it is written anew.
    """
    record = executed(world, milestones=[*charter()["milestones"], {"mark": "M3", "weight": 1}])
    proof = verified(world, record)
    desk, actor = world.desk("MPA"), world.actor("MPA", MANAGER)
    screen = Screen(world, "MPA", MANAGER)
    assert 'id="settled"' in screen.get(f"/record/MPA/{proof}/edit").content.decode()
    every = [{"mark": mark} for mark in ("M1", "M2", "M3")]

    def write_anew():
        old = read.record(desk, desk.viewer(actor), "MPA", proof).value
        draft = say.Draft(kind="evidence", body={**old.body, "proves": every}, label=old.label)
        with world.names.under(f"anew {len(world.names.used)}"):
            changing.revise(desk, actor, proof, old.digest, draft)

    with refusal("field_settled"):
        write_anew()
    ask_again(world, proof)
    act(world, "COA", ADVISER, proof, "return_item", item_lacks="incomplete")
    write_anew()
    assert numbers(screen.get("/reform").content.decode())["verified"] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_say_it_in_each_language(world, language):
    """Before the conclusion the day that it would say, after it that day; portfolio and report name
    what is overdue.
    """
    record, proof = looked_at_again(world)
    screen = Screen(world, "MPA", MANAGER)
    assert f"{words('value.again_on', language)}: " in text_of(
        screen.get(f"/record/MPA/{proof}", language)
    )
    assert phrase("reform.look.due", language, day=DUE) in text_of(
        screen.get(f"/record/MPA/{record}", language)
    )
    world.clock.time += 31 * DAY
    assert sounds(world) == 1
    screen = Screen(world, "MPA", MANAGER)
    assert words("why.again", language) in text_of(screen.get("/watch", language))
    for address in ("/reform?only=overdue", "/reform/report"):
        page = text_of(screen.get(address, language))
        assert words("reform.count.overdue", language) in page
        assert "LOG-04" in page


def test_a_party_without_the_evidence_is_told_nothing_of_a_second_look(world):
    """MOD holds the project and its milestones: no number, no mark, no light from it."""
    looked_at_again(world)
    for days in (0, 31):
        world.clock.time += days * DAY
        page = Screen(world, "MOD", "duty-officer").get("/reform").content.decode()
        assert (numbers(page)["due"], numbers(page)["overdue"]) == (0, 0)
