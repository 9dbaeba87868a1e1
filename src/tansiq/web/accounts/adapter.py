"""What ``allauth.mfa`` is told about this node: names without names, secrets sealed, no mail."""

import base64
from typing import TYPE_CHECKING, Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.contrib.auth.base_user import AbstractBaseUser

from tansiq.web.shell.site import current

if TYPE_CHECKING:
    from tansiq.web.accounts.models import Person

_PURPOSE = b"tansiq/second-factors/v1"


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Persons are roster numbers; codes are sealed with a key that the accounts do not hold."""

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """The roster number."""
        return str(user.get_username())

    def get_totp_issuer(self) -> str:
        """The node, so that two of them do not mix in one telephone."""
        desk = current().desk
        return f"Tansiq {desk.me} {desk.identity.node}"

    def encrypt(self, text: str) -> str:
        """Sealed for the accounts' database, which may lie in a backup."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed. Raises ValueError where it was sealed with another secret."""
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ValueError("sealed with another secret") from None

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey is of the host at which it was made."""
        from tansiq.web.accounts.passkeys import host_of

        return {"id": host_of(context.request), "name": self.get_totp_issuer()}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """The handle names node and row, so that nodes at one host do not overwrite each other."""
        return {
            "id": handle_of(user),
            "display_name": self.get_totp_label(user),
            "name": self.get_totp_label(user),
        }


def handle_of(user: AbstractBaseUser) -> bytes:
    """By what a passkey knows its person."""
    desk = current().desk
    return f"{desk.me}/{desk.identity.node}/{user.pk}".encode()


def person_of(handle: bytes) -> "Person | None":
    """Whose handle it is."""
    from tansiq.web.accounts.models import Person

    desk = current().desk
    start, number = f"{desk.me}/{desk.identity.node}/".encode(), handle.rpartition(b"/")[2]
    if not handle.startswith(start) or not number.isdigit() or len(number) > 15:
        return None
    return Person.objects.filter(pk=int(number)).first()


def _fernet() -> Fernet:
    secret = current().settings.secret.encode()
    key = HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret)
    return Fernet(base64.urlsafe_b64encode(key))
