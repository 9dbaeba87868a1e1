"""What leaves is what was previewed: compared in the transaction that freezes it, and once more
before it goes.
"""

import pytest

from tansiq.desk.records import say
from tansiq.desk.release import releasing
from tansiq.domain.parties import Classification, PartyCode
from tansiq.domain.places import Grain, Place, snapped
from tansiq.policy.agreement import by_facets
from tests.world import DAY, HOUR, incident, refusal, rule, to, worlds

MOD = PartyCode("MOD")
LAX = rule("MPA", "LAX", approvers=1, facets=by_facets(category=["fire"]))
STRICT = rule("MPA", "STRICT", approvers=1, grain=Grain.KM5, hide=frozenset({"hurt"}))
PLAIN = rule("MPA", "PLAIN")
LATE = rule("MPA", "LATE", delay=5 * HOUR)


@pytest.fixture
def town():
    """Two parties and four rules: for two persons, lax and strict, plain, and late."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", LAX, STRICT, PLAIN, LATE)
        yield made


def revise(town, record, draft):
    desk, actor = town.desk("MPA"), town.actor("MPA")
    base = say.current(desk, actor, record).value.digest
    with town.names.under(f"revise {record} {len(town.names.used)}"):
        say.revise(desk, actor, record, base, draft)


def sent(town):
    return town.desk("MPA").store.head("out/MOD").size


def other_text(town, record):
    revise(town, record, incident(to("MOD"), text="Other words"))


def other_label(town, record):
    revise(town, record, incident(to("MOD", classification=Classification.OPEN)))


def internal_note(town, record):
    revise(town, record, incident(to("MOD"), internal="kept back"))


def other_rules(town, record):
    town.agree("MPA", "MOD", LAX, STRICT, rule("MPA", "PLAIN", days=3), LATE, version=2)


def stricter_release(town, record):
    release = town.release("MPA", record, "MOD", "STRICT", "between")
    releasing.approve(town.desk("MPA"), town.actor("MPA", person="P-2"), release)


BETWEEN = (other_text, other_label, internal_note, other_rules, stricter_release)


@pytest.mark.parametrize("between", BETWEEN, ids=lambda act: act.__name__)
def test_a3_nothing_leaves_but_what_was_previewed(town, between):
    """Whatever another person did since the preview, the release is refused and nothing leaves."""
    record = town.write("MPA", "fire", incident(to("MOD"), hurt=2))
    desk, actor = town.desk("MPA"), town.actor("MPA")
    wish = releasing.Wish(record=record, to=MOD, rule="PLAIN")
    seen = releasing.preview(desk, actor, wish).digest
    between(town, record)
    size = sent(town)
    with refusal("preview_changed"):
        releasing.prepare(desk, actor, wish, seen=seen)
    assert sent(town) == size
    seen = releasing.preview(desk, actor, wish).digest
    releasing.prepare(desk, actor, wish, seen=seen)


@pytest.mark.parametrize(
    "other",
    [
        {"rule": "LATE"}, {"hide": frozenset({"grade"})}, {"hide": frozenset({"done"})},
        {"grain": Grain.KM1}, {"loosen": True},
    ],
    ids=["rule", "hide", "hide_nothing", "grain", "loosen"],
)  # fmt: skip
def test_a3_another_choice_is_another_preview(town, other):
    """A digest stands for the choice that it was made of, and for no other."""
    record = town.write("MPA", "fire", incident(to("MOD"), hurt=2))
    desk, actor = town.desk("MPA"), town.actor("MPA")
    wish = {"record": record, "to": MOD, "rule": "PLAIN"}
    seen = releasing.preview(desk, actor, releasing.Wish(**wish)).digest
    with refusal("preview_changed"):
        releasing.prepare(desk, actor, releasing.Wish(**{**wish, **other}), seen=seen)
    for nothing in ("", seen[:-1], "0" * 64):
        with refusal("preview_changed"):
            releasing.prepare(desk, actor, releasing.Wish(**wish), seen=nothing)


def test_a3_a_preview_of_yesterday_tells_another_end(town):
    """The end that a rule's days give is a part of what was seen."""
    town.agree("MPA", "MOD", rule("MPA", "PLAIN", days=3), version=2)
    record = town.write("MPA", "fire", incident(to("MOD")))
    desk, actor = town.desk("MPA"), town.actor("MPA")
    wish = releasing.Wish(record=record, to=MOD, rule="PLAIN")
    seen = releasing.preview(desk, actor, wish).digest
    town.clock.time += DAY
    with refusal("preview_changed"):
        releasing.prepare(desk, actor, wish, seen=seen)


def test_a3_approval_sends_the_frozen_bytes_and_no_laxer_ones(town):
    """What a second person approves is what was frozen, unless a stricter rule binds it since."""
    record = town.write("MPA", "fire", incident(to("MOD"), hurt=2))
    desk, second = town.desk("MPA"), town.actor("MPA", person="P-2")
    lax = town.release("MPA", record, "MOD", "LAX", "lax")
    stricter_release(town, record)
    size = sent(town)
    with refusal("stricter_since"):
        releasing.approve(desk, second, lax)
    assert sent(town) == size
    assert releasing.waits(desk, lax)


def test_a3_what_waits_for_its_time_is_declined_once_a_rule_binds_it_stricter(town):
    """Its time comes, and it does not go as it was frozen."""
    record = town.write("MPA", "fire", incident(to("MOD"), hurt=2))
    town.release("MPA", record, "MOD", "LATE", "late")
    stricter_release(town, record)
    size = sent(town)
    town.clock.time += DAY
    assert releasing.tick(town.desk("MPA")) == 1
    assert sent(town) == size


def test_a6_the_strictest_rule_binds_however_many_editions_follow(town):
    """A hundred editions by a laxer rule do not make the strict one forgotten."""
    town.agree("MPA", "MOD", rule("MPA", "EASY", facets=by_facets(category=["fire"])), STRICT,
               version=2)  # fmt: skip
    record = town.write("MPA", "fire", incident(to("MOD"), hurt=2))
    stricter_release(town, record)
    for number in range(70):
        revise(town, record, incident(to("MOD"), hurt=2, text=f"Edition {number}"))
        release = town.release("MPA", record, "MOD", "EASY", f"next {number}")
        releasing.approve(town.desk("MPA"), town.actor("MPA", person="P-2"), release)
        body = releasing.prepared(town.desk("MPA"), release)["wire"]["body"]
        assert ("hurt" in body, body["place"]["grain"]) == (False, "km5")


def told(town, record, name):
    release = town.release("MPA", record, "MOD", "STRICT", name)
    return releasing.prepared(town.desk("MPA"), release)["wire"]["body"]["place"]


def at(lat, lon):
    return Place(lat=lat, lon=lon).to_json()


def test_a12_two_editions_on_both_sides_of_a_border_are_told_alike(town):
    """Thirty metres are not told by the cell; three kilometres are."""
    corner = (357_750_000, 435_600_000)
    first, second, far = (
        (corner[0] - 150, corner[1] - 150),
        corner,
        (corner[0] + 400_000, corner[1]),
    )
    record = town.write("MPA", "fire", incident(to("MOD"), place=at(*first)))
    one = told(town, record, "one")
    revise(town, record, incident(to("MOD"), place=at(*second)))
    assert told(town, record, "two") == one
    assert (one["lat"], one["lon"]) == snapped(*first, Grain.KM5) != snapped(*second, Grain.KM5)
    revise(town, record, incident(to("MOD"), place=at(*far)))
    assert told(town, record, "three") != one


def test_a12_an_edition_that_never_left_chooses_the_cell_too(town):
    """Two partners that were told different editions of one record are told one cell."""
    corner = (357_750_000, 435_600_000)
    record = town.write("MPA", "fire", incident(to(), place=at(corner[0] - 150, corner[1])))
    revise(town, record, incident(to("MOD"), place=at(*corner)))
    assert told(town, record, "one")["lat"] == snapped(corner[0] - 150, corner[1], Grain.KM5)[0]


def test_d7_a_preview_says_of_what_it_tells_less(town):
    """A field that stays, one of which less is told, and the rest, which goes as it is."""
    record = town.write("MPA", "fire", incident(to("MOD"), hurt=2, internal="ours"))
    desk, actor = town.desk("MPA"), town.actor("MPA")
    for name, hidden, reduced in (
        ("STRICT", ("hurt", "internal"), ("place",)), ("PLAIN", ("internal",), ()),
    ):  # fmt: skip
        look = releasing.preview(desk, actor, releasing.Wish(record=record, to=MOD, rule=name))
        assert (look.hidden, look.reduced) == (hidden, reduced)


def test_d7_a_place_of_which_nothing_is_left_stays(town):
    """Words that are no town, told coarsely, tell nothing: the field is named among what stays."""
    place = Place(name="behind the mill").to_json()
    record = town.write("MPA", "fire", incident(to("MOD"), place=place))
    wish = releasing.Wish(record=record, to=MOD, rule="STRICT")
    look = releasing.preview(town.desk("MPA"), town.actor("MPA"), wish)
    assert "place" in look.hidden
    assert "place" not in look.shown.value.body
