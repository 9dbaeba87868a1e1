"""The first sheet of an XLSX workbook as rows of text, as a CSV of it would have them.

What must hold: a workbook is unpacked to a bounded size and read to a bounded number of rows and
columns; nothing in it is calculated, followed or run; what a cell shows is what it says, and where
it shows nothing that can be trusted (an error, a formula that was never calculated) its row is a
fault. A workbook that is damaged, or was made to do harm, may end in any exception: it is read in a
process of its own (``node.file_process``).
"""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice
from typing import Final
from zipfile import BadZipFile, ZipFile

import openpyxl

from tansiq.desk.reader.rows import BROKEN, Row, eaten
from tansiq.domain.bounds import BOUNDS, MIB
from tansiq.domain.errors import InputError

_PARTS_MAX: Final = 1_000
_GRID_ROWS_MAX: Final = 1_048_576  # that a sheet may have; rows without a word cost little
_ERROR: Final = "e"
_FORMULA: Final = "f"
_HALF_MINUTE: Final = timedelta(seconds=30)
_ABOUT_ROWS_MAX: Final = 12  # that a list has above its headings
_Cell = tuple[object, str]  # its value and the letter of its type
_Both = tuple[list[_Cell], list[_Cell]]  # a row's results, and its formulas


def rows(data: bytes) -> list[Row]:
    """The rows of the first sheet that is not hidden, by their numbers in the sheet; empty ones are
    left out. Raises InputError for what is no workbook or too large; anything else where it is
    damaged.
    """
    _demand_small(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which nobody asked for
        values, formulas = (_cells(data, calculated=one) for one in (True, False))
        return list(_rows(values, formulas))


def _demand_small(data: bytes) -> None:
    """A part says how large it is and is unpacked no further than that (``zipfile``)."""
    try:
        with ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
    except BadZipFile:
        raise InputError("workbook_unreadable") from None
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _PARTS_MAX or unpacked > BOUNDS.workbook_unpacked_bytes_max:
        raise InputError("workbook_size", limit=BOUNDS.workbook_unpacked_bytes_max // MIB)


def _cells(data: bytes, *, calculated: bool) -> Iterator[list[_Cell]]:
    """The cells of each row, with what formulas came to or with the formulas."""
    book = openpyxl.load_workbook(
        BytesIO(data), read_only=True, data_only=calculated, keep_links=False
    )
    sheets = [one for one in book.worksheets if one.sheet_state == "visible"]
    if not sheets:
        raise InputError("workbook_unreadable")
    sheet = sheets[0]
    sheet.reset_dimensions()  # what it says of its own size is not believed
    for row in sheet.iter_rows():
        yield [(cell.value, cell.data_type) for cell in row]


def _rows(values: Iterator[list[_Cell]], formulas: Iterator[list[_Cell]]) -> Iterator[Row]:
    """Both readings of the sheet as rows of one width, that of the first."""
    width = count = 0
    for number, (cells, written) in _from_headings(zip(values, formulas, strict=True)):
        if number > _GRID_ROWS_MAX:
            raise InputError("import_rows_whole", limit=BOUNDS.workbook_rows_max)
        said = [_said(value) for value, _ in cells]
        never = any(
            kind == _FORMULA and not text for text, (_, kind) in zip(said, written, strict=True)
        )
        while said and not said[-1]:
            said.pop()
        if not (said or never):
            continue
        width, count = width or len(said), count + 1
        if count > BOUNDS.workbook_rows_max:
            raise InputError("import_rows_whole", limit=BOUNDS.workbook_rows_max)
        if len(said) > BOUNDS.workbook_columns_max:
            raise InputError("workbook_columns", limit=BOUNDS.workbook_columns_max)
        fault = "import_formula" if never else _fault(cells, said, width)
        filled = (*said, *("" for _ in range(width - len(said))))
        yield Row(number=number, cells=() if fault else filled, fault=fault)


def _from_headings(both: Iterator[_Both]) -> Iterator[tuple[int, _Both]]:
    """The rows by their numbers. A list that this program wrote says above its headings what it is:
    the hashtags below them show where they stand.
    """
    numbered = enumerate(both, start=1)
    first = list(islice(numbered, _ABOUT_ROWS_MAX))
    tags = next((at for at, (_, (cells, _)) in enumerate(first) if at and _are_tags(cells)), 1)
    return chain(first[tags - 1 :], numbered)


def _are_tags(cells: list[_Cell]) -> bool:
    said = [text for text in (_said(value) for value, _ in cells) if text]
    return len(said) > 1 and all(text.startswith("#") for text in said)


def _fault(cells: list[_Cell], said: list[str], width: int) -> str:
    if any(kind == _ERROR for _, kind in cells):
        return "import_cell_error"
    if len(said) > width:
        return "import_columns"
    if any(BROKEN in text for text in said):
        return "import_encoding"
    if eaten(said):
        return "import_eaten"
    return "import_row_size" if sum(map(len, said)) > BOUNDS.import_row_bytes_max else ""


def _said(value: object) -> str:
    """What a cell says, as a person would type it: a whole number without a point, a day as year,
    month, day, a time to the minute.
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float():
            text = format(Decimal(repr(value)), "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime():
            minute = (value + _HALF_MINUTE).replace(second=0, microsecond=0)
            day = minute.date().isoformat()
            return day if minute.time() == time() else f"{day} {minute:%H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{datetime.combine(date.min, value) + _HALF_MINUTE:%H:%M}"
        case timedelta():
            minutes = (value + _HALF_MINUTE) // timedelta(minutes=1)
            return f"{minutes // 60:02d}:{minutes % 60:02d}"
        case _:
            return str(value).strip()
