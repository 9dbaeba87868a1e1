"""Whether two activities meet: areas on the sphere, their times, their heights, and the index."""

import datetime as dt
from math import pi
from zoneinfo import ZoneInfo

import pytest

from tansiq.domain.areas import checked_area
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.operations.cells import COLUMNS, Index, bands, box_around, entry, level_of, pairs
from tansiq.domain.operations.spells import NEVER, spells_of
from tansiq.domain.operations.sphere import RADIUS_METRES, angle, vector
from tansiq.domain.operations.volumes import (
    CLEAR,
    Near,
    Overlap,
    meets,
    metres_between,
    volume_of,
)

E7 = 10_000_000
BAGHDAD = ZoneInfo("Asia/Baghdad")
CENTIMETRE = 1  # of latitude, in 1e-7 degree: 1.1 cm
HOUR = 3_600_000
DEGREE = RADIUS_METRES * pi / 180  # metres of latitude


def moment(text):
    """Milliseconds of a local time such as 2026-06-01 22:00."""
    return round(dt.datetime.fromisoformat(text).replace(tzinfo=BAGHDAD).timestamp() * 1000)


def area(shape, *positions, metres=0):
    return {
        "shape": shape, "name": "", "grain": "exact", "metres": metres,
        "positions": [[round(lat * E7), round(lon * E7)] for lat, lon in positions],
    }  # fmt: skip


def circle(lat, lon, metres):
    return area("circle", (lat, lon), metres=metres)


def square(lat, lon, side):
    return area("polygon", (lat, lon), (lat, lon + side), (lat + side, lon + side),
                (lat + side, lon))  # fmt: skip


def body(where, begins="2026-06-01 10:00", until="2026-06-01 12:00", **more):
    return {"area": where, "begins": moment(begins), "until": moment(until)} | more


def answer(one, other, since=0):
    found, back = (
        meets(volume_of(a), volume_of(b), since) for a, b in ((one, other), (other, one))
    )
    assert type(found) is type(back), "who is asked first must not matter"
    return found


def test_a_circle_is_never_a_polygon_inside_it():
    """Two circles that touch overlap, in every direction, where any polygon drawn inside would not
    reach the other; a centimetre further they are near, or clear.
    """
    for lat, lon in ((36 + 2000 / DEGREE, 44.0), (36.0, 44 + 2000 / DEGREE / 0.8090172)):
        other = circle(lat, lon, 1000)
        between = angle(vector((36 * E7, 44 * E7)), vector((round(lat * E7), round(lon * E7))))
        gap = between * RADIUS_METRES - 2000
        assert abs(gap) < 0.02
        wide = answer(body(circle(36, 44, 1001)), body(other))
        assert isinstance(wide, Overlap)
        narrow = answer(body(circle(36, 44, 999)), body(other))
        assert narrow is CLEAR
        margin = answer(body(circle(36, 44, 999), margin_metres=2), body(other))
        assert isinstance(margin, Near)
        assert margin.metres == (1 if gap > -0.001 else 0)


@pytest.mark.parametrize(("shift", "wanted"), [(0, Overlap), (-CENTIMETRE, Overlap),
                                               (CENTIMETRE, Near)])  # fmt: skip
def test_a_centimetre_decides(shift, wanted):
    """Edges that touch and overlaps of one centimetre overlap; one centimetre apart is near."""
    low, high = square(36, 44, 0.01), square(36.01, 44, 0.01)
    for corner in high["positions"]:
        corner[0] += shift
    # The upper edge of the lower square bulges to the north as the lower one of the other does.
    found = answer(body(low, margin_metres=1), body(high))
    assert isinstance(found, wanted)
    assert wanted is Overlap or found.metres == 0


def test_what_lies_inside_overlaps_whatever_it_is():
    """A circle, a corridor or a polygon inside a polygon overlaps it although no edges cross, also
    across the antimeridian and around a pole; in a hole that a corner leaves, nothing does.
    """
    for lat, lon in ((36, 44), (-0.05, 179.95), (70, -180)):
        wide = square(lat, lon, 0.1)
        wide["positions"] = [[a, (b + 180 * E7) % (360 * E7) - 180 * E7]
                             for a, b in wide["positions"]]  # fmt: skip
        inside = lat + 0.05, (lon + 0.05 + 180) % 360 - 180
        road = area("corridor", inside, (inside[0] + 0.01, inside[1]), metres=4)
        for small in (circle(*inside, 10), square(*inside, 0.001), road):
            assert isinstance(answer(body(wide), body(small)), Overlap), (lat, lon)
    around = area("polygon", (89, 0), (89, 120), (89, -120))
    assert isinstance(answer(body(around), body(circle(90, 17, 5))), Overlap)
    assert answer(body(around), body(circle(87, 60, 5))) is CLEAR
    hook = area("polygon", (36, 44), (36, 44.1), (36.1, 44.1), (36.01, 44.01))
    assert answer(body(hook), body(circle(36.06, 44.04, 100))) is CLEAR


def test_a_corridor_is_as_wide_as_it_says():
    """Half its width lies on each side of its line, at its ends too."""
    road = area("corridor", (36, 44), (36, 44.2), metres=2000)
    for lat, lon in ((36.1, 44.1), (36.0, 44.3)):
        there = volume_of(body(circle(lat, lon, 1)))
        thin = area("corridor", (36, 44), (36, 44.2), metres=1)
        plain = metres_between(volume_of(body(thin, margin_metres=50_000)), there)
        wide = metres_between(volume_of(body(road, margin_metres=50_000)), there)
        assert plain - wide == pytest.approx(999.5, abs=0.001)


def test_margins_of_both_add():
    """What stays apart by less than both margins together is near, with the metres and minutes that
    lie between them; by as much or more it is clear.
    """
    one = body(circle(36, 44, 500), margin_metres=300, margin_minutes=20)

    def at(metres, until="2026-06-01 10:00", **more):
        other = circle(36 + (1000 + metres) / DEGREE, 44, 500)
        return answer(one, body(other, begins="2026-06-01 08:00", until=until, **more))

    found = at(400.5, until="2026-06-01 09:30", margin_metres=200, margin_minutes=20)
    assert isinstance(found, Near)
    assert (found.metres, found.minutes) == (400, 30)
    assert at(501, until="2026-06-01 09:30", margin_metres=200, margin_minutes=20) is CLEAR
    assert at(400, until="2026-06-01 09:30", margin_metres=200, margin_minutes=10) is CLEAR
    assert isinstance(at(-5, until="2026-06-01 09:50"), Near)
    assert isinstance(at(-5, until="2026-06-01 10:01"), Overlap)
    assert at(299, until="2026-06-01 11:00").minutes == 0


def test_times_are_half_open_and_cross_midnight():
    """What ends as another begins does not overlap it; what lasts beyond midnight meets what is
    there after it.
    """
    here = circle(36, 44, 500)
    night = body(here, "2026-06-01 22:00", "2026-06-02 02:00")
    assert answer(night, body(here, "2026-06-02 02:00", "2026-06-02 04:00")) is CLEAR
    assert isinstance(answer(night, body(here, "2026-06-02 01:59", "2026-06-02 04:00")), Overlap)
    assert answer(night, body(here, "2026-06-01 20:00", "2026-06-01 22:00")) is CLEAR


def test_what_repeats_meets_by_the_clock_of_its_area():
    """Every night is looked at, each beyond midnight, up to the last day that it begins on; what is
    over is not.
    """
    here = circle(36, 44, 500)
    nights = body(here, "2026-06-01 22:00", "2026-06-02 02:00", repeats="daily",
                  repeats_until="2026-06-05")  # fmt: skip
    found = answer(nights, body(here, "2026-06-06 01:00", "2026-06-06 09:00"))
    assert isinstance(found, Overlap)
    assert found.ours == (moment("2026-06-05 22:00"), moment("2026-06-06 02:00"))
    assert answer(nights, body(here, "2026-06-06 22:00", "2026-06-06 23:00")) is CLEAR
    mornings = body(here, "2026-06-03 08:00", "2026-06-03 09:00", repeats="weekly",
                    repeats_until="2026-07-01")  # fmt: skip
    assert answer(nights, mornings) is CLEAR
    early = body(here, "2026-05-27 01:00", "2026-05-27 03:00", repeats="weekly",
                 repeats_until="2026-07-01")  # fmt: skip
    assert isinstance(answer(nights, early), Overlap)
    assert answer(nights, early, since=moment("2026-06-03 03:00")) is CLEAR
    summer = {"begins": moment("2005-03-31 10:00"), "until": moment("2005-03-31 11:00"),
              "repeats": "daily", "repeats_until": "2005-04-02"}  # fmt: skip
    assert [one.begins for one in spells_of(summer)] == [
        moment(f"2005-{day} 10:00") for day in ("03-31", "04-01", "04-02")
    ], "ten in the morning stays ten when the clocks change"


def test_open_ends_meet_everything_on_their_side():
    """What does not say when it ends lasts for ever, what does not say when it begins always was,
    and what repeats without a last day never ends.
    """
    here = circle(36, 44, 500)
    then = body(here, "2030-01-01 10:00", "2030-01-01 11:00")
    begun, ended = body(here), body(here)
    del begun["until"], ended["begins"]
    assert isinstance(answer(begun, then), Overlap)
    assert answer(ended, then) is CLEAR
    assert isinstance(answer(ended, body(here, "2001-01-01 10:00", "2001-01-01 11:00")), Overlap)
    assert spells_of(body(here, repeats="daily"))[-1].until == NEVER
    many = body(here, repeats="daily", repeats_until="2099-01-01")
    assert [len(spells_of(many)), spells_of(many)[0].until] == [1, moment("2099-01-01 12:00")]
    last = body(here, repeats="weekly", repeats_until="9999-12-31")
    assert spells_of(last | {"begins": BOUNDS.moment_max - 9, "until": BOUNDS.moment_max})


def test_heights_keep_apart():
    """From the floor up to the ceiling, which is not in it; without a floor from the ground,
    without a ceiling without end. A margin is none in height.
    """
    here = circle(36, 44, 500)
    low, high = body(here, ceiling_metres=300), body(here, floor_metres=300, margin_metres=500)
    assert answer(low, high) is CLEAR
    assert isinstance(answer(low, body(here, floor_metres=299)), Overlap)
    assert isinstance(answer(high, body(here)), Overlap)
    assert isinstance(answer(low, body(here, floor_metres=0, ceiling_metres=1)), Overlap)


CROSSED = [
    ("bow", [(36, 44), (36.1, 44.1), (36.1, 44), (36, 44.1)], "36.05004, 44.05000"),
    ("a corner on an edge", [(36, 44.1), (36, 44), (36.1, 44), (36.1, 44.1), (36.05, 44)],
     "36.05000, 44.00000"),
    ("twice the same corner", [(36, 44), (36, 44), (36.1, 44)], "36.00000, 44.00000"),
    ("closed by its first corner", [(36, 44), (36, 44.1), (36.1, 44), (36, 44)], "36.00000, 44.00"),
    ("a spike", [(36, 44), (36, 44.1), (36.1, 44.1), (36, 44.1)], "36.00000, 44.10000"),
]  # fmt: skip


@pytest.mark.parametrize(("corners", "at"), [row[1:] for row in CROSSED],
                         ids=[row[0] for row in CROSSED])  # fmt: skip
def test_a_border_that_crosses_or_touches_itself_is_refused_with_the_place(corners, at):
    """Nobody is left to guess which side of a crossed border is inside."""
    with pytest.raises(InputError) as refused:
        checked_area(area("polygon", *corners))
    assert refused.value.code == "area_crossed"
    assert at in str(refused.value.values["at"])


def test_an_area_has_one_inside():
    """An area so wide that either side could be meant is refused; a sound one of the largest size
    is not.
    """
    for wide in (area("polygon", (90, 0), (0, 0), (0, 90)), area("corridor", (0, 0), (0, 180),
                                                                metres=5)):  # fmt: skip
        with pytest.raises(InputError, match="wide"):
            checked_area(wide)
    assert checked_area(area("polygon", (30, 40), (30, 50), (40, 50), (40, 40)))


def test_without_an_area_there_is_nothing_to_compare():
    """What a partner tells without its area is no volume."""
    assert volume_of({"begins": 5, "until": 6}) is None


def test_cells_cover_from_outside():
    """Whoever meets stands in a cell of the other: over the antimeridian, at the poles, between
    the smallest and the largest, for a day and for ever.
    """
    places = [(36, 44), (36.02, 44.02), (0, 180), (0.01, -180), (89.99, 12), (90, 0), (-90, 77),
              (-89.98, -170), (36, 44.5)]  # fmt: skip
    late = {"begins": moment("2026-06-02 09:00"), "until": moment("2026-06-02 10:00")}
    entries = []
    for lat, lon in places:
        for metres in (1, 3_000, 90_000, 1_000_000):
            for more in ({}, late, {"until": moment("2026-06-03 12:00")},
                         {"until": moment("2030-01-01")},
                         {"begins": moment("2026-06-02 00:00"), "until": moment("2026-06-02 05:00"),
                          "margin_minutes": 11 * 60, "margin_metres": 900}):  # fmt: skip
                entries.append(
                    entry(len(entries), volume_of(body(circle(lat, lon, metres)) | more))
                )
    wanted = {
        (one.name, other.name)
        for n, one in enumerate(entries) for other in entries[:n]
        if meets(one.volume, other.volume)
    }  # fmt: skip
    found = [tuple(sorted((a.name, b.name), reverse=True)) for a, b in pairs(entries)]
    assert len(found) == len(set(found)), "each pair comes once"
    assert wanted <= set(found)
    index = Index(entries)
    for one in entries:
        near = [other.name for other in index.near(one)]
        assert len(near) == len(set(near))
        assert {b for a, b in wanted if a == one.name} <= set(near)
    assert level_of(box_around(vector((36 * E7, 44 * E7)), 1_500 / RADIUS_METRES)) == 0
    everywhere = bands(box_around((0.0, 0.0, 1.0), 4.0), len(COLUMNS) - 1)
    assert sum(band.last - band.first + 1 for band in everywhere) == 8
