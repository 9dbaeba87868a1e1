"""The indicators of training with what each means and the list that it counts: for the page of
training, and as the table that the steering report of the reform programme takes in.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tansiq.desk.training.overview import Line, Overview, overview_of
from tansiq.domain.kinds.training.cohort import COHORT, REASONS
from tansiq.domain.tables import Cell, Column, Figure, Holds, Row, Table
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.shell.asking import Address, as_of_in
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.page import voice
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current

PATH: Final = "/training"
_COLUMNS: Final = (
    Column(key="what", heading="report.what", holds=Holds.TEXT),
    Column(key="count", heading="report.count", holds=Holds.NUMBER),
    Column(key="percent", heading="training.percent", holds=Holds.NUMBER),
    Column(key="of", heading="training.of", holds=Holds.NUMBER),
    Column(key="means", heading="report.means", holds=Holds.TEXT),
    Column(key="codes", heading="training.codes", holds=Holds.TEXT),
)


def is_judged(line: Line) -> bool:
    """Whether a cohort is finished and says how many passed."""
    return line.view.value.state == "finished" and "passed" in line.view.value.body


# Of which cohorts an indicator counts something.
_COUNTED: Final[dict[str, Callable[[Line], bool]]] = {
    "finished": lambda one: one.view.value.state == "finished",
    "person_days": lambda one: bool(one.taught.person_days),
    "passed": is_judged,
    "local": lambda _: False,  # instructors belong to no cohort
    "cancelled": lambda one: one.view.value.state == "cancelled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """An indicator: its key, the number with the list that it counts, and for a share how much of a
    hundred that is (None = nothing to divide).
    """

    key: str
    figure: Figure
    share: int | None = None
    named: dict[str, int] | None = None


def kept(address: Address, path: str = PATH) -> Address:
    """A list as of the same moment."""
    return Address(path, {n: v for n, v in address.given.items() if n == "as_of"})


def indicators(found: Overview, address: Address) -> list[Indicator]:
    """The indicators, each with the list whose numbers it adds up."""
    sums, cohorts = found.indicators, kept(address)
    sessions = kept(address, "/sessions")

    def of(count: int, opens: str) -> Figure:
        return Figure(count=count, address=opens, as_of=found.as_of)

    return [
        Indicator(key="finished", figure=of(sums.finished, cohorts.to(only="finished"))),
        Indicator(
            key="person_days",
            figure=of(sums.taught.person_days, sessions.to(view="list", tab="all", state="held")),
        ),
        Indicator(key="passed", figure=of(sums.passed, cohorts.to(only="judged")),
                  share=sums.pass_share, named={"of": sums.judged}),
        Indicator(key="local", figure=of(sums.local, kept(address, "/instructors").to(of="local")),
                  share=sums.local_share, named={"of": sums.local + sums.foreign}),
        Indicator(key="cancelled", figure=of(sums.cancelled, cohorts.to(only="cancelled")),
                  named={"merged": sums.merged}),
    ]  # fmt: skip


def lost(found: Overview, address: Address) -> list[tuple[str, Figure]]:
    """How many training days were lost for each reason, the most first."""
    sessions, days = kept(address, "/sessions"), found.indicators.taught.lost
    return [
        (
            name,
            Figure(
                count=days[name], as_of=found.as_of,
                address=sessions.to(view="list", tab="all", state="lost", reason_class=name),
            ),
        )
        for name in sorted(REASONS, key=lambda one: -days.get(one, 0))
        if days.get(name)
    ]  # fmt: skip


def table(seat: Seat, address: Address, language: str) -> Released[Table]:
    """The same as a table in this language, as of when the address asks; empty for whoever may see
    no cohort. Raises InputError for a moment that is none.
    """
    desk, said = current().desk, voice(language)
    found = overview_of(desk, seat.viewer, as_of_in(address, current().zone, desk.clock.now()))
    rows = tuple(_rows(found, address, said)) if found.lines else ()
    made = Table(
        name="training-figures", title="training.figures", definition="training.figures_means",
        columns=_COLUMNS, rows=rows, total=len(rows), more=found.cut,
        as_of=found.as_of or desk.clock.now(), declared_by=desk.me, address=PATH,
        query=kept(address).to().partition("?")[2], ways=COHORT.ways,
    )  # fmt: skip
    return gather(seat.viewer, found.counted, made)


def _rows(found: Overview, address: Address, said: Voice) -> Iterator[Row]:
    """A row of each indicator, and one of each reason for which days were lost."""
    classes = (one.value.label.classification for one in found.counted)
    highest = max(classes, key=lambda one: one.rank, default=None)

    def row(what: str, figure: Figure, means: str, codes: str, *shares: int | None) -> Row:
        percent, of = shares or (None, None)
        cells = (Cell(value=what), Cell(value=figure.count, address=figure.address),
                 Cell(value=percent), Cell(value=of), Cell(value=means),
                 Cell(value=codes or None))  # fmt: skip
        return Row(cells=cells, classification=highest)

    for one in indicators(found, address):
        named = one.named or {}
        yield row(
            said.t(f"training.indicator.{one.key}"), one.figure,
            said.t(f"training.means.{one.key}", merged=named.get("merged", 0)),
            _codes(filter(_COUNTED[one.key], found.lines)), one.share, named.get("of"),
        )  # fmt: skip
    for name, figure in lost(found, address):
        what = f"{said.t('training.indicator.lost')}: {said.t(f'choice.reason_class.{name}')}"
        codes = _codes(line for line in found.lines if line.taught.lost.get(name))
        yield row(what, figure, said.t("training.means.lost"), codes)


def _codes(lines: Iterable[Line]) -> str:
    return ", ".join(one.code for one in lines)
