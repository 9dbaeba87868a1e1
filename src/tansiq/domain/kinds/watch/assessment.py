"""The assessment: what its author judges, how sure, on what it rests, and until which day it is
good.

It is a case in a circle: partners to whom it was released are asked and agree or dissent, each on
its own node and in its own words. Nobody's dissent changes the judgement; it stands beside it. What
an assessment rests on are records, by their ids, and lists, by what was asked of them and as of
when: no number is kept, so that each reader reads in a list what that reader may see.
"""

from collections.abc import Sequence
from typing import Any, Final

from tansiq.domain.cases.declaration import (
    OWNER,
    SEAT,
    Declaration,
    Fact,
    Form,
    Rounds,
    Shape,
    Value,
)
from tansiq.domain.fields import Field, Type, rows_in
from tansiq.domain.kinds.beside import words_beside
from tansiq.domain.kinds.facets import Facet, day_moment
from tansiq.domain.kinds.kind import Kind, Put
from tansiq.domain.kinds.listing import ALL, Listing, Phase, Tab, View
from tansiq.domain.parties import WATCH, Relation
from tansiq.domain.records import Body

CONFIDENCES: Final = ("low", "moderate", "high")  # the worst first, as of every choice
ASK, AGREE, DISSENT, NOTE = "ask_views", "agree_assessment", "dissent_assessment", "note_views"
RESTS_ON, LISTS = "rests_on", "rests_on_lists"
_WORDS: Final = "assessment_note"
_LISTS_MAX: Final = 8
_HALF_DAY_MS: Final = 12 * 3_600_000  # from the noon at which a calendar places a day
_DISSENTS: Final = frozenset({"judgement", "confidence", "basis", "good_until"})
_ANSWERS: Final = frozenset({Relation.ADDRESSEE})


def _answer(name: str, *values: Value) -> Fact:
    return Fact(
        name=name, by=SEAT, roles=WATCH, relations=_ANSWERS, beside=_WORDS, values=values
    )  # fmt: skip


CASE: Final = Declaration(
    version=1,
    shape=Shape.CIRCLE,
    stages=("assessed", "views_asked", "views_noted"),
    acts=(
        Fact(
            name=ASK, by=OWNER, roles=WATCH, beside=_WORDS,
            values=(Value(name="seats", form=Form.SEATS),),
        ),
        _answer(AGREE),
        _answer(DISSENT, Value(name="dissents_from", choices=_DISSENTS)),
        Fact(name=NOTE, by=OWNER, roles=WATCH, beside=_WORDS),
    ),
    rounds=Rounds(opens=ASK, answers=frozenset({AGREE, DISSENT}), concludes=NOTE),
    asked=Relation.ADDRESSEE,
)  # fmt: skip


def records_of(body: Body) -> list[str]:
    """The ids of the records on which it rests, the one from which it was begun first, each
    once.
    """
    about, named = body.get("about"), body.get(RESTS_ON)
    rest = map(str, named) if isinstance(named, list) else ()
    return list(dict.fromkeys([*([str(about)] if about else []), *rest]))


def lists_of(body: Body) -> list[dict[str, Any]]:
    """The lists on which it rests: each a kind, what was asked of it, and as of when."""
    return rows_in(body, LISTS)


def is_good(body: Body, day: str) -> bool:
    """Whether it is still good on a day (YYYY-MM-DD): on its last day it is."""
    return str(body.get("good_until", "")) >= day


def puts(body: Body) -> Sequence[Put]:
    """Once its last day is over its author is asked for a new one."""
    last = body.get("good_until")
    return [Put(about="", seat="", due=day_moment(str(last)) + _HALF_DAY_MS)] if last else []


ASSESSMENT: Final = Kind(
    name="assessment",
    version=1,
    letter="AS",
    fields=(
        Field(name="about", type=Type.RECORD, hidden=True),
        Field(name="text", type=Type.TEXT, required=True, searchable=True),
        Field(name="confidence", type=Type.CHOICE, required=True, choices=CONFIDENCES),
        Field(name="because", type=Type.TEXT, searchable=True),
        Field(name="good_until", type=Type.DATE, required=True),
        Field(name="unknowns", type=Type.UNKNOWNS, searchable=True),
        Field(name="grade", type=Type.GRADE, rare=True),
        Field(name=RESTS_ON, type=Type.RECORDS, hidden=True),
        Field(name=LISTS, type=Type.ROWS, hidden=True, most=_LISTS_MAX, columns=(
            Field(name="list", type=Type.LINE),
            Field(name="asks", type=Type.LINE),
            Field(name="known_at", type=Type.MOMENT),
        )),
        Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        Field(name="attachments", type=Type.ATTACHMENTS, hidden=True),
    ),
    about="about",
    inbox=False,  # it waits for whom a round names
    due="good_until",
    facets=(Facet(field="confidence"),),
    puts=puts,
    case=CASE,
    tones=(("views_asked", "warn"), ("views_noted", "ok")),
    listing=Listing(
        columns=("reference", ("text", "confidence"), "good_until", "owner", "moment", "state"),
        tabs=(ALL, Tab(name="no_longer_good", phase=Phase.LAPSED)),
        views=(View.LIST, View.BOARD, View.CALENDAR, View.TIMELINE, View.CHART),
        boards=("state", "confidence"),
    ),
)  # fmt: skip
ASSESSMENT_NOTE: Final = words_beside(_WORDS, "AN")
