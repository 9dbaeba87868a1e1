"""Invented incidents in three languages, the same for every program that is compared.

Each tells one event in Arabic, Sorani and English: who, what, on what, where from a town, when, how
many. Words, numbers, times and positions are drawn anew for each record, so that a program which
packs well gains from the language and the form of a report and not from one text that repeats.
"""

import csv
import functools
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tansiq.domain.kinds.watch.incident import CATEGORIES, SEVERITIES
from tansiq.domain.places import gazetteer
from tansiq.domain.records import Body
from tansiq.domain.unknowns import asked

BEGIN_MS = 1_704_067_200_000  # 2024-01-01
_STEP_MS = 240_000  # a busy centre: an incident every four minutes, told a little later
_DAY_MS = 86_400_000

Meaning: TypeAlias = tuple[str, str, str]  # English, Arabic, Sorani


@functools.cache
def words() -> dict[str, list[Meaning]]:
    """The vocabulary of the reports by its parts: who, what, where, side, state."""
    found: dict[str, list[Meaning]] = {}
    with (Path(__file__).parent / "incident_words.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["part"], []).append((row["en"], row["ar"], row["ckb"]))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One invented incident: an identity, when it was told, and the body of a record."""

    identity: str
    told_ms: int
    body: Body


def events(count: int, seed: int = 3) -> Iterator[Event]:
    """So many incidents, in the order in which they were told; the same for the same seed."""
    draw = random.Random(seed)
    towns = list(gazetteer().values())
    for number in range(count):
        told = BEGIN_MS + number * _STEP_MS + draw.randrange(_STEP_MS)
        town = draw.choice(towns)
        lines = _lines(draw, (town.names.en, town.names.ar, town.names.ckb))
        body: Body = {
            "category": draw.choice(CATEGORIES),
            "severity": draw.choice(SEVERITIES),
            "text": "\n".join(lines),
            "observed": told - draw.randrange(_DAY_MS // 12),
            "place": {
                "name": draw.choice((town.names.en, town.names.ar, town.names.ckb)),
                "key": town.key,
                "lat": town.lat + draw.randint(-900_000, 900_000),
                "lon": town.lon + draw.randint(-900_000, 900_000),
                "precision": draw.choice(("exact", "about", "area")),
                "grain": "exact",
            },
            "grade": draw.choice("ABCDEF") + draw.choice("123456"),
        }
        for name in ("hurt", "dead"):
            if draw.random() < 0.4:
                body[name] = draw.randrange(12)
        for name in ("done", "asked"):
            if draw.random() < 0.3:
                body[name] = draw.choice(draw.choice(words()["state"]))
        if draw.random() < 0.3:
            lines = [draw.choice(draw.choice(words()["state"]))]
            body["unknowns"] = asked(lines, lambda: f"{draw.getrandbits(32):08x}")
        yield Event(
            identity=str(uuid.UUID(int=draw.getrandbits(128), version=4)), told_ms=told, body=body
        )


def _lines(draw: random.Random, town: Meaning) -> list[str]:
    parts = words()
    who, what, where, side = (draw.choice(parts[part]) for part in ("who", "what", "where", "side"))
    far, at = draw.randint(1, 40), f"{draw.randrange(24):02}:{draw.randrange(60):02}"
    more = draw.sample(words()["state"], draw.randint(0, 2))
    joined = (
        f"{who[0]} {what[0]} {where[0]}, {far} km {side[0]} of {town[0]}, {at}.",
        f"{who[1]} {what[1]} {where[1]}، {far} كم {side[1]} {town[1]}، الساعة {at}.",
        f"{who[2]} {what[2]} {where[2]}، {far} کم لە {side[2]} {town[2]}، کاتژمێر {at}.",
    )
    return [" ".join([text, *(said[n] for said in more)]) for n, text in enumerate(joined)]
