"""Texts as the font of the pages can show them.

What the font cannot show would stop the typesetter, and a long word would run off the page: a
character that is not in the font becomes one mark and is counted, and a run that is wider than its
column may break where it would leave it.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).resolve().parent / "fonts"
SIZE: Final = 8.5  # of the letters, in points; the template has the same
LACKING: Final = "\ufffd"  # what stands for a character that the font does not have
_BREAK: Final = "\u200b"  # a line may end here
_ISOLATE, _ENDS = "\u2068", "\u2069"  # by its own first letter: from the left or from the right
# Steer what stands beside them and are never drawn, whether a font has them or not.
_STEERS: Final = frozenset("\u200c\u200d\u2066\u2067\u2068\u2069")
_REFUSED: Final = "\ufeff"  # by PDF/UA, though the font has it: never drawn
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_LINES: Final = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_RUN: Final = re.compile(r"\S+")
_WIDEST: Final = 2.0  # of a letter, in sizes: a shorter run needs no measuring


class Words:
    """Makes texts that can be set, and counts the characters that could not."""

    def __init__(self) -> None:
        self.lacking = 0

    def lines(self, text: str, room: float) -> list[str]:
        """The text line by line, as people broke it."""
        return [self.settable(line, room) for line in _LINES.split(text)]

    def settable(self, text: str, room: float) -> str:
        """The text as the font can show it, in a frame of its own direction. A run wider than
        ``room`` (points) may break.
        """
        shown = "".join(map(self._shown, unicodedata.normalize("NFC", text)))
        if not shown.strip():
            return ""
        most = room / SIZE
        fitting = _RUN.sub(lambda run: _fitted(run.group(), most), shown)
        return f"{_ISOLATE}{fitting}{_ENDS}"

    def _shown(self, character: str) -> str:
        if character == _REFUSED:
            return ""
        if character in advances() or character in _STEERS:
            return character
        if character.isspace():
            return " "
        if unicodedata.category(character) in _UNSEEN or "\ufe00" <= character <= "\ufe0f":
            return ""
        self.lacking += 1
        return LACKING


def _fitted(run: str, most: float) -> str:
    """The run, which may break where it would be wider than ``most`` sizes of the font."""
    if len(run) * _WIDEST <= most:
        return run
    made: list[str] = []
    wide = 0.0
    for character in run:
        step = advances().get(character, 0.0)
        if made and wide + step > most:
            made.append(_BREAK)
            wide = 0.0
        made.append(character)
        wide += step
    return "".join(made)


def widest(text: str) -> float:
    """How wide the widest run of a text is, in points: what a column wants that breaks none."""
    known = advances()
    runs = _RUN.findall(text)
    return SIZE * max((sum(known.get(one, 0.0) for one in run) for run in runs), default=0.0)


@cache
def advances() -> dict[str, float]:
    """The characters that both weights of the font have, with how wide each is, in sizes."""
    (told,) = FONTS.glob("*/advances.txt")
    pairs = (line.split() for line in told.read_text("ascii").splitlines())
    return {chr(int(code, 16)): int(wide) / 1000 for code, wide in pairs}
