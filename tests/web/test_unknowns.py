"""The page of what is not known, and the acts on a record."""

import re

import pytest

from tansiq.desk.records import say
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.kinds import kind_named
from tests import seeds
from tests.fuzz import mutate
from tests.noninterference.browser import Browser
from tests.world import HOUR, START, both_ways, incident, to, uuid_of, worlds

WHO = {"id": "0a1b2c3d", "text": "Who lit it", "state": "open", "by": ""}
FIRE, SMOKE = uuid_of("fire/1"), uuid_of("smoke/1")
SPOKEN = kind_named("incident").reference(SMOKE)


@pytest.fixture
def screen():
    """MPA's browser; MPA and MOD each do not know something."""
    with worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD", *both_ways("MPA", "MOD"))
        made.write("MPA", "fire", incident(to("MOD"), unknowns=[WHO]))
        made.clock.time += 50 * HOUR
        theirs = {**WHO, "text": "Whose smoke it is"}
        made.write("MOD", "smoke", incident(to("MPA"), unknowns=[theirs]))
        made.release("MOD", SMOKE, "MPA", "R-MOD")
        made.exchange("MOD", "MPA")
        browser = Browser(made.desk("MPA"), "cleared")
        yield made, browser
        browser.close()


def order(text: str) -> list[str]:
    return re.findall(r"Who lit it|Whose smoke it is", text)


def test_the_page_lists_own_and_partners_by_age(screen):
    """Newest first, or oldest first; by owner; with age, place, owner and a link."""
    _, browser = screen
    text = browser.get("/unknowns").text
    assert order(text) == ["Whose smoke it is", "Who lit it"]
    assert f"/record/MOD/{SMOKE}" in text
    assert f"/record/MPA/{FIRE}" in text
    assert '<bdi dir="ltr">2</bdi> Days' in text
    assert '<bdi dir="ltr">0</bdi> Hours' in text
    assert order(browser.get("/unknowns?first=oldest").text) == ["Who lit it", "Whose smoke it is"]
    assert order(browser.get("/unknowns/part?owner=MOD").text) == ["Whose smoke it is"]
    assert order(browser.get("/unknowns?owner=MPA").text) == ["Who lit it"]
    for odd in ("owner=ZZZ", "after=1~2~3", "after=" + "9" * 90, "first=%00"):
        assert order(browser.get(f"/unknowns?{odd}").text) == order(text)
    assert order(browser.get("/unknowns?age=week").text) == ["Who lit it"]
    assert order(browser.get("/unknowns?age=day&kind=incident").text) == ["Whose smoke it is"]
    assert order(browser.get("/unknowns?kind=answer").text) == []
    last = f"/unknowns?after={START + 50 * HOUR}~MOD/{SMOKE}~{WHO['id']}"
    assert order(browser.get(last).text) == ["Who lit it"]


@pytest.mark.parametrize("typed", [f"https://node/record/MOD/{SMOKE}", SPOKEN, SPOKEN.lower()[2:]])
def test_an_unknown_is_answered_on_the_record_page(screen, typed):
    """By a record whose address was pasted or whose reference was typed, as it is read over the
    radio; it goes from the list, and the record links to it.
    """
    made, browser = screen
    page = browser.get(f"/record/MPA/{FIRE}").text
    base = re.search(r'name="base" value="([0-9a-f]{64})"', page)[1]
    form = {"base": base, "item": WHO["id"], "state": "answered", "address": typed}
    assert browser.post(f"/record/MPA/{FIRE}/unknown", {**form, "address": "x"}).status == 422
    assert browser.post(f"/record/MPA/{FIRE}/unknown", {**form, "state": "shut"}).status == 422
    absent = {**form, "address": uuid_of("nothing")}
    assert browser.post(f"/record/MPA/{FIRE}/unknown", absent).status == 404
    assert browser.post(f"/record/MOD/{SMOKE}/unknown", form).status == 404
    assert browser.post(f"/record/MPA/{FIRE}/unknown", form).status == 302
    assert browser.post(f"/record/MPA/{FIRE}/unknown", form).status == 409
    body = say.current(made.desk("MPA"), made.actor("MPA"), FIRE).value.body
    assert body["unknowns"] == [{**WHO, "state": "answered", "by": SMOKE}]
    assert order(browser.get("/unknowns").text) == ["Whose smoke it is"]
    for page in (f"/record/MPA/{FIRE}", f"/record/MPA/{FIRE}/print"):
        assert f"/record/MOD/{SMOKE}" in browser.get(page).text


def test_the_form_of_an_incident_asks_line_by_line(screen):
    """Each line becomes an item; the edit form keeps ids, a cleared line goes."""
    made, browser = screen
    form = {
        "text": "Fire", "category": "fire", "severity": "urgent", "observed": "2020-12-20 10:00",
        "place-name": "Erbil", "grade-r": "B", "grade-c": "2", "unknowns-rows": "0",
        "unknowns-new": "How large\n\nHow many hurt\n",
    }  # fmt: skip
    reply = browser.post("/incidents/new", form)
    record = reply.header("location").rsplit("/", 1)[1]
    desk, actor = made.desk("MPA"), made.actor("MPA")
    items = say.current(desk, actor, record).value.body["unknowns"]
    assert [item["text"] for item in items] == ["How large", "How many hurt"]
    page = browser.get(f"/record/MPA/{record}/edit").text
    assert all(f'value="{item["id"]}"' in page for item in items)
    base = re.search(r'name="base" value="([0-9a-f]{64})"', page)[1]
    again = {**form, "base": base, "unknowns-rows": "2", "unknowns-new": ""}
    for n, item in enumerate(items):
        again |= {f"unknowns-{n}-id": item["id"], f"unknowns-{n}-state": "no_value"}
    again |= {"unknowns-0-text": "", "unknowns-1-text": items[1]["text"]}
    assert browser.post(f"/record/MPA/{record}/edit", again).status == 302
    left = say.current(desk, actor, record).value.body["unknowns"]
    assert left == [{**items[1], "state": "no_value"}]


def test_whatever_a_partner_asks_the_pages_stand(screen):
    """Unknowns in which something is otherwise are set aside, or shown on every page."""
    made, browser = screen
    chance, taken = seeds.chance("unknowns"), 0
    full = [WHO, {"id": "4e5f6a7b", "text": "By whom", "state": "answered", "by": FIRE}]
    with made.desk("MOD").act() as act:
        for n in range(120):
            body = mutate.changed({**incident().body, "unknowns": full}, chance)
            act.feed("MPA", {
                "type": "edition", "release": uuid_of(f"odd {n}"), "record": uuid_of(f"r {n}"),
                "kind": "incident", "v": 1, "k": 1, "state": "reported", "body": body,
                "label": to("MPA").to_json(), "position": "cleared", "purpose": "coordination",
                "rule": "R-MOD", "at": chance.choice((0, START, BOUNDS.moment_max)),
            })  # fmt: skip
    made.exchange("MOD", "MPA")
    for page in ("/unknowns", "/unknowns?first=oldest", "/incidents?tab=all", "/inbox"):
        assert browser.get(page).status == 200, page
    for n in range(120):
        status = browser.get(f"/record/MOD/{uuid_of(f'r {n}')}").status
        assert status in (200, 404)
        taken += status == 200
    assert taken > 10


def test_the_list_leaves_as_a_file_and_on_paper_as_it_is_filtered(screen):
    """CSV and print have the rows of the page, under its filters and as of its moment."""
    _, browser = screen
    then = "?as_of=2020-12-21 00:00"
    for asked, texts in (("", 2), ("?owner=MOD", 1), ("?age=week", 1), (then, 1)):
        address = asked.replace(" ", "%20")
        page = browser.get(f"/unknowns{address}").text
        assert len(order(page)) == texts, asked
        for way in ("csv", "print"):
            assert order(browser.get(f"/unknowns/{way}{address}").text) == order(page)


def test_the_list_stands_as_of_a_moment_and_without_one_that_is_none(screen):
    """As it was known then, and so it says; a moment that is none or ahead takes nothing away."""
    _, browser = screen
    then = browser.get("/unknowns?as_of=2020-12-21%2000:00").text
    assert order(then) == ["Who lit it"]
    assert 'id="as-of"' in then
    assert 'live-region src="/unknowns' not in then
    for odd in ("someday", "2099-01-01%2000:00"):
        assert len(order(browser.get(f"/unknowns?as_of={odd}").text)) == 2
        assert 'id="filter-fault"' in browser.get(f"/unknowns?as_of={odd}").text
        assert browser.get(f"/unknowns/csv?as_of={odd}").status == 422


def test_every_number_of_the_page_counts_the_rows_of_its_list(screen):
    """Each value of a facet links to so many rows, now and as of a moment."""
    _, browser = screen
    for start in ("/unknowns", "/unknowns?as_of=2020-12-21%2000:00", "/unknowns?owner=MPA"):
        text = browser.get(start).text
        counted = re.findall(
            r'href="(/unknowns[^"]*)"><span>[^<]*(?:<[^>]*>)*[^<]*</span> '
            r'<span class="count"><bdi dir="ltr">(\d+)', text
        )  # fmt: skip
        assert len(counted) > 2
        for address, number in counted:
            shown = order(browser.get(address.replace("&amp;", "&")).text)
            assert len(shown) == int(number), (start, address)
