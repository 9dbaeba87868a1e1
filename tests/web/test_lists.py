"""Lists of any kind, on two real desks: tabs, facets, views, orders and addresses."""

import html
import json
import re
from itertools import product
from urllib.parse import parse_qsl, urlsplit

import pytest

from tansiq.board import index_scan, views
from tansiq.desk.records import say
from tansiq.domain.kinds import KINDS
from tansiq.domain.kinds.listing import View
from tansiq.domain.parties import Classification
from tansiq.web.shell import site
from tansiq.web.shell.asking import Address, sortings_of
from tansiq.web.shell.dates import at_zone
from tests.web.pair import LANGUAGES, Screen, agreed, text_of, words
from tests.world import CLEARED, HOUR, START, incident, to, uuid_of

DAY = 24 * HOUR
LISTED = [name for name, kind in KINDS.items() if kind.listing is not None]
VIEWS = [(name, view) for name in LISTED for view in KINDS[name].listing.views]
FIRES, FLOODS = 5, 3


@pytest.fixture(scope="module")
def world():
    """Incidents of some days, which a partner has, and some that not everybody here may read."""
    with agreed() as made:
        for number in range(FIRES):
            made.clock.time += DAY
            fire = incident(to("MOD"), text=f"Fire {number}", observed=made.clock.now())
            made.write("MPA", f"fire {number}", fire)
        for number in range(FLOODS):
            made.write(
                "MPA", f"flood {number}",
                incident(
                    to(classification=Classification.CONFIDENTIAL), text=f"Flood {number}",
                    category="flood", severity="flash", observed=made.clock.now(),
                ),
            )  # fmt: skip
        for number in range(FIRES):
            made.release("MPA", uuid_of(f"fire {number}/1"), "MOD", "R-MPA")
        made.exchange("MPA", "MOD")
        yield made


@pytest.fixture
def mpa(world):
    return Screen(world, "MPA", CLEARED)


@pytest.fixture
def mod(world):
    return Screen(world, "MOD", "duty-officer")


def body_of(screen, address, language="en"):
    reply = screen.get(address, language)
    assert reply.status_code == 200, address
    return text_of(reply)


def links(text, start="/incidents?"):
    return [html.unescape(one) for one in re.findall(r'href="([^"]+)"', text)
            if one.startswith(start.replace("&", "&amp;"))]  # fmt: skip


def rows_of(text):
    return set(re.findall(r'<tr id="x([0-9a-f-]{36})"', text))


@pytest.mark.parametrize(("kind", "view"), VIEWS, ids=[f"{k}-{v}" for k, v in VIEWS])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_every_view_it_declares(mpa, kind, view, language):
    """In three languages, page and part, with the words of the declaration."""
    text = body_of(mpa, f"/list/{kind}?view={view}", language)
    assert words(f"list.view_{view}", language) in text or len(KINDS[kind].listing.views) == 1
    assert words(KINDS[kind].list_word, language) in text
    part = body_of(mpa, f"/list/{kind}/part?view={view}", language)
    assert "<html" not in part
    assert "live-region" not in part


def test_what_has_no_list_is_not_there(mpa):
    """A kind without a list, and no kind at all, answer as what does not exist."""
    for name in ("acknowledgement", "nothing", "INCIDENT"):
        for way in ("", "/part", "/data", "/csv", "/print"):
            assert mpa.get(f"/list/{name}{way}").status_code == 404


def test_tabs_and_facets_count_what_their_lists_hold(mpa, mod):
    """Every number of a page is a link, and the list behind it has so many rows."""
    for screen in (mpa, mod):
        text = body_of(screen, "/incidents/part")
        counted = re.findall(
            r'<a href="([^"]+)"[^>]*>(?:<span>)?[^<]*(?:</span>)?'
            r' <span class="count"><bdi dir="ltr">(\d+)',
            text,
        )
        assert len(counted) > 5
        for address, number in counted:
            shown = rows_of(body_of(screen, html.unescape(address)))
            assert len(shown) == int(number), address
    flash = body_of(mpa, "/incidents?severity=flash")
    assert rows_of(flash) == {uuid_of(f"flood {n}/1") for n in range(FLOODS)}
    assert not rows_of(body_of(mod, "/incidents?severity=flash"))


def test_a_partner_reads_no_facet_of_what_is_withheld(mod):
    """The value that only hidden records have is not even offered."""
    text = body_of(mod, "/incidents")
    assert words("choice.category.fire") in text
    assert words("choice.category.flood") not in text


def test_no_number_tells_of_what_is_withheld(world):
    """Facets, days, columns and bars count for a partner, and for a position that is cleared for
    less, what it may see, whether a tally adds them up or they are counted one by one.
    """
    for party, narrowed in product(("MPA", "MOD"), ("", "&q=makhmour", "&since=2020-12-01")):
        theirs = Screen(world, party, "duty-officer")
        for view in View:
            for by in ("severity", "category", "state", "week"):
                text = body_of(theirs, f"/incidents?view={view}&by={by}&month=2020-12{narrowed}")
                assert "Flood" not in text
                assert words("choice.category.flood") not in text
        calendar = body_of(theirs, f"/incidents?view=calendar&month=2020-12{narrowed}")
        days = re.findall(r'<a class="count" href="[^"]+"[^>]*><bdi dir="ltr">(\d+)', calendar)
        assert sum(map(int, days)) == FIRES
        facets = body_of(theirs, f"/incidents?tab=all{narrowed}")
        counts = re.findall(r'severity=\w+"><span>[^<]+</span> <span class="count">'
                            r'<bdi dir="ltr">(\d+)', facets)  # fmt: skip
        assert counts == [str(FIRES)]


def test_an_address_is_the_list(mpa, mod):
    """Sent to a colleague, the same address shows the same; a malformed filter filters nothing."""
    every = rows_of(body_of(mpa, "/incidents?tab=all"))
    for odd in ("severity=nothing", "state=nothing", "tab=nothing", "order=nothing", "view=no",
                "month=2020-99", "by=nothing", "after=nothing"):  # fmt: skip
        assert rows_of(body_of(mpa, f"/incidents?{odd}")) == every
    assert rows_of(body_of(mpa, "/incidents?since=someday&tab=all")) == every  # and says so
    assert mpa.get("/incidents/csv?since=someday").status_code == 422
    day = "2020-12-22"
    one = rows_of(body_of(mpa, f"/incidents?since={day}&until={day}"))
    assert 0 < len(one) < len(every)


def test_the_order_can_be_turned(mpa):
    """The oldest come first where the address says so, and the pages go on in that order."""
    newest = re.findall(r'<tr id="x([0-9a-f-]{36})"', body_of(mpa, "/incidents/part"))
    oldest = re.findall(r'<tr id="x([0-9a-f-]{36})"', body_of(mpa, "/incidents/part?order=old"))
    assert newest == oldest[::-1]


def test_d_wish_columns_of_time_turn_the_order(mpa):
    """A heading says how the list is ordered and turns it; what has no index has none."""
    ordered = r'<th scope="col" aria-sort="(\w+)"><a href="([^"]+)"'
    address = "/incidents?tab=all"
    for expected in ("descending", "ascending"):
        text = body_of(mpa, address)
        ((said, turned),) = re.findall(ordered, text)
        address = html.unescape(turned)
        assert said == expected
        assert text.partition("<thead")[2].partition("</thead")[0].count("<a ") == 1
    assert address == "/incidents?tab=all"
    assert "aria-sort" not in body_of(mpa, "/incidents/print?tab=all")
    for order, said in (("due", "ascending"), ("due_last", "descending")):
        found = sortings_of(KINDS["stock"], Address("/stock", {"order": order}))
        assert {one.column: one.now for one in found}["use_by"] == said


def test_a_board_has_a_column_for_each_state_or_value(mpa, mod):
    """With its count, its cards and the address of its list; an empty one is slim."""
    states = body_of(mpa, "/incidents?view=board")
    for state in KINDS["incident"].listing.tabs[0].states:
        assert f'id="pile-{state}"' in states
    assert 'id="pile-closed"' not in states
    assert 'id="pile-closed"' in body_of(mpa, "/incidents?view=board&tab=all")
    grouped = body_of(mpa, "/incidents?view=board&by=severity")
    flash = grouped[grouped.index('id="pile-flash"') : grouped.index('id="pile-urgent"')]
    assert flash.count('class="card"') == FLOODS
    assert "severity=flash" in flash
    theirs = body_of(mod, "/incidents?view=board&by=severity")
    assert '<section class="pile pile-empty" id="pile-flash"' in theirs


def test_a_calendar_counts_the_days_of_a_month(mpa, mod):
    """Weeks begin on Sunday; a day's number opens the list of that day."""
    text = body_of(mpa, "/incidents?view=calendar&month=2020-12")
    assert text.index("Sunday") < text.index("Monday") < text.index("Saturday")
    days = [html.unescape(one) for one in re.findall(r'<a class="count" href="([^"]+)"', text)]
    assert days
    whole = set()
    for address in days:
        whole |= rows_of(body_of(mpa, address))
    assert whole == rows_of(body_of(mpa, "/incidents?since=2020-12-01&until=2020-12-31"))
    assert "month=2020-11" in text
    assert "month=2021-01" in text
    seen = body_of(mod, "/incidents?view=calendar&month=2020-12")
    assert "Flood" not in seen
    assert '<a class="count"' not in body_of(mpa, "/incidents?view=calendar&month=1990-01")


def test_a_timeline_goes_day_by_day(mpa):
    """Each day with its rows, in the order of the list."""
    text = body_of(mpa, "/incidents?view=timeline")
    days = re.findall(r'id="day-(\d{4}-\d{2}-\d{2})"', text)
    assert days == sorted(days, reverse=True)
    assert len(days) == FIRES
    assert text.count('class="card"') == FIRES + FLOODS


@pytest.mark.parametrize("by", ["severity", "category", "state", "week", "month", "year"])
def test_a_chart_counts_what_its_links_open(mpa, mod, by):
    """The twin of the picture has a row for each bar, whose number opens the list it counts."""
    for screen in (mpa, mod):
        text = body_of(screen, f"/incidents?view=chart&by={by}")
        twin = text[text.index("chart-twin") :]
        found = re.findall(r'<td class="num"><a href="([^"]+)"[^>]*><bdi dir="ltr">(\d+)', twin)
        assert sum(int(number) for _, number in found) == len(
            rows_of(body_of(screen, "/incidents"))
        )
        for address, number in found[-6:]:
            assert len(rows_of(body_of(screen, html.unescape(address)))) == int(number)
    assert "flood" not in body_of(mod, f"/incidents?view=chart&by={by}").lower()


def test_the_map_draws_the_list(mpa, mod):
    """Its points are the rows that the same filters give, and the facet filters them."""
    window = "bbox=-180,-90,180,90&z=7"
    for screen, count in ((mpa, FIRES + FLOODS), (mod, FIRES)):
        told = json.loads(screen.get(f"/map/data?{window}").content)
        assert len(told["points"]) == told["total"] == count
        fewer = json.loads(screen.get(f"/map/data?{window}&category=flood").content)
        assert fewer["total"] == (FLOODS if count > FIRES else 0)
    assert mpa.get("/map/data?bbox=nowhere").status_code == 422
    text = body_of(mpa, "/map?category=fire")
    assert f"/map/data?{dict(parse_qsl('category=fire')) and 'category=fire'}" in text
    assert "data-show" in text


def test_a_list_leaves_with_its_filters(mpa, mod):
    """CSV and print hold the rows of the address, with texts at full length."""
    flood = mpa.get("/incidents/csv?category=flood").content.decode()
    assert [number for number in range(FLOODS) if f"Flood {number}" in flood] == [0, 1, 2]
    assert "Fire" not in flood
    assert "Flood" not in mod.get("/incidents/csv").content.decode()
    assert words("choice.severity.flash") in body_of(mpa, "/incidents/print?severity=flash")


def test_an_address_keeps_every_filter(mpa):
    """A tab, a view or a page goes on with what was filtered, and never with a cursor."""
    text = body_of(mpa, "/incidents?q=fire&owner=MPA&severity=urgent&after=1~MPA/" + uuid_of("x"))
    kept = [dict(parse_qsl(urlsplit(one).query)) for one in links(text) if "view=board" in one]
    assert kept
    for one in kept:
        assert {"q": "fire", "owner": "MPA", "severity": "urgent", "view": "board"}.items() <= (
            one.items()
        )
        assert "after" not in one


def test_every_view_has_words():
    """No view lacks its name in a language."""
    for view in View:
        assert all(words(f"list.view_{view}", language) for language in LANGUAGES)
    assert START


@pytest.fixture
def changed():
    """A record with three editions, two hours apart, on a node of MPA."""
    with agreed() as made:
        desk, actor = made.desk("MPA"), made.actor("MPA")
        made.write("MPA", "fire", incident(to("MOD"), text="Smoke", observed=START))
        for text in ("Blaze", "Blaze is out"):
            made.clock.time += 2 * HOUR
            base = say.current(desk, actor, uuid_of("fire/1")).value.digest
            draft = incident(to("MOD"), text=text, category="flood", observed=START)
            say.revise(desk, actor, uuid_of("fire/1"), base, draft)
        made.clock.time += 2 * HOUR
        yield made


def typed(moment):
    """A moment as somebody types it."""
    return f"{at_zone(moment, site.current().zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_is_asked_as_of_an_earlier_moment(changed, language):
    """It shows what was known then, says so with the way back to now, and is not live."""
    screen = Screen(changed, "MPA", CLEARED)
    now = body_of(screen, "/incidents", language)
    assert "Blaze is out" in now
    assert '<live-region src="/incidents/part' in now
    moment = typed(START + HOUR)
    then = body_of(screen, f"/incidents?tab=all&as_of={moment}", language)
    assert "Smoke" in then
    assert "Blaze" not in then
    assert words("list.as_known_rule", language) in then
    assert moment in then
    assert f'<time dir="ltr" datetime="{moment.replace(" ", "T")}' in then
    assert "/incidents/part" not in then
    assert 'href="/incidents?tab=all"' in then  # back to now
    assert not rows_of(body_of(screen, f"/incidents?as_of={typed(START - HOUR)}", language))


def test_every_number_of_a_list_is_as_of_its_moment(changed):
    """Tabs, facets, days, bars and ways out keep the moment in their addresses, and count what
    was known then.
    """
    screen = Screen(changed, "MPA", CLEARED)
    asked = f"tab=all&as_of={typed(START + HOUR)}"
    for view in View:
        text = body_of(screen, f"/incidents?view={view}&{asked}")
        there = [one for one in links(text) if "as_of=" not in one]
        assert all(parse_qsl(urlsplit(one).query)[0][0] in ("view", "tab") for one in there)
        assert len(there) == 1, view  # back to now
    fire = words("choice.category.fire")
    assert fire in body_of(screen, f"/incidents/part?{asked}")
    assert fire not in body_of(screen, "/incidents/part?tab=all")
    points = json.loads(body_of(screen, f"/map/data?bbox=38,29,49,38&z=12&{asked}"))["points"]
    assert len(points) == 1
    csv = body_of(screen, f"/incidents/csv?{asked}")
    assert "Smoke" in csv
    assert "Blaze" not in csv
    printed = body_of(screen, f"/incidents/print?{asked}")
    assert typed(START + HOUR) in printed
    assert words("list.as_of") in printed


def test_a_moment_that_has_not_come_or_is_none_is_said_and_leaves_by_no_way(changed):
    """Nobody is shown what is known now under the name of tomorrow: the page says that it shows
    what is known now, and a file is refused.
    """
    screen = Screen(changed, "MPA", CLEARED)
    for moment in (typed(START + DAY), "2020-12-20", "yesterday", "0001-01-01 00:00"):
        page = body_of(screen, f"/incidents?as_of={moment}")
        assert words("list.as_known") not in page, moment
        assert 'role="alert"' in page, moment
        assert screen.get(f"/incidents/csv?as_of={moment}").status_code == 422, moment


@pytest.mark.parametrize("view", View)
def test_a_view_reads_only_the_rows_that_it_shows(mpa, monkeypatch, view):
    """What is fetched for a page of a list stands on it: a board reads its cards, a calendar its
    days, a chart no record at all, and the access log names no other.
    """
    read = []

    def counting(database, ids):
        found = views.rows_of(database, ids)
        read.extend(str(row[0]).partition("/")[2] for row in found.values())
        return found

    monkeypatch.setattr(index_scan, "rows_of", counting)
    text = body_of(mpa, f"/incidents?tab=all&view={view}&month=2020-12")
    shown = re.findall(r"/record/MPA/([0-9a-f-]{36})", text)
    assert set(read) == set(shown)
    assert len(read) == len(set(read))
    assert bool(read) == (view is not View.CHART)


def test_d_wish_dates_narrow_a_list_by_span_day_or_minute(mpa):
    """Today, 24 hours and 7 days are links that say what they are; an edge may be a minute."""
    text = body_of(mpa, "/incidents/part?tab=all")
    spans = text[text.index('id="facet-dates"') :].partition("</details>")[0]
    today, hours, week = links(spans)
    every = rows_of(text)
    assert rows_of(body_of(mpa, today)) <= rows_of(body_of(mpa, hours)) < every
    assert rows_of(body_of(mpa, hours)) < rows_of(body_of(mpa, week)) <= every
    assert "/incidents?tab=all" in links(body_of(mpa, week))  # the same link takes it away again
    minute = f"{at_zone(START + DAY * FIRES, site.current().zone):%Y-%m-%d %H:%M}"
    one = rows_of(body_of(mpa, f"/incidents?tab=all&since={minute}&until={minute}"))
    assert uuid_of(f"fire {FIRES - 1}/1") in one
    assert uuid_of("fire 0/1") not in one


@pytest.mark.parametrize("language", LANGUAGES)
def test_d_wish_place_party_and_category_lead_to_their_lists(mpa, mod, language):
    """On rows under what else is asked, and on the page of a record whatever its state; where the
    list is narrowed so already, it is no link; paper and files have none.
    """
    wanted = ("owner=MPA", "category=fire", "place=makhmour")
    for screen in (mpa, mod):
        page = links(body_of(screen, f"/record/MPA/{uuid_of('fire 0/1')}", language))
        rows = body_of(screen, "/incidents/part?severity=urgent", language).partition("<tbody")[2]
        for one in wanted:
            assert f"/incidents?tab=all&{one}" in page
            assert f"/incidents?severity=urgent&{one}" in links(rows)
            narrowed = body_of(screen, f"/incidents?tab=all&{one}", language)
            assert uuid_of("fire 0/1") in rows_of(narrowed)
            assert f"/incidents?tab=all&{one}" not in links(narrowed.partition("<tbody")[2])
    assert not links(body_of(mpa, "/incidents/print?tab=all", language).partition("<tbody")[2])
