"""A list as what a typesetter makes pages of (``gateways.typesetting``): words and nothing else.

What people wrote goes along as data. Nothing of it is read as an instruction of the typesetter.
"""

import json
from typing import Final

from tansiq.domain.search import without_overrides
from tansiq.domain.tables import Column, Holds, Row, Table
from tansiq.domain.wording import direction
from tansiq.web.shell.leaving import Fact, Leaving

# How wide a column is beside the others.
_WEIGHTS: Final = {
    Holds.PLACE: 1.6, Holds.PARTY: 1.4, Holds.POSITIONS: 1.8, Holds.MOMENT: 1.5,
    Holds.SPAN: 2.6, Holds.CHOICE: 1.3, Holds.NUMBER: 0.8, Holds.FLAG: 0.8,
}  # fmt: skip
_WEIGHT: Final = 1.1
_WITH_MORE: Final = 2.0  # at least, where others stand under it
_TEXT_LEAST, _TEXT_MOST, _TEXT_CHARS = 1.2, 4.0, 14.0  # of a text, so much for so many characters


def content(leaving: Leaving) -> bytes:
    """All that the pages say, as JSON: a cell is its own text and the small one under it."""
    table, voice = leaving.table, leaving.voice
    heads = [column for column in table.columns if not column.under]
    rows = [[_cell(leaving, row, column) for column in heads] for row in table.rows]
    made = {
        "language": voice.language,
        "mirrored": direction(voice.language) == "rtl",
        "moment": table.as_of,
        "reference": leaving.reference,
        "title": leaving.title,
        "marking": leaving.marking,
        "definition": leaving.definition,
        "facts": [_fact(leaving, fact) for fact in leaving.facts],
        "taken": " ".join(_fact(leaving, leaving.taken)),
        "notes": leaving.notes,
        "empty": "" if table.rows else voice.t("table.empty"),
        "lacking": voice.t("paper.lacking"),
        # The template puts the numbers in, which need no isolates between words.
        "page": without_overrides(voice.t("paper.page", page="{page}", pages="{pages}")),
        "columns": [
            {
                "heading": voice.t(column.heading),
                "weight": _weight(table, column, [row[number][0] for row in rows]),
                "number": column.holds is Holds.NUMBER,
            }
            for number, column in enumerate(heads)
        ],
        "rows": rows,
    }
    return json.dumps(made, ensure_ascii=False).encode()


def _weight(table: Table, column: Column, texts: list[str]) -> float:
    """How wide a column is beside the others: a text by the longest that stands there."""
    if column.holds is Holds.TEXT:
        longest = max(map(len, texts), default=0)
        return min(max(longest / _TEXT_CHARS, _TEXT_LEAST), _TEXT_MOST)
    weight = _WEIGHTS.get(column.holds, _WEIGHT)
    under = any(one.under == column.key for one in table.columns)
    return max(weight, _WITH_MORE) if under else weight


def _fact(leaving: Leaving, fact: Fact) -> tuple[str, str]:
    column, cell = fact
    return leaving.voice.t(column.heading), leaving.voice.spoken(column, cell)


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
