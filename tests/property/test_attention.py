"""Attention under random moves of clock, duty and people."""

from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.attention import Heard
from tansiq.domain.escalation import HOUR_MS, Haste, Rung
from tests.floor import DAY_MS, POSTS, START, Floor

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["comes", "tick", "hears", "ends", "duty", "doubt"]),
        st.integers(0, 3),
        st.integers(-2 * HOUR_MS, 3 * DAY_MS),
    ),
    max_size=30,
)


@given(MOVES)
def test_no_position_hears_one_bell_twice_at_a_level(moves):
    """Whatever happens to clock, duty and waits: a position hears a bell once, and once more where
    it is to take the telephone; what was heard rings no more.
    """
    floor = Floor()
    for move, number, passed in moves:
        floor.now = max(START, floor.now + passed)
        known = list(floor.waits.values())
        if move == "comes":
            floor.comes(about=f"MPA/{number}", step=str(len(floor.journal)),
                        due=floor.now + HOUR_MS, haste=list(Haste)[number])  # fmt: skip
        elif move == "tick":
            floor.tick()
        elif move == "hears" and known:
            floor.hears(known[number % len(known)])
        elif move == "ends" and known:
            del floor.waits[known[number % len(known)].id]
        elif move == "duty":
            floor.on ^= {POSTS[number].code}
        elif move == "doubt":
            floor.in_doubt = not floor.in_doubt
    _each_once(floor.journal)
    floor.tick()
    assert floor.tick() == {}


def _each_once(journal):
    silent, told, telephoned = set(), set(), set()
    for entry in journal:
        key = entry.wait, entry.bell
        if isinstance(entry, Heard):
            silent.add(key)
            continue
        assert key not in silent
        fresh = {(*key, code) for code in entry.to}
        if fresh & told:
            assert entry.level is Rung.TELEPHONE
            assert key not in telephoned
        if entry.level is Rung.TELEPHONE:
            telephoned.add(key)
        told |= fresh
