"""The addresses of signing on, locking, and one's own factors. None of allauth's is reachable."""

from django.urls import path

from tansiq.web.accounts import locking, own, views

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-on", views.sign_on_page, name="sign-on"),
    path("sign-on/second", views.second, name="second"),
    path("sign-on/passkey", views.sign_on_passkey, name="sign-on-passkey"),
    path("passkey/options", own.passkey_options, name="passkey-options"),
    path("sign-off", views.sign_off, name="sign-off"),
    path("lock", locking.lock_page, name="lock"),
    path("unlock", locking.unlock, name="unlock"),
    path("seat/active", locking.active, name="active"),
    path("identity", own.page, name="identity"),
    path("identity/confirm", own.confirm, name="confirm"),
    path("identity/totp", own.add_totp, name="add-totp"),
    path("identity/passkey", own.add_passkey, name="add-passkey"),
    path("identity/events", own.events, name="sign-on-events"),
    path("language/<str:code>", views.choose_language, name="language"),
    path("theme", views.choose_theme, name="theme"),
    path("keys", views.keys_page, name="keys"),
]
