"""Texts as a body may hold them: as typed, without what turns lines round or no screen can show."""

import re
from typing import Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.search import without_overrides

# What most texts have nothing of: one look tells that there is nothing to clean or to refuse.
_NOT_PLAIN: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\u202a-\\u202e\\u2066-\\u2069]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f]")


def plain_text(value: object, *, field: str, limit: int = BOUNDS.text_chars_max) -> str:
    """A text of several lines, stripped, with plain line ends. Raises InputError that names the
    field.
    """
    if not isinstance(value, str):
        raise InputError("field_form", field=field)
    if len(value) > limit:
        raise InputError("text_long", field=field, limit=limit)
    clean = value.strip()
    if _NOT_PLAIN.search(clean):
        clean = without_overrides(value).replace("\r\n", "\n").replace("\r", "\n").strip()
        if _CONTROL.search(clean):
            raise InputError("text_control", field=field)
    return clean


def plain_line(value: object, *, field: str) -> str:
    """As :func:`plain_text`, of one line."""
    clean = plain_text(value, field=field, limit=BOUNDS.line_chars_max)
    if "\n" in clean:
        raise InputError("field_form", field=field)
    return clean
