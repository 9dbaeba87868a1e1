"""The accounts application, and the one of allauth without which its second factors do not load."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Named so that the user model has a short label."""

    name = "tansiq.web.accounts"
    label = "accounts"


class AllauthAccountConfig(AppConfig):
    """``allauth.mfa`` imports the models of ``allauth.account``; nothing else of it is used: no
    address, no middleware, and its tables of e-mail addresses are never made.
    """

    name = "allauth.account"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Ask for no middleware: its sign-on is not ours."""
