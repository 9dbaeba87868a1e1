"""D10: a form says what goes at once, to whom and by which rule, before it is saved; and what it
says is what happens.
"""

import pytest

from tansiq.desk.records import read, say
from tansiq.log.store import out_log
from tansiq.policy.agreement import by_facets
from tests import world as worlds
from tests.web.forms import sheets_of
from tests.web.pair import LANGUAGES, Screen, text_of, words
from tests.world import incident, rule, to, uuid_of

FIRE = uuid_of("fire/1")
FORM = {
    "text": "Fire near the mill", "category": "fire", "severity": "flash", "audience": "MOD",
    "observed": "2020-12-20 10:00", "place-name": "Makhmour", "grade-r": "B", "grade-c": "2",
    "class": "restricted", "onward": "none",
}  # fmt: skip


@pytest.fixture
def world():
    """Flash goes to MOD by itself; the rest by a person; nothing to JCC."""
    with worlds.worlds("MPA", "MOD", "JCC") as made:
        by_itself = rule("MPA", "F", automatic=True, facets=by_facets(severity=["flash"]))
        made.agree("MPA", "MOD", by_itself, rule("MPA", "R"))
        made.agree("MPA", "JCC", rule("MPA", "J"))
        yield made


def screen(world):
    return Screen(world, "MPA", "duty-officer")


def asked(world, language="en", kind="incident", **form):
    """What the fragment says."""
    return text_of(screen(world).post(f"/goes/{kind}", {**FORM, **form}, language))


def sent(world):
    return world.desk("MPA").store.head(out_log("MOD")).size


@pytest.mark.parametrize("language", LANGUAGES)
def test_d10_the_form_names_party_and_rule(world, language):
    """As soon as it would go, it says so; and when it would not, that nothing does."""
    told = asked(world, language)
    assert 'value="MOD/F"' in told
    assert "MOD" in told.partition("<input")[0]
    for changed in ({"severity": "routine"}, {"audience": []}, {"audience": ["JCC"]}):
        assert words("goes.nothing", language) in asked(world, language, **changed), changed
    assert words("goes.unknown", language) in asked(world, language, observed="no moment")


def test_d10_looking_keeps_nothing(world):
    """No record, no release, no wait comes of it, however often a form is looked at."""
    desk, logs = world.desk("MPA"), ("journal", out_log("MOD"))
    before = [desk.store.head(log).size for log in logs]
    for _ in range(3):
        asked(world)
    assert before == [desk.store.head(log).size for log in logs]
    assert 0 == read.count(desk, world.viewer("MPA"), read.Query(kinds=("incident",)))


def test_d10_it_is_said_before_the_text_is_written(world):
    """Category, severity and audience decide; an empty text hides nothing."""
    assert 'value="MOD/F"' in asked(world, text="")


def save(world, mine, address="/incidents/new", **form):
    """Save without the page having said anything, as without a script."""
    return mine.post(address, {**FORM, "goes": "", **form})


@pytest.mark.parametrize("language", LANGUAGES)
def test_d10_without_a_script_saving_asks_first(world, language):
    """What the page did not show does not go: the form comes again with it, then it is saved."""
    mine = screen(world)
    before = sent(world)
    reply = mine.post("/incidents/new", {**FORM, "goes": ""}, language)
    assert 422 == reply.status_code
    assert words("error.goes_unseen", language) in text_of(reply)
    assert before == sent(world)
    (sheet,) = [s for s in sheets_of(reply.content.decode(), "/incidents/new") if "new" in s.action]
    assert ("goes", "MOD/F") in sheet.fields
    assert FORM["text"] == dict(sheet.fields)["text"]
    saved = mine.post("/incidents/new", {**FORM, "goes": "MOD/F"}, language)
    assert 302 == saved.status_code
    assert before < sent(world)
    page = text_of(mine.get(saved["Location"], language))
    assert 'data-told="saved"' in page
    assert 'data-told="goes"' in page


def test_d10_what_does_not_go_needs_no_question(world):
    """A record that stays is saved at once."""
    reply = save(world, screen(world), severity="routine")
    assert 302 == reply.status_code


def test_d10_a_rule_that_was_shown_is_no_leave_for_another(world):
    """What was shown for one party or rule says nothing of another."""
    assert 422 == save(world, screen(world), goes="JCC/F MOD/R").status_code


def test_d10_a_new_edition_says_it_too(world):
    """What an edit would send by itself is said, and asked about on saving."""
    world.write("MPA", "fire", incident(to("MOD"), severity="routine"))
    mine, address = screen(world), f"/record/MPA/{FIRE}/edit"
    assert 'value="MOD/F"' in text_of(mine.post("/goes/incident", {**FORM, "record": FIRE}))
    base = read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", FIRE).value.digest
    assert 422 == save(world, mine, address, base=base).status_code
    assert 302 == save(world, mine, address, base=base, goes="MOD/F").status_code


def test_d10_a_record_that_may_not_be_seen_is_absent(world):
    """Asking for a record above the clearance answers as for none at all."""
    secret = to("MOD", classification=worlds.Classification.SECRET)
    world.write("MPA", "high", incident(secret))
    one, other = (
        screen(world).post("/goes/incident", {**FORM, "record": record})
        for record in (uuid_of("high/1"), uuid_of("nothing has this id"))
    )
    assert 404 == one.status_code == other.status_code
    assert text_of(one) == text_of(other)


def test_d10_a_trial_leaves_the_desk_as_it_was(world):
    """After a trial the desk acts on as if it had not been."""
    desk, actor = world.desk("MPA"), world.actor("MPA")
    with desk.trial() as act:
        say.write_in(act, actor, incident(to("MOD")))
    record = world.write("MPA", "fire", incident(to("MOD")))
    assert [record] == [
        view.value.record
        for view in read.page(desk, world.viewer("MPA"), read.Query(kinds=("incident",))).rows
    ]


@pytest.fixture
def staged():
    """What is being checked goes to MOD by itself; nothing else does."""
    with worlds.worlds("MPA", "MOD") as made:
        by_itself = rule("MPA", "S", automatic=True, stages=frozenset({"being_checked"}))
        made.agree("MPA", "MOD", by_itself, rule("MPA", "R"))
        yield made


def pressed(world, mine, language="en", **more):
    """The button that says that the record is being checked."""
    base = read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", FIRE).value.digest
    form = {"base": base, "step": "check", "goes": "", **more}
    return mine.post(f"/record/MPA/{FIRE}/step", form, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_d10_a_button_that_would_send_asks_first(staged, language):
    """A step that lets the record go to who does not have it keeps nothing until its page has named
    party and rule; its form then does it.
    """
    staged.write("MPA", "fire", incident(to("MOD")))
    mine, before = screen(staged), sent(staged)
    reply = pressed(staged, mine, language)
    assert (422, before) == (reply.status_code, sent(staged))
    assert words("goes.first", language) in text_of(reply)
    (sheet,) = [s for s in sheets_of(reply.content.decode(), "/step") if s.action.endswith("/step")]
    assert {("goes", "MOD/S"), ("step", "check")} <= set(sheet.fields)
    assert 302 == pressed(staged, mine, language, goes="MOD/S").status_code
    assert before < sent(staged)


def test_d10_a_button_tells_those_who_have_it_without_a_question(staged):
    """The page of the record names who has it: what they get anew needs no second press."""
    record = staged.write("MPA", "fire", incident(to("MOD")))
    staged.release("MPA", record, "MOD", "R")
    assert 302 == pressed(staged, screen(staged)).status_code


def test_d10_what_became_of_an_unknown_and_the_same_event_ask_first(staged):
    """All buttons of a record's page do, not the steps alone: a rule may be newer than the
    record.
    """
    world, item = staged, {"id": "0a1b2c3d", "text": "who?", "state": "open", "by": ""}
    record = world.write("MPA", "fire", incident(to("MOD"), severity="flash", unknowns=[item]))
    other = world.write("MPA", "other", incident(severity="flash"))
    by_itself = rule("MPA", "F", automatic=True, facets=by_facets(severity=["flash"]))
    world.agree("MPA", "MOD", by_itself, rule("MPA", "R"), version=2)
    mine, before = screen(world), sent(world)
    view = read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", record).value
    (item,) = view.body["unknowns"]
    form = {"base": view.digest, "item": item["id"], "state": "no_value", "goes": ""}
    replies = [
        mine.post(f"/record/MPA/{record}/unknown", form),
        mine.post(f"/record/MPA/{record}/same", {"with": other, "goes": ""}),
    ]
    assert [422, 422] == [one.status_code for one in replies]
    for one in replies:
        assert ("goes", "MOD/F") in sheets_of(one.content.decode(), "")[-1].fields
    assert before == sent(world)


@pytest.mark.parametrize("language", LANGUAGES)
def test_d10_a_form_that_comes_back_does_not_say_that_nothing_goes(world, language):
    """With errors in it nobody knows yet what would go: the page says so, and not that nothing does
    while a party is ticked.
    """
    for address in ("/incidents/new", "/log"):
        reply = screen(world).post(address, {**FORM, "observed": "no moment"}, language)
        assert 422 == reply.status_code
        assert words("goes.unknown", language) in text_of(reply)
        assert words("goes.nothing", language) not in text_of(reply)
