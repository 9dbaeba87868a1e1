"""Support asked for on the pages: what is the same is found in what the asker may see alone."""

from tests.noninterference.pair import assert_same, assert_silent, browsers, told
from tests.noninterference.story import BUSY, CALM, Case
from tests.noninterference.test_pages import each
from tests.world import CLEARED, uuid_of

NEED = {
    "sort": "supplies", "text": "Once more", "priority": "urgent", "reason": "None are left",
    "needed_by": "2020-12-24 12:00", "place-name": "Makhmour", "classification": "restricted",
    "lines-rows": "3", "lines-0-unit": "piece", "lines-0-count": "4",
}  # fmt: skip
SEATS = {"MPA": "MOD", "MOD": "MPA", "JCC": "MPA"}
ASKERS = [(Case.LOW, "duty-officer"), (Case.RECEIVER, "duty-officer"), (Case.PARTNER, CLEARED),
          (Case.THIRD, CLEARED), (Case.ADMINISTRATOR, "administrator")]  # fmt: skip


@each(ASKERS)
def test_what_is_the_same_is_found_alike_whatever_is_hidden(pages, case, position):
    """A need like one that all see, like one that is hidden, and like none: the page that asks
    whether it is the same, or its absence, is the same to the last byte.
    """
    with told(case) as pair, browsers(pair, position) as (calm, busy):
        seat = SEATS[pair.party]
        asked = {"seats-party": seat, f"seats-{seat}": CLEARED}
        for item in ("mask", "gown", "mpa-filter", "rice"):
            form = NEED | asked | {"lines-0-item": item}
            one, other = (which.post("/support/new", form) for which in (calm, busy))
            assert_same(f"POST {item}", one, other)
            assert_silent(f"POST {item}", other, (CALM.word, BUSY.word))
            found = uuid_of("aid/1").encode() in one.body
            seen = item in ("mask", "mpa-filter") and case is not Case.ADMINISTRATOR
            assert found == seen, one.status
