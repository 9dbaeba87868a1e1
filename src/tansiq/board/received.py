"""What an accepted entry of a partner's feed does to the board's tables.

Every value is checked before it changes anything: a partner's malformed entry harms nothing but
itself, and a partner writes only into what is its own.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from tansiq.board import (
    bound,
    case_folds,
    cases,
    file_bytes,
    held_editions,
    meets,
    outward,
    past,
    restaging,
    superseded,
)  # fmt: skip
from tansiq.board.board import Board, key_of
from tansiq.board.current_rows import (
    CurrentRow,
    keep_editions,
    stand_again,
    take_off,
)
from tansiq.board.held_editions import HeldEdition
from tansiq.board.lanes import Mark
from tansiq.board.reading import (
    HELD_KIND,
    HELD_VERSION,
    Content,
    Item,
    ReceivedEdition,
    content_of,
)
from tansiq.board.rows import (
    ensure_received,
    in_parts,
    partner_moment,
    text_of,
    texts_of,
)
from tansiq.board.sealed_checks import FEED_SEALED
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.kinds import KINDS
from tansiq.domain.kinds.files.attachment import ATTACHMENT
from tansiq.domain.labels import label_from_text
from tansiq.domain.parties import PartyCode, position_code
from tansiq.domain.records import RECALL_REASONS, record_id
from tansiq.log.canonical import decode_object
from tansiq.log.database import Value
from tansiq.log.store import Entry, in_log

Arrival: TypeAlias = tuple[Entry, Content]  # an entry of a feed with what it says
Unusable: TypeAlias = tuple[int, str]  # number of the entry, fault

Standing: TypeAlias = CurrentRow | HeldEdition

# Before these is settled what has moved: they take from cases, or say where one stands.
_SETTLES: Final = frozenset({"purged", "stage"})
HELD_REASONS: Final = (HELD_KIND, HELD_VERSION)
_COMMITMENT: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class Outcome:
    """What a run of a feed came to: the entries that could not be used, by number and fault, what
    stands now, by the record's key, what is held, and the roots whose cases have moved.
    """

    unusable: list[Unusable] = field(default_factory=list)
    came: dict[str, CurrentRow] = field(default_factory=dict)
    held: list[HeldEdition] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)


def receive(board: Board, party: PartyCode, parts: Iterable[Sequence[Arrival]], at: int) -> Outcome:
    """Fold one accepted run of ``party``'s feed: recalls first, then editions in sets, then the
    rest in order. The run may come in parts if no recall is in it.
    """
    outcome = Outcome()
    faults = outcome.unusable
    later: list[tuple[Entry, Item]] = []
    for part in parts:
        editions: list[tuple[Entry, ReceivedEdition]] = []
        for entry, sent in part:
            if isinstance(sent, ReceivedEdition):
                editions.append((entry, sent))
            elif sent.get("type") == "recall":
                restaging.settle(board)
                faults += _one(board, party, entry, sent, at)
            elif isinstance(sent.get("type"), str):
                later.append((entry, sent))
            # What has a type that is no word, or one of a newer partner, stays in the log, unused.
        if editions:
            faults += _receive_editions(board, party, editions, at, outcome)
    moved: dict[str, set[Mark]] = {}
    if any(sent.get("type") in _SETTLES for _, sent in later):
        restaging.settle(board)
    for entry, sent in later:
        if sent["type"] in {"step", "stage"}:
            faults += _case(board, party, entry, sent, at, moved=moved)
        elif sent["type"] in FEED:
            faults += _one(board, party, entry, sent, at)
    for root in sorted(moved):  # once for the run, however many steps are in it
        restaging.move(board, root, at, frozenset(moved[root]))
    outcome.moved |= moved.keys()
    faults.sort()
    return outcome


def _one(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> list[Unusable]:
    """A partner's malformed entry harms nothing but itself: it stays in the log, and people are
    told, by the journal: a later purge must not take the alarm away.
    """
    try:
        FEED[str(sent["type"])](board, party, entry, sent, at)
    except (InputError, ParcelError) as fault:
        return [(entry.seq, fault.code)]
    return []


def _case(
    board: Board, party: PartyCode, entry: Entry, sent: Item, at: int,
    *, moved: dict[str, set[Mark]],
) -> list[Unusable]:  # fmt: skip
    """As ``_one``, for a step and for a word of where a case stands; ``moved`` gathers the roots of
    which the cases have moved, with the steps that came.
    """
    try:
        if sent.get("type") == "step":
            root, marks = case_folds.take_partners(board, party, sent, at)
            moved.setdefault(root, set()).update(marks)
        else:
            moved.setdefault(outward.take(board, party, sent), set())
    except (InputError, ParcelError) as fault:
        return [(entry.seq, fault.code)]
    return []


def withdraw(board: Board, release: str, record: str, at: int) -> None:
    """Take a partner's release off the board ``at`` a moment; an older edition that is still
    released stands again.
    """
    named = "received = ? AND record = (SELECT id FROM record WHERE record = ?)"
    board.db.run(f"DELETE FROM edition WHERE {named}", (release, record))
    superseded.drop(board, named, (release, record))
    board.db.run("DELETE FROM chunk WHERE record = ? AND release = ?", (record, release))
    held_editions.drop(board, release)
    outward.drop(board, release)
    left = board.db.rows(
        """SELECT e.log, e.seq, n.data, v.at FROM edition e
             JOIN record r ON r.id = e.record
             JOIN received v ON v.release = e.received
             JOIN entry n ON n.log = e.log AND n.seq = e.seq
           WHERE r.record = ? AND n.data IS NOT NULL ORDER BY e.seq DESC LIMIT 1""",
        (record,),
    )
    if not left:
        between = bound.own_of(board, record)
        take_off(board, record)
        if between is not None:  # no case stands between that record and another any more
            meets.again(board, between, at)
        return
    log, seq, data, came = left[0]
    assert isinstance(data, bytes)
    party = PartyCode(record.partition("/")[0])
    before = content_of(decode_object(data))
    assert isinstance(before, ReceivedEdition)  # it stood before
    where = {"log": int(str(log)), "seq": int(str(seq)), "at": int(str(came))}
    stand_again(board, _current_row(party, before, **where))
    held_editions.govern(board, [record])
    restaging.restage(board, [record], at)
    cases.keep_stages_anew(board, record, at)


def _current_row(
    owner: PartyCode, sent: ReceivedEdition, *, log: int, seq: int, at: int
) -> CurrentRow:
    """An edition that can be used, and came ``at``."""
    assert sent.derived is not None
    return CurrentRow(
        kind=KINDS[sent.kind], owner=owner, record=sent.record, state=sent.state,
        label=label_from_text(sent.label), derived=sent.derived, at=sent.at, log=log, seq=seq,
        received=sent.release, opens=sent.opens, came=at,
    )  # fmt: skip


def keep_content(board: Board, party: PartyCode, named: Iterable[tuple[object, int]]) -> None:
    """Remember which entries a purge must erase, beside the editions that stand on the board: also
    those that this node cannot use. By release and number.
    """
    log = board.store.id_of(in_log(party))
    board.db.many(
        "INSERT INTO content (release, log, seq) VALUES (?, ?, ?)",
        [(release, log, seq) for release, seq in named if isinstance(release, str)],
    )


def _receive_editions(
    board: Board, party: PartyCode, run: Sequence[tuple[Entry, ReceivedEdition]], at: int,
    outcome: Outcome,
) -> list[Unusable]:  # fmt: skip
    log = board.store.id_of(in_log(party))
    faulty = [(entry.seq, sent) for entry, sent in run if sent.fault]
    whole = [
        _held_edition(party, sent, log=log, seq=entry.seq)
        if sent.held
        else _current_row(party, sent, log=log, seq=entry.seq, at=at)
        for entry, sent in run
        if not sent.fault
    ]
    kept, refused = _first_of_each(board, whole, at)
    aside = [(sent.release, seq) for seq, sent in faulty]
    aside += ((one.received, one.seq) for one in refused)
    if aside:
        keep_content(board, party, aside)
    current = [one for one in kept if isinstance(one, CurrentRow)]
    held = [one for one in kept if isinstance(one, HeldEdition)]
    if any(one.key in board.moved for one in current):
        restaging.settle(board)
    if current:
        keep_editions(board, current)
        files = (one for one in current if one.kind.name == ATTACHMENT.name)
        file_bytes.came(board, party, [(str(one.received), one.key) for one in files])
    held_editions.keep(board, held)
    held_editions.govern(board, (one.key for one in kept))
    if current:
        outcome.came.update((one.key, one) for one in current)
        case_folds.opened(board, current, at)
    outcome.held += held
    return [(seq, sent.fault) for seq, sent in faulty]


def _held_edition(owner: PartyCode, sent: ReceivedEdition, *, log: int, seq: int) -> HeldEdition:
    return HeldEdition(
        owner=owner, record=sent.record, kind=sent.kind, reason=sent.held,
        label=label_from_text(sent.label), log=log, seq=seq, received=str(sent.release),
    )  # fmt: skip


def _first_of_each(
    board: Board, whole: Sequence[Standing], at: int
) -> tuple[list[Standing], list[Standing]]:
    """Keep each release that is new, or that is only known for having been named before it came;
    the others are those which were recalled or purged before, and ids that were used before.
    """
    known = _states(board, {str(one.received) for one in whole})
    kept: list[Standing] = []
    refused: list[Standing] = []
    fresh: list[tuple[Value, ...]] = []
    awaited: list[tuple[Value, ...]] = []
    for one in whole:
        state = known.get(str(one.received))
        if state is None:
            fresh.append((one.received, one.key, one.owner, one.seq, at, one.label.expires))
        elif state in ((one.key, True), (key_of(one.owner, ""), True)):
            awaited.append((one.key, one.seq, at, one.label.expires, one.received))
        else:
            refused.append(one)
            continue
        known[str(one.received)] = (one.key, False)
        kept.append(one)
    board.db.many(
        """INSERT INTO received (release, record, owner, seq, at, expires, read_at, read_by,
             recalled_at, recall_reason, purged_at) VALUES (?, ?, ?, ?, ?, ?, 0, '', 0, '', 0)""",
        fresh,
    )
    board.db.many(
        "UPDATE received SET record = ?, seq = ?, at = ?, expires = ? WHERE release = ?", awaited
    )
    return kept, refused


def _states(board: Board, releases: set[str]) -> dict[str, tuple[str, bool]]:
    """Of the known releases, the record and whether its edition may still come."""
    found: dict[str, tuple[str, bool]] = {}
    for marks, part in in_parts(releases):
        rows = board.db.rows(
            f"""SELECT release, record, recalled_at, purged_at, seq FROM received
                WHERE release IN ({marks})""",
            part,
        )
        found |= {
            str(release): (str(record), (recalled, purged) == (0, 0) and int(str(seq)) < 0)
            for release, record, recalled, purged, seq in rows
        }
    return found


def _receive_recall(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    record, reason = record_id(sent.get("record")), text_of(sent, "reason")
    reason = reason if reason in RECALL_REASONS else "other"
    for release in [record_id(item) for item in texts_of(sent, "releases")]:
        ensure_received(board, {"release": release, "record": record, "owner": party})
        known = board.db.run(
            """UPDATE received SET recalled_at = ?, recall_reason = ?
               WHERE release = ? AND record = ?""",
            (at, reason, release, key_of(party, record)),
        )
        if known:
            withdraw(board, release, key_of(party, record), at)


def _receive_read(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    release, moment = text_of(sent, "release"), partner_moment(sent)
    # Where no position is named, the party has read it.
    position = text_of(sent, "position") and position_code(sent["position"])
    rows = board.db.rows(
        "SELECT read_by, read_at FROM release WHERE release = ? AND party = ?", (release, party)
    )
    readers = str(rows[0][0]).split() if rows else []
    again = position in readers or len(readers) >= BOUNDS.readers_max if position else True
    if not rows or (again and (position or rows[0][1])):
        return  # a partner that went back to an older state may say it again
    board.db.run(
        """UPDATE release SET read_at = CASE read_at WHEN 0 THEN ? ELSE read_at END,
             read_by = TRIM(read_by || ' ' || ?) WHERE release = ? AND party = ?""",
        (moment, position, release, party),
    )


def _receive_purged(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    stated = (
        partner_moment(sent), _positions(sent, "read_by"), _positions(sent, "shown_to"),
        int(sent.get("shown") is True), text_of(sent, "cause"),
    )  # fmt: skip
    root, release = text_of(sent, "record"), text_of(sent, "release")
    known = board.db.rows(
        "SELECT purged_at FROM release WHERE release = ? AND party = ?", (release, party)
    )
    # What it stated first stands: a partner that went back to an older state may say it again.
    board.db.run(
        """UPDATE release SET purged_at = ?, purged_read_by = ?, purged_shown_to = ?,
             purged_shown = ?, purged_cause = ?
           WHERE release = ? AND party = ? AND purged_at = 0""",
        (*stated, release, party),
    )
    if known and not known[0][0]:
        case_folds.end_lane(board, key_of(board.me, root), release, at, owner=True)
    elif not known:
        # A release that this node forgot when it went back: the record has ended there all the
        # same. A partner that names a record it was never told of stops nothing but its own.
        past.end(board, party, record_id(root))


def _positions(sent: Item, name: str) -> str:
    """The positions that a partner names, each once, as the board keeps them."""
    named = dict.fromkeys(position_code(code) for code in texts_of(sent, name))
    return " ".join(list(named)[: BOUNDS.readers_max])


def _receive_held(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    reason, moment = text_of(sent, "reason"), partner_moment(sent)
    held = "" if reason == "none" else reason if reason in HELD_REASONS else HELD_VERSION
    board.db.many(
        "UPDATE release SET held = ?, held_at = ? WHERE release = ? AND party = ?",
        [
            (held, moment if held else 0, record_id(release), party)
            for release in texts_of(sent, "releases")
        ],
    )


def _receive_file(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    """The partner has all bytes of a file, and they are true or not."""
    state, moment = text_of(sent, "state"), partner_moment(sent)
    column = "whole_at" if state == "whole" else "spoilt_at"
    board.db.run(
        f"UPDATE release SET {column} = ? WHERE release = ? AND party = ?",
        (moment, record_id(sent.get("release")), party),
    )


def _receive_anchor(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    """It stays in the log, where it can be shown later; only its form is looked at."""
    partner_moment(sent)
    if not _COMMITMENT.fullmatch(text_of(sent, "commitment")):
        raise InputError("wire_form", field="commitment")


FeedHandler: TypeAlias = Callable[[Board, PartyCode, Entry, Item, int], None]

FEED: Final[dict[str, FeedHandler]] = {
    "recall": _receive_recall,
    "read": _receive_read,
    "purged": _receive_purged,
    "held": _receive_held,
    "file": _receive_file,
    "anchor": _receive_anchor,
    **FEED_SEALED,
}
