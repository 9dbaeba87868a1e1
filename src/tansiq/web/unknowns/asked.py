"""What is not known, as a list: facets of owner, kind and age, as of any moment, as a table."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from tansiq.desk.records import read, unknowns
from tansiq.desk.records.unknowns import AGE, KIND, OWNER, Age, Key, Open, Question
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.kinds import KINDS, kind_named
from tansiq.domain.parties import PartyCode
from tansiq.domain.tables import EMPTY, Cell, Column, Holds, Row, Table
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.shell.asking import Address, as_of_in
from tansiq.web.shell.columns import record_path
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current
from tansiq.web.shell.sources import Chosen, Facet, Source, Value
from tansiq.web.shell.ways import row_of

AS_OF: Final = "as_of"
FIRST: Final = "first"
OLDEST: Final = "oldest"
_ASKING: Final = tuple(kind.name for kind in KINDS.values() if kind.asks)
_CURSOR: Final = re.compile(r"(\d{1,15})~([A-Z]{2,8}/[0-9a-f-]{36})~([0-9a-f]{8})")
_HOUR_MS: Final = 3_600_000
_HOURS_MAX: Final = 48  # from then on an age is said in days
COLUMNS: Final = (
    Column(key="text", heading="field.unknowns", holds=Holds.TEXT, tag="#description"),
    Column(key="reference", heading="page.reference", holds=Holds.REFERENCE, tag="#meta+id"),
    Column(key="kind", heading="unknowns.record", holds=Holds.CHOICE, words="kind",
           tag="#event+type", under="reference"),
    Column(key="owner", heading="page.owner", holds=Holds.PARTY, tag="#org"),
    Column(key="place", heading="field.place", holds=Holds.PLACE, tag="#loc"),
    Column(key="category", heading="field.category", holds=Holds.CHOICE, words="choice.category",
           tag="#event+category", under="place"),
    Column(key="since", heading="unknowns.since", holds=Holds.MOMENT, tag="#date+start"),
    Column(key="age", heading="unknowns.age", holds=Holds.AMOUNT, tag="#indicator+age"),
)  # fmt: skip
_FILTERS: Final = {
    OWNER: Column(key=OWNER, heading="page.owner", holds=Holds.PARTY),
    KIND: Column(key=KIND, heading="unknowns.record", holds=Holds.CHOICE, words="kind"),
    AGE: Column(key=AGE, heading="unknowns.age", holds=Holds.CHOICE, words="age"),
    AS_OF: Column(key=AS_OF, heading="list.as_of", holds=Holds.CODE),
}


def question_of(address: Address, limit: int = 50) -> Question:
    """What an address asks; what is none asks nothing. Raises InputError for a moment that cannot
    be read or has not come.
    """
    site = current()
    owner, kind, age = (address.get(name) for name in (OWNER, KIND, AGE))
    return Question(
        owners=(owner,) if owner in _owners() else (), kinds=(kind,) if kind in _ASKING else (),
        age=Age(age) if age in set(Age) else None, oldest=address.get(FIRST) == OLDEST,
        after=_after(address.get("after")), limit=limit,
        as_of=as_of_in(address, site.zone, site.desk.clock.now()),
    )  # fmt: skip


def _owners() -> list[PartyCode]:
    desk = current().desk
    return [desk.me, *read.partner_codes(desk)]


def _after(text: str) -> Key | None:
    """The row after which the list goes on; anything malformed starts at the top."""
    match = _CURSOR.fullmatch(text)
    return (int(match[1]), match[2], match[3]) if match else None


def cursor_text(key: Key) -> str:
    """A row's key as an address says it."""
    since, record, item = key
    return f"{since}~{record}~{item}"


def _counts(seat: Seat, address: Address, name: str) -> Sequence[Value]:
    asked = question_of(address)
    found = unknowns.counts(current().desk, seat.viewer, asked, name)
    codes = {OWNER: _owners(), KIND: _ASKING, AGE: tuple(age.value for age in Age)}[name]
    many = not found and any(unknowns.page(current().desk, seat.viewer, asked.without(name)).rows)
    return [
        Value(code=code, total=None if many else found.get(code, 0))
        for code in codes
        if many or code in found or code == address.get(name)
    ]


def table_of(
    seat: Seat, address: Address, asked: Question, found: unknowns.Page, choices: Chosen
) -> Released[Table]:
    """These rows of the list that ``address`` asks for as a table; the counts beside its
    ``choices`` add up to its total.
    """
    desk = current().desk
    known = asked.as_of or desk.clock.now()
    names = [name for name in (*_FILTERS, FIRST) if address.get(name)]
    filters = (name for name in names if name in _FILTERS and _meant(name, asked))
    total, more = _total(choices, found)
    made = Table(
        name="unknowns", title="section.unknowns", definition="unknowns.definition",
        columns=COLUMNS, rows=tuple(_row(one, known) for one in found.rows),
        total=total, more=more, as_of=known, declared_by=desk.me,
        address="/unknowns", query=urlencode({name: address.get(name) for name in names}),
        asked=tuple((_FILTERS[name], Cell(value=address.get(name))) for name in filters),
    )  # fmt: skip
    return gather(seat.viewer, (one.view for one in found.rows), made)


def _total(choices: Chosen, found: unknowns.Page) -> tuple[int, bool]:
    """How many the list has, or so many and more: each of them has one owner."""
    owners = [one for facet in choices.facets if facet.name == OWNER for one in facet.links]
    figures = [one.figure for one in owners if one.figure is not None]
    if found.rows and not figures:
        return BOUNDS.counted_max, True
    asked = any(one.current for one in owners)
    counted = [one.figure for one in owners if one.figure and (one.current or not asked)]
    return sum(figure.count for figure in counted), False


def _meant(name: str, asked: Question) -> bool:
    """Whether a filter of an address narrows the list."""
    chosen = {OWNER: asked.owners, KIND: asked.kinds, AGE: asked.age, AS_OF: asked.as_of}
    return bool(chosen[name])


def _row(one: Open, known: int) -> Row:
    view = one.view.value
    hours = max((known - one.since) // _HOUR_MS, 0)
    unit, number = ("day", hours // 24) if hours >= _HOURS_MAX else ("hour", hours)
    path = record_path(view)
    values: dict[str, Cell] = {
        "text": Cell(value=one.text, address=f"{path}#unknowns"),
        "reference": Cell(value=kind_named(view.kind).reference(view.record), address=path),
        "kind": Cell(value=view.kind),
        "owner": Cell(value=view.owner),
        "since": Cell(value=one.since),
        "age": Cell(value={"unit": unit, "value": number}),
    }
    told = ("place", "category")
    values |= {name: Cell(value=view.body[name]) for name in told if view.body.get(name)}
    cells = [values.get(column.key, EMPTY) for column in COLUMNS]
    return row_of(one.view, cells, key=f"{view.record}-{one.item}")


SOURCE: Final = Source(
    name="unknowns", tabs=lambda _: ("all",), counts=_counts, further=(FIRST, AS_OF),
    facets=(
        Facet(
            name=OWNER, heading="page.owner",
            said=lambda voice, code: voice.party(PartyCode(code)),
        ),
        Facet(name=KIND, heading="unknowns.record",
              said=lambda voice, code: voice.t(f"kind.{code}")),
        Facet(name=AGE, heading="unknowns.age", said=lambda voice, code: voice.t(f"age.{code}")),
    ),
)  # fmt: skip
