"""Two parties with an agreement, and a browser at a position of either: what the web tests share.

Django can be configured once in a process, so all desks share one accounts database; which desk
answers is said before each request.
"""

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client

from tansiq.domain.places import Grain
from tansiq.domain.wording import Text, catalogue
from tansiq.gateways.iati import Iati
from tansiq.gateways.tables_in import IncidentTables
from tansiq.policy.agreement import by_facets
from tansiq.web.shell import site
from tests import stores
from tests import world as worlds
from tests.noninterference.browser import form_token
from tests.world import World, card_of

# The mark of tests that no store decides.
BESIDE_THE_STORE = pytest.mark.skipif(
    stores.on_postgresql(), reason="accounts stand in a database of their own"
)
LANGUAGES = ("en", "ar", "ckb")
# A word key that was not translated shows itself: dotted words as no text writes them.
KEY = re.compile(r">\s*[a-z_]+\.[a-z_.]+\s*<")
GOES = re.compile(r'name="goes" value="([^"]+)"')
TOKEN = re.compile(r'name="(?:csrfmiddlewaretoken|once)" value="[^"]+"')


@cache
def _accounts() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="accounts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class Screen:
    """A browser of somebody who has signed on."""

    def __init__(self, world: World, party: str, position: str, person: str = "P-1") -> None:
        self.desk = world.desk(party)
        self.settings = site.SiteSettings(
            names=Text(party, party, party), accounts=_accounts() / "accounts.sqlite3",
            hosts=("localhost",), secret="only for tests " * 4, card=card_of(party),
            sessions_max=10_000, published_as=f"IQ-{party}", publisher=Iati(),
            tables=IncidentTables(),
        )  # fmt: skip
        site.configure(self.settings)
        # Models are there only once Django is configured.
        from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

        from tansiq.web.accounts.models import Person  # noqa: PLC0415
        from tansiq.web.accounts.sessions import seat  # noqa: PLC0415

        self.client = Client(HTTP_HOST="localhost")
        if position:
            store = SessionStore()
            store.create()
            Person.objects.get_or_create(roster=person)
            site.use(self.desk, self.settings)
            seat(store.session_key, person, position)
            self.client.cookies[configured.SESSION_COOKIE_NAME] = store.session_key

    def get(self, address: str, language: str = "en"):
        """GET, in a language; what comes is never an untranslated key."""
        site.use(self.desk, self.settings)
        self.client.cookies["language"] = language
        reply = self.client.get(address)
        self._whole(reply)
        return reply

    def post(self, address: str, form: dict | None = None, language: str = "en"):
        """POST a form as it stands on a page that was just drawn."""
        site.use(self.desk, self.settings)
        self.client.cookies["language"] = language
        given = {"once": form_token(self.session, address), **(form or {})}
        reply = self.client.post(address, given)
        told = GOES.search(reply.content.decode()) if reply.status_code == 422 else None
        if told is not None and "goes" not in given:  # read what goes at once, and save again
            once = form_token(self.session, address)
            reply = self.client.post(address, {**given, "goes": told[1], "once": once})
        self._whole(reply)
        return reply

    @property
    def session(self) -> str:
        """The name of its session."""
        cookie = self.client.cookies.get(configured.SESSION_COOKIE_NAME)
        return cookie.value if cookie else ""

    def _whole(self, reply) -> None:
        if reply.headers.get("Content-Type", "").startswith("text/html"):
            text = text_of(reply)
            assert not KEY.search(text), KEY.search(text)[0]
            assert " style=" not in text


def text_of(reply) -> str:
    """The page as it reads, without the tokens that are drawn anew each time."""
    return unescape(TOKEN.sub("", reply.content.decode()))


def words(key: str, language: str = "en") -> str:
    """The words of a key."""
    return catalogue()[key].of(language)


def rules() -> tuple:
    """What the two have agreed: plain, coarse with a second person, replies by themselves."""
    made = []
    for party in ("MPA", "MOD"):
        made += [
            worlds.rule(party, f"R-{party}", hide=frozenset({"size"}), grain=Grain.KM5, days=30),
            worlds.rule(party, f"S-{party}", approvers=1, facets=by_facets(category=["shooting"])),
            worlds.replies(party, f"A-{party}"),
        ]
    return tuple(made)


@contextmanager
def agreed() -> Iterator[World]:
    """MPA and MOD with an agreement; JCC known to MPA and nothing agreed."""
    made = worlds.world("MPA", "MOD", "JCC")
    try:
        made.agree("MPA", "MOD", *rules())
        yield made
    finally:
        made.close()
