"""Lists whose rows are no records of one kind, such as releases: a room declares a ``Source`` and
its page has tabs and facets with counts from here. The rows are the room's own.

Every count links to the list that it counts. What a source answers is for the seat alone: it reads
through ``desk``, which lets out what is released.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from tansiq.domain.tables import Figure
from tansiq.web.shell.asking import Address, address_with
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.listing import Choices, Link
from tansiq.web.shell.page import voice
from tansiq.web.shell.seat import Seat, language_of

TAB: Final = "tab"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """What a list is narrowed by: its name in addresses, the word above its values, and how a
    value is said.
    """

    name: str
    heading: str
    said: Callable[[Voice, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A tab or a value of a facet, with how many rows stand there: so many, with ``more`` so many
    and more; None where they are too many to count.
    """

    code: str
    total: int | None = None
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A list at ``/<name>``. ``tabs`` gives a seat's tabs, the first one open; ``tab.<name>_<tab>``
    is the word of each. ``counts`` says how many stand in each tab, or have each value of a facet,
    under what else is asked, in the order in which they are shown. ``further`` are the names of
    what else its addresses may ask, such as an order.
    """

    name: str
    tabs: Callable[[Seat], Sequence[str]]
    facets: tuple[Facet, ...]
    counts: Callable[[Seat, Address, str], Sequence[Value]]
    further: tuple[str, ...] = ()

    def address(self, request: HttpRequest) -> Address:
        """What a request asks of this list. A tab that the seat does not have asks nothing."""
        names = (TAB, *(facet.name for facet in self.facets), *self.further, "after")
        return address_with(request, f"/{self.name}", names)

    def tab(self, seat: Seat, address: Address) -> str:
        """The tab that is asked for, else the first."""
        tabs = self.tabs(seat)
        return address.get(TAB) if address.get(TAB) in tabs else tabs[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is asked of a list and what else can be, as its page shows it."""

    address: Address
    tab: str
    tabs: tuple[Link, ...]
    facets: tuple[Choices, ...]


def chosen(
    request: HttpRequest, seat: Seat, source: Source, address: Address | None = None
) -> Chosen:
    """The tabs and facets of this list under what the request asks, or what of it could be read."""
    address, said = address or source.address(request), voice(language_of(request))
    return Chosen(
        address=address, tab=source.tab(seat, address),
        tabs=tuple(_tabs(seat, source, address, said)),
        facets=tuple(_facets(seat, source, address, said)),
    )  # fmt: skip


def _figure(value: Value, address: str) -> Figure | None:
    if value.total is None:
        return None
    return Figure(count=value.total, address=address, more=value.more)


def _tabs(seat: Seat, source: Source, address: Address, said: Voice) -> Iterator[Link]:
    tabs = source.tabs(seat)
    if len(tabs) == 1:
        return
    for count in source.counts(seat, address, TAB):
        opens = address.to(tab="" if count.code == tabs[0] else count.code)
        yield Link(
            code=count.code, label=said.t(f"tab.{source.name}_{count.code}"), address=opens,
            current=count.code == source.tab(seat, address), figure=_figure(count, opens),
        )  # fmt: skip


def _facets(seat: Seat, source: Source, address: Address, said: Voice) -> Iterator[Choices]:
    for facet in source.facets:
        asked, links = address.get(facet.name), []
        for count in source.counts(seat, address, facet.name):
            current = count.code == asked
            opens = address.to(**{facet.name: "" if current else count.code})
            links.append(
                Link(
                    code=count.code, label=facet.said(said, count.code), address=opens,
                    current=current, figure=_figure(count, opens),
                )
            )  # fmt: skip
        word = next((one.label for one in links if one.current), "")
        if links:
            yield Choices(
                name=facet.name, label=said.t(facet.heading), chosen=word, links=tuple(links)
            )
