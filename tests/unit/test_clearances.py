"""Clearances on desks: a yes that holds lets a cohort begin, and anything else looks like none."""

import pytest

from tansiq.desk.records import attention, read, say
from tansiq.desk.records.read import Query
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.training.clearance import CLEARANCE
from tansiq.domain.parties import Role
from tansiq.policy.agreement import Follow
from tests.training import MANAGER, answered, clearance, cohort, step, view, walk, write
from tests.world import DAY, refusal, rule, to, uuid_of, worlds

OTHERS = [role.value.replace("_", "-") for role in Role if role is not Role.TRAINING_MANAGER]
YES = {"answer": "yes", "day": "2020-12-01", "valid_until": "2020-12-25"}
NO = {"answer": "no", "day": "2020-12-01"}
NOT_YET = {"answer": "not_yet"}


@pytest.fixture
def world():
    """MPA, whose cohorts and clearances go to MOD by themselves."""
    with worlds("MPA", "MOD") as made:
        kinds = frozenset({"course", "cohort", "clearance"})
        made.agree("MPA", "MOD", rule("MPA", "R-07", kinds=kinds, automatic=True,
                                      purpose="training", follow=Follow.WHOLE))  # fmt: skip
        yield made


def pending(world):
    about = cohort(world, label=to("MOD"))
    walk(world, about, "ask_clearance")
    return about


def seen(world, party="MPA", position="cleared"):
    asked = Query(kinds=("clearance",))
    return [one.value for one in read.page(world.desk(party), world.viewer(party, position),
                                           asked).rows]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"answer": "yes", "day": "2020-12-01"}, "clearance_validity"),
        ({"answer": "no", "day": "2020-12-01", "valid_until": "2021-01-01"}, "clearance_validity"),
        ({"answer": "not_yet", "valid_until": "2021-01-01"}, "clearance_validity"),
        ({"answer": "no"}, "clearance_day"),
        ({"answer": "not_yet", "day": "2020-12-01"}, "clearance_day"),
        ({**YES, "valid_until": "2020-11-30"}, "clearance_order"),
        ({**YES, "reference": "he is not reliable"}, "clearance_reference"),
        ({**YES, "reference": "REFUSED-UNRELIABLE"}, "clearance_reference"),
        ({**YES, "reference": "9" * 33}, "clearance_reference"),
        ({**YES, "holder": "Hama Karim"}, "roster_number"),
        ({"answer": "perhaps"}, "choice_unknown"),
        ({**YES, "reason": "known"}, "field_unknown"),
    ],
)
def test_a_clearance_has_its_answer_its_days_and_no_words(body, code):
    """No body has a reason, a text or a name, and its days fit its answer."""
    with refusal(code):
        CLEARANCE.check({"about": uuid_of("cohort"), **body})


def test_no_field_of_it_is_searched_counted_or_leaves_by_a_list():
    """A clearance is found by no word, counted by no facet, and leaves as one print alone."""
    assert not [one.name for one in CLEARANCE.fields if one.searchable]
    assert not CLEARANCE.facets
    assert not CLEARANCE.ways
    assert {"reference", "holder"} == CLEARANCE.always_below()


def test_a_cohort_is_cleared_by_a_yes_that_holds_today(world):
    """Without any, with a no, a not yet, a lapsed yes or one of a single holder it is refused, in
    the same words.
    """
    about = pending(world)
    record = None
    for name, body in (
        ("none", None), ("no", NO), ("not yet", NOT_YET),
        ("lapsed", {**YES, "valid_until": "2020-12-19"}), ("single", {**YES, "holder": "P-1"}),
    ):  # fmt: skip
        if body is not None and record is None:
            record = clearance(world, about, name, **body)
        elif body is not None:
            answered(world, record, **body)
        for position in (MANAGER, "senior-duty-officer"):
            with pytest.raises(InputError) as caught:
                step(world, about, "clear", position=position)
            assert ("step_unproved", {"kind": "clearance"}) == (
                caught.value.code, caught.value.values,
            )  # fmt: skip
    answered(world, record, **YES)
    step(world, about, "clear")
    assert "cleared" == view(world, about).state


def test_a_yes_that_lapsed_lets_no_cohort_begin(world):
    """It is asked for again, and with another validity the cohort begins."""
    about = pending(world)
    record = clearance(world, about, **YES)
    step(world, about, "clear")
    world.clock.time += 6 * DAY
    with refusal("step_unproved"):
        step(world, about, "begin", {"enrolled": 10})
    step(world, about, "ask_clearance")
    answered(world, record, **{**YES, "valid_until": "2021-02-01"})
    step(world, about, "clear")
    step(world, about, "begin", {"enrolled": 10})


def test_there_is_one_of_a_cohort_and_one_of_each_holder(world):
    """A second would leave open which of them counts."""
    about = pending(world)
    clearance(world, about, **NO)
    with refusal("one_is_there"):
        clearance(world, about, "again", **YES)
    clearance(world, about, "of one", **NO, holder="P-1")
    with refusal("one_is_there"):
        clearance(world, about, "of the same", **YES, holder="P-1")
    clearance(world, about, "of another", **YES, holder="P-2")


@pytest.mark.parametrize("body", [NO, NOT_YET, {**YES, "holder": "P-1"}])
def test_what_is_no_yes_of_a_cohort_is_for_the_training_manager_alone(world, body):
    """Nobody else of the party sees, counts or opens it, whatever the clearance of a position."""
    about = pending(world)
    record = clearance(world, about, label=to("MOD"), **body)
    desk = world.desk("MPA")
    for position in (*OTHERS, "cleared"):
        viewer = world.viewer("MPA", position)
        assert 0 == read.count(desk, viewer, Query(kinds=("clearance",)))
        with refusal("record_absent"):
            read.record(desk, viewer, "MPA", record)
    world.exchange("MPA", "MOD")
    assert not seen(world, "MOD")
    assert not read.releases_of(desk, world.viewer("MPA", MANAGER), record)
    assert [record] == [one.record for one in seen(world, position=MANAGER)]


def test_a_partner_gets_a_yes_with_its_validity_and_nothing_else(world):
    """Neither reference nor holder leaves; when the answer changes, the yes is recalled."""
    about = pending(world)
    record = clearance(world, about, label=to("MOD"), **YES, reference="VET/2020-114")
    world.exchange("MPA", "MOD")
    (got,) = seen(world, "MOD")
    assert {**YES, "about": about} == got.body
    answered(world, record, label=to("MOD"), **NO)
    world.exchange("MPA", "MOD")
    assert not seen(world, "MOD")
    assert not seen(world)
    answered(world, record, label=to("MOD"), **YES)
    world.exchange("MPA", "MOD")
    assert not seen(world, "MOD"), "after a recall a person releases it anew"
    assert [record] == [one.record for one in seen(world)]


def test_no_form_lifts_the_confinement(world):
    """The category is the kind's: no label that somebody writes has it or takes it away."""
    about = pending(world)
    record = clearance(world, about, **NO)
    assert frozenset({"training_alone"}) == view(world, record).label.categories
    answered(world, record, label=to("MOD", categories=frozenset()), **NOT_YET)
    kept = view(world, record).label
    assert (frozenset({"training_alone"}), frozenset()) == (kept.categories, kept.readers())
    plain = write(world, "plain", "course", {"code": "X", "text": "x", "family": "law",
                                             "subject": "law", "days": 1},
                  to(categories=frozenset({"training_alone"})))  # fmt: skip
    assert frozenset() == view(world, plain).label.categories


def test_only_the_training_manager_writes_one(world):
    """The watch cannot, nor whoever leads it."""
    about = pending(world)
    for position in ("senior-duty-officer", "duty-officer", "programme-manager"):
        draft = say.Draft(kind="clearance", body={"about": about, **NO}, label=to())
        with refusal("mandate"):
            say.write(world.desk("MPA"), world.actor("MPA", position), draft)


def rings(world, position=MANAGER):
    attention.tick(world.desk("MPA"))
    return attention.sounding(world.desk("MPA"), world.viewer("MPA", position)).number


def test_a_clearance_that_lapses_rings_for_the_training_manager(world):
    """Once, from the end of its last day, until it is answered anew or closed."""
    record = clearance(world, pending(world), **YES)
    assert 0 == rings(world)
    world.clock.time += 5 * DAY
    assert 0 == rings(world), "its last day is not over"
    world.clock.time += DAY
    assert 1 == rings(world)
    assert 1 == rings(world)
    answered(world, record, **{**YES, "valid_until": "2021-02-01"})
    assert 0 == rings(world)
    world.clock.time += 60 * DAY
    assert 1 == rings(world)
    step(world, record, "close")
    assert 0 == rings(world)


@pytest.mark.parametrize("body", [NO, NOT_YET])
def test_what_holds_nothing_never_rings(world, body):
    """Neither a no nor a not yet has an end, and a yes that became one rings no more."""
    record = clearance(world, pending(world), **YES)
    answered(world, record, **body)
    world.clock.time += 400 * DAY
    assert 0 == rings(world) == rings(world, "duty-officer")
