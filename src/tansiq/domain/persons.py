"""Private persons in what people write: telephone numbers, numbers of documents, names with a verb.

Forms and imports ask :func:`persons_in` before anything is saved. It warns and does not refuse: no
list knows all names, and many a name is also a word. What it takes for a person is therefore
narrow, and its words stand in ``person_words.csv``.
"""

import csv
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from itertools import islice
from typing import Final

from tansiq.domain.digits import western
from tansiq.domain.places import gazetteer
from tansiq.domain.search import normalise

_FOUND_MAX: Final = 20  # of one text; the sentence is the same for more
_TEXT_MAX: Final = 20_000


class Sign(StrEnum):
    """By what a person would be known."""

    PHONE = "phone"
    DOCUMENT = "document"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSign:
    """Words of a text by which a private person would be known."""

    sign: Sign
    text: str


def persons_in(text: str) -> list[PersonSign]:
    """What in a text tells of a private person, in no more time than the text is long."""
    plain = western(text[:_TEXT_MAX])
    return list(islice((*_numbers(plain), *_names(plain)), _FOUND_MAX))


# Numbers -----------------------------------------------------------------------------------------

_RUN: Final = re.compile(
    r"(?<![\w.,:/@°#-])(?P<letters>[A-Za-z]{1,2})?(?P<plus>\+|00)?\(?\d{1,15}"
    r"(?:[ ().-]{1,2}\d{2,12}){0,5}(?![\w°:/]|[.,]\d)"
)
_DAY: Final = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_ROUND: Final = re.compile(r"\d{1,6}0{5,}")
_WORDS_BEFORE: Final = 3


def _numbers(plain: str) -> Iterator[PersonSign]:
    for match in _RUN.finditer(plain):
        digits = re.sub(r"\D", "", match.group())
        sign = _sign_of(match, digits, plain[max(0, match.start() - 40) : match.start()])
        if sign is not None:
            yield PersonSign(sign=sign, text=match.group().strip())


def _sign_of(match: re.Match[str], digits: str, before: str) -> Sign | None:
    said = set(normalise(before).split()[-_WORDS_BEFORE:])
    if match["plus"] and 9 <= len(digits) <= 17:
        return Sign.PHONE
    if _is_phone(digits) or (said & _list("phone") and 6 <= len(digits) <= 15):
        return Sign.PHONE
    if said & _list("document") and 5 <= len(digits) <= 15:
        return Sign.DOCUMENT
    bare = match.group().isalnum()
    if match["letters"] and bare:
        return Sign.DOCUMENT if len(digits) in (8, 9) else None
    if bare and 8 <= len(digits) <= 15 and not _DAY.fullmatch(digits):
        return None if _ROUND.fullmatch(digits) else Sign.DOCUMENT
    return None


def _is_phone(digits: str) -> bool:
    """Whether digits are a number of this region: mobile, or of a town."""
    if len(digits) in (10, 11):
        return bool(re.fullmatch(r"0?7[3-9]\d{8}|0(?:1|[2-6]\d)\d{7,8}", digits))
    return False


# Names -------------------------------------------------------------------------------------------

_SENTENCE: Final = re.compile(r"[.!?؟;؛\n]+(?:\s|$)|\n")
_TOKEN: Final = re.compile(r"[^\W\d_][\w'’\u064b-\u0652\u0640-]*")
_GAP_MAX: Final = 2  # words between a name and its verb


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    folded: str

    @property
    def proper(self) -> bool:
        """Whether it is written as a name is: only Latin letters have capitals to tell."""
        return not self.text[0].isascii() or (self.text[0].isupper() and self.text[1:2].islower())

    def among(self, *lists: str) -> bool:
        """Whether it stands in one of the lists."""
        return any(self.folded in _list(name) for name in lists)


def _names(plain: str) -> Iterator[PersonSign]:
    for sentence in _SENTENCE.split(plain):
        found = _TOKEN.findall(sentence)
        words = [_Word(text, normalise(text).replace(" ", "")) for text in found]
        at = 0
        while at < len(words):
            end = _name_ends(words, at)
            if end > at and _acts(words, at, end):
                yield PersonSign(sign=Sign.NAME, text=" ".join(w.text for w in words[at:end]))
            at = max(end, at + 1)


def _name_ends(words: list[_Word], at: int) -> int:
    """Where a name that begins here ends; ``at`` where none begins."""
    end = at
    while end < len(words) and end - at < 5 and words[end].proper and _of_name(words[end]):
        end += 1
    if end > at:
        told = at > 0 and words[at - 1].among("title")
        known = any(word.among("given") for word in words[at:end])
        return end if known or told or end - at > 1 else at
    return _capitals_end(words, at)


def _of_name(word: _Word) -> bool:
    return word.among("given", "both") or word.folded.startswith("عبدال")


def _capitals_end(words: list[_Word], at: int) -> int:
    """As above for two capitalised words that no list knows, before a verb of speech, and for one
    after a title.
    """
    told = at > 0 and words[at - 1].among("title") and words[at - 1].text[0].isascii()
    end = at
    while end < len(words) and end - at < 3 and _capital(words[end]):
        end += 1
    if end - at >= 2 or (told and end > at):
        return end if told or (end < len(words) and words[end].among("speech")) else at
    return at


def _capital(word: _Word) -> bool:
    return (
        word.text[0].isascii() and word.proper and word.folded not in _towns()
        and not word.among("group", "title", "after", "before")
    )  # fmt: skip


def _acts(words: list[_Word], at: int, end: int) -> bool:
    """Whether a verb stands by the name: after it, or in Arabic before it."""
    after = any(word.among("after") for word in words[end : end + 1 + _GAP_MAX])
    before = words[max(0, at - 1 - _GAP_MAX) : at]
    return after or any(
        word.among("before") and all(between.among("title") for between in before[n + 1 :])
        for n, word in enumerate(before)
    )


@functools.cache
def _list(name: str) -> frozenset[str]:
    found: set[str] = set()
    source = resources.files("tansiq.domain") / "person_words.csv"
    with source.open("r", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["list"] == name:
                found |= {normalise(word).replace(" ", "") for word in row["words"].split("|")}
    return frozenset(found)


@functools.cache
def _towns() -> frozenset[str]:
    names = (name for town in gazetteer().values() for name in (town.names.en, *town.aliases))
    return frozenset(word for name in names for word in normalise(name).split())
