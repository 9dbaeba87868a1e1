"""A list as CSV: for a spreadsheet of an office, and with HXL hashtags for other programs.

UTF-8 with a byte order mark (or Excel reads Arabic as noise), headings in the reader's language,
then the HXL row, then the rows. A cell that a spreadsheet would take for a formula begins with an
apostrophe; only what this program itself writes as a number goes out as it is. Whoever lists with
semicolons, as spreadsheets in Arabic do, gets the cells of a line cut elsewhere: what would then
begin a cell has its apostrophe too.
"""

import csv
import io
import re
from typing import Final

from tansiq.domain.search import without_overrides
from tansiq.web.shell.cells import Value, text_of
from tansiq.web.shell.leaving import Leaving

MARK: Final = "\ufeff"
# Also the full-width forms, which a spreadsheet in an East Asian setting reads alike.
_SIGNS: Final = r"[=+@\-\uff1d\uff0b\uff20\uff0d]"
_FORMULA: Final = re.compile(rf"[\t\r]|\s*{_SIGNS}")
_INSIDE: Final = re.compile(rf"([;\t\r\n][\s\"]*)(?={_SIGNS})")


def sheet(leaving: Leaving) -> bytes:
    """The list as CSV, byte order mark and all. Where it goes on past its rows, or rows stay here,
    a last row says so in words.
    """
    voice, columns = leaving.voice, leaving.columns
    heads = [head for column in columns for head in voice.headings(column)]
    out = io.StringIO()
    write = csv.writer(out).writerow
    write([_safe(heading) for heading, _ in heads])
    write([tag for _, tag in heads])
    for cells in leaving.rows():
        pairs = zip(columns, cells, strict=True)
        write([_text(one) for pair in pairs for one in voice.values(*pair)])
    for said in leaving.notes:
        write([_safe(without_overrides(said))] + [""] * (len(heads) - 1))
    return (MARK + out.getvalue()).encode()


def _text(value: Value) -> str:
    """A value as text; only what is text already could be taken for a formula."""
    return _safe(value) if isinstance(value, str) else text_of(value)


def _safe(text: str) -> str:
    """The text, which no spreadsheet takes for a formula, whatever parts its cells."""
    inside = _INSIDE.sub(r"\1'", text)
    return f"'{inside}" if _FORMULA.match(text) else inside
