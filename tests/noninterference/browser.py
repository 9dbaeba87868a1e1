"""A browser that drives the whole edge of a node in this process, and sees every byte of a reply.

Django can be configured once in a process, so all desks share one accounts database; which desk
answers is said before each request.
"""

import asyncio
import atexit
import io
import logging
import re
import shutil
import tempfile
import zipfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

from tansiq.desk.act.desk import Desk
from tansiq.domain.wording import Text
from tansiq.gateways.iati import Iati
from tansiq.gateways.tables_in import IncidentTables
from tansiq.web.shell import site
from tansiq.web.shell.site import SiteSettings
from tests.typesetters import Plain
from tests.world import card_of

CSRF = "c" * 32  # the cookie's secret; a form may carry it as it is
_TOKEN = re.compile(rb'(name="(?:csrfmiddlewaretoken|once)" value=")[A-Za-z0-9.-]+(")')
# Drawn anew for each browser: the secret of a new telephone, a passkey's challenge, one's sessions.
_DRAWN = (
    re.compile(rb'(<span class="qr"><svg role="img"[^>]*><path d=")[^"]+(")'),
    re.compile(rb'(<p class="mono"><bdi dir="ltr">)[A-Z2-7 ]{32,}(<)'),
    re.compile(rb'("challenge":")[^"]+(")'),
    re.compile(rb'(<ul class="stack" id="sessions">).*?(</ul>)', re.DOTALL),
)
_WORKBOOK = b"PK\x03\x04"
_COOKIE = re.compile(r"\b(\w+_csrf|\w+_session)=[^;]*|expires=[^;]*")


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back: all of it, but for tokens and cookies that are drawn anew each time."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        """What it says: of a workbook, the texts of its sheets."""
        if not self.body.startswith(_WORKBOOK):
            return self.body.decode()
        with zipfile.ZipFile(io.BytesIO(self.body)) as parts:
            return "".join(parts.read(name).decode() for name in parts.namelist())

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")


@cache
def accounts() -> Path:
    """The folder of the accounts database of this process."""
    folder = Path(tempfile.mkdtemp(prefix="accounts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def settings_of(desk: Desk, **chosen) -> SiteSettings:
    """What the pages of a desk need to know."""
    made = SiteSettings(
        names=Text(desk.me, desk.me, desk.me),
        accounts=accounts() / "accounts.sqlite3",
        secret="only for tests " * 4,
        hosts=("localhost",),
        card=card_of(desk.me),
        published_as=f"IQ-{desk.me}",
        publisher=Iati(),
        tables=IncidentTables(),
        **{"sessions_max": 10_000, **chosen},  # the same person sits in many browsers of the tests
    )
    site.configure(made)
    logging.getLogger("django").setLevel(logging.CRITICAL)  # a thousand refusals are expected here
    return made


def session(desk: Desk, made: SiteSettings, position: str, person: str) -> str:
    """The cookie of a session that has been signed on."""
    # Models are there only once Django is configured.
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    from tansiq.web.accounts.models import Person  # noqa: PLC0415
    from tansiq.web.accounts.sessions import seat  # noqa: PLC0415

    Person.objects.get_or_create(roster=person)
    site.use(desk, made)
    store = SessionStore()
    store.create()
    seat(store.session_key, person, position)
    return f"{cookie_names()[0]}={store.session_key}"


def cookie_names() -> tuple[str, str]:
    """The names of the cookies of the session and of the token against forged forms."""
    return settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME


def form_token(key: str, address: str) -> str:
    """What a page drawn for the session ``key`` puts into a form that is sent there."""
    from tansiq.web.shell import once  # noqa: PLC0415
    from tansiq.web.shell.live import seat_from_session  # noqa: PLC0415

    return once.token(seat_from_session(key), address.partition("?")[0])


def masked(body: bytes) -> bytes:
    """The body without the tokens against forged forms."""
    for pattern in (_TOKEN, *_DRAWN):
        body = pattern.sub(rb"\1-\2", body)
    return body


def _told(headers: list[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    pairs = ((name.decode(), value.decode("latin-1")) for name, value in headers)
    kept = ((name.lower(), value) for name, value in pairs if name.lower() != "date")
    return tuple(sorted((n, _COOKIE.sub("-", v) if n == "set-cookie" else v) for n, v in kept))


@dataclass
class Browser:
    """One position at one node; no position where nobody has signed on."""

    desk: Desk
    position: str = ""
    person: str = "P-1"
    language: str = "en"
    edge: object = None
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def __post_init__(self) -> None:
        self.settings = settings_of(self.desk)
        self.desk.typesetter = Plain()  # a PDF is packed: here what it says is compared, as text
        self.edge = self.edge or site.make_app(self.desk, self.settings)
        sat = (self.desk, self.settings, self.position, self.person)
        self.signed = [session(*sat)] if self.position else []

    def close(self) -> None:
        from tansiq.web.accounts.sessions import end  # noqa: PLC0415

        self.runner.close()
        for cookie in self.signed:  # pages list one's sessions, and must not grow with the tests
            end(cookie.partition("=")[2])

    @property
    def cookies(self) -> str:
        """The cookies that the browser sends."""
        return "; ".join([*self.signed, f"{cookie_names()[1]}={CSRF}", f"language={self.language}"])

    def get(self, address: str, **headers: str) -> Reply:
        """GET an address."""
        return self.ask("GET", address, headers=headers)

    def post(self, address: str, form: dict | None = None, **headers: str) -> Reply:
        """POST a form with a good token."""
        fields = {"csrfmiddlewaretoken": CSRF, "once": self.token(address), **(form or {})}
        given = {"content-type": "application/x-www-form-urlencoded", **headers}
        body = urlencode(fields, doseq=True, errors="surrogatepass").encode()
        return self.ask("POST", address, body=body, headers=given)

    def token(self, address: str) -> str:
        """The token by which a form that is sent there is saved once."""
        site.use(self.desk, self.settings)
        return form_token("".join(self.signed).partition("=")[2], address)

    def ask(self, method: str, address: str, *, body: bytes = b"", headers=None) -> Reply:
        """Any request at all."""
        site.use(self.desk, self.settings)
        given = {"host": "localhost", "cookie": self.cookies, **(headers or {})}
        if body and "content-length" not in given and "transfer-encoding" not in given:
            given["content-length"] = str(len(body))
        return self.runner.run(self._ask(scope_of(method, address, given), body))

    async def _ask(self, scope: dict, body: bytes) -> Reply:
        sent: list[dict] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive():
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        await self.edge(scope, receive, send)
        body = b"".join(message.get("body", b"") for message in sent[1:])
        headers = _told([(bytes(n), bytes(v)) for n, v in sent[0]["headers"]])
        if any(pattern.search(body) for pattern in _DRAWN):  # and is longer or shorter by it
            headers = tuple(pair for pair in headers if pair[0] != "content-length")
        return Reply(status=sent[0]["status"], headers=headers, body=masked(body))

    def hears(self, *acts) -> list[bytes]:
        """What the stream of live events says while the acts are done, one after the other."""
        site.use(self.desk, self.settings)
        return self.runner.run(self._hears(acts))

    async def _hears(self, acts) -> list[bytes]:
        sent: list[bytes] = []
        over = asyncio.Event()
        ready = asyncio.Event()

        async def receive():
            await over.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message.get("body", b"") or repr(message.get("status")).encode())
            ready.set()

        scope = scope_of("GET", "/live", {"host": "localhost", "cookie": self.cookies})
        stream = asyncio.create_task(self.edge(scope, receive, send))
        await ready.wait()
        for act in acts:
            act()
            for _ in range(500):  # until all that was put into the queue has been sent
                await asyncio.sleep(0)
        over.set()
        await stream
        return sent


def scope_of(method: str, address: str, headers: dict[str, str]) -> dict:
    """An ASGI scope for a request."""
    path, _, query = address.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(n.lower().encode(), v.encode("latin-1")) for n, v in headers.items()],
        "client": ("127.0.0.1", 40_000),
        "server": ("localhost", 80),
    }
