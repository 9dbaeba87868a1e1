"""The stock as a pure fold: sums that no order changes, and what is taken out is what was there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.errors import InputError
from tansiq.domain.kinds.support.stock import (
    Batch,
    balances,
    batch_from_key,
    batch_of,
    booked,
    signed,
    taken_out,
)

DAYS = st.sampled_from(["", "2021-01-10", "2021-02-01", "2022-01-01"])
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12)
MOVES = st.fixed_dictionaries(
    {
        "move": st.sampled_from(["in", "out", "more", "less"]),
        "item": st.sampled_from(["mask", "rice", "other"]),
        "unit": st.sampled_from(["piece", "box", "kg"]),
        "count": st.integers(min_value=1, max_value=1_000_000_000),
    },
    optional={"use_by": DAYS.filter(bool), "named": NAMES.filter(str.strip)},
)
BATCHES = st.builds(
    Batch, st.sampled_from(["mask", "other"]), st.sampled_from(["piece", "box"]), DAYS,
    st.sampled_from(["", "Blue | ones"]),
)  # fmt: skip


@given(st.lists(MOVES, max_size=30), st.randoms(use_true_random=False))
def test_a_balance_is_the_sum_of_its_movements_in_any_order(moves, random):
    """What came in less what went out, per batch; nothing else moves it, and no order does."""
    shuffled = list(moves)
    random.shuffle(shuffled)
    found = balances(moves)
    assert found == balances(shuffled)
    for batch in {batch_of(one) for one in moves}:
        own = [signed(one) for one in moves if batch_of(one) == batch]
        assert found.get(batch, 0) == sum(own)
        assert all(abs(number) == one["count"] for number, one in zip(
            own, [m for m in moves if batch_of(m) == batch], strict=True))  # fmt: skip


@given(MOVES)
def test_a_batch_is_known_by_its_key(move):
    """Whatever stands in the name of what the catalogue does not have, the key gives it back."""
    booking = booked(move)
    assert batch_from_key(booking.batch) == batch_of(move)
    assert booking.use_by == move.get("use_by", "")
    assert (booking.number > 0) == (move["move"] in ("in", "more"))


@given(
    st.dictionaries(BATCHES, st.integers(min_value=-3, max_value=50), max_size=8), BATCHES,
    st.integers(min_value=1, max_value=120),
)  # fmt: skip
def test_what_goes_out_was_there_and_the_earliest_day_goes_first(there, wanted, count):
    """So many are taken as are asked for, of no batch more than it has, and of no later day while
    an earlier one has any; where there are fewer, nothing is taken.
    """
    same = {
        batch: max(number, 0)
        for batch, number in there.items()
        if (batch.item, batch.unit, batch.named) == (wanted.item, wanted.unit, wanted.named)
    }
    if sum(same.values()) < count:
        with pytest.raises(InputError) as refused:
            taken_out(there.items(), wanted, count)
        assert refused.value.values["there"] == sum(same.values())
        return
    taken = taken_out(there.items(), wanted, count)
    assert sum(taken.values()) == count
    assert all(0 < number <= same[batch] for batch, number in taken.items())
    last = max((not batch.use_by, batch.use_by) for batch in taken)
    for batch, number in same.items():
        if (not batch.use_by, batch.use_by) < last:
            assert taken.get(batch, 0) == number
