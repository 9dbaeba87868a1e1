"""Safety messages on pages: one sentence, who was told, saying it back, the telephone card."""

import re

import pytest

from tansiq.desk.records import attention, read
from tests.web.pair import KEY, LANGUAGES, Screen, text_of, words
from tests.world import HOUR, worlds

SENTENCE = "All vehicles stop at the camp clinic"
MESSAGE = {"text": SENTENCE, "place-name": "Khazir"}
BACK = {"typed": "Khazir", "confirmed": "1"}


@pytest.fixture
def world():
    with worlds("COA", "MOD", "MPA") as made:
        for other in ("COA", "MOD"):
            made.agree("MPA", other)
        yield made


@pytest.fixture
def sender(world):
    return Screen(world, "MPA", "duty-officer")


@pytest.fixture
def there(world):
    return Screen(world, "MOD", "duty-officer", "P-2")


def send(world, screen, **form):
    answer = screen.post("/safety/new", {**MESSAGE, **form})
    assert answer.status_code == 302, text_of(answer)
    for other in ("COA", "MOD"):
        world.exchange("MPA", other)
        attention.tick(world.desk(other))
    return re.fullmatch(r"/record/MPA/([0-9a-f-]+)#told", answer["Location"])[1]


def page_of(screen, record, language="en"):
    return text_of(screen.get(f"/record/MPA/{record}", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_key_one_sentence_and_who_was_told(world, sender, there, language):
    """The form names whom it goes to; the page there asks to say it back, the sender's says when
    each was told and by which position it was read back.
    """
    form = text_of(sender.get("/safety/new", language))
    assert words("safety.goes_to", language) in form
    assert "MOD" in form
    assert 'data-key="F10"' in text_of(sender.get("/log", language))
    record = send(world, sender)
    page = page_of(there, record, language)
    assert words("safety.say_back", language) in page
    assert 'id="told-COA"' not in page
    assert "/reply/acknowledgement" not in page, "to acknowledge is not to read back"
    assert not KEY.search(page)
    assert there.post(f"/safety/MPA/{record}/read-back", BACK, language).status_code == 302
    world.exchange("MPA", "MOD")
    page = page_of(sender, record, language)
    assert f"/record/MPA/{record}/release" not in page, "it has gone to all"
    assert words("state.read_back", language) in page
    assert page.index('id="told-COA"') < page.index('id="told-MOD"')
    assert not KEY.search(page)
    assert words("safety.say_back", language) not in page_of(there, record, language)


def test_the_bar_leads_to_the_message_and_hears_nothing(world, sender, there):
    """F9 opens it: there is no button that only silences it, on no page."""
    record = send(world, sender)
    for address in ("/log", "/watch", f"/record/MPA/{record}"):
        page = text_of(there.get(address))
        assert f'href="/record/MPA/{record}#told"' in page
        assert "/alerts/hear" not in page
    assert "data-ring" in text_of(there.get("/log"))
    there.post(f"/safety/MPA/{record}/read-back", BACK)
    assert "data-ring" not in text_of(there.get("/log"))


def test_what_was_not_said_back_rightly_is_shown_again_with_what_was_typed(world, sender, there):
    """Nothing typed is lost, and the error stands beside the field."""
    record = send(world, sender)
    again = there.post(f"/safety/MPA/{record}/read-back", {**BACK, "typed": "Makhmour"})
    page = text_of(again)
    assert again.status_code == 422
    assert 'value="Makhmour"' in page
    assert words("error.not_said_back", "en").split(".")[0] in page
    assert text_of(there.post(f"/safety/MPA/{record}/read-back", {"typed": "Khazir"}))


def test_the_place_is_shown_with_its_distance_from_known_towns(world, sender, there):
    """In words, so that a wrong coordinate is heard before it does harm."""
    record = send(world, sender, **{"place-name": "Clinic", "place-at": "36.40, 43.5"})
    page = re.sub("[\u2066-\u2069]|</?bdi[^>]*>", "", page_of(there, record))
    assert "10 km north-west of Khazir" in page
    assert there.post(f"/safety/MPA/{record}/read-back", BACK).status_code == 302


def test_the_telephone_card_keeps_who_was_called(world, sender, there):
    """With the sentence to say; a party that read it back on the telephone needs no second call."""
    record = send(world, sender)
    card = page_of(sender, record)
    assert 'id="call-MOD"' in card
    called = {"party": "MOD", "whom": "duty_officer", "result": "no_answer"}
    assert sender.post(f"/safety/{record}/called", called).status_code == 302
    assert words("choice.result.no_answer", "en") in page_of(sender, record)
    sender.post(f"/safety/{record}/called", {**called, "result": "read_back"})
    page = page_of(sender, record)
    assert words("state.by_telephone", "en") in page
    world.exchange("MPA", "COA")
    coa = Screen(world, "COA", "duty-officer", "P-3")
    assert words("choice.whom.duty_officer", "en") not in page_of(coa, record)


def test_it_is_stood_down_by_its_sender(world, sender, there):
    """There is no such button elsewhere, and none after it was used."""
    record = send(world, sender)
    assert "stand-down" not in page_of(there, record)
    assert sender.post(f"/safety/{record}/stand-down").status_code == 302
    world.exchange("MPA", "MOD")
    for screen in (sender, there):
        page = page_of(screen, record)
        assert "data-ended" in page
        assert f"/safety/{record}/stand-down" not in page
        assert words("safety.say_back_lead", "en") not in page


def test_an_incident_and_a_review_are_made_by_one_button(world, sender):
    """The review leads to both, and the message to the review."""
    record = send(world, sender)
    made = sender.post(f"/safety/{record}/follow-up")
    page = text_of(sender.get(made["Location"]))
    assert f"/record/MPA/{record}" in page
    assert words("kind.incident", "en") in page
    assert made["Location"] in page_of(sender, record)
    assert text_of(sender.get("/reviews")).count(SENTENCE) == 1


def test_a_party_that_cannot_be_told_is_named_before_it_is_sent(world):
    """Whoever sends reads whom to telephone."""
    screen = Screen(world, "MOD", "duty-officer")
    page = text_of(screen.get("/safety/new"))
    missing = page[page.index('id="not-told"') :].split("</p>")[0]
    assert "COA" in missing
    assert "MPA" not in missing


@pytest.mark.parametrize("position", ["auditor", "observer"])
def test_who_only_looks_on_has_no_button(world, sender, position):
    """It may be read, and nothing of it done."""
    record = send(world, sender)
    screen = Screen(world, "MOD", position, "P-4")
    page = page_of(screen, record)
    assert SENTENCE in page
    assert "read-back" not in page
    assert screen.get("/safety/new").status_code == 403
    assert screen.post(f"/safety/MPA/{record}/read-back", BACK).status_code == 403


@pytest.mark.parametrize("address", ["safety/{}/called", "safety/{}/stand-down",
                                     "safety/{}/follow-up"])  # fmt: skip
def test_no_door_tells_whether_a_message_is_there(world, sender, there, address):
    """Another's message, and none at all: the same answer."""
    record = send(world, sender)
    strange = "0" * 8 + "-0000-4000-8000-" + "0" * 12
    answers = [there.post("/" + address.format(one), {"party": "COA", "result": "busy",
               "whom": "headquarters"}) for one in (record, strange)]  # fmt: skip
    assert [one.status_code for one in answers] == [404, 404]


def test_the_form_keeps_what_was_typed(sender):
    """Nothing was said: the sentence is missing, and the place is still there."""
    again = sender.post("/safety/new", {"text": "", "place-name": "Khazir"})
    assert again.status_code == 422
    assert 'value="Khazir"' in text_of(again)


def test_its_list_and_its_paper_are_there(world, sender, there):
    """Messages stand in a list, and one can be printed."""
    record = send(world, sender)
    for screen in (sender, there):
        assert SENTENCE in text_of(screen.get("/safety"))
        assert SENTENCE in text_of(screen.get(f"/record/MPA/{record}/print"))


def test_the_sender_is_reminded_in_the_bar_after_a_minute(world, sender):
    """Until then the bar shows it and nothing sounds."""
    record = send(world, sender)
    attention.tick(world.desk("MPA"))
    bar = text_of(sender.get("/log"))
    assert f"/record/MPA/{record}" in bar
    assert "data-ring" not in bar
    world.clock.time += HOUR // 60
    attention.tick(world.desk("MPA"))
    assert "data-ring" in text_of(sender.get("/log"))
    assert (
        read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", record).value.state
        == "not_read_back"
    )
