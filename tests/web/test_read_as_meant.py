"""What is typed into a form is shown as it was understood, and asked about where it is hardly meant
or should not be kept: with and without script, in three languages.
"""

import re
from dataclasses import dataclass, replace
from html import unescape

import pytest

from tansiq.desk.records import read
from tansiq.desk.records.read import Query
from tansiq.domain.places import E7
from tansiq.domain.records import RecordView
from tansiq.web.releases import inference
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.web.test_releases import release
from tests.world import incident, to, uuid_of

FORM = {
    "text": "Smoke over the fields", "category": "fire", "severity": "urgent",
    "observed": "2020-12-20 10:00", "place-precision": "about", "class": "restricted",
}  # fmt: skip
PERSON = "Ring 0750-123-4567 for more"


@pytest.fixture
def world():
    with agreed() as made:
        yield made


@pytest.fixture
def screen(world):
    return Screen(world, "MPA", "duty-officer")


def saved(world):
    """The places of what was saved, newest first."""
    page = read.page(world.desk("MPA"), world.viewer("MPA"), Query(kinds=("incident",)))
    return [view.value.body.get("place") for view in page.rows]


def ways(reply):
    """The answers that a page offers: the name and the value of each input."""
    text = reply.content.decode()
    summary = text[text.index("data-error-summary") :].split("</ul></div>")[0]
    found = re.findall(r'<input type="\w+" name="([^"]+)" value="([^"]+)"', summary)
    return [(unescape(name), unescape(value)) for name, value in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_d6_an_unknown_name_is_said_and_a_town_proposed(world, screen, language):
    """Nothing is saved in silence without coordinates: the page says so, and proposes a town."""
    form = {**FORM, "place-name": "Makmoor"}
    reply = screen.post("/incidents/new", form, language)
    assert reply.status_code == 422
    assert words("doubt.title", language) in text_of(reply)
    assert words("place.nowhere", language) in text_of(reply)
    assert not saved(world)
    assert ("place-meant", "Makhmour") in ways(reply)
    assert screen.post("/incidents/new", {**form, "place-meant": "Makhmour"}).status_code == 302
    (place,) = saved(world)
    assert (place["name"], place["key"], place["lat"]) == ("Makhmour", "makhmour", 357_800_000)


def test_d6_who_stands_by_a_name_saves_it(world, screen):
    """The same form with its question answered is saved as it was written."""
    form = {**FORM, "place-name": "Nowhereville"}
    (sure,) = [value for name, value in ways(screen.post("/incidents/new", form)) if name == "sure"]
    assert screen.post("/incidents/new", {**form, "sure": "something else"}).status_code == 422
    assert screen.post("/incidents/new", {**form, "sure": sure}).status_code == 302
    assert [place["name"] for place in saved(world)] == ["Nowhereville"]


ODD = {
    "doubt.place_swapped": ("مخمور", "43.58, 35.78"),
    "doubt.place_zero": ("", "0, 0.0"),
    "doubt.place_outside": ("", "35.78, -43.58"),
}


@pytest.mark.parametrize("question", ODD)
@pytest.mark.parametrize("language", LANGUAGES)
def test_c3_coordinates_that_are_hardly_meant_are_asked_about(screen, question, language):
    """Exchanged, zero, or outside the area: asked first, saved once it is confirmed."""
    name, at = ODD[question]
    form = {**FORM, "place-name": name, "place-at": at}
    reply = screen.post("/incidents/new", form, language)
    assert reply.status_code == 422
    assert words(question, language) in text_of(reply)
    answers = dict(ways(reply))
    assert screen.post("/incidents/new", {**form, "sure": answers["sure"]}).status_code == 302
    other = {**form, "place-at": "1.5, 1.5", "sure": answers["sure"]}
    assert screen.post("/incidents/new", other).status_code == 422


def test_c3_exchanged_coordinates_are_put_right_by_a_press(world, screen):
    """The page offers them the other way round, and saves them so where that is chosen."""
    form = {**FORM, "place-name": "مخمور", "place-at": "43.58, 35.78"}
    assert ("place-turned", "1") in ways(screen.post("/incidents/new", form))
    assert screen.post("/incidents/new", {**form, "place-turned": "1"}).status_code == 302
    (place,) = saved(world)
    assert (place["lat"], place["lon"]) == (357_800_000, 435_800_000)


def test_c3_far_from_the_named_town_is_asked_about(world, screen):
    """Makhmour at the position of Baghdad is not saved in silence."""
    form = {**FORM, "place-name": "Makhmour", "place-at": "33.31, 44.37"}
    reply = screen.post("/incidents/new", form)
    assert reply.status_code == 422
    assert "far from the town" in text_of(reply)


@pytest.mark.parametrize(
    "at", ["38S LE 71660 60477", "35°46'48\" N 43°34'48\" E", "٣٥٫٧٨، ٤٣٫٥٨", "35,78 43,58"]
)
def test_c3_a_form_takes_every_notation(world, screen, at):
    """What the reader of coordinates reads, the form saves."""
    form = {**FORM, "place-name": "Makhmour", "place-at": at}
    assert screen.post("/incidents/new", form).status_code == 302
    (place,) = saved(world)
    assert abs(place["lat"] - 357_800_000) <= 100
    assert abs(place["lon"] - 435_800_000) <= 100


def sent(reply):
    """What a browser would send of the place as it stands in a form."""
    text = reply.content.decode()
    return {
        name: unescape(re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)[1])
        for name in ("place-name", "place-at", "place-was")
    }


def test_c3_an_edit_that_does_not_touch_the_place_does_not_change_it(world, screen):
    """The seventh decimal survives, and a place that was confirmed is not asked about again."""
    lat, lon = 357_811_117, 435_811_113
    kept = {"name": "the third well", "key": "", "lat": lat, "lon": lon, "precision": "exact",
            "grain": "exact"}  # fmt: skip
    odd = {**kept, "lat": 10 * E7, "name": "Nowhereville"}
    for name, place in (("well", kept), ("odd", odd)):
        record = world.write("MPA", name, incident(place=place))
        address = f"/record/MPA/{record}/edit"
        page = screen.get(address)
        base = re.search(r'name="base" value="([0-9a-f]+)"', page.content.decode())[1]
        form = {**FORM, **sent(page), "place-precision": "exact", "base": base}
        assert screen.post(address, {**form, "text": "Smoke, now less"}).status_code == 302
        view = read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", record)
        assert view.value.body["place"] == place
    assert (
        "35.7811117, 43.5811113"
        in sent(screen.get(f"/record/MPA/{uuid_of('well/1')}/edit"))["place-at"]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_d6_the_line_below_says_what_was_understood(screen, language):
    """A town with its coordinates and where they are from; an unknown name; a slip of the pen."""
    address = "/place/understood?name={name}&at={at}"
    town = text_of(screen.get(address.format(name="مخمور", at=""), language))
    assert "35.78 N 43.58 E" in town
    assert words("place.gazetteer", language) in town
    grid = text_of(screen.get(address.format(name="", at="38S LE 71660 60477"), language))
    assert "38S LE 71660 60477" in grid
    assert words("place.typed", language) in grid
    near = screen.get(address.format(name="Makmoor", at="35.78, 43.58"), language)
    assert 'data-meant="Makhmour"' in near.content.decode()
    assert words("place.away", language) in text_of(near)
    lost = text_of(screen.get(address.format(name="Nowhereville", at=""), language))
    assert words("place.nowhere", language) in lost
    wrong = text_of(screen.get(address.format(name="", at="35.78"), language))
    assert words("place.unread", language) in wrong
    assert screen.get(address.format(name="", at="")).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_position_of_the_map_is_said_in_three_notations(screen, language):
    """Each to be copied, with the town next to it; what is no position is answered by nothing."""
    page = screen.get("/place/notations?at=35.78000, 43.58000", language)
    shown = text_of(page)
    for text in ("35.78, 43.58", "35°46'48.0\"N 43°34'48.0\"E", "38S LE 71"):
        assert text in shown
    assert page.content.decode().count("data-copy=") == 3
    assert words("map.mgrs", language) in shown
    for nothing in ("", "35.78", "x" * 3_000, "91, 200"):
        assert not text_of(screen.get(f"/place/notations?at={nothing}")).strip()


SENTENCE = {
    "en": "Private persons are not recorded here: use a number or a role.",
    "ar": "لا يُسجَّل هنا الأشخاص العاديون",
    "ckb": "کەسانی تایبەت لێرە تۆمار ناکرێن",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("address", "field"),
    [("/incidents/new", "text"), ("/incidents/new", "internal"), ("/incidents/new", "unknowns-new"),
     ("/log", "text"), ("/log", "informant")],
)  # fmt: skip
def test_persons_are_asked_about_before_anything_is_saved(screen, address, field, language):
    """In the form and in the composer, in every field; who stands by it goes on."""
    form = {**FORM, field: PERSON, "place-name": "Makhmour"}
    reply = screen.post(address, form, language)
    assert reply.status_code == 422
    assert SENTENCE[language] in text_of(reply)
    assert PERSON in unescape(reply.content.decode())
    answers = dict(ways(reply))
    assert screen.post(address, {**form, "sure": answers["sure"]}).status_code == 302


def test_persons_are_asked_about_in_replies(world):
    """A different account is text like any other."""
    world.write("MPA", "fire", incident(to("MOD"), text="Smoke"))
    release(Screen(world, "MPA", "liaison-officer"), uuid_of("fire/1"))
    world.exchange("MPA", "MOD")
    theirs = Screen(world, "MOD", "duty-officer")
    reply = theirs.post(
        f"/record/MPA/{uuid_of('fire/1')}/reply/dispute", {"text": PERSON, "grade-r": "B"}
    )
    assert reply.status_code == 422
    assert SENTENCE["en"] in text_of(reply)


@pytest.mark.parametrize(
    "text",
    ["Near Kifri", "بالكوير وبمخمور", "لە مەخمووردا", "Kif\u200bri's mill", "38S LE 71660 60477",
     "35.781 and then 43.583", "by the Karkashan well", "ولكركاشان"],
)  # fmt: skip
def test_a11_what_gives_the_place_away_is_pointed_out(world, text):
    """Towns, the own name and coordinates, however they are written, stand out in the box, which
    says what was looked for and never that nothing can be seen.
    """
    place = {"name": "Karkashan كركاشان", "key": "", "lat": 357_811_117, "lon": 435_811_113,
             "precision": "exact", "grain": "exact"}  # fmt: skip
    world.write("MPA", "leak", incident(to("MOD"), text=text, place=place))
    liaison = Screen(world, "MPA", "liaison-officer")
    said = text_of(liaison.get(f"/record/MPA/{uuid_of('leak/1')}/release?to=MOD"))
    found = ("infer.text_place", "infer.text_own", "infer.text_position")
    assert any(words(key) in said for key in found)
    assert words("infer.looked") in said
    assert words("infer.found_none") not in said
    assert "cannot see" not in said


def test_a11_the_name_of_a_file_is_read_too(world):
    """A file that is called after the place, or holds its coordinates in its name, tells of it."""
    names = {"plain": "photo.jpg", "town": "Kifri_01.jpg", "grid": "38S_LE_71660_60477.jpg"}
    files = [_view(world, name, {"text": text}) for name, text in names.items()]
    own = _view(world, "own", {"text": "Smoke"})
    found = inference.inferences(own, own, (), files)
    # The place leaves as it is known: nothing gives it away.
    assert {hit.key for hit in found if hit.strong} <= {"file_traces"}
    told = _view(world, "told", {"text": "Smoke", "place": None})
    strong = {hit.key for hit in inference.inferences(own, told, (), files) if hit.strong}
    assert strong >= {"file_place", "file_position"}


def _view(world, name, body):
    """A record of these words, as a page has it."""
    record = world.write("MPA", name, incident(to("MOD"), text="x"))
    view = read.record(world.desk("MPA"), world.viewer("MPA"), "MPA", record)
    changed = {key: value for key, value in {**view.value.body, **body}.items() if value}
    return _Changed(replace(view.value, body=changed))


@dataclass(frozen=True)
class _Changed:
    """As ``Released``, for a function that asks for the value alone."""

    value: RecordView
