"""Which places a text names, in any inflection: for whoever asks what a reader can take from it.

It would rather name too much than too little: a person reads the text once more.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tansiq.domain.digits import western
from tansiq.domain.inflection import forms
from tansiq.domain.places import gazetteer
from tansiq.domain.search import normalise

_WORD: Final = re.compile(r"[^\W_](?:[^\W_]|[\u064b-\u0652])*")
_WORDS_MAX: Final = 3  # a town's name has at most so many words
_OWN_MIN: Final = 4  # letters of a word of a name that tells of the place alone
# Words of many names, which tell of none.
_COMMON: Final = frozenset(
    normalise(
        """
        near behind between beside road street village town city district camp bridge river hill
        north south east west school hospital clinic checkpoint junction area quarter gate farm
        centre center mountain market mosque church station police post house factory crossing
        قرب خلف بين طريق شارع قرية بلدة مدينة ناحية قضاء مخيم جسر نهر شمال جنوب شرق غرب مدرسة
        مستشفى عيادة سيطرة نقطة تقاطع منطقة بوابة مزرعة مركز جبل سوق جامع مسجد كنيسة محطة شرطة
        نزیک پشت نێوان ڕێگا شەقام گوند شارۆچکە شار ناحیە قەزا کەمپ پرد ڕووبار باکوور باشوور
        ڕۆژهەڵات ڕۆژئاوا قوتابخانە نەخۆشخانە بازگە خاڵ ناوچە گەڕەک دەروازە کێڵگە ناوەند چیا
        بازاڕ مزگەوت کڵێسا وێستگە پۆلیس
        """
    ).split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Words of a text that name a place: a town of the gazetteer by its ``key``, or, where that is
    empty, the place that was asked for.
    """

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    forms: frozenset[str]


def places_in(text: str, own: Sequence[str] = ()) -> list[Named]:
    """The places that a text names, in order, each once: towns of the gazetteer, and the place
    whose names are ``own``, by a whole name or by a word that stands in few names.
    """
    words = [_Word(word, forms(word)) for word in _WORD.findall(western(text))]
    mine = [tuple(normalise(name).split()) for name in own if normalise(name)]
    alone = {
        word for name in mine for word in name if len(word) >= _OWN_MIN and word not in _COMMON
    }
    found = (*_own(words, mine, alone), *_towns(words))
    return list(dict.fromkeys(found))


def _own(words: list[_Word], names: list[tuple[str, ...]], alone: set[str]) -> Iterator[Named]:
    bare = {form for word in alone for form in _bare(word)}
    for at, word in enumerate(words):
        for name in names:
            part = words[at : at + len(name)]
            if _says(part, name):
                yield Named(text=" ".join(one.text for one in part))
        if word.forms & bare:
            yield Named(text=word.text)


def _towns(words: list[_Word]) -> Iterator[Named]:
    one_word, several = _spellings()
    for at, word in enumerate(words):
        for form in word.forms:
            if form in one_word:
                yield Named(text=word.text, key=one_word[form])
                break
        for name, key in several:
            part = words[at : at + len(name)]
            if _says(part, name):
                yield Named(text=" ".join(one.text for one in part), key=key)


def _says(part: list[_Word], name: tuple[str, ...]) -> bool:
    """Whether these words are that name, each in some inflection."""
    return len(part) == len(name) and all(
        word.forms & _bare(said) for word, said in zip(part, name, strict=True)
    )


@functools.lru_cache(maxsize=2_048)
def _bare(folded: str) -> frozenset[str]:
    """A word of a name, and what it is without the article."""
    article = "ال"
    return frozenset({folded, folded.removeprefix(article)} if len(folded) > 4 else {folded})


@functools.cache
def _spellings() -> tuple[dict[str, str], list[tuple[tuple[str, ...], str]]]:
    """The names of towns that are one word, and those of several, each with the key."""
    one: dict[str, str] = {}
    several: list[tuple[tuple[str, ...], str]] = []
    for town in gazetteer().values():
        for spelling in town.spellings:
            name = tuple(normalise(spelling).split())
            assert len(name) <= _WORDS_MAX
            if len(name) == 1:
                one.update(dict.fromkeys(_bare(name[0]), town.key))
            else:
                several.append((name, town.key))
    return one, several
