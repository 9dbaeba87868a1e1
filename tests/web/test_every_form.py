"""Every form that a page shows, filled in as the page fills it but for one field, which says what
nobody should say there: each ends in words, and nothing of it runs.

What forms may hold at random stands in ``test_fuzzed_forms.py``; this one finds the forms by
itself, so that a new one is tried without being named here.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tansiq.desk.proof import checking
from tests import breadth, stores
from tests.noninterference import scene
from tests.noninterference.addresses import patterns
from tests.noninterference.browser import form_token
from tests.noninterference.story import CALM, Case
from tests.web.hostile import OVERRIDES, SCRIPT, runs
from tests.web.pair import Screen
from tests.world import World, uuid_of

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)(?:MPA|MOD|JCC)(?=/|$)")
ODD = (
    "", " ", "0", "-1", "9" * 30, "9" * 5_000, "999999999999999", "1e9", "²", "٣", "\u0967",
    "x" * 500, "x" * 70_000, "a\nb\r\nX: y", "\x00", OVERRIDES, "\u200b", SCRIPT, "{{ 7*7 }}",
    "%s%n", "' OR 1=1 --", "../../etc/passwd", "//[", "http://[::1", "\\\\host\\x",
    "9999-12-31 23:59", "0001-01-01 00:00", "2020-02-30", uuid_of("nowhere"), "MOD/zz", "ZZ",
    "a.b.c", "(" * 3_000, "1" * 39 + "," + "2" * 39, "=1+1", "[" * 60,
)  # fmt: skip
# On PostgreSQL only in a whole run: it asks some ten thousand times.
pytestmark = pytest.mark.skipif(
    stores.on_postgresql() and breadth.of(everyday=True, whole=False),
    reason="the forms of one store are tried every day, those of the other in a whole run",
)
# They end or lock the session, or hash slowly; each has tests of its own.
ASIDE = re.compile(r"/(?:sign-o|lock|unlock|identity|passkey|overview/wall)")
FILES = (
    ("a\u202etxt.exe", b""), ("../../x.csv", b"\x00" * 9), ("x" * 300, b'a,b\n"c'), ("", b"x"),
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """A form of a page as it would be sent: method, address, fields in their order."""

    method: str
    address: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()

    @property
    def sort(self) -> tuple[object, ...]:
        """What it is, whichever record it is about."""
        act = next((value for name, value in self.fields if name == "act"), "")
        names = frozenset(ID.sub("-", name) for name, _ in self.fields)
        return self.method, ID.sub("-", self.address), act, names


@dataclass
class _Open:
    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    keys: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads the forms of a page, and the addresses to which its links lead with a query."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.forms, self.links = here, list[Form](), set[str]()
        self._form: _Open | None = None
        self._select = self._area = ""
        self._options: list[tuple[str, bool]] = []
        self._text = ""

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and "?" in given.get("href", ""):
            self.links.add(given["href"])
        if tag == "form":
            action = given.get("action") or self.here
            self._form = _Open(given.get("method", "get").lower(), action)
        elif self._form is None:
            return
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self._select, self._options = given.get("name", ""), []
        elif tag == "option":
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._area, self._text = given.get("name", ""), ""
        elif tag == "button" and given.get("name"):
            self._form.keys.append((given["name"], given.get("value", "")))

    def _input(self, given):
        name, kind = given.get("name"), given.get("type", "text")
        if not name:
            return
        if kind == "file":
            self._form.files.append(name)
        elif kind in ("radio", "checkbox") and "checked" not in given:
            if name not in dict(self._form.fields):
                self._form.fields.append((name, given.get("value", "on")))
        else:
            self._form.fields.append((name, given.get("value", "")))

    def handle_data(self, data):
        if self._area:
            self._text += data

    def handle_endtag(self, tag):
        if self._form is None:
            return
        if tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen]
            some = chosen or [value for value, _ in self._options if value] or [""]
            self._form.fields.append((self._select, some[0]))
            self._select = ""
        elif tag == "textarea" and self._area:
            self._form.fields.append((self._area, self._text))
            self._area = ""
        elif tag == "form":
            self._close()

    def _close(self):
        made, self._form = self._form, None
        for key in made.keys or [None]:
            pairs = (*made.fields, key) if key else made.fields
            pairs = tuple((n, v) for n, v in pairs if n not in ("csrfmiddlewaretoken", "once"))
            self.forms.append(Form(made.method, made.action, pairs, tuple(made.files)))


class _UndoneError(Exception):
    pass


@contextmanager
def undone(world: World, party: str) -> Iterator[None]:
    """Nothing that happens here stays: each form meets the node of its page."""
    try:
        with world.desk(party).act():
            yield
            raise _UndoneError  # noqa: TRY301 - the way out of an act
    except _UndoneError:
        return


def pages(screen: Screen) -> Iterator[str]:
    """Every page, of one record of each sort."""
    rows = screen.desk.database.rows(
        "SELECT MIN(record), kind, owner, state FROM record GROUP BY kind, owner, state"
    )
    records = [str(row[0]).split("/") for row in rows]
    for pattern in patterns().values():
        if ASIDE.match(pattern):
            continue
        for owner, record in records if "{owner}" in pattern else records[:1]:
            yield pattern.format(
                owner=owner, record=record, number=1, other=1, kind="acknowledgement",
                party="MPA" if screen.desk.me == "MOD" else "MOD", lane=uuid_of("none"),
                code="ar", name="auditor", public="0" * 64, release=uuid_of("none"),
            )  # fmt: skip


def forms(world: World, screen: Screen) -> list[Form]:
    """One of each sort of form that the pages show, and that stand behind their links."""
    found: dict[tuple[object, ...], Form] = {}
    seen, ahead = set[str](), list(pages(screen))
    while ahead:
        address = ahead.pop(0)
        if (sort := ID.sub("-", address)) in seen and "?" in address:
            continue
        seen.add(sort)
        with undone(world, str(screen.desk.me)):
            reply = screen.client.get(address)
        if not reply.headers.get("Content-Type", "").startswith("text/html"):
            continue
        reader = _Reader(urlsplit(address).path)
        reader.feed(reply.content.decode())
        links = sorted(link for link in reader.links if link.startswith("/record/"))
        ahead += links if "?" not in address else []
        linked = (Form("get", urlsplit(link).path, tuple(parse_qsl(urlsplit(link).query)))
                  for link in reader.links)  # fmt: skip
        for one in (*reader.forms, *linked):
            if not ASIDE.match(one.address) and one.address.startswith("/"):
                _keep(found, one)
    return list(found.values())


def _keep(found: dict[tuple[object, ...], Form], one: Form) -> None:
    """Of what is asked in addresses, all names of one page together."""
    if one.method == "get":
        key: tuple[object, ...] = ("get", ID.sub("-", one.address))
        known = found.get(key)
        fields = {**dict(one.fields), **dict(known.fields if known else ())}
        found[key] = Form("get", one.address, tuple(sorted(fields.items())))
    else:
        found.setdefault(one.sort, one)


def changed(one: Form, few: int) -> Iterator[list[tuple[str, str]]]:
    """The form as it stands, then with each field in turn saying something odd, nothing, or the
    same several times; so many of these for each field, others for each.
    """
    yield list(one.fields)
    for number, (name, value) in enumerate(one.fields):
        rest = [pair for pair in one.fields if pair[0] != name]
        ways = [rest, [*one.fields, (name, value), (name, value)]]
        ways += [[*rest, (name, odd)] for odd in ODD]
        begin = hash_of(f"{ID.sub('-', one.address)}{name}") + number
        yield from (ways[(begin + at) % len(ways)] for at in range(min(few, len(ways))))


def hash_of(text: str) -> int:
    return int(uuid_of(text)[:6], 16)


def sent(screen: Screen, one: Form, pairs: list[tuple[str, str]], **files):
    """What comes of it."""
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    if one.method == "get":
        return screen.client.get(one.address, fields)
    token = form_token(screen.session, one.address)
    return screen.client.post(one.address, {**fields, "once": token, **files})


def attacked(world: World, party: str, position: str, few: int) -> int:
    """How many forms were sent."""
    screen, count = Screen(world, party, position), 0
    for one in forms(world, screen):
        tried = [(pairs, {}) for pairs in changed(one, few)]
        for name in one.files:
            tried += [(list(one.fields), {name: SimpleUploadedFile(called or "x", data)})
                      for called, data in FILES]  # fmt: skip
        for pairs, files in tried:
            with undone(world, party):
                reply = sent(screen, one, pairs, **files)
            assert reply.status_code < 500, (one, pairs)
            if reply.status_code not in (301, 302) and reply.headers.get(
                "Content-Type", ""
            ).startswith("text/html"):
                assert [] == runs(reply.content.decode()), (one, pairs)
            count += 1
    return count


SEATS = (
    ("MPA", "cleared"), ("MOD", "liaison-officer"), ("MPA", "administrator"), ("MPA", "auditor"),
)  # fmt: skip


@pytest.mark.parametrize(("party", "position"), breadth.of(SEATS[:2], SEATS))
def test_every_field_of_every_form_may_say_anything(party, position):
    """Each ends in a page, a way on or a refusal in words; the node is sound after all of them."""
    world = scene.tell(Case.PARTNER, CALM)
    try:
        assert attacked(world, party, position, breadth.of(1, len(ODD) + 2)) > 50
        assert [] == checking.fsck(world.desk(party), lambda *_: None)
    finally:
        world.close()
