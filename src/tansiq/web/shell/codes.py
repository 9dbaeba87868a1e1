"""A QR code as one path: no style, no script, and nothing that is not ours."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import segno

BYTES_MAX: Final = 1_600  # beyond that a code is too dense for a camera in a dim room
QUIET: Final = 4  # modules of white around, as the standard asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A QR code: its side in modules, the dark ones as an SVG path, and if it holds all."""

    side: int
    path: str
    whole: bool


@lru_cache(maxsize=4)
def code_of_card(card: bytes) -> Code:
    """As :func:`code_of`, kept: a card is public and changes once a year, its code takes 40 ms."""
    return code_of(card)


def code_of(data: bytes) -> Code:
    """The code of some bytes; of more than a code holds, their SHA-256."""
    whole = len(data) <= BYTES_MAX
    text = data if whole else f"tansiq-card:{hashlib.sha256(data).hexdigest()}"
    rows = list(segno.make(text, error="l" if whole else "m", micro=False).matrix)
    return Code(side=len(rows) + 2 * QUIET, path="".join(runs(rows)), whole=whole)


def runs(rows: list[bytearray]) -> list[str]:
    """The dark modules of a code as parts of an SVG path, with what is white around it."""
    parts = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 1
            while x + length < len(row) and row[x + length] == row[x]:
                length += 1
            if row[x]:
                parts.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
            x += length
    return parts
