"""What a partner can make a page of a request pay: lines, consignments, and codes of papers; and
what a page offers once a request was recalled.
"""

from dataclasses import replace
from unittest.mock import patch

from tansiq.board import case_folds
from tansiq.desk.cases import goods
from tansiq.desk.release import releasing
from tansiq.desk.support import receipts
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import reference
from tests.web.pair import Screen, text_of, words
from tests.web.test_support import asked, lane, world
from tests.world import START, refusal, uuid_of

__all__ = ["world"]
MANY = 2**53 - 1
BOUNDS_SMALL = replace(BOUNDS, case_counts_max=50)


def flooded(world, steps, lines, *, name="flood", step=uuid_of, act="dispatch", record="") -> str:
    """MOD signs so many facts in the one lane of a request of MPA's, each with so many lines."""
    record = record or asked(world)
    found = lane(world, "MPA", record)
    after = list(found.newest)
    with world.desk("MOD").act() as doing:
        for number in range(steps):
            said = step(f"{name} {number}")
            doing.feed(
                PartyCode("MPA"),
                {
                    "type": "step", "v": 1, "root": record.rpartition("/")[2], "lane": found.id,
                    "step": said, "release": uuid_of(f"{name} release {number}"),
                    "seat": "MOD/liaison-officer", "act": act, "of": "", "after": after,
                    "values": lines(number), "at": START,
                },
            )  # fmt: skip
            after = [said]
    world.exchange("MOD", "MPA")
    return record


def test_a_lane_names_so_many_lines_and_no_more_often_than_a_page_can_bear(world):
    """A provider that names new lines in every consignment, or the same without end, is taken up to
    the bound; the page of the request stays one that a browser can show.
    """

    def new(number):
        return {f"i{number}x{n}.u{n}": MANY for n in range(BOUNDS.case_values_max)}

    record = flooded(world, 60, new)
    found = lane(world, "MPA", record)
    assert len(found.sums) == BOUNDS.case_lines_max
    assert len(found.consignments) == 1
    page = Screen(world, "MPA", "duty-officer").get(record)
    assert page.status_code == 200
    assert len(page.content) < 500_000
    assert world.desk("MPA").board.db.rows("SELECT COUNT(*) FROM step") == [(1,)]


@patch.object(case_folds, "BOUNDS", BOUNDS_SMALL)
def test_the_same_lines_are_counted_so_often_and_no_more(world):
    """Each consignment repeats the lines: past the bound it is no longer taken up, and the owner's
    own steps still are.
    """
    record = flooded(world, 12, lambda _: {f"i{n}.u": 1 for n in range(10)})
    assert len(lane(world, "MPA", record).consignments) == 5
    screen = Screen(world, "MPA", "liaison-officer")
    found = lane(world, "MPA", record)
    form = {"act": "cancel", "seen": list(found.newest)}
    assert screen.post(f"{record}/case/{found.id}", form).status_code == 302


@patch.object(case_folds, "BOUNDS", BOUNDS_SMALL)
def test_own_steps_stop_at_the_same_bound(world):
    """What the other side would not take up is not taken here."""
    record = asked(world)
    found = lane(world, "MOD", record)
    form = {f"l-i{n}.u": "1" for n in range(51)}
    answer = Screen(world, "MOD", "liaison-officer").post(
        f"{record}/case/{found.id}", {"act": "allot", "seen": list(found.newest), **form}
    )
    assert answer.status_code == 422
    assert not lane(world, "MOD", record).said


def test_a_page_has_few_forms_of_receipts_and_the_one_of_a_code(world):
    """Of many consignments the oldest that wait have their form; that of another opens by the code
    on its paper.
    """
    count = goods.RECEIPTS_MAX + 5
    record = flooded(world, count, lambda _: {"mask.box": 1})
    screen = Screen(world, "MPA", "duty-officer")
    sent = [one.sent.step for one in lane(world, "MPA", record).consignments]
    assert len(sent) == count
    page = text_of(screen.get(record))
    assert [one for one in sent if f'name="of" value="{one}"' in page] == sent[:-5]
    assert 'href="/support/receipt"' in page
    opened = screen.get(f"/support/receipt?code={reference(sent[-1])}")["Location"]
    page = text_of(screen.get(opened.partition("#")[0]))
    assert f'name="of" value="{sent[-1]}"' in page
    assert page.count('name="of" value="') == goods.RECEIPTS_MAX


@patch.object(receipts, "LOOKED_AT", 5)
def test_ids_that_begin_alike_hide_no_consignment_from_its_code(world):
    """A partner draws the ids of its own steps: however many begin like one of ours, the code on
    the paper finds it.
    """
    record = flooded(world, 1, lambda _: {"mask.box": 1}, name="real")
    real = lane(world, "MPA", record).consignments[0].sent.step
    begins = real[:8]

    def alike(name):
        return begins + uuid_of(name)[8:]

    given = {"step": alike, "record": record}
    flooded(world, 100, lambda _: {"x": 1}, name="alike", act="prepare", **given)
    for number in range(9):  # and of a third party, in a case of its own
        world.desk("MPA").board.db.run(
            """INSERT INTO step (root, lane, author, step, act, said, came, position, person, told)
               VALUES (?, ?, 'JCC', ?, 'dispatch', '{}', 0, '', '', '{}')""",
            (f"JCC/{uuid_of('theirs')}", uuid_of("lane"), f"{begins}-0000-4000-8000-{number:012d}"),
        )
    actor = world.actor("MPA", "duty-officer")
    found = receipts.found(world.desk("MPA"), actor, reference(real))
    assert [one.consignment.sent.step for one in found] == [real]
    with refusal("reference_form"):
        receipts.found(world.desk("MPA"), actor, "?")


def test_a_request_that_was_recalled_offers_no_step_that_could_not_leave(world):
    """Its provider holds it no more: a receipt of what is under way would go nowhere, so its page
    asks for none, and says that the lane has ended.
    """
    record = flooded(world, 1, lambda _: {"mask.box": 1})
    screen = Screen(world, "MPA", "liaison-officer")
    assert 'name="act" value="receipt"' in text_of(screen.get(record))
    made = record.rpartition("/")[2]
    desk, actor = world.desk("MPA"), world.actor("MPA")
    releasing.recall(desk, actor, made, PartyCode("MOD"), "error")
    world.exchange("MPA", "MOD")
    page = text_of(screen.get(record))
    assert words("case.ended") in page
    assert 'name="act"' not in page
    assert Screen(world, "MOD", "liaison-officer").get(record).status_code == 404
