"""The one search box: a reference leads straight to its record, words to a part for each kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET

from tansiq.desk.records import finding, listing
from tansiq.desk.records.finding import Found
from tansiq.desk.records.read import View
from tansiq.domain.fields import Type
from tansiq.domain.kinds import KINDS, Kind, kind_named
from tansiq.domain.kinds.facets import codes_of
from tansiq.domain.parties import Role
from tansiq.domain.places import find_town
from tansiq.domain.records import spoken
from tansiq.domain.search import normalise
from tansiq.domain.tables import Table
from tansiq.domain.wording import LANGUAGES, words
from tansiq.policy.seal import Released
from tansiq.web.shell import access
from tansiq.web.shell.asking import Address
from tansiq.web.shell.columns import record_path, table_of, value_word
from tansiq.web.shell.page import render, voice
from tansiq.web.shell.seat import Seat, language_of, signed_on
from tansiq.web.shell.sections import entries, home_of, sections
from tansiq.web.shell.site import current

_TYPED_MAX: Final = 400  # a pasted address may be long
_EACH: Final = 5
_WORD_MIN: Final = 3  # letters of a word that names a section or a category
_PLACES_MAX: Final = 8


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
class Place:
    """A page that a word names: a section, or the list of a category."""

    label: str
    address: str


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
    desk, language = current().desk, language_of(request)
    with listing.together(desk):
        found = finding.by_words(desk, seat.viewer, typed, _EACH)
    parts = [_part(seat, one, typed) for one in sorted(found, key=_turn)]
    return render(
        request, "search/page.html", typed=typed, named=named, parts=parts,
        places=list(_places(seat.position.role, typed, language)),
        total=len(named) + sum(one.page.total for one in found),
    )  # fmt: skip


def _named(seat: Seat, typed: str) -> Iterator[Named]:
    desk, meant = current().desk, spoken(typed)
    if meant is None:
        for view in finding.by_name(desk, seat.viewer, typed):
            yield _record(view, straight=True)
        return
    for view in finding.by_reference(desk, seat.viewer, meant):
        letter = kind_named(view.value.kind).letter
        yield _record(view, straight=meant.sure and meant.letter in ("", letter))
    for code in (code for section in sections() for code in section.codes):
        if meant.letter in ("", code.letter):
            for one in code.found(desk, seat.actor, typed):
                yield Named(one.view, code.word, one.address, straight=meant.sure)


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


def _places(role: Role, typed: str, language: str) -> Iterator[Place]:
    """The sections and categories that a word names, in any language."""
    word = normalise(typed)
    if len(word) < _WORD_MIN:
        return
    said = voice(language)
    opened = (one for one in entries() if one.open_to(role) and _says(word, one.word))
    found = [Place(said.t(one.word), one.path) for one in opened]
    for kind in KINDS.values():
        if kind.listing is not None:
            found += _categories(kind, word, typed, language)
    yield from found[:_PLACES_MAX]


def _says(word: str, key: str) -> bool:
    said = words(key)
    return any(word in normalise(said.of(language)) for language in LANGUAGES)


def _categories(kind: Kind, word: str, typed: str, language: str) -> Iterator[Place]:
    """The lists of a kind by a value of a facet that the word names."""
    said, home = voice(language), home_of(kind.name)
    for facet in kind.facets:
        field, town = kind.field(facet.field), find_town(typed)
        if field.type is Type.PLACE:
            codes = [town.key] if town else []
        else:
            codes = [
                code for code in codes_of(field) if field.type is Type.CHOICE
                and any(word in normalise(field.choice(code).of(one)) for one in LANGUAGES)
            ]  # fmt: skip
        for code in codes:
            label = f"{said.t(kind.list_word)} · {value_word(kind, field.name, code, said)}"
            address = Address(home.stands(kind), {"tab": "all", field.name: code})
            yield Place(label, address.to())
