"""Faults in the stock of the support desk, and the test that must see each."""

from tests.mutants.planting import Fault
from tests.noninterference.story import Case

WEB = "tests.web.test_stock"
FOLD = "tansiq.domain.kinds.support.stock"
DESK = "tansiq.desk.support.stock"
NEVER = f"{WEB}:test_stock_never_leaves_whatever_a_rule_or_a_label_says"
STOCK = (
    Fault(
        name="a rule lets stock leave",
        where="tansiq.policy.release:matching_rules",
        old="or kind.stays_home(edition.body) or",
        new="or",
        killer=NEVER,
    ),
    Fault(
        name="a movement has the label that its form asks for",
        where="tansiq.desk.records.say:_label_of",
        old="if kind.booked:",
        new="if False:",
        killer=NEVER,
    ),
    Fault(
        name="a partner's movements are taken up",
        where="tansiq.board.reading:_told",
        old="if kind is None or kind.inner:",
        new="if kind is None:",
        killer=f"{WEB}:test_stock_that_a_partner_sends_is_no_stock_of_ours",
    ),
    Fault(
        name="what goes out in one act is compared line by line",
        where="tansiq.desk.records.say:_demand_stock",
        old="wanted[booking.batch] += booking.number",
        new="wanted[booking.batch] = booking.number",
        killer=f"{WEB}:test_less_than_nothing_cannot_be_saved",
        given={"language": "en"},
    ),
    Fault(
        name="stock is taken out without looking",
        where="tansiq.desk.records.say:_demand_stock",
        old="+ count < 0:",
        new="+ count < -1_000:",
        killer=f"{WEB}:test_less_than_nothing_cannot_be_saved",
        given={"language": "en"},
    ),
    Fault(
        name="what has no day goes out first",
        where=f"{FOLD}:taken_out",
        old="(not one[0].use_by, one[0])",
        new="one[0]",
        killer=f"{WEB}:test_what_is_sent_is_taken_out_in_the_same_act_and_first_what_expires_first",
    ),
    Fault(
        name="a receipt that replaces another is booked whole",
        where=f"{DESK}:_before",
        old="found[batch_of(body)] += signed(body)",
        new="found[batch_of(body)] += 0",
        killer=f"{WEB}:"
        "test_what_came_usable_is_put_into_stock_and_a_later_receipt_puts_right_what_it_was",
    ),
    Fault(
        name="the stock of an earlier moment is that of now",
        where=f"{DESK}:there",
        old="balances(_known(desk, viewer, as_of)) if as_of else _now(desk, viewer)",
        new="_now(desk, viewer)",
        killer=f"{WEB}:test_the_stock_of_an_earlier_moment_is_what_was_known_by_then",
    ),
    Fault(
        name="what is used up goes on ringing",
        where="tansiq.board.stock:_await",
        old="wait if count > 0 else None",
        new="wait",
        killer=f"{WEB}:test_what_is_to_be_used_soon_is_marked_and_rings_until_it_is_gone",
    ),
    Fault(
        name="a step says what is left in stock",
        where=f"{DESK}:take",
        old="        step = taking.take_in(act, actor, wanted)\n",
        new="        left = sum(balances(_known(desk, desk.viewer(actor), 0)).values())\n"
        "        wanted = __import__('dataclasses').replace("
        "wanted, values={**wanted.values, 'left.piece': left})\n"
        "        step = taking.take_in(act, actor, wanted)\n",
        killer="tests.noninterference.test_wire:test_every_parcel_says_the_same",
        given={"case": Case.PARTNER},
    ),
    Fault(
        name="a movement tells of a request above its readers",
        where=f"{DESK}:take",
        old="if not may_book(view.label):",
        new="if False:",
        killer=f"{WEB}:test_a_movement_tells_nothing_of_a_request_that_its_readers_may_not_see",
    ),
)
