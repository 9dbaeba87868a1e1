"""Which projects of the portfolio an address asks for: every number of the room is one such list,
and is counted by choosing it.
"""

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest

from tansiq.desk.records.read import View
from tansiq.desk.reform.portfolio import Line, Portfolio
from tansiq.domain.fields import rows_in
from tansiq.domain.kinds.reform.judging import Proof
from tansiq.domain.kinds.reform.project import LIGHTS, OPEN
from tansiq.domain.reform.forecasting import Range
from tansiq.domain.tables import Figure
from tansiq.web.shell.asking import Address, address_with

PATH: Final = "/reform"
GIVEN: Final = (
    "only", "workstream", "lead", "state", "source", "owner", "until", "as_of"
)  # fmt: skip
_ONLY: Final[dict[str, Callable[[Line], bool]]] = {
    "executed": lambda one: one.progress.executed,
    "verified": lambda one: one.progress.verified,
    "unverified": lambda one: one.progress.executed and not one.progress.verified,
    "asked": lambda one: any(
        item.proof is Proof.REVIEWED or item.asks_again
        for m in one.progress.milestones
        for item in m.items
    ),
    "blocked": lambda one: bool(one.blocked_by),
    "due": lambda one: bool(one.progress.due),
    "overdue": lambda one: bool(one.progress.overdue),
    "open": lambda one: one.view.value.state in OPEN,
    **{
        light: (lambda one, light=light: one.progress.light.shown == light)  # type: ignore[misc]
        for light in LIGHTS
    },
    "planned": lambda _: True,
    "measured": lambda one: one.progress.executed and _has_plan(one) and _has_end(one),
    "unplanned": lambda one: one.view.value.state in OPEN and not _has_plan(one),
}


def _has_plan(line: Line) -> bool:
    """Whether it says when it begins and was to end: without that nothing is foreseen of it."""
    body = line.view.value.body
    return bool(body.get("start") and body.get("baseline_end"))


def _has_end(line: Line) -> bool:
    """Whether it says when it ended."""
    done = any(one.done for one in line.progress.milestones)
    return done or bool(line.view.value.body.get("forecast_end"))


def address_of(request: HttpRequest, path: str = PATH, *more: str) -> Address:
    """What a request asks of the room, at one of its pages, with what that page asks besides."""
    return address_with(request, path, (*GIVEN, *more), longest=40)


def chosen(found: Portfolio, address: Address) -> list[Line]:
    """The projects that the address asks for."""
    only, until = address.get("only"), address.get("until")
    lines = [one for one in found.lines if only not in _ONLY or _ONLY[only](one)]
    for name in ("workstream", "lead", "state", "source", "owner"):
        wanted = address.get(name)
        lines = [one for one in lines if not wanted or wanted in values_of(one, name)]
    return [one for one in lines if not until or "" < _ends(one, only) <= until]


def values_of(line: Line, name: str) -> tuple[str, ...]:
    """What a project has there: its workstream, lead, state, owner, or its budget's sources."""
    value = line.view.value
    if name == "source":
        rows = rows_in(value.body, "budget")
        return tuple(dict.fromkeys(str(row["source"]) for row in rows if row.get("source")))
    if name in ("state", "owner"):
        return (str(getattr(value, name)),)
    code = value.body.get(name)
    return (str(code),) if code else ()


def _ends(line: Line, only: str) -> str:
    """When a project ended, or was planned to."""
    name = "baseline_end" if only == "planned" else "forecast_end"
    return str(line.view.value.body.get(name, ""))


def title_of(view: View, language: str) -> str:
    """The title of a project in this language, else as it was written."""
    body = view.value.body
    return str(body.get(f"title_{language}") or body.get("text", ""))


def number(found: Portfolio, address: Address, **asked: str) -> Figure:
    """A number of the portfolio as of when the address asks, and the list that it counts."""
    kept = {name: text for name, text in address.given.items() if name == "as_of"}
    count = len(chosen(found, Address(PATH, {**kept, **asked})))
    opens = Address(PATH, kept).to(**asked)
    return Figure(count=count, address=opens, as_of=found.as_of)


def days_of(said: Range) -> tuple[str, str, str]:
    """The days of a range as they are written."""
    return iso(said.early), iso(said.middle), iso(said.late)


def iso(day: int) -> str:
    """An ordinal day as it is written; "" for none."""
    return dt.date.fromordinal(day).isoformat() if day else ""
