"""The one search box: a reference leads straight to its record, words to a part for each kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET

from tansiq.desk.records import finding, listing
from tansiq.desk.records.finding import Found
from tansiq.desk.records.read import View
from tansiq.domain.kinds import kind_named
from tansiq.domain.records import spoken
from tansiq.domain.tables import Table
from tansiq.policy.seal import Released
from tansiq.web.search import meant
from tansiq.web.shell import access
from tansiq.web.shell.asking import Address
from tansiq.web.shell.columns import record_path, table_of
from tansiq.web.shell.page import Context, render, voice
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.sections import entries, home_of, sections
from tansiq.web.shell.site import current

_TYPED_MAX: Final = 400  # a pasted address may be long
_EACH: Final = 5
_EACH_TYPED: Final = 2  # of a kind, while somebody types
_HITS_MAX: Final = 8
_NAMED_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A record that a reference means, or in which a code of paper stands: the key of the words for
    what it is, and the address that opens it. ``straight`` says that just this was asked for.
    """

    view: View
    word: str
    address: str
    straight: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What was found of one kind: the newest as a table, and the whole list."""

    title: str
    table: Released[Table]
    address: str


@require_GET
@signed_on
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What was typed leads straight to the one record that it names, or shows what it may mean."""
    typed = str(request.GET.get("q", ""))[:_TYPED_MAX].strip()
    named = list(_named(seat, typed))
    if len(named) == 1 and named[0].straight:
        access.note(request, seat, {}, hits=1)
        return HttpResponseRedirect(named[0].address)
    found = _found(seat, typed, _EACH)
    return render(
        request, "search/page.html", parts=[_part(seat, one, typed) for one in found],
        total=len(named) + sum(one.page.total for one in found),
        **_meant(request, seat, typed, named),
    )  # fmt: skip


@require_GET
@signed_on
def part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the box shows while somebody types: the same, no more of it than fits under the box."""
    typed = str(request.GET.get("q", ""))[:_TYPED_MAX].strip()
    named = list(_named(seat, typed))
    found = [] if named else _found(seat, typed, _EACH_TYPED)
    hits = [
        _record(view, straight=False)
        for turn in zip_longest(*(one.page.rows for one in found))  # of each kind the newest first
        for view in turn
        if view is not None
    ]
    return render(
        request, "search/part.html", hits=hits[:_HITS_MAX], **_meant(request, seat, typed, named),
        total=len(named) + sum(one.page.total for one in found),
    )  # fmt: skip


def _meant(request: HttpRequest, seat: Seat, typed: str, named: list[Named]) -> Context:
    role, said = seat.position.role, voice(language_of(request))
    return {
        "typed": typed,
        "named": named[:_NAMED_MAX],
        "acts": meant.acts(role, typed, said),
        "places": meant.places(role, typed, said),
    }


def _found(seat: Seat, typed: str, each: int) -> list[Found]:
    """The newest records of each kind that hold the words, kinds in the order of the navigation."""
    desk = current().desk
    with listing.together(desk):
        return sorted(finding.by_words(desk, seat.viewer, typed, each), key=_turn)


def _named(seat: Seat, typed: str) -> Iterator[Named]:
    desk, said = current().desk, spoken(typed)
    if said is None:
        for view in finding.by_name(desk, seat.viewer, typed):
            yield _record(view, straight=True)
        return
    for view in finding.by_reference(desk, seat.viewer, said):
        letter = kind_named(view.value.kind).letter
        yield _record(view, straight=said.sure and said.letter in ("", letter))
    for code in (code for section in sections() for code in section.codes):
        if said.letter in ("", code.letter):
            for one in code.found(desk, seat.actor, typed):
                yield Named(one.view, code.word, one.address, straight=said.sure)


def _record(view: View, *, straight: bool) -> Named:
    return Named(view, f"kind.{view.value.kind}", record_path(view.value), straight)


def _turn(found: Found) -> tuple[bool, int]:
    """Kinds in the order of the navigation, then the others."""
    opens = [one.path for one in entries()]
    path = home_of(found.kind.name).stands(found.kind)
    return path not in opens, opens.index(path) if path in opens else 0


def _part(seat: Seat, found: Found, typed: str) -> Part:
    kind = found.kind
    home = home_of(kind.name)
    address = Address(home.stands(kind), {"tab": "all", "q": typed[:100]})
    table = table_of(seat.viewer, address, kind, found.page, as_of=0, narrow=True)
    return Part(home.title or kind.list_word, table, address.to())
