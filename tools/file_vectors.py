"""The vectors of ``spec/entries.md`` on files: what each piece makes of a file that is awaited."""

import base64
import hashlib
from collections.abc import Sequence
from typing import Final

from tansiq.log.canonical import JSON
from tansiq.sync.pieces import Piece, Wanted, fresh

RELEASE: Final = "6f1f1f1e-0000-4000-8000-000000000001"
DATA: Final = b"The road to the spring is closed until Thursday."
# Each piece: from which byte on, and its bytes.
SCENES: Final[dict[str, list[tuple[int, bytes]]]] = {
    "in order": [(0, DATA[:20]), (20, DATA[20:])],
    "repeated and overlapping": [(0, DATA[:20]), (0, DATA[:20]), (10, DATA[10:30]), (5, DATA[5:])],
    "a hole": [(20, DATA[20:]), (0, DATA[:20]), (20, DATA[20:])],
    "other bytes": [(0, DATA[:20]), (20, DATA[20:].upper())],
    "more bytes than the file has": [(0, DATA[:20]), (20, DATA[20:] + b"!"), (0, DATA)],
}


def files() -> JSON:
    """The file, and what becomes of it in each scene."""
    return {
        "release": RELEASE, "bytes": len(DATA), "digest": hashlib.sha256(DATA).hexdigest(),
        "scenes": [{"name": name, "steps": _steps(scene)} for name, scene in SCENES.items()],
    }  # fmt: skip


def _steps(scene: Sequence[tuple[int, bytes]]) -> list[JSON]:
    have, state = b"", "open"
    steps: list[JSON] = []
    for at, data in scene:
        if state == "open":
            added = fresh(Wanted(RELEASE, len(have), len(DATA)), Piece(RELEASE, at, data))
            have = b"" if added is None else have + added
            if added is None or (len(have) == len(DATA) and have != DATA):
                have, state = b"", "spoilt"
            elif have == DATA:
                state = "whole"
        told = base64.b64encode(data).decode()
        steps.append({"at": at, "data": told, "then": {"have": len(have), "state": state}})
    return steps
