"""The first page of each position: every number is the list that it opens, nothing is counted that
somebody may not see; and the wall view, beside which a browser opens nothing.
"""

import re
from datetime import UTC, datetime

import pytest

from tansiq.board import waits
from tansiq.desk.records import attention
from tansiq.domain.attention import Wait
from tansiq.domain.kinds import KINDS
from tansiq.domain.parties import Classification, Role
from tansiq.web.shell.sections import sections
from tests.web.pair import BESIDE_THE_STORE, LANGUAGES, Screen, agreed, text_of, words
from tests.world import CLEARED, incident, line, to, uuid_of

HOUR = 3_600_000
FIGURE = re.compile(r'<dd><a href="([^"]+)">(.*?)</a>', re.DOTALL)
ROWS = re.compile(r'<nav class="pages".*?<bdi dir="ltr">([^<]*)</bdi>', re.DOTALL)
PANEL = '<section class="panel stack" id="{}"'
SECRET = Classification.SECRET


@pytest.fixture(scope="module")
def world():
    """Incidents of all priorities at one party, one above a low clearance; one came from another,
    which was not heard of since.
    """
    with agreed() as made:
        for n, severity in enumerate(("flash", "urgent", "urgent", "routine")):
            made.write("MPA", f"fire {n}", incident(to("MOD"), severity=severity))
        made.write("MPA", "call", line(to("MOD"), text="The mill road is closed"))
        hidden = {"unknowns": [{"id": "0a1b2c3d", "text": "Who", "state": "open", "by": ""}]}
        made.write("MPA", "high", incident(to(classification=SECRET), severity="flash", **hidden))
        made.write("MOD", "theirs", incident(to("MPA"), severity="flash"))
        made.release("MOD", uuid_of("theirs/1"), "MPA", "R-MOD")
        made.exchange("MPA", "MOD")
        yield made


def panel(page, name):
    """One panel of the first page."""
    start = page.index(PANEL.format(name))
    return page[start : page.index("</section>", start)]


def told(part):
    """The numbers of a part of the page, by the address that each opens."""
    plain = (
        (address.replace("&amp;", "&"), re.sub(r"<[^>]+>", "", shown))
        for address, shown in FIGURE.findall(part)
    )
    return {address: int(shown.replace(",", "")) for address, shown in plain}


@pytest.mark.parametrize("position", [CLEARED, "duty-officer"])
def test_every_number_is_the_list_that_it_opens(world, position):
    """Of each room, and of what is new: whoever opens a number sees so many rows, of what that
    position may read and no more.
    """
    screen = Screen(world, "MPA", position)
    page = text_of(screen.get("/overview?hours=24"))
    found = told(page)
    assert len(found) >= sum(len(section.numbers) for section in sections())
    for address, number in found.items():
        opened = text_of(screen.get(address))
        if address.startswith("/unknowns"):
            assert number == opened.count("<tr") - opened.count("<thead><tr"), address
        else:
            assert number == int(ROWS.search(opened)[1].replace(",", "")), address
    secret = position == CLEARED
    assert (2 + secret) == found["/incidents?severity=flash"]
    assert (5 + secret) == told(panel(page, "new"))[
        next(a for a in found if "/incidents?tab=all&came" in a)
    ]
    assert secret is ("/unknowns?age=day" in found)


def test_no_room_tells_a_number_that_has_no_list():
    """A number names a kind with a list, a part that the list has, and values of its facets."""
    declared = [one for section in sections() for one in section.numbers]
    assert declared
    for one in declared:
        kind = KINDS[one.kind]
        assert kind.listing is not None
        assert one.tab in ("", *(tab.name for tab in kind.listing.tabs))
        assert {name for name, _ in one.facets} <= {facet.field for facet in kind.facets}


def test_what_is_new_is_what_came_since_and_not_what_is_said_to_be_of_then(world):
    """A line that was written now about an earlier day is new; what is older than the moment is
    not, whatever its own time says.
    """
    world.clock.time += 30 * HOUR
    before, screen = world.clock.time, Screen(world, "MPA", CLEARED)
    world.write(
        "MPA", "late", line(to(), text="Yesterday a gate was open", observed=before - 40 * HOUR)
    )
    page = panel(text_of(screen.get("/overview?hours=12")), "new")
    assert [1] == list(told(page).values())
    (address,) = told(page)
    assert address.startswith("/log?tab=all&came=")
    opened = text_of(screen.get(address))
    assert "Yesterday a gate was open" in opened
    assert "The mill road is closed" not in opened
    assert words("list.came") in opened


@BESIDE_THE_STORE
def test_new_begins_with_the_sign_on_before_of_the_position_and_keeps_no_person(world):
    """Whoever signs on reads since when somebody had signed on there before; a second time within
    the hour is the same sign-on. What is kept names the position alone.
    """
    from tansiq.web.accounts.models import LastSignOn  # noqa: PLC0415 - once Django is configured

    Screen(world, "MPA", "programme-manager")
    LastSignOn.objects.all().delete()

    def since(person):
        page = text_of(Screen(world, "MPA", "programme-manager", person).get("/overview"))
        return re.search(r'id="new-h">.*?datetime="([^"]+)"', page, re.DOTALL)[1]

    def at(moment):
        return datetime.fromtimestamp(moment / 1000, UTC)

    first = world.clock.time
    begun = datetime.fromisoformat(since("P-1"))
    assert begun.timestamp() == pytest.approx(
        first / 1000 - 86_400, abs=60
    )  # nobody had been there
    world.clock.time += 8 * HOUR
    assert datetime.fromisoformat(since("P-2")) == at(first).replace(second=0, microsecond=0)
    world.clock.time += HOUR // 2
    assert datetime.fromisoformat(since("P-3")) == at(first).replace(second=0, microsecond=0)
    kept = LastSignOn.objects.filter(position="programme-manager").values()
    assert [{"id", "position", "at", "before"}] == [set(one) for one in kept]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_after_signing_on_is_the_overview(world, language):
    """Of every role; it names what waits, what is late, the links, and who reads no content is told
    of the links alone.
    """
    for role in Role:
        screen = Screen(world, "MPA", role.value.replace("_", "-"))
        assert "/overview" == screen.get("/", language)["Location"]
        page = text_of(screen.get("/overview", language))
        reads = role is not Role.ADMINISTRATOR
        assert words("overview.links", language) in page
        for key in ("overview.waits", "overview.late", "overview.new"):
            assert reads is (words(key, language) in page.partition("<main")[2]), (role, key)
        assert reads is bool(told(page))


def test_what_rings_and_what_waits_stands_on_the_first_page_with_its_record(world):
    """A flash record that came: its reference, haste and owner, and how much the inbox has."""
    page = text_of(Screen(world, "MPA", CLEARED).get("/overview"))
    waits = panel(page, "waits")
    assert f'/record/MOD/{uuid_of("theirs/1")}"' in waits
    assert words("haste.flash") in waits
    assert re.search(r'href="/inbox">[^<]*<span class="count[^"]*">1</span>', waits)


def test_what_is_overdue_is_told_to_who_may_see_it(world):
    """What is past its day, once it rang: on the first page with its count, in the list that opens;
    of what is above the own clearance neither is told.
    """
    desk = world.desk("MPA")
    with desk.act() as act:
        for name in ("fire 0", "high"):
            about = f"MPA/{uuid_of(f'{name}/1')}"
            wait = Wait(seat="", about=about, why="lapse", step="", since=act.now, due=act.now)
            waits.until(desk.board, "lapse", about, wait)
    world.clock.time += HOUR
    attention.tick(desk)
    for position, many in ((CLEARED, 2), ("duty-officer", 1)):
        screen = Screen(world, "MPA", position)
        part = panel(text_of(screen.get("/overview")), "late")
        assert part.count(words("why.lapse")) == many
        number = int(re.search(r'href="/watch\?late=1"[^>]*>.*?(\d+)<', part)[1])
        opened = text_of(screen.get("/watch?late=1")).partition('id="duty"')[0]
        assert opened.count('<th scope="row"') == number
        assert opened.count(words("why.lapse")) == many


# The wall view ------------------------------------------------------------------------------------

EVERYWHERE = ("/", "/log", "/overview", "/overview/part", "/search?q=fire", "/identity", "/alerts",
              f"/record/MPA/{uuid_of('fire 0/1')}", "/keys", "/links")  # fmt: skip


@BESIDE_THE_STORE
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_browser_that_shows_the_wall_view_opens_nothing_else(world, language):
    """It is not locked by rest, keeps no words of any record, and is as good as locked for each
    other address; the page of the lock opens it.
    """
    screen = Screen(world, "MPA", CLEARED, "P-7")
    assert "/overview/wall" == screen.post("/overview/wall/show", {}, language)["Location"]
    world.clock.time += 3 * HOUR
    shown = text_of(screen.get("/overview/wall", language))
    assert words("wall.stale", language) in shown
    assert "<form" not in shown
    assert "<input" not in shown
    assert "wheat fields" not in shown
    assert re.search(r'id="tile-rings"><b><bdi dir="ltr">[1-9]', shown)
    for address in EVERYWHERE:
        reply = screen.get(address, language)
        assert (302, "/overview/wall") == (reply.status_code, reply["Location"]), address
    assert 302 == screen.post("/log", {"text": "Written at the wall"}).status_code
    assert 403 == screen.post("/unlock", {"passphrase": "a wrong one"}).status_code
    assert 200 == screen.get("/overview/wall/part", language).status_code


@BESIDE_THE_STORE
def test_the_access_log_keeps_what_the_wall_view_showed(world):
    """Of a record that rings, each time, also while the browser shows nothing else."""
    screen = Screen(world, "MPA", CLEARED, "P-8")
    screen.post("/overview/wall/show")
    before = world.desk("MPA").database.rows("SELECT COUNT(*) FROM access_record")[0][0]
    shown = text_of(screen.get("/overview/wall"))
    assert KINDS["incident"].reference(uuid_of("theirs/1")) in shown
    after = world.desk("MPA").database.rows("SELECT COUNT(*) FROM access_record")[0][0]
    assert after > before


@BESIDE_THE_STORE
def test_who_reads_no_content_has_no_wall_view(world):
    """An administrator is refused, and its browser goes on as it was."""
    screen = Screen(world, "MPA", "administrator")
    assert 403 == screen.post("/overview/wall/show").status_code
    assert 403 == screen.get("/overview/wall").status_code
    assert 200 == screen.get("/overview").status_code
