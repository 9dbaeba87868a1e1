"""A list or a report as a workbook (XLSX): the same columns and HXL row as its CSV, under what it
says of itself. Numbers, days and moments are such; all else is text, and no cell is a formula or a
link.

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
from tansiq.web.shell.leaving import Leaving, LeavingReport

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
    Holds.TEXT: 48, Holds.AREA: 48, Holds.PLACE: 18, Holds.PARTY: 18, Holds.POSITIONS: 24,
    Holds.MOMENT: 17, Holds.SPAN: 17, Holds.DATE: 12, Holds.NUMBER: 10,
}  # fmt: skip
_WIDTH: Final = 14
Formats: TypeAlias = dict[str, Any]  # of xlsxwriter, which ships few types


def workbook(leaving: Leaving | LeavingReport) -> bytes:
    """The list as one sheet of a workbook, or a report as a sheet that says what it is and one for
    each table under the same number as on paper; its creation is as of when it is.
    """
    out = io.BytesIO()
    book = Workbook(out, _OPTIONS)
    book.set_properties(
        {"title": without_overrides(leaving.title), "created": leaving.moment.replace(tzinfo=None)}
    )
    formats = _Formats(book, mirrored=direction(leaving.voice.language) == "rtl")
    if isinstance(leaving, LeavingReport):
        _Cover(book.add_worksheet(_name(leaving.title)), leaving, formats).write()
    parts = leaving.parts if isinstance(leaving, LeavingReport) else (leaving,)
    for number, part in enumerate(parts, start=1):
        title = f"{number}. {part.title}" if len(parts) > 1 else part.title
        _Page(book.add_worksheet(_name(title)), part, formats).write()
    book.close()
    return out.getvalue()


def _name(title: str) -> str:
    """The name of the sheet: the title as far as a workbook lets it."""
    plain = without_overrides(title).translate(_NOT_NAMED).strip()
    return plain[:_NAME_CHARS] or "1"


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook, *, mirrored: bool) -> None:
        self._book, self._made = book, Formats()
        self.mirrored = mirrored

    def of(self, name: str, **chosen: object) -> object:
        """The format of that name."""
        if name not in self._made:
            reads = _RIGHT if self.mirrored else _LEFT
            given = {"valign": "top", "reading_order": reads, **chosen}
            self._made[name] = self._book.add_format(given)
        return self._made[name]


class _Sheet:
    """A sheet that begins with what a list or a report says of itself."""

    def __init__(self, sheet: Worksheet, formats: _Formats) -> None:
        self._sheet, self._formats = sheet, formats
        self._format = formats.of
        if formats.mirrored:
            sheet.right_to_left()

    def _about(self, told: Leaving | LeavingReport) -> int:
        """What the list or the report says of itself; gives the first row after it."""
        words = self._format("words")
        self._text(0, 0, told.title, self._format("title", bold=True, font_size=14))
        at = 1
        for text in filter(None, (told.marking, told.definition)):
            bold = self._format("bold", bold=True)
            self._text(at, 0, text, bold if text == told.marking else words)
            at += 1
        for number, (column, cell) in enumerate((*told.facts, told.taken)):
            first, *_ = told.voice.values(column, cell)
            heading = told.voice.t(column.heading)
            self._text(at, number, heading, self._format("small", font_size=9, italic=True))
            self._value(at + 1, number, first, column)
        return at + 2

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

    def _paper(self, told: Leaving | LeavingReport) -> None:
        """How it is printed: A4 on its side, the class on every page."""
        sheet = self._sheet
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        marking = without_overrides(told.marking).replace("&", "&&")
        sheet.set_header(f"&C&B{marking}")
        sheet.set_footer(f"&L{told.reference}&R&P / &N")


class _Cover(_Sheet):
    """The first sheet of a report: whose view it is, and which tables follow."""

    def __init__(self, sheet: Worksheet, leaving: LeavingReport, formats: _Formats) -> None:
        super().__init__(sheet, formats)
        self._report = leaving

    def write(self) -> None:
        """Write it all."""
        at = self._about(self._report) + 1
        self._sheet.set_column(0, 0, _WIDTHS[Holds.TEXT])
        for number, part in enumerate(self._report.parts, start=1):
            self._text(at, 0, f"{number}. {part.title}", self._format("bold", bold=True))
            self._text(at + 1, 0, part.definition, self._format("words"))
            at += 2
        self._paper(self._report)


class _Page(_Sheet):
    """The sheet of one list, from its first row to its last."""

    def __init__(self, sheet: Worksheet, leaving: Leaving, formats: _Formats) -> None:
        super().__init__(sheet, formats)
        self._leaving = leaving

    def write(self) -> None:
        """Write it all."""
        at = self._about(self._leaving)
        for note in self._leaving.notes:
            self._text(at, 0, note, self._format("bold", bold=True))
            at += 1
        at = self._headings(at + 1)
        self._sheet.freeze_panes(at, 0)
        self._rows(at)
        self._paper(self._leaving)
        self._sheet.repeat_rows(at - 2)

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
