"""Who holds what, as a table and as a chart, for the page and for its ways out."""

from typing import Final
from urllib.parse import urlencode

from tansiq.desk.records.held import HeldCount, held_counts
from tansiq.desk.records.read import ReleaseState
from tansiq.domain.parties import PartyCode, Viewer
from tansiq.domain.records import Body
from tansiq.domain.tables import EMPTY, Cell, Column, Figure, Holds, Row, Table
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.shell.charts import Chart, Point, Shape
from tansiq.web.shell.page import voice
from tansiq.web.shell.site import current
from tansiq.web.shell.ways import row_of

_TONES: Final = {
    "acknowledged": "ok", "read": "ok", "delivered": "ok", "prepared": "warn", "queued": "warn",
    "sent": "warn", "recall_sent": "warn", "disputed": "dispute", "questioned": "dispute",
    "held": "bad", "purged": "bad", "recall_received": "bad", "declined": "bad",
}  # fmt: skip
HOLDER: Final = Column(key="holder", heading="held.holder", holds=Holds.PARTY, tag="#org")
COLUMNS: Final = (
    Column(key="reference", heading="page.reference", holds=Holds.REFERENCE, tag="#meta+id"),
    Column(key="kind", heading="held.record", holds=Holds.CHOICE, words="kind", tag="#event+type"),
    Column(
        key="category", heading="field.category", holds=Holds.CHOICE, words="choice.category",
        tag="#event+category", under="kind",
    ),
    Column(key="place", heading="field.place", holds=Holds.PLACE, tag="#loc", under="kind"),
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
        tag="#date+delivered",
    ),
    Column(key="read", heading="release_state.read", holds=Holds.MOMENT, tag="#date+read"),
    Column(
        key="readers", heading="held.readers", holds=Holds.POSITIONS, tag="#contact", under="read",
    ),
    Column(key="answered", heading="held.answered", holds=Holds.MOMENT, tag="#date+answered"),
)  # fmt: skip


def counts(viewer: Viewer) -> list[HeldCount]:
    """How many releases each partner has."""
    return held_counts(current().desk, viewer)


def table(
    viewer: Viewer, party: str, found: list[ReleaseState], counted: list[HeldCount]
) -> Released[Table]:
    """These releases; ``party`` is the filter, "" for all; ``counted`` are the whole lists."""
    desk = current().desk
    chosen = [count for count in counted if party in ("", count.party)]
    made = Table(
        name="holdings", title="section.holdings", definition="held.definition",
        columns=COLUMNS, rows=tuple(map(_row, found)), total=sum(one.count for one in chosen),
        more=any(one.more for one in chosen), as_of=desk.clock.now(), declared_by=desk.me,
        address="/holdings", query=urlencode({"party": party} if party else {}),
        asked=((HOLDER, Cell(value=party)),) if party else (),
    )  # fmt: skip
    return gather(viewer, (state.record for state in found), made)


def _row(state: ReleaseState) -> Row:
    view = state.record.value
    values: dict[str, Cell] = {
        "reference": Cell(value=view.reference, address=f"/record/{view.owner}/{view.record}"),
        "kind": Cell(value=view.kind),
        **_told(view.body),
        "rule": Cell(value=state.rule),
        "edition": Cell(value=state.edition),
        "holder": Cell(value=state.party),
        "state": Cell(value=state.state, tone=_TONES.get(state.state, "")),
        "readers": Cell(value=tuple(f"{state.party}/{code}" for code in state.read_by)),
    }
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


def chart(language: str, counted: list[HeldCount]) -> Chart:
    """How many releases each partner got, each bar a link to its list."""
    desk, said = current().desk, voice(language)
    points = tuple(
        Point(
            label=said.party(one.party),
            figures=(Figure(count=one.count, more=one.more, address=_list_of(one.party)),),
        )
        for one in counted
    )
    return Chart(
        key="by-holder", shape=Shape.BARS, title=said.t("held.by_holder"),
        heading=said.t("held.holder"), definition=said.t("held.definition"), points=points,
        declared_by=desk.me, as_of=desk.clock.now(),
    )  # fmt: skip


def _list_of(party: PartyCode) -> str:
    return f"/holdings?{urlencode({'party': party})}"
