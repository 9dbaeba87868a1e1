"""From the declaration of a list to its table: columns by the types of fields, rows from released
records.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from tansiq.desk.cases import reading
from tansiq.desk.records.listing import ASKED, listing_of, state_of
from tansiq.desk.records.read import Page
from tansiq.desk.records.read import View as Record
from tansiq.domain.fields import Type
from tansiq.domain.kinds import Kind
from tansiq.domain.kinds.listing import MOMENT, OWNER, REFERENCE, STATE, Listing, View
from tansiq.domain.parties import Viewer
from tansiq.domain.places import gazetteer
from tansiq.domain.records import RecordView
from tansiq.domain.tables import Cell, Column, Holds, Row, Table
from tansiq.domain.wording import catalogue
from tansiq.policy.release import gather
from tansiq.policy.seal import Released
from tansiq.web.shell.alike import choice_of
from tansiq.web.shell.asking import Address, sortings_of
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.site import current
from tansiq.web.shell.ways import row_of

_TEXT_CHARS: Final = 160  # of a text in a list; a file has all of it
_HOLDS: Final = {
    Type.TEXT: Holds.TEXT, Type.LINE: Holds.TEXT, Type.CHOICE: Holds.CHOICE,
    Type.COUNT: Holds.NUMBER, Type.FLAG: Holds.FLAG, Type.MOMENT: Holds.MOMENT,
    Type.PLACE: Holds.PLACE, Type.GRADE: Holds.CODE, Type.PARTY: Holds.PARTY,
    Type.DATE: Holds.DATE, Type.SPAN: Holds.SPAN, Type.AMOUNT: Holds.AMOUNT,
    Type.MONEY: Holds.MONEY, Type.AREA: Holds.AREA,
}  # fmt: skip
_TAGS: Final = {
    Type.PLACE: "#loc", Type.AREA: "#loc", Type.MOMENT: "#date", Type.DATE: "#date",
    Type.PARTY: "#org", Type.TEXT: "#description", Type.COUNT: "#indicator",
}  # fmt: skip
# What every record has beside the fields of its kind.
_OWN: Final = {
    REFERENCE: Column(
        key=REFERENCE, heading="page.reference", holds=Holds.REFERENCE, tag="#meta+id"
    ),
    STATE: Column(
        key=STATE, heading="field.state", holds=Holds.CHOICE, words="state", mark="tag",
        tag="#status",
    ),
    OWNER: Column(key=OWNER, heading="page.owner", holds=Holds.PARTY, tag="#org"),
    MOMENT: Column(key=MOMENT, heading="list.moment", holds=Holds.MOMENT, tag="#date"),
}  # fmt: skip
# Said of a record only where a newer edition of it cannot be shown here.
_NEWER: Final = Column(
    key="newer", heading="record.not_newest", holds=Holds.CHOICE, words="record", mark="tag"
)
# Whose act comes next in a case that goes on.
_TURN: Final = Column(key="turn", heading="list.turn", holds=Holds.SEATS, named=True)
# Said of an own case only where it asks several parties: how many of them are done.
_DONE: Final = Column(key="done", heading="list.seats_done", holds=Holds.CODE, named=True)
# Since when a record waits that stands in a state in which its kind says that time matters: a page
# counts the minutes, a file has the moment.
_RUNNING: Final = Column(
    key="running", heading="list.running", holds=Holds.MOMENT, mark="since", named=True
)
_SEVERITIES: Final = {"flash", "urgent", "routine"}
# Filters that are no facets, by the name in an address, with the word for each.
FILTERS: Final = {
    "q": "page.search", "tab": "list.tab", "state": "field.state", "owner": "page.owner",
    "since": "list.since", "until": "list.until", "as_of": "list.as_of", "asked": "list.asked",
    "came": "list.came",
}  # fmt: skip

_WORDED: Final = {"tab", "state"}


# Of cases by key: how many of how many are done, and the seats whose act comes next.
Stood: TypeAlias = tuple[Mapping[str, tuple[int, int]], Mapping[str, tuple[str, ...]]]


def columns_of(kind: Kind, listing: Listing) -> tuple[Column, ...]:
    """The columns of a kind's list."""
    found = []
    for named in listing.columns:
        first, *under = (named,) if isinstance(named, str) else named
        found.append(_column(kind, first))
        found += [_column(kind, name, under=first) for name in under]
    return tuple(found)


def _narrow(kind: Kind, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The reference and the title, with the first facet, the moment and the place under it."""
    first = kind.facets[0].field if kind.facets else ""
    when = kind.due if kind.over else kind.moment or MOMENT
    under = [name for name in (first, when, kind.place) if name and name != kind.title]
    found = [one for one in columns if one.key == REFERENCE]
    found += [replace(_column(kind, kind.title), under="")]
    beneath = (_column(kind, name) for name in dict.fromkeys(under))
    # "Yes" alone says nothing.
    return (
        *found,
        *(replace(one, under=kind.title, named=one.holds is Holds.FLAG) for one in beneath),
    )


def value_word(kind: Kind, name: str, code: str, voice: Voice) -> str:
    """The words of a state or of a value of a facet."""
    if name == STATE:
        return voice.t(f"state.{code}")
    if name == ASKED:
        return f"{voice.party(code)} {code}"
    field = kind.field(name)
    if field.type is Type.FLAG:
        return voice.t("table.yes")
    if field.type is Type.PARTY:
        return voice.party(code)
    if field.type is Type.PLACE:
        return gazetteer()[code].names.of(voice.language)
    return field.choice(code).of(voice.language) if field.type is Type.CHOICE else code


def _column(kind: Kind, name: str, under: str = "") -> Column:
    if name in _OWN:
        return _OWN[name]
    field = kind.field(name)
    choice = field.type is Type.CHOICE
    return Column(
        key=name, heading=field.word, holds=_HOLDS[field.type], under=under,
        words=field.choice_words if choice else "", tag=_TAGS.get(field.type, ""),
        mark="sev" if choice and set(field.choices) <= _SEVERITIES else "",
    )  # fmt: skip


def record_path(record: RecordView) -> str:
    """The address of a record's page."""
    return f"/record/{record.owner}/{record.record}"


def table_of(
    viewer: Viewer, address: Address, kind: Kind, page: Page, *, as_of: int, whole: bool = False,
    narrow: bool = False, without: str = "",
) -> Released[Table]:  # fmt: skip
    """A list as of a moment (0 = now) as a table; ``whole`` keeps its texts at full length, for a
    file; ``narrow`` has room for few columns, and the one that is grouped by is left out by
    ``without``.
    """
    desk, listed = current().desk, listing_of(kind)
    columns = columns_of(kind, listed)
    if narrow:
        columns = _narrow(kind, columns)
    if without:
        columns = tuple(one for one in columns if without not in (one.key, one.under))
    if listed.running and not (whole or as_of):
        keys = [one.key for one in columns]
        columns = (*columns, replace(_RUNNING, under=STATE if STATE in keys else keys[0]))
    if any(view.value.newer for view in page.rows):
        keys = [one.key for one in columns]
        columns = (*columns, replace(_NEWER, under=STATE if STATE in keys else keys[0]))
    done = {} if as_of or not kind.in_lanes else reading.answered(desk, page.rows)
    if done and STATE in [one.key for one in columns]:
        columns = (*columns, replace(_DONE, under=STATE))
    turns = {} if as_of or not kind.in_lanes else reading.turns_of(desk, page.rows)
    if turns:
        under = STATE if STATE in [one.key for one in columns] else columns[0].key
        columns = (*columns, replace(_TURN, under=under))
    dated, lead = _calendar(kind, columns)
    now = as_of or desk.clock.now()
    made = Table(
        name=kind.name.replace("_", "-"), title=kind.list_word, definition="list.definition",
        columns=columns,
        rows=tuple(
            _row(kind, columns, view, (done, turns), None if whole else address, now=now)
            for view in page.rows
        ),
        total=page.total, more=page.more, as_of=now, declared_by=desk.me,
        address=address.path, query=address.to().partition("?")[2], ways=kind.ways,
        asked=tuple(_asked(kind, address)), dated=dated, lead=lead,
        until=kind.ends if dated and kind.ends in [one.key for one in columns] else "",
        again=kind.again if dated else None,
        sortings=() if whole else sortings_of(kind, address),
    )  # fmt: skip
    return gather(viewer, page.rows, made)


def _calendar(kind: Kind, columns: Sequence[Column]) -> tuple[str, str]:
    """The columns by which a calendar places the rows and names them, where the kind's list can be
    looked at as one.
    """
    dated, keys = kind.due or kind.moment, {one.key for one in columns}
    if View.CALENDAR in listing_of(kind).views and {dated, kind.title} <= keys:
        return dated, kind.title
    return "", ""


def _asked(kind: Kind, address: Address) -> Iterator[tuple[Column, Cell]]:
    """The filters that a printed list names."""
    for name, text in address.given.items():
        if name in FILTERS:
            yield _filter(name, text), Cell(value=text)
        elif kind.facet_at(name) and kind.field(name).type is not Type.PLACE:
            yield _column(kind, name), Cell(value=text)


def _filter(name: str, text: str) -> Column:
    """A filter that is no facet; a word of ours in it is said in the reader's language."""
    ours = name in _WORDED and f"{name}.{text}" in catalogue()
    holds = Holds.CHOICE if ours else Holds.CODE
    return Column(key=name, heading=FILTERS[name], holds=holds, words=name if ours else "")


def _row(
    kind: Kind, columns: Sequence[Column], view: Record, stood: Stood, address: Address | None,
    *, now: int,
) -> Row:  # fmt: skip
    """A record as a row. On a page, at an ``address``, its owner and the values of facets lead to
    the list of what is alike; a file has none, and its texts at full length.
    """
    record, (done, turns) = view.value, stood
    state = state_of(record, now)
    cells = []
    for column in columns:
        if column.key == _DONE.key:
            counts = done.get(f"{record.owner}/{record.record}")
            value: object = "/".join(map(str, counts)) if counts else None
        elif column.key == STATE:
            value = state
        elif column.key == _TURN.key:
            value = turns.get(f"{record.owner}/{record.record}")
        else:
            value = _value(kind, record, column.key)
        if isinstance(value, str) and column.holds is Holds.TEXT and address:
            value = value if len(value) <= _TEXT_CHARS else f"{value[:_TEXT_CHARS]}…"
        if column.key in (REFERENCE, kind.title):
            opens = record_path(record)
        else:
            opens = _alike(kind, address, column.key, value) if address else ""
        cells.append(
            Cell(
                value=value, address=opens,
                tone={STATE: kind.tone(state), _NEWER.key: "bad"}.get(column.key, ""),
            )
        )  # fmt: skip
    return row_of(view, cells, key=record.record)


def _alike(kind: Kind, address: Address, name: str, value: object) -> str:
    """The list as it is asked, narrowed to this value; "" where it is already or cannot be."""
    code = choice_of(kind, name, value)
    return address.to(**{name: code}) if code and code != address.get(name) else ""


def _value(kind: Kind, record: RecordView, name: str) -> object:
    if name == REFERENCE:
        return kind.reference(record.record)
    if name == _RUNNING.key:
        return record.moment if record.state in listing_of(kind).running else None
    if name == _NEWER.key:
        return "not_newest" if record.newer else None
    if name in (OWNER, MOMENT):
        return {OWNER: record.owner, MOMENT: record.moment}[name]
    return record.body.get(name)
