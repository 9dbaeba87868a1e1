"""Invented activities: where and when, as bodies of a planned activity; the same for one seed.

Half are polygons of 5 to 20 corners, the others circles and corridors, some three kilometres wide;
they last 1 to 12 hours within sixty days and have margins; one in ten is in the air.
"""

import math
import random
from collections.abc import Iterator
from typing import Any, Final

from tansiq.domain.operations.sphere import E7, RADIUS_METRES
from tansiq.domain.records import Body

MINUTE: Final = 60_000
DAYS: Final = 60
DEGREE: Final = RADIUS_METRES * math.pi / 180  # metres of latitude


def bodies(count: int, seed: int, start: int) -> Iterator[Body]:
    """So many activities that begin from ``start`` (ms) on, in the north of Iraq."""
    draw = random.Random(seed)
    for _ in range(count):
        begins = start + draw.randrange(DAYS * 24 * 60) * MINUTE
        body: Body = {
            "area": area(draw, (draw.uniform(35.0, 37.0), draw.uniform(42.5, 45.0)), 1_550),
            "begins": begins, "until": begins + draw.randint(60, 720) * MINUTE,
            "margin_metres": draw.choice((0, 0, 200, 500)),
            "margin_minutes": draw.choice((0, 0, 15, 30)),
        }  # fmt: skip
        if draw.random() < 0.1:
            body |= {"floor_metres": 300, "ceiling_metres": draw.choice((600, 3_000))}
        yield body


def area(draw: random.Random, middle: tuple[float, float], size: float) -> dict[str, Any]:
    """An area that reaches some ``size`` metres from a middle."""
    shape = draw.choices(("polygon", "circle", "corridor"), (2, 1, 1))[0]
    metres = 0
    if shape == "circle":
        corners, metres = [(0.0, 0.0)], round(size * draw.uniform(0.3, 1.4)) + 1
    elif shape == "corridor":
        turn, metres = draw.uniform(0, 6.28), round(size * draw.uniform(0.1, 0.4)) + 1
        corners = [(n * size * 0.7, turn + draw.uniform(-0.4, 0.4)) for n in range(-2, 3)]
    else:
        count = draw.randint(5, 20)
        corners = [
            (size * draw.uniform(0.6, 1.3), 6.2831853 * (n + draw.random() * 0.8) / count)
            for n in range(count)
        ]
    return {
        "shape": shape, "name": "", "grain": "exact", "metres": metres,
        "positions": [_position(middle, far, turn) for far, turn in corners],
    }  # fmt: skip


def _position(middle: tuple[float, float], far: float, turn: float) -> list[int]:
    """The position so many metres from a middle in a direction, also across the antimeridian."""
    lat = middle[0] + far * math.cos(turn) / DEGREE
    lon = middle[1] + far * math.sin(turn) / DEGREE / max(math.cos(math.radians(lat)), 1e-4)
    return [round(lat * E7), round(((lon + 180) % 360 - 180) * E7)]


def couples(count: int, seed: int, start: int) -> Iterator[tuple[Body, Body]]:
    """So many pairs in the hardest places: the antimeridian, the poles, centimetres apart, at the
    turn of a day, one inside the other.
    """
    draw = random.Random(seed)
    for _ in range(count):
        middle = draw.choice(((36.2, 44.0), (0.0, 179.9999), (-20.0, -180.0), (89.9, 10.0)))
        size = draw.choice((0.5, 50, 3_000, 90_000))
        one, other = (area(draw, middle, size * draw.choice((0.1, 1, 1))) for _ in range(2))
        if draw.random() < 0.3:  # the same corners, moved by centimetres
            other = one | {"positions": [[lat + draw.randint(0, 2), lon]
                                         for lat, lon in one["positions"]]}  # fmt: skip
        night = start - start % 86_400_000 + 86_400_000
        yield (
            {"area": one, "begins": night - 60 * MINUTE, "until": night + 60 * MINUTE,
             "margin_metres": draw.choice((0, 1, 500))},
            {"area": other, "begins": night + draw.choice((59, 60, -120)) * MINUTE,
             "until": night + 90 * MINUTE},
        )  # fmt: skip
