"""Evidence of a case: what each side did stands in it, and an independent verifier accepts it."""

from unittest.mock import patch

import pytest

from tansiq.domain.kinds import KINDS
from tansiq.domain.parties import PartyCode
from tests import circling
from tests.asking import act, carry, case_at, rfi, three_that_ask
from tests.verifier import content, verify
from tests.verifier.formats import RejectedError, decode, encode
from tests.verifier.made import make, opened, sealed


@pytest.fixture
def walked():
    """A request to two parties; the evidence of the asker and of one who is asked."""
    with three_that_ask() as world:
        record = world.write("MPA", "rfi", rfi("MOD", "COA"))
        carry(world)
        act(world, "MOD", record, "answer", words={"text": "It is open"})
        act(world, "COA", record, "redirect", other="COA", values={"to": "MOD"})
        act(world, "MPA", record, "satisfied")
        yield {
            "MPA": make(world, "MPA", record),
            "MOD": make(world, "MOD", record),
            "to MOD": make(world, "MPA", record, to="MOD"),
        }


def steps_in(data):
    found = verify.verify(data, {})
    return {
        (feed["from"], feed["to"]): [
            e["item"]["act"] for e in feed["entries"] if e["what"] == "step"
        ]
        for feed in found["feeds"]
    }


def test_the_steps_of_both_sides_stand_in_the_evidence_and_no_third_partys(walked):
    """The asker shows every lane, the other side its own; kept to one partner it names no other."""
    mod = {("MPA", "MOD"): ["satisfied"], ("MOD", "MPA"): ["answer"]}
    assert steps_in(walked["MOD"]) == steps_in(walked["to MOD"]) == mod
    assert steps_in(walked["MPA"]) == {**mod, ("MPA", "COA"): [], ("COA", "MPA"): ["redirect"]}
    assert not any(b"COA" in data for data in opened(walked["MOD"]).values())


def test_a_verifier_knows_a_lane_that_nobody_opened(walked):
    """The lane of a step is one that a release named to the other side."""
    files = opened(walked["MPA"])
    manifest = decode(files["manifest.json"], limit=1 << 22)
    for feed in manifest["feeds"]:
        feed["entries"] = [e for e in feed["entries"] if e["what"] != "edition"]
    gone = {
        name
        for name, data in files.items()
        if name.endswith(".json") and b'"type":"edition"' in data
    }
    stems = {name.removesuffix(".json") for name in gone}
    kept = {n: d for n, d in files.items() if n.rsplit(".", 1)[0] not in stems}
    with pytest.raises(RejectedError) as rejected:
        verify.verify(sealed({**kept, "manifest.json": encode(manifest)}), {})
    assert rejected.value.reason == "step_lane"


def test_the_step_of_another_root_under_the_same_id_stands_in_no_evidence_of_this_one():
    """Its author names this record as known in a step about another: only this root's stands."""
    with three_that_ask() as world:
        first, other = (world.write("MPA", name, rfi("MOD")) for name in ("first", "other"))
        carry(world)
        act(world, "MOD", first, "accept")
        ((lane,), (own,)) = (case_at(world, "MOD", one)[1].lanes for one in (first, other))
        same = lane.said[0].step.to_json()
        with world.desk("MOD").act() as doing:
            doing.feed(
                PartyCode("MPA"),
                {**same, "root": other, "lane": own.id, "act": "receive", "after": [first]},
            )
        carry(world)
        found = steps_in(make(world, "MPA", first))
    assert found[("MOD", "MPA")] == ["accept"]


def test_a_step_of_a_third_member_of_a_circle_stands_in_the_evidence_of_another():
    """What one member said to another, the owner aside, is shown and proved; a lane there is not
    believed.
    """
    planted = patch.dict(KINDS, {circling.NAME: circling.PLANTED})
    with planted, circling.three_members() as world:
        record = circling.opened(world, "MOD", "COA")
        circling.carry(world)
        circling.act(world, "COA", record, "verify")
        circling.carry(world)
        made = make(world, "MOD", record)
        kept = make(world, "MOD", record, to="MPA")
    assert steps_in(made) == {("MPA", "MOD"): ["ask"], ("COA", "MOD"): ["verify"]}
    assert steps_in(kept) == {("MPA", "MOD"): ["ask"]}
    found = verify.verify(made, {})
    (feed,) = [one for one in found["feeds"] if one["from"] == "COA"]
    odd = {**feed["entries"][0]["item"], "lane": record}
    with pytest.raises(RejectedError) as rejected:
        content.check_step(found["manifest"], feed, {}, odd)
    assert rejected.value.reason == "step_lane"
