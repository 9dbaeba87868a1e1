"""Releases that wait for a second person, as a list: those that this position can decide, those
that its person prepared, and all.
"""

from collections.abc import Sequence
from typing import Final

from tansiq.desk.records import approvals, read
from tansiq.desk.records.approvals import Wanted, Whose
from tansiq.desk.records.read import ReleaseState
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import PartyCode
from tansiq.domain.tables import EMPTY, Cell, Column, Holds, Row, Table
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.shell.asking import Address
from tansiq.web.shell.columns import record_path
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current
from tansiq.web.shell.sources import Facet, Source, Value
from tansiq.web.shell.ways import row_of

_TEXT_CHARS: Final = 90
_PARTY: Final = "party"
_COLUMNS: Final = (
    Column(key="reference", heading="page.reference", holds=Holds.REFERENCE),
    Column(key="text", heading="field.text", holds=Holds.TEXT),
    Column(
        key="severity", heading="field.severity", holds=Holds.CHOICE, words="choice.severity",
        under="text",
    ),
    Column(key="kind", heading="held.record", holds=Holds.CHOICE, words="kind", under="text"),
    Column(key="to", heading="approval.to", holds=Holds.PARTY),
    Column(key="rule", heading="approval.rule", holds=Holds.CODE),
    Column(key="by", heading="approval.by", holds=Holds.POSITIONS),
    Column(key="person", heading="audit.person", holds=Holds.CODE, under="by"),
    Column(key="prepared", heading="held.prepared", holds=Holds.MOMENT),
)  # fmt: skip


def _tabs(seat: Seat) -> Sequence[str]:
    return [whose.value for whose in approvals.parts_for(seat.actor)]


def _wanted(seat: Seat, address: Address) -> Wanted:
    parties = read.partner_codes(current().desk)
    party = address.get(_PARTY)
    return Wanted(
        whose=Whose(SOURCE.tab(seat, address)), person=seat.actor.person,
        party=party if party in parties else "",
    )  # fmt: skip


def _counts(seat: Seat, address: Address, name: str) -> Sequence[Value]:
    desk, most, wanted = current().desk, BOUNDS.counted_max, _wanted(seat, address)
    if name == _PARTY:
        every = Wanted(whose=wanted.whose, person=wanted.person)
        counted = approvals.counts(desk, seat.viewer, every, most)
        return [_count(party, {party: number}) for party, number in counted.items()]
    return [
        _count(
            whose.value,
            approvals.counts(
                desk, seat.viewer,
                Wanted(whose=whose, person=wanted.person, party=wanted.party), most,
            ),
        )
        for whose in approvals.parts_for(seat.actor)
    ]  # fmt: skip


def _count(code: str, counted: dict[str, int]) -> Value:
    number, most = sum(counted.values()), BOUNDS.counted_max
    return Value(code=code, total=min(number, most), more=number > most)


def rows(seat: Seat, address: Address, limit: int) -> Released[Table]:
    """The releases that are asked for, oldest first, at most so many."""
    desk, wanted = current().desk, _wanted(seat, address)
    found = read.awaiting(desk, seat.viewer, wanted)[:limit]
    counted = _count("", approvals.counts(desk, seat.viewer, wanted, BOUNDS.counted_max))
    made = Table(
        name="approvals", title="section.approvals", definition="approval.definition",
        columns=_COLUMNS, rows=tuple(map(_row, found)), total=counted.total or 0, more=counted.more,
        as_of=desk.clock.now(), declared_by=desk.me, address="/approvals", ways=frozenset(),
    )  # fmt: skip
    return gather(seat.viewer, (state.record for state in found), made)


def _row(state: ReleaseState) -> Row:
    view, by = state.record.value, state.prepared_by
    text = str(view.body.get("text") or "")
    seat = by.get("position", "")
    values = {
        "reference": Cell(
            value=kind_named(view.kind).reference(view.record), address=record_path(view)
        ),
        "text": Cell(value=text if len(text) <= _TEXT_CHARS else f"{text[:_TEXT_CHARS]}…"),
        "severity": Cell(value=view.body.get("severity")),
        "kind": Cell(value=view.kind),
        "to": Cell(value=state.party),
        "rule": Cell(value=state.rule),
        "by": Cell(value=(f"{current().desk.me}/{seat}",) if seat else ()),
        "person": Cell(value=by.get("person") or None),
        "prepared": Cell(value=state.prepared_at),
    }
    cells = [values.get(column.key, EMPTY) for column in _COLUMNS]
    return row_of(state.record, cells, key=state.release)


SOURCE: Final = Source(
    name="approvals", tabs=_tabs, counts=_counts,
    facets=(
        Facet(
            name=_PARTY, heading="approval.to",
            said=lambda voice, code: voice.party(PartyCode(code)),
        ),
    ),
)  # fmt: skip
