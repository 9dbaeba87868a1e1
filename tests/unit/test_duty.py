"""Duty: who is at a position, over changes of clocks and of people."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tansiq.domain.duty import Hours, Post, at_post, hours_from_text
from tansiq.domain.errors import InputError
from tansiq.domain.escalation import HOUR_MS, MINUTE_MS

BERLIN = ZoneInfo("Europe/Berlin")  # the clocks go back on 2026-10-25 and on on 2026-03-29
SHIFTS = (hours_from_text("02:30-14:30"), hours_from_text("14:30-02:30"))


@pytest.mark.parametrize("day", [dt.date(2026, 10, 24), dt.date(2026, 3, 28)])
def test_a_rotation_over_a_change_of_clocks(day):
    """Every minute of two days has exactly one of two shifts that follow one another, and each
    shift begins once.
    """
    first = int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp() * 1000)
    who = []
    for minute in range(2 * 24 * 60):
        now = first + minute * MINUTE_MS
        on = [n for n, span in enumerate(SHIFTS) if at_post(None, (span,), now, BERLIN) is Post.ON]
        assert len(on) == 1
        who += on
    assert sum(a != b for a, b in pairwise(who)) == 4


def test_a_word_of_a_person_goes_before_the_hours():
    """Vacant stays vacant in its hours; who is said to be on is on out of them."""
    hours = (Hours(7 * 60, 19 * 60),)
    noon = 12 * HOUR_MS
    assert at_post(None, hours, noon, dt.UTC) is Post.ON
    assert at_post(None, hours, noon + 8 * HOUR_MS, dt.UTC) is Post.OFF
    assert at_post(Post.VACANT, hours, noon, dt.UTC) is Post.VACANT
    assert at_post(Post.ON, hours, noon + 8 * HOUR_MS, dt.UTC) is Post.ON
    assert at_post(None, (), noon, dt.UTC) is Post.ON


@pytest.mark.parametrize("text", ["7-19", "24:00-07:00", "07:00", "07:00-19:60", "", None, 7])
def test_hours_that_are_no_hours(text):
    """They are refused in words."""
    with pytest.raises(InputError):
        hours_from_text(text)


def test_hours_are_written_as_they_were_read():
    """A night shift and a whole day too."""
    for text in ("07:00-19:00", "19:00-07:00", "00:00-00:00"):
        assert hours_from_text(text).text() == text
