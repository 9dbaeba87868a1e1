"""Planned activities on pages: the form, the list by time, the page in words, the sealed ones."""

import csv
import io
import json
import re

import pytest
from lxml import etree

from tansiq.desk.records import read
from tests.activities import planned
from tests.web.pair import KEY, LANGUAGES, Screen, text_of, words
from tests.world import HOUR, START, rule, worlds

ROUTE = "35.7800, 43.5800\nGwer; 5 km north of Makhmour"


@pytest.fixture(scope="module")
def town():
    """MPA with an agreement that lets activities go to MOD, one of each kind written."""
    with worlds("MPA", "MOD") as made:
        kinds = frozenset({"planned_activity"})
        made.agree("MPA", "MOD", rule("MPA", "ACT", kinds=kinds, automatic=True))
        drafts = {
            "road": planned("MOD", repeats="daily", repeats_until="2020-12-23"),
            "night": planned(sealed="sealed", text="Night move"),
            "aid": planned("MOD", activity="aid_convoy", text="Aid to Hawija"),
        }
        made.records = {name: made.write("MPA", name, one) for name, one in drafts.items()}
        made.exchange("MPA", "MOD")
        yield made


@pytest.fixture
def screen(town):
    return Screen(town, "MPA", "duty-officer")


def form(**more):
    plain = {
        "activity": "movement", "text": "Water to the villages", "area-shape": "corridor",
        "area-positions": ROUTE, "area-metres": "2000", "begins": "2020-12-21 06:00",
        "until": "2020-12-21 11:00", "contact": "Operations desk", "sealed": "open",
        "class": "restricted",
    }  # fmt: skip
    return {**plain, **more}


def file(screen, given, language="en", address="/activities/new"):
    """Save a form, read what it meets, and save it once more."""
    shown = screen.post(address, given, language)
    assert shown.status_code == 409, text_of(shown)
    (mark,) = re.findall(r'name="neighbours_seen" value="([0-9a-f]{64})"', text_of(shown))
    return screen.post(address, {**given, "neighbours_seen": mark}, language), text_of(shown)


def test_it_is_filed_with_positions_in_any_notation(town, screen):
    """One a line or parted by semicolons: coordinates, a town, and so far from a town."""
    reply, _ = file(screen, form())
    assert reply.status_code == 302, text_of(reply)
    page = text_of(screen.get(reply["Location"]))
    assert "Corridor" in page
    assert "width 2 km" in page
    assert 3 == page.count('<li class="mono">')
    edit = text_of(screen.get(f"{reply['Location']}/edit"))
    assert "35.78, 43.58" in edit


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_says_which_line(screen, language):
    """A line that cannot be read is named in the reader's language, with what stands in it."""
    reply = screen.post(
        "/activities/new", form(**{"area-positions": "Makhmour\nnowhere at all"}), language
    )
    assert reply.status_code == 422
    page = text_of(reply)
    said = words("error.area_line", language).partition("{line}")[0].strip()
    assert said.split(".")[0] in page
    assert "nowhere at all" in page
    assert 'id="f-area"' in page
    assert "has-error" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_border_that_crosses_itself_is_refused_with_the_crossing(screen, language):
    """The form says where, beside the field, and keeps what was typed."""
    bow = "35.0, 43.0; 35.2, 43.2; 35.2, 43.0; 35.0, 43.2"
    given = form(**{"area-shape": "polygon", "area-metres": "", "area-positions": bow})
    reply = screen.post("/activities/new", given, language)
    assert reply.status_code == 422
    page = text_of(reply)
    assert re.search(r"35\.1\d{4}, 43\.\d{5}", page)
    assert bow in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_plans_no_strike_and_says_what_sealed_means(screen, language):
    """There is no such choice; a closed area is sealed, and nobody else learns of what is."""
    page = text_of(screen.get("/activities/new", language))
    assert words("lead.planned_activity", language) in page
    assert words("hint.planned_activity.sealed", language) in page
    assert not re.search(r'value="(strike|raid|attack)"', page)
    refused = screen.post("/activities/new", form(activity="closed_area"), language)
    assert refused.status_code == 422
    sealed = form(activity="closed_area", sealed="sealed", text="")
    kept, _ = file(screen, sealed, language)
    assert kept.status_code == 302, text_of(kept)
    assert "Closed area" in text_of(screen.get(kept["Location"], language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_page_says_when_and_where_in_words(town, screen, language):
    """The corridor, every day until when, the margins and the height, with a picture of it."""
    page = text_of(screen.get(f"/record/MPA/{town.records['road']}", language))
    for key in ("activity.ground", "activity.coming", "act.give_back_booking"):
        assert words(key, language) in page, key
    assert words("activity.daily", language).partition("{day}")[0].strip() in page
    assert 'data-key="g"' in page
    assert '<svg class="area-picture"' in page
    assert not KEY.search(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sealed_one_says_so_and_offers_no_release(town, screen, language):
    """Its page says what is done with it; no button releases it, and the panel gives the reason."""
    address = f"/record/MPA/{town.records['night']}"
    page = text_of(screen.get(address, language))
    assert words("activity.is_sealed", language) in page
    assert f"{address}/release" not in page
    assert words("refused.stays_home", language) in text_of(
        screen.get(f"{address}/release?to=MOD", language)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_movement_of_aid_is_notified_and_nobody_approves_it(town, language):
    """Both sides read so; the other acknowledges having it, and there is nothing to approve."""
    for party in ("MPA", "MOD"):
        reader = Screen(town, party, "duty-officer", f"P-{party}")
        page = text_of(reader.get(f"/record/MPA/{town.records['aid']}", language))
        assert words("activity.is_aid", language) in page
        assert 'name="step" value="agree_activity"' not in page
    assert "/reply/acknowledgement" in page


def test_no_list_that_leaves_holds_a_sealed_one_or_its_count(town, screen):
    """By every way: neither the row nor a word that something stays; the page has it."""
    assert "Night move" in text_of(screen.get("/activities?tab=coming"))
    for way in ("csv", "print", "ics", "geojson", "kml"):
        left = screen.get(f"/activities/{way}?tab=all")
        assert left.status_code == 200
        text = left.content.decode("utf-8-sig")
        assert "Road repair" in text
        assert "Night move" not in text
        kept = words("table.kept").partition("{")[0].strip()
        assert not kept or kept not in text
    rows = list(csv.reader(io.StringIO(screen.get("/activities/csv?tab=all").content.decode())))
    assert not any("sealed" in row for row in rows[2:])


def test_a_calendar_takes_every_window(screen):
    """What repeats is one entry that repeats, from moment to moment, until its last day there."""
    text = screen.get("/activities/ics?tab=all").content.decode().replace("\r\n ", "")
    (entry,) = [one for one in text.split("BEGIN:VEVENT") if "Road repair" in one]
    assert "RRULE:FREQ=DAILY;UNTIL=20201223T205959Z" in entry
    assert "DTSTART:20201220T130000Z" in entry
    assert "DTEND:20201220T170000Z" in entry


def test_what_is_open_leaves_for_the_maps_of_others(screen):
    """GeoJSON and KML hold the open ones with their area, time and class; both can be read."""
    left = screen.get("/activities/geojson?tab=all")
    assert left["Content-Type"] == "application/geo+json"
    made = json.loads(left.content)
    names = [next(iter(one["properties"].values())) for one in made["features"]]
    assert len(names) == len(set(names)) >= 2
    assert {"GeometryCollection"} <= {one["geometry"]["type"] for one in made["features"]}
    assert "Restricted" in made["marking"]
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(screen.get("/activities/kml?tab=all", "ar").content, parser)
    space = {"k": "http://www.opengis.net/kml/2.2"}
    assert len(names) == len(root.findall(".//k:Placemark", space))
    assert root.findall(".//k:TimeSpan/k:begin", space)
    assert screen.get("/incidents/geojson").status_code == 404


def test_the_map_draws_the_shape_and_its_twin_says_it(town, screen):
    """What the map gets has the area; the list beside it says it in words."""
    data = json.loads(
        screen.get("/activities/data?bbox=40,30,50,40&z=8&tab=coming").content
    )  # fmt: skip
    shapes = {one["title"]: one["area"]["shape"] for one in data["points"]}
    assert "corridor" == shapes["Road repair"]
    page = text_of(screen.get("/activities?view=map&tab=coming"))
    assert "Corridor" in page
    assert "data-show=" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_files_without_having_seen_what_it_meets(town, language):
    """The form comes back with the neighbours that one may see, with metres and minutes, and is
    saved with one more key; both pages then say so, and a sealed neighbour is told to nobody.
    """
    clerk = Screen(town, "MOD", "duty-officer", f"P-{language.upper()}")
    across = form(
        text=f"Tankers {language}", **{"area-positions": "35.90, 43.65\n35.92, 43.70"},
        begins="2020-12-20 16:00", until="2020-12-20 19:00",
    )  # fmt: skip
    reply, shown = file(clerk, {**across, "margin_metres": "9000"}, language)
    assert words("neighbours.before_saving", language) in shown
    assert words("neighbours.near", language) in shown
    assert re.search(words("neighbours.apart", language).partition("{")[0] + r".{0,40}\d", shown)
    assert "Road repair" in shown
    assert "Night move" not in shown
    assert reply.status_code == 302, text_of(reply)
    page = text_of(clerk.get(reply["Location"], language))
    assert 'class="area-own' in page
    assert 'class="area-warn' in page, "the picture shows what it meets"
    assert words("neighbours.told_unsent", language).partition("{")[0].strip() in page
    assert "Operations desk" in page
    desk, (_, record) = town.desk("MOD"), reply["Location"].strip("/").split("/")[1:]
    kept = read.record(desk, town.viewer("MOD"), "MOD", record).value
    assert kept.body["neighbours_seen"]
    assert kept.state == "checked"


def test_what_changed_meanwhile_is_shown_again(town, screen):
    """A mark of other neighbours is no mark: the form comes back, and nothing is saved."""
    given = form(text="Late one", neighbours_seen="0" * 64)
    assert screen.post("/activities/new", given).status_code == 409
    assert "Late one" not in text_of(screen.get("/activities?tab=all"))


def test_a_new_edition_shows_what_it_meets_too(town, screen):
    """Whoever moves it sees what it meets there, and the edition says that it was seen."""
    address = f"/record/MPA/{town.records['night']}"
    sheet = text_of(screen.get(f"{address}/edit"))
    base = re.search(r'name="base" value="([^"]*)"', sheet)[1]
    given = form(
        sealed="sealed", text="Night move", base=base, begins="2020-12-22 01:00",
        until="2020-12-22 03:00",
    )  # fmt: skip
    reply, shown = file(screen, given, address=f"{address}/edit")
    assert words("neighbours.title") in shown
    assert reply.status_code == 302, text_of(reply)
    assert words("neighbours.clear") in text_of(screen.get(address))


def test_every_view_of_the_list_is_there(town, screen):
    """List, calendar, timeline and map, also of what has ended, once time has gone by."""
    for view in ("list", "calendar", "timeline", "map"):
        for tab in ("coming", "under_way", "ended", "off", "all"):
            reply = screen.get(f"/activities?view={view}&tab={tab}")
            assert reply.status_code == 200
    town.clock.time = START + 3 * HOUR
    later = Screen(town, "MPA", "duty-officer", "P-2")
    assert "Road repair" in text_of(later.get("/activities?tab=under_way"))
    given_back = words("act.give_back_booking")
    address = f"/record/MPA/{town.records['night']}"
    assert given_back in text_of(later.get(address))
    town.clock.time = START + 90 * 24 * HOUR
    later = Screen(town, "MPA", "duty-officer", "P-3")
    gone = text_of(later.get("/activities?tab=all"))
    assert words("state.ended") in gone
    assert words("state.checked") not in gone.partition("<tbody")[2]
    assert given_back not in text_of(later.get(address))
    town.clock.time = START
    assert "Road repair" not in text_of(screen.get("/activities?tab=under_way"))


def test_what_is_typed_is_said_back(screen):
    """The line under the inputs says the area, or the fault, and where the map draws it."""
    query = "shape=circle&metres=3000&positions=5 km north of Makhmour"
    page = text_of(screen.get(f"/area/understood?{query}"))
    assert "radius 3 km" in page
    assert "358249156" in page
    broken = text_of(screen.get("/area/understood?shape=polygon&positions=here;there'\"<"))
    assert "chip-warn" in broken
