"""Areas in files for other people's maps: covered from outside, never less than what was said."""

import itertools
from math import cos, hypot, pi, radians, sin

import pytest

from tansiq.domain.areas import METRES_PER_DEGREE
from tansiq.domain.places import E7
from tansiq.web.shell.geo import rings
from tests.activities import GWER, SPOT

SQUARE = {
    "shape": "polygon", "name": "", "metres": 0, "grain": "exact",
    "positions": [[350_000_000, 430_000_000], [351_000_000, 430_000_000],
                  [351_000_000, 431_000_000], [350_000_000, 431_000_000]],
}  # fmt: skip


def inside(ring, at):
    """Whether a point lies in a ring."""
    found = False
    for (ax, ay), (bx, by) in itertools.pairwise(ring):
        crosses = (ay > at[1]) != (by > at[1])
        if crosses and at[0] < (bx - ax) * (at[1] - ay) / (by - ay) + ax:
            found = not found
    return found


def around(at, metres):
    """Points on a circle about a point."""
    narrow = cos(radians(at[1]))
    for n in range(97):
        turn = 2 * pi * n / 97
        yield (
            at[0] + metres * cos(turn) / METRES_PER_DEGREE / narrow,
            at[1] + metres * sin(turn) / METRES_PER_DEGREE,
        )


@pytest.mark.parametrize("area", [SPOT, GWER], ids=["circle", "corridor"])
def test_nothing_of_the_area_is_left_out(area):
    """Each point on its border lies in one of the polygons, also at ends and between them."""
    covered = rings(area)
    ends = [(lon / E7, lat / E7) for lat, lon in area["positions"]]
    half = area["metres"] / (1 if area["shape"] == "circle" else 2)
    middles = ends
    if len(ends) > 1:
        (ax, ay), (bx, by) = ends
        middles = [(ax + (bx - ax) * n / 20, ay + (by - ay) * n / 20) for n in range(21)]
    for middle in middles:
        for at in around(middle, half):
            assert any(inside(ring, at) for ring in covered), at


def test_it_is_little_more_than_the_area():
    """No corner lies more than a hundredth farther out than the border."""
    (ring,) = rings(SPOT)
    lat, lon = (one / E7 for one in SPOT["positions"][0])
    far = [hypot((x - lon) * cos(radians(lat)), y - lat) * METRES_PER_DEGREE for x, y in ring]
    assert SPOT["metres"] <= min(far)
    assert max(far) < SPOT["metres"] * 1.01


def test_a_polygon_is_itself_and_runs_anticlockwise():
    """As the standard of the file asks, whichever way it was drawn."""
    (ring,) = rings(SQUARE)
    (turned,) = rings({**SQUARE, "positions": SQUARE["positions"][::-1]})
    assert ring[0] == ring[-1]
    for one in (ring, turned):
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(one)) > 0
    assert set(ring) == set(turned)
