"""What is urgent overtakes what waits: an entry has its place in a feed for good once it is signed.

A head is signed for no more than leaves with it. So what nobody has signed yet may still be put in
another order: flash, safety, recalls, what acknowledges them, and the steps of a case that is flash
go before all that waits, behind what is signed and what was hastened before. In that order it
leaves, on every carrier. A receipt (``read``, ``file``) waits its turn: nobody acts on it.

What must hold: what is signed never moves; of one record, earlier releases stay before later ones,
and a file before the record that names it. Whatever goes ahead of a case takes along all that waits
of that case: its entries keep the order in which they were said.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from tansiq.board import node_state, overtaking, releases
from tansiq.desk.act.desk import Act, Desk
from tansiq.domain.escalation import Haste
from tansiq.domain.kinds import KINDS
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import decode_object
from tansiq.log.store import Entry, out_log

_URGENT: Final = frozenset({Haste.SAFETY, Haste.FLASH})
AHEAD_MAX: Final = 2_000  # in one entry of the journal
_ACKNOWLEDGED: Final = "acknowledgement"


def is_urgent(wire: Mapping[str, object]) -> bool:
    """Whether what a release carries goes before what waits."""
    kind = KINDS.get(str(wire["kind"]))
    if kind is None:
        return False
    safety = wire.get("purpose") == Haste.SAFETY.value
    flash = steps_are_urgent(kind.name, cast("dict[str, object]", wire["body"]))
    return safety or flash or kind.name == _ACKNOWLEDGED


def steps_are_urgent(kind: str, root: Mapping[str, object]) -> bool:
    """Whether steps of a case with this root go before what waits."""
    return KINDS[kind].haste_of(dict(root)) in _URGENT


def hasten(act: Act, party: PartyCode, seqs: Sequence[int]) -> None:
    """Put these entries of the feed to ``party`` before all that is not signed and not urgent."""
    desk, log = act.desk, out_log(party)
    first = _first(desk, party)
    along = (*_along(desk, party, first, seqs), *_of_cases(desk, party, first, seqs))
    ahead = sorted({seq for seq in (*seqs, *along) if seq >= first})
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
        yield from _files_of(desk, release)


def _files_of(desk: Desk, release: str) -> Iterable[int]:
    """Where the files stand that go with a release."""
    frozen = decode_object(releases.prepared(desk.board, release) or b"{}")
    for file in cast("list[str]", frozen.get("with", [])):
        place = releases.feed_seq(desk.board, file)
        if place is not None:
            yield place


def _of_cases(desk: Desk, party: PartyCode, first: int, seqs: Sequence[int]) -> Iterable[int]:
    """All that waits of the cases that these entries belong to."""
    store, log = desk.store, out_log(party)
    if len(seqs) > AHEAD_MAX:
        return
    named = [entry for seq in seqs for entry in store.read(log, seq, seq + 1)]
    roots = {_case_of(entry) for entry in named} - {""}
    marks = [root.encode() for root in roots]
    for entry in store.scan(log, start=first) if roots else ():
        data = entry.data or b""
        if any(mark in data for mark in marks) and _case_of(entry) in roots:
            yield entry.seq
            yield from _files_of(desk, str(decode_object(data)["release"]))


def _case_of(entry: Entry) -> str:
    """The root of the case that an entry opens, moves or answers beside a step; "" for none."""
    item = decode_object(entry.data) if entry.data is not None else {}
    if item.get("type") in ("step", "stage"):
        return str(item["root"])
    if item.get("type") != "edition":
        return ""
    kind, body = KINDS.get(str(item.get("kind"))), item.get("body")
    if kind is None or not isinstance(body, dict):  # signed by a lost key of ours, or by mistake
        return ""
    if kind.case is not None:
        return str(item["record"])
    return str(body["about"]) if "step" in body and "about" in body else ""
