"""Folding: what each journal entry does to the board's tables.

The journal alone gives the order. Entries of a partner's feed are folded where the journal says
"accepted", so that folding again from nothing gives the same tables. Inside one accepted run,
recalls go before what they recall.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, TypeAlias, cast

from tansiq.board import (
    alarms,
    anchors,
    case_folds,
    catalogue,
    outward,
    papers,
    past,
    received,
    restaging,
    rollback,
    rung,
    sealed_checks,
    waits,
)
from tansiq.board.board import Board, key_of
from tansiq.board.current_rows import CurrentRow, keep_editions
from tansiq.board.file_bytes import JOURNAL_FILES, gone
from tansiq.board.inward import JOURNAL_INWARD
from tansiq.board.overtaking import JOURNAL_OVERTAKING
from tansiq.board.reading import Item, content_of, derived_from
from tansiq.board.received import Arrival, Outcome
from tansiq.board.rows import (
    ensure_received,
    in_parts,
    item_at,
    number_of,
    text_of,
    texts_of,
)
from tansiq.domain.errors import StoreError
from tansiq.domain.kinds import kind_reading
from tansiq.domain.kinds.newest import own_newest
from tansiq.domain.labels import label_from_json
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import decode_kept
from tansiq.log.database import Value
from tansiq.log.store import JOURNAL, in_log


class Arrived:
    """What was accepted just now, being read: the entries from number ``start`` on, in parts.
    ``run`` has those of the parts that were asked for. Once it was folded, ``outcome`` is what it
    came to.
    """

    def __init__(self, start: int, parts: Iterable[Sequence[Arrival]]) -> None:
        self.start = start
        self.run: list[Arrival] = []
        self.outcome = Outcome()
        self._parts = parts

    def parts(self) -> Iterator[Sequence[Arrival]]:
        """The parts, once."""
        for part in self._parts:
            self.run += part
            yield part


def fold(board: Board, seq: int, item: Item, arrived: Arrived | None = None) -> None:
    """Apply one journal entry. Call it inside the transaction that appended it."""
    fold_run(board, [(seq, item)], arrived)


def fold_run(
    board: Board, entries: Iterable[tuple[int, Item]], arrived: Arrived | None = None
) -> None:
    """Apply journal entries in their order; neighbours of one type are applied as one set. Where
    cases stand is worked out once for as many entries as bear it.
    """
    for name, group in groupby(entries, lambda pair: str(pair[1]["type"])):
        run = list(group)
        if name in _JOURNAL and name not in _GOES_ON:
            restaging.settle(board)
        if name == "accepted":
            for _, item in run:
                _accepted(board, item, arrived)
        elif name in _SETS:
            _SETS[name](board, run)
        elif name in _JOURNAL:
            for seq, item in run:
                _JOURNAL[name](board, seq, item)
    restaging.settle(board)


def _editions(board: Board, run: Sequence[tuple[int, Item]]) -> None:
    log = board.store.id_of(JOURNAL)
    current: list[CurrentRow] = []
    references: list[tuple[str, str]] = []
    for seq, item in run:
        kind = kind_reading(text_of(item, "kind"), number_of(item, "v"))
        if kind is None:  # nothing of our own may be missing from the board without a word
            raise StoreError("journal_newer")
        edition = own_newest(item, board.me)
        current.append(
            CurrentRow(
                kind=kind, owner=edition.owner, record=edition.record, state=edition.state,
                label=edition.label, at=edition.at,
                derived=derived_from(kind, edition.body, edition.at, edition.record),
                log=log, seq=seq, received=None, came=edition.at, by=edition.author.position,
            )
        )  # fmt: skip
        reference = edition.body.get("source_ref")
        if isinstance(reference, str):
            references.append((reference, current[-1].key))
    for part in _apart(current):
        if any(one.key in board.moved for one in part):
            restaging.settle(board)
        keep_editions(board, part)
    first = {one.key: one.came for one in reversed(current) if one.kind.staged}
    for key, came in first.items():
        restaging.move(board, key, came)
    if references:
        board.db.many(
            "INSERT INTO reference (reference, record) VALUES (?, ?) ON CONFLICT DO NOTHING",
            references,
        )


def _apart(current: Sequence[CurrentRow]) -> Iterator[Sequence[CurrentRow]]:
    """These editions in sets; what takes up room alone, for what it meets and since when must not
    depend on what happened to be written next to it.
    """
    for alone, group in groupby(current, lambda one: bool(one.kind.occupies)):
        part = list(group)
        yield from ([one] for one in part) if alone else [part]


def _prepared(board: Board, run: Sequence[tuple[int, Item]]) -> None:
    board.db.many(
        """INSERT INTO release (release, record, party, rule, edition, journal, automatic,
             approvers, prepared_by, prepared_at, approvals, approved_at, declined_at, due,
             feed_seq, released_at, delivered_at, read_at, read_by, superseded_at, recalled_at,
             recall_reason, recall_seq, recall_delivered_at, purged_at, purged_read_by,
             purged_cause, expires, declined_by, files)
           VALUES (?,?,?,?,?,?,?,?,?,?,'[]',0,0,?,NULL,0,0,0,'',0,0,'',NULL,0,0,'','',?,'',?)""",
        [
            (
                text_of(item, "release"), key_of(board.me, text_of(item, "record")),
                text_of(item, "to"), text_of(item, "rule"), number_of(item, "n"), seq,
                int(bool(item["automatic"])), number_of(item, "approvers"),
                json.dumps(item["by"], sort_keys=True), number_of(item, "at"),
                number_of(item, "due"), number_of(item, "expires"), _files_of(item),
            )
            for seq, item in run
        ],
    )  # fmt: skip
    waits.prepared(
        board,
        [
            (
                text_of(item, "release"), key_of(board.me, text_of(item, "record")), item_at(item),
                _person(item),
            )
            for _, item in run
            if item["approvers"]
        ],
    )  # fmt: skip
    case_folds.prepared(board, (item for _, item in run))


def _files_of(item: Item) -> str:
    """The ids of the files that a release names."""
    wire = cast("Item", item["wire"])
    kind = kind_reading(str(wire["kind"]), number_of(wire, "v"))
    return " ".join(kind.files_in(cast("dict[str, object]", wire["body"]))) if kind else ""


def _person(item: Item) -> str:
    return str(cast("dict[str, object]", item["by"]).get("person", ""))


def _approved(board: Board, seq: int, item: Item) -> None:
    release = text_of(item, "release")
    asked = "SELECT approvals, approvers, due FROM release WHERE release = ?"
    for known, wanted, due in board.db.rows(asked, (release,)):
        approvals = [*json.loads(str(known)), {"by": item["by"], "at": item_at(item)}]
        enough = len(approvals) >= int(str(wanted))
        board.db.run(
            "UPDATE release SET approvals = ?, approved_at = ?, due = ? WHERE release = ?",
            (json.dumps(approvals, sort_keys=True), item_at(item) if enough else 0,
             max(int(str(due)), int(str(item.get("due", 0)))), release),
        )  # fmt: skip
        if enough:
            waits.decided(board, release)
        else:
            waits.begun_anew(board, release, item_at(item), _person(item))


def _declined(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "UPDATE release SET declined_by = ?, declined_at = ? WHERE release = ?",
        (json.dumps(item["by"], sort_keys=True), item_at(item), text_of(item, "release")),
    )
    if item.get("cause") == "recalled":
        past.end_of_release(board, text_of(item, "release"))
    waits.decided(board, text_of(item, "release"))


def _released(board: Board, run: Sequence[tuple[int, Item]]) -> None:
    whose = _whose(board, [text_of(item, "release") for _, item in run])
    for part in _without_repeats(run, whose):
        board.db.many(
            """UPDATE release SET superseded_at = ? WHERE record = ? AND party = ?
                 AND superseded_at = 0 AND recalled_at = 0 AND feed_seq IS NOT NULL""",
            [(item_at(item), *whose[text_of(item, "release")]) for item in part],
        )
        board.db.many(
            "UPDATE release SET feed_seq = ?, released_at = ? WHERE release = ?",
            [(number_of(item, "seq"), item_at(item), text_of(item, "release")) for item in part],
        )
        case_folds.sent(board, [(text_of(item, "release"), item_at(item)) for item in part])


def _whose(board: Board, releases: Sequence[str]) -> dict[str, tuple[Value, Value]]:
    """Of each release, the record and the party that it goes to."""
    found: dict[str, tuple[Value, Value]] = {}
    for marks, part in in_parts(releases):
        rows = board.db.rows(
            f"SELECT release, record, party FROM release WHERE release IN ({marks})", part
        )
        found |= {str(release): (record, party) for release, record, party in rows}
    return found


def _without_repeats(
    run: Sequence[tuple[int, Item]], whose: dict[str, tuple[Value, Value]]
) -> Iterator[list[Item]]:
    """The known releases in parts in which no record goes to one party twice: a later release takes
    the place of an earlier one.
    """
    part: list[Item] = []
    seen: set[tuple[Value, Value]] = set()
    for _, item in run:
        pair = whose.get(text_of(item, "release"))
        if pair is None:
            continue
        if pair in seen:
            yield part
            part, seen = [], set()
        part.append(item)
        seen.add(pair)
    yield part


def _recall(board: Board, seq: int, item: Item) -> None:
    past.end(board, text_of(item, "to"), text_of(item, "record"))
    for release in texts_of(item, "releases"):
        board.db.run(
            """UPDATE release SET recalled_at = ?, recall_reason = ?, recall_seq = ?
               WHERE release = ?""",
            (item_at(item), text_of(item, "reason"), number_of(item, "seq"), release),
        )
        root = key_of(board.me, text_of(item, "record"))
        case_folds.end_lane(board, root, release, item_at(item), owner=True)


def _read(board: Board, seq: int, item: Item) -> None:
    ensure_received(board, item)
    board.db.run(
        """UPDATE received SET read_at = CASE read_at WHEN 0 THEN ? ELSE read_at END,
             read_by = TRIM(read_by || ' ' || ?) WHERE release = ?""",
        (item_at(item), text_of(item, "position"), text_of(item, "release")),
    )


def _purged(board: Board, seq: int, item: Item) -> None:
    ensure_received(board, item)
    release, owner = text_of(item, "release"), text_of(item, "owner")
    label = _label_kept(board, item)
    board.db.run(
        """UPDATE received SET purged_at = ?, shown_to = ?, seq = -1, at = 0, expires = 0,
             label = ?, held = '' WHERE release = ?""",
        (item_at(item), " ".join(texts_of(item, "shown_to")), label, release),
    )
    board.db.run(
        "DELETE FROM content WHERE release = ? AND log = ?",
        (release, board.store.id_of(in_log(owner))),
    )
    key = key_of(owner, text_of(item, "record"))
    gone(board, release, owner)
    case_folds.erased(board, key, release, item.get("opened"), item_at(item))
    case_folds.end_lane(board, key, release, item_at(item), owner=False)
    received.withdraw(board, release, key, item_at(item))
    if label is not None and text_of(item, "cause") == "recalled":
        waits.recalled(board, release, key, label, item_at(item))


def _held(board: Board, seq: int, item: Item) -> None:
    """Its owner was told that these releases are held here, or are no longer. What a node that went
    back had told before comes back ahead of the releases themselves.
    """
    reason, owner = text_of(item, "reason"), text_of(item, "owner")
    for release in texts_of(item, "releases") if item.get("recovered") else ():
        ensure_received(board, {"release": release, "owner": owner, "record": ""})
    board.db.many(
        "UPDATE received SET held = ? WHERE release = ? AND owner = ?",
        [
            ("" if reason == "none" else reason, release, owner)
            for release in texts_of(item, "releases")
        ],
    )


def _label_kept(board: Board, item: Item) -> int | None:
    """Under which label the erased release stood: who could have it may know that it is gone."""
    label = item.get("label")
    if label is None:
        return None
    return board.label_id(PartyCode(text_of(item, "owner")), label_from_json(label))


def _accepted(board: Board, item: Item, arrived: Arrived | None) -> None:
    party, size = PartyCode(text_of(item, "feed")), number_of(item, "size")
    begin = board.db.rows("SELECT accepted FROM partner WHERE party = ?", (party,))
    start = int(begin[0][0] or 0) if begin else 0
    if arrived is not None and arrived.start == start:
        parts: Iterable[Sequence[Arrival]] = arrived.parts()
    else:
        kept = [one for one in board.store.read(in_log(party), start, size) if one.data is not None]
        contents = [content_of(decode_kept(one.data)) for one in kept if one.data is not None]
        parts = [list(zip(kept, contents, strict=True))]
    outcome = received.receive(board, party, parts, item_at(item))
    if arrived is not None:
        arrived.outcome = outcome
    board.db.run("UPDATE partner SET accepted = ? WHERE party = ?", (size, party))


def _receipt(board: Board, seq: int, item: Item) -> None:
    party, size, at = text_of(item, "feed"), number_of(item, "size"), item_at(item)
    board.db.run("UPDATE partner SET acknowledged = ? WHERE party = ?", (size, party))
    board.db.run(
        """UPDATE release SET delivered_at = ? WHERE party = ? AND delivered_at = 0
             AND feed_seq IS NOT NULL AND feed_seq < ?""",
        (at, party, size),
    )
    board.db.run(
        """UPDATE release SET recall_delivered_at = ? WHERE party = ? AND recall_delivered_at = 0
             AND recall_seq IS NOT NULL AND recall_seq < ?""",
        (at, party, size),
    )


def _identity(board: Board, seq: int, item: Item) -> None:
    board.db.run(
        "INSERT INTO sign_on_event (event, person, actor, at) VALUES (?, ?, ?, ?)",
        (text_of(item, "event"), text_of(item, "person"),
         json.dumps(item["by"], sort_keys=True), item_at(item)),
    )  # fmt: skip


_Handler: TypeAlias = Callable[[Board, int, Item], None]
_SetHandler: TypeAlias = Callable[[Board, Sequence[tuple[int, Item]]], None]

_SETS: Final[dict[str, _SetHandler]] = {
    "edition": _editions,
    "release": _prepared,
    "released": _released,
}
# These handlers neither read nor write what settling writes, and see to it themselves where they
# change what lanes are made of (``board.restaging``).
_GOES_ON: Final = frozenset({"step", "receipt", "read"})
_JOURNAL: Final[dict[str, _Handler]] = {
    "step": case_folds.took,
    "stage": outward.told,
    "given_up": case_folds.given_up,
    "approved": _approved,
    "declined": _declined,
    "recall": _recall,
    "read": _read,
    "purged": _purged,
    "held": _held,
    "receipt": _receipt,
    **anchors.JOURNAL_ANCHORS,
    **alarms.JOURNAL_ALARMS,
    **catalogue.JOURNAL_CATALOGUE,
    **papers.JOURNAL_PAPERS,
    **rollback.JOURNAL_ROLLBACK,
    **rung.JOURNAL_ATTENTION,
    **sealed_checks.JOURNAL_SEALED,
    **JOURNAL_FILES,
    **JOURNAL_INWARD,
    **JOURNAL_OVERTAKING,
    "identity": _identity,
}
