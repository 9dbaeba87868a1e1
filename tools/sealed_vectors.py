"""Writes ``spec/vectors/sealed.json``: cells of three activities, one question, one answer.

Everything is fixed, so that the file comes out the same on every run; a test compares it. Usage::

    python tools/sealed_vectors.py
"""

import json
from pathlib import Path
from typing import Final

from tansiq.domain.operations import sealing
from tansiq.domain.records import Body
from tansiq.log import sealed
from tansiq.log.canonical import base64_text

PATH: Final = Path(__file__).resolve().parent.parent / "spec" / "vectors" / "sealed.json"
SEED: Final = bytes(range(32))
KEY_SEED: Final = bytes(range(32, 64))
AT: Final = 1_596_423_600_000  # 3 August 2020, 06:00 in Baghdad
HOUR_MS: Final = 3_600_000
_PLAIN: Final = {"name": "", "grain": "exact"}
BODIES: Final[tuple[Body, ...]] = (
    {"area": {**_PLAIN, "shape": "circle", "metres": 800,
              "positions": [[357_800_000, 435_800_000]]},
     "begins": AT, "until": AT + HOUR_MS, "margin_metres": 500, "margin_minutes": 30},
    {"area": {**_PLAIN, "shape": "corridor", "metres": 400,
              "positions": [[357_700_000, 435_700_000], [357_900_000, 435_900_000]]},
     "begins": AT - HOUR_MS, "until": AT + 1},
    {"area": {**_PLAIN, "shape": "polygon", "metres": 0,
              "positions": [[0, 1_799_900_000], [100_000, -1_799_900_000],
                            [200_000, 1_799_950_000]]},
     "begins": AT + 24 * HOUR_MS, "until": AT + 25 * HOUR_MS},
)  # fmt: skip


def text() -> str:
    """The file."""
    wanted = [sealing.wanted(body, AT) for body in BODIES]
    ours, bound = wanted[0], {"at": AT, "edition": "0" * 64, "record": "r", "volume": BODIES[0]}
    asked = sealed.question(SEED, ours.elements, ours.size)
    told = sealed.answer(KEY_SEED, asked, wanted[1].elements, 1_000)
    met = sealed.met(SEED, ours.elements, ours.size, told)
    said = {
        "at": AT,
        "activities": [
            {"body": body, "elements": sorted(one.decode() for one in found.elements)}
            for body, found in zip(BODIES, wanted, strict=True)
        ],
        "question": {
            "of": 0, "seed": base64_text(SEED), "bound": bound, "size": ours.size,
            "commitment": sealed.commitment(SEED, bound), "digest": sealed.digest(asked),
            "first": base64_text(asked[:64]),
        },
        "answer": {
            "of": 1, "key": base64_text(told.public), "proof": base64_text(told.proof),
            "digest": sealed.digest(told.evaluated + told.outputs), "size": 1_000,
            "evaluated": base64_text(told.evaluated), "outputs": base64_text(told.outputs),
        },
        "met": sorted(one.decode() for one in met), "word": sealing.answer_of(met),
    }  # fmt: skip
    return json.dumps(said, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), "utf-8")
