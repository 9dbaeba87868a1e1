"""Where the list of a kind stands: a section says so, and every page that names a kind asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.records.read import View as Released
from tansiq.desk.records.say import Draft
from tansiq.domain.kinds import Kind
from tansiq.domain.kinds.listing import View
from tansiq.domain.parties import Actor
from tansiq.domain.records import Body
from tansiq.web.shell.seat import Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What a room shows on the page of a record of its kind: a template of the room, and what makes
    its values for a seat. Records of the kinds that it ``shows`` stand there and not among answers,
    and so do these ``fields`` of the record. One that ``tells_case`` stands in the place of what
    every case has, of a circle too. ``paper`` is a template of the room for the printed record.
    """

    template: str
    make: Callable[[Seat, Released], dict[str, Any]]
    shows: frozenset[str] = frozenset()
    tells_case: bool = False
    paper: str = ""
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """What a room shows of a record before it is saved: a template of the room, and what makes its
    values of the body, and of the record of which it is a new edition. Their ``mark`` stands for
    all that is shown; the record is saved with it, in its ``field``, once the form brings it back.
    """

    template: str
    field: str
    make: Callable[[Seat, Body, Released | None], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where the list of a kind stands: its address and name, the section of the navigation that is
    current there, the view that opens, and the page on which one writes a new record. Without a
    kind, the address names it. ``rows`` is a template of the room for the rows of its list;
    ``brings`` is the page on which a file of them is brought, for who may import;
    ``panel`` is what the page of one record shows besides, ``first`` what is shown before one is
    saved; ``figures`` is a page of what its
    records say together, ``paper`` one on which what stands on paper is typed back. ``title``,
    ``revise`` is how a new edition of one is written, by its id and the digest that it was begun
    on, where its room does more with it than to write it;
    ``none`` and ``none_text`` are keys of the words above it and for an empty one, ``notes`` of
    what always stands above it and on the form of a new record.
    """

    name: str
    kind: str = ""
    section: str = ""
    view: View = View.LIST
    new: str = ""
    new_word: str = "record.new"
    rows: str = ""
    figures: str = ""
    brings: str = ""
    paper: str = ""
    panel: Panel | None = None
    first: First | None = None
    title: str = ""
    none: str = "list.none"
    none_text: str = ""
    notes: tuple[str, ...] = ()
    revise: Callable[[Desk, Actor, str, str, Draft], None] | None = None

    @property
    def path(self) -> str:
        """The path of its page, without the first slash."""
        return self.name if self.kind else f"{self.name}/<str:kind>"

    @property
    def word(self) -> str:
        """The key of the words by which the access log calls it."""
        return f"section.{self.section}" if self.section else "place.list"

    def writes(self, kind: Kind) -> str:
        """The path at which one writes a new record of this kind; "" where there is none."""
        return self.new if self.kind else f"{self.stands(kind)}/new"

    def stands(self, kind: Kind) -> str:
        """The path at which the list of this kind stands."""
        return f"/{self.name}" if self.kind else f"/{self.name}/{kind.name}"


ANY: Final = Home(name="list")
