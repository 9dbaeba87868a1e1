"""Cases after a disk that died: steps of both sides come back, and every lane stands as before."""

import pytest

from tansiq.desk.proof import checking
from tansiq.desk.release import releasing
from tansiq.domain.cases import Outcome
from tansiq.domain.parties import PartyCode
from tansiq.log.database import Sqlite
from tests.asking import act, carry, case_at, rfi, stages, three_that_ask
from tests.unit.test_recovery import image_of, meet, put_back


@pytest.fixture
def three():
    """MPA, who may ask MOD and COA by itself, and they may answer."""
    with three_that_ask(databases=lambda _party: Sqlite(None)) as world:
        yield world


def standing(world, party, record):
    """Of each lane: its stage, its end, its steps, what became of them and where they went."""
    _, case = case_at(world, party, record)
    rows = world.desk(party).board.db.rows(
        "SELECT step, author, told FROM step WHERE root = ? ORDER BY step", (f"MPA/{record}",)
    )
    lanes = {
        (lane.id, lane.stage, bool(lane.ended_at), lane.newest, lane.mine, lane.theirs)
        for lane in case.lanes
    }
    said = {(one.step.step, one.verdict) for lane in case.lanes for one in lane.said}
    return lanes, said, rows


def walked(world):
    """Two lanes, with steps of both sides in the first and words in the second."""
    record = world.write("MPA", "rfi", rfi("MOD", "COA"))
    carry(world)
    act(world, "MOD", record, "receive")
    act(world, "MOD", record, "answer", words={"text": "It is open"})
    act(world, "MPA", record, "ask_again")
    act(world, "COA", record, "redirect", other="COA", values={"to": "MOD"})
    act(world, "MPA", record, "satisfied", other="COA")
    return record


def regained(world, party, image):
    """The node goes back to an older state and meets its partners again."""
    put_back(world, party, image)
    for other in {"MPA": ("MOD", "COA")}.get(party, ("MPA",)):
        meet(world, first=party, second=other)


@pytest.mark.parametrize("party", ["MPA", "MOD"])
def test_a_case_comes_back_as_it_was_to_the_owner_and_to_the_seat(three, party):
    """Lanes that had been opened, own steps and the partner's: all is held again, and goes on."""
    image = image_of(three, party)
    record = walked(three)
    before = standing(three, party, record)
    regained(three, party, image)
    assert standing(three, party, record) == before
    act(three, "MOD", record, "answer")
    act(three, "MPA", record, "satisfied")
    assert stages(three, "MPA", record)[1] == {"MOD": "closed", "COA": "closed"}
    assert stages(three, "MOD", record)[1] == {"MOD": "closed"}


@pytest.mark.parametrize("party", ["MPA", "MOD"])
def test_the_steps_after_a_backup_in_a_known_lane_come_back(three, party):
    """A lane that the backup holds goes on from where it stood when the disk died."""
    record = three.write("MPA", "rfi", rfi("MOD", "COA"))
    carry(three)
    act(three, "MOD", record, "receive")
    image = image_of(three, party)
    act(three, "MOD", record, "partial")
    act(three, "MPA", record, "cancel")
    before = standing(three, party, record)
    regained(three, party, image)
    assert standing(three, party, record) == before
    checking.rebuild(three.desk(party), lambda *_: None)
    assert standing(three, party, record) == before


def test_a_lane_that_was_recalled_after_the_backup_stays_ended(three):
    """The end comes back before the other side's steps: they are held again, and gave way to it."""
    record = three.write("MPA", "rfi", rfi("MOD", "COA"))
    carry(three)
    image = image_of(three, "MPA")
    act(three, "MOD", record, "accept")
    mpa = three.desk("MPA")
    releasing.recall(mpa, three.actor("MPA"), record, PartyCode("MOD"), "error")
    carry(three)
    before = standing(three, "MPA", record)
    regained(three, "MPA", image)
    lanes, said, rows = standing(three, "MPA", record)
    assert {(lane[0], lane[2]) for lane in lanes} == {(lane[0], lane[2]) for lane in before[0]}
    assert rows == before[2]
    assert [verdict.outcome for _, verdict in said] == [Outcome.GAVE_WAY]
    three.release("MPA", record, "MOD", "Q-MPA", name="again")
    carry(three)
    assert len(case_at(three, "MPA", record)[1].lanes) == 3


def test_a_step_taken_twice_by_a_node_that_went_back_stands_on_both_sides_alike(three):
    """What was decided before the disk died and decided otherwise before it was known again."""
    record = three.write("MPA", "rfi", rfi("MOD", "COA"))
    carry(three)
    image = image_of(three, "MOD")
    act(three, "MOD", record, "no_information")
    put_back(three, "MOD", image)
    act(three, "MOD", record, "partial", travels=False)
    meet(three, first="MOD", second="MPA")
    assert stages(three, "MOD", record)[1]["MOD"] == stages(three, "MPA", record)[1]["MOD"]
    mine, theirs = standing(three, "MOD", record)[1], standing(three, "MPA", record)[1]
    assert mine == {one for one in theirs if one[0] in {name for name, _ in mine}}
    assert len(mine) == 2
