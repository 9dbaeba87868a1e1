"""What must hold of areas on the sphere, against a library that others wrote (S2 by spherely):
distances to a millimetre, and which polygons are sound.

Areas lie anywhere: on the antimeridian, at the poles, in Iraq; from a centimetre to a hundred
kilometres wide, and from touching to far apart.
"""

import datetime as dt
import math

import pytest
import spherely
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tansiq.domain.areas import checked_area
from tansiq.domain.errors import InputError
from tansiq.domain.operations.cells import entry, pairs
from tansiq.domain.operations.sphere import E7, RADIUS_METRES
from tansiq.domain.operations.volumes import MINUTE_MS, Near, Overlap, meets, volume_of

EXACT = 0.001  # metres
_MIDDLES = st.sampled_from(
    [(36.2, 44.0), (0.0, 179.9999), (-0.001, -180.0), (89.9995, 10.0), (-89.9, -60.0), (51.0, 0.0)]
)
_SIZES = st.sampled_from([0.01, 1, 40, 900, 3_000, 100_000])  # metres


@st.composite
def areas(draw, middle, size):
    """An area of about ``size`` metres, that far from a middle at most."""
    shape = draw(st.sampled_from(["circle", "corridor", "polygon"]))
    count = {"circle": 1, "corridor": draw(st.integers(2, 6)), "polygon": draw(st.integers(3, 7))}
    share = st.floats(-1, 1, allow_nan=False)
    here = _moved(middle, draw(share) * size * 3, draw(share) * size * 3)
    if shape == "polygon":
        turns = sorted(draw(st.lists(st.integers(0, 359), min_size=count[shape],
                                     max_size=count[shape], unique=True)))  # fmt: skip
        out = [(math.radians(turn), size * draw(st.floats(0.2, 1))) for turn in turns]
        corners = [_moved(here, far * math.sin(turn), far * math.cos(turn)) for turn, far in out]
    else:
        corners = [here]
        while len(corners) < count[shape]:
            corners.append(_moved(here, draw(share) * size, draw(share) * size))
    metres = 0 if shape == "polygon" else draw(st.integers(1, max(2, int(size))))
    return {
        "shape": shape, "name": "", "grain": "exact", "metres": metres,
        "positions": [[round(lat * E7), round(lon * E7)] for lat, lon in corners],
    }  # fmt: skip


def _moved(start, north, east):
    """So many metres to the north and then to the east, over the pole where it lies in between."""
    lat = start[0] + math.degrees(north / RADIUS_METRES)
    lon = start[1]
    if abs(lat) > 90:
        lat, lon = math.copysign(180, lat) - lat, lon + 180
    circle = max(math.cos(math.radians(lat)), 1e-4) * RADIUS_METRES
    return lat, (lon + math.degrees(east / circle) + 180) % 360 - 180


@st.composite
def couples(draw):
    middle, size = draw(_MIDDLES), draw(_SIZES)
    return draw(areas(middle, size)), draw(areas(middle, size))


def _sound(area):
    try:
        return checked_area(area)
    except InputError:
        return None


def _theirs(area):
    """The core of an area as spherely has it."""
    corners = [(lon / E7, lat / E7) for lat, lon in area["positions"]]
    if area["shape"] == "circle":
        return spherely.create_point(*corners[0])
    if area["shape"] == "corridor":
        return spherely.create_linestring(corners)
    return spherely.create_polygon(corners, oriented=False)


def _radius(area):
    return area["metres"] / (2 if area["shape"] == "corridor" else 1)


def _oracle(one, other):
    cores = _theirs(one), _theirs(other)
    apart = 0.0 if spherely.intersects(*cores) else spherely.distance(*cores, radius=RADIUS_METRES)
    return apart - _radius(one) - _radius(other)


def _body(area, **more):
    return {"area": area, "begins": 3_600_000, "until": 7_200_000} | more


@given(couple=couples(), margins=st.tuples(st.integers(0, 5_000), st.integers(0, 5_000)))
def test_areas_meet_as_an_independent_library_says(couple, margins):
    """Overlap, near with its metres, or clear, whoever is asked first; within a millimetre of a
    bound either may be said.
    """
    one, other = couple
    assume(all(len({tuple(p) for p in a["positions"]}) == len(a["positions"]) for a in couple))
    assume(_sound(one) and _sound(other))
    gap = _oracle(one, other)
    volumes = [
        volume_of(_body(area, margin_metres=margin))
        for area, margin in zip(couple, margins, strict=True)
    ]
    for ours, theirs in (volumes, volumes[::-1]):
        found = meets(ours, theirs)
        if isinstance(found, Overlap):
            assert gap <= 2 * EXACT
        elif isinstance(found, Near):
            assert gap >= -EXACT
            assert found.metres - EXACT <= gap <= min(found.metres + 1, sum(margins)) + 2 * EXACT
        else:
            assert gap > sum(margins) - EXACT
            continue
        # Who meets is found by the index too.
        assert len(list(pairs([entry(0, ours), entry(1, theirs)]))) == 1


@st.composite
def borders(draw):
    """The corners of polygons that may cross themselves."""
    middle, size = draw(_MIDDLES), draw(st.sampled_from([5, 900, 100_000]))
    share = st.floats(-1, 1)
    count = draw(st.integers(3, 9))
    corners = [_moved(middle, draw(share) * size, draw(share) * size) for _ in range(count)]
    return [[round(lat * E7), round(lon * E7)] for lat, lon in corners]


@given(positions=borders())
@example(positions=[[0, 0], [0, E7], [E7, E7], [E7, 0]])
def test_a_border_is_sound_where_an_independent_library_takes_it(positions):
    """What it refuses is refused; what is refused here it refuses too, or its border comes within a
    millimetre of itself.
    """
    area = {"shape": "polygon", "name": "", "grain": "exact", "metres": 0, "positions": positions}
    try:
        _theirs(area)
    except ValueError:
        with pytest.raises(InputError):
            checked_area(area)
        return
    if _sound(area) is None:
        assert _closest(positions) <= 1.1 * EXACT


def _closest(positions):
    """How close (metres) the border comes to itself beside its corners: corners to edges that they
    are not of.
    """
    corners = [(lon / E7, lat / E7) for lat, lon in positions]
    count = len(corners)
    found = [
        spherely.distance(
            spherely.create_point(*corners[n]),
            spherely.create_linestring([corners[m], corners[(m + 1) % count]]),
            radius=RADIUS_METRES,
        )
        for n in range(count)
        for m in range(count)
        if n not in (m, (m + 1) % count)
    ]
    return min(found)


_TIMES = st.integers(0, 400)  # tens of minutes


@given(
    one=st.tuples(_TIMES, st.integers(1, 60)), other=st.tuples(_TIMES, st.integers(1, 60)),
    margins=st.tuples(st.integers(0, 90), st.integers(0, 90)), repeats=st.booleans(),
)  # fmt: skip
def test_times_meet_as_counting_minute_by_minute_says(one, other, margins, repeats):
    """Every ten minutes are looked at: what is taken in both overlaps, else the gap is counted."""
    area = {"shape": "circle", "name": "", "grain": "exact", "metres": 5,
            "positions": [[36 * E7, 44 * E7]]}  # fmt: skip
    day, start = 144, 18_000 * 144

    def made(spell, margin, *, again):
        begins, lasts = spell
        more = {"repeats": "daily", "repeats_until": "2019-04-20"} if again else {}
        ten = 10 * MINUTE_MS
        found = volume_of(_body(area, begins=(start + begins) * ten,
                                until=(start + begins + lasts) * ten,
                                margin_minutes=margin) | more)  # fmt: skip
        first = (start + begins) * ten
        # The last day on which it begins, in Baghdad.
        last = max((_day("2019-04-20") - (first + 3 * 3_600_000) // 86_400_000), 0) if again else 0
        taken = {
            begins + days * day + n for days in range(last + 1) for n in range(lasts)
        }  # fmt: skip
        return found, taken

    ours, mine = made(one, margins[0], again=repeats)
    theirs, others = made(other, margins[1], again=False)
    gap = 10 * min(max(abs(a - b) - 1, 0) for a in mine for b in others)
    found = meets(ours, theirs)
    if mine & others:
        assert isinstance(found, Overlap)
    elif gap < sum(margins):
        assert found.minutes == gap
    else:
        assert not found


def _day(text):
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days
