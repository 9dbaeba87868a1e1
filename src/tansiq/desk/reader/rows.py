"""Rows of a CSV file, streamed: bounded in size, in any of the encodings that spreadsheets write.

What must hold: whatever the bytes are, the reader yields rows and faults and never raises for their
content; one broken row costs itself alone (a quote that is never closed does not swallow the rest).
"""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError

_BLOCK: Final = 64 * 1024
_ROW_LINES_MAX: Final = 200  # lines of one quoted cell; beyond them the quote was never closed
_SEPARATORS: Final = ",;\t|"
_NAMES_SEPARATOR: Final = re.compile(rf"\ufeff?sep=([{_SEPARATORS}])\s*", re.IGNORECASE)
_QUOTED: Final = re.compile(r'"[^"]*"')
_ARABIC: Final = re.compile("[\u0600-\u06ff]")
_EATEN: Final = re.compile(r"\?{3}")
BROKEN: Final = "\ufffd"  # what a decoder writes for bytes that it cannot read


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its number as a spreadsheet shows it, its cells, or the code of its fault."""

    number: int
    cells: tuple[str, ...] = ()
    fault: str = ""
    read: int = 0  # bytes of the file that had been read by then

    @property
    def is_tags(self) -> bool:
        """Whether this is a row of hashtags (HXL), which says what the columns are."""
        said = [cell.strip() for cell in self.cells if cell.strip()]
        return bool(said) and all(cell.startswith("#") for cell in said)


def open_bounded(path: Path) -> tuple[BinaryIO, int]:
    """The file and its size in bytes. Raises InputError for one that is absent or too large."""
    try:
        size = path.stat().st_size
        if size > BOUNDS.import_file_bytes_max:
            limit = BOUNDS.import_file_bytes_max // (1024 * 1024)
            raise InputError("import_file_size", limit=limit)
        return path.open("rb"), size
    except OSError as error:
        raise InputError("import_file_unreadable", file=path.name) from error


def encoding_of(sample: bytes) -> str:
    """The encoding of a file by its first bytes: UTF-8, UTF-16, else Windows-1256 (Arabic)."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    half = sample[: len(sample) // 2 * 2]
    if half:
        zeros_even, zeros_odd = half[0::2].count(0), half[1::2].count(0)
        if max(zeros_even, zeros_odd) * 5 > len(half) // 2:
            return "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=False)
    except UnicodeDecodeError as error:
        # One bad byte in a file that is plainly UTF-8 is a bad row, not another encoding.
        good = sum(byte >= 0xC2 for byte in sample[: error.start])
        return "utf-8-sig" if good > 8 else "cp1256"
    return "utf-8-sig"


def delimiter_of(header: str) -> str:
    """What separates the cells: the one of comma, semicolon, tab and bar that the header has most
    of, outside quotation marks.
    """
    return max(_SEPARATORS, key=_QUOTED.sub("", header).count)


def eaten(cells: Iterable[str]) -> bool:
    """Whether a program has destroyed the letters of a cell: question marks stand for them, or they
    were read in another encoding than they were written in.
    """
    return any(_replaced(cell) or _misread(cell) for cell in cells)


def _replaced(cell: str) -> bool:
    marks = cell.count("?")
    return bool(_EATEN.search(cell)) and marks * 2 >= len("".join(cell.split()))


def _misread(cell: str) -> bool:
    """UTF-8 that was taken for a Windows encoding is UTF-8 again when it is written in that one."""
    if cell.isascii():
        return False
    for encoding in ("cp1252", "cp1256"):
        try:
            letters = b"".join(_byte(sign, encoding) for sign in cell).decode("utf-8")
        except UnicodeError:
            continue
        if len(_ARABIC.findall(letters)) > 1:
            return True
    return False


def _byte(sign: str, encoding: str) -> bytes:
    """The byte that a program showed as this sign: where the encoding has none, it keeps it."""
    try:
        return sign.encode(encoding)
    except UnicodeError:
        return sign.encode("latin-1")


class Rows:
    """The rows of an open file. The first row has number 1; empty rows are counted and left out."""

    def __init__(self, file: BinaryIO, *, encoding: str = "", delimiter: str = "") -> None:
        self._file = file
        self._read = 0
        first = file.read(_BLOCK)
        self.encoding = encoding or encoding_of(first)
        decoder = codecs.getincrementaldecoder(self.encoding)(errors="replace")
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)
        self._first = first
        self._delimiter = delimiter
        self._lines = self._split()
        self._waiting: deque[str | None] = deque()
        self._number = 0
        self._width = 0

    def __iter__(self) -> Iterator[Row]:
        while (line := self._line()) != "":
            self._number += 1
            if line is None:
                yield self._fault("import_row_size")
            elif self._number == 1 and (named := _NAMES_SEPARATOR.fullmatch(line)):
                self._delimiter = self._delimiter or named[1]
            elif line.strip(" ,;|\t\n\ufeff"):
                yield self._row(line)

    def _fault(self, code: str) -> Row:
        return Row(number=self._number, fault=code, read=self._read)

    def _line(self) -> str | None:
        """The next line with its end; None for one that is too long, "" after the last."""
        return self._waiting.popleft() if self._waiting else next(self._lines, "")

    def _split(self) -> Iterator[str | None]:
        rest, too_long, block = "", False, self._first
        while block:
            self._read += len(block)
            following = self._file.read(_BLOCK)
            *lines, rest = (rest + self._decoder.decode(block, not following)).split("\n")
            for line in lines:
                too_long = too_long or len(line) > BOUNDS.import_row_bytes_max
                yield None if too_long else line + "\n"
                too_long = False
            if len(rest) > BOUNDS.import_row_bytes_max:
                rest, too_long = "", True
            block = following
        if rest or too_long:
            yield None if too_long else rest + "\n"

    def _row(self, line: str) -> Row:
        if not self._delimiter:
            self._delimiter = delimiter_of(line)
        text, more = self._joined(line)
        row = self._parsed(text)
        if row.fault and more:
            # The quote was perhaps never closed: what followed are rows of their own.
            self._waiting.extendleft(reversed(more))
        return row

    def _joined(self, line: str) -> tuple[str, list[str | None]]:
        """The line with those that its open quote takes in, and these lines."""
        more: list[str | None] = []
        text, quotes, size = [line], line.count('"'), len(line)
        while quotes % 2 and len(more) < _ROW_LINES_MAX and size <= BOUNDS.import_row_bytes_max:
            following = self._line()
            if following == "":
                break
            more.append(following)
            if following is None:
                break
            text.append(following)
            quotes += following.count('"')
            size += len(following)
        return "".join(text), more

    def _parsed(self, text: str) -> Row:
        if len(text) > BOUNDS.import_row_bytes_max:
            return self._fault("import_row_size")
        if BROKEN in text:
            return self._fault("import_encoding")
        try:
            found = list(csv.reader([text], delimiter=self._delimiter, strict=True))
        except csv.Error:
            return self._fault("import_row_form")
        if len(found) != 1:
            return self._fault("import_row_form")
        cells = tuple(found[0])
        self._width = self._width or len(cells)
        if len(cells) != self._width and any(cells[self._width :] or ("x",)):
            return self._fault("import_columns")
        if eaten(cells):
            return self._fault("import_eaten")
        return Row(number=self._number, cells=cells[: self._width], read=self._read)
