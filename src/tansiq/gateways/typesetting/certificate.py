"""The page (PDF/UA-1, tagged) of one certificate, by typst: the words as data, the code as a
picture of squares and as text that can be typed.
"""

import json
from pathlib import Path
from typing import Any, Final

import typst

from tansiq.gateways.typesetting.settable import LACKING, Words

HERE: Final = Path(__file__).resolve().parent
_ROOM: Final = 440.0  # of a line, in points
_AS_IT_IS: Final = frozenset({"form", "language", "mirrored", "moment", "side", "path", "code"})


def certificate_page(told: dict[str, Any]) -> bytes:
    """The PDF of a certificate."""
    words = Words()

    def said(value: Any) -> Any:  # noqa: ANN401 - what JSON holds
        if isinstance(value, list):
            return [said(one) for one in value]
        return words.settable(value, _ROOM)

    shown = {name: value if name in _AS_IT_IS else said(value) for name, value in told.items()}
    if words.lacking:
        shown["notes"].append(f"{LACKING} {shown['lacking']} {words.lacking}")
    side = told["side"]
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path d="{told["path"]}"/></svg>'
    )
    compiler = typst.Compiler(
        HERE / "certificate.typ", root=HERE, font_paths=[HERE / "fonts"], ignore_system_fonts=True
    )
    made = compiler.compile(
        format="pdf", pdf_standards=["ua-1"], timestamp=told["moment"] // 1000,
        sys_inputs={
            "certificate": json.dumps({**shown, "name": told["title"]}, ensure_ascii=False),
            "picture": drawn,
        },
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made
