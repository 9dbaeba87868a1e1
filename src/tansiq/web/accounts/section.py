"""The section of signing on, locking, and one's own factors; how a page is read. None of allauth's
addresses is reachable.
"""

from typing import Final

from tansiq.web.accounts import locking, own, views
from tansiq.web.shell.addresses import data, page
from tansiq.web.shell.sections import Key, Section

SECTION: Final = Section(
    name="accounts",
    word="identity.title",
    addresses=(
        page("", views.home, "home"),
        page("sign-on", views.sign_on_page, "sign-on"),
        page("sign-on/second", views.second, "second"),
        page("sign-on/passkey", views.sign_on_passkey, "sign-on-passkey"),
        data("passkey/options", own.passkey_options, "passkey-options"),
        page("sign-off", views.sign_off, "sign-off"),
        page("lock", locking.lock_page, "lock"),
        page("unlock", locking.unlock, "unlock"),
        data("seat/active", locking.active, "active"),
        page("identity", own.page, "identity"),
        page("identity/confirm", own.confirm, "confirm"),
        page("identity/totp", own.add_totp, "add-totp"),
        page("identity/passkey", own.add_passkey, "add-passkey"),
        page("identity/events", own.events, "sign-on-events"),
        page("language/<str:code>", views.choose_language, "language"),
        page("theme", views.choose_theme, "theme"),
        page("keys", views.keys_page, "keys"),
    ),
    keys=(
        Key(names=("J", "K"), word="keys.walk"),
        Key(names=("Enter",), word="keys.open"),
        Key(names=("Ctrl+Enter",), word="keys.send"),
        Key(names=("F4",), word="keys.question"),
        Key(names=("Esc",), word="keys.leave"),
        Key(names=("F8",), word="keys.lock"),
        Key(names=("?",), word="page.keys"),
    ),
)
