"""Where a list continues: the last row that was shown, never a number of rows."""

import re
from typing import Final

from django.http import HttpRequest

_CURSOR: Final = re.compile(r"(\d{1,15})~([A-Z]{2,8}/[0-9a-f-]{36})")


def cursor(request: HttpRequest) -> tuple[int, str] | None:
    """The row after which the list goes on; anything malformed starts at the top."""
    return cursor_of(str(request.GET.get("after", "")))


def cursor_of(text: str) -> tuple[int, str] | None:
    """The row that a text names as :func:`cursor_text` writes it; None for anything malformed."""
    match = _CURSOR.fullmatch(text[:80])
    return (int(match[1]), match[2]) if match else None


def cursor_text(key: tuple[int, str]) -> str:
    """The address form of a row's key."""
    return f"{key[0]}~{key[1]}"
