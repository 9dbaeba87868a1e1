"""Folding of Arabic, Sorani and English text for comparison and search. Storage keeps what the
person typed.

After Lucene's SoraniNormalizer and Arabic normalisation: one letter for the forms that keyboards
mix, no vowel signs, no tatweel, nothing invisible, Western digits, small letters. What a word is
without its particles and suffixes, ``inflection`` knows.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from tansiq.domain.digits import INVISIBLE

_MAP: Final = {
    ord("ٱ"): "ا",
    **dict.fromkeys(map(ord, "يىێېۍےݐ"), "ی"),
    **dict.fromkeys(map(ord, "كڪڬ"), "ک"),
    **dict.fromkeys(map(ord, "ةەھہۃ"), "ه"),
    **dict.fromkeys(map(ord, "ۆۇۋ"), "و"),
    **dict.fromkeys(map(ord, "ڕڒ"), "ر"),
    ord("ڵ"): "ل",
    ord("ـ"): "",
    **{0x0660 + n: str(n) for n in range(10)},
    **{0x06F0 + n: str(n) for n in range(10)},
    **dict.fromkeys(INVISIBLE, ""),
}
_WORD: Final = re.compile(r"[^\W_]+")
_WORDS_KEPT: Final = 32_768
_WORD_KEPT: Final = 32  # characters of a word that is worth keeping
_WORD_CHARS: Final = 200  # an index has a bound for its words; nobody searches by more


def _class_of(codes: Iterable[int]) -> re.Pattern[str]:
    return re.compile("[" + "".join(re.escape(chr(code)) for code in codes) + "]")


# One search of a text costs far less than a look at each of its characters in Python, and a letter
# that stands for itself far less than one that the table lacks.
_TABLE: Final = {code: code for code in (*range(0x800), *range(0x2000, 0x2070))} | _MAP
_COMBINING: Final = _class_of(code for code in range(0x10000) if unicodedata.combining(chr(code)))
_RARE: Final = re.compile("[\U00010000-\U0010ffff]")


# Direction overrides reverse what follows them on a page or in print; no honest text needs them.
_OVERRIDE: Final = _class_of((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def normalise(text: str) -> str:
    """The form in which two spellings of the same word compare equal."""
    return " ".join(filter(None, map(_known, text.split())))


class _Words(dict[str, str]):
    """Words with their normalised forms: most of a text were in another text before."""

    def __missing__(self, word: str) -> str:
        normalised = _normalised(word)
        if len(word) <= _WORD_KEPT:
            if len(self) >= _WORDS_KEPT:
                self.clear()
            self[word] = normalised
        return normalised


def _normalised(text: str) -> str:
    # Taken apart first: a letter that carries a sign is then the letter, whatever carries what.
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    plain = _COMBINING.sub("", plain).translate(_TABLE)
    if _RARE.search(plain):  # of other scripts than ours
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(word[:_WORD_CHARS] for word in _WORD.findall(plain))


_known: Final = _Words().__getitem__


def without_overrides(text: str) -> str:
    """The text without invisible direction controls; everything else stays as typed."""
    return _OVERRIDE.sub("", text)
