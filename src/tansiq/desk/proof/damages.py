"""What ``fsck`` says: which entries are damaged, what they concern, who holds a copy, what is safe.

Damages that follow one another are one finding. What stands before the first damage of a log and
under a head that somebody signed, or under an anchor that a partner holds, is certainly safe.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from tansiq.board import own_editions, releases
from tansiq.board.anchors import before
from tansiq.desk.act.desk import Desk
from tansiq.desk.proof import anchors, checking
from tansiq.desk.proof.checking import Progress
from tansiq.desk.trust import partners
from tansiq.domain.errors import FaultError
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import decode_object
from tansiq.log.store import JOURNAL, Damage, out_log

RECORDS_NAMED: Final = 20
ANCHORS_MAX: Final = 1_000  # that are asked for where the journal was still whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A run of damaged entries, from ``first`` to ``last`` (-1 = the log as a whole).

    ``after`` is the time of the last good journal entry before it, 0 = unknown; ``records`` counts
    the records concerned and ``named`` some of them; ``holders`` have a copy; ``step`` says what to
    do next.
    """

    log: str
    first: int
    last: int
    code: str
    after: int
    records: int
    named: tuple[str, ...]
    holders: tuple[str, ...]
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe:
    """Of ``size`` entries the first ``entries`` are as ``by`` signed for them, or for an anchor."""

    log: str
    entries: int
    size: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """All that was found."""

    findings: tuple[Finding, ...]
    safe: tuple[Safe, ...]

    def to_json(self) -> dict[str, object]:
        """For machines."""
        return {
            "damages": [asdict(item) for item in self.findings],
            "safe": [asdict(item) for item in self.safe],
        }


def examine(desk: Desk, progress: Progress) -> Examined:
    """Check everything, and say what it means."""
    damages = checking.fsck(desk, progress)
    if not any(damage.log in (JOURNAL, "board") for damage in damages):
        damages += _anchored(desk)
    findings = tuple(_finding(desk, run) for run in _runs(damages))
    worst = {log: min(d.seq for d in damages if d.log == log) for log in {d.log for d in damages}}
    safe = tuple(_safe(desk, name, worst.get(name)) for name in desk.store.names())
    return Examined(findings=findings, safe=safe)


def _anchored(desk: Desk) -> list[Damage]:
    try:
        return list(anchors.check(desk).damages)
    except FaultError:
        return []  # an entry that cannot be read was reported already


def _runs(damages: list[Damage]) -> Iterator[list[Damage]]:
    run: list[Damage] = []
    for damage in sorted(damages, key=lambda d: (d.log, d.code, d.seq)):
        if run and _follows(run[-1], damage):
            run.append(damage)
            continue
        if run:
            yield run
        run = [damage]
    if run:
        yield run


def _follows(one: Damage, other: Damage) -> bool:
    return (one.log, one.code) == (other.log, other.code) and other.seq <= one.seq + 1


def _finding(desk: Desk, run: list[Damage]) -> Finding:
    log, first, last, code = run[0].log, run[0].seq, run[-1].seq, run[0].code
    records = _records(desk, log, first, last) if first >= 0 else []
    holders = _holders(desk, log, last)
    step = "rebuild" if log == "board" else "partner" if holders else "backup"
    if code.startswith("anchor_"):
        step = "evidence"
    return Finding(
        log=log, first=first, last=last, code=code, after=_time_before(desk, log, first),
        records=len(records), named=tuple(records[:RECORDS_NAMED]), holders=holders, step=step,
    )  # fmt: skip


def _records(desk: Desk, log: str, first: int, last: int) -> list[str]:
    """The records that these entries carry or release."""
    found = own_editions.records_in(desk.board, log, first, last)
    if log.startswith("out/"):
        found |= releases.records_in(desk.board, log.partition("/")[2], first, last)
    return sorted(found)


def _holders(desk: Desk, log: str, last: int) -> tuple[str, ...]:
    """Who has these entries too: the receiver of a feed that signed for them, or its sender."""
    way, _, party = log.partition("/")
    if way == "in":
        return (party,)
    known = partners.partner(desk, party) if way == "out" else None
    return (party,) if known is not None and last < known.acknowledged else ()


def _time_before(desk: Desk, log: str, first: int) -> int:
    if first <= 0 or log == "board":
        return 0
    for entry in desk.store.read(log, first - 1, first):
        try:
            at = decode_object(entry.data).get("at") if entry.data else 0
        except FaultError:
            return 0
        return at if isinstance(at, int) else 0
    return 0


def _safe(desk: Desk, log: str, worst: int | None) -> Safe:
    size = desk.store.head(log).size
    end = size if worst is None else max(worst, 0)
    signed = desk.store.note_within(log, end)
    if signed:
        return Safe(log=log, entries=signed[0], size=size, by=signed[1])
    if log == JOURNAL:
        return _safe_journal(desk, size, end)
    return Safe(log=log, entries=0, size=size, by="")


def _safe_journal(desk: Desk, size: int, end: int) -> Safe:
    """The newest anchor before the first damage that a partner has signed for."""
    signed = {known.party: known.acknowledged for known in partners.partners(desk)}
    for seq in before(desk.board, end, ANCHORS_MAX):
        for entry in desk.store.read(JOURNAL, seq, seq + 1):
            anchor = anchors.anchor_of(entry.seq, entry.data or b"{}")
            held = [p for p, at in _places(desk, anchor).items() if at < signed.get(p, 0)]
            if held and _stands(desk, anchor, held[0]):
                return Safe(log=JOURNAL, entries=anchor.size(JOURNAL), size=size, by=held[0])
    return Safe(log=JOURNAL, entries=0, size=size, by="")


def _places(desk: Desk, anchor: anchors.Anchor) -> dict[PartyCode, int]:
    return {PartyCode(party): anchors.place_of(desk, anchor, party) for party in anchor.feeds}


def _stands(desk: Desk, anchor: anchors.Anchor, party: str) -> bool:
    """Whether the feed holds what the anchor says, and the journal had that root."""
    seq = anchors.place_of(desk, anchor, party)
    for entry in desk.store.read(out_log(party), seq, seq + 1):
        told = entry.data is not None and anchor.commitment.encode() in entry.data
        root = desk.store.root_at(JOURNAL, anchor.size(JOURNAL))
        return told and root is not None and root.hex() == anchor.root(JOURNAL)
    return False
