"""The tables of the steering report, in their order: numbers, changes, projects, what is blocked,
forecasts with their record, and what is not known; the sums stand in ``sums``.

Each row begins with its number: the third row of the second table is 2.3 in every language.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.records import unknowns
from tansiq.desk.records.read import View
from tansiq.desk.records.unknowns import Question
from tansiq.desk.reform.forecasts import Outlook, key_of
from tansiq.desk.reform.portfolio import Line, Portfolio
from tansiq.domain.kinds.reform.project import HELD, LIGHTS, PROJECT
from tansiq.domain.parties import Classification, Viewer
from tansiq.domain.tables import EMPTY, Cell, Column, Holds, Row, Table
from tansiq.web.reform.choosing import PATH, chosen, days_of, iso, number, title_of
from tansiq.web.reform.outlook import method_of
from tansiq.web.reform.portfolio import TONES, cause_words
from tansiq.web.shell.asking import Address
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.ways import row_of

_COUNTS: Final = (
    "all", "executed", "verified", "unverified", "asked", "blocked", "due", "overdue",
)  # fmt: skip
_UNKNOWNS_MAX: Final = 500
_NUMBER: Final = Column(key="no", heading="report.number", holds=Holds.CODE)
_CODE: Final = Column(key="code", heading="field.code", holds=Holds.CODE)
_TITLE: Final = Column(key="title", heading="field.project.text", holds=Holds.TEXT)
_HEADLINES: Final = (
    Column(key="what", heading="report.what", holds=Holds.TEXT),
    Column(key="count", heading="report.count", holds=Holds.NUMBER),
    Column(key="means", heading="report.means", holds=Holds.TEXT),
    Column(key="codes", heading="report.codes", holds=Holds.TEXT),
)
_CHANGES: Final = (
    _CODE,
    _TITLE,
    Column(
        key="changed", heading="report.changed", holds=Holds.CHOICE, words="choice.report_change"
    ),
    Column(key="before", heading="report.before", holds=Holds.TEXT),
    Column(key="now", heading="report.after", holds=Holds.TEXT),
)
_PROJECTS: Final = (
    _CODE, _TITLE,
    Column(key="workstream", heading="field.workstream", holds=Holds.CHOICE,
           words="choice.workstream", under="title"),
    Column(key="lead", heading="field.lead", holds=Holds.CHOICE, words="choice.lead"),
    Column(key="state", heading="field.state", holds=Holds.CHOICE, words="state", mark="tag"),
    Column(key="verified", heading="reform.verified", holds=Holds.FLAG, under="state",
           named=True),
    Column(key="light", heading="reform.light", holds=Holds.CHOICE, words="choice.light",
           mark="tag"),
    Column(key="causes", heading="reform.causes", holds=Holds.TEXT, under="light"),
    Column(key="percent", heading="reform.percent", holds=Holds.NUMBER),
    Column(key="baseline", heading="field.baseline_end", holds=Holds.DATE),
    Column(key="forecast", heading="field.forecast_end", holds=Holds.DATE),
)  # fmt: skip
_BLOCKED: Final = (
    _CODE,
    _TITLE,
    Column(key="by", heading="reform.blocked_by", holds=Holds.TEXT),
    Column(key="why", heading="field.project.reason", holds=Holds.TEXT),
    Column(key="since", heading="report.blocked_since", holds=Holds.DATE),
)
_FORECASTS: Final = (
    _CODE,
    _TITLE,
    Column(key="baseline", heading="field.baseline_end", holds=Holds.DATE),
    Column(key="early", heading="forecast.early", holds=Holds.DATE),
    Column(key="middle", heading="forecast.middle", holds=Holds.DATE),
    Column(key="late", heading="forecast.late", holds=Holds.DATE),
    Column(key="method", heading="forecast.method", holds=Holds.CHOICE, words="choice.forecast_by"),
    Column(key="sample", heading="forecast.sample", holds=Holds.NUMBER),
)
_RECORD: Final = (
    Column(key="made", heading="forecast.made", holds=Holds.DATE),
    Column(key="past", heading="forecast.count.past", holds=Holds.NUMBER),
    Column(key="held", heading="forecast.count.held", holds=Holds.NUMBER),
    Column(key="codes", heading="report.codes", holds=Holds.TEXT),
)
_UNKNOWN: Final = (
    _CODE,
    Column(key="text", heading="field.unknowns", holds=Holds.TEXT),
    Column(key="since", heading="unknowns.since", holds=Holds.MOMENT),
    Column(key="owner", heading="page.owner", holds=Holds.PARTY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the report is made of: the portfolio now and then, what is foreseen, the words of its
    reader, and the moment (milliseconds) as of which it is.
    """

    now: Portfolio
    then: Portfolio
    ahead: Outlook
    said: Voice
    known: int


def parts(desk: Desk, seen: Seen) -> Iterator[Table]:
    """The tables before the sums."""
    for name, columns, rows in (
        ("headlines", _HEADLINES, _headlines(seen)),
        ("changes", _CHANGES, _changes(seen)),
        ("projects", _PROJECTS, (_project(one, seen.said) for one in seen.now.lines)),
        ("blocked", _BLOCKED, _blocked(seen)),
        ("forecast", _FORECASTS, _forecasts(seen)),
        ("record", _RECORD, _record(seen)),
    ):
        yield _table(desk, seen, name, columns, rows)


def _table(
    desk: Desk, seen: Seen, name: str, columns: tuple[Column, ...], rows: Iterable[Row]
) -> Table:
    made = tuple(rows)
    return Table(
        name=f"report-{name}", title=f"report.part.{name}",
        definition=f"report.part.{name}_means", columns=columns, rows=made, total=len(made),
        as_of=seen.known, declared_by=desk.me, address=PATH, ways=PROJECT.ways,
    )  # fmt: skip


def in_order(tables: Iterable[Table]) -> Iterator[Table]:
    """The tables with the numbers of their rows."""
    for part, made in enumerate(tables, start=1):
        rows = (
            replace(row, cells=(Cell(value=f"{part}.{at}"), *row.cells))
            for at, row in enumerate(made.rows, start=1)
        )
        yield replace(made, columns=(_NUMBER, *made.columns), rows=tuple(rows))


def _headlines(seen: Seen) -> Iterator[Row]:
    here = Address(PATH, {})
    for name in (*_COUNTS, *reversed(LIGHTS)):
        asked = {} if name == "all" else {"only": name}
        lines = chosen(seen.now, Address(PATH, asked))
        what = f"choice.light.{name}" if name in LIGHTS else f"reform.count.{name}"
        figure = number(seen.now, here, **asked)
        yield Row(
            cells=(
                Cell(value=seen.said.t(what)), Cell(value=figure.count, address=figure.address),
                Cell(value=seen.said.t(f"report.means.{'light' if name in LIGHTS else name}")),
                Cell(value=_codes(lines)),
            ),
            classification=_highest(one.view for one in lines),
        )  # fmt: skip


def _codes(lines: Iterable[Line]) -> str | None:
    return ", ".join(one.code for one in lines) or None


def _highest(views: Iterable[View]) -> Classification | None:
    found = (one.value.label.classification for one in views)
    return max(found, key=lambda one: one.rank, default=None)


def _changes(seen: Seen) -> Iterator[Row]:
    """What is not as it was: new projects, states, verified, ends that moved, progress."""
    before = {key_of(one.view): one for one in seen.then.lines}
    for line in seen.now.lines:
        old = before.get(key_of(line.view))
        for what, was, now in _changed(line, old, seen.said):
            if was != now:
                yield row_of(
                    line.view,
                    (*_named(line.view, seen.said), Cell(value=what), Cell(value=was or None),
                     Cell(value=now or None)),
                )  # fmt: skip


def _changed(line: Line, old: Line | None, said: Voice) -> Iterator[tuple[str, str, str]]:
    def each(one: Line | None) -> dict[str, str]:
        if one is None:
            return {}
        verified = "table.yes" if one.progress.verified else "table.no"
        return {
            "state": said.t(f"state.{one.view.value.state}"), "verified": said.t(verified),
            "light": said.t(f"choice.light.{one.progress.light.shown}"),
            "end": str(one.view.value.body.get("forecast_end", "")),
            "accepted": str(one.progress.accepted),
        }  # fmt: skip

    if old is None:
        yield "new", "", each(line)["state"]
        return
    was = each(old)
    for name, now in each(line).items():
        yield name, was[name], now


def _named(view: View, said: Voice) -> tuple[Cell, Cell]:
    value = view.value
    opens = f"/record/{value.owner}/{value.record}"
    return (
        Cell(value=value.body.get("code"), address=opens),
        Cell(value=title_of(view, said.language), address=opens),
    )


def _project(line: Line, said: Voice) -> Row:
    value, progress = line.view.value, line.progress
    light = progress.light.shown
    causes = "; ".join(cause_words(one, said) for one in progress.light.causes)
    return row_of(
        line.view,
        (
            *_named(line.view, said), Cell(value=value.body.get("workstream")),
            Cell(value=value.body.get("lead")),
            Cell(value=value.state, tone=PROJECT.tone(value.state)),
            Cell(value=progress.verified) if progress.executed else EMPTY,
            Cell(value=light, tone=TONES[light]), Cell(value=causes or None),
            Cell(value=progress.percent), Cell(value=value.body.get("baseline_end")),
            Cell(value=value.body.get("forecast_end")),
        ),
    )  # fmt: skip


def _blocked(seen: Seen) -> Iterator[Row]:
    """What waits for another project or stands still itself, each with why and since when."""
    for line in seen.now.lines:
        own = [line.view] if line.view.value.state in HELD else []
        for by in (*own, *line.blocked_by):
            body = by.value.body
            cause = body.get("reason_class")
            state = seen.said.t(f"state.{by.value.state}")
            named = state if by is line.view else f"{body.get('code', '')} ({state})"
            why = [seen.said.t(f"choice.reason_class.{cause}")] if cause else []
            why += [str(body[name]) for name in ("reason", "waits_for") if body.get(name)]
            yield row_of(
                line.view,
                (*_named(line.view, seen.said), Cell(value=named),
                 Cell(value=" · ".join(why) or None),
                 Cell(value=iso(seen.ahead.still.get(key_of(by), 0)) or None)),
            )  # fmt: skip


def _forecasts(seen: Seen) -> Iterator[Row]:
    ahead = seen.ahead
    if ahead.whole is not None:
        yield Row(
            cells=(
                EMPTY, Cell(value=seen.said.t("forecast.all_executed")), EMPTY,
                *(Cell(value=day) for day in days_of(ahead.whole)), EMPTY, EMPTY,
            ),
            classification=_highest(one.view for one in ahead.lines),
        )  # fmt: skip
    for one in ahead.lines:
        own = ahead.habits[one.view.value.owner].own
        yield row_of(
            one.view,
            (*_named(one.view, seen.said), Cell(value=one.view.value.body.get("baseline_end")),
             *(Cell(value=day) for day in days_of(one.said)),
             Cell(value=method_of(own)), Cell(value=own)),
        )  # fmt: skip


def _record(seen: Seen) -> Iterator[Row]:
    """How the forecasts of each earlier day did."""
    for made, group in groupby(seen.ahead.earlier, key=lambda one: one.past.made):
        found = list(group)
        codes = ", ".join(str(one.view.value.body.get("code", "")) for one in found)
        yield Row(
            cells=(
                Cell(value=iso(made)), Cell(value=len(found)),
                Cell(value=sum(one.past.held for one in found)), Cell(value=codes),
            ),
            classification=_highest(one.view for one in found),
        )  # fmt: skip


def unknowns_of(desk: Desk, viewer: Viewer, seen: Seen) -> Table:
    """What the owners of projects say that they do not know."""
    asked = Question(kinds=(PROJECT.name,), limit=_UNKNOWNS_MAX, oldest=True, as_of=seen.now.as_of)
    found = unknowns.page(desk, viewer, asked)
    rows = (
        row_of(
            one.view,
            (Cell(value=one.view.value.body.get("code")), Cell(value=one.text),
             Cell(value=one.since), Cell(value=one.view.value.owner)),
        )
        for one in found.rows
    )  # fmt: skip
    made = _table(desk, seen, "unknowns", _UNKNOWN, rows)
    return replace(made, more=found.after is not None)
