"""One node's site: its settings, its desk, and the application that a server runs.

One process serves one desk. ``configure`` comes first and once; ``make_app`` gives the ASGI
application.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import django
from django.conf import settings as django_settings

from tansiq.desk.act.desk import Desk
from tansiq.desk.records.imported import Tables
from tansiq.desk.reform.publishing import Publisher
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import StoreError
from tansiq.domain.parties import Role
from tansiq.domain.wording import Text

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HERE: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """What the pages need to know. ``secret`` signs sessions; ``secure`` = served over HTTPS;
    ``card`` is the node's own card, to be handed to partners. A browser that rests for ``rest_ms``
    is locked, one session lasts ``shift_ms`` at most, and positions of the roles in
    ``second_factor`` take more than a passphrase. ``published_as`` is the identifier by which the
    world knows the party, and ``publisher`` writes what is told to it; None = nothing is.
    ``tables`` reads the tables that people bring; None = they bring none.
    ``routes`` is the module of the addresses: the demo has two more.
    """

    names: Text
    accounts: Path | dict[str, str]
    secret: str
    zone: str = "Asia/Baghdad"
    language: str = "en"
    sample_data: bool = False
    # Cookies know hosts but not ports: two nodes on one machine must not sign each other off.
    cookies: str = "tansiq"
    secure: bool = False
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    card: bytes = b""
    second_factor: frozenset[Role] = frozenset()
    rest_ms: int = BOUNDS.rest_ms
    shift_ms: int = BOUNDS.shift_ms
    sessions_max: int = BOUNDS.sessions_max
    published_as: str = ""
    publisher: Publisher | None = None
    tables: Tables | None = None
    routes: str = "tansiq.web.urls"


@dataclass(frozen=True, slots=True)
class Site:
    """The desk that this process serves, and its settings."""

    desk: Desk
    settings: SiteSettings
    party_names: Callable[[], dict[str, Text]]

    @property
    def zone(self) -> ZoneInfo:
        """The centre's time zone."""
        return ZoneInfo(self.settings.zone)


_site: list[Site] = []


def current() -> Site:
    """The site of this process. Raises StoreError before ``use``."""
    if not _site:
        raise StoreError("site_unconfigured")
    return _site[0]


def use(desk: Desk, settings: SiteSettings) -> Site:
    """Serve this desk from now on."""
    from tansiq.desk.trust import partners

    def party_names() -> dict[str, Text]:
        known = {known.card.party: known.names for known in partners.partners(desk)}
        return {**known, desk.me: settings.names}

    _site[:] = [Site(desk, settings, party_names)]
    return _site[0]


def _cookies(settings: SiteSettings) -> dict[str, object]:
    return {
        "SESSION_COOKIE_NAME": f"{settings.cookies}_session",
        "SESSION_COOKIE_AGE": settings.shift_ms // 1000,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_SECURE": settings.secure,
        "CSRF_COOKIE_NAME": f"{settings.cookies}_csrf",
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_SECURE": settings.secure,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_FAILURE_VIEW": "tansiq.web.shell.page.csrf_failed",
    }


_APPS: Final = (
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "tansiq.web.accounts.apps.AccountsConfig",
    "tansiq.web.accounts.apps.AllauthAccountConfig",
    "allauth.mfa",
)


# What the tables of the accounts follow from.
MODELS: Final[dict[str, object]] = {
    "INSTALLED_APPS": list(_APPS),
    "AUTH_USER_MODEL": "accounts.Person",
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "USE_TZ": True,
    "TIME_ZONE": "UTC",
    "MIGRATION_MODULES": {"account": None},  # no table of e-mail addresses
}


def _factors() -> dict[str, object]:
    """Second factors by ``allauth.mfa``: its models, codes and passkeys behind our own pages. None
    of its addresses, templates and middleware is installed.
    """
    return {
        "MFA_ADAPTER": "tansiq.web.accounts.adapter.Adapter",
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes", "webauthn"],
        "MFA_TOTP_TOLERANCE": 1,  # a node without a network has a clock that drifts
        "MFA_WEBAUTHN_USER_VERIFICATION": "required",
        "MFA_PASSKEY_LOGIN_ENABLED": True,
    }


def accounts_database(accounts: Path | dict[str, str]) -> dict[str, object]:
    """The accounts as one of Django's databases."""
    if isinstance(accounts, Path):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": accounts,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
            "CONN_MAX_AGE": None,  # a file does not go away; to open it anew is a tenth of a page
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": accounts.get("dbname", ""),
        "OPTIONS": {name: value for name, value in accounts.items() if name != "dbname"},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def configure(settings: SiteSettings) -> None:
    """Set Django up for this node and make the accounts database ready. Call it once a process."""
    if django_settings.configured:
        return
    django_settings.configure(
        SECRET_KEY=settings.secret,
        DEBUG=False,
        ALLOWED_HOSTS=list(settings.hosts),
        ROOT_URLCONF=settings.routes,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"],
        MIDDLEWARE=[
            "django.middleware.gzip.GZipMiddleware",
            "tansiq.web.shell.edge.SecurityHeaders",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "tansiq.web.shell.once.Once",
            "tansiq.web.shell.page.Errors",
        ],
        DATABASES={"default": accounts_database(settings.accounts)},
        TEMPLATES=[],
        **MODELS,
        **_cookies(settings),
        **_factors(),
        DATA_UPLOAD_MAX_MEMORY_SIZE=BOUNDS.form_bytes_max,
        DATA_UPLOAD_MAX_NUMBER_FIELDS=400,
        DATA_UPLOAD_MAX_NUMBER_FILES=8,
        FILE_UPLOAD_MAX_MEMORY_SIZE=BOUNDS.form_bytes_max,  # never on a disk beside the stores
        LOGGING_CONFIG=None,
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def make_app(desk: Desk, settings: SiteSettings, bell: Callable[[], bool] | None = None) -> App:
    """The ASGI application: static files and live events on the loop, pages in worker threads.

    ``bell`` answers True once the node is closing: open event streams end then.
    """
    use(desk, settings)
    configure(settings)
    from tansiq.web.shell.edge import Edge

    return Edge(current(), bell or (lambda: False))
