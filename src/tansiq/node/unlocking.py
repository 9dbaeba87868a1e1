"""Where a passphrase comes from: a file that was named, systemd's credentials, or the terminal.

systemd puts ``LoadCredential=`` and ``LoadCredentialEncrypted=`` into a folder in memory that it
names in CREDENTIALS_DIRECTORY, readable by the service alone.
"""

import getpass
import os
import sys
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tansiq.domain.errors import InputError, StoreError
from tansiq.domain.wording import phrase
from tansiq.node.files import read_file
from tansiq.node.keyring import AUTHORITY_SEALED, SEALED

PASSPHRASE_CHARS_MIN: Final = 12
CREDENTIAL: Final = "tansiq-passphrase"
AUTHORITY_CREDENTIAL: Final = "tansiq-authority-passphrase"
_BYTES_MAX: Final = 1024


@dataclass(slots=True)
class Sources:
    """What this command was told, and what it has asked already: nobody is asked twice."""

    language: str = "en"
    file: Path | None = None
    authority_file: Path | None = None
    known: dict[bool, str] = field(default_factory=dict, repr=False)


_SOURCES: ContextVar[Sources] = ContextVar("sources")


def begin(language: str, file: Path | None, authority_file: Path | None) -> None:
    """Say where this command's passphrases are."""
    _SOURCES.set(Sources(language=language, file=file, authority_file=authority_file))


def unlock(name: str) -> str:
    """The passphrase of a sealed file. Raises StoreError where it is in no file and nobody sits at
    a terminal.
    """
    sources = _SOURCES.get(Sources())
    authority = name == AUTHORITY_SEALED
    if authority not in sources.known:
        found = _from_file(sources, authority=authority)
        if authority and not found:  # most authorities have the passphrase of their node
            found = _from_file(sources, authority=False)
        sources.known[authority] = found or _asked(sources.language, name, "cli.unlock.ask")
    return sources.known[authority]


def chosen(file: Path | None = None, *, authority: bool = False) -> str:
    """A new passphrase: from a file, from where passphrases come from, or typed twice. Raises
    InputError for one that is too short, StoreError where nobody can be asked.
    """
    sources = _SOURCES.get(Sources())
    found = _line(file) if file is not None else _from_file(sources, authority=authority)
    return _good(found or _twice(sources, authority=authority), sources, authority=authority)


def changed(file: Path | None, *, authority: bool = False) -> str:
    """The passphrase that takes the place of another: from a file of its own, or typed twice."""
    sources = _SOURCES.get(Sources())
    found = _line(file) if file is not None else _twice(sources, authority=authority)
    return _good(found, sources, authority=authority)


def _twice(sources: Sources, *, authority: bool) -> str:
    name = AUTHORITY_SEALED if authority else SEALED
    found = _asked(sources.language, name, "cli.unlock.new")
    if _asked(sources.language, name, "cli.unlock.again") != found:
        raise InputError("passphrase_differs")
    return found


def _good(passphrase: str, sources: Sources, *, authority: bool) -> str:
    if len(passphrase) < PASSPHRASE_CHARS_MIN:
        raise InputError("passphrase_short", least=PASSPHRASE_CHARS_MIN)
    sources.known[authority] = passphrase
    return passphrase


def _from_file(sources: Sources, *, authority: bool) -> str:
    named = sources.authority_file if authority else sources.file
    if named is not None:
        return _line(named)
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    path = Path(folder) / (AUTHORITY_CREDENTIAL if authority else CREDENTIAL)
    return _line(path) if folder and path.exists() else ""


def _line(path: Path) -> str:
    try:
        text = read_file(path, _BYTES_MAX).decode()
    except UnicodeDecodeError:
        raise StoreError("key_damaged", file=path.name) from None
    return text.split("\n", 1)[0].rstrip("\r")


def _asked(language: str, name: str, key: str) -> str:
    if not sys.stdin.isatty():
        raise StoreError("keys_locked", file=name)
    return getpass.getpass(phrase(key, language, file=name) + " ")
