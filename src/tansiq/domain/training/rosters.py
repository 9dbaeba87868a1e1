"""Rosters as a training manager pastes them: one roster number a line, bounded, each once.

What is wrong is named by its line and never by the number that stands there.
"""

from typing import Final

from tansiq.domain.digits import western
from tansiq.domain.errors import InputError
from tansiq.domain.parties import roster_number

HOLDERS_MAX: Final = 200  # of one form
_LINE_CHARS_MAX: Final = 64
_TEXT_CHARS_MAX: Final = HOLDERS_MAX * _LINE_CHARS_MAX


def holders_in(typed: str) -> dict[str, int]:
    """The roster numbers of a text, each with its line from 1; empty lines count and say nothing.
    Raises InputError that names the line.
    """
    if len(typed) > _TEXT_CHARS_MAX:
        raise InputError("roster_many", field="holders", limit=HOLDERS_MAX)
    found: dict[str, int] = {}
    for number, line in enumerate(typed.splitlines(), start=1):
        said = western(line).strip().upper()
        if not said:
            continue
        holder = _holder(said, number)
        if holder in found:
            raise InputError("roster_twice", field="holders", line=number, first=found[holder])
        found[holder] = number
    if not found:
        raise InputError("field_required", field="holders")
    if len(found) > HOLDERS_MAX:
        raise InputError("roster_many", field="holders", limit=HOLDERS_MAX)
    return found


def _holder(said: str, number: int) -> str:
    try:
        return roster_number(said)
    except InputError:
        raise InputError("roster_line", field="holders", line=number) from None
