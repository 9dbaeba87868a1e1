"""A table as CSV: for a spreadsheet of an office, and with HXL hashtags for other programs.

UTF-8 with a byte order mark (or Excel reads Arabic as noise), headings in the reader's language,
then the HXL row, then the rows. A cell that a spreadsheet would take for a formula begins with an
apostrophe; only what this program itself writes as a number goes out as it is. Whoever lists with
semicolons, as spreadsheets in Arabic do, gets the cells of a line cut elsewhere: what would then
begin a cell has its apostrophe too.
"""

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

from tansiq.domain.search import without_overrides
from tansiq.domain.tables import Cell, Column, Holds, Table
from tansiq.web.shell.cells import Voice

MARK: Final = "\ufeff"
# Also the full-width forms, which a spreadsheet in an East Asian setting reads alike.
_SIGNS: Final = r"[=+@\-\uff1d\uff0b\uff20\uff0d]"
_FORMULA: Final = re.compile(rf"[\t\r]|\s*{_SIGNS}")
_INSIDE: Final = re.compile(rf"([;\t\r\n][\s\"]*)(?={_SIGNS})")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_OWN: Final = frozenset(
    {Holds.NUMBER, Holds.PLACE, Holds.AMOUNT, Holds.MONEY}
)  # of which a column may hold "-1" as it is
CLASS: Final = Column(
    key="classification", heading="label.class", holds=Holds.CHOICE, words="class",
    tag="#meta+classification",
)  # fmt: skip


def sheet(table: Table, voice: Voice) -> str:
    """The table as CSV, byte order mark and all. Where the list goes on past its rows, or rows stay
    here, a last row says so in words.
    """
    classed = table.highest is not None
    columns = (*table.columns, CLASS) if classed else table.columns
    heads = [head for column in columns for head in voice.headings(column)]
    out = io.StringIO()
    write = csv.writer(out).writerow
    write([_safe(heading) for heading, _ in heads])
    write([tag for _, tag in heads])
    for row in table.rows:
        cells = (*row.cells, Cell(value=row.classification)) if classed else row.cells
        write(_written(columns, cells, voice))
    for said in notes(table, voice):
        write([_safe(without_overrides(said))] + [""] * (len(heads) - 1))
    return MARK + out.getvalue()


def notes(table: Table, voice: Voice) -> Iterable[str]:
    """What a reader must know of rows that are not here."""
    if table.cut:
        yield voice.t("table.cut", count=len(table.rows))
    if table.kept:
        yield voice.t("table.kept", count=table.kept)


def _written(columns: tuple[Column, ...], cells: Iterable[Cell], voice: Voice) -> list[str]:
    texts: list[str] = []
    for column, cell in zip(columns, cells, strict=True):
        own = column.holds in _OWN
        texts += [
            text if own and _NUMBER.fullmatch(text) else _safe(text)
            for text in voice.written(column, cell)
        ]
    return texts


def _safe(text: str) -> str:
    """The text, which no spreadsheet takes for a formula, whatever parts its cells."""
    inside = _INSIDE.sub(r"\1'", text)
    return f"'{inside}" if _FORMULA.match(text) else inside
