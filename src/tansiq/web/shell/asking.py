"""What the address of a list says, and the addresses of lists: whatever somebody filters, the
address can be sent to a colleague, who sees the same list of what they may see.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from tansiq.desk.records.listing import Asked
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import Kind
from tansiq.domain.kinds.facets import number_of
from tansiq.domain.kinds.listing import MOMENT, Listing, Phase, View
from tansiq.domain.tables import Sorting
from tansiq.domain.wording import phrase
from tansiq.web.shell.dates import DAY_MS, typed_day, typed_moment
from tansiq.web.shell.paging import cursor

# The order of a list by the word in its address: the time that orders, and whether the earliest
# comes first.
ORDERS: Final = {
    "": ("moment", False), "old": ("moment", True), "due": ("due", True), "due_last": ("due", False)
}  # fmt: skip
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_OWN: Final = (
    "view", "tab", "q", "state", "asked", "owner", "since", "until", "as_of", "order", "by",
    "month", "after", "came",
)  # fmt: skip
RESERVED: Final = frozenset(_OWN)
_SHAPES: Final = frozenset({"view", "tab", "order", "by", "month"})  # that leave no record out
_LONG: Final = 100
_MINUTE_MS: Final = 60_000
PARTY_MAX: Final = 8  # characters of a party's code


@dataclass(frozen=True, slots=True)
class Address:
    """The page of a list with what was asked of it, without what is empty."""

    path: str
    given: Mapping[str, str]

    def get(self, name: str) -> str:
        """What was asked, "" for nothing."""
        return self.given.get(name, "")

    def to(self, part: str = "", **changes: str) -> str:
        """The address with these changes, from the top of the list; ``part`` stands behind the
        path. An empty change takes a filter away.
        """
        kept = {**{name: text for name, text in self.given.items() if name != "after"}, **changes}
        query = urlencode({name: text for name, text in kept.items() if text})
        path = f"{self.path}/{part}" if part else self.path
        return f"{path}?{query}" if query else path

    @property
    def top(self) -> "Address":
        """The same list from its top."""
        return replace(self, given={n: text for n, text in self.given.items() if n != "after"})

    @property
    def narrowed(self) -> bool:
        """Whether less than the whole list was asked, so that an empty page says nothing of it."""
        return not self.given.keys() <= _SHAPES

    @property
    def part(self) -> str:
        """The same page's part that is fetched again when something changed."""
        return self.to("part", after=self.get("after"))


DATES: Final = frozenset(
    {"since", "until", "as_of", "came"}
)  # the filters that somebody types as times


def address_of(request: HttpRequest, kind: Kind, path: str) -> Address:
    """What a request asks of the list of this kind."""
    return address_with(request, path, (*_OWN, *(facet.field for facet in kind.facets)))


def address_with(
    request: HttpRequest, path: str, names: Iterable[str], longest: int = _LONG
) -> Address:
    """What a request asks of the page at ``path`` by these names, each cut at ``longest``."""
    given = {name: str(request.GET.get(name, ""))[:longest] for name in names}
    return Address(path, {name: text for name, text in given.items() if text})


def view_of(listing: Listing, address: Address, home: View) -> View:
    """The view that is asked for; the page's own where the kind does not offer it."""
    return next((view for view in listing.views if view == address.get("view")), home)


def asked_of(
    request: HttpRequest, kind: Kind, address: Address, zone: ZoneInfo, *, now: int
) -> Asked:
    """The list that an address asks for. A value that a facet or a state cannot have is not
    asked. Raises InputError for a day or a moment that is none, and for one to be known as of that
    has not come by ``now`` (milliseconds).
    """
    by, ascending = _order(kind, address)
    came = typed_moment(address.get("came"), zone, "came") if address.get("came") else 0
    since, _ = _span(address, "since", zone)
    until, long = _span(address, "until", zone)
    facets = ((one.field, address.get(one.field)) for one in kind.facets)
    state = address.get("state")
    as_of = as_of_in(address, zone, now)
    return Asked(
        kind=kind.name, tab=address.get("tab"), state=state if state in kind.states else "",
        words=address.get("q"), owner=address.get("owner"),
        asked=address.get("asked")[:PARTY_MAX] if kind.in_lanes else "",
        facets=tuple(
            (name, (code,)) for name, code in facets if code and number_of(kind.field(name), code)
        ),
        since=max(since, came), until=until + long,
        came=came, by=by, ascending=ascending, after=cursor(request), as_of=as_of, at=as_of or now,
    )  # fmt: skip


def _span(address: Address, name: str, zone: ZoneInfo) -> tuple[int, int]:
    """When the day or the minute begins that an edge of the list names, and how long it is; zeros
    for none. Raises InputError.
    """
    text = address.get(name)
    if not text:
        return 0, 0
    try:
        return typed_day(text, zone, name), DAY_MS
    except InputError:
        return typed_moment(text, zone, name), _MINUTE_MS


def _order(kind: Kind, address: Address) -> tuple[str, bool]:
    """The time that orders a list, and whether the earliest comes first. A tab of what comes or is
    under way begins with the earliest, one of what has ended with the last; what came since a
    moment begins with what came last.
    """
    if address.get("came"):
        return "came", False
    phase = kind.listing.tab(address.get("tab")).phase if kind.listing else None
    if phase is not None and not address.get("state"):
        return "due", phase is not Phase.ENDED
    by, ascending = ORDERS.get(address.get("order"), ORDERS[""])
    return (by if kind.due else "moment"), ascending


def sortings_of(kind: Kind, address: Address) -> tuple[Sorting, ...]:
    """The columns by which the list can be ordered: its times, of which there are indexes. By what
    else it has no order: to make one, all of it would have to be read, not a page. A part that is
    of what comes or has ended has the order of its own.
    """
    if kind.listing is None or address.get("came"):
        return ()
    if kind.listing.tab(address.get("tab")).phase and not address.get("state"):
        return ()
    by, ascending = _order(kind, address)
    found = []
    for column, time, codes in (
        (kind.moment, "moment", ("", "old")), (MOMENT, "moment", ("", "old")),
        (kind.due, "due", ("due", "due_last")),
    ):  # fmt: skip
        if column and column in kind.listing.named:
            first, turned = codes
            again = by == time and ORDERS[first][1] == ascending
            now = ("ascending" if ascending else "descending") if by == time else ""
            opens = address.to(order=turned if again else first)
            found.append(Sorting(column=column, address=opens, now=now))
    return tuple({one.column: one for one in reversed(found)}.values())


def as_of_in(address: Address, zone: ZoneInfo, now: int) -> int:
    """The earlier moment as of which an address asks (milliseconds), 0 for now. Raises InputError
    as :func:`asked_of`.
    """
    text = address.get("as_of")
    moment = typed_moment(text, zone, "as_of") if text else 0
    if moment > now:
        raise InputError("as_of_ahead")
    return moment


def as_of_or_fault(address: Address, zone: ZoneInfo, now: int, language: str) -> tuple[int, str]:
    """As :func:`as_of_in`, for a page that shows what is there now where the moment cannot be read,
    and why it could not.
    """
    try:
        return as_of_in(address, zone, now), ""
    except InputError as error:
        return 0, fault_of(error, language)


def fault_of(error: InputError, language: str, word: str = "list.as_of") -> str:
    """What of a typed filter could not be read, named as the page names it: ``word`` is its key."""
    named = {**error.values, "field": phrase(word, language)}
    return InputError(error.code, **named).text(language)


def month_of(address: Address, year: int, month: int) -> tuple[int, int]:
    """The month that a calendar shows, else this one."""
    match = _MONTH.fullmatch(address.get("month"))
    if match and 1970 <= int(match[1]) <= 9998 and 1 <= int(match[2]) <= 12:
        return int(match[1]), int(match[2])
    return year, month
