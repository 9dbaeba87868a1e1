"""What of the inbox is asked for: tabs, and facets of the partner and of the kind."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from tansiq.desk.records import inbox, read
from tansiq.desk.records.read import Query
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.kinds import INBOX_KINDS, kind_named
from tansiq.domain.parties import PartyCode
from tansiq.web.shell.asking import Address
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current
from tansiq.web.shell.sources import TAB, Facet, Source, Value

ALL: Final = "all"
WAITS: Final = "waits"  # for an answer or an act of ours
REQUESTS: Final = "requests"
_CASES: Final = tuple(name for name in INBOX_KINDS if kind_named(name).case is not None)
_KINDS: Final = {ALL: INBOX_KINDS, WAITS: INBOX_KINDS, REQUESTS: _CASES}
_OWNER: Final = "owner"
_KIND: Final = "kind"


def query_of(seat: Seat, address: Address) -> Query:
    """Which kinds and owners are asked for; what is none asks nothing."""
    kinds, parties = _KINDS[SOURCE.tab(seat, address)], _owners()
    kind, owner = address.get(_KIND), address.get(_OWNER)
    return Query(
        kinds=(kind,) if kind in kinds else kinds,
        owners=(PartyCode(owner),) if owner in parties else (),
    )  # fmt: skip


def _owners() -> tuple[PartyCode, ...]:
    """Whose records may stand here: our own cases too, while they wait for us."""
    desk = current().desk
    return desk.me, *read.partner_codes(desk)


def _counts(seat: Seat, address: Address, name: str) -> Sequence[Value]:
    tab, query = SOURCE.tab(seat, address), query_of(seat, address)
    if name == TAB:
        kinds = {one: tuple(k for k in _KINDS[one] if k in query.kinds) for one in _KINDS}
        return [_count(seat, one, replace(query, kinds=kinds[one]), one) for one in _KINDS]
    return [one for one in _values(seat, tab, query, name) if one.total]


def _values(seat: Seat, tab: str, query: Query, name: str) -> Iterator[Value]:
    if name == _OWNER:
        for party in _owners():
            yield _count(seat, tab, replace(query, owners=(party,)), party)
    elif len(_KINDS[tab]) > 1:
        for kind in _KINDS[tab]:
            yield _count(seat, tab, replace(query, kinds=(kind,)), kind)


def _count(seat: Seat, tab: str, query: Query, code: str) -> Value:
    desk, most = current().desk, BOUNDS.counted_max
    if not query.kinds:
        return Value(code=code, total=0)
    if tab != WAITS:
        total, more = inbox.shown_total(desk, seat.viewer, query)
        return Value(code=code, total=total, more=more)
    number = inbox.unread_count(desk, seat.viewer, most, query)
    return Value(code=code, total=min(number, most), more=number > most)


SOURCE: Final = Source(
    name="inbox", tabs=lambda _: tuple(_KINDS), counts=_counts,
    facets=(
        Facet(
            name=_OWNER, heading="inbox.sender",
            said=lambda voice, code: voice.party(PartyCode(code)),
        ),
        Facet(name=_KIND, heading="held.record", said=lambda voice, code: voice.t(f"kind.{code}")),
    ),
)  # fmt: skip
