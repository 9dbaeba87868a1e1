"""Words without what Arabic writes before them and Sorani after them, for search and inference.

Arabic joins "and", "in", "for", "like" and the article to the next word (``وبالسيارة``), Sorani
puts "the", "in", "from" and "of" behind it (``مەخموورەکەدا``). The index holds a word as it is,
beside it what it is without the article, and, marked, what it is without particles: a marked word
is found by the whole word alone, since one letter less may be another word. Suffixes cost the
index nothing: what is sought goes on. So a text grows by two words for each of its own at most.
"""

import functools
import re
from typing import Final

from tansiq.domain.digits import western
from tansiq.domain.places import find_town
from tansiq.domain.search import normalise

MARK: Final = "ـ"  # no folded word has it; before a word of the index, and behind a whole word
_SORANI: Final = re.compile("[ەێۆڕڵڤچپژگھکی]")
_ARABIC: Final = re.compile("[ء-ی]")
# Folded, as all that follows.
_ARTICLE: Final = re.compile("[وف]?(?:[بک]?ال|لل)(.{3,})")
_JOINED: Final = ("له", "به")  # Sorani "in" and "to"
_PARTICLE: Final = frozenset("وبلک")
_REST_MIN: Final = 4  # letters of what is left without a particle
# Frequent words whose first letter is their own, and which without it are other words.
_OWN_FIRST: Final = frozenset(
    map(
        normalise,
        (
            "بلدية", "بلديات", "بداية", "بقايا", "بناية", "برنامج", "وزارة", "وزارات", "ولاية",
            "ولايات", "ورشات", "وسيلة", "وحدات", "كتابة", "كنيسة", "كاميرا", "بعيدة", "كبيرة",
            "وظيفة", "كتيبة",
        ),
    )
)  # fmt: skip
_SUFFIXES: Final = tuple(
    sorted(
        {
            *("دا", "هوه", "هکه", "هکان", "یک", "یهک", "هک", "ان", "ی", "یش", "ش", "هکهی", "وه"),
            *("هکانی", "هکاندا", "هکانهوه", "هکهدا", "هکهوه", "یدا", "یهوه", "یان", "مان", "تان"),
            *("انی", "اندا", "انهوه", "هکهیان", "هکهمان", "را", "ه", "یهکهدا", "یهکه"),
        },
        key=len,
        reverse=True,
    )
)
_STEM_MIN: Final = 4
_FORM_MIN: Final = 3
_REFERENCE: Final = re.compile(r"(?:[^\W\d_]-)?([0-9a-z]{5})", re.IGNORECASE)
_HEARD: Final = str.maketrans("oil", "011")  # letters that no reference has, and what is meant
_THOUSANDS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:[,'’]\d{3}){1,4}(?![\d,])")
_WORDS_KEPT: Final = 32_768
_WORD_KEPT: Final = 32


def indexed(text: str) -> str:
    """The words by which a text is found, for the index: folded, with what they are without
    article, particles and the marks between thousands. The board calls it.
    """
    return " ".join(filter(None, map(_known, text.split())))


class _Words(dict[str, str]):
    """Words with what the index holds of them: most of a text were in another text before."""

    def __missing__(self, word: str) -> str:
        found = " ".join((normalise(word), *_beside(word)))
        if len(word) <= _WORD_KEPT:
            if len(self) >= _WORDS_KEPT:
                self.clear()
            self[word] = found
        return found


_known: Final = _Words().__getitem__


def _beside(word: str) -> list[str]:
    """What the index holds beside a word as it is written."""
    beside = _joined(word)
    if not _ARABIC.search(word):
        return beside
    for folded in normalise(word).split():
        if _SORANI.search(word):
            beside += (f"{MARK}{rest}" for rest in _apart(folded))
            continue
        article = _ARTICLE.fullmatch(folded)
        if article:
            beside.append(article[1])
        else:
            beside += (MARK + rest for rest in _without_particles(folded))
    return beside


def _apart(folded: str) -> list[str]:
    """A Sorani word without "in" or "to", where they were not written apart, and without both."""
    rest = folded[2:] if folded[:2] in _JOINED and len(folded) > 2 + _STEM_MIN else ""
    return [one for one in (rest, _without_suffix(rest, sorani=True)) if one]


def _joined(word: str) -> list[str]:
    """The numbers of a word without the marks between their thousands."""
    if not any(sign in word for sign in ",٬،'’"):
        return []
    return [re.sub(r"\D", "", number) for number in _THOUSANDS.findall(western(word))]


def _without_particles(folded: str) -> list[str]:
    """A word without one particle, and without two where it begins with two."""
    found: list[str] = []
    rest = folded
    while len(found) < 2 and rest[0] in _PARTICLE and len(rest) > _REST_MIN:
        if rest in _OWN_FIRST:
            break
        rest = rest[1:]
        found.append(rest)
    return found


# What is sought ----------------------------------------------------------------------------------


def sought(text: str) -> list[list[str]]:
    """The words that are sought, each with all that finds it in the index: a spelling that ends in
    ``MARK`` is a whole word, any other may go on. The board calls it.
    """
    found: list[list[str]] = []
    for word in text.split():
        read = _REFERENCE.fullmatch(word)
        folded = normalise(word).split()
        joined = _joined(word)
        if read:
            found.append(_as_heard(normalise(read[1]), alone="-" not in word, word=word))
        elif joined:
            found.append([*joined, " ".join(folded)])
        else:
            found += (_spellings(one, word) for one in folded)
    return found


def _as_heard(reference: str, *, alone: bool, word: str) -> list[str]:
    """A reference as it was read over the radio; alone it may be any other word as well."""
    heard = reference.translate(_HEARD)
    plain = _spellings(reference, word) if alone else [reference]
    misheard = heard not in plain and any(sign.isdigit() for sign in reference)
    return [*plain, heard] if misheard else plain


def _spellings(folded: str, word: str) -> list[str]:
    """All that finds a folded word: itself, its stems, and the names of a town that it names."""
    if not _ARABIC.search(word):
        return _named(folded, [folded])
    found = [folded, f"{MARK}{folded}{MARK}"]
    if not _SORANI.search(word):
        article = _ARTICLE.fullmatch(folded)
        rests = [article[1]] if article else _without_particles(folded)
        found += [article[1]] if article else [f"{rest}{MARK}" for rest in rests]
        found += [f"{MARK}{rest}{MARK}" for rest in rests]
    else:
        found += [part for rest in _apart(folded) for part in (rest, f"{MARK}{rest}{MARK}")]
    stem = _without_suffix(folded, sorani=bool(_SORANI.search(word)))
    return _named(folded, [*found, stem] if stem else found)


def _without_suffix(folded: str, *, sorani: bool) -> str:
    """A Sorani word without its suffixes; "" where it has none, or too little would be left."""
    for suffix in _SUFFIXES:
        rest = folded.removesuffix(suffix)
        if rest != folded and len(rest) >= _STEM_MIN and (sorani or len(suffix) > 2):
            return rest
    return ""


def _named(folded: str, spellings: list[str]) -> list[str]:
    """The spellings, and every name of the town that one of them is."""
    names = {one.strip(MARK): None for one in spellings}
    towns = (find_town(name) for name in names)
    known = {spelling for town in towns if town for spelling in town.spellings}
    for name in sorted(map(normalise, known)):
        spellings += [name, f"{MARK}{name}{MARK}"] if _ARABIC.search(name) else [name]
    return list(dict.fromkeys(spellings))


# What stands for a name --------------------------------------------------------------------------


@functools.lru_cache(maxsize=8_192)
def forms(word: str) -> frozenset[str]:
    """All that a word may be without particles and suffixes, itself among them: for whoever looks
    for a name in any inflection, and would rather find too much than too little.
    """
    (folded, *more) = normalise(word).split() or [""]
    if more or not folded:
        return frozenset({folded})
    found = {folded}
    if _ARABIC.search(folded):
        found |= _all_without_particles(folded)
        for one in tuple(found):
            found |= {one.removesuffix(end) for end in _SUFFIXES}
    elif len(folded) > _STEM_MIN:
        found.add(folded.removesuffix("s"))
    return frozenset(one for one in found if len(one) >= _FORM_MIN)


def _all_without_particles(folded: str) -> set[str]:
    found, rest = set[str](), folded
    article = _ARTICLE.fullmatch(folded)
    if article:
        found.add(article[1])
    for joined in _JOINED:
        found.add(folded.removeprefix(joined))
    while len(rest) > _FORM_MIN and rest[0] in _PARTICLE:
        rest = rest[1:]
        found.add(rest)
    return found
