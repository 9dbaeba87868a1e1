"""The bar of every page, and the page of who hears, on two real desks."""

import re

import pytest

from tansiq.desk.records import attention
from tansiq.desk.release import releasing
from tansiq.domain.duty import Post
from tansiq.domain.escalation import Haste, Rung
from tansiq.domain.parties import Classification, PartyCode
from tests.web.pair import LANGUAGES, Screen, text_of, words
from tests.world import CLEARED, HOUR, incident, replies, rule, to, uuid_of, worlds

FIRE = uuid_of("fire/1")
MINUTE = HOUR // 60
PAGES = ("/log", "/incidents", "/map", "/inbox", "/approvals", "/holdings", "/links", "/unknowns",
         "/watch", "/keys", "/identity", "/incidents/new", "/nowhere")  # fmt: skip
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@pytest.fixture
def world():
    secret = Classification.SECRET
    with worlds("MPA", "MOD") as made:
        rules = (rule("MPA", "R-MPA", class_max=secret), replies("MOD", "A-MOD"))
        made.agree("MPA", "MOD", *rules, clearance=dict.fromkeys(("MPA", "MOD"), secret))
        yield made


@pytest.fixture
def screen(world):
    return Screen(world, "MOD", "duty-officer")


def comes(world, name="fire", severity="flash", **label):
    """An incident of MPA comes to MOD and rings there."""
    record = world.write("MPA", name, incident(to("MOD", **label), severity=severity))
    world.release("MPA", record, "MOD", "R-MPA")
    world.exchange("MPA", "MOD")
    attention.tick(world.desk("MOD"))
    return record


def is_recalled(world, record=FIRE):
    desk, actor = world.desk("MPA"), world.actor("MPA")
    releasing.recall(desk, actor, record, PartyCode("MOD"), "error")
    world.exchange("MPA", "MOD")
    attention.tick(world.desk("MOD"))


def bar_of(reply):
    """The bar of a page, and its title."""
    text = text_of(reply)
    title = TITLE.search(text)
    return text[text.index('<div class="alerts') :].split("</live-region>")[0], title and title[1]


def names_in(text):
    return re.findall(r'name="name" value="([^"]+)"', text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_d2_a_flash_record_is_told_on_every_page(world, screen, language):
    """Haste, reference, category, sender, since when and a button, in words; and in the title."""
    record = comes(world)
    for address in PAGES:
        bar, title = bar_of(screen.get(address, language))
        assert "data-ring" in bar
        assert words("haste.flash", language) in bar
        assert f"/record/MPA/{record}" in bar
        assert words("choice.category.fire", language) in bar
        assert words("alerts.hear", language) in bar
        assert title.startswith("(1) ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_heard_is_silent_on_the_pages_of_all(world, screen, language):
    """Another position hears it: nothing rings and nothing is counted any more, anywhere."""
    comes(world)
    other = Screen(world, "MOD", CLEARED)
    (name,) = names_in(bar_of(other.get("/log", language))[0])
    reply = other.post("/alerts/hear", {"name": name, "next": "/log"}, language)
    assert (reply.status_code, reply["Location"]) == (302, "/log")
    for one in (screen, other):
        bar, title = bar_of(one.get("/log", language))
        assert words("alerts.quiet", language) in bar
        assert "data-ring" not in bar
        assert "data-chime" not in bar
        assert not title.startswith("(")


def test_an_acknowledgement_silences_as_well(world, screen):
    """Who answers the record has heard it: what waited is gone."""
    comes(world)
    screen.post(f"/record/MPA/{FIRE}/reply/acknowledgement")
    assert words("alerts.quiet") in bar_of(screen.get("/log"))[0]


def test_flash_first_and_the_others_are_counted(world, screen):
    """Of several the flash record is named and the rest counted; hearing it names the next."""
    comes(world, "slow", severity="routine")
    comes(world)
    bar, title = bar_of(screen.get("/log"))
    assert f"/record/MPA/{FIRE}" in bar
    assert words("alerts.more") in bar
    assert title.startswith("(2) ")
    screen.post("/alerts/hear", {"name": names_in(bar)[0]})
    bar, _ = bar_of(screen.get("/log"))
    assert uuid_of("slow/1") in bar
    assert "data-ring" not in bar, "only flash and safety go on"
    assert "data-chime" in bar


def test_what_somebody_may_not_see_rings_for_others_alone(world):
    """Above the clearance: no bar, no title, no sound; hearing its name changes nothing."""
    comes(world, classification=Classification.SECRET)
    screen = Screen(world, "MOD", "duty-officer")
    cleared = Screen(world, "MOD", CLEARED)
    bar, title = bar_of(screen.get("/log"))
    assert words("alerts.quiet") in bar
    assert "data-chime" not in bar
    assert not title.startswith("(")
    rings, _ = bar_of(cleared.get("/log"))
    screen.post("/alerts/hear", {"name": names_in(rings)[0]})
    assert FIRE not in text_of(screen.get("/watch"))
    assert "data-ring" in bar_of(cleared.get("/log"))[0]


def test_a_recall_of_what_was_hidden_is_told_to_nobody_else(world):
    """Who could not see the record is not told, and does not count, that it was taken back."""
    comes(world, classification=Classification.SECRET)
    is_recalled(world)
    bar, title = bar_of(Screen(world, "MOD", "duty-officer").get("/log"))
    assert words("alerts.quiet") in bar
    assert not title.startswith("(")
    assert bar_of(Screen(world, "MOD", CLEARED).get("/log"))[1].startswith("(1) ")


def test_who_is_not_asked_reads_it_and_hears_no_sound(world):
    """A flash record is on every page of who may read it; it rings for those whom it asks, and an
    adviser does not silence it for them.
    """
    comes(world)
    screen = Screen(world, "MOD", "duty-officer")
    adviser = Screen(world, "MOD", "adviser")
    bar, title = bar_of(adviser.get("/log"))
    assert f"/record/MPA/{FIRE}" in bar
    assert "data-chime" not in bar
    assert "/alerts/hear" not in bar
    assert title.startswith("(1) ")
    (name,) = names_in(bar_of(screen.get("/log"))[0])
    assert adviser.post("/alerts/hear", {"name": name}).status_code == 403
    assert "data-ring" in bar_of(screen.get("/log"))[0]
    screen.post("/alerts/hear", {"name": name})
    assert words("alerts.quiet") in bar_of(adviser.get("/log"))[0]


def test_the_bar_is_kept_in_the_access_log_as_shown(world):
    """Who saw the bar was shown the record: the log says so before the page is given."""
    comes(world)
    noted = []
    world.desk("MOD").access.note = noted.append
    Screen(world, "MOD", "duty-officer").get("/keys")
    kept = [one for one in noted if one.place == "alerts-part"]
    assert ["listed"] == [entry.deed for entry in kept]
    assert f"MPA/{FIRE}@" in kept[0].items[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_locked_screen_has_no_bar_and_no_sound(world, screen, language):
    """Behind the lock nothing is told and no script could sound."""
    comes(world)
    screen.post("/lock", {"next": "/log"}, language)
    text = text_of(screen.get("/lock", language))
    assert "ring.js" not in text
    assert "alerts" not in text
    assert screen.get("/alerts", language)["Location"] == "/lock"


@pytest.mark.parametrize("language", LANGUAGES)
def test_d5_a_recall_is_told_on_every_page_and_first_in_the_inbox_until_it_is_noted(
    world, screen, language
):
    """Counted in title, bar and inbox, above all else; afterwards it is listed below."""
    comes(world)
    comes(world, "other", severity="routine")
    is_recalled(world)
    ringing, _ = bar_of(screen.get("/log", language))
    screen.post("/alerts/hear", {"name": names_in(ringing)[0]})
    screen.post("/alerts/hear", {"name": names_in(bar_of(screen.get("/log"))[0])[0]})
    bar, title = bar_of(screen.get("/keys", language))
    assert words("alerts.to_note", language) in bar
    assert "data-chime" not in bar
    assert title.startswith("(1) ")
    text = text_of(screen.get("/inbox", language)).split("<main")[1]
    assert text.index(words("inbox.to_note", language)) < text.index(uuid_of("other/1"))
    (name,) = names_in(text.split("</section>")[0])
    reply = screen.post("/alerts/note", {"name": name, "next": "/inbox"}, language)
    assert reply["Location"] == "/inbox"
    text = text_of(screen.get("/inbox/part", language))
    assert words("inbox.to_note", language) not in text
    assert text.index(uuid_of("other/1")) < text.index(words("inbox.recalled", language))
    assert words("alerts.quiet", language) in bar_of(screen.get("/keys", language))[0]


def test_who_may_not_recall_may_not_note(world, screen):
    """An adviser is told of it and has no button; a form that is made up is refused."""
    comes(world)
    is_recalled(world)
    adviser = Screen(world, "MOD", "adviser")
    bar, _ = bar_of(adviser.get("/log"))
    assert words("alerts.to_note") in bar
    assert names_in(bar) == []
    name = names_in(bar_of(screen.get("/log"))[0])[0]
    assert adviser.post("/alerts/note", {"name": name}).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_telephone_card_and_its_call_log(world, screen, language):
    """Where nobody heard, the card names whom to telephone; each call is kept with its result."""
    comes(world)
    assert words("watch.call_now", language) not in text_of(screen.get("/watch", language))
    for _ in range(2):
        world.clock.time += 10 * MINUTE
        attention.tick(world.desk("MOD"))
    senior = Screen(world, "MOD", "senior-duty-officer")
    text = text_of(senior.get("/watch", language))
    assert words("watch.call_now", language) in text
    name = names_in(text.split("/watch/call")[1])[0]
    form = {"name": name, "position": "senior-duty-officer", "result": "no_answer"}
    assert senior.post("/watch/call", form, language).status_code == 302
    text = text_of(senior.get("/watch/part", language))
    assert words("call_result.no_answer", language) in text.split("</select>", 1)[1]
    assert senior.post("/watch/call", form | {"result": "maybe"}, language).status_code == 422
    assert "data-ring" in bar_of(senior.get("/log", language))[0], "a call is not an answer"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_on_duty_is_said_and_a_gap_is_shown_before_it_is_needed(world, screen, language):
    """On, off and vacant at each position; a level without anybody is told in red."""
    text = text_of(screen.get("/watch", language))
    assert words("post.on", language) in text
    assert words("watch.gap", language) not in text
    form = {"position": "senior-duty-officer", "post": "vacant"}
    assert screen.post("/watch/duty", form, language).status_code == 302
    text = text_of(screen.get("/watch", language))
    assert words("watch.gap", language) in text
    assert attention.on_duty(world.desk("MOD"))["senior-duty-officer"] is Post.VACANT
    assert screen.post("/watch/duty", form | {"post": "asleep"}, language).status_code == 422


def test_an_observer_says_only_of_oneself(world):
    """Who is not of the watch says on or off of the own position, and sees no telephone."""
    observer = Screen(world, "MOD", "observer")
    text = text_of(observer.get("/watch"))
    assert 1 == text.count('action="/watch/duty"')
    assert observer.post("/watch/duty", {"position": "observer", "post": "off"}).status_code == 302
    other = {"position": "duty-officer", "post": "off"}
    assert observer.post("/watch/duty", other).status_code == 403


def test_the_administrator_is_told_nothing(world):
    """Who reads no content has a bar that is quiet, and no page of who hears."""
    comes(world)
    administrator = Screen(world, "MOD", "administrator")
    bar, title = bar_of(administrator.get("/links"))
    assert words("alerts.quiet") in bar
    assert not title.startswith("(")
    assert administrator.get("/watch").status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_haste_level_and_result_has_words(screen, language):
    """Nothing that waits is told by a code."""
    page = text_of(screen.get("/keys", language))
    assert all(words(f"sound.{one}", language) in page for one in ("high", "low", "off"))
    for prefix, codes in (
        ("why", ("arrival", "approval", "turn", "recalled")),
        ("haste", Haste), ("level", Rung), ("post", Post), ("call_result", attention.CALL_RESULTS),
    ):  # fmt: skip
        assert all(words(f"{prefix}.{code}", language) for code in codes)
