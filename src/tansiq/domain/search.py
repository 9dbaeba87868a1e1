"""Folding of Arabic, Sorani and English text for comparison and search. Storage keeps what the
person typed.

After Lucene's SoraniNormalizer and Arabic normalisation: one letter for the forms that keyboards
mix, no vowel signs, no tatweel, no direction controls, Western digits, small letters.
"""

import re
import unicodedata
from typing import Final

_ZWNJ: Final = "\u200c"
_MAP: Final = {
    **dict.fromkeys(map(ord, "أإآٱ"), "ا"),
    **dict.fromkeys(map(ord, "يىێئ"), "ی"),
    ord("ك"): "ک",
    **dict.fromkeys(map(ord, "ةەھ"), "ه"),
    **dict.fromkeys(map(ord, "ؤۆ"), "و"),
    **dict.fromkeys(map(ord, "ڕڒ"), "ر"),
    ord("ڵ"): "ل",
    ord("ـ"): "",
    ord(_ZWNJ): "",
    **{0x0660 + n: str(n) for n in range(10)},
    **{0x06F0 + n: str(n) for n in range(10)},
    **dict.fromkeys(range(0x200D, 0x2010), ""),
    **dict.fromkeys(range(0x202A, 0x202F), ""),
    **dict.fromkeys(range(0x2066, 0x206A), ""),
    **dict.fromkeys(range(0x064B, 0x0653), ""),
    0x0670: "",
}
_WORD: Final = re.compile(r"\w+")

# Direction overrides reverse what follows them on a page or in print; no honest text needs them.
_OVERRIDES: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def fold(text: str) -> str:
    """The form in which two spellings of the same word compare equal."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_MAP)
    plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(plain))


def without_overrides(text: str) -> str:
    """The text without invisible direction controls; everything else stays as typed."""
    return text.translate(_OVERRIDES)
