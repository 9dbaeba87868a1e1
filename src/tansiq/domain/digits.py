"""Digits as people type them: Western, Arabic-Indic and Persian, with signs that no eye sees."""

from typing import Final

# What nobody sees and everybody pastes: joiners, marks of direction, zero-width spaces.
INVISIBLE: Final = (
    0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
    *range(0x2060, 0x2070), 0xFEFF,
)  # fmt: skip
_WESTERN: Final = {
    **{0x0660 + n: str(n) for n in range(10)},
    **{0x06F0 + n: str(n) for n in range(10)},
    0x066B: ".",  # the Arabic decimal sign
    0x066C: ",",  # the Arabic thousands sign
    0x060C: ",",
    **dict.fromkeys(INVISIBLE, ""),
}
_DIGITS_MAX: Final = 15  # below the largest integer of the logs


def western(text: str) -> str:
    """The text with Western digits, decimal point and comma, and nothing invisible. Forms, imports
    and the reader of positions call it.
    """
    return text.translate(_WESTERN)


def whole_number(text: str) -> int | None:
    """The number that an address or a form of our own pages says; None for what is none."""
    plain = text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX
    return int(text) if plain else None
