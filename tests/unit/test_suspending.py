"""Which cohorts a suspension takes in, and what follows from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.errors import InputError
from tansiq.domain.kinds.facets import day_moment
from tansiq.domain.kinds.kind import Put
from tansiq.domain.kinds.training.suspension import SUSPENSION
from tansiq.domain.places import place_named
from tansiq.domain.training.notices import notices, scope_words
from tansiq.domain.training.suspending import OPEN, Scope, candidate, effects_of, places_among
from tansiq.domain.wording import LANGUAGES
from tests.world import uuid_of

DAY = "2020-03-08"
STATES = (*sorted(OPEN), "suspended", "finished", "cancelled")


def cohort(code, state="running", owner="MPA", course=None, **body):
    said = {"code": code, "mode": "in_person", "places": 20, "days": 10, "days_done": 4, **body}
    return candidate(owner, uuid_of(f"{owner} {code}"), state, said, course)


def codes(effects):
    return [one.code for one in effects.cohorts]


def test_a_scope_without_conditions_takes_every_open_cohort():
    """What is finished, cancelled or suspended already is not in it."""
    known = [cohort(f"K-{n}", state) for n, state in enumerate(STATES)]
    found = effects_of(Scope(first_day=DAY), known)
    assert {one.state for one in found.cohorts} == OPEN
    assert (found.places, found.days) == (20 * len(OPEN), 6 * len(OPEN))


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"meets": "in_person"}, ["K-1", "K-3", "K-4"]),
        ({"meets": "on_line"}, ["K-2", "K-3"]),
        ({"lead": "nl"}, ["K-3"]),
        ({"family": "medical"}, ["K-4"]),
        ({"places": ("أربيل",)}, ["K-1"]),
        ({"places": ("Erbil", "Camp Seven")}, ["K-1", "K-4"]),
        ({"codes": ("K-2", "K-4", "K-9")}, ["K-2", "K-4"]),
        ({"meets": "in_person", "codes": ("K-2", "K-4")}, ["K-4"]),
        ({"last_day": "2020-05-31"}, ["K-1", "K-2", "K-3"]),
    ],
)
def test_each_condition_narrows_the_scope(scope, expected):
    """Place, family, nation, way of teaching, days and choice by hand, alone and together; a
    place by any of its names, and a cohort that is partly on line both ways.
    """
    known = [
        cohort("K-1", place=place_named("Erbil").to_json()),
        cohort("K-2", mode="on_line"),
        cohort("K-3", mode="mixed", lead="nl"),
        cohort("K-4", course={"family": "medical"}, first_day="2020-06-01",
               place=place_named("camp seven").to_json()),
        cohort("K-5", first_day="2020-01-01", last_day="2020-03-07"),
    ]  # fmt: skip
    assert codes(effects_of(Scope(first_day=DAY, **scope), known)) == expected
    assert places_among(known) == ("Erbil", "camp seven")


def test_the_projects_and_families_that_stand_still():
    """Projects by owner and code, each once; a family only where no other open cohort of it goes
    on and its course gives a certificate.
    """
    medical = {"family": "medical", "certificate_months": 24}
    supply = {"family": "supply", "certificate_months": 12}
    known = [
        cohort("K-1", course=medical, for_projects="TRN-04, TRN-05"),
        cohort("K-2", course=supply, for_projects="TRN-04"),
        cohort("K-3", course=supply, mode="on_line"),
        cohort("K-4", course={"family": "law"}),
        cohort("K-5", "finished", course=medical),
        cohort("C-1", owner="COA", for_projects="TRN-04"),
    ]
    found = effects_of(Scope(first_day=DAY, meets="in_person"), known)
    assert found.projects == (("COA", "TRN-04"), ("MPA", "TRN-04"), ("MPA", "TRN-05"))
    assert found.lapses == ("medical",)
    assert found.owners == ("COA", "MPA")
    assert codes(found.of("COA")) == ["C-1"]


@st.composite
def cohorts(draw):
    count = draw(st.integers(0, 12))
    return [
        candidate(
            draw(st.sampled_from(["MPA", "COA", "MOD"])), uuid_of(str(n)),
            draw(st.sampled_from(STATES)),
            {
                "code": f"K-{draw(st.integers(1, 6))}",
                "mode": draw(st.sampled_from(["in_person", "on_line", "mixed"])),
                "places": draw(st.integers(0, 90)), "days": draw(st.integers(1, 80)),
                "days_done": draw(st.integers(0, 90)),
                "place": place_named(draw(st.sampled_from(["Erbil", "Duhok", "x"]))).to_json(),
                "lead": draw(st.sampled_from(["", "gb", "nl"])),
                "first_day": draw(st.sampled_from(["", "2020-02-01", "2020-06-01"])),
                "last_day": draw(st.sampled_from(["", "2020-03-07", "2020-09-01"])),
            },
            {"family": draw(st.sampled_from(["medical", "law"])), "certificate_months": 12},
        )
        for n in range(count)
    ]  # fmt: skip


SCOPES = st.builds(
    Scope, first_day=st.just(DAY), last_day=st.sampled_from(["", "2020-04-01"]),
    meets=st.sampled_from(["", "in_person", "on_line"]),
    family=st.sampled_from(["", "medical", "law"]), lead=st.sampled_from(["", "gb"]),
    places=st.sampled_from([(), ("Erbil",), ("هەولێر", "Duhok")]),
    codes=st.sampled_from([(), ("K-1", "K-3")]),
)  # fmt: skip


def wanted(scope, one):
    """The rule once more, condition by condition, written apart."""
    if one.state not in OPEN:
        return False
    if scope.meets and scope.meets not in one.meets:
        return False
    if scope.family and scope.family != one.family:
        return False
    if scope.lead and scope.lead != one.lead:
        return False
    if scope.codes and one.code not in scope.codes:
        return False
    if scope.places and one.place not in {"Erbil": ("Erbil",)}.get(
        scope.places[0], ("Erbil", "Duhok")
    ):
        return False
    over = bool(one.last_day) and one.last_day < DAY
    later = bool(scope.last_day) and one.first_day > scope.last_day
    return not over and not later


@given(cohorts(), SCOPES)
def test_exactly_the_open_cohorts_of_the_scope_and_sums_that_can_be_recounted(known, scope):
    """Nothing else is taken, nothing is left, and places and days equal a recount; the parts of the
    owners add up to the whole.
    """
    found = effects_of(scope, known)
    expected = {one.record for one in known if wanted(scope, one)}
    assert {one.record for one in found.cohorts} == expected
    taken = [one for one in known if one.record in expected]
    assert found.places == sum(one.places for one in taken)
    assert found.days == sum(one.days for one in taken)
    parts = [found.of(owner) for owner in found.owners]
    assert sum(part.places for part in parts) == found.places
    assert sum(part.days for part in parts) == found.days
    assert all(one.owner == owner for owner in found.owners for one in found.of(owner).cohorts)


BODY = {
    "text": "All training in person", "reason_class": "pandemic", "reason": "Curfew",
    "decision": "Order 14/2020", "first_day": DAY, "review": "2020-04-05",
    "suspends": [uuid_of("k")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"review": ""}, "suspension_review"),
        ({"review": DAY}, "suspension_review_early"),
        ({"last_day": "2020-03-01"}, "suspension_days"),
        ({"reason": ""}, "field_required"),
        ({"suspends": [uuid_of(str(n)) for n in range(301)]}, "field_form"),
    ],
)
def test_a_suspension_without_a_day_of_review_cannot_be_written(change, code):
    """Nor one that is looked at before it begins, without a reason, or of too many cohorts."""
    with pytest.raises(InputError) as error:
        SUSPENSION.check({**BODY, **change})
    assert error.value.code == code


def test_it_is_looked_at_again_until_it_has_ended():
    """The own decision asks its writer on the day of review, the asking of another party nobody,
    and what has ended nobody; projects are put to who decides about them.
    """
    again = Put(about="", seat="", due=day_moment("2020-04-05"))
    assert SUSPENSION.puts(BODY) == [again]
    assert SUSPENSION.puts({**BODY, "asks_owner": "MOD"}) == []
    ended = SUSPENSION.keeps(BODY, {**BODY, "ended": "2020-09-20"})
    assert "review" not in SUSPENSION.check(ended)
    assert SUSPENSION.puts(ended) == []
    put = {**BODY, "projects": ["a", "b"], "put_to": ["manager"]}
    assert SUSPENSION.puts(put)[1:] == [Put("a", "manager", 0), Put("b", "manager", 0)]


def test_a_notice_says_the_scope_in_three_languages_and_no_number_of_cohorts():
    """Reason, days, decision and places stand in each, towns by their names there."""
    scope = Scope(first_day=DAY, meets="in_person", places=("Erbil", "Camp Seven"))
    made = notices("pandemic", "Order 14/2020", "2020-04-05", scope)
    assert set(made) == {f"notice_{language}" for language in LANGUAGES}
    for text in made.values():
        assert all(part in text for part in (DAY, "2020-04-05", "Order 14/2020", "Camp Seven"))
    assert "Pandemic" in made["notice_en"]
    assert "أربيل" in made["notice_ar"]
    assert "هەولێر" in made["notice_ckb"]
    assert scope_words(Scope(first_day=DAY), "en") == "all training"
    by_hand = notices("other", "Order 1", "2020-04-05", Scope(first_day=DAY, codes=("K-01",)))
    assert not any("K-01" in text for text in by_hand.values())
    assert "chosen cohorts" in by_hand["notice_en"]
