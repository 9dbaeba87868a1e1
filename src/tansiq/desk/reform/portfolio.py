"""The portfolio: every project that somebody may see, how far it is, and what all say together.

The page of the programme and the page of a project ask. Every number counts projects that were
released for the viewer, with the evidence that the viewer may see: who sees less counts less, and
nothing says that there is more. As of an earlier moment it is read with the labels of today.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import rounds
from tansiq.desk.records import read
from tansiq.desk.records.read import Query, View
from tansiq.domain.kinds.reform.evidence import EVIDENCE
from tansiq.domain.kinds.reform.progress import Item, Progress, item_of, progress_of, sums_of
from tansiq.domain.kinds.reform.project import DECLARED, PROJECT, needed_codes
from tansiq.domain.parties import PartyCode, Viewer

PROJECTS_MAX: Final = 500
EVIDENCE_MAX: Final = 5_000
_STILL: Final = frozenset({"on_hold", "suspended"})  # a project that waits for one of these waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A project with how far it is. ``needs`` are the projects that it depends on, ``blocked_by``
    those of them that do not move, ``blocks`` the open ones that depend on it.
    """

    view: View
    progress: Progress
    needs: tuple[View, ...] = ()
    blocked_by: tuple[View, ...] = ()
    blocks: tuple[View, ...] = ()

    @property
    def code(self) -> str:
        """Its code, by which a list is ordered."""
        return str(self.view.value.body.get("code", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """The projects in the order of their codes. ``money`` is what is planned and what is spent by
    currency; ``cut`` says that there are more projects than were looked at.
    """

    lines: tuple[Line, ...]
    money: dict[str, tuple[int, int]]
    as_of: int
    cut: bool

    @property
    def executed(self) -> tuple[Line, ...]:
        """The projects that their owners declared executed."""
        return tuple(one for one in self.lines if one.progress.executed)

    @property
    def verified(self) -> tuple[Line, ...]:
        """Those of them of which verifiers accepted every milestone."""
        return tuple(one for one in self.lines if one.progress.verified)


@reading_as
def portfolio_of(desk: Desk, viewer: Viewer, as_of: int = 0) -> Portfolio:
    """The projects that this viewer may see, as of a moment in milliseconds, or now."""
    page = read.page(desk, viewer, Query(kinds=(PROJECT.name,), limit=PROJECTS_MAX, as_of=as_of))
    items = _items(desk, viewer, as_of)
    day = _day(as_of or desk.clock.now())
    coded: dict[tuple[PartyCode, str], list[View]] = defaultdict(list)
    for one in page.rows:
        coded[one.value.owner, str(one.value.body.get("code", ""))].append(one)
    lines = [_line(one, items, coded, day) for one in page.rows]
    blocks: dict[tuple[PartyCode, str], list[View]] = defaultdict(list)
    for line in lines:
        if line.view.value.state not in (*DECLARED, "cancelled"):
            for needed in line.needs:
                blocks[needed.value.owner, str(needed.value.record)].append(line.view)
    return Portfolio(
        lines=tuple(sorted((_blocking(one, blocks) for one in lines), key=_order)),
        money=_money(one.view for one in lines),
        as_of=as_of,
        cut=page.after is not None,
    )


def line_of(portfolio: Portfolio, owner: str, record: str) -> Line | None:
    """The line of one project; None where the portfolio has none."""
    return next(
        (
            one
            for one in portfolio.lines
            if (one.view.value.owner, str(one.view.value.record)) == (owner, record)
        ),
        None,
    )


def _order(line: Line) -> tuple[str, str, str]:
    return line.view.value.owner, line.code, str(line.view.value.record)


def _blocking(line: Line, blocks: dict[tuple[PartyCode, str], list[View]]) -> Line:
    found = blocks.get((line.view.value.owner, str(line.view.value.record)), ())
    return Line(
        view=line.view, progress=line.progress, needs=line.needs, blocked_by=line.blocked_by,
        blocks=tuple(found),
    )  # fmt: skip


def _items(desk: Desk, viewer: Viewer, as_of: int) -> dict[tuple[PartyCode, str], list[Item]]:
    """The evidence that the viewer may see, by owner and project. What another party than the
    owner of the project says proves nothing.
    """
    page = read.page(desk, viewer, Query(kinds=(EVIDENCE.name,), limit=EVIDENCE_MAX, as_of=as_of))
    stood = rounds.standings(desk, viewer, page.rows, as_of)
    found: dict[tuple[PartyCode, str], list[Item]] = defaultdict(list)
    for view in page.rows:
        value = view.value
        standing = stood.get((value.owner, value.record))
        if standing is not None:
            item = item_of(value.owner, value.record, value.body, standing)
            found[value.owner, str(value.body.get("about", ""))].append(item)
    return found


def _line(
    view: View, items: dict[tuple[PartyCode, str], list[Item]],
    coded: dict[tuple[PartyCode, str], list[View]], day: str,
) -> Line:  # fmt: skip
    value = view.value
    needs = [
        found
        for code in needed_codes(value.body)
        for found in coded.get((value.owner, code), ())
        if found.value.record != value.record
    ]
    still = [one for one in needs if one.value.state in _STILL]
    progress = progress_of(
        value.body, value.state, items.get((value.owner, str(value.record)), ()),
        blocked_by=tuple(str(one.value.body.get("code", "")) for one in still), today=day,
    )  # fmt: skip
    return Line(view=view, progress=progress, needs=tuple(needs), blocked_by=tuple(still))


def _day(moment: int) -> str:
    return dt.datetime.fromtimestamp(moment / 1000, dt.UTC).date().isoformat()


def _money(views: Iterable[View]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for view in views:
        for currency, (planned, spent) in sums_of(view.value.body).items():
            before = found.get(currency, (0, 0))
            found[currency] = (before[0] + planned, before[1] + spent)
    return dict(sorted(found.items()))
