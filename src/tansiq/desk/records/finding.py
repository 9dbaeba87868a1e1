"""Finding what a person means by what they typed into the one search box: a record by its
reference, its id or its address, and records of every kind by their words.

The page of the search asks here. Everything is released for its viewer: what is withheld is found
as little as what is not there.
"""

from dataclasses import dataclass
from typing import Final

from tansiq.board import codes
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import read
from tansiq.desk.records.read import Page, Query, View
from tansiq.domain.inflection import sought
from tansiq.domain.kinds import KINDS, Kind, kind_named
from tansiq.domain.parties import Viewer
from tansiq.domain.records import Spoken, named_in, reference_in

SHOWN_MAX: Final = 20  # records of one reference
TYPED_MAX: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The records of one kind that hold the words: the newest of them, and how many there are."""

    kind: Kind
    page: Page


@reading_as
def by_reference(desk: Desk, viewer: Viewer, meant: Spoken) -> list[View]:
    """The records of any kind that are read aloud so. Those of the kind whose letter was said; of
    every kind where no letter was said, or none of that kind is there.
    """
    now = desk.clock.now()
    found = read.seen(desk, viewer, codes.records(desk.board, viewer, meant.ids, now))
    said = [one for one in found if kind_named(one.value.kind).letter == meant.letter]
    return (said or found)[:SHOWN_MAX]


@reading_as
def by_name(desk: Desk, viewer: Viewer, typed: str) -> list[View]:
    """The record whose id or address was pasted, of each party that has one of that id."""
    pasted = named_in(typed)
    return read.named(desk, viewer, [pasted]) if pasted else []


@reading_as
def one_named(desk: Desk, viewer: Viewer, typed: str) -> list[View]:
    """The records that a person named by an address or a reference: one, where it is there for
    them and no other is read aloud so. Raises InputError for what is neither.
    """
    given = typed.strip()[:TYPED_MAX]
    if named_in(given):
        return by_name(desk, viewer, given)
    return by_reference(desk, viewer, reference_in(given))


@reading_as
def by_words(desk: Desk, viewer: Viewer, words: str, each: int) -> list[Found]:
    """The newest ``each`` of every kind that has a list, kinds without any left out. Nothing where
    nothing was typed that an index holds.
    """
    if not sought(words):
        return []
    listed = [kind for kind in KINDS.values() if kind.listing is not None]
    asked = (Query(kinds=(kind.name,), words=words, limit=each) for kind in listed)
    pages = (read.page(desk, viewer, query) for query in asked)
    return [
        Found(kind=kind, page=page) for kind, page in zip(listed, pages, strict=True) if page.rows
    ]
