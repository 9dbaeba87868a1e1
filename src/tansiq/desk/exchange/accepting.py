"""Accepting a run of a partner's feed: what is kept of it, what it says, who hears of it."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from tansiq.board import alarms
from tansiq.board.fold import Arrived
from tansiq.board.reading import Content, ReceivedEdition, content_of, read_run
from tansiq.board.received import Arrival
from tansiq.desk.act import notify
from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.exchange import newer, recovery
from tansiq.desk.release import agreements
from tansiq.desk.trust import papers
from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import JSON
from tansiq.log.papers import KINDS
from tansiq.log.store import Entry, in_log
from tansiq.sync.engine import Accept
from tansiq.sync.parcel import Line

RECORDS_NAMED: Final = 8  # records that one alarm names
_SIGNED: Final = ("agreement", *KINDS)  # entries that an authority has signed


def alarm(act: Act, party: PartyCode, code: str, values: dict[str, object]) -> None:
    """Tell people of something odd about a partner."""
    once_an_hour = code in ("clock_differs", "newer_held")
    if once_an_hour and alarms.rang_since(act.desk.board, party, code, act.now - 3_600_000):
        return
    act.say({"type": "alarm", "party": party, "code": code, "values": values, "at": act.now})
    act.changed("link")


def about(keys: Iterable[str]) -> dict[str, object]:
    """What an alarm is about, for :func:`alarm`: the first records by key. They are shown to whom
    may see them, and to nobody else.
    """
    return {"records": list(dict.fromkeys(keys))[:RECORDS_NAMED]}


def accept(act: Act, party: PartyCode, effect: Accept) -> None:
    """Keep these lines and fold what they say. Raises ParcelError for bytes that are not canonical:
    then nothing of the act is kept.
    """
    store, log = act.desk.store, in_log(party)
    effect = replace(effect, lines=recovery.without_purged(act.desk, party, effect.lines))
    arrived = _arrived(act, party, effect)
    size, root = effect.head.size, effect.head.root()
    store.append_leaves(log, [(line.leaf, line.data) for line in effect.lines], effect.head)
    store.keep_note(log, size=size, root=root, signer=party, text=effect.note)
    act.say(
        {"type": "accepted", "feed": party, "size": size, "note": effect.note,
         "at": act.now},
        arrived,
    )  # fmt: skip
    deque(arrived.parts(), maxlen=0)  # all of it was folded, unless that read it from the log
    for number, fault in arrived.outcome.unusable:
        alarm(act, party, "entry_unusable", {"number": number, "fault": fault})
    for _, one in arrived.run:
        if not isinstance(one, ReceivedEdition) and one.get("type") in _SIGNED:
            _take_signed(act, party, one)
    if arrived.outcome.held:
        alarm(act, party, "newer_held", about(one.key for one in arrived.outcome.held))
        newer.tell(act, ((one.received, party, one.reason) for one in arrived.outcome.held))
    notify.after(act, party, arrived)


def _arrived(act: Act, party: PartyCode, effect: Accept) -> Arrived:
    """What the entries of a run say that still have their content. Who could see what a recall in
    it takes away hears of it now.
    """
    start = effect.head.size - len(effect.lines)
    kept = [(seq, line) for seq, line in enumerate(effect.lines, start) if line.data is not None]
    entries = [Entry(seq=seq, leaf=line.leaf, data=line.data) for seq, line in kept]
    parts = _parts(entries, _contents(act.desk, [line for _, line in kept]))
    if any(b'"type":"recall"' in line.data for _, line in kept if line.data is not None):
        whole = list(chain.from_iterable(parts))  # a recall comes before what it recalls
        notify.before(act, party, whole)
        parts = iter([whole])
    return Arrived(start, parts)


def _contents(desk: Desk, lines: Sequence[Line]) -> Iterable[Sequence[Content]]:
    """What lines say, in parts: from what was read when their parcel was opened, or by the reader,
    who begins at once.
    """
    unread = [line.data for line in lines if line.item is None and line.data is not None]
    if not unread:
        return [[content_of(line.item) for line in lines if line.item is not None]]
    if desk.parse_worker is not None and len(unread) == len(lines):
        return desk.parse_worker.read(unread)
    return [read_run([line.data for line in lines if line.data is not None])]


def _parts(
    entries: Sequence[Entry], contents: Iterable[Sequence[Content]]
) -> Iterator[list[Arrival]]:
    at = 0
    for part in contents:
        yield list(zip(entries[at : at + len(part)], part, strict=True))
        at += len(part)


def _take_signed(act: Act, party: PartyCode, item: dict[str, JSON]) -> None:
    try:
        if item.get("type") == "agreement":
            agreements.take(act, party, item)
        else:
            papers.of_entry(act, party, item)
    except (InputError, ParcelError) as fault:
        alarm(act, party, "entry_unusable", {"number": 0, "fault": fault.code})
