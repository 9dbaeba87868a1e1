"""Who holds what, as a list and as a chart, for the page and for its ways out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from tansiq.desk.act.desk import demand
from tansiq.desk.records import read
from tansiq.desk.records.file_progress import Key, left_of
from tansiq.desk.records.held import Left, Stand, first_left, held_counts, stand_counts
from tansiq.desk.records.read import ReleaseState
from tansiq.domain.bounds import KIB
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body
from tansiq.domain.tables import EMPTY, Cell, Column, Holds, Row, Table
from tansiq.policy import mandate
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.shell.asking import Address
from tansiq.web.shell.charts import Chart, Point, Shape
from tansiq.web.shell.columns import record_path
from tansiq.web.shell.page import voice
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current
from tansiq.web.shell.sources import TAB, Chosen, Facet, Source, Value
from tansiq.web.shell.ways import row_of

_TONES: Final = {
    "acknowledged": "ok", "read": "ok", "delivered": "ok", "prepared": "warn", "queued": "warn",
    "sent": "warn", "recall_sent": "warn", "disputed": "dispute", "questioned": "dispute",
    "held": "bad", "purged": "bad", "recall_received": "bad", "declined": "bad",
}  # fmt: skip
_PARTY: Final = "party"
_STAND: Final = "stand"
HOLDER: Final = Column(key="holder", heading="held.holder", holds=Holds.PARTY, tag="#org")
COLUMNS: Final = (
    Column(key="reference", heading="page.reference", holds=Holds.REFERENCE, tag="#meta+id"),
    Column(key="kind", heading="held.record", holds=Holds.CHOICE, words="kind", tag="#event+type"),
    Column(
        key="category", heading="field.category", holds=Holds.CHOICE, words="choice.category",
        tag="#event+category", under="kind",
    ),
    Column(key="place", heading="field.place", holds=Holds.PLACE, tag="#loc", under="kind"),
    Column(key="files", heading="field.attachments", holds=Holds.TEXT, under="kind", named=True),
    Column(key="rule", heading="panel.rule", holds=Holds.CODE, tag="#access+rule", under="kind"),
    Column(
        key="edition", heading="record.edition", holds=Holds.NUMBER, tag="#meta+edition",
        under="kind",
    ),
    HOLDER,
    Column(
        key="state", heading="field.state", holds=Holds.CHOICE, words="release_state",
        tag="#status", mark="tag",
    ),
    Column(
        key="reason", heading="held.reason", holds=Holds.CHOICE, words="recall_reason",
        tag="#status+reason", under="state",
    ),
    Column(
        key="purged", heading="release_state.purged", holds=Holds.MOMENT, tag="#date+purged",
        under="state",
    ),
    Column(
        key="sent", heading="release_state.sent", holds=Holds.MOMENT, tag="#date+released",
    ),
    Column(
        key="delivered", heading="release_state.delivered", holds=Holds.MOMENT,
        tag="#date+delivered", under="sent", named=True,
    ),
    Column(
        key="files_left", heading="held.files_left", holds=Holds.NUMBER, tag="#meta+files",
        under="sent", named=True,
    ),
    Column(key="read", heading="release_state.read", holds=Holds.MOMENT, tag="#date+read"),
    Column(
        key="readers", heading="held.readers", holds=Holds.POSITIONS, tag="#contact", under="read",
    ),
    Column(
        key="answered", heading="held.answered", holds=Holds.MOMENT, tag="#date+answered",
        under="read", named=True,
    ),
)  # fmt: skip
_ONCE: Final = "once"  # of each record that a partner got, the newest release
_EVERY: Final = "every"
_FILTERS: Final = {
    TAB: Column(key=TAB, heading="list.tab", holds=Holds.CHOICE, words="tab"),
    _PARTY: HOLDER,
    _STAND: Column(key=_STAND, heading="held.stand", holds=Holds.CHOICE, words="stand"),
}


def _asked(address: Address) -> Left:
    """What is asked for, where there is such."""
    party, stand = address.get(_PARTY), address.get(_STAND)
    return Left(
        party=party if party in read.partner_codes(current().desk) else "",
        stand=Stand(stand) if stand in set(Stand) else None,
        newest=address.get(TAB) != _EVERY,
    )


def _counts(seat: Seat, address: Address, name: str) -> Sequence[Value]:
    desk, wanted = current().desk, _asked(address)
    if name == TAB:
        return [Value(code=one) for one in (_ONCE, _EVERY)]
    if name == _PARTY:
        counted = held_counts(desk, seat.viewer, wanted)
        return [Value(code=one.party, total=one.count, more=one.more) for one in counted]
    stands = stand_counts(desk, seat.viewer, wanted)
    if stands is None:
        return [Value(code=one.value) for one in Stand]
    return [
        Value(code=one.value, total=stands.get(one, 0))
        for one in Stand
        if one in stands or one is wanted.stand
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Rows of the list as a table and as releases, by the keys of the rows; ``after`` is the last
    of them where the list goes on.
    """

    table: Released[Table]
    releases: dict[str, ReleaseState]
    after: str


def rows(seat: Seat, address: Address, limit: int, counted: Sequence[Value] = ()) -> Held:
    """The releases that are asked for, newest first, at most so many. ``counted`` says how many
    each partner has, where the caller has asked already. Raises RefusedError.
    """
    demand(mandate.may_do(seat.position.role, mandate.Act.SEE_HOLDINGS))
    desk, wanted, after = current().desk, _asked(address), address.get("after")
    found = read.holdings(desk, seat.viewer, wanted, after=after, limit=limit)
    left = left_of(desk, seat.viewer)
    counts = counted or _counts(seat, address, _PARTY)
    counts = [one for one in counts if wanted.party in ("", one.code)]
    asked = {
        TAB: "" if wanted.newest else _EVERY, _PARTY: wanted.party,
        _STAND: wanted.stand.value if wanted.stand else "",
    }  # fmt: skip
    asked = {name: code for name, code in asked.items() if code}
    made = Table(
        name="holdings", title="section.holdings",
        definition="held.definition_once" if wanted.newest else "held.definition",
        columns=COLUMNS, rows=tuple(_row(one, left) for one in found),
        total=sum(one.total or 0 for one in counts),
        more=any(one.more for one in counts), as_of=desk.clock.now(), declared_by=desk.me,
        since=first_left(desk, seat.viewer, wanted),
        address="/holdings", query=urlencode(asked),
        asked=tuple((_FILTERS[name], Cell(value=_word(name, code)))
                    for name, code in asked.items()),
    )  # fmt: skip
    return Held(
        table=gather(seat.viewer, (state.record for state in found), made),
        after=found[-1].release if len(found) == limit else "",
        releases={state.release: state for state in found},
    )  # fmt: skip


def counted(found: Chosen) -> list[Value]:
    """How many each partner has, as the facet of a page has counted it."""
    (parties,) = (one for one in found.facets if one.name == _PARTY)
    figures = ((link.code, link.figure) for link in parties.links)
    return [
        Value(code=code, total=figure.count, more=figure.more) for code, figure in figures if figure
    ]


def _word(name: str, code: str) -> str:
    """The code under which the words of a filter's value stand."""
    return f"holdings_{code}" if name == TAB else code


def _row(state: ReleaseState, left: Mapping[Key, int]) -> Row:
    view = state.record.value
    values: dict[str, Cell] = {
        "reference": Cell(
            value=kind_named(view.kind).reference(view.record), address=record_path(view)
        ),
        "kind": Cell(value=view.kind),
        **_told(view.body),
        "rule": Cell(value=state.rule),
        "edition": Cell(value=state.edition),
        "holder": Cell(value=state.party),
        "state": Cell(value=state.state, tone=_TONES.get(state.state, "")),
        "readers": Cell(value=tuple(f"{state.party}/{code}" for code in state.read_by)),
    }
    if state.files:
        names = (str(one.value.body.get("text", "")) for one in state.files)
        values["files"] = Cell(value=", ".join(names))
    waits = left.get((view.record, state.party), 0) if not state.gone else 0
    if waits:
        values["files_left"] = Cell(value=-(-waits // KIB))
    if state.recalled_at:
        values["reason"] = Cell(value=state.recall_reason)
    moments = {
        "purged": state.purged_at, "sent": state.released_at, "delivered": state.delivered_at,
        "read": state.read_at, "answered": state.answered_at,
    }  # fmt: skip
    values |= {name: Cell(value=moment) for name, moment in moments.items() if moment}
    cells = [values.get(column.key, EMPTY) for column in COLUMNS]
    return row_of(state.record, cells, key=state.release)


def _told(body: Body) -> dict[str, Cell]:
    return {name: Cell(value=body[name]) for name in ("category", "place") if body.get(name)}


def chart(language: str, found: Chosen) -> Chart:
    """How many each partner got of what the list shows, each bar a link to its list."""
    desk, said = current().desk, voice(language)
    (parties,) = (one for one in found.facets if one.name == _PARTY)
    once = found.tab == _ONCE
    points = tuple(
        Point(
            label=one.label,
            figures=(replace(one.figure, address=found.address.to(party=one.code)),),
        )
        for one in parties.links
        if one.figure
    )
    return Chart(
        key="by-holder", shape=Shape.BARS, title=said.t("held.by_holder"),
        heading=said.t("held.holder"),
        definition=said.t("held.definition_once" if once else "held.definition"), points=points,
        declared_by=desk.me, as_of=desk.clock.now(),
    )  # fmt: skip


SOURCE: Final = Source(
    name="holdings", tabs=lambda _: (_ONCE, _EVERY), counts=_counts,
    facets=(
        Facet(
            name=_PARTY, heading="held.holder",
            said=lambda voice, code: voice.party(PartyCode(code)),
        ),
        Facet(name=_STAND, heading="held.stand", said=lambda voice, code: voice.t(f"stand.{code}")),
    ),
)  # fmt: skip
