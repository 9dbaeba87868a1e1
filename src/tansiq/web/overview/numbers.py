"""The numbers of the first page, each made of the list that it opens: no number is counted in
another way than its list counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from tansiq.desk.records import listing, unknowns
from tansiq.desk.records.listing import Asked
from tansiq.desk.records.unknowns import AGE, Age, Question
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.kinds import KINDS, kind_named
from tansiq.domain.kinds.listing import View
from tansiq.domain.tables import Figure
from tansiq.web.shell.asking import Address
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.columns import value_word
from tansiq.web.shell.controls import moment_text
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.sections import Group, Number, home_of, sections
from tansiq.web.shell.site import current

ALL: Final = "all"
MINUTE_MS: Final = 60_000  # an address says a moment to the minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A number with its words. ``loud`` is the tone that it has, "" where it is nought."""

    label: str
    figure: Figure
    loud: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers of the rooms of a group of the menu."""

    group: Group
    told: tuple[Told, ...]


def of_rooms(seat: Seat, said: Voice) -> tuple[Numbers, ...]:
    """What each room declares, by the groups of the menu."""
    declared = [
        (section.entries[0].group, one)
        for section in sections()
        if section.entries
        for one in section.numbers
    ]
    order = list(Group)
    declared.sort(key=lambda pair: order.index(pair[0]))
    return tuple(
        Numbers(group=group, told=tuple(_told(seat, one, said) for _, one in found))
        for group, found in groupby(declared, key=lambda pair: pair[0])
    )


def _told(seat: Seat, one: Number, said: Voice) -> Told:
    kind = kind_named(one.kind)
    facets = tuple((name, (code,)) for name, code in one.facets)
    given = {"tab": one.tab, **dict(one.facets)}
    asked = Asked(kind=one.kind, tab=one.tab, facets=facets, at=current().desk.clock.now())
    words = [said.t(home_of(one.kind).title or kind.list_word)]
    words += [value_word(kind, name, code, said) for name, code in one.facets]
    if not one.facets and kind.listing is not None:
        words.append(said.t(f"tab.{kind.listing.tab(one.tab).name}"))
    figure = _figure(seat, asked, given)
    return Told(
        label=" · ".join(words), figure=figure, loud=one.loud if figure.count else "",
    )  # fmt: skip


def _figure(seat: Seat, asked: Asked, given: dict[str, str]) -> Figure:
    """How many the list has that is asked for so, with its address: as a list, where the page of
    the kind opens otherwise.
    """
    kind = kind_named(asked.kind)
    home, found = home_of(kind.name), listing.count(current().desk, seat.viewer, asked)
    given = {**given, "view": "" if home.view is View.LIST else View.LIST.value}
    address = Address(home.stands(kind), {name: text for name, text in given.items() if text})
    return Figure(count=found.total, more=found.more, address=address.to())


def new_since(seat: Seat, since: int, said: Voice) -> Iterator[Told]:
    """What was written or came here since that moment, of each kind that has a list; kinds without
    any left out.
    """
    begin = since - since % MINUTE_MS
    given = {"tab": ALL, "came": moment_text(begin)}
    whole = Asked(kind="", tab=ALL, by="came", since=begin, came=begin)
    for kind in KINDS.values():
        if kind.listing is None:
            continue
        figure = _figure(seat, replace(whole, kind=kind.name), given)
        if figure.count:
            yield Told(label=said.t(home_of(kind.name).title or kind.list_word), figure=figure)


def not_known(seat: Seat, said: Voice) -> Iterator[Told]:
    """What is open of what is not known, by how long it has been."""
    desk, asked = current().desk, Question(limit=1)
    counts = unknowns.counts(desk, seat.viewer, asked, AGE)
    for age in Age:
        if age in counts:
            figure = Figure(count=counts[age], address=f"/unknowns?age={age}")
            yield Told(label=said.t(f"age.{age}"), figure=figure)
    if not counts and unknowns.page(desk, seat.viewer, asked).rows:
        many = Figure(count=BOUNDS.counted_max, more=True, address="/unknowns")
        yield Told(label=said.t("section.unknowns"), figure=many)
