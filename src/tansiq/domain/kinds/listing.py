"""How a kind is listed, as data: columns, tabs, and the views that its list offers.

``desk.records.listing`` asks for what is listed here and ``web.shell.listing`` draws it; neither
knows a kind by name.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class View(StrEnum):
    """A way to look at the same rows."""

    LIST = "list"  # a table, newest first
    BOARD = "board"  # a column for each state, or each value of a facet
    CALENDAR = "calendar"  # a month, by the moment that the kind names
    TIMELINE = "timeline"  # day by day
    MAP = "map"
    CHART = "chart"  # counts by time or by facet


class Phase(StrEnum):
    """Where a record stands in time, of a kind that says when it begins and when it is over."""

    COMING = "coming"
    NOW = "now"
    ENDED = "ended"
    LAPSED = "lapsed"  # the day on which it was due is over


# Columns that every record has beside the fields of its kind.
REFERENCE: Final = "reference"
STATE: Final = "state"
OWNER: Final = "owner"
MOMENT: Final = "moment"
COLUMNS: Final = frozenset({REFERENCE, STATE, OWNER, MOMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A part of a list by states, none means all of them, and by where its records stand in time:
    what is over leaves one that has a ``phase`` by itself.
    """

    name: str
    states: tuple[str, ...] = ()
    phase: Phase | None = None


ALL: Final = Tab(name="all")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The list of a kind.

    ``columns`` are fields of the kind, or what every record has. The first tab is the one that
    opens. ``boards`` are what a board makes its columns of: ``state`` or facets. ``title`` is the
    key of the words above the list where it is not ``list.<kind>``. A column that is a tuple shows
    the others small under its first. In the states that are ``running`` each row says how many
    minutes have gone by since the moment of its record. A record in one of the states ``ended``
    reads as ended once it is over.
    """

    columns: tuple[str | tuple[str, ...], ...]
    tabs: tuple[Tab, ...] = (ALL,)
    views: tuple[View, ...] = (View.LIST,)
    boards: tuple[str, ...] = (STATE,)
    title: str = ""
    running: tuple[str, ...] = ()
    ended: frozenset[str] = frozenset()

    @property
    def named(self) -> tuple[str, ...]:
        """All columns, each by its own name."""
        return tuple(
            name for one in self.columns for name in ((one,) if isinstance(one, str) else one)
        )

    def tab(self, name: str) -> Tab:
        """The tab of that name; the first for a name that it does not have."""
        return next((tab for tab in self.tabs if tab.name == name), self.tabs[0])
