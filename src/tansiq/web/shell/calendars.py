"""A list as a calendar (iCalendar, RFC 5545): an entry for each row at its moment or day.

Moments are in UTC, which every calendar shows on its own clock. What identifies an entry stays the
same from file to file and says nothing: calendars are kept by telephones and their makers. The
class comes first in what is shown, and the entry asks not to be shown to others.

It is a file that a person takes. There is no address to subscribe to: that would be an exit
without a person, and needs a design of tokens first.
"""

import datetime as dt
from typing import Final
from uuid import UUID, uuid5

from icalendar import Calendar, Event, vText

from tansiq.domain.tables import Cell, Column, Holds, Row
from tansiq.web.shell.leaving import Leaving

_NAMES: Final = UUID("5d1c2b86-6d3f-4e0e-9a43-5a0d7f0b7c11")  # ours, drawn once
_MAKER: Final = "-//Tansiq//Tansiq//EN"
_TITLE_CHARS: Final = 160
_PLACE: Final = Column(key="place", heading="field.place", holds=Holds.PLACE)


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
    title = voice.spoken(*pairs[lead])
    short = title if len(title) <= _TITLE_CHARS else f"{title[:_TITLE_CHARS]}…"
    class_ = voice.t(f"class.{row.classification}") if row.classification else ""
    made.add("summary", " · ".join(filter(None, (class_, short))))
    told = (_line(leaving, *pair) for n, pair in enumerate(pairs) if n != lead or short != title)
    made.add("description", "\n".join(filter(None, (class_, *told))))
    places = (cell for column, cell in pairs if column.holds is Holds.PLACE)
    place = next((voice.spoken(_PLACE, cell) for cell in places if cell.value), "")
    if place:
        made.add("location", place)
    made.add("class", "CONFIDENTIAL")
    made.add("transp", "TRANSPARENT")
    return made
