"""The check of one activity against all that its reader may see, on desks."""

from dataclasses import replace

import pytest

from tansiq.board import hulls
from tansiq.desk.operations import checking
from tansiq.desk.proof import checking as proof
from tansiq.desk.records import attention, read, say
from tansiq.desk.release import recalling
from tansiq.domain.escalation import Haste
from tansiq.domain.kinds import KINDS
from tansiq.domain.labels import Classification
from tests.unit.test_meets import DEGREE, HOUR, circle
from tests.world import START, rule, to, worlds


@pytest.fixture
def world():
    with worlds("MPA", "MOD") as made:
        kinds = frozenset({"planned_activity"})
        made.agree("MPA", "MOD", *(rule(one, f"P-{one}", kinds=kinds) for one in ("MPA", "MOD")))
        yield made


def body(metres=0, hours=0, **more):
    """A circle of 500 m, so many metres to the north, so many hours from now."""
    begins = START + (24 + hours) * HOUR
    plain = {
        "activity": "survey", "text": "Survey", "contact": "Watch", "sealed": "open",
        "area": circle(36 + metres / DEGREE, 44, 500), "begins": begins, "until": begins + 2 * HOUR,
    }  # fmt: skip
    return plain | more


def draft(*args, label=None, **more):
    return say.Draft(kind="planned_activity", body=body(*args, **more), label=label or to())


def told(world, name, *args, **more):
    """A plan of the other party that came here."""
    record = world.write("MOD", name, draft(*args, label=to("MPA"), **more))
    world.release("MOD", record, "MPA", "P-MOD")
    world.exchange("MOD", "MPA")
    return record


def found(world, *args, position="cleared", **more):
    desk = world.desk("MPA")
    return checking.found(desk, world.viewer("MPA", position), body(*args, **more))


def test_an_activity_is_told_what_it_meets_and_how(world):
    """Overlaps first, then what is near with metres and minutes, own and others' alike; what is
    clear of it, over or cancelled is not named.
    """
    theirs = told(world, "theirs", 1_400, hours=2, margin_metres=500)
    own = world.write("MPA", "own", draft(0, hours=1))
    world.write("MPA", "far", draft(90_000))
    checked = found(world, 0, hours=1)
    assert [(one.view.value.record, one.overlaps) for one in checked.activities] == [
        (own, True), (theirs, False)
    ]  # fmt: skip
    assert checked.activities[1].answer.metres == pytest.approx(400, abs=1)
    assert checked.overlaps
    assert not checked.more
    viewer = world.viewer("MPA")
    view = read.record(world.desk("MPA"), viewer, "MPA", own)
    assert [one.view.value.record for one in
            checking.found_of(world.desk("MPA"), viewer, view).activities] == [theirs]  # fmt: skip
    world.clock.time = START + 40 * HOUR
    assert not found(world, 0, hours=1).activities


def test_nobody_is_told_of_what_was_not_released_for_him(world):
    """A position without clearance is told of no secret neighbour, and its digest is that of a
    world in which there is none.
    """
    before = found(world, position="duty-officer")
    secret = to(classification=Classification.SECRET)
    world.write("MPA", "secret", draft(label=secret))
    world.write("MOD", "unsent", draft(label=to("MPA")))
    assert found(world, position="duty-officer") == before
    assert found(world).overlaps


def test_the_digest_stands_for_exactly_these_neighbours(world):
    """One neighbour more, one less or another edition of one is another digest; nothing else is."""
    shown = found(world).digest
    assert found(world, margin_metres=10).digest == shown
    theirs = told(world, "theirs")
    with_it = found(world).digest
    assert with_it != shown
    revised(world, "MOD", theirs, label=to("MPA"), text="New")
    world.release("MOD", theirs, "MPA", "P-MOD", name="again")
    world.exchange("MOD", "MPA")
    assert [one.view.value.body["text"] for one in found(world).activities] == ["New"]
    assert found(world).digest not in (shown, with_it)
    with world.names.under("recall"):
        recalling.recall(world.desk("MOD"), world.actor("MOD"), theirs, "MPA", "error")
    world.exchange("MOD", "MPA")
    assert found(world).digest == shown


def test_a_check_is_bounded_and_says_so(world, monkeypatch):
    """Of very many neighbours the first are shown, and it is said that there are more."""
    monkeypatch.setattr(checking, "BOUNDS", replace(checking.BOUNDS, neighbours_max=2))
    for n in range(3):
        world.write("MPA", f"own {n}", draft(n * 10))
    checked = found(world)
    assert len(checked.activities) == 2
    assert checked.more


def test_large_and_long_ones_are_found_like_all_others(world, monkeypatch):
    """A plan over the whole country for a year meets one of a day, and the other way round, however
    many cells are asked.
    """
    wide = {"area": circle(35, 43, 400_000), "until": START + 9_000 * HOUR}
    world.write("MPA", "day", draft(0))
    world.write("MPA", "wide", draft(0, **wide))
    for most in (hulls.CELLS_MAX, 1):
        monkeypatch.setattr(hulls, "CELLS_MAX", most)
        assert len(found(world).activities) == 2
        assert len(found(world, **wide).activities) == 2


def test_without_an_area_nothing_is_said_to_be_clear(world):
    """What a partner tells without its area cannot be compared, and the answer says so."""
    nowhere = body()
    del nowhere["area"]
    checked = checking.found(world.desk("MPA"), world.viewer("MPA"), nowhere)
    assert not checked.area
    assert not checked.activities


def waiting(world, position="cleared"):
    desk = world.desk("MPA")
    return [
        (one.about.partition("/")[2], one.stand.wait.said, one.haste)
        for one in attention.waiting(desk, world.viewer("MPA", position))
        if one.why == "meets"
    ]


def reference(record):
    return KINDS["planned_activity"].reference(record)


def revised(world, party, record, *args, **more):
    """Another edition of a plan."""
    desk = world.desk(party)
    view = read.record(desk, world.viewer(party), party, record).value
    say.revise(desk, world.actor(party), record, view.digest, draft(*args, **more))


def test_whoever_plans_is_rung_when_a_partners_plan_comes_near(world):
    """An arrival that meets an own plan rings for the position that wrote it, with metres and
    minutes; who moves away, on either side, ends it by that, and a recall does.
    """
    own = world.write("MPA", "own", draft(0))
    assert waiting(world) == []
    theirs = told(world, "theirs", 1_400.5, margin_metres=500)
    near = f"MOD {reference(theirs)} 400 0"
    assert [(one, said) for one, said, _ in waiting(world)] == [(own, near)]
    attention.tick(world.desk("MPA"))
    alarm = attention.sounding(world.desk("MPA"), world.viewer("MPA"))
    assert alarm.number >= 1
    attention.hear(world.desk("MPA"), world.actor("MPA"))
    revised(world, "MPA", own, 300)
    assert waiting(world) == [(own, f"MOD {reference(theirs)} 100 0", Haste.ROUTINE)]
    attention.tick(world.desk("MPA"))
    assert attention.sounding(world.desk("MPA"), world.viewer("MPA")).number == 0
    revised(world, "MPA", own, 9_000)
    assert waiting(world) == []
    revised(world, "MPA", own, 1_400)
    assert waiting(world) == [(own, f"MOD {reference(theirs)}", Haste.URGENT)]
    with world.names.under("recall"):
        recalling.recall(world.desk("MOD"), world.actor("MOD"), theirs, "MPA", "error")
    world.exchange("MOD", "MPA")
    assert waiting(world) == []


def test_two_own_plans_ring_for_both(world):
    """Positions of one party are told of one another's plans too; what is over rings no more."""
    first = world.write("MPA", "first", draft(0))
    second = world.write("MPA", "second", draft(0, hours=1))
    assert {about for about, _, _ in waiting(world)} == {first, second}
    world.clock.time = START + 40 * HOUR
    assert waiting(world) == []


def test_a_ring_names_no_plan_that_one_may_not_see(world):
    """Who may see the own plan and not the other hears of nothing; who may see both is told."""
    own = world.write("MPA", "own", draft(0))
    secret = world.write("MPA", "secret", draft(0, label=to(classification=Classification.SECRET)))
    assert waiting(world, "duty-officer") == []
    assert {about for about, _, _ in waiting(world)} == {own, secret}


def test_what_waits_is_the_same_when_all_is_folded_anew(world):
    """The table of waits follows from the logs."""
    world.write("MPA", "own", draft(0))
    told(world, "theirs", 1_400, margin_metres=500)
    told(world, "others", 0)
    before = waiting(world)
    assert len(before) == 2
    proof.rebuild(world.desk("MPA"), lambda _log, _entries: None)
    assert waiting(world) == before


def test_a_protected_site_is_told_with_an_activity_that_comes_near(world):
    """A site is a point: within two kilometres of an activity it is told with its metres, whatever
    the time; a coarse one is as wide as its cell.
    """
    for name, metres, grain in (("near", 2_400, "exact"), ("far", 2_600, "exact"),
                                ("coarse", 3_200, "km1")):  # fmt: skip
        place = {"name": name, "key": "", "lat": round((36 + metres / DEGREE) * 1e7),
                 "lon": 44 * 10**7, "precision": "exact", "grain": grain}  # fmt: skip
        site = {"text": name, "site": "clinic", "place": place, "until": "2021-03-01"}
        world.write("MPA", name, say.Draft(kind="protected_site", body=site, label=to()))
    checked = found(world)
    told_of = {one.view.value.body["text"]: one.answer.metres for one in checked.sites}
    assert told_of == {"near": 1_900, "coarse": pytest.approx(1_900, abs=1)}
    assert not checked.activities
    assert waiting(world) == []


def test_what_waits_is_the_same_however_the_journal_is_folded(world):
    """Two own plans that meet, written one behind the other at different moments: folded again from
    the journal, both wait since the second one.
    """
    desk = world.desk("MPA")
    world.write("MPA", "first", draft(0))
    world.clock.time += HOUR
    world.write("MPA", "second", draft(0))
    assert [] == list(proof.fsck(desk, lambda _log, _entries: None))
