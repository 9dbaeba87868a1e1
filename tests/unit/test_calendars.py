"""A list as a calendar: moments that every clock shows rightly, names that say nothing, and lines
as RFC 5545 folds them.
"""

import dataclasses
import datetime as dt

import icalendar
import pytest

from tansiq.domain.parties import Classification
from tansiq.domain.tables import Cell, Holds
from tansiq.domain.wording import LANGUAGES
from tansiq.web.shell.calendars import calendar
from tests.unit.test_tables import COLUMNS, leaving, row, table

ITEM = "MPA/0f5b1d6e-0000-4000-8000-000000000001"


def entry(text="Fire", edition="a", **more):
    return row(text, item=f"{ITEM}@{edition}", classification=Classification.RESTRICTED, **more)


def made_of(*rows, language="en", **more):
    given = {"dated": "at", "lead": "text", **more}
    return calendar(leaving(table(*rows, **given), language))


def events(data):
    return icalendar.Calendar.from_ical(data).walk("VEVENT")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_entry_says_what_its_reader_may_read(language):
    """The class first, then the title; every other cell in words; where; hidden from others."""
    made = leaving(table(entry(), dated="at", lead="text"), language)
    (event,) = events(made_of(entry(), language=language))
    class_ = made.voice.t("class.restricted")
    assert f"{class_} · Fire" == event["summary"]
    told = str(event["description"]).split("\n")
    assert class_ == told[0]
    assert f"{made.voice.t('audit.act')}: {made.voice.t('deed.printed')}" in told
    assert "Makhmour" == event["location"]
    assert ("CONFIDENTIAL", "TRANSPARENT") == (event["class"], event["transp"])


def test_a_moment_is_in_utc_and_a_day_is_a_day():
    """Any calendar shows the moment on its own clock; a day has no hour that could turn it."""
    (event,) = events(made_of(entry()))
    assert dt.datetime(2020, 12, 20, 11, tzinfo=dt.UTC) == event["dtstart"].dt
    day = dataclasses.replace(COLUMNS[0], holds=Holds.DATE)
    cells = (Cell(value="2020-12-20"), *entry().cells[1:])
    on_a_day = dataclasses.replace(entry(), cells=cells)
    data = made_of(on_a_day, columns=(day, *COLUMNS[1:]))
    assert b"DTSTART;VALUE=DATE:20201220" in data


def test_what_identifies_an_entry_stays_and_says_nothing():
    """The same for every edition and language of one record, another for another, no id of ours."""
    (one,) = events(made_of(entry("Fire", "a")))
    (other,) = events(made_of(entry("Put out", "b"), language="ar"))
    assert one["uid"] == other["uid"]
    away = dataclasses.replace(entry(), item="MOD/0f5b1d6e-0000-4000-8000-000000000001@a")
    assert one["uid"] != events(made_of(away))[0]["uid"]
    for told in ("MPA", "0f5b1d6e", "@", "at"):
        assert told not in one["uid"]


@pytest.mark.parametrize(
    "text", ["حريق في المخيم " * 40, "🔥" * 300, "a,b;c\\d\nBEGIN:VEVENT\r\nX:y"]
)
def test_lines_are_folded_and_no_text_makes_a_line(text):
    """75 octets at most, no character cut in two, and what a person wrote stays within its own."""
    data = made_of(entry(text))
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    data.decode()
    assert 1 == len(events(data))
    plain = str(events(data)[0]["description"] if len(text) > 160 else events(data)[0]["summary"])
    for word in text.split():
        assert word in plain.replace("\u2066", "").replace("\u2069", "")


def test_rows_without_a_moment_are_counted():
    """They are no entries, and the calendar says how many there are."""
    bare = dataclasses.replace(entry(), cells=(Cell(value=None), *entry().cells[1:]))
    data = made_of(entry(), bare)
    assert 1 == len(events(data))
    about = str(icalendar.Calendar.from_ical(data)["x-wr-caldesc"])
    assert "Rows left out here: 1" in about
    assert "Highest class in this list: Restricted" in about
    assert "Taken by: MPA duty-officer" in about


def test_the_same_list_is_the_same_calendar():
    """Nothing of the clock or of chance is in it."""
    assert made_of(entry()) == made_of(entry())
    assert b"DTSTAMP:20201220T110000Z" in made_of(entry())


def test_a_moment_that_no_calendar_prints_is_the_last_that_one_does():
    """A partner may say the last moment there is."""
    late = dataclasses.replace(entry(), cells=(Cell(value=2**53 - 1), *entry().cells[1:]))
    assert 9999 == events(made_of(late))[0]["dtstart"].dt.year
