"""The sections: what the site knows of a room is what its section.py says, once."""

import re
from contextlib import contextmanager
from pathlib import Path

import pytest

from tansiq import web
from tansiq.domain.parties import Role
from tansiq.web.shell import exits, sections
from tansiq.web.shell.addresses import Kind
from tansiq.web.shell.sections import Where
from tests import world as worlds
from tests.web.pair import KEY, LANGUAGES, Screen, words

ROOMS = Path(web.__file__).parent
NAVIGATION = re.compile(r'<nav class="sections".*?</nav>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]*)"')
PRESSED = re.compile(r'data-key="([A-Za-z0-9?/]+)"')
NEW_ROOM = '''
"""A room of a test."""

from django.http import HttpResponse

from tansiq.policy.mandate import Act
from tansiq.web.shell.addresses import page
from tansiq.web.shell.sections import Entry, Group, Key, Section

SECTION = Section(
    name="weather",
    word="place.list",
    addresses=(page("weather", lambda request: HttpResponse("dust"), "weather"),),
    entries=(Entry(name="weather", path="/weather", group=Group.PROOF, needs=Act.AUDIT,
                   count=lambda desk, viewer, most: 7),),
    keys=(Key(names=("W",), word="page.search"),),
)
'''


@pytest.fixture
def world():
    with worlds.worlds("MPA", "MOD") as made:
        made.agree("MPA", "MOD")
        yield made


@pytest.fixture
def django(world):
    """Django is ready."""
    return Screen(world, "MPA", "")


@contextmanager
def read_anew():
    """The sections are read anew, and again afterwards."""
    caches = (sections.sections, sections.addresses, sections.entries, exits.exits)
    for one in caches:
        one.cache_clear()
    try:
        yield
    finally:
        for one in caches:
            one.cache_clear()


def navigation(screen, language="en", address="/links"):
    (found,) = NAVIGATION.findall(screen.get(address, language).content.decode())
    return found


def test_every_room_with_pages_declares_a_section_of_its_name(django):
    """A folder that has a view has a section.py, and its section bears the folder's name."""
    rooms = {path.parent.name for path in ROOMS.glob("*/views.py")}
    rooms |= {path.parent.name for path in ROOMS.glob("*/section.py")}
    assert rooms <= {one.name for one in sections.sections()}
    assert rooms >= {one.name for one in sections.sections()} - {"releases"}


def test_addresses_keys_and_words_come_from_the_sections(django):
    """Each address is an exit once; the access log knows words for it, and none for others."""
    assert set(exits.page_exits()) <= {one.name for one in exits.exits()}
    assert "section.map" == sections.word_of("map-data")
    assert "section.approvals" == sections.word_of("approval")
    assert "place.release" == sections.word_of("release")
    assert sections.word_of("carrier:https") is None
    for section, found in sections.addresses().values():
        assert words(found.word or section.word, "ckb"), found.name
        if found.name.endswith("-part"):
            assert found.kind is Kind.PART, found.name
        if found.name.endswith(("-csv", "-file")):
            assert found.kind is Kind.FILE, found.name


def test_every_key_of_a_page_stands_on_the_page_of_keys(django):
    """What a template gives a key is declared by a section."""
    told = {
        name.upper()
        for where in Where for role in Role for key in sections.keys(where, role)
        for name in key.names
    }  # fmt: skip
    for template in ROOMS.glob("templates/**/*.html"):
        for pressed in PRESSED.findall(template.read_text("utf-8")):
            assert pressed.upper() in told, (template.name, pressed)


@pytest.mark.parametrize("role", Role)
def test_the_navigation_opens_what_a_role_may_open(world, role):
    """Whoever is shown a section is answered there; an administrator is shown what has no content:
    the first page with the links, the links, and the catalogue.
    """
    screen = Screen(world, "MPA", role.value.replace("_", "-"))
    shown = dict.fromkeys(LINK.findall(navigation(screen)))
    for address in shown:
        assert 200 == screen.get(address).status_code, address
    assert ("/audit" in shown) is (role is Role.AUDITOR)
    if role is Role.ADMINISTRATOR:
        assert ["/overview", "/links", "/catalogue"] == list(shown)
    else:
        assert set(shown) >= {"/overview", "/log", "/incidents", "/map", "/inbox", "/unknowns"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_navigation_and_the_page_of_keys_speak_each_language(world, language):
    """No key of a word is left bare, and where one is, is said."""
    screen = Screen(world, "MPA", "auditor")
    page = screen.get("/keys", language).content.decode()
    assert not KEY.search(page)
    for one in sections.entries():
        assert words(one.word, language) in page
    assert 'aria-current="page"' in navigation(screen, language)


def test_a_room_that_is_dropped_in_touches_no_other_file(world, django, tmp_path, monkeypatch):
    """One section.py gives an address, an exit, a key, and an entry with its count."""
    (tmp_path / "weather").mkdir()
    (tmp_path / "weather" / "__init__.py").write_text("")
    (tmp_path / "weather" / "section.py").write_text(NEW_ROOM)
    monkeypatch.setattr(web, "__path__", [*web.__path__, str(tmp_path)])
    with read_anew():
        assert "weather" in exits.page_exits()
        assert "place.list" == sections.word_of("weather")
        assert "W" in {
            name for key in sections.keys(Where.EVERYWHERE, Role.AUDITOR) for name in key.names
        }
        for position, told in (("auditor", [7]), ("duty-officer", [])):
            seen = sections.navigation(world.desk("MPA"), world.actor("MPA", position), 99).bar
            assert told == [one.count for one in seen if one.entry.name == "weather"]


def test_what_two_sections_say_is_refused(django, monkeypatch):
    """Two addresses of one name, or two entries with one key, are a mistake of ours."""
    twice = (*sections.sections(), *sections.sections()[:1])
    monkeypatch.setattr(sections, "_found", lambda: iter(twice))
    with read_anew(), pytest.raises(ValueError, match="declared twice"):
        sections.sections()


def test_d8_a_line_is_begun_from_every_page_by_who_may_write_one(world):
    """F2 stands on each page of a duty officer and opens the composer; an auditor has neither the
    key nor words about it, and no key of a section that is not theirs.
    """
    officer, auditor = (Screen(world, "MPA", one) for one in ("duty-officer", "auditor"))
    for address in ("/incidents", "/inbox", "/support", "/keys", "/watch", "/nowhere"):
        assert 'href="/log#new-line" data-key="F2"' in officer.get(address).content.decode()
        assert 'data-key="F2"' not in auditor.get(address).content.decode(), address
    assert 'href="/log#new-line"' not in officer.get("/log").content.decode()
    for screen, key in ((officer, "8"), (auditor, "F2")):
        assert f"<kbd>{key}</kbd>" not in screen.get("/keys").content.decode()
