"""What a line of the duty log tells of an incident: category, place, grade and counts, in any of
the three languages.

The composer proposes what is read here; a person keeps or takes away each of them. Words that mean
nothing here stay words.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tansiq.desk.reader.naming import places_in
from tansiq.domain.digits import western
from tansiq.domain.inflection import forms
from tansiq.domain.search import normalise

# As people say it; what stands first is proposed where a line names several.
_CATEGORIES: Final = {
    "explosive_hazard": """explosive bomb ied mine mines ordnance uxo عبوة ناسفة لغم ألغام قنبلة
        متفجرة متفجرات مین بۆمب تەقینەوە تەقێنەر""",
    "shooting": "shooting shots gunfire إطلاق رمي عيارات تەقە تەقەکردن تەقەکرا",
    "attack": "attack attacked attacks هجوم هجمات هاجم هێرش هێرشکردن",
    "drone": "drone drones uav مسيرة درون درۆن",
    "fire": "fire fires burning blaze حريق حرائق يحترق ئاگر ئاگرکەوتنەوە سووتان",
    "flood": "flood floods flooded flooding فيضان فيضانات سيول لافاو",
    "traffic": "crash collision accident مروري تصادم اصطدام هاتوچۆ پێکدادان",
    "unrest": "crowd unrest riot protest demonstration اضطرابات تجمهر تجمع تظاهرة مظاهرة پشێوی "
    "خۆپیشاندان کۆبوونەوە",
    "obstruction": "blocked roadblock closed عرقلة مقطوع مغلق مسدود داخراو ڕێگری",
    "outage": "outage blackout انقطاع پچڕان",
    "medical": "medical patient طبية مريض پزیشکی نەخۆش",
    "rumour": "rumour rumor rumours rumors إشاعة شائعة دەنگۆ",
}  # fmt: skip
_COUNTED: Final = {
    "dead": "dead killed قتيل قتلى شهيد شهداء متوفى وفيات کوژراو مردوو",
    "hurt": "injured wounded hurt جريح جرحى مصاب مصابين مصابون إصابات بریندار",
}
# The credit of a source by the letters of either alphabet. Not the sixth of Arabic: joined to a
# number it is nearly always "and".
_LETTERS: Final = dict(zip("أابجده", "AABCDE", strict=True))
_GRADE: Final = re.compile(rf"(?<![\w-])([A-Fa-f{''.join(_LETTERS)}])([1-6])(?![\w-])")
_WORD: Final = re.compile(r"[^\W_]+")
_COUNT_CHARS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """What words of a line mean: the field of an incident, its value, and the words."""

    name: str
    value: str
    text: str

    @property
    def code(self) -> str:
        """How a form says that it was kept."""
        return f"{self.name}:{self.value}"


def chips_in(text: str) -> list[Chip]:
    """What a line tells, at most one chip of each field, in the order in which a form asks."""
    said = western(text)
    words = _WORD.findall(said)
    found = (*_category(words), *_place(text), *_grade(said), *_counts(words))
    return list({one.name: one for one in reversed(found)}.values())[::-1]


def _category(words: list[str]) -> Iterator[Chip]:
    known = _meanings(tuple(_CATEGORIES.items()))
    meant = [(known[form], word) for word in words for form in forms(word) if form in known]
    for code in _CATEGORIES:
        yield from (
            Chip(name="category", value=code, text=word) for one, word in meant if one == code
        )


def _place(text: str) -> Iterator[Chip]:
    for named in places_in(text):
        yield Chip(name="place", value=named.key, text=named.text)


def _grade(said: str) -> Iterator[Chip]:
    for match in _GRADE.finditer(said):
        letter = _LETTERS.get(match[1], match[1].upper())
        yield Chip(name="grade", value=f"{letter}{match[2]}", text=match[0])


def _counts(words: list[str]) -> Iterator[Chip]:
    """A number beside a word for people who were hurt or died; before it first, as all three
    languages write it.
    """
    known = _meanings(tuple(_COUNTED.items()))
    free = {at for at, one in enumerate(words) if one.isdecimal() and len(one) <= _COUNT_CHARS}
    for at, word in enumerate(words):
        name = next((known[form] for form in forms(word) if form in known), "")
        beside = next((near for near in (at - 1, at + 1) if near in free), None)
        if name and beside is not None:
            free.discard(beside)
            yield Chip(name=name, value=str(int(words[beside])), text=f"{words[beside]} {word}")


@functools.cache
def _meanings(table: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Each word, folded, with what it means."""
    return {normalise(word): code for code, listed in table for word in listed.split()}
