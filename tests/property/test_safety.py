"""What must hold of a safety message, over random histories of its lanes, and of what is said."""

from functools import partial
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.cases import Outcome, Side
from tansiq.domain.kinds.operations.safety_message import CASE
from tansiq.domain.kinds.operations.said_back import is_said_back, near_towns
from tansiq.domain.near_names import kilometres
from tansiq.domain.places import E7, Place, gazetteer, place_named
from tests.property.case_histories import History
from tests.property.case_kinds import LANES
from tests.property.case_world import OWNER

HISTORIES = 600
_VOID = {Outcome.NOT_ALLOWED, Outcome.WAITING, Outcome.REFUSED}
_TOWNS = sorted(gazetteer())


def standings():
    """How each side of each lane stood before each of its acts and at the end of each history, with
    the acts that were taken by then and were not void.
    """
    found = []
    for number in range(HISTORIES):
        history = History(number * len(LANES) + LANES.index(CASE))
        assert history.declaration is CASE
        history.watch = partial(_look, history, found)
        history.play()
        for party, side in product(history.parties, (OWNER, None)):
            node = side or party
            _look(history, found, party, node, history.world.stands(party, node))
    return found


def _look(history, found, party, node, standing):
    verdicts = standing.verdicts  # none at the seat of a lane that was recalled
    steps = history.world.held[party, node].view().steps()
    known = [step for step in steps if step.key in verdicts]
    taken = {s.key: s.act for s in known if verdicts[s.key].outcome not in _VOID}
    found.append((standing, taken))


def test_a_message_stands_where_the_most_telling_act_has_brought_it():
    """The end outweighs all; what was read back there stays read back, whatever was telephoned
    meanwhile; a call that reached nobody moves nothing.
    """
    seen = dict.fromkeys(CASE.stages, 0)
    for standing, taken in standings():
        if standing.ended:
            continue
        acts = set(taken.values())
        wanted = (
            "stood_down" if "stand_down" in acts
            else "read_back" if "read_back" in acts
            else "by_telephone" if "by_telephone" in acts
            else "not_read_back"
        )  # fmt: skip
        assert standing.stage == wanted
        assert not standing.contested
        assert "called" not in {taken.get(key) for key, _ in standing.path}
        seen[standing.stage] += 1
    assert min(seen.values()) > 20, seen


def test_it_rings_there_until_it_was_read_back_there_or_ended():
    """No act of the sender but the end silences it at the other party."""
    for standing, taken in standings():
        rings = any(turn.side is Side.SEAT for turn in standing.turns)
        over = standing.ended or {"read_back", "stand_down"} & set(taken.values())
        assert rings is not bool(over)


coordinates = st.tuples(
    st.integers(28 * E7, 38 * E7), st.integers(39 * E7, 48 * E7)
).map(lambda at: Place(name="Clinic", lat=at[0], lon=at[1]))  # fmt: skip


@given(coordinates)
def test_the_nearest_town_says_a_place_back_and_no_other_does(place):
    """In any of its spellings; a town farther off does not, and neither does nothing."""
    body = {"text": "Stop", "place": place.to_json()}
    first, second = near_towns(place)
    assert first.km <= second.km
    at = place.lat, place.lon
    nearest = min(gazetteer().values(), key=lambda town: kilometres(at, (town.lat, town.lon)))
    assert kilometres(at, (first.town.lat, first.town.lon)) == kilometres(
        at, (nearest.lat, nearest.lon)
    )
    assert all(is_said_back(body, name) for name in first.town.spellings)
    assert is_said_back(body, " clinic ")
    others = [town for key, town in gazetteer().items() if key != first.town.key]
    assert not any(is_said_back(body, town.names.en) for town in others)
    assert not is_said_back(body, " ")


@given(st.sampled_from(_TOWNS), st.sampled_from(_TOWNS))
def test_another_town_does_not_say_a_town_back(one, other):
    """Whichever language either is written in."""
    here, there = gazetteer()[one], gazetteer()[other]
    for name in (here.names.en, here.names.ar, here.names.ckb):
        body = {"text": "Stop", "place": place_named(name).to_json()}
        for said in (there.names.en, there.names.ar, there.names.ckb):
            near = {near.town.key for near in near_towns(place_named(name), 1)}
            assert is_said_back(body, said) is (other == one or other in near)


_SAID = ("stop", "all", "vehicles", "near", "the", "camp", "clinic", "now")


@given(st.lists(st.sampled_from(_SAID), min_size=5))
def test_without_a_place_the_sentence_is_said_back(said):
    """Nearly all of its words: one slip is none of the meaning, half of them are not enough."""
    text = " ".join(said)
    assert is_said_back({"text": text}, text.upper())
    assert not is_said_back({"text": text}, " ".join(said[: len(said) // 2]))
    assert not is_said_back({"text": text}, "")
