"""Planted faults: each makes the product wrong in one way that the simulation must find."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from tansiq.board import file_bytes, fold, papers, queries, received, releases
from tansiq.board.board import Board
from tansiq.desk.act.desk import Desk
from tansiq.desk.exchange import exchange, saying
from tansiq.desk.proof import checking
from tansiq.desk.release import (
    agreements,
    automatic,
    file_leaving,
    hastening,
    proposing,
    purging,
)
from tansiq.desk.trust import partners
from tansiq.domain.kinds import KINDS
from tansiq.domain.labels import Label
from tansiq.domain.records import RecordView
from tansiq.log.canonical import decode_object
from tansiq.log.checkpoint import cosign, node_name
from tansiq.log.store import in_log
from tansiq.policy.agreement import Agreement
from tansiq.policy.seal import Sealed, seal
from tansiq.sync import engine
from tansiq.sync.engine import Accept, Peer, Step
from tansiq.sync.parcel import Line, Parcel
from tests.mutants.planting import Fault as Planted
from tests.mutants.planting import planted
from tests.sim.crash import CrashingDatabase

Fault = Callable[[], Any]


@contextmanager
def receipt_past_a_gap() -> Iterator[None]:
    """A node signs for a parcel that waits behind a gap."""
    honest = saying.receipt_for

    def signs(desk: Desk, party: Any, now: int, *, live: bool) -> str:
        waiting = exchange._peer(desk, party).waiting
        if not waiting:
            return honest(desk, party, now, live=live)
        name = node_name(desk.me, desk.identity.node)
        return cosign(waiting[-1].note, name, desk.identity.keys.seed, now)

    with patch.object(saying, "receipt_for", signs):
        yield


@contextmanager
def accepted_gap() -> Iterator[None]:
    """A run that starts past the head is appended as if nothing were missing."""
    honest = engine._run

    def runs(peer: Peer, parcel: Parcel, feeds: engine.Feeds) -> Step:
        if parcel.header.start <= peer.head.size or not parcel.lines:
            return honest(peer, parcel, feeds)
        head = peer.head.extend(line.leaf for line in parcel.lines)
        accept = Accept(lines=parcel.lines, head=head, note=parcel.note)
        return replace(peer, head=head), [accept]

    with patch.object(engine, "_run", runs):
        yield


@contextmanager
def overlap_not_compared() -> Iterator[None]:
    """What a parcel repeats is taken for granted, so that a second head goes unnoticed."""

    def runs(peer: Peer, parcel: Parcel, feeds: engine.Feeds) -> Step:
        header = parcel.header
        if header.start > peer.head.size:
            return engine._hold(peer, parcel)
        fresh = parcel.lines[peer.head.size - header.start :]
        if not fresh:
            return peer, []
        head = peer.head.extend(line.leaf for line in fresh)
        accept = Accept(lines=fresh, head=head, note=parcel.note)
        return replace(peer, head=head), [accept]

    with patch.object(engine, "_run", runs):
        yield


@contextmanager
def purge_forgotten() -> Iterator[None]:
    """A recall takes a record off the board and leaves its bytes in the log."""
    with patch.object(purging, "recalled", lambda act, party: None):
        yield


@contextmanager
def file_readable_after_its_record() -> Iterator[None]:
    """A file is opened by its own label alone, whatever became of the record that names it."""

    def sealed(_board: Board, view: RecordView, label: Label) -> Sealed[RecordView]:
        return seal(view, owner=view.owner, label=label)

    with patch.object(queries, "sealed_file", sealed):
        yield


@contextmanager
def file_bytes_left_behind() -> Iterator[None]:
    """A purge takes a file off the board and leaves its bytes."""
    with patch.object(file_bytes, "entries_of", lambda *_, **__: []):
        yield


@contextmanager
def bytes_of_what_is_over() -> Iterator[None]:
    """Whether a file may still go is not asked again when its bytes leave."""
    with patch.object(file_leaving, "may_leave", releases_exists):
        yield


@contextmanager
def overtakes_what_is_signed() -> Iterator[None]:
    """What is urgent is put before entries that a head covers already."""

    def first(desk: Desk, party: Any) -> int:
        known = partners.partner(desk, party)
        return known.acknowledged if known else 0

    with patch.object(hastening, "_first", first):
        yield


@contextmanager
def earlier_edition_left_behind() -> Iterator[None]:
    """An edition that is urgent overtakes an earlier one of its own record."""
    with patch.object(hastening, "_along", lambda *_: ()):
        yield


def releases_exists(desk: Desk, to: Any, release: str, now: int) -> bool:
    """Whatever was released once may go."""
    return releases.exists(desk.board, release)


@contextmanager
def unusable_left_behind() -> Iterator[None]:
    """A purge knows only the entries that this node can show."""
    honest = received.keep_content

    def keeps(board: Board, party: Any, named: Any) -> None:
        known = []
        for release, seq in named:
            (entry,) = board.store.read(in_log(party), seq, seq + 1)
            item = decode_object(entry.data)
            if item.get("kind") in KINDS:
                known.append((release, seq))
        honest(board, party, known)

    with patch.object(received, "keep_content", keeps):
        yield


@contextmanager
def recalled_still_sent() -> Iterator[None]:
    """What was recalled before it was delivered travels whole."""

    def lines(entries: Any, withdrawn: set[str]) -> list[Line]:
        return [Line(entry.data, entry.leaf) for entry in entries]

    with patch.object(saying, "lines_of", lines):
        yield


@contextmanager
def recall_after_the_original() -> Iterator[None]:
    """A recall only counts for what comes later."""
    with patch.dict(received.FEED, {"recall": lambda *_: None}):
        yield


@contextmanager
def fold_not_repeatable() -> Iterator[None]:
    """Folding again keeps the rows of one table from the time before."""
    honest = checking._fold_all

    def folds(desk: Desk, progress: checking.Progress, *, labels: bool = False) -> int:
        columns = "party, code, text, at, seen_at"
        alarms = desk.database.rows(f"SELECT {columns} FROM alarm")
        done = honest(desk, progress, labels=labels)
        statement = f"INSERT INTO alarm ({columns}) VALUES (?, ?, ?, ?, ?)"
        desk.database.many(statement, alarms)
        return done

    with patch.object(checking, "_fold_all", folds):
        yield


@contextmanager
def no_second_person() -> Iterator[None]:
    """A rule that asks for a second person is taken for one that does not."""
    honest = agreements.governs

    def alone(board: Board, party: str, now: int) -> Agreement | None:
        found = honest(board, party, now)
        if found is None:
            return None
        return replace(found, rules=tuple(replace(r, approvers=0) for r in found.rules))

    with patch.object(agreements, "governs", alone):
        yield


@contextmanager
def below_the_tear_line() -> Iterator[None]:
    """What a person put below the tear line leaves with the rest."""
    with planted(reads("tansiq.policy.release:redact", "edition.tear | ", "")):
        yield


@contextmanager
def embargo_forgotten() -> Iterator[None]:
    """A release does not wait for its embargo or its delay."""
    with (
        patch.object(proposing, "due_at", lambda *_: 0),
        patch.object(automatic, "due_at", lambda *_: 0),
    ):
        yield


@contextmanager
def recall_forgotten() -> Iterator[None]:
    """A rule sends by itself what follows a recall, or the end of what was held."""
    old = "not past.ended and "
    with planted(reads("tansiq.policy.following:goes_by_itself", old, "")):
        yield


@contextmanager
def laxer_rule() -> Iterator[None]:
    """An edition goes as its own rule says, whatever a stricter one kept back before."""
    old, new = "stricter(rule, proposal.past.rules)", "stricter(rule, ())"
    with planted(reads("tansiq.policy.release:rule_of", old, new)):
        yield


@contextmanager
def expiry_forgotten() -> Iterator[None]:
    """What has expired stays at the receiver."""
    with patch.object(purging, "expired", lambda desk: 0):
        yield


@contextmanager
def old_agreement_taken() -> Iterator[None]:
    """An older version of an agreement is taken, and its rules come back."""
    honest = papers._agreement

    def keeps(board: Board, seq: int, item: Any) -> None:
        party, version = item["party"], item["agreement"]["version"]
        board.db.run("DELETE FROM agreement WHERE party = ? AND version > ?", (party, version))
        honest(board, seq, item)

    with (
        patch.object(agreements, "_demand_newer", lambda *_: None),
        patch.dict(fold._JOURNAL, {"agreement": keeps}),
    ):
        yield


@contextmanager
def torn_act() -> Iterator[None]:
    """An act is many small writes: a crash leaves half of it."""

    @contextmanager
    def none(self: CrashingDatabase) -> Iterator[None]:
        yield

    with patch.object(CrashingDatabase, "transaction", none):
        yield


@contextmanager
def receipt_goes_back() -> Iterator[None]:
    """An old receipt that comes late counts as the newest."""
    honest = engine._receipt

    def takes(peer: Peer, parcel: Parcel, feeds: engine.Feeds) -> Step:
        return honest(replace(peer, acknowledged=0), parcel, feeds)

    with patch.object(engine, "_receipt", takes):
        yield


@contextmanager
def receipt_over_anything() -> Iterator[None]:
    """A receipt counts by its size alone, whatever entries it was signed over."""
    old, new = "feeds.my_root_at(signed.size) != signed.root", "not feeds.my_root_at(signed.size)"
    with planted(reads("tansiq.sync.engine:_receipt", old, new)):
        yield


@contextmanager
def parcel_of_others() -> Iterator[None]:
    """Whom a parcel was written for does not matter, once it could be opened."""
    old, new = "header.receiver != me", "False"
    with planted(reads("tansiq.sync.parcel:header_of", old, new)):
        yield


@contextmanager
def unsigned_parcel() -> Iterator[None]:
    """Who signed a parcel does not matter, once its sender is known."""
    old = "not keys.verifies(public, _signed_bytes(unsigned), signature)"
    with planted(reads("tansiq.sync.parcel:_check_signature", old, "False")):
        yield


@contextmanager
def agreement_of_others() -> Iterator[None]:
    """An agreement that a partner signed with somebody else is taken for one with us."""
    old = "set(agreement.parties) != {act.desk.me, party} or "
    with planted(reads("tansiq.desk.release.agreements:take", old, "")):
        yield


@contextmanager
def revocation_not_looked_at() -> Iterator[None]:
    """Who has stolen a node is heard, although its authority has revoked it."""
    with planted(reads("tansiq.desk.trust.papers:signer", "if revoked is not None:", "if False:")):
        yield


@contextmanager
def restored_speaks_at_once() -> Iterator[None]:
    """A node that went back to a backup signs new entries before its partners were heard."""
    with planted(
        reads("tansiq.desk.exchange.handshake:asks", "not (live or lacks or _mark(desk))", "True")
    ):
        yield


@contextmanager
def waiting_outlives_a_restore() -> Iterator[None]:
    """What waits behind a gap is kept although its sender has begun anew."""
    with planted(reads("tansiq.desk.exchange.handshake:begins_anew", "bool(header.ask)", "False")):
        yield


def reads(where: str, old: str, new: str) -> Planted:
    """A line that reads otherwise."""
    return Planted(name=where, where=where, old=old, new=new, killer="")


FAULTS: tuple[Fault, ...] = (
    receipt_past_a_gap, accepted_gap, overlap_not_compared, purge_forgotten, file_bytes_left_behind,
    bytes_of_what_is_over, file_readable_after_its_record,
    overtakes_what_is_signed, earlier_edition_left_behind,
    unusable_left_behind, recalled_still_sent, recall_after_the_original, fold_not_repeatable,
    no_second_person, below_the_tear_line, embargo_forgotten, recall_forgotten, laxer_rule,
    expiry_forgotten,
    old_agreement_taken, torn_act, receipt_goes_back, receipt_over_anything, parcel_of_others,
    unsigned_parcel, agreement_of_others, revocation_not_looked_at,
    restored_speaks_at_once, waiting_outlives_a_restore,
)  # fmt: skip
