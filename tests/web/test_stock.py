"""The stock of the support desk on its pages: movements, balances, and the acts that book them."""

from dataclasses import replace
from unittest.mock import patch

import pytest

from tansiq.board import stock as board
from tansiq.desk.cases import reading, taking
from tansiq.desk.proof import checking
from tansiq.desk.records import attention, read, say
from tansiq.desk.records.read import Query
from tansiq.desk.release import agreements
from tansiq.desk.release.proposing import own_edition
from tansiq.desk.support import stock
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import KINDS
from tansiq.domain.kinds.support.stock import STOCK, Batch
from tansiq.domain.labels import Label
from tansiq.domain.parties import Classification
from tansiq.domain.wording import phrase
from tansiq.policy.agreement import Follow
from tansiq.policy.release import matching_rules
from tests.noninterference.supplies import PLACE
from tests.web.pair import LANGUAGES, Screen, text_of
from tests.web.test_support import KINDS as SUPPORTS
from tests.web.test_support import act, asked, lane, world
from tests.world import CLEARED, DAY, HOUR, START, refusal, rule, to, worlds

__all__ = ["world"]
MASKS = {"move": "in", "item": "mask", "unit": "box", "count": "60", "use_by": "2021-01-10"}


def book(world, party="MOD", language="en", **more):
    return Screen(world, party, "liaison-officer").post("/stock/new", MASKS | more, language)


def there(world, party="MOD", as_of=0):
    found = stock.there(world.desk(party), world.viewer(party), as_of)
    return {one.batch: one.count for one in found.balances}


def test_what_comes_in_and_goes_out_is_the_balance_of_each_day(world):
    """Movements of one item in one unit add up by their day; corrections count, with a reason."""
    for move in (
        {}, {"count": "5"}, {"use_by": ""}, {"move": "out", "count": "12"},
        {"move": "less", "count": "3", "text": "Counted anew"}, {"move": "more", "count": "1",
        "text": "Found one"},
    ):  # fmt: skip
        answer = book(world, **move)
        assert answer.status_code == 302, (move, text_of(answer))
    assert there(world) == {
        Batch("mask", "box", "2021-01-10"): 60 + 5 - 12 - 3 + 1, Batch("mask", "box"): 60,
    }  # fmt: skip
    assert there(world, "MPA") == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_less_than_nothing_cannot_be_saved(world, language):
    """What is not there does not go out, by a form or by any other way of writing; what was typed
    is still in the form.
    """
    book(world)
    for wrong in (
        {"move": "out", "count": "61"}, {"move": "out", "count": "1", "use_by": ""},
        {"move": "less", "count": "61", "text": "x"}, {"move": "less", "count": "1"},
        {"count": "0"}, {"unit": "litre"}, {"item": "other", "unit": "piece"},
    ):  # fmt: skip
        answer = book(world, language=language, **wrong)
        assert answer.status_code == 422, wrong
        assert 'value="2021-01-10"' in text_of(answer) or wrong.get("use_by") == ""
    desk, actor = world.desk("MOD"), world.actor("MOD", "duty-officer")
    body = {"move": "out", "item": "mask", "unit": "box", "count": 31, "use_by": "2021-01-10"}
    draft = say.Draft(kind="stock", body=body, label=Label())
    with pytest.raises(InputError), desk.act() as done:
        say.write_all(done, actor, [draft, draft])
    assert there(world) == {Batch("mask", "box", "2021-01-10"): 60}


def test_what_is_sent_is_taken_out_in_the_same_act_and_first_what_expires_first(world):
    """One tick beside the numbers: the consignment leaves and the stock shrinks, or neither."""
    book(world, use_by="2021-03-01", count="30")
    book(world, count="15")
    book(world, use_by="", count="10")
    record = asked(world)
    act(world, "MOD", record, act="allot", then="approve", **{"l-mask.box": "40"})
    short = act(world, "MOD", record, act="dispatch", stock="1", **{"l-mask.box": "56"})
    assert short.status_code == 422
    assert 'name="stock" value="1" checked' in text_of(short)
    assert not lane(world, "MOD", record).consignments
    sent = act(world, "MOD", record, act="dispatch", then="deliver", stock="1",
               **{"l-mask.box": "40"})  # fmt: skip
    assert sent.status_code == 302
    assert there(world) == {Batch("mask", "box", "2021-03-01"): 5, Batch("mask", "box"): 10}
    (consignment,) = lane(world, "MPA", record).consignments
    moves = read.page(world.desk("MOD"), world.viewer("MOD"), Query(kinds=("stock",))).rows
    outs = [one.value.body for one in moves if one.value.body["move"] == "out"]
    assert {one["consignment"] for one in outs} == {consignment.sent.step}
    assert sorted(one["count"] for one in outs) == [15, 25]


def test_what_came_usable_is_put_into_stock_and_a_later_receipt_puts_right_what_it_was(world):
    """A receipt books what came whole and nothing that is damaged; the receipt that replaces it
    books the difference alone.
    """
    record = asked(world)
    act(world, "MOD", record, act="allot", then="approve", **{"l-mask.box": "40"})
    act(world, "MOD", record, act="dispatch", then="deliver", **{"l-mask.box": "40"})
    (one,) = lane(world, "MPA", record).consignments
    came = {"act": "receipt", "of": one.sent.step, "stock": "1"}
    act(world, "MPA", record, **came, **{"l-mask.box": "37", "l-mask.box.damaged": "2"})
    assert there(world, "MPA") == {Batch("mask", "box"): 37}
    again = act(world, "MPA", record, **came, **{"l-mask.box": "35", "l-mask.box.damaged": "4"})
    assert again.status_code == 302
    assert there(world, "MPA") == {Batch("mask", "box"): 35}
    more = act(world, "MPA", record, **came, **{"l-mask.box": "40"})
    assert more.status_code == 302
    assert there(world, "MPA") == {Batch("mask", "box"): 40}
    assert there(world) == {}


def test_a_movement_tells_nothing_of_a_request_that_its_readers_may_not_see():
    """Movements have the plain label: nothing is booked by the act of a request that stands under a
    stricter one, whose words and ids the movement would hold, and its form offers none.
    """
    high = Classification.CONFIDENTIAL
    with worlds("MPA", "MOD") as found:
        rules = [rule(party, f"S-{party}", kinds=SUPPORTS, follow=Follow.WHOLE, automatic=True,
                      class_max=high) for party in ("MPA", "MOD")]  # fmt: skip
        found.agree("MPA", "MOD", *rules, clearance=dict.fromkeys(("MOD", "MPA"), high))
        need = {
            "sort": "supplies", "text": "For the palace", "priority": "routine", "place": PLACE,
            "needed_by": START + 90 * HOUR, "seats": [f"MOD/{CLEARED}"],
            "lines": [{"item": "other", "unit": "piece", "count": 4, "named": "Antidote"}],
        }  # fmt: skip
        label = to("MOD", classification=high)
        record = found.write("MPA", "need", say.Draft(kind="support", body=need, label=label))
        found.exchange("MPA", "MOD")
        for name, then in (("allot", "approve"), ("dispatch", "deliver")):
            values = {"other.piece": 4}
            found.step("MOD", name, ("MPA", record), name, values=values, then=then)
        found.exchange("MPA", "MOD")
        view = read.record(found.desk("MPA"), found.viewer("MPA"), "MPA", record)
        (lane,) = reading.lanes_of(found.desk("MPA"), found.viewer("MPA"), view).value.lanes
        wanted = taking.Wanted(
            owner="MPA", record=record, lane=lane.id, act="receipt", seen=lane.newest,
            of=lane.consignments[0].sent.step, values={"other.piece": 4},
        )  # fmt: skip
        with refusal("stock_label"):
            stock.take(found.desk("MPA"), found.actor("MPA"), wanted)
        assert there(found, "MPA") == {}
        page = text_of(Screen(found, "MPA", CLEARED).get(f"/record/MPA/{record}"))
        assert 'name="act" value="receipt"' in page
        assert 'name="stock"' not in page
        taking.take(found.desk("MPA"), found.actor("MPA"), wanted)
        assert "Antidote" not in text_of(Screen(found, "MPA", "observer").get("/stock"))


def test_stock_never_leaves_whatever_a_rule_or_a_label_says():
    """No rule lets a movement go, its form has no audience, and one that a partner sends is not
    taken up.
    """
    kinds = frozenset({"stock"})
    rules = [rule(party, f"S-{party}", kinds=kinds, automatic=True) for party in ("MPA", "MOD")]
    with worlds("MPA", "MOD") as found:
        found.agree("MPA", "MOD", *rules)
        desk, actor = found.desk("MOD"), found.actor("MOD", "duty-officer")
        body = {"move": "in", "item": "rice", "unit": "kg", "count": 9}
        record = say.write(desk, actor, say.Draft(kind="stock", body=body, label=to("MPA")))
        view = read.record(desk, found.viewer("MOD"), "MOD", record)
        assert view.value.label == Label()
        agreement = agreements.in_force(desk.board, "MPA", found.clock.time)
        edition = own_edition(desk, record)
        assert not matching_rules(agreement, STOCK, edition, found.clock.time)
        found.exchange("MPA", "MOD")
        assert not _seen(found, "MPA", "MOD", record)
        page = text_of(Screen(found, "MOD", "liaison-officer").get(f"/record/MOD/{record}"))
        assert f"/record/MOD/{record}/release" not in page
        form = text_of(Screen(found, "MOD", "liaison-officer").get("/stock/new"))
        assert 'name="audience"' not in form


def test_stock_that_a_partner_sends_is_no_stock_of_ours():
    """An edition of an inner kind in a partner's feed is held like one of an unknown kind."""
    loose = replace(STOCK, inner=False)
    rules = [
        rule(party, f"S-{party}", kinds=frozenset({"stock"}), automatic=True)
        for party in ("MPA", "MOD")
    ]
    with worlds("MPA", "MOD") as found:
        found.agree("MPA", "MOD", *rules)
        desk, actor = found.desk("MOD"), found.actor("MOD", "duty-officer")
        body = {"move": "in", "item": "rice", "unit": "kg", "count": 9}
        with patch.dict(KINDS, stock=replace(loose, booked=None)):
            record = say.write(desk, actor, say.Draft(kind="stock", body=body, label=to("MPA")))
        found.exchange("MPA", "MOD")
        theirs = found.desk("MPA").database.rows("SELECT reason FROM held_edition")
        assert theirs == [("kind",)]
        assert not _seen(found, "MPA", "MOD", record)
        assert there(found, "MPA") == {}


def _seen(found, party, owner, record) -> bool:
    try:
        read.record(found.desk(party), found.viewer(party), owner, record)
    except InputError:
        return False
    return True


def test_what_is_to_be_used_soon_is_marked_and_rings_until_it_is_gone(world):
    """From thirty days before its day a batch rings for the position that began it; once nothing of
    it is left it waits no longer.
    """
    book(world, use_by="2021-02-15", count="4")
    desk, viewer = world.desk("MOD"), world.viewer("MOD", "liaison-officer")
    attention.tick(desk)
    assert attention.sounding(desk, viewer).number == 0
    page = text_of(Screen(world, "MOD", "duty-officer").get("/stock/there"))
    assert "Use soon" not in page
    told = phrase("why.expiry", "en")
    assert told not in text_of(Screen(world, "MOD", "duty-officer").get("/watch"))
    world.clock.time += 30 * DAY
    attention.tick(desk)
    assert told in text_of(Screen(world, "MOD", "duty-officer").get("/watch"))
    assert attention.sounding(desk, viewer).number == 1
    (wait,) = attention.waiting(desk, viewer)
    assert wait.why == "expiry"
    page = text_of(Screen(world, "MOD", "duty-officer").get("/stock/there"))
    assert "Use soon" in page
    book(world, use_by="2021-02-15", count="3", move="out")
    assert attention.waiting(desk, viewer)
    book(world, use_by="2021-02-15", count="1", move="out")
    assert not attention.waiting(desk, viewer)
    book(world, use_by="2021-02-15", count="1")
    assert attention.waiting(desk, viewer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_opens_its_movements_and_leaves_by_print_and_csv(world, language):
    """The table, its chart, its file and its paper say the same; the file has tags first."""
    book(world)
    book(world, move="out", count="20")
    book(world, item="rice", unit="kg", use_by="", count="500")
    screen = Screen(world, "MOD", "duty-officer")
    for address in ("/stock/there", "/stock/there/part", "/stock/there?unit=kg", "/stock",
                    "/stock?view=calendar&month=2021-01", "/stock?view=chart&by=item",
                    "/stock/there/print", "/stock?view=timeline", "/stock/print"):  # fmt: skip
        assert screen.get(address, language).status_code == 200, address
    page = text_of(screen.get("/stock/there", language))
    address = "/stock?item=mask&unit=box&use_by=2021-01-10"
    assert address.replace("&", "&amp;") in page or address in page
    assert text_of(screen.get(address, language)).count('id="x') == 2
    sheet = screen.get("/stock/there/csv", language).content.decode("utf-8-sig")
    assert "#indicator+num" in sheet
    assert ",40," in sheet
    assert "2021-01-10" in sheet


def test_the_stock_of_an_earlier_moment_is_what_was_known_by_then(world):
    """As of a moment before a movement the balance is without it, on the page and in the file."""
    book(world)
    world.clock.time += DAY
    before = world.clock.time
    world.clock.time += DAY
    book(world, move="out", count="50")
    assert there(world) == {Batch("mask", "box", "2021-01-10"): 10}
    assert there(world, as_of=before) == {Batch("mask", "box", "2021-01-10"): 60}
    screen = Screen(world, "MOD", "duty-officer")
    assert ",60," in screen.get("/stock/there/csv?as_of=2020-12-21+14:00").content.decode()
    assert "60" in text_of(screen.get("/stock/there?as_of=2020-12-21+14:00"))
    for wrong in ("2030-01-01 00:00", "yesterday"):
        answer = screen.get(f"/stock/there?as_of={wrong}")
        assert answer.status_code == 200
        assert 'id="filter-fault"' in text_of(answer)


def test_a_board_that_is_folded_anew_has_the_same_stock(world):
    """Balances and what waits come from the journal alone."""
    book(world)
    book(world, move="out", count="7")
    desk = world.desk("MOD")
    before = there(world), [one.id for one in attention.waiting(desk, world.viewer("MOD"))]
    checking.rebuild(desk, lambda *_: None)
    waits = [one.id for one in attention.waiting(desk, world.viewer("MOD"))]
    assert (there(world), waits) == before
    assert board.there(desk.board, Batch("mask", "box", "2021-01-10").key) == 53
