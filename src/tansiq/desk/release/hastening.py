"""What is urgent overtakes what waits: an entry has its place in a feed for good once it is signed.

A head is signed for no more than leaves with it. So what nobody has signed yet may still be put in
another order: flash, safety, recalls, and what acknowledges them, go before all that waits, behind
what is signed and what was hastened before. In that order it leaves, on every carrier.

What must hold: what is signed never moves; of one record, earlier releases stay before later ones,
and a file before the record that names it. Cases keep the order in which their steps were said.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from tansiq.board import node_state, overtaking, releases
from tansiq.desk.act.desk import Act, Desk
from tansiq.domain.escalation import Haste
from tansiq.domain.kinds import KINDS
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import decode_object
from tansiq.log.store import out_log

_URGENT: Final = frozenset({Haste.SAFETY, Haste.FLASH})
AHEAD_MAX: Final = 2_000  # in one entry of the journal
_ACKNOWLEDGED: Final = "acknowledgement"


def is_urgent(wire: Mapping[str, object]) -> bool:
    """Whether what a release carries goes before what waits."""
    kind, body = KINDS.get(str(wire["kind"])), cast("dict[str, object]", wire["body"])
    if kind is None or kind.case is not None:
        return False
    safety = wire.get("purpose") == Haste.SAFETY.value
    return safety or kind.haste_of(body) in _URGENT or kind.name == _ACKNOWLEDGED


def hasten(act: Act, party: PartyCode, seqs: Sequence[int]) -> None:
    """Put these entries of the feed to ``party`` before all that is not signed and not urgent."""
    desk, log = act.desk, out_log(party)
    first = _first(desk, party)
    ahead = sorted({seq for seq in (*seqs, *_along(desk, party, first, seqs)) if seq >= first})
    if not 0 < len(ahead) <= AHEAD_MAX:
        return  # so many at once that they say nothing of haste
    if ahead[-1] - first >= len(ahead):  # else they stand there already
        desk.store.reorder(log, first, ahead)
        said: dict[str, object] = {"type": "overtook", "party": party, "first": first}
        act.say({**said, "ahead": ahead, "at": act.now})
    node_state.set_hastened(desk.board, party, first + len(ahead))


def _first(desk: Desk, party: PartyCode) -> int:
    """Behind what is signed and what was hastened before."""
    log = out_log(party)
    front = max(desk.store.signed(log, desk.me), node_state.hastened(desk.board, party))
    return min(front, desk.store.head(log).size)


def _along(desk: Desk, party: PartyCode, first: int, seqs: Sequence[int]) -> Iterable[int]:
    """What has to stay before these entries: earlier releases of their records, with the files
    that went with those.
    """
    found = overtaking.before(desk.board, party, first, seqs)
    for release, seq in found:
        yield seq
        frozen = decode_object(releases.prepared(desk.board, release) or b"{}")
        for file in cast("list[str]", frozen.get("with", [])):
            place = releases.feed_seq(desk.board, file)
            if place is not None:
                yield place
