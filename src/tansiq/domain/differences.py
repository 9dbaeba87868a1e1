"""What differs between two editions of a record, field by field, and in texts word by word.

Pages that compare editions and the page of a conflict ask here. Pure: what may be compared for whom
is decided before.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds import Kind
from tansiq.domain.records import Body

_WORDS: Final = re.compile(r"\s+|[^\s]+")
_WORDS_MAX: Final = 1_200  # a longer text is compared as a whole: the time for more grows square
_EMPTY: Final[tuple[object, ...]] = (None, "", [], False)


class Mark(StrEnum):
    """How a piece of a text stands to the other text."""

    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of words that both texts have, or only this one."""

    text: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that reads otherwise in two editions; None where one of them lacks it."""

    field: Field
    old: object
    new: object

    @property
    def pieces(self) -> tuple[tuple[Piece, ...], tuple[Piece, ...]] | None:
        """Both texts word by word; None for a field that is no text."""
        if self.field.type is not Type.TEXT or self.old is None or self.new is None:
            return None
        return marked(str(self.old), str(self.new))


def differences(kind: Kind, old: Body, new: Body) -> tuple[Difference, ...]:
    """The fields that differ, in the order of the kind; what the program keeps is not compared."""
    found = []
    for field in kind.fields:
        before, after = _value(field, old), _value(field, new)
        if before != after and not field.hidden:
            found.append(Difference(field=field, old=before, new=after))
    return tuple(found)


def _value(field: Field, body: Body) -> object:
    value = body.get(field.name)
    return None if value in _EMPTY else value


def marked(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two texts in pieces, so that whoever reads them sees at once which words differ."""
    mine, theirs = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(mine), len(theirs)) > _WORDS_MAX:
        return (_piece(old, Mark.OTHER),), (_piece(new, Mark.OTHER),)
    left, right = [], []
    for step, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        mark = Mark.SAME if step == "equal" else Mark.OTHER
        left += [_piece("".join(mine[a:b]), mark)] if b > a else []
        right += [_piece("".join(theirs[c:d]), mark)] if d > c else []
    return tuple(left), tuple(right)


def _piece(text: str, mark: Mark) -> Piece:
    return Piece(text=text, mark=mark)
