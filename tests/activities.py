"""Planned activities for tests: bodies, and what stands in which tab of a list."""

from tansiq.desk.records import listing
from tansiq.desk.records.listing import Asked
from tansiq.desk.records.read import page
from tansiq.desk.records.say import Draft
from tests.world import HOUR, START, to

GWER = {
    "shape": "corridor", "name": "", "metres": 2_000, "grain": "exact",
    "positions": [[357_800_000, 435_800_000], [360_400_000, 434_800_000]],
}  # fmt: skip
SPOT = {
    "shape": "circle", "name": "Makhmour", "positions": [[357_800_000, 435_800_000]],
    "metres": 3_000, "grain": "exact",
}  # fmt: skip


def body(**more):
    """An open activity that begins in two hours and lasts four."""
    plain = {
        "activity": "engineering", "text": "Road repair", "area": GWER, "begins": START + 2 * HOUR,
        "until": START + 6 * HOUR, "contact": "Operations desk", "sealed": "open",
        "margin_metres": 2_000, "margin_minutes": 30,
    }  # fmt: skip
    return {**plain, **more}


def planned(*parties, **more):
    """The draft of one, for these parties to see."""
    return Draft(kind="planned_activity", body=body(**more), label=to(*parties))


def standing(world, party, tab, **asked):
    """What somebody of a party finds in a tab, by what it is, in the order of the list."""
    desk, viewer = world.desk(party), world.viewer(party)
    wanted = Asked(
        kind="planned_activity", tab=tab, by="due", ascending=True, at=world.clock.time, **asked
    )
    found = page(desk, viewer, listing.query_of(wanted)).rows
    return [one.value.body["text"] for one in found]
