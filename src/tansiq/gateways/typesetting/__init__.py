"""Pages (PDF/UA-1, tagged) of what a list says, by typst (ADR 40).

The words come as JSON (``web.shell.typesetting``) and reach the typesetter as data: its one
template beside this module reads them, and nothing in them is an instruction. No font of the system
is used and nothing is fetched. The same content gives the same bytes.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any, Final

import typst

from tansiq.gateways.typesetting.settable import LACKING, Words

HERE: Final = Path(__file__).resolve().parent
# Of the page, in points; the template has the same.
_SIDES: Final = {True: 841.9, False: 595.3}
_MARGINS: Final = 2 * 34
_INSETS: Final = 2 * 4
_WIDE_COLUMNS: Final = 5  # from so many on the page lies on its side
_ABOVE: Final = 5  # facts stand side by side
_AS_IT_IS: Final = ("language", "mirrored", "moment")
JSON = Any  # what ``web.shell.typesetting`` made


def pages(content: bytes) -> bytes:
    """The PDF of a list."""
    told, words = json.loads(content), Words()
    wide = len(told["columns"]) >= _WIDE_COLUMNS
    width = _SIDES[wide] - _MARGINS
    rows = _rows(words, told, width)
    said = _said(told, partial(words.settable, room=width / _ABOVE))
    said |= {name: told[name] for name in _AS_IT_IS}
    said |= {"name": told["title"], "wide": wide, "rows": rows}
    if words.lacking:
        said["notes"].append(f"{LACKING} {said['lacking']} {words.lacking}")
    compiler = typst.Compiler(
        HERE / "list.typ", root=HERE, font_paths=[HERE / "fonts"], ignore_system_fonts=True
    )
    made = compiler.compile(
        format="pdf", pdf_standards=["ua-1"], timestamp=told["moment"] // 1000,
        sys_inputs={"list": json.dumps(said, ensure_ascii=False)},
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def _rows(words: Words, told: JSON, width: float) -> JSON:
    """The rows, in which no run is wider than its column; each text as its lines."""
    weights = [column["weight"] for column in told["columns"]]
    rooms = [width * weight / sum(weights) - _INSETS for weight in weights]
    return [
        [[words.lines(text, room) for text in cell] for cell, room in zip(row, rooms, strict=True)]
        for row in told["rows"]
    ]


def _said(told: JSON, settable: partial[str]) -> JSON:
    """What stands around the rows, each text as it can be set."""
    if isinstance(told, str):
        return settable(told)
    if isinstance(told, list):
        return [_said(one, settable) for one in told]
    if isinstance(told, dict):
        return {name: _said(one, settable) for name, one in told.items() if name != "rows"}
    return told
