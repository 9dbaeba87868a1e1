"""Values that a node accepts from a partner and that nobody expects: at the bounds, of every type.

What is made here passes the checks of the domain, so that it stands on the board and has to be
shown; what does not pass is left out by ``accepted``.
"""

import base64
import hashlib
from collections.abc import Callable
from math import copysign, cos, degrees, radians, sin
from random import Random
from typing import Any

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, Type, check_value
from tansiq.domain.kinds import KINDS
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.places import E7, Grain, Precision
from tansiq.policy.agreement import PURPOSES
from tests.world import START, uuid_of

LAST = BOUNDS.moment_max
MOMENTS = (0, 1, 999, START, LAST, LAST - 1, LAST - 24 * 3_600_000, 32_503_680_000_000)
TEXTS = (
    "", "x", "{party}", "{{ 7*7 }}", "%s %(a)s", "\\", "0", "None", "-", ".", "\u200d", "\u0301",
    "\u2028", "\ufeff", "\U0010ffff", "🇮🇶" * 40, "ا" + "\u0651" * 200, "A" * 400, "م" * 400, "\t",
    "</script><!--", "=1+1", "2020-13-45 25:61", "9" * 400, "٣٫٥", "a\u202eb", "﷽" * 90, "1e400",
    "&amp;&#0;", "'\";--", "../../x", "\u0000"[:0] + "ﬁ", "K\u0307" * 100, "//x", "javascript:1",
)  # fmt: skip
NUMBERS = (0, 1, 999_999_999, 1_000_000_000, 10**12, 2**53 - 1)
RECORDS = ("own/1", "fire/1", "line/1", "gone/1", "nobody has this", "paper/1")
POSITIONS = ("x1", "liaison-officer", "a" + "-" * 31, "z" + "9" * 31)
PARTIES = ("MOD", "MPA", "JCC", "ZZ", "ZZZZZZZZ")
DATES = ("1900-01-01", "9999-12-31", "2020-02-29", "2024-12-31")


def accepted(chance: Random, kind: Kind) -> dict[str, Any]:
    """A body that a node takes, each value odd. What a kind requires of its writers may be lacking:
    the sender may have hidden it.
    """
    body: dict[str, Any] = {}
    for field in kind.fields:
        if field.above and chance.random() < (0.85 if field.required else 0.7):
            found = value(chance, field)
            if found is not None:
                body[field.name] = found
    return body


def value(chance: Random, field: Field) -> object:
    """An odd value of a field that passes its check; None where none was found."""
    for _ in range(12):
        made = _MAKES[field.type](chance, field)
        try:
            return check_value(field, made)
        except InputError:
            continue
    return None


def edition(chance: Random, kind: Kind, number: int) -> dict[str, Any]:
    """An edition as a partner sends it."""
    expires = chance.choice((0, 0, 0, LAST, START + 90 * 24 * 3_600_000))
    label = {
        "policy": chance.choice(("TANSIQ-1", "TANSIQ-1", "", "x" * 400)), "class": "open",
        "audience": chance.choice(([["MOD", "MPA"]], [["MOD", "MPA", "ZZZZZZZZ"]], [["MOD"]])),
        "categories": [], "caveats": chance.choice(([], ["x" * 400], ["<b>", "{x}"])),
        "onward": chance.choice(("ask", "none", "free")), "embargo": 0, "expires": expires,
    }  # fmt: skip
    sent = {
        "type": "edition", "release": uuid_of(f"odd release {number}"),
        "record": uuid_of(f"odd {number}"), "kind": kind.name, "v": kind.version,
        "k": chance.choice((1, 2, 2**53 - 1)), "state": chance.choice(kind.states), "label": label,
        "body": accepted(chance, kind), "position": chance.choice(("", *POSITIONS)),
        "purpose": chance.choice(sorted(PURPOSES)), "rule": chance.choice(TEXTS)[:400],
        "at": chance.choice(MOMENTS),
    }  # fmt: skip
    if kind.case is not None:
        circle = kind.case.shape.value == "circle"
        sent |= {"lane": "" if circle else uuid_of(f"odd lane {number}")}
        sent |= {} if circle else {"seat": "MOD/cleared"}
    if chance.random() < 0.1:
        sent["v"] = kind.version + chance.choice((1, 10**6))
    if chance.random() < 0.05:
        sent["kind"] = chance.choice(("novelty", "x" * 400, "{{x}}"))
    if chance.random() < 0.2:
        sent["extra"] = chance.choice((None, [], {"a": [{}]}, "x" * 1_000))
    return sent


def file(chance: Random, number: int) -> list[dict[str, Any]]:
    """A file as a partner sends it, whole in one part, with or without a name and a type."""
    data = chance.choice((b"", b"x", b"<script>", b"\x00" * 1_000))
    made = edition(chance, KINDS["attachment"], number) | {"kind": "attachment", "v": 1}
    made["body"] = {name: found for name, found in made["body"].items() if name != "digest"}
    made["body"]["digest"] = hashlib.sha256(data).hexdigest()
    chunk = {"type": "chunk", "release": made["release"], "record": made["record"], "n": 0, "of": 1,
             "data": base64.b64encode(data).decode()}  # fmt: skip
    return [chunk, made]


def other(chance: Random, number: int) -> dict[str, Any]:
    """An entry beside editions: what a partner says it did, recalls, hands over."""
    release, moment = uuid_of("release of ours"), chance.choice(MOMENTS)
    record = uuid_of(chance.choice(RECORDS))
    return chance.choice((
        {"type": "read", "release": release, "record": record, "at": moment,
         "position": chance.choice(("", *POSITIONS))},
        {"type": "purged", "release": release, "record": record, "at": moment,
         "read_by": list(chance.choice(((), POSITIONS, POSITIONS * 10))),
         "cause": chance.choice(("recall", "expired", "", "x" * 400, "{x}"))},
        {"type": "held", "releases": [release], "at": moment,
         "reason": chance.choice(("kind", "version", "none", "{x}", ""))},
        {"type": "recall", "releases": [uuid_of(f"odd release {number - 3}")], "at": moment,
         "record": uuid_of(f"odd {number - 3}"), "reason": chance.choice(("error", "{x}", ""))},
        {"type": "chunk", "release": uuid_of(f"odd release {number}"), "n": 0, "of": 1,
         "record": uuid_of(f"odd {number}"), "data": chance.choice(("", "AA==", "no base64"))},
        {"type": "anchor", "at": moment, "commitment": "0" * 64},
        {"type": chance.choice(("novelty", "", "x" * 400)), "at": moment},
    ))  # fmt: skip


def _moment(chance: Random, _field: Field) -> int:
    return chance.choice(MOMENTS)


def _text(chance: Random, _field: Field) -> str:
    return chance.choice(TEXTS)


def _place(chance: Random, _field: Field) -> dict[str, Any]:
    lat, lon = chance.choice(((None, None), (90 * E7, 180 * E7), (-90 * E7, -180 * E7), (0, 0)))
    return {
        "name": chance.choice(TEXTS), "key": chance.choice(("", "makhmour", "x" * 400, "{x}")),
        "lat": lat, "lon": lon, "precision": chance.choice(list(Precision)).value,
        "grain": chance.choice(list(Grain)).value,
    }  # fmt: skip


def _area(chance: Random, _field: Field) -> dict[str, Any]:
    shape, count = chance.choice((("circle", 1), ("corridor", 2), ("polygon", 3), ("polygon", 60)))
    lat, lon = chance.choice(((90, 180), (-90, -180), (0, 180), (0, 0)))
    turned = [radians(360 * n / count) for n in range(count)]
    positions = [  # around a pole, or about where the map ends
        (lat - copysign(1, lat), degrees(one) - 180) if lat
        else (sin(one), (lon + cos(one) + 180) % 360 - 180)
        for one in turned
    ]  # fmt: skip
    return {
        "shape": shape, "name": chance.choice(TEXTS), "grain": chance.choice(list(Grain)).value,
        "positions": [[round(a * E7), round(b * E7)] for a, b in positions],
        "metres": 0 if shape == "polygon" else chance.choice((1, 100_000)),
    }  # fmt: skip


def _unknowns(chance: Random, _field: Field) -> list[dict[str, Any]]:
    def item(number: int) -> dict[str, Any]:
        state = chance.choice(("open", "answered", "moot"))
        by = chance.choice(("", uuid_of(chance.choice(RECORDS)))) if state == "answered" else ""
        text = chance.choice(TEXTS)[:400].strip() or "?"
        return {"id": f"{number:08x}", "text": text, "state": state, "by": by}

    return [item(number) for number in range(chance.choice((0, 1, 3, BOUNDS.unknowns_max)))]


def _rows(chance: Random, field: Field) -> list[dict[str, Any]]:
    def row() -> dict[str, Any]:
        found = {column.name: value(chance, column) for column in field.columns}
        return {name: one for name, one in found.items() if one is not None}

    return [row() for _ in range(chance.choice((0, 1, 3, BOUNDS.rows_max)))]


def _records(chance: Random, _field: Field) -> list[str]:
    count = chance.choice((0, 1, 5, 8, BOUNDS.links_max))
    return [uuid_of(chance.choice(RECORDS)) for _ in range(count)]


def _span(chance: Random, _field: Field) -> dict[str, int]:
    start, end = sorted((chance.choice(MOMENTS), chance.choice(MOMENTS)))
    return {"from": start, "to": end}


_MAKES: dict[Type, Callable[[Random, Field], Any]] = {
    Type.TEXT: lambda chance, _: chance.choice((*TEXTS, "\n" * 3 + "x", "line\n" * 700)),
    Type.LINE: _text,
    Type.CHOICE: lambda chance, field: chance.choice(field.choices),
    Type.COUNT: lambda chance, _: chance.choice(NUMBERS),
    Type.FLAG: lambda chance, _: chance.choice((True, False)),
    Type.MOMENT: _moment,
    Type.PLACE: _place,
    Type.GRADE: lambda chance, _: chance.choice(("A1", "F6", "C3")),
    Type.POSITIONS: lambda chance, _: [chance.choice(POSITIONS)] * chance.choice((0, 1, 40)),
    Type.SEATS: lambda chance, _: [f"{party}/{chance.choice(POSITIONS)}" for party in PARTIES],
    Type.RECORD: lambda chance, _: uuid_of(chance.choice(RECORDS)),
    Type.RECORDS: _records,
    Type.ATTACHMENTS: _records,
    Type.DIGEST: lambda chance, _: chance.choice("0f") * 64,
    Type.STEP: lambda chance, _: uuid_of(chance.choice(RECORDS)),
    Type.PARTY: lambda chance, _: chance.choice(PARTIES),
    Type.DATE: lambda chance, _: chance.choice(DATES),
    Type.SPAN: _span,
    Type.AMOUNT: lambda chance, field: {
        "unit": chance.choice(field.choices or ("piece",)), "value": chance.choice(NUMBERS)
    },
    Type.MONEY: lambda chance, field: {
        "currency": chance.choice(field.choices or ("IQD",)), "minor": chance.choice(NUMBERS)
    },
    Type.AREA: _area,
    Type.ROWS: _rows,
    Type.UNKNOWNS: _unknowns,
}  # fmt: skip

RECEIVED = tuple(KINDS.values())
