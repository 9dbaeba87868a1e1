"""What a partner of a case tries against the other side of its lanes."""

from contextlib import nullcontext

import pytest

from tansiq.board import case_folds
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import place_named
from tansiq.log.canonical import decode_object
from tansiq.policy.agreement import Follow, by_facets
from tests.asking import KINDS, act, carry, case_at, rfi, stages, three_that_ask
from tests.world import START, asking, refusal, rule, say, to, uuid_of


@pytest.fixture
def three():
    """MPA, who may ask MOD and COA by itself, and they may answer."""
    with three_that_ask() as world:
        yield world


def asked(world, *parties):
    record = world.write("MPA", "rfi", rfi(*parties))
    carry(world)
    return record


def released_by_mod(world):
    """The newest edition of a request that MOD itself has made of MPA, as its feed says it."""
    draft = say.Draft(kind="rfi", body=asking("MPA"), label=to("MPA"))
    record = world.write("MOD", "own", draft)
    rows = world.desk("MOD").database.rows("SELECT data FROM entry WHERE data IS NOT NULL")
    found = [decode_object(bytes(data)) for (data,) in rows]
    return next(
        one for one in found if one.get("record") == record and one.get("rule") == "Q-MOD"
        and one["type"] == "edition"
    )  # fmt: skip


def test_a_root_of_a_partner_with_our_id_and_lane_takes_no_steps_from_ours(three):
    """Who is asked releases a root of its own under the same id, lane and seats: our lane stands
    where it stood, with all its steps.
    """
    record = asked(three, "MOD")
    act(three, "MOD", record, "accept")
    act(three, "MOD", record, "partial")
    _, case = case_at(three, "MPA", record)
    (lane,) = case.lanes
    same = {"record": record, "lane": lane.id, "release": uuid_of("a root of theirs")}
    with three.desk("MOD").act() as doing:
        doing.feed(PartyCode("MPA"), {**released_by_mod(three), **same})
    carry(three)
    assert stages(three, "MPA", record) == ("partial", {"MOD": "partial"})
    _, case = case_at(three, "MPA", record)
    assert [one.step.act for one in case.lanes[0].said] == ["accept", "partial"]


def test_steps_of_both_sides_find_an_own_root_that_was_forgotten(three):
    """They stood under the name of the party that is asked until the root was known again."""
    record = asked(three, "MOD")
    act(three, "MOD", record, "accept")
    act(three, "MPA", record, "cancel")
    board = three.desk("MPA").board
    board.db.run("UPDATE step SET root = ?", (f"MOD/{record}",))
    ((release,),) = board.db.rows("SELECT release FROM opening")
    case_folds.sent(board, [(str(release), START)])
    assert board.db.rows("SELECT DISTINCT root FROM step") == [(f"MPA/{record}",)]


@pytest.mark.parametrize(("party", "name"), [("MPA", "cancel"), ("MOD", "accept")])
@pytest.mark.parametrize("town", ["Erbil", "Makhmour"])
def test_a_step_leaves_by_no_rule_of_other_roots(three, party, name, town):
    """The rule that follows is for requests about Erbil: a step about another town is not taken, by
    whichever side.
    """
    terms = {"kinds": KINDS, "facets": by_facets(place=["erbil"]), "follow": Follow.WHOLE}
    record = three.write("MPA", "rfi", rfi("MOD", place=place_named(town).to_json()))
    carry(three)
    rules = [rule(sender, f"E-{sender}", **terms) for sender in ("MPA", "MOD")]
    three.agree("MPA", "MOD", *rules, version=2)
    with nullcontext() if town == "Erbil" else refusal("no_rule"):
        act(three, party, record, name)
    _, case = case_at(three, party, record)
    assert len(case.lanes[0].said) == (town == "Erbil")
