"""Planned activities: when they take place, which leave the lists, and that a sealed one stays."""

from contextlib import nullcontext

import pytest

from tansiq.desk.records import read, say
from tansiq.desk.release import offers, releasing
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.kinds.operations.planned_activity import closed_text
from tansiq.domain.operations.windows import over_at, window_at, windows
from tansiq.policy.release import Proposal, matching_rules, may_release
from tests.activities import body, planned, standing
from tests.world import DAY, HOUR, START, refusal, rule, worlds

KIND = kind_named("planned_activity")
RULE = rule("MPA", "ACTIVITIES", kinds=frozenset({"planned_activity"}), automatic=True)


@pytest.fixture
def world():
    """MPA lets its activities go to MOD by a rule."""
    with worlds("MPA", "MOD") as made:
        made.terms = made.agree("MPA", "MOD", RULE)
        yield made


def test_it_comes_again_until_the_last_day_of_the_country():
    """Every window begins a day or a week after the one before, the last on the day that is named,
    as the clocks of the country have it.
    """
    again = body(repeats="daily", repeats_until="2020-12-23")
    begins = [one.begins for one in windows(again)]
    assert begins == [again["begins"] + n * DAY for n in range(len(begins))]
    assert over_at(again) == begins[-1] + 4 * HOUR
    midnight = 1_608_670_800_000  # the 23rd of December begins there
    assert midnight <= begins[-1] < midnight + DAY
    late = body(begins=midnight + DAY - 1, until=midnight + DAY, repeats="weekly",
                repeats_until="2020-12-23")  # fmt: skip
    assert 1 == len(windows(late))
    assert window_at(again, begins[1] + HOUR) == windows(again)[1]
    assert window_at(again, begins[-1] + DAY) == windows(again)[-1]
    assert windows({}) == ()
    assert over_at({}) is None


def test_a_partners_body_makes_nobody_count_without_end():
    """What repeats until the end of time is one long window, which is not over."""
    odd = body(repeats="daily", repeats_until="9999-12-31")
    assert 1 == len(windows(odd))
    assert 1 == len(windows(body(repeats="weekly", repeats_until="1999-01-01")))


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"until": START + 2 * HOUR}, "window_order", "until"),
        ({"repeats_until": "2020-12-30"}, "window_not_again", "repeats_until"),
        ({"repeats": "daily"}, "field_required", "repeats_until"),
        ({"repeats": "daily", "repeats_until": "2020-12-19"}, "window_many", "repeats_until"),
        ({"repeats": "daily", "repeats_until": "2023-12-19"}, "window_many", "repeats_until"),
        (
            {"repeats": "daily", "repeats_until": "2020-12-30", "until": START + 27 * HOUR},
            "window_runs_over", "until",
        ),
        ({"margin_metres": 50_001}, "count_most", "margin_metres"),
        ({"margin_minutes": 10_081}, "count_most", "margin_minutes"),
        ({"floor_metres": 300, "ceiling_metres": 300}, "height_order", "ceiling_metres"),
        ({"ceiling_metres": 0}, "height_order", "ceiling_metres"),
        ({"text": ""}, "field_required", "text"),
        ({"activity": "closed_area"}, "closed_area_sealed", "sealed"),
        ({"activity": "raid"}, "choice_unknown", "activity"),
        ({"activity": "strike"}, "choice_unknown", "activity"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(more, code, field):
    """Each names the field that is to be changed."""
    with pytest.raises(InputError) as fault:
        KIND.check(body(**more))
    assert (fault.value.code, fault.value.values["field"]) == (code, field)


def test_what_has_ended_leaves_the_list_by_itself(world):
    """As time goes by an activity stands in the tab of what comes, of what is under way and of what
    has ended, at the own node and at the partner's, and nobody does anything.
    """
    again = {"repeats": "daily", "repeats_until": "2020-12-23"}
    again |= {"begins": START + 2 * HOUR + 1}
    for name, more in (("once", {}), ("again", again), ("later", {"begins": START + 5 * HOUR})):
        draft = planned("MOD", text=name, **more)
        with world.names.under(name):
            say.write(world.desk("MPA"), world.actor("MPA"), draft)
    world.exchange("MPA", "MOD")
    for party in ("MPA", "MOD"):
        world.clock.time = START
        assert standing(world, party, "coming") == ["once", "again", "later"]
        assert standing(world, party, "under_way") == standing(world, party, "ended") == []
        world.clock.time = START + 2 * HOUR + 1
        assert standing(world, party, "coming") == ["later"]
        assert standing(world, party, "under_way") == ["once", "again"]
        world.clock.time = START + 6 * HOUR
        assert standing(world, party, "under_way") == ["again"]
        assert standing(world, party, "ended") == ["once", "later"]
        world.clock.time = START + 40 * DAY
        assert standing(world, party, "ended") == ["once", "again", "later"]
        assert 3 == len(standing(world, party, "all"))


def test_a_booking_is_given_back_in_one_step_and_everybody_hears(world):
    """It stands among what does not take place, there too, and is neither coming nor ended."""
    record = world.write("MPA", "road", planned("MOD"))
    world.exchange("MPA", "MOD")
    assert standing(world, "MOD", "coming") == ["Road repair"]
    desk, actor = world.desk("MPA"), world.actor("MPA")
    base = say.current(desk, actor, record).value.digest
    with world.names.under("back"):
        say.step(desk, actor, record, base, "give_back_booking")
    world.exchange("MPA", "MOD")
    for party in ("MPA", "MOD"):
        assert standing(world, party, "off") == ["Road repair"]
        assert not any(standing(world, party, tab) for tab in ("coming", "under_way", "ended"))
    assert not KIND.steps_from("given_back")


def test_a_sealed_activity_never_leaves(world):
    """No rule covers it, no panel offers it, no person can release it, its label names nobody, and
    it goes neither with a later edition nor by being written again.
    """
    desk, actor = world.desk("MPA"), world.actor("MPA")
    with refusal("stays_home"):
        world.write("MPA", "named", planned("MOD", sealed="sealed"))
    record = world.write("MPA", "sealed", planned(sealed="sealed", text="Night move"))
    edition = releasing.own_edition(desk, record)
    assert not any(bool(one.decision) or one.rules for one in offers.offers(desk, actor, record))
    assert {"stays_home"} == {one.decision.code for one in offers.offers(desk, actor, record)}
    assert () == matching_rules(world.terms, KIND, edition, world.clock.now())
    proposal = Proposal(edition=edition, to="MOD", rule=RULE.name)
    assert may_release(proposal, KIND, world.terms, world.clock.now()).code == "stays_home"
    wish = releasing.Wish(record=record, to="MOD", rule=RULE.name)
    with world.names.under("try"), refusal("stays_home"):
        releasing.prepare(desk, actor, wish, seen="")
    base = say.current(desk, actor, record).value.digest
    with world.names.under("begin"):
        say.step(desk, actor, record, base, "begin_activity")
    world.exchange("MPA", "MOD")
    assert standing(world, "MOD", "all") == []
    assert standing(world, "MPA", "all") == ["Night move"]


def test_an_open_activity_is_not_sealed_later(world):
    """What may have gone cannot be called back by a choice in a form; what was sealed may be
    opened, and goes then.
    """
    desk, actor = world.desk("MPA"), world.actor("MPA")
    for name, first, then in (("a", "open", "sealed"), ("b", "sealed", "open")):
        record = world.write("MPA", name, planned(sealed=first, text=name))
        base = say.current(desk, actor, record).value.digest
        draft = planned(*(["MOD"] if then == "open" else []), sealed=then, text=name)
        expected = refusal("sealed_later") if then == "sealed" else nullcontext()
        with world.names.under(f"edit {name}"), expected:
            say.revise(desk, actor, record, base, draft)
    world.exchange("MPA", "MOD")
    assert standing(world, "MOD", "all") == ["b"]


def test_a_closed_area_says_what_the_program_says(world):
    """Whatever somebody typed, first or later, it is called a closed area and nothing more."""
    desk, actor = world.desk("MPA"), world.actor("MPA")
    typed = planned(activity="closed_area", sealed="sealed", text="Raid on the village")
    record = world.write("MPA", "closed", typed)
    old = say.current(desk, actor, record).value
    assert old.body["text"] == closed_text()
    with world.names.under("again"):
        say.revise(desk, actor, record, old.digest, typed)
    newest = read.record(desk, world.viewer("MPA"), "MPA", record)
    assert newest.value.body["text"] == closed_text()


def test_what_was_seen_stays_below_the_line():
    """It depends on what others told this party and on what it has sealed, and so does the meeting
    by which it is agreed.
    """
    assert {"neighbours_seen", "agreed_in", "internal"} == KIND.always_below()
