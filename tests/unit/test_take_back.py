"""A release that a person made can be taken back for some seconds before it leaves."""

import pytest

from tansiq.board import releases
from tansiq.desk.act.desk import Desk
from tansiq.desk.proof import checking
from tansiq.desk.records import read
from tansiq.desk.release import offers, releasing
from tansiq.domain.parties import PartyCode
from tests import world as worlds
from tests.world import incident, refusal, rule, to

BACK = 5_000


@pytest.fixture
def town():
    """MPA holds back for five seconds; one rule goes alone, one asks a second person, one by
    itself.
    """
    with worlds.worlds("MPA", "MOD") as made:
        rules = (
            rule("MPA", "R"), rule("MPA", "S", approvers=1),
            rule("MPA", "A", automatic=True, kinds=frozenset({"log_line"})),
        )  # fmt: skip
        made.agree("MPA", "MOD", *rules)
        made.desk("MPA").take_back_ms = BACK
        yield made


def prepared(town, by_rule="R", **body):
    record = town.write("MPA", f"fire {by_rule}", incident(to("MOD"), **body))
    return record, town.release("MPA", record, "MOD", by_rule)


def arrived(town, record):
    town.exchange("MPA", "MOD")
    viewer = town.viewer("MOD")
    found = read.page(town.desk("MOD"), viewer, read.Query(kinds=("incident", "log_line")))
    return record in [view.value.record for view in found.rows]


def later(town, more):
    town.clock.time += more
    return releasing.tick(town.desk("MPA"))


def test_take_back_holds_a_release_for_its_time_and_then_it_goes(town):
    """Nothing of it is in a parcel, on whatever way, until the time is over; then all is."""
    record, release = prepared(town)
    desk, actor = town.desk("MPA"), town.actor("MPA")
    assert releasing.held_back_until(desk, actor, release) == town.clock.time + BACK
    assert not later(town, BACK - 1)
    assert not arrived(town, record)
    assert 1 == later(town, 1)
    assert arrived(town, record)
    assert 0 == releasing.held_back_until(desk, actor, release)
    with refusal("release_left"):
        releasing.withdraw(desk, actor, release)


def test_take_back_lets_nothing_leave(town):
    """What is taken back never goes, is in no parcel, and can be released anew afterwards."""
    record, release = prepared(town)
    desk, actor = town.desk("MPA"), town.actor("MPA")
    releasing.withdraw(desk, actor, release)
    assert not later(town, 10 * BACK)
    assert not arrived(town, record)
    with refusal("release_decided"):
        releasing.withdraw(desk, actor, release)
    town.release("MPA", record, "MOD", "R", "again")
    assert 1 == later(town, BACK)
    assert arrived(town, record)


def test_take_back_is_for_those_who_released(town):
    """Another person does not take it back; who approved does, as does who prepared."""
    desk = town.desk("MPA")
    second = town.actor("MPA", "duty-officer", person="P-2")
    third = town.actor("MPA", "duty-officer", person="P-3")
    _, release = prepared(town, "S")
    releasing.approve(desk, second, release)
    assert not later(town, BACK - 1), "held back from the approval on"
    with refusal("not_preparer"):
        releasing.withdraw(desk, third, release)
    assert 0 == releasing.held_back_until(desk, third, release)
    assert releasing.held_back_until(desk, town.actor("MPA"), release)
    releasing.withdraw(desk, second, release)
    assert not later(town, BACK)


def test_flash_and_rules_are_not_held_back(town):
    """Flash goes at once, and so does what a rule sends by itself."""
    record, release = prepared(town, severity="flash")
    assert arrived(town, record)
    assert 0 == releasing.held_back_until(town.desk("MPA"), town.actor("MPA"), release)
    line = town.write("MPA", "line", worlds.line(to("MOD")))
    assert arrived(town, line)


def test_take_back_survives_a_restart(town):
    """A node that is started anew sends what was held back, or lets it be taken back."""
    first, _ = prepared(town)
    second, release = prepared(town, "S")
    old = town.desk("MPA")
    releasing.approve(old, town.actor("MPA", "duty-officer", person="P-2"), release)
    new = Desk(
        identity=old.identity, database=old.database, clock=town.clock, entropy=town.names,
        take_back_ms=BACK,
    )  # fmt: skip
    town.desks["MPA"] = new
    releasing.withdraw(new, town.actor("MPA"), release)
    assert 1 == later(town, BACK)
    assert arrived(town, first)
    assert not arrived(town, second)


def test_take_back_ends_nothing(town):
    """A release that was taken back is no recall: the party is asked nothing, and what goes by a
    rule goes on.
    """
    record, release = prepared(town)
    releasing.withdraw(town.desk("MPA"), town.actor("MPA"), release)
    (state,) = read.releases_of(town.desk("MPA"), town.viewer("MPA"), record)
    assert ("declined", 0) == (state.state, state.recalled_at)


def test_d4_the_first_release_to_a_party_is_known_by_person(town):
    """It counts once it has left, for this person alone, and not what a rule sent."""
    desk, party = town.desk("MPA"), PartyCode("MOD")
    me, other = town.actor("MPA"), town.actor("MPA", person="P-9")
    town.write("MPA", "line", worlds.line(to("MOD")))
    assert offers.is_first(desk, me, party)
    _, release = prepared(town)
    assert offers.is_first(desk, me, party)
    later(town, BACK)
    assert not offers.is_first(desk, me, party)
    assert offers.is_first(desk, other, party)
    assert offers.is_first(desk, me, PartyCode("JCC"))
    assert release


def test_the_board_and_the_log_agree_on_what_is_held_back(town):
    """From when an approved release leaves is folded from the journal."""
    _, release = prepared(town, "S")
    desk = town.desk("MPA")
    releasing.approve(desk, town.actor("MPA", "duty-officer", person="P-2"), release)
    assert [] == checking.fsck(desk, lambda *_: None)
    rebuilt = releases.due_at(desk.board, release)
    assert rebuilt == town.clock.time + BACK
