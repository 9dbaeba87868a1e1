"""Every word that a person reads, in three languages.

Words live in ``domain/words/*.csv`` (columns ``key,en,ar,ckb,sure``), one file per area, so that a
native speaker can review them in a spreadsheet and so that the domain, the pages, the command line
and the documents share one word for one thing. A row with an empty cell, a repeated key, or
placeholders that differ between languages is refused when the words are loaded: an incomplete
catalogue cannot start.

Rule of style: numbers stand apart from words ("Waiting: 7"), so no plural forms are needed.
"""

import csv
import functools
import re
import string
from dataclasses import dataclass
from importlib import resources
from typing import Final

from tansiq.domain.isolates import inserted, isolated

LANGUAGES: Final = ("en", "ar", "ckb")
RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb"})
_PLACEHOLDER: Final = re.compile(r"(\{[^{}]*\})")


class WordingError(Exception):
    """The word lists are incomplete or contradict themselves; the text says which row."""


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English, Arabic and Sorani Kurdish; none may be empty."""

    en: str
    ar: str
    ckb: str

    def __post_init__(self) -> None:
        if not (self.en and self.ar and self.ckb):
            raise WordingError(f"a text lacks a language: {self!r}")

    def of(self, language: str) -> str:
        """The words in ``language``; an unknown language reads English."""
        if language == "ar":
            return self.ar
        return self.ckb if language == "ckb" else self.en


def direction(language: str) -> str:
    """``rtl`` or ``ltr``: decided by the language, never by a translatable string."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def _names(pattern: str) -> frozenset[str]:
    return frozenset(
        name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None
    )


@functools.cache
def catalogue() -> dict[str, Text]:
    """All words by key. Raises :class:`WordingError` where a list is not complete."""
    found: dict[str, Text] = {}
    folder = resources.files("tansiq.domain") / "words"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".csv"):
            continue
        with entry.open("r", encoding="utf-8") as lines:
            for number, row in enumerate(csv.DictReader(lines), start=2):
                where = f"{entry.name} row {number}"
                key, cells = row["key"], [row[language] or "" for language in LANGUAGES]
                if key in found:
                    raise WordingError(f"{where}: the key {key!r} stands twice")
                if not all(cell.strip() for cell in cells):
                    raise WordingError(f"{where}: {key!r} lacks a language")
                if len({_names(cell) for cell in cells}) != 1:
                    raise WordingError(
                        f"{where}: {key!r} has other placeholders in another language"
                    )
                found[key] = Text(cells[0], *map(_arranged, cells[1:]))
    return found


def _arranged(pattern: str) -> str:
    """A pattern of a language from right to left, with its own codes, dates and paths isolated."""
    parts = _PLACEHOLDER.split(pattern)
    return "".join(part if part.startswith("{") else isolated(part) for part in parts)


def words(key: str) -> Text:
    """The three texts of ``key``. Raises :class:`WordingError` for a key that no list has."""
    try:
        return catalogue()[key]
    except KeyError:
        raise WordingError(f"no word list has the key {key!r}") from None


def phrase(key: str, language: str, **values: object) -> str:
    """The words of ``key`` in ``language`` with ``{placeholders}`` filled in.

    Codes, dates, numbers and paths are isolated, alone and within a value, so that they read from
    left to right inside Arabic text.
    """
    pattern = words(key).of(language)
    if not values:
        return pattern
    mirrored = language in RIGHT_TO_LEFT
    shown = {name: inserted(value, mirrored=mirrored) for name, value in values.items()}
    return pattern.format(**shown)
