"""What words may mean beside records: acts that somebody may begin, sections and lists, categories,
and places of the gazetteer, in any of the three languages, folded and by the beginnings of words.

Nothing here is asked of records: whoever has the same role gets the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tansiq.domain.fields import Type
from tansiq.domain.inflection import indexed
from tansiq.domain.kinds import KINDS, Kind, kind_named
from tansiq.domain.kinds.facets import codes_of
from tansiq.domain.parties import Role
from tansiq.domain.places import Town, find_town, gazetteer
from tansiq.domain.search import normalise
from tansiq.domain.wording import LANGUAGES, words
from tansiq.policy.mandate import Act, may_do, may_write
from tansiq.web.shell.asking import Address
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.columns import value_word
from tansiq.web.shell.sections import entries, home_of, openers, sections

_WORD_MIN: Final = 3  # letters of what names something
_EACH_MAX: Final = 12
_TOWNS_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A page that words name: an act, a section, the list of a category, a town on the map."""

    label: str
    address: str


def acts(role: Role, typed: str, said: Voice) -> list[Place]:
    """What this role may begin that the words name, by what it is called or what it makes."""
    if len(normalise(typed)) < _WORD_MIN:
        return []
    found: dict[str, Place] = {}
    for key in openers(role):
        kinds = (f"kind.{key.writes}",) if key.writes else ()
        if _names(typed, key.word, *kinds):
            found.setdefault(key.opens, Place(said.t(key.word), key.opens))
    for home in (home for section in sections() for home in section.homes if home.new):
        kind = kind_named(home.kind)
        if kind.begins_beside or not may_write(role, kind):
            continue
        if _names(typed, home.new_word, f"kind.{kind.name}"):
            found.setdefault(home.new, Place(said.t(home.new_word), home.new))
    return list(found.values())[:_EACH_MAX]


def places(role: Role, typed: str, said: Voice) -> list[Place]:
    """The sections, lists, categories and towns that the words name."""
    if len(normalise(typed)) < _WORD_MIN:
        return []
    found = [
        Place(said.t(e.word), e.path)
        for e in entries()
        if e.open_to(role) and _names(typed, e.word)
    ]
    if may_do(role, Act.READ):
        found += _towns(typed, said)
        for kind in KINDS.values():
            if kind.listing is not None:
                found += _lists(kind, typed, said)
    return list({one.address: one for one in reversed(found)}.values())[::-1][:_EACH_MAX]


def _lists(kind: Kind, typed: str, said: Voice) -> Iterator[Place]:
    """The list of a kind, and those of it by a value of a facet."""
    home, word = home_of(kind.name), kind.list_word
    if _names(typed, word):
        yield Place(said.t(word), home.stands(kind))
    for facet in kind.facets:
        field = kind.field(facet.field)
        if field.type is Type.PLACE:
            town = find_town(typed)
            codes = [town.key] if town else []
        else:
            codes = [
                code for code in codes_of(field) if field.type is Type.CHOICE
                and any(_begins(typed, field.choice(code).of(one)) for one in LANGUAGES)
            ]  # fmt: skip
        for code in codes:
            label = f"{said.t(word)} · {value_word(kind, field.name, code, said)}"
            address = Address(home.stands(kind), {"tab": "all", field.name: code})
            yield Place(label, address.to())


def _towns(typed: str, said: Voice) -> list[Place]:
    """The towns that are spelled so, or begin so, on the map."""
    exact = find_town(typed)
    found: list[Town] = [exact] if exact else []
    found += [
        town for town in gazetteer().values()
        if town is not exact and any(_begins(typed, one) for one in town.spellings)
    ]  # fmt: skip
    return [
        Place(
            f"{said.t('section.map')} · {town.names.of(said.language)}",
            Address("/map", {"tab": "all", "place": town.key}).to(),
        )
        for town in found[:_TOWNS_MAX]
    ]


def _names(typed: str, *keys: str) -> bool:
    """Whether the words name what these keys of words say together, in one of the languages."""
    return any(
        _begins(typed, " ".join(words(key).of(language) for key in keys)) for language in LANGUAGES
    )


def _begins(typed: str, name: str) -> bool:
    """Whether each word that was typed begins a word of the name, as the index has them."""
    held = indexed(name).split()
    return all(any(one.startswith(word) for one in held) for word in normalise(typed).split())
