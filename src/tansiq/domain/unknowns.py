"""Unknowns: what is not known, as items that can be answered or be of no more value.

An item keeps its id from edition to edition, so that its age and its answer can be followed. The id
is random: it tells nothing of how many there were, or of what they said before.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from itertools import count
from typing import Any, Final, TypeAlias

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.records import record_id
from tansiq.domain.texts import plain_line

Unknown: TypeAlias = dict[str, str]

_NAMES: Final = frozenset({"id", "text", "state", "by"})
_ID: Final = re.compile(r"[0-9a-f]{8}")


class UnknownState(StrEnum):
    """What became of something that was not known."""

    OPEN = "open"
    ANSWERED = "answered"
    NO_VALUE = "no_value"  # nobody needs to know any more


_STATES: Final = frozenset(one.value for one in UnknownState)


def checked_unknowns(value: object, *, field: str) -> list[Unknown]:
    """Unknowns as a body may hold them: each ``{"id", "text", "state", "by"}``, ids only once, and
    a record in ``by`` only where the state is answered. Raises InputError.
    """
    if not isinstance(value, list):
        raise InputError("field_form", field=field)
    if len(value) > BOUNDS.unknowns_max:
        raise InputError("unknowns_many", field=field, limit=BOUNDS.unknowns_max)
    items = [_checked(item, field) for item in value]
    if len({item["id"] for item in items}) != len(items):
        raise InputError("field_form", field=field)
    return items


def _checked(item: object, field: str) -> Unknown:
    if not isinstance(item, dict) or item.keys() != _NAMES:
        raise InputError("field_form", field=field)
    identity, state, by = item["id"], item["state"], item["by"]
    if not isinstance(identity, str) or not _ID.fullmatch(identity):
        raise InputError("field_form", field=field)
    if not isinstance(state, str) or state not in _STATES:
        raise InputError("choice_unknown", field=field)
    if by != "" and (record_id(by) and state != UnknownState.ANSWERED):
        raise InputError("field_form", field=field)
    text = plain_line(item["text"], field=field)
    if not text:
        raise InputError("field_required", field=field)
    return {"id": identity, "text": text, "state": state, "by": by}


def asked(lines: Iterable[str], draw: Callable[[], str]) -> list[dict[str, Any]]:
    """Open unknowns, one a line that says anything; ``draw`` gives a random UUID for each."""
    return [
        {"id": draw()[:8], "text": line.strip(), "state": UnknownState.OPEN.value, "by": ""}
        for line in lines
        if line.strip()
    ]


def as_told(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Open unknowns as a source outside tells them, numbered in order: the desk gives each an id of
    its own (:func:`told_again`) before it is kept.
    """
    numbers = count()
    return asked(lines, lambda: f"{next(numbers):08x}")


def told_again(
    told: Sequence[Unknown], known: Sequence[Unknown], draw: Callable[[], str]
) -> list[Unknown]:
    """What a source tells, in its order: an item that is known by its text stays as it stands, with
    what became of it; the others get ids of their own.
    """
    stands = {item["text"]: item for item in known}
    fresh = (stands.get(item["text"]) or {**item, "id": draw()[:8]} for item in told)
    return list({item["text"]: item for item in fresh}.values())


def settled(
    items: Sequence[Unknown], identity: str, state: UnknownState, by: str = ""
) -> list[Unknown]:
    """The items with one of them in another state, answered ``by`` a record or by none. Raises
    InputError where there is no such item.
    """
    if identity not in {item["id"] for item in items}:
        raise InputError("unknown_absent")
    by = by if state is UnknownState.ANSWERED else ""
    changed = {"state": state.value, "by": by}
    return [{**item, **changed} if item["id"] == identity else dict(item) for item in items]
