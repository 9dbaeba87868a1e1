"""The auditor's two lists as tables: who looked at what, and the time line of one record."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from tansiq.desk.proof.audit import AccessRow, Event
from tansiq.domain.parties import Viewer
from tansiq.domain.tables import Cell, Column, Holds, Row, Table
from tansiq.policy.release import traced
from tansiq.policy.seal import Released
from tansiq.web.shell.site import current

_WHEN: Final = Column(key="at", heading="audit.when", holds=Holds.MOMENT, tag="#date")
_ACT: Final = Column(
    key="act", heading="audit.act", holds=Holds.CHOICE, words="deed", tag="#activity"
)
_PARTY: Final = Column(key="party", heading="audit.party", holds=Holds.PARTY, tag="#org")
_WHO: Final = Column(
    key="position", heading="audit.who", holds=Holds.POSITIONS, tag="#contact+position"
)
_PERSON: Final = Column(
    key="person", heading="audit.person", holds=Holds.CODE, tag="#contact+id", under="position"
)
LOOKS: Final = (
    _WHEN, _ACT, _WHO, _PERSON,
    Column(key="place", heading="audit.what", holds=Holds.CODE, tag="#service"),
    Column(key="asked", heading="audit.asked", holds=Holds.TEXT, tag="#description"),
    Column(key="hits", heading="audit.found", holds=Holds.NUMBER, tag="#indicator+hits"),
    Column(key="records", heading="audit.records", holds=Holds.NUMBER, tag="#indicator+records"),
    Column(key="items", heading="audit.items", holds=Holds.CODE, tag="#meta+id"),
    Column(key="entry", heading="audit.entry", holds=Holds.NUMBER, tag="#meta+entry"),
)  # fmt: skip
EVENTS: Final = (
    _WHEN, _ACT, _PARTY, _WHO, _PERSON,
    Column(key="to", heading="audit.concerned", holds=Holds.PARTY, tag="#respondee"),
    Column(key="note", heading="audit.note", holds=Holds.CODE, tag="#description"),
)  # fmt: skip
RECORD: Final = Column(key="record", heading="audit.record", holds=Holds.CODE)
_ASKED: Final = (
    RECORD,
    Column(key="position", heading="audit.position", holds=Holds.CODE),
    _PERSON,
    _ACT,
    Column(key="outside", heading="audit.outside", holds=Holds.FLAG),
    Column(key="since", heading="audit.since", holds=Holds.CODE),
    Column(key="until", heading="audit.until", holds=Holds.CODE),
)


def looks(
    viewer: Viewer, kept: dict[str, str], rows: Sequence[AccessRow], total: int
) -> Released[Table]:
    """Entries of the access log; ``kept`` are the filters that were asked for."""
    shown = tuple(_look(viewer, row) for row in rows)
    return traced(viewer, _made("looks", LOOKS, shown, kept, total))


def events(
    viewer: Viewer, kept: dict[str, str], rows: Sequence[Event], total: int
) -> Released[Table]:
    """One record's time line."""
    shown = tuple(Row(cells=tuple(map(_cell, _event(row)))) for row in rows)
    return traced(viewer, _made("timeline", EVENTS, shown, kept, total))


def _made(
    name: str, columns: tuple[Column, ...], rows: tuple[Row, ...], kept: dict[str, str], total: int
) -> Table:
    desk = current().desk
    return Table(
        name=name, title=f"audit.{name}", definition=f"audit.{name}_definition", columns=columns,
        rows=rows, total=total, as_of=desk.clock.now(), declared_by=desk.me, address="/audit",
        query=urlencode(kept),
        asked=tuple(
            (column, Cell(value=kept[column.key])) for column in _ASKED if column.key in kept
        ),
    )  # fmt: skip


def _look(viewer: Viewer, look: AccessRow) -> Row:
    asked = " ".join(f"{name}={value}" for name, value in look.asked)
    values = (
        look.at, look.act, _at(viewer.party, look.position), look.person, look.place, asked,
        look.hits if look.hits >= 0 else None, len(look.items), " ".join(look.items), look.seq + 1,
    )  # fmt: skip
    return Row(cells=tuple(map(_cell, values)))


def _event(event: Event) -> tuple[object, ...]:
    who = _at(event.party, event.position)
    return event.at, event.act, event.party, who, event.person, event.to, event.note


def _at(party: str, position: str) -> tuple[str, ...]:
    return (f"{party}/{position}",) if position else ()


def _cell(value: object) -> Cell:
    return Cell(value=None if value in ("", ()) else value)
