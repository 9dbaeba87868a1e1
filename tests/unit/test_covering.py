"""Cells that cover an activity: never a false "clear", and a false "near" only within the error."""

import random
from contextlib import suppress
from dataclasses import replace

import pytest

from bench.activities import area, couples
from tansiq.domain.errors import InputError
from tansiq.domain.operations import covering, sealing
from tansiq.domain.operations.covering import HOUR_MS, elements_of, square_kilometres
from tansiq.domain.operations.sealing import Spent, answer_of, left, wanted
from tansiq.domain.operations.volumes import MINUTE_MS, Near, Overlap, meets, volume_of
from tests.activities import GWER, SPOT, body
from tests.world import DAY, HOUR, START

WORST = {"overlap": 2, "near": 1, "clear": 0}
DIAGONAL = 3_200  # metres, of a cell between 30 and 40 degrees
MOST = 6_000


def told(one, other) -> str:
    """What a sealed check says of two bodies."""
    ours, theirs = (
        elements_of(found, START - 40 * DAY, found.until, MOST)
        for found in (volume_of(one), volume_of(other))
    )
    return answer_of(ours & theirs)


def openly(one, other, more=0) -> str:
    """What the open check says, with all margins wider by ``more`` metres and an hour."""
    ours, theirs = volume_of(one), volume_of(other)
    if more:
        wide = {
            "margin_metres": ours.margin_metres + more,
            "margin_minutes": ours.margin_minutes + 60,
        }
        ours = replace(ours, **wide)
    found = meets(ours, theirs)
    return (
        "overlap" if isinstance(found, Overlap) else "near" if isinstance(found, Near) else "clear"
    )


def pairs(count, seed):
    """Activities in the north of Iraq that lie close to one another in place and time."""
    draw = random.Random(seed)
    for _ in range(count):
        made = []
        for _ in range(2):
            at = (draw.uniform(35.7, 35.9), draw.uniform(43.5, 43.8))
            begins = START + draw.randint(0, 12 * 60) * MINUTE_MS
            made.append(
                {"area": area(draw, at, 1_550), "begins": begins,
                 "until": begins + draw.randint(30, 300) * MINUTE_MS,
                 "margin_metres": draw.choice((0, 500, 2_000)),
                 "margin_minutes": draw.choice((0, 30))}
            )  # fmt: skip
        yield tuple(made)


def test_clear_is_never_said_wrongly_and_errors_stay_within_a_cell() -> None:
    """A sealed check says at least what the open one does; where it says more, the open one with
    margins wider by a cell and an hour says so too.
    """
    seen = set()
    for one, other in pairs(300, 1):
        sealed, plain = told(one, other), openly(one, other)
        assert WORST[sealed] >= WORST[plain]
        if sealed != "clear":
            assert openly(one, other, DIAGONAL) != "clear"
        seen.add((sealed, plain))
    assert {("clear", "clear"), ("near", "near"), ("overlap", "overlap"), ("near", "clear")} <= seen


def test_the_antimeridian_the_poles_and_the_turn_of_a_day() -> None:
    """Nothing is lost where columns go round, where they narrow, or at midnight: such a pair is
    compared as any other, or said to be too large to be asked about.
    """
    compared = 0
    for one, other in couples(60, 2, START):
        with suppress(InputError):
            sealed = told(one, other)
            compared += 1
            assert WORST[sealed] >= WORST[openly(one, other)]
    assert compared > 20


def test_touching_times_do_not_meet_at_the_hour() -> None:
    """What ends at nine and what begins at nine share no hour."""
    nine = START - START % HOUR_MS + HOUR_MS
    ours = body(begins=nine - HOUR_MS, until=nine, margin_metres=0, margin_minutes=0)
    theirs = body(begins=nine, until=nine + HOUR_MS, margin_metres=0, margin_minutes=0)
    assert told(ours, theirs) == "clear"
    assert told(ours, body(begins=nine - 1, until=nine + 1)) == "overlap"


def test_sizes_of_areas() -> None:
    """Circles, corridors and polygons are measured in square kilometres, rounded up."""
    assert square_kilometres(SPOT) == 29
    assert square_kilometres(GWER) == 64
    square = [[357_000_000, 435_000_000], [357_000_000, 436_000_000],
              [358_000_000, 436_000_000], [358_000_000, 435_000_000]]  # fmt: skip
    plain = {"shape": "polygon", "name": "", "positions": square, "metres": 0, "grain": "exact"}
    assert square_kilometres(plain) == 101


def test_what_may_be_asked_about() -> None:
    """An activity within the bounds says how large it is; whatever is over, too far, too large, too
    long or has too many cells is refused by name.
    """
    found = wanted(body(), START)
    assert (found.kilometres, found.hours) == (64, 4)
    assert found.size in (1_000, 2_500)
    assert len(found.elements) <= found.size
    large = {**SPOT, "metres": 12_000}
    for more, code in (
        ({"begins": START - DAY, "until": START - HOUR, "margin_minutes": 0}, "sealed_over"),
        ({"begins": START + 40 * DAY, "until": START + 40 * DAY + HOUR}, "sealed_far"),
        ({"area": large}, "sealed_area"),
        ({"until": START + 60 * HOUR}, "sealed_hours"),
        ({"area": {**SPOT, "metres": 11_000}, "until": START + 40 * HOUR}, "sealed_many"),
        ({"margin_metres": 50_000}, "sealed_many"),
    ):
        with pytest.raises(InputError) as refused:
            wanted(body(**more), START)
        assert refused.value.code == code


def test_what_a_node_answers_with_is_whole_or_nothing() -> None:
    """All that is planned within reach is in the answer; more than fits refuses it, and leaves
    nothing out. What lies beyond the reach does not count.
    """
    near, far = body(), body(begins=START + 40 * DAY, until=START + 40 * DAY + HOUR)
    found = sealing.taken([near], START)
    assert found == sealing.taken([near, far], START)
    assert answer_of(found & wanted(body(), START).elements) == "overlap"
    daily = body(repeats="daily", repeats_until="2021-06-01", margin_metres=9_000)
    north = [[367_000_000, 428_000_000], [370_000_000, 428_000_000]]
    elsewhere = {**daily, "area": {**GWER, "positions": north}}
    for one in (daily, elsewhere):
        assert sealing.taken([one], START)
    with pytest.raises(InputError):
        sealing.taken([daily, elsewhere], START)


def test_budget_of_a_day() -> None:
    """Ten checks, and ten thousand elements, in any 24 hours: not ten before midnight and ten
    after.
    """
    spent = [Spent(START + n * HOUR, 250) for n in range(10)]
    assert left(spent, START + 9 * HOUR).checks == 0
    assert not left(spent, START + 9 * HOUR).allows(250)
    assert left(spent, START + 24 * HOUR).checks == 1
    two = [Spent(START, 5_000), Spent(START, 5_000)]
    assert left(two, START).checks == 8
    assert not left(two, START).allows(250)
    assert left([], START).allows(5_000)


def test_what_a_curious_partner_learns_in_a_month() -> None:
    """Who spends the whole budget on other cells each time learns a twentieth of a month of a
    province; spent on one week alone, from the moment when a node first answers for it, a ninth.
    """
    province_week = 40_000 * 1_000_000 // (2_040 * 2_000) * 24 * 7  # cells of area and time
    aimed = learned(sealing.REACH_MS // DAY + 7)
    assert 0.05 < aimed / province_week < 1 / 9
    assert learned(28) / (4 * province_week) < 1 / 20


def learned(days) -> int:
    """Of how many cells one may hear in so many days: one label of each, the most that can be."""
    spent: list[Spent] = []
    for hour in range(days * 24):
        now = START + hour * HOUR_MS
        while left(spent, now).allows(5_000):
            spent.append(Spent(now, 5_000))
    return sum(one.size for one in spent)


def test_cells_are_the_same_everywhere() -> None:
    """Rows and columns fit the globe whole, so that no cell is cut where it goes round."""
    assert covering.ROWS * covering.HEIGHT == 180 * 10_000_000
    assert covering.COLUMNS * covering.WIDTH == 360 * 10_000_000
