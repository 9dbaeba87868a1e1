"""The one engine of lists: any kind that declares a ``Listing`` has a page with tabs, facets and
views, a part of it that is fetched again when something changed, and the ways out.

A room names its page in a ``Home`` and puts ``pages(home)`` among its addresses; a kind without a
room of its own stands at ``/list/<kind>``. Everything shown is a released table, a figure that
links to the list that it counts, or words.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, TypeAlias

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.records import listing, read
from tansiq.desk.records.listing import ASKED, Asked, listed_kind, listing_of
from tansiq.desk.records.read import Page
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Type
from tansiq.domain.kinds import Kind
from tansiq.domain.kinds.facets import codes_of
from tansiq.domain.kinds.listing import STATE, View
from tansiq.domain.tables import Figure, Table
from tansiq.policy.mandate import Act, may_do, may_write
from tansiq.policy.seal import Released
from tansiq.web.shell import addresses, drawn
from tansiq.web.shell.asking import DATES, Address, address_of, asked_of, fault_of, view_of
from tansiq.web.shell.columns import FILTERS, table_of, value_word
from tansiq.web.shell.controls import moment_text
from tansiq.web.shell.dates import DAY_MS, at_zone
from tansiq.web.shell.home import Home
from tansiq.web.shell.mapping import answer, words_of
from tansiq.web.shell.page import Context, render, voice
from tansiq.web.shell.paging import cursor_text
from tansiq.web.shell.places import towns_of
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current
from tansiq.web.shell.ways import ways

_DAYS: Final = 366  # how far back the slider of a map goes
_AHEAD_DAYS: Final = 120  # and how far on, where the list is of what comes
_HEADINGS: Final = {STATE: "field.state", ASKED: "list.asked"}
_APART: Final = frozenset({View.BOARD, View.CALENDAR, View.CHART})  # they ask for their own rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A choice among others: its words, the list that it opens, and how many stand there."""

    code: str
    label: str
    address: str
    current: bool
    figure: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A facet with its values."""

    name: str
    label: str
    chosen: str  # the words of the value that is chosen
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A list as its page shows it: a table, or what another view shows; ``lead`` is the column that
    stands for a record; ``as_of`` is the earlier moment as of which it is shown, 0 = now, and
    ``came`` that since which what it shows has come here, 0 = whenever.
    ``fault`` says which day or moment could not be read: the list stands without it.
    """

    home: Home
    kind: str
    title: str
    lead: str
    address: Address
    view: View
    views: tuple[Link, ...]
    tabs: tuple[Link, ...]
    facets: tuple[Choices, ...]
    orders: tuple[Link, ...]
    dates: Choices
    owners: tuple[str, ...]
    new: str
    brings: str
    begins_beside: bool
    table: Released[Table]
    older: str
    shown: drawn.Shown
    as_of: int
    came: int
    fault: str


def listed(request: HttpRequest, seat: Seat, home: Home, kind_name: str = "") -> Context:
    """What the page of a list shows, for its templates. Raises InputError for a kind that has no
    list.
    """
    with listing.together(current().desk):
        return _listed(request, seat, home, kind_name)


def _listed(request: HttpRequest, seat: Seat, home: Home, kind_name: str) -> Context:
    kind = listed_kind(home.kind or kind_name)
    desk = current().desk
    address = address_of(
        request, kind, f"/{home.name}" if home.kind else f"/{home.name}/{kind.name}"
    )
    asked, fault = _asked(request, kind, address)
    view = view_of(listing_of(kind), address, home.view)
    page = _page(seat, asked, view)
    writes = bool(may_write(seat.position.role, kind))
    made = Listed(
        home=home, kind=kind.name, title=home.title or kind.list_word, lead=kind.title,
        address=address, view=view,
        views=tuple(_views(request, kind, address, view, home)),
        tabs=tuple(_tabs(request, seat, kind, asked, address)),
        facets=tuple(_facets(request, seat, kind, asked, address)),
        orders=tuple(_orders(request, kind, address)),
        dates=_dates(request, asked, address),
        owners=(desk.me, *read.partner_codes(desk)),
        brings=home.brings if may_do(seat.position.role, Act.IMPORT) else "",
        new=home.writes(kind) if writes and not kind.begins_beside else "",
        begins_beside=writes and kind.begins_beside,
        table=table_of(
            seat.viewer, address, kind, page, as_of=asked.as_of, narrow=view is View.MAP
        ),
        as_of=asked.as_of, came=asked.came, fault=fault,
        older=address.to(after=cursor_text(page.after)) if page.after else "",
        shown=drawn.shown(
            drawn.Look(seat=seat, kind=kind, asked=asked, address=address, page=page,
                       voice=voice(language_of(request))),
            view,
        ),
    )  # fmt: skip
    found = {"x": made, "total": page.total, "more": page.more, "rows": page.rows}
    if view is View.MAP:
        said = voice(language_of(request))
        found |= {"towns": towns_of(said.language), "map_words": words_of(kind, said)}
        ahead = timedelta(days=_AHEAD_DAYS if asked.by == "due" else 0)
        last = at_zone(asked.at, said.zone).date() + ahead
        found |= {"last_day": last.isoformat(), "days": _DAYS}
    return found


def _page(seat: Seat, asked: Asked, view: View) -> Page:
    """The rows of a page; a view that asks for its own rows gets how many there are, and none that
    it would not show.
    """
    desk, query = current().desk, listing.query_of(asked)
    if view not in _APART:
        return read.page(desk, seat.viewer, query)
    total, more = read.total(desk, seat.viewer, replace(query, after=None))
    return Page(rows=(), total=total, more=more, after=None)


def _views(
    request: HttpRequest, kind: Kind, address: Address, chosen: View, home: Home
) -> Iterator[Link]:
    said = voice(language_of(request))
    for view in listing_of(kind).views:
        kept = "" if view is home.view else view.value
        yield Link(
            code=view.value, label=said.t(f"list.view_{view}"),
            address=address.to(view=kept, by="", month=""), current=view is chosen,
        )  # fmt: skip


def _asked(request: HttpRequest, kind: Kind, address: Address) -> tuple[Asked, str]:
    """What is asked for, and what of it could not be read: the rest is asked all the same."""
    language = language_of(request)
    try:
        return _strictly(request, kind, address), ""
    except InputError as error:
        name = str(error.values.get("field", "as_of"))
        fault = fault_of(error, language, FILTERS.get(name, "list.as_of"))
        rest = replace(address, given={n: t for n, t in address.given.items() if n not in DATES})
        return _strictly(request, kind, rest), fault


def _strictly(request: HttpRequest, kind: Kind, address: Address) -> Asked:
    """What is asked for, whole: a file or a printed list without one of its filters would be
    another list. Raises InputError.
    """
    return asked_of(request, kind, address, current().zone, now=current().desk.clock.now())


def _tabs(
    request: HttpRequest, seat: Seat, kind: Kind, asked: Asked, address: Address
) -> Iterator[Link]:
    said, declared = voice(language_of(request)), listing_of(kind)
    chosen = declared.tab(asked.tab).name
    if len(declared.tabs) == 1 and not asked.state:
        return
    for count in listing.tabs(current().desk, seat.viewer, asked):
        kept = "" if count.code == declared.tabs[0].name else count.code
        opens = address.to(tab=kept, state="")
        yield Link(
            code=count.code, label=said.t(f"tab.{count.code}"), address=opens,
            current=count.code == chosen and not asked.state, figure=Figure(
                count=count.total, address=opens, more=count.more, as_of=asked.as_of
            ),
        )  # fmt: skip


def _facets(
    request: HttpRequest, seat: Seat, kind: Kind, asked: Asked, address: Address
) -> Iterator[Choices]:
    said = voice(language_of(request))
    names = [facet.field for facet in kind.facets]
    names += [STATE] if len(kind.states) > 1 else []
    names += [ASKED] if kind.in_lanes else []
    for name in names:
        counts = listing.values(current().desk, seat.viewer, asked, name)
        chosen = asked.facet(name)
        codes = {STATE: kind.states, ASKED: (chosen,) if chosen else ()}.get(name)
        codes = codes_of(kind.field(name)) if codes is None else codes
        codes = tuple(dict.fromkeys([*codes, *sorted(filter(None, counts))]))
        links = []
        for code in codes:
            if counts and code not in counts and code != chosen:
                continue
            opens = address.to(**{name: "" if code == chosen else code})
            total = counts.get(code, 0)
            figure = Figure(count=total, address=opens, as_of=asked.as_of) if counts else None
            links.append(
                Link(
                    code=code, label=value_word(kind, name, code, said), address=opens,
                    current=code == chosen, figure=figure,
                )
            )  # fmt: skip
        if links:
            label = said.t(_HEADINGS.get(name) or kind.field(name).word)
            word = value_word(kind, name, chosen, said) if chosen else ""
            yield Choices(name=name, label=label, chosen=word, links=tuple(links))


def _orders(request: HttpRequest, kind: Kind, address: Address) -> Iterator[Link]:
    said = voice(language_of(request))
    if listing_of(kind).tab(address.get("tab")).phase:
        return  # by when each begins, and that alone
    for code in ("", "old", "due") if kind.due else ("", "old"):
        yield Link(
            code=code, label=said.t(f"list.order_{code or 'new'}"), address=address.to(order=code),
            current=address.get("order") == code,
        )  # fmt: skip


def _dates(request: HttpRequest, asked: Asked, address: Address) -> Choices:
    """Spans of time, each a link: they reach back from now, and ahead where the list is of what
    comes.
    """
    said, now = voice(language_of(request)), current().desk.clock.now()
    ahead = 1 if asked.by == "due" else -1
    today = at_zone(now, said.zone).date()
    week = sorted((today, today + timedelta(days=6 * ahead)))
    hours = sorted((now, now + DAY_MS * ahead))
    spans = {
        "today": (today.isoformat(), today.isoformat()),
        "hours": (moment_text(hours[0]), moment_text(hours[1])),
        "week": (week[0].isoformat(), week[1].isoformat()),
    }
    links, given = [], (address.get("since"), address.get("until"))
    for code, span in spans.items():
        now_shown = span == given
        since, until = ("", "") if now_shown else span
        links.append(
            Link(
                code=code, label=said.t(f"list.span_{code}"),
                address=address.to(since=since, until=until), current=now_shown,
            )
        )  # fmt: skip
    chosen = next((one.label for one in links if one.current), "")
    return Choices(name="dates", label=said.t("list.dates"), chosen=chosen, links=tuple(links))


def pages(home: Home) -> list[addresses.Address]:
    """The addresses of a list, by the name of its home: the page, ``-part``, ``-data`` for a map,
    and the ways out.
    """

    def page(request: HttpRequest, seat: Seat, kind: str = "") -> HttpResponse:
        return render(request, "shell/listing.html", **listed(request, seat, home, kind))

    view = require_GET(signed_on(page))
    found = addresses.page(home.path, view, home.name, word=home.word, lists=True)
    return [found, *parts(home)]


def _located(home: Home) -> bool:
    """Whether the list that stands there has a column of areas."""
    if not home.kind:
        return False
    kind = listed_kind(home.kind)
    return any(one.type is Type.AREA for one in kind.fields if one.name in listing_of(kind).named)


Further: TypeAlias = Callable[[Seat, Context], Context]


def parts(home: Home, further: Further | None = None) -> list[addresses.Address]:
    """As :func:`pages`, without the page, which the room draws with :func:`listed` itself.
    ``further`` adds to what is listed what the room's own template of rows needs.
    """

    def part(request: HttpRequest, seat: Seat, kind: str = "") -> HttpResponse:
        context = listed(request, seat, home, kind)
        if further is not None:
            context |= further(seat, context)
        return render(request, "shell/listing_part.html", **context)

    def data(request: HttpRequest, seat: Seat, kind: str = "") -> HttpResponse:
        declared = listed_kind(home.kind or kind)
        address = address_of(request, declared, home.stands(declared))
        asked = _strictly(request, declared, address)
        return answer(request, seat, declared, asked)

    def table(request: HttpRequest, seat: Seat, limit: int, kind: str = "") -> Released[Table]:
        declared = listed_kind(home.kind or kind)
        address = address_of(request, declared, home.stands(declared))
        asked = _strictly(request, declared, address)
        found = read.page(current().desk, seat.viewer, listing.query_of(asked, limit))
        return table_of(seat.viewer, address, declared, found, as_of=asked.as_of, whole=True)

    answers = require_GET(signed_on(part))
    found = [
        addresses.part(f"{home.path}/part", answers, f"{home.name}-part", word=home.word),
        *ways(home.name, home.path, table, word=home.word, lists=True, located=_located(home)),
    ]
    if not home.kind or View.MAP in listing_of(listed_kind(home.kind)).views:
        view = require_GET(signed_on(data))
        found.append(addresses.data(f"{home.path}/data", view, f"{home.name}-data", word=home.word))
    return found
