"""Steps of partners about records that never come: kept for a time and so many, then given up.

The supervisor's tick asks for it. Until then nothing is shown of them, for nobody here can say who
may know of their record; that they were given up is told where the link to their party is.
"""

from collections import Counter
from typing import Final

from tansiq.board import steps
from tansiq.desk.act import timekeeping
from tansiq.desk.act.desk import Desk
from tansiq.desk.exchange.accepting import about, alarm
from tansiq.domain.bounds import BOUNDS

AT_ONCE: Final = 500  # steps that one tick gives up
DAY_MS: Final = 86_400_000


def tick(desk: Desk) -> int:
    """Give up what has waited too long, unless the clock is in doubt; how many steps that were. The
    journal names them, so that a fold of the logs gives up the same.
    """
    if timekeeping.in_doubt(desk):
        return 0
    before = desk.clock.now() - BOUNDS.case_waiting_days * DAY_MS
    found = steps.overdue(desk.board, before, AT_ONCE)
    if found:
        with desk.act() as act:
            act.say({"type": "given_up", "steps": [list(one) for one in found], "at": act.now})
            for party, count in sorted(Counter(author for _, _, author, _ in found).items()):
                roots = about(root for root, _, author, _ in found if author == party)
                alarm(act, party, "steps_given_up", {"count": count, **roots})
    return len(found)
