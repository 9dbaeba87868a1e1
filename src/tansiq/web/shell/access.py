"""Noting what an answer shows, before it is given: every released value that reaches a page is
found here, so that no view can forget to say what it showed.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Final

from django.http import HttpRequest

from tansiq.desk.act.access import EDITION_CHARS, AccessEntry, Deed
from tansiq.desk.records.read import View
from tansiq.domain.labels import CONFINED
from tansiq.domain.records import RecordView
from tansiq.domain.tables import Report, Table
from tansiq.policy.seal import Released
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.sections import deed_of
from tansiq.web.shell.site import current

_DEPTH_MAX: Final = 6
_NOT_ASKED: Final = frozenset({"after", "preview_lang", "next", "to", "rule"})


def shown(value: object, depth: int = 0) -> Iterator[str]:
    """The released records within a value, and within its tables, as the access log names them."""
    if depth > _DEPTH_MAX:
        return
    if isinstance(value, Released):
        if isinstance(value.value, RecordView):
            yield item_of(value)
        elif isinstance(value.value, Table | Report):
            yield from (row.item for row in value.value.rows if row.item)
    elif isinstance(value, dict):
        yield from _within(value.values(), depth)
    elif isinstance(value, list | tuple | set | frozenset):
        yield from _within(value, depth)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        members = (getattr(value, entry.name) for entry in dataclasses.fields(value))
        yield from _within(members, depth)


def _within(values: Iterable[object], depth: int) -> Iterator[str]:
    for value in values:
        yield from shown(value, depth + 1)


def item_of(view: View) -> str:
    """A record edition as the access log names it. Of one that is for a single role its number
    stands there: a digest of few possible words would tell the auditor which of them it was.
    """
    v = view.value
    alone = v.label.categories & CONFINED.keys()
    edition = str(v.ordinal) if alone else v.digest[:EDITION_CHARS]
    return f"{v.owner}/{v.record}@{edition}"


def note(request: HttpRequest, seat: Seat, context: dict[str, object], *, hits: int = -1) -> None:
    """Keep what an answer with this context shows. Raises StoreError where it cannot be kept: then
    nothing is shown.
    """
    matched = request.resolver_match
    place = matched.url_name or "" if matched else ""
    items = tuple(dict.fromkeys(shown(context)))
    total = context.get("total", hits)
    counted = total if isinstance(total, int) else -1
    asked = _asked(request) if counted >= 0 else {}
    deed = deed_of(place) or _deed(asked, counted)
    if items or asked or (counted >= 0 and deed in _ALWAYS):
        current().desk.access.note(
            AccessEntry(
                deed=deed, place=place, position=seat.actor.position, person=seat.actor.person,
                items=items, asked=asked, hits=counted,
            )
        )  # fmt: skip


_ALWAYS: Final = frozenset({Deed.AUDITED, Deed.VERIFIED, Deed.EXPORTED, Deed.PRINTED})


def _deed(asked: dict[str, str], counted: int) -> Deed:
    if counted < 0:
        return Deed.READ
    return Deed.SEARCHED if asked.get("q") else Deed.LISTED


def _asked(request: HttpRequest) -> dict[str, str]:
    given = {name: str(value) for name, value in request.GET.items() if name not in _NOT_ASKED}
    return {name: value for name, value in given.items() if value}
