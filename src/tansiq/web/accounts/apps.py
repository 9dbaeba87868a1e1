"""The accounts application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Named so that the user model has a short label."""

    name = "tansiq.web.accounts"
    label = "accounts"
