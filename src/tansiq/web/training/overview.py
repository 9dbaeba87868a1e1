"""All cohorts on one page: course, place, dates with the baseline, state, counts and days; the
indicators of training with what each means; time, and the same as a file.

Every number is a list: it opens what it counts. As of an earlier day it shows what was known then.
"""

from collections.abc import Callable, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.training.overview import COHORTS_MAX, Line, Overview, overview_of
from tansiq.domain.kinds.training.cohort import AHEAD, COHORT, UNDER_WAY
from tansiq.domain.kinds.training.course import MANAGERS
from tansiq.domain.tables import Cell, Column, Figure, Holds, Row, Table
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.shell.asking import Address, address_with, as_of_in, as_of_or_fault
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.page import Context, render, voice
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.site import current
from tansiq.web.shell.ways import row_of
from tansiq.web.training.bars import bars
from tansiq.web.training.figures import PATH, indicators, is_judged, kept, lost

_FACETS: Final = ("subject", "mode", "lead")
_GIVEN: Final = ("only", *_FACETS, "owner", "as_of")


def _count(name: str, tag: str, under: str = "") -> Column:
    heading = COHORT.field(name).word
    return Column(key=name, heading=heading, holds=Holds.NUMBER, tag=f"#indicator+{tag}",
                  under=under, named=bool(under))  # fmt: skip


def _choice(name: str, tag: str, under: str = "") -> Column:
    field = COHORT.field(name)
    return Column(
        key=name, heading=field.word, holds=Holds.CHOICE, words=field.choice_words, tag=tag,
        under=under,
    )  # fmt: skip


def _day(name: str, tag: str, under: str = "") -> Column:
    return Column(key=name, heading=COHORT.field(name).word, holds=Holds.DATE, tag=tag,
                  under=under, named=bool(under))  # fmt: skip


_COLUMNS: Final = (
    Column(key="code", heading=COHORT.field("code").word, holds=Holds.CODE, tag="#activity+code"),
    Column(key="title", heading="kind.course", holds=Holds.TEXT, tag="#activity+name"),
    _choice("subject", "#sector", "title"),
    Column(key="place", heading=COHORT.field("place").word, holds=Holds.PLACE, tag="#loc"),
    _choice("mode", "#modality", "place"),
    Column(key="state", heading="field.state", holds=Holds.CHOICE, words="state", mark="tag",
           tag="#status"),
    _day("first_day", "#date+start"), _day("last_day", "#date+end"),
    _day("baseline_first", "#date+start+planned", "first_day"),
    _day("baseline_last", "#date+end+planned", "last_day"),
    Column(key="moved", heading="training.moved", holds=Holds.NUMBER, tag="#indicator+days_late"),
    _count("days_done", "days_done", "days"), _count("days", "days"), _count("places", "places"),
    _count("enrolled", "enrolled"), _count("finished", "finished"), _count("passed", "passed"),
    Column(key="person_days", heading="training.person_days", holds=Holds.NUMBER,
           tag="#indicator+person_days"),
    Column(key="lost", heading="training.lost", holds=Holds.NUMBER, tag="#indicator+days_lost"),
    _choice("lead", "#country+lead", "owner"),
    Column(key="owner", heading="page.owner", holds=Holds.PARTY, tag="#org+owner"),
)  # fmt: skip
_ONLY: Final[dict[str, Callable[[Line], bool]]] = {
    "ahead": lambda one: one.view.value.state in AHEAD,
    "under_way": lambda one: one.view.value.state in UNDER_WAY,
    "moved": lambda one: one.moved_days is not None,
    "judged": is_judged,
    **{
        state: (lambda one, state=state: one.view.value.state == state)  # type: ignore[misc]
        for state in ("suspended", "finished", "cancelled")
    },
}
_COUNTED: Final = ("ahead", "under_way", "suspended", "finished", "cancelled", "moved")


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All cohorts on one page."""
    return render(request, "training/overview.html", **_shown(request, seat))


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The same without its frame, fetched again when something changed."""
    return render(request, "training/overview_part.html", **_shown(request, seat))


def table(request: HttpRequest, seat: Seat, limit: int) -> Released[Table]:
    """The cohorts for a file or for paper. Raises InputError for a moment that is none."""
    address = _address(request)
    as_of = as_of_in(address, current().zone, current().desk.clock.now())
    found = overview_of(current().desk, seat.viewer, as_of)
    return _table((request, seat, address), found, _chosen(found, address), limit)


def _address(request: HttpRequest) -> Address:
    return address_with(request, PATH, _GIVEN, longest=40)


def _shown(request: HttpRequest, seat: Seat) -> Context:
    address, language, desk = _address(request), language_of(request), current().desk
    as_of, fault = as_of_or_fault(address, current().zone, desk.clock.now(), language)
    found, said = overview_of(desk, seat.viewer, as_of), voice(language)
    lines = _chosen(found, address)
    return {
        "made": _table((request, seat, address), found, lines),
        "lines": lines, "all": found, "address": address, "as_of": as_of, "fault": fault,
        "titles": [title(one, language) for one in lines],
        "counts": _counts(found, address), "indicators": indicators(found, address),
        "lost": lost(found, address),
        "bars": bars(lines, said, found.day),
        "may_write": seat.position.role in MANAGERS,
    }  # fmt: skip


def _chosen(found: Overview, address: Address) -> list[Line]:
    """The cohorts that the address asks for."""
    only, owner = address.get("only"), address.get("owner")
    lines = [one for one in found.lines if only not in _ONLY or _ONLY[only](one)]
    for name in _FACETS:
        wanted = address.get(name)
        lines = [one for one in lines if not wanted or one.view.value.body.get(name) == wanted]
    return [one for one in lines if not owner or one.view.value.owner == owner]


def _counts(found: Overview, address: Address) -> list[tuple[str, Figure]]:
    """How many cohorts there are, and how many of each sort."""
    every = kept(address)
    counted = [("all", Figure(count=len(found.lines), address=every.to(), as_of=found.as_of))]
    for name in _COUNTED:
        count = sum(_ONLY[name](one) for one in found.lines)
        counted.append(
            (name, Figure(count=count, address=every.to(only=name), as_of=found.as_of))
        )  # fmt: skip
    return counted


def title(line: Line, language: str) -> str:
    """What a cohort teaches: the title of its course in the reader's language, where that may be
    seen, else what the cohort is called.
    """
    course = line.course.value.body if line.course else {}
    named = course.get(f"title_{language}") or course.get("text")
    return str(named or line.view.value.body.get("text", ""))


def _table(
    asked: tuple[HttpRequest, Seat, Address], found: Overview, lines: Sequence[Line],
    limit: int = COHORTS_MAX,
) -> Released[Table]:  # fmt: skip
    request, seat, address = asked
    desk, said = current().desk, voice(language_of(request))
    made = Table(
        name="training", title="training.title", definition="training.definition",
        columns=_COLUMNS, rows=tuple(_row(one, said) for one in lines[:limit]), total=len(lines),
        more=found.cut, as_of=found.as_of or desk.clock.now(), declared_by=desk.me,
        address=address.path, query=address.to().partition("?")[2], ways=COHORT.ways,
        dated="first_day", until="last_day", lead="title",
    )  # fmt: skip
    parts = ((one.view, one.course, *one.sessions) for one in lines)
    views = [view for part in parts for view in part if view is not None]
    return gather(seat.viewer, views, made)


def _row(line: Line, said: Voice) -> Row:
    value = line.view.value
    body, opens = value.body, f"/record/{value.owner}/{value.record}"
    counts = ("days_done", "days", "places", "enrolled", "finished", "passed")
    return row_of(
        line.view,
        (
            Cell(value=body.get("code"), address=opens),
            Cell(value=title(line, said.language), address=opens),
            Cell(value=body.get("subject")), Cell(value=body.get("place")),
            Cell(value=body.get("mode")),
            Cell(value=value.state, tone=COHORT.tone(value.state)),
            *(
                Cell(value=body.get(name))
                for name in ("first_day", "last_day", "baseline_first", "baseline_last")
            ),
            Cell(value=line.moved_days), *(Cell(value=body.get(name)) for name in counts),
            Cell(value=line.taught.person_days or None),
            Cell(value=sum(line.taught.lost.values()) or None),
            Cell(value=body.get("lead")), Cell(value=value.owner),
        ),
    )  # fmt: skip
