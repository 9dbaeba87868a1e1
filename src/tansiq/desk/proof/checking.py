"""Verify, check and rebuild: what an auditor or an administrator asks of the logs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from tansiq.board import folding
from tansiq.board.access_entries import fold_access
from tansiq.board.fold import fold_run
from tansiq.board.snapshot import snapshot as of_board
from tansiq.desk.act.desk import Desk
from tansiq.desk.exchange import recovery
from tansiq.desk.trust import papers, partners
from tansiq.domain.errors import FaultError
from tansiq.log.canonical import decode_kept
from tansiq.log.checkpoint import feed_origin, node_name, verify, verify_cosignature
from tansiq.log.store import ACCESS, JOURNAL, Damage, in_log, out_log

Progress = Callable[[str, int], None]
FOLDED_AT_ONCE: Final = 1_000  # entries of the journal


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """One pair of feeds: sizes, roots, and how far the partner has signed for ours."""

    party: str
    sent: int
    signed_for: int
    received: int
    sent_root: str
    received_root: str
    damages: tuple[Damage, ...]


def fsck(desk: Desk, progress: Progress) -> list[Damage]:
    """Check every log against everything it promises, and the board against the logs."""
    damages: list[Damage] = []
    for name in desk.store.names():
        for found in desk.store.check(name):
            if isinstance(found, Damage):
                damages += [] if came_back_erased(desk, found) else [found]
            else:
                progress(name, found)
    if not damages and not _board_agrees(desk):
        damages.append(Damage(log="board", seq=-1, code="board_differs"))
    return damages


def came_back_erased(desk: Desk, damage: Damage) -> bool:
    """Whether an entry of ours is there by its hash alone because the partner from whom it came
    back had erased it.
    """
    party = damage.log.removeprefix("out/")
    return damage.code == "entry_missing" and recovery.came_back(desk, party, damage.seq)


def verify_feeds(desk: Desk, progress: Progress) -> list[FeedReport]:
    """Check both feeds with every partner: leaves, roots, signatures and receipts."""
    return [_verify(desk, known, progress) for known in partners.partners(desk)]


def _verify(desk: Desk, known: partners.Partner, progress: Progress) -> FeedReport:
    party = known.party
    damages: list[Damage] = []
    for name in (out_log(party), in_log(party)):
        for found in desk.store.check(name):
            if isinstance(found, Damage):
                damages += [] if came_back_erased(desk, found) else [found]
            else:
                progress(name, found)
    damages += _signatures(desk, known)
    out, received = desk.store.head(out_log(party)), desk.store.head(in_log(party))
    return FeedReport(
        party=party, sent=out.size, signed_for=known.acknowledged, received=received.size,
        sent_root=out.root().hex(), received_root=received.root().hex(), damages=tuple(damages),
    )  # fmt: skip


def _signatures(desk: Desk, known: partners.Partner) -> Iterator[Damage]:
    """Heads and receipts stay provable over a change of keys: any key counts that the party had."""
    party, cards = known.party, papers.cards_of(desk, known.party)
    size = desk.store.head(in_log(party)).size
    note = desk.store.note(in_log(party), size, party) or ""
    origin = feed_origin(party, desk.me)
    if size and not any(_holds(verify, note, origin, origin, c.public) for c in cards):
        yield Damage(log=in_log(party), seq=size - 1, code="signature_bad")
    if known.acknowledged:
        receipt = desk.store.note(out_log(party), known.acknowledged, party) or ""
        ours = feed_origin(desk.me, party)
        if not any(
            _holds(verify_cosignature, receipt, node_name(party, c.node), c.public, ours)
            for c in cards
        ):
            yield Damage(log=out_log(party), seq=known.acknowledged - 1, code="receipt_bad")


def _holds(check: Callable[..., object], *values: object) -> bool:
    try:
        check(*values)
    except FaultError:
        return False
    return True


def rebuild(desk: Desk, progress: Progress) -> int:
    """Drop every table of the board and fold it again from the logs; how many journal entries that
    were.

    A stop half-way leaves the tables as they were: it is one transaction.
    """
    with desk.act() as act:
        done = _fold_all(desk, progress)
        folding.mark(desk.database)
        act.changed("link")
    return done


def outdated(desk: Desk) -> bool:
    """Whether the board was folded by another program than this one. An empty one is this one's."""
    if folding.is_current(desk.database):
        return False
    if desk.store.head(JOURNAL).size or desk.store.head(ACCESS).size:
        return True
    with desk.act():
        desk.board.drop(labels=True)
        folding.mark(desk.database)
    return False


def fold_anew(desk: Desk, progress: Progress) -> int:
    """As :func:`rebuild`, after an update: nobody else may work on the node."""
    with desk.act():
        done = _fold_all(desk, progress, labels=True)
        folding.mark(desk.database)
    return done


def _fold_all(desk: Desk, progress: Progress, *, labels: bool = False) -> int:
    """Fold all logs into an empty board; how many journal entries there were."""
    desk.board.drop(labels=labels)
    done = {JOURNAL: 0, ACCESS: 0}
    for name in (JOURNAL, ACCESS):
        entries = desk.store.scan(name)
        while batch := list(islice(entries, FOLDED_AT_ONCE)):
            kept = [(e.seq, decode_kept(e.data)) for e in batch if e.data is not None]
            if name == JOURNAL:
                fold_run(desk.board, kept)
            else:
                for seq, item in kept:
                    fold_access(desk.board, seq, item)
            done[name] += len(batch)
            progress(name, done[name])
    return done[JOURNAL]


def snapshot(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """The board's content without its internal numbers, for comparing it with another folding."""
    return of_board(desk.board)


class _RollbackError(Exception):
    """Leaves a transaction without keeping anything."""


def _board_agrees(desk: Desk) -> bool:
    before = snapshot(desk)
    after: dict[str, list[tuple[object, ...]]] = {}
    try:
        with desk.act():
            _fold_all(desk, lambda _log, _entries: None)
            after = snapshot(desk)
            raise _RollbackError  # noqa: TRY301 - the way out of a transaction
    except _RollbackError:
        return before == after
