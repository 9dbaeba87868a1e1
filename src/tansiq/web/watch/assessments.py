"""Assessments: where their list stands, what the page of one shows besides, and the form that says
on what it rests.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from tansiq.desk.cases import rounds
from tansiq.desk.records import finding, read, say
from tansiq.desk.records.read import View
from tansiq.desk.watch import assessing
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.fields import Type
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.kinds.listing import STATE
from tansiq.domain.kinds.watch.assessment import (
    ASSESSMENT,
    LISTS,
    RESTS_ON,
    is_good,
    lists_of,
)
from tansiq.domain.places import gazetteer
from tansiq.domain.records import Body
from tansiq.domain.wording import Text, catalogue, words
from tansiq.policy import mandate
from tansiq.web.records.views import shown as page_of
from tansiq.web.shell import foreseen
from tansiq.web.shell.asking import RESERVED, Address, asked_of
from tansiq.web.shell.columns import FILTERS
from tansiq.web.shell.controls import moment_text
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.home import Home, Panel
from tansiq.web.shell.page import Context, render
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.sections import home_of
from tansiq.web.shell.site import current

_FIELDS: Final = frozenset({"confidence", "good_until", RESTS_ON, LISTS})
_ASIDE: Final = frozenset({"after", "as_of", "view", "by", "month", "order"})
_MINUTE_MS: Final = 60_000
_LONG: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """A list on which an assessment rests, as its page shows it: the words above it, its address as
    of when it was named, and what is asked of it.
    """

    word: str
    address: str
    known_at: int
    filters: tuple[tuple[str, Text], ...]


def panel(seat: Seat, view: View) -> Context:
    """Until when it is good, how sure its author is, on what it rests, and who dissents."""
    desk, v = current().desk, view.value
    circle = rounds.circle_of(desk, seat.viewer, view, seat.actor)
    newest = circle.value.rounds[-1] if circle and circle.value.rounds else None
    own = v.received is None and bool(mandate.may_write(seat.position.role, ASSESSMENT))
    return {
        "body": v.body,
        "good": is_good(v.body, say.day_of(desk).isoformat()),
        "records": assessing.basis(desk, seat.viewer, view),
        "lists": tuple(_lists(v.body)),
        "views": newest.seats if newest else (),
        "may_say": own,
        "tried": None,
    }


HOME: Final = Home(
    name="assessments", kind="assessment", section="assessments", new="/assessments/new",
    new_word="assessment.new",
    panel=Panel(template="watch/_assessment.html", make=panel, fields=_FIELDS),
)  # fmt: skip


@require_POST
@signed_on
def rest(request: HttpRequest, seat: Seat, record: UUID) -> HttpResponse:
    """Say that an assessment rests on a record or a list, or no longer. Where it cannot, its page
    is shown with the reason and what was typed.
    """
    desk, name, language = current().desk, str(record), language_of(request)
    view = read.record(desk, seat.viewer, desk.me, name)
    if view.value.kind != ASSESSMENT.name:
        raise InputError("record_absent")
    typed = str(request.POST.get(RESTS_ON, "")).strip()[: finding.TYPED_MAX]
    off, parsed = str(request.POST.get("off", ""))[:36], Parsed(kind=ASSESSMENT.name)
    try:
        with foreseen.shown_first(request, seat, name):
            if off:
                assessing.rest_no_longer(desk, seat.actor, name, off)
            elif row := _list_in(request, typed):
                assessing.rest_on_list(desk, seat.actor, name, row)
            else:
                assessing.rest_on(desk, seat.actor, name, typed)
        return HttpResponseRedirect(f"/record/{desk.me}/{name}#basis")
    except foreseen.UnseenError as unseen:
        return foreseen.ask(request, unseen, f"/record/{desk.me}/{name}")
    except InputError as error:
        parsed.blame(error, language, RESTS_ON)
    except FaultError as error:
        parsed.blame(error, language)
    found = page_of(seat, view)
    found["panel"] = {**found["panel"], "tried": {"typed": typed, "errors": parsed.errors}}
    return render(request, "records/page.html", status=422, **found)


def _list_in(request: HttpRequest, typed: str) -> Body:
    """The list whose address was typed, as a row; nothing where no list stands there. Raises
    InputError for what cannot be asked of it.
    """
    parts = urlsplit(typed)
    kind = next((one for one in KINDS.values() if _stands(one) == parts.path), None)
    if kind is None:
        return {}
    names = (RESERVED - {"after"}) | {one.field for one in kind.facets}
    given = {name: text[:_LONG] for name, text in parse_qsl(parts.query) if name in names}
    now = current().desk.clock.now()
    asked = asked_of(request, kind, Address(parts.path, given), current().zone, now=now)
    known_at = asked.as_of or now // _MINUTE_MS * _MINUTE_MS  # as an address says it
    asks = urlencode({name: text for name, text in given.items() if name not in _ASIDE})
    return {"list": kind.name, **({"asks": asks} if asks else {}), "known_at": known_at}


def _stands(kind: Kind) -> str:
    return home_of(kind.name).stands(kind) if kind.listing else ""


def _lists(body: Body) -> Iterator[Basis]:
    """The lists, but for those of a kind that this node does not know."""
    for row in lists_of(body):
        kind, known_at = KINDS.get(str(row.get("list"))), int(row.get("known_at", 0))
        if kind is None or kind.listing is None:
            continue
        given = dict(parse_qsl(str(row.get("asks", ""))))
        address = Address(_stands(kind), {**given, "as_of": moment_text(known_at)})
        yield Basis(
            word=kind.list_word, address=address.to(), known_at=known_at,
            filters=tuple(_filters(kind, given)),
        )  # fmt: skip


def _filters(kind: Kind, given: dict[str, str]) -> Iterator[tuple[str, Text]]:
    """What is asked of a list: the key of each filter's word, and its value."""
    for name, code in given.items():
        facet = kind.field(name) if kind.facet_at(name) else None
        word = facet.word if facet else FILTERS.get(name)
        if word:
            yield word, _value(kind, name, code)


def _value(kind: Kind, name: str, code: str) -> Text:
    facet = kind.field(name) if kind.facet_at(name) else None
    if facet is not None and facet.type is Type.CHOICE and code in facet.choices:
        return facet.choice(code)
    if facet is not None and facet.type is Type.PLACE and code in gazetteer():
        return gazetteer()[code].names
    if name in {STATE, "tab"} and f"{name}.{code}" in catalogue():
        return words(f"{name}.{code}")
    return Text(code or "-", code or "-", code or "-")
