"""The sections of the site: what a room declares of itself, once, in ``web/<room>/section.py``.

The addresses that are routed, the registry of exits, the navigation, the page of keys and the words
of the access log all come from these declarations, so that a new room touches no other file. They
are imported when somebody first asks, because the rooms stand on this module.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from tansiq import web
from tansiq.desk.act.access import Deed
from tansiq.desk.act.desk import Desk
from tansiq.desk.records.read import View
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Actor, Role, Viewer
from tansiq.domain.tables import Table
from tansiq.policy.mandate import Act, may_do, may_write
from tansiq.policy.seal import Released
from tansiq.web.shell.addresses import Address
from tansiq.web.shell.asking import Address as ListAddress
from tansiq.web.shell.home import ANY, Home
from tansiq.web.shell.seat import Seat

_MODULE: Final = "section"

# How much stands beside an entry of the navigation for this actor, no further than one past the
# third argument. It counts only what the viewer may see: a count is an exit.
Counter: TypeAlias = Callable[[Desk, Actor, int], int]

# A table that a room adds to the report of another: for this seat, as of when the address asks, in
# this language.
Reported: TypeAlias = Callable[[Seat, ListAddress, str], Released[Table]]


def of_position(count: Callable[[Desk, Viewer, int], int]) -> Counter:
    """A count that is the same for every person at a position, as a counter."""
    return lambda desk, actor, most: count(desk, desk.viewer(actor), most)


class Group(Enum):
    """The groups of the menu, in their order; ``group.<value>`` is the word."""

    WATCH = "watch"
    REQUESTS = "requests"
    PROGRAMME = "programme"
    RELEASE = "release"
    LINKS = "links"
    PROOF = "proof"


class Where(Enum):
    """Where a key works; ``keys.<value>`` is the word."""

    EVERYWHERE = "everywhere"
    LIST = "list"
    RECORD = "record"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Keys that do one thing, for the page of keys; ``word`` says what. One that ``opens`` an
    address does so from every page, for whoever may write records of the kind ``writes``.
    """

    names: tuple[str, ...]
    word: str
    where: Where = Where.EVERYWHERE
    opens: str = ""
    writes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the navigation: the words ``section.<name>``, the path that it opens, its key,
    and the act that a position must be allowed to be shown it. ``loud`` is the tone of its count.
    """

    name: str
    path: str
    group: Group
    key: str = ""
    needs: Act = Act.READ
    count: Counter | None = None
    loud: str = ""

    @property
    def word(self) -> str:
        """The key of its words."""
        return f"section.{self.name}"

    def open_to(self, role: Role) -> bool:
        """Whether positions of this role are shown it."""
        return bool(may_do(role, self.needs))


class Coded(NamedTuple):
    """What a code on paper names: the record in which it stands, and the address that opens it."""

    view: View
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code that stands on paper beside the references of records: the letter before it, which no
    kind and no other code has, and what finds all that this actor may see by it.
    """

    letter: str
    word: str
    found: Callable[[Desk, Actor, str], list[Coded]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that a room shows on the first page of each position: how many records of a kind
    stand in a part of their list, with these values of facets. It opens that list, and is counted
    as the list is. ``loud`` is its tone where it is not nought.
    """

    kind: str
    tab: str = ""
    facets: tuple[tuple[str, str], ...] = ()
    loud: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A room of the web. ``word`` is what the access log calls its addresses, where they have no
    words of their own; ``homes`` are the lists that stand in it, ``codes`` what the one search box
    finds there beside records, ``numbers`` what it tells on the first page of each position,
    ``reported`` the tables that it adds to reports of other rooms, by the name of the report.
    """

    name: str
    word: str
    addresses: tuple[Address, ...] = ()
    homes: tuple[Home, ...] = ()
    entries: tuple[Entry, ...] = ()
    keys: tuple[Key, ...] = ()
    codes: tuple[Code, ...] = ()
    numbers: tuple[Number, ...] = ()
    reported: tuple[tuple[str, Reported], ...] = ()


@cache
def sections() -> tuple[Section, ...]:
    """Every section, by the name of its room. Raises ValueError where two say the same."""
    found = tuple(_found())
    for said in (
        [one.name for section in found for one in section.addresses],
        [one.name for section in found for one in section.entries],
        [one.key for section in found for one in section.entries if one.key],
        [one.letter for section in found for one in section.codes],
    ):
        twice = sorted({one for one in said if said.count(one) > 1})
        if twice:
            raise ValueError(f"declared twice in the sections: {', '.join(twice)}")
    return found


def reported(report: str) -> list[Reported]:
    """The tables that rooms add to the report of this name, by the names of the rooms."""
    found = (one for section in sections() for one in section.reported)
    return [made for name, made in found if name == report]


def home_of(kind: str) -> Home:
    """Where the list of a kind stands: in a room, or among the lists of all kinds."""
    homes = (home for section in sections() for home in section.homes)
    return next((home for home in homes if home.kind == kind), ANY)


def _found() -> Iterator[Section]:
    for room in sorted(pkgutil.iter_modules(web.__path__), key=lambda module: module.name):
        inside = [str(Path(folder) / room.name) for folder in web.__path__ if room.ispkg]
        if any(module.name == _MODULE for module in pkgutil.iter_modules(inside)):
            yield importlib.import_module(f"{web.__name__}.{room.name}.{_MODULE}").SECTION


@cache
def addresses() -> dict[str, tuple[Section, Address]]:
    """Every address of the pages by its name, with the section that declares it."""
    return {one.name: (section, one) for section in sections() for one in section.addresses}


def deed_of(place: str) -> Deed | None:
    """What a look at the address of this name is by its declaration; None where it follows from
    what the answer shows.
    """
    return addresses()[place][1].deed if place in addresses() else None


def word_of(place: str) -> str | None:
    """The key of the words for an address that the access log names; None for what is none."""
    if place not in addresses():
        return None
    section, found = addresses()[place]
    return found.word or section.word


@cache
def entries() -> tuple[Entry, ...]:
    """The entries of the navigation: those with a digit in its order, then the others by group."""
    groups = list(Group)

    def place(entry: Entry) -> tuple[bool, str, int, str]:
        digit = entry.key if entry.key.isdecimal() else ""
        return not digit, digit, groups.index(entry.group), entry.name

    return tuple(sorted((one for section in sections() for one in section.entries), key=place))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry of the navigation as a seat sees it, with what stands beside it."""

    entry: Entry
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigation:
    """What a seat is shown of the sections: the bar of those with a key or a count, in the order of
    the keys, and the menu of all by groups.
    """

    bar: tuple[Shown, ...]
    groups: tuple[tuple[Group, tuple[Shown, ...]], ...]


def navigation(desk: Desk, actor: Actor, most: int) -> Navigation:
    """The navigation for this actor, with counts no further than one past ``most``."""
    shown = tuple(
        Shown(entry=one, count=one.count(desk, actor, most) if one.count else 0)
        for one in entries()
        if one.open_to(actor.role)
    )
    order = list(Group)
    by_group = sorted(shown, key=lambda one: order.index(one.entry.group))
    groups = groupby(by_group, key=lambda one: one.entry.group)
    return Navigation(
        bar=tuple(one for one in shown if one.entry.key or one.count),
        groups=tuple((group, tuple(ones)) for group, ones in groups),
    )


def keys(where: Where, role: Role) -> tuple[Key, ...]:
    """The keys that work there for a role, for the page of keys: the navigation first."""
    shown = (one for one in entries() if one.key and one.open_to(role))
    opened = (Key(names=(one.key,), word=one.word) for one in shown)
    declared = (key for section in sections() for key in section.keys)
    found = [*opened, *declared]
    return tuple(key for key in found if key.where is where and _works(key, role))


def openers(role: Role) -> tuple[Key, ...]:
    """The keys by which this role begins something from every page."""
    return tuple(key for key in keys(Where.EVERYWHERE, role) if key.opens)


def _works(key: Key, role: Role) -> bool:
    return not key.writes or bool(may_write(role, kind_named(key.writes)))
