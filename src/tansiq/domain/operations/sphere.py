"""Distances on the sphere between points, lines and polygons, for the check of activities.

A position is a unit vector, so that the antimeridian and the poles are places like any other. An
edge is the shorter great circle between two positions. Everything here is right to a millimetre
for what lies within ``BOUNDS.area_reach_metres_max`` of one another's middle, also where edges are
as short as a centimetre: normals come from sums and differences, which lose no digits.
"""

from collections.abc import Sequence
from functools import cached_property
from math import asin, atan2, cos, degrees, hypot, inf, radians, sin, sqrt
from typing import Final, NamedTuple, TypeAlias

RADIUS_METRES: Final = 6_371_008.771_415  # the mean radius of WGS84
TOUCH_METRES: Final = 0.001  # what is closer than this touches
E7: Final = 10_000_000
_FEW: Final = 3  # edges that are looked at without asking first which are near
_SLACK: Final = 1e-12  # radians, 6 micrometres: what rounding may have taken from a bound

Vector: TypeAlias = tuple[float, float, float]
Position: TypeAlias = Sequence[int]  # latitude, longitude in 1e-7 degree


class Edge(NamedTuple):
    """The great circle from ``start`` to ``end``: its ``normal``, its middle, and half its length
    in radians. A point is an edge without length, whose normal is zero.
    """

    start: Vector
    end: Vector
    normal: Vector
    middle: Vector
    half: float


def vector(position: Position) -> Vector:
    """The unit vector of a position."""
    lat, lon = radians(position[0] / E7), radians(position[1] / E7)
    across = cos(lat)
    return across * cos(lon), across * sin(lon), sin(lat)


def position(at: Vector) -> tuple[int, int]:
    """The position of a vector of any length, latitude and longitude in 1e-7 degree."""
    x, y, z = at
    return round(degrees(atan2(z, hypot(x, y))) * E7), round(degrees(atan2(y, x)) * E7)


def dot(a: Vector, b: Vector) -> float:
    """The inner product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    """The cross product."""
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def angle(a: Vector, b: Vector) -> float:
    """How far apart two positions are, in radians."""
    x, y, z = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    return 2 * asin(min(1.0, sqrt(x * x + y * y + z * z) / 2))


def _unit(a: Vector) -> Vector:
    length = sqrt(dot(a, a))
    return (a[0] / length, a[1] / length, a[2] / length) if length else a


def edge(start: Vector, end: Vector) -> Edge:
    """The edge between two positions that are not opposite on the globe."""
    across = (start[0] + end[0], start[1] + end[1], start[2] + end[2])
    along = (start[0] - end[0], start[1] - end[1], start[2] - end[2])
    normal = _unit(cross(along, across))
    return Edge(start, end, normal, _unit(across), angle(start, end) / 2)


class Core:
    """What an area is without its radius: a point, a line along ``corners``, or (``filled``) the
    polygon with these corners, of which the inside is the smaller side.

    ``centre`` and ``reach`` (radians) are a circle that covers it.
    """

    def __init__(self, corners: Sequence[Vector], *, filled: bool = False) -> None:
        self.corners = tuple(corners)
        self.filled = filled
        first = self.corners[0]
        if len(self.corners) == 1:
            self.centre, self.reach = first, 0.0
        else:
            xs, ys, zs = zip(*self.corners, strict=True)
            self.centre = _unit((sum(xs), sum(ys), sum(zs)))
            self.reach = max(angle(self.centre, one) for one in self.corners) + _SLACK

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Its edges. Each corner begins one: the last of a line begins an edge without length."""
        following = (*self.corners[1:], self.corners[0 if self.filled else -1])
        return tuple(map(edge, self.corners, following))

    def holds(self, at: Vector) -> bool:
        """Whether a position lies inside; of one on the border it may say either."""
        if not self.filled:
            return False
        x, y, z = at
        a, b, c = self.centre
        a, b, c = x - a, y - b, z - c
        if a * a + b * b + c * c > self.reach * self.reach:  # a chord is shorter than its arc
            return False
        # Half a great circle from ``at`` to the opposite of it, which is outside, crosses the
        # border an odd number of times. It runs where y is 0 and x positive.
        aside = _unit((-y, x, 0.0) if abs(z) < abs(x) + abs(y) else (0.0, -z, y))
        up = cross(at, aside)
        inside = False
        last = self.corners[-1]
        last_x, last_y = dot(last, aside), dot(last, up)
        (a, b, c), (x, y, z) = aside, up
        for i, j, k in self.corners:
            here_x, here_y = a * i + b * j + c * k, x * i + y * j + z * k
            if (here_y > 0) is not (last_y > 0):
                passes = last_x * here_y - here_x * last_y
                inside ^= (passes > 0) is (here_y > last_y)
            last_x, last_y = here_x, here_y
        return inside


def apart(one: Core, other: Core, most: float = inf, enough: float = 0.0) -> float:
    """How far apart two cores are, in radians: 0 where they meet. What is further apart than
    ``most`` may come out as any number above that, and what is closer than ``enough`` as any below.
    """
    if one.holds(other.corners[0]) or other.holds(one.corners[0]):
        return 0.0
    best = min(most, 4.0) + _SLACK
    theirs = _within(other, one.centre, one.reach + best)
    if not theirs:
        return inf
    for mine in _within(one, other.centre, other.reach + best):
        mx, my, mz = mine[3]
        reach = mine[4] + best
        for there in theirs:
            ox, oy, oz = there[3]
            x, y, z, bound = mx - ox, my - oy, mz - oz, reach + there[4]
            if x * x + y * y + z * z <= bound * bound:
                found = closest(mine, there, best)
                if found <= enough:
                    return found
                if found < best:
                    best = found
                    reach = mine[4] + best
    return best if best <= most else inf


def _within(core: Core, centre: Vector, reach: float) -> Sequence[Edge]:
    """The edges that come within ``reach`` of a position. A chord is never longer than its arc."""
    if len(core.edges) <= _FEW:
        return core.edges
    cx, cy, cz = centre
    return [
        one
        for one in core.edges
        for x, y, z in (one[3],)
        if (x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2 <= (reach + one[4]) ** 2
    ]


def closest(one: Edge, other: Edge, best: float) -> float:
    """The smaller of ``best`` and of the distances from the start of each of two edges to the other
    edge; 0 where they cross.
    """
    # The products are written out: this is where the time of a check goes.
    a, b, (x, y, z), *_ = one
    c, d, (u, v, w), *_ = other
    start = x * c[0] + y * c[1] + z * c[2]
    ours = u * a[0] + v * a[1] + w * a[2]
    end = x * d[0] + y * d[1] + z * d[2]
    if start * end < 0:
        ends = u * b[0] + v * b[1] + w * b[2]
        if ours * ends < 0 and start * ends > 0:
            return 0.0
    if -best < start < best:
        best = min(best, _beside(one, c, abs(start)))
    if -best < ours < best:
        best = min(best, _beside(other, a, abs(ours)))
    return best


def _beside(line: Edge, at: Vector, off: float) -> float:
    """How far a position is from an edge, in radians; ``off`` is the sine of how far it is from the
    whole great circle.
    """
    ahead, behind = cross(line.normal, line.start), cross(line.end, line.normal)
    if dot(ahead, at) > 0 and dot(behind, at) > 0:
        return asin(min(1.0, off))
    return min(angle(line.start, at), angle(line.end, at))


def crossing(corners: Sequence[Vector]) -> Vector | None:
    """Where the border of a polygon crosses or touches itself; None where it is sound."""
    edges = Core(corners, filled=True).edges
    touch = TOUCH_METRES / RADIUS_METRES
    count = len(edges)
    for n, one in enumerate(edges):
        if 2 * one.half <= touch:
            return one.start
        for m in range(n + 1, count):
            found = _meets(one, edges[m], touch, next_to=m - n == 1, before=m - n == count - 1)
            if found is not None:
                return found
    return None


def _meets(one: Edge, other: Edge, touch: float, *, next_to: bool, before: bool) -> Vector | None:
    """Where two edges of a border meet beyond the corner that they share, if they share one."""
    if next_to or before:
        # A spike: the far end of one lies on the other.
        pairs = []
        if next_to:
            pairs += [(one, other.end), (other, one.start)]
        if before:
            pairs += [(one, other.start), (other, one.end)]
        for line, at in pairs:
            if _beside(line, at, abs(dot(line.normal, at))) <= touch:
                return at
        return None
    near = one.half + other.half + touch
    if angle(one.middle, other.middle) > near:
        return None
    start, end = dot(one.normal, other.start), dot(one.normal, other.end)
    ours, ends = dot(other.normal, one.start), dot(other.normal, one.end)
    if start * end < 0 and ours * ends < 0 and start * ends > 0:
        share = start / (start - end)
        a, b = other.start, other.end
        return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]),
                a[2] + share * (b[2] - a[2]))  # fmt: skip
    ends_at = ((one, other.start), (one, other.end), (other, one.start), (other, one.end))
    for line, at in ends_at:
        if _beside(line, at, abs(dot(line.normal, at))) <= touch:
            return at
    return None
