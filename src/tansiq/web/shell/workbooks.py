"""A list as a workbook (XLSX): the same columns and HXL row as its CSV, under what the list says of
itself. Numbers, days and moments are such; all else is text, and no cell is a formula or a link.

A workbook has no zones: a moment stands on the centre's clock, and its heading names the zone.
"""

import datetime as dt
import io
from decimal import Decimal
from typing import Any, Final, TypeAlias

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tansiq.domain.search import without_overrides
from tansiq.domain.tables import Column, Holds
from tansiq.domain.wording import direction
from tansiq.web.shell.cells import Value, text_of
from tansiq.web.shell.leaving import Leaving

_OPTIONS: Final = {
    "in_memory": True,  # no copy of a list on a disk beside the stores
    "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
}  # fmt: skip
_NAME_CHARS: Final = 31  # of a sheet
_NOT_NAMED: Final = str.maketrans("[]:*?/\\'", "        ")
_CELL_CHARS: Final = 32_767
_DIGITS: Final = 15  # that a number of a workbook keeps
_FIRST_YEAR: Final = 1901  # before it, programs of offices do not agree which day a number is
_A4: Final = 9
_CONTEXT, _LEFT, _RIGHT = 0, 1, 2  # from where a cell is read
_WIDTHS: Final = {
    Holds.TEXT: 48, Holds.PLACE: 18, Holds.PARTY: 18, Holds.POSITIONS: 24, Holds.MOMENT: 17,
    Holds.SPAN: 17, Holds.DATE: 12, Holds.NUMBER: 10,
}  # fmt: skip
_WIDTH: Final = 14
Formats: TypeAlias = dict[str, Any]  # of xlsxwriter, which ships few types


def workbook(leaving: Leaving) -> bytes:
    """The list as one sheet of a workbook; its creation is as of when the list is."""
    out = io.BytesIO()
    book = Workbook(out, _OPTIONS)
    book.set_properties(
        {"title": without_overrides(leaving.title), "created": leaving.moment.replace(tzinfo=None)}
    )
    sheet = book.add_worksheet(_name(leaving.title))
    _Page(book, sheet, leaving).write()
    book.close()
    return out.getvalue()


def _name(title: str) -> str:
    """The name of the sheet: the title as far as a workbook lets it."""
    plain = without_overrides(title).translate(_NOT_NAMED).strip()
    return plain[:_NAME_CHARS] or "1"


class _Page:
    """The one sheet, from its first row to its last."""

    def __init__(self, book: Workbook, sheet: Worksheet, leaving: Leaving) -> None:
        self._book, self._sheet, self._leaving = book, sheet, leaving
        self._mirrored = direction(leaving.voice.language) == "rtl"
        self._formats: Formats = {}

    def write(self) -> None:
        """Write it all."""
        if self._mirrored:
            self._sheet.right_to_left()
        at = self._headings(self._about())
        self._sheet.freeze_panes(at, 0)
        self._rows(at)
        self._paper(at)

    def _format(self, name: str, **chosen: object) -> object:
        """The format of that name, made once."""
        if name not in self._formats:
            reads = _RIGHT if self._mirrored else _LEFT
            given = {"valign": "top", "reading_order": reads, **chosen}
            self._formats[name] = self._book.add_format(given)
        return self._formats[name]

    def _about(self) -> int:
        """What the list says of itself; gives the first row after it."""
        leaving = self._leaving
        words = self._format("words")
        self._text(0, 0, leaving.title, self._format("title", bold=True, font_size=14))
        said = [leaving.marking, leaving.definition]
        at = 1
        for text in filter(None, said):
            bold = self._format("bold", bold=True)
            self._text(at, 0, text, bold if text == leaving.marking else words)
            at += 1
        for number, (column, cell) in enumerate((*leaving.facts, leaving.taken)):
            first, *_ = leaving.voice.values(column, cell)
            heading = leaving.voice.t(column.heading)
            self._text(at, number, heading, self._format("small", font_size=9, italic=True))
            self._value(at + 1, number, first, column)
        at += 2
        for note in leaving.notes:
            self._text(at, 0, note, self._format("bold", bold=True))
            at += 1
        return at + 1

    def _headings(self, at: int) -> int:
        """The row of headings and that of hashtags; gives the first row of the list."""
        leaving, number = self._leaving, 0
        head = self._format("head", bold=True, text_wrap=True, bottom=1, bg_color="#E6E9ED")
        tags = self._format("tag", font_size=8, font_color="#5A6470", reading_order=_LEFT)
        for column in leaving.columns:
            width = _WIDTHS.get(column.holds, _WIDTH)
            for heading, tag in leaving.voice.headings(column):
                zoned = column.holds in (Holds.MOMENT, Holds.SPAN)
                text = f"{heading} ({leaving.voice.zone.key})" if zoned else heading
                self._text(at, number, text, head)
                self._text(at + 1, number, tag, tags)
                self._sheet.set_column(number, number, width)
                number, width = number + 1, _WIDTH
        return at + 2

    def _rows(self, at: int) -> None:
        leaving = self._leaving
        for line, cells in enumerate(leaving.rows(), start=at):
            pairs = zip(leaving.columns, cells, strict=True)
            values = ((one, column) for column, cell in pairs
                      for one in leaving.voice.values(column, cell))  # fmt: skip
            for number, (value, column) in enumerate(values):
                self._value(line, number, value, column)

    def _value(self, line: int, number: int, value: Value, column: Column) -> None:
        """One value as what it is."""
        sheet = self._sheet
        match value:
            case dt.date() if value.year >= _FIRST_YEAR:
                moment = isinstance(value, dt.datetime)
                plain = value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value
                shown = "yyyy-mm-dd hh:mm" if moment else "yyyy-mm-dd"
                sheet.write_datetime(line, number, plain, self._format(shown, num_format=shown))
            case int() | Decimal() if len(str(value).strip("-").replace(".", "")) <= _DIGITS:
                places = len(str(value).partition(".")[2])
                degrees = column.holds is Holds.PLACE
                shown = ("0" if degrees else "#,##0") + ("." + "0" * places if places else "")
                sheet.write_number(line, number, value, self._format(shown, num_format=shown))
            case str() if column.holds is Holds.TEXT:
                written = self._format("text", text_wrap=True, reading_order=_CONTEXT)
                self._text(line, number, value, written)
            case str():
                self._text(line, number, value, self._format("cell", reading_order=_CONTEXT))
            case _:  # older or longer than a workbook can hold as what it is
                self._text(line, number, text_of(value), self._format("left", reading_order=_LEFT))

    def _text(self, line: int, number: int, text: str, shown: object) -> None:
        """Text, which stays text whatever it begins with."""
        if text:
            plain = without_overrides(text)[:_CELL_CHARS]
            self._sheet.write_string(line, number, plain, shown)

    def _paper(self, at: int) -> None:
        """How it is printed: A4 on its side, headings and class on every page."""
        leaving, sheet = self._leaving, self._sheet
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(at - 2)
        marking = without_overrides(leaving.marking).replace("&", "&&")
        sheet.set_header(f"&C&B{marking}")
        sheet.set_footer(f"&L{leaving.reference}&R&P / &N")
