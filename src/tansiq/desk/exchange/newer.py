"""What a newer partner sent and this node cannot show: its owner hears that it is held here, and
later that it is shown.
"""

from collections.abc import Iterable
from itertools import groupby, islice
from typing import Final

from tansiq.board import held_editions
from tansiq.desk.act.desk import Act, Desk
from tansiq.domain.parties import PartyCode

TOLD_AT_ONCE: Final = 500  # releases in one entry


def tell(act: Act, told: Iterable[tuple[str, PartyCode, str]]) -> None:
    """Tell the owners of these releases, neighbours in one entry, why they are held here: ``kind``
    or ``version`` is not known, or ``none``, which says that they are shown.
    """
    for (owner, reason), group in groupby(told, lambda one: one[1:]):
        releases = (release for release, *_ in group)
        while part := list(islice(releases, TOLD_AT_ONCE)):
            sent = {"type": "held", "releases": part, "reason": reason, "at": act.now}
            seq = act.feed(owner, sent)
            act.say({**sent, "owner": owner, "seq": seq})


def settle(desk: Desk) -> None:
    """Tell owners what they do not know yet, as after an update: call it when a node opens."""
    told = held_editions.untold(desk.board)
    if told:
        with desk.act() as act:
            tell(act, told)
