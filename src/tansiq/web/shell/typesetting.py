"""A list or a report as what a typesetter makes pages of (``gateways.typesetting``): words alone.

What people wrote goes along as data. Nothing of it is read as an instruction of the typesetter.
"""

import json
from typing import Final

from tansiq.domain.search import without_overrides
from tansiq.domain.tables import Column, Holds, Row, Table
from tansiq.domain.wording import direction
from tansiq.web.shell.cells import Voice
from tansiq.web.shell.leaving import Fact, Leaving, LeavingReport

# How wide a column is beside the others.
_WEIGHTS: Final = {
    Holds.PLACE: 1.6, Holds.PARTY: 1.4, Holds.POSITIONS: 1.8, Holds.MOMENT: 1.5,
    Holds.SPAN: 2.6, Holds.CHOICE: 1.3, Holds.NUMBER: 0.8, Holds.FLAG: 0.8,
}  # fmt: skip
_WEIGHT: Final = 1.1
_WITH_MORE: Final = 2.0  # at least, where others stand under it
_CODE_LEAST, _CODE_CHARS = 0.5, 10.0  # of a code, the marks of its direction too
_TEXT_LEAST, _TEXT_MOST, _TEXT_CHARS = 1.2, 4.0, 14.0  # of a text, so much for so many characters


def content(leaving: Leaving | LeavingReport) -> bytes:
    """All that the pages say, as JSON: a cell is its own text and the small one under it. A report
    has a part for each of its tables, a list has one without a heading.
    """
    if isinstance(leaving, LeavingReport):
        parts = [_numbered(n, one) for n, one in enumerate(leaving.parts, start=1)]
        notes: tuple[str, ...] = ()
    else:
        parts, notes = [_part(leaving)], leaving.notes
    voice = leaving.voice
    made = {
        "language": voice.language,
        "mirrored": direction(voice.language) == "rtl",
        "moment": round(leaving.moment.timestamp() * 1000),
        "reference": leaving.reference,
        "title": leaving.title,
        "marking": leaving.marking,
        "definition": leaving.definition,
        "facts": [_fact(voice, fact) for fact in leaving.facts],
        "taken": " ".join(_fact(voice, leaving.taken)),
        "notes": notes,
        "lacking": voice.t("paper.lacking"),
        # The template puts the numbers in, which need no isolates between words.
        "page": without_overrides(voice.t("paper.page", page="{page}", pages="{pages}")),
        "parts": parts,
    }
    return json.dumps(made, ensure_ascii=False).encode()


def _part(leaving: Leaving) -> dict[str, object]:
    """A table: its columns with their widths, and its rows."""
    table, voice = leaving.table, leaving.voice
    heads = [column for column in table.columns if not column.under]
    rows = [[_cell(leaving, row, column) for column in heads] for row in table.rows]
    return {
        "heading": "", "definition": "", "notes": [],
        "empty": "" if table.rows else voice.t("table.empty"),
        "columns": [
            {
                "heading": voice.t(column.heading),
                "weight": _weight(table, column, [row[number][0] for row in rows]),
                "number": column.holds is Holds.NUMBER,
            }
            for number, column in enumerate(heads)
        ],
        "rows": rows,
    }  # fmt: skip


def _numbered(number: int, leaving: Leaving) -> dict[str, object]:
    """A table of a report, with its number, what its rows are and what is not here."""
    return _part(leaving) | {
        "heading": f"{number}. {leaving.title}", "definition": leaving.definition,
        "notes": list(leaving.notes),
    }  # fmt: skip


def _weight(table: Table, column: Column, texts: list[str]) -> float:
    """How wide a column is beside the others: a text by the longest that stands there."""
    if column.holds is Holds.TEXT:
        longest = max(map(len, texts), default=0)
        return min(max(longest / _TEXT_CHARS, _TEXT_LEAST), _TEXT_MOST)
    if column.holds is Holds.CODE:
        return min(max(max(map(len, texts), default=0) / _CODE_CHARS, _CODE_LEAST), _WEIGHT)
    weight = _WEIGHTS.get(column.holds, _WEIGHT)
    under = any(one.under == column.key for one in table.columns)
    return max(weight, _WITH_MORE) if under else weight


def _fact(voice: Voice, fact: Fact) -> tuple[str, str]:
    column, cell = fact
    return voice.t(column.heading), voice.spoken(column, cell)


def _cell(leaving: Leaving, row: Row, column: Column) -> tuple[str, str]:
    """The text of a cell, and that of the columns under it, as a page shows them."""
    table, voice = leaving.table, leaving.voice
    own, under = "", []
    for one, cell in zip(table.columns, row.cells, strict=True):
        if one.key == column.key:
            own = voice.spoken(one, cell)
        elif one.under == column.key and (said := voice.spoken(one, cell)):
            named = one.named or one.holds in (Holds.CODE, Holds.NUMBER)
            under.append(f"{voice.t(one.heading)} {said}" if named else said)
    return own or "–", " · ".join(under)
