"""Writes ``spec/vectors/certificate.json``: one certificate with its claims, number, key and code.

Everything is fixed, so that the file comes out the same on every run; a test compares it. Usage::

    python tools/certificate_vectors.py
"""

import json
from pathlib import Path
from typing import Final

from tansiq.log.canonical import base64_text
from tansiq.log.certificates import Claims, make_code, mark_of
from tansiq.log.keys import public_of

PATH: Final = Path(__file__).resolve().parent.parent / "spec" / "vectors" / "certificate.json"
SEED: Final = bytes(range(32))
SALT: Final = bytes(range(16))
ROSTER: Final = "P-7001"


def text() -> str:
    """The file."""
    claims = Claims(
        party="MPA", serial="7F3K9ZQ0TB", course="C-AID", level="basic", begins="2020-10-20",
        ends="2022-10-20", salt=SALT, mark=mark_of(ROSTER, SALT),
    )  # fmt: skip
    said = {
        "claims": {
            "v": 1, "party": claims.party, "serial": claims.serial, "course": claims.course,
            "level": claims.level, "begins": claims.begins, "ends": claims.ends,
            "salt": base64_text(claims.salt), "mark": base64_text(claims.mark),
        },
        "roster": ROSTER,
        "seed": base64_text(SEED),
        "public": base64_text(public_of(SEED)),
        "code": make_code(claims, SEED),
    }  # fmt: skip
    return json.dumps(said, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), "utf-8")
