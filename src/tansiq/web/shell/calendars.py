"""A list as a calendar (iCalendar, RFC 5545): an entry for each row at its moment or day.

Moments are in UTC, which every calendar shows on its own clock. What identifies an entry stays the
same from file to file and says nothing: calendars are kept by telephones and their makers. Its
sequence grows with each edition, so that a calendar which has the entry takes its new days. The
class comes first in what is shown, and the entry asks not to be shown to others.

It is a file that a person takes. There is no address to subscribe to: that would be an exit
without a person, and needs a design of tokens first.
"""

import datetime as dt
from typing import Final
from uuid import UUID, uuid5

from icalendar import Calendar, Event, vText

from tansiq.domain.operations.spells import ZONE
from tansiq.domain.tables import Cell, Column, Holds, Row, Table
from tansiq.web.shell.leaving import Leaving

_NAMES: Final = UUID("5d1c2b86-6d3f-4e0e-9a43-5a0d7f0b7c11")  # ours, drawn once
_MAKER: Final = "-//Tansiq//Tansiq//EN"
_TITLE_CHARS: Final = 160
_LAST_BUT_ONE: Final = dt.date.max - dt.timedelta(days=1)  # day that has one after it
_FROM: Final = 1_577_836_800  # seconds; editions are counted from 2020: a sequence has four bytes
_SEQUENCE_MAX: Final = 2**31 - 1  # a partner's clock may say any moment
_OFTEN: Final = {"daily": "DAILY", "weekly": "WEEKLY"}
_WHERE: Final = frozenset({Holds.PLACE, Holds.AREA})


def calendar(leaving: Leaving) -> bytes:
    """The rows that have a moment, as entries; how many have none is said in its description."""
    table, made = leaving.table, Calendar()
    dated = table.index(table.dated)
    rows = [row for row in table.rows if row.cells[dated].value is not None]
    made.add("prodid", _MAKER)
    made.add("version", "2.0")
    made.add("x-wr-calname", vText(leaving.title))
    made.add("x-wr-caldesc", vText(_about(leaving, bare=len(table.rows) - len(rows))))
    for row in rows:
        made.add_component(_entry(leaving, row, dated))
    return bytes(made.to_ical())


def _about(leaving: Leaving, *, bare: int) -> str:
    """What the list says of itself; ``bare`` rows have no moment."""
    undated = leaving.voice.t("table.undated", count=bare) if bare else ""
    facts = (_line(leaving, *fact) for fact in (*leaving.facts, leaving.taken))
    said = (leaving.marking, leaving.definition, *facts, *leaving.notes, undated)
    return "\n".join(filter(None, said))


def _line(leaving: Leaving, column: Column, cell: Cell) -> str:
    said = leaving.voice.spoken(column, cell)
    return f"{leaving.voice.t(column.heading)}: {said}" if said else ""


def _entry(leaving: Leaving, row: Row, dated: int) -> Event:
    """One row at its moment. It takes no time of whoever keeps the calendar."""
    table, voice, made = leaving.table, leaving.voice, Event()
    lead = table.index(table.lead)
    pairs = list(zip(table.columns, row.cells, strict=True))
    starts = voice.values(*pairs[dated])[0]
    assert isinstance(starts, dt.date)
    if isinstance(starts, dt.datetime):
        starts = starts.astimezone(dt.UTC)
    made.add("uid", str(uuid5(_NAMES, f"{row.item.partition('@')[0]} {table.dated}")))
    made.add("dtstamp", leaving.moment)
    made.add("dtstart", starts)
    if row.written:
        made.add("sequence", min(max(0, row.written // 1_000 - _FROM), _SEQUENCE_MAX))
        made.add("last-modified", dt.datetime.fromtimestamp(row.written / 1_000, dt.UTC))
    if table.until and (last := voice.values(*pairs[table.index(table.until)])[0]):
        assert isinstance(last, dt.date)
        made.add("dtend", _end(starts, last))
    if table.again and (rule := _rule(table, row)):
        made.add("rrule", rule)
    title = voice.spoken(*pairs[lead])
    short = title if len(title) <= _TITLE_CHARS else f"{title[:_TITLE_CHARS]}…"
    class_ = voice.t(f"class.{row.classification}") if row.classification else ""
    made.add("summary", " · ".join(filter(None, (class_, short))))
    told = (_line(leaving, *pair) for n, pair in enumerate(pairs) if n != lead or short != title)
    made.add("description", "\n".join(filter(None, (class_, *told))))
    places = (pair for pair in pairs if pair[0].holds in _WHERE and pair[1].value)
    place = next((voice.spoken(*pair) for pair in places), "")
    if place:
        made.add("location", place)
    made.add("class", "CONFIDENTIAL")
    made.add("transp", "TRANSPARENT")
    return made


def _end(starts: dt.date, last: dt.date) -> dt.date:
    """Where an entry ends: at a moment, or on the first day after its last, where there is one."""
    if isinstance(last, dt.datetime):
        return max(starts, last.astimezone(dt.UTC))
    return min(max(starts, last), _LAST_BUT_ONE) + dt.timedelta(days=1)


def _rule(table: Table, row: Row) -> dict[str, object]:
    """How an entry repeats, and until the end of which day of the country; nothing for one that
    does not.
    """
    assert table.again is not None
    often, last = (row.cells[table.index(key)].value for key in table.again)
    if often not in _OFTEN or not isinstance(last, str):
        return {}
    ends = dt.datetime.combine(dt.date.fromisoformat(last), dt.time.max, ZONE)
    return {"freq": _OFTEN[str(often)], "until": ends.astimezone(dt.UTC).replace(microsecond=0)}
