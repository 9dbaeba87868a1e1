"""What the command line says and asks, in the administrator's language."""

import getpass
import os
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Final

from tansiq.domain.errors import InputError, TansiqError
from tansiq.domain.wording import LANGUAGES, phrase

_PLAIN_SECONDS: Final = 5.0
_REWRITE_SECONDS: Final = 0.1
_LINE_CHARS: Final = 78


def language_of(environment: Mapping[str, str]) -> str:
    """The language of a terminal, from its locale; English where it is none of ours."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        code = environment.get(name, "").partition("_")[0].partition(".")[0].lower()
        if code:
            return {"ku": "ckb"}.get(code, code if code in LANGUAGES else "en")
    return "en"


def own_language() -> str:
    """The language of this terminal."""
    return language_of(os.environ)


class Terminal:
    """One command's way to the person at the keyboard."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._told = 0.0
        self._open = False

    def say(self, key: str, **values: object) -> None:
        """One line of words."""
        self.line(phrase(key, self.language, **values))

    def note(self, key: str, **values: object) -> None:
        """One line of words on the error stream: no answer to what was asked."""
        self.settle()
        print(phrase(key, self.language, **values), file=sys.stderr, flush=True)

    def words(self, key: str) -> str:
        """The words of ``key``."""
        return phrase(key, self.language)

    def line(self, text: str = "") -> None:
        """One line as it stands."""
        self.settle()
        print(text, flush=True)

    def fault(self, error: TansiqError) -> None:
        """What went wrong and what to do, on the error stream."""
        self.settle()
        print(error.text(self.language), file=sys.stderr, flush=True)

    def progress(self, key: str, **values: object) -> None:
        """Where long work stands: a line rewritten on a terminal, now and then a line elsewhere."""
        now = time.monotonic()
        rewrites = sys.stderr.isatty()
        if now - self._told < (_REWRITE_SECONDS if rewrites else _PLAIN_SECONDS):
            return
        self._told = now
        text = phrase(key, self.language, **values)
        if rewrites:
            print(f"\r{text:<{_LINE_CHARS}}", end="", file=sys.stderr, flush=True)
            self._open = True
        else:
            print(text, file=sys.stderr, flush=True)

    def settle(self) -> None:
        """End a progress line."""
        if self._open:
            print(file=sys.stderr, flush=True)
            self._open = False

    def ask(self, key: str, **values: object) -> str:
        """What the person answers; empty at the end of input."""
        self.settle()
        print(phrase(key, self.language, **values), end=" ", flush=True)
        return sys.stdin.readline().strip()

    def ask_secret(self, key: str) -> str:
        """What the person types unseen on a terminal, else the first line of input."""
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\r\n")
        self.settle()
        return getpass.getpass(phrase(key, self.language) + " ")

    def ask_passphrase(self) -> str:
        """A new passphrase: typed twice and unseen on a terminal, else the first line of input.

        Raises InputError where the two differ.
        """
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\r\n")
        first = getpass.getpass(phrase("cli.person.passphrase", self.language) + " ")
        if getpass.getpass(phrase("cli.person.again", self.language) + " ") != first:
            raise InputError("passphrase_differs")
        return first


def show_words(words: Iterable[tuple[str, int]], terminal: Terminal) -> None:
    """Eight words with their numbers, one a line, for reading aloud."""
    terminal.say("cli.words")
    for place, (word, number) in enumerate(words, start=1):
        terminal.line(f"  {place}. {word:<12}{number:>5}")
