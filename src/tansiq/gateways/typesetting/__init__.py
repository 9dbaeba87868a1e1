"""Pages (PDF/UA-1, tagged) of what a list or a report says, by typst (ADR 40).

The words come as JSON (``web.shell.typesetting``) and reach the typesetter as data: its one
template beside this module reads them, and nothing in them is an instruction. No font of the system
is used and nothing is fetched. The same content gives the same bytes.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any, Final

import typst

from tansiq.gateways.typesetting.certificate import certificate_page
from tansiq.gateways.typesetting.settable import LACKING, Words, widest

HERE: Final = Path(__file__).resolve().parent
# Of the page, in points; the template has the same.
_SIDES: Final = {True: 841.9, False: 595.3}
_MARGINS: Final = 2 * 34
_INSETS: Final = 2 * 4
_WIDE_COLUMNS: Final = 5  # from so many on the page lies on its side
_ABOVE: Final = 5  # facts stand side by side
_RUN_MOST: Final = 90.0  # points that a column gets for the widest run in it
_SMALLEST: Final = 0.75  # of the size of the letters, where many columns stand side by side
_AS_IT_IS: Final = ("language", "mirrored", "moment")
JSON = Any  # what ``web.shell.typesetting`` made


def pages(content: bytes) -> bytes:
    """The PDF of a list, of a report, or of what else says that it has a form of its own."""
    told = json.loads(content)
    return certificate_page(told) if told.get("form") == "certificate" else _listed(told)


def _listed(told: JSON) -> bytes:
    words = Words()
    wide = max(len(part["columns"]) for part in told["parts"]) >= _WIDE_COLUMNS
    width = _SIDES[wide] - _MARGINS
    settable = partial(words.settable, room=width / _ABOVE)
    parts = [_part(words, part, width) for part in told.pop("parts")]
    said = _said(told, settable)
    said |= {name: told[name] for name in _AS_IT_IS}
    said |= {"name": told["title"], "wide": wide, "parts": parts}
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


def _part(words: Words, told: JSON, width: float) -> JSON:
    """A part: each column as wide as its widest run where that fits, what is left shared by weight;
    where it does not fit the letters are smaller. No run is then wider than its column.
    """
    wants = [_wanted(told, number) for number in range(len(told["columns"]))]
    size = min(max(width / sum(wants), _SMALLEST), 1.0)
    left = max(width / size - sum(wants), 0.0)
    weights = [column["weight"] for column in told["columns"]]
    wide = [
        want + left * weight / sum(weights) for want, weight in zip(wants, weights, strict=True)
    ]
    fits = width / size / sum(wide)
    rooms = [one * fits - _INSETS for one in wide]
    columns = [
        {**column, "weight": one, "heading": words.settable(column["heading"], room)}
        for column, one, room in zip(told["columns"], wide, rooms, strict=True)
    ]
    rows = [
        [[words.lines(text, room) for text in cell] for cell, room in zip(row, rooms, strict=True)]
        for row in told["rows"]
    ]
    said = _said({**told, "columns": []}, partial(words.settable, room=width / _ABOVE))
    return {**said, "columns": columns, "rows": rows, "size": size}


def _wanted(told: JSON, number: int) -> float:
    """How wide a column wants to be, in points: its widest run and what stands beside it."""
    texts = (told["columns"][number]["heading"], *(row[number][0] for row in told["rows"]))
    return min(max(map(widest, texts)), _RUN_MOST) + _INSETS


def _said(told: JSON, settable: partial[str]) -> JSON:
    """What stands around the rows, each text as it can be set."""
    if isinstance(told, str):
        return settable(told)
    if isinstance(told, list):
        return [_said(one, settable) for one in told]
    if isinstance(told, dict):
        return {name: _said(one, settable) for name, one in told.items() if name != "rows"}
    return told
