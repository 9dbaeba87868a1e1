"""Sealed checks on the board: what was asked, by us and of us, which bytes of it have come, and
how each ended.

``desk.operations.sealed`` and ``answering`` ask here. What was asked of us stands under the party
that asks; a partner writes of its own checks and of the answers to ours, and its first word stands.
Of elements the board keeps where their bytes stand and nothing else.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from tansiq.board import waits
from tansiq.board.board import Board, key_of
from tansiq.board.reading import Item
from tansiq.board.rows import item_at, number_of, partner_moment, text_of
from tansiq.board.views import rows_of, viewed
from tansiq.domain.attention import Wait
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.escalation import Haste
from tansiq.domain.kinds.operations.planned_activity import PLANNED_ACTIVITY, STANDING
from tansiq.domain.operations.sealing import OVERLAP, REFUSALS, SIZES_ANSWERED, SIZES_ASKED, Spent
from tansiq.domain.operations.volumes import volume_of
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body, record_id
from tansiq.log.canonical import base64_bytes, decode_object
from tansiq.log.database import Row, Value
from tansiq.log.sealed import OUTPUT_BYTES
from tansiq.log.store import Entry, in_log
from tansiq.log.voprf import ELEMENT_BYTES

WAITING: Final = "waiting"
ANSWERED: Final = "answered"  # of what was asked of us
REFUSED: Final = "refused"
FAILED: Final = "failed"
LATE_MS: Final = 60_000  # so long somebody waits at the page for an answer
_CHECKED: Final = f"why = '{waits.CHECKED}' AND why <> '{waits.ARRIVAL}' AND about = ?"
_PARTS_MAX: Final = 64  # of one question or answer
_HEX_CHARS: Final = 64  # of a digest and of a commitment
_COLUMNS: Final = (
    "party, ref, ours, record, at, came, size, digest, commitment, journal, told, state, reason,"
    " ended, seat"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check. ``party`` is the other one; ``record`` the key of the own activity that it asks
    for, "" for a check of a partner's. ``at`` is when it was asked (ms, by its asker), ``came``
    when it came here; ``size`` its elements; ``journal`` the entry that holds its seed, -1 for
    theirs; ``seat`` the position of ours that asked. ``told`` is the header of what was answered,
    as JSON, "" while nothing came.
    """

    party: PartyCode
    ref: str
    ours: bool
    record: str
    at: int
    came: int
    size: int
    digest: str
    commitment: str
    journal: int
    told: str
    state: str
    reason: str
    ended: int
    seat: str

    @property
    def header(self) -> Item:
        """What was answered, without its bytes."""
        return cast("Item", json.loads(self.told))

    @property
    def digest_told(self) -> str:
        """By what the answer named its bytes."""
        return text_of(self.header, "digest")

    @property
    def bytes(self) -> int:
        """How many bytes are to come: of a question of theirs, or of an answer to ours."""
        if not self.ours:
            return self.size * ELEMENT_BYTES
        if not self.told:
            return 0
        return self.size * ELEMENT_BYTES + number_of(self.header, "size") * OUTPUT_BYTES


def of_record(board: Board, key: str) -> list[Check]:
    """The checks that were asked for an own activity, the newest first."""
    return _read(board, "WHERE record = ? AND ours = 1 ORDER BY at DESC, ref", (key,))


def with_party(board: Board, party: str, most: int) -> list[Check]:
    """The newest checks between a party and us, the newest first: so many of ours and so many of
    its. Who asks without end crowds out its own alone.
    """
    asked = f"WHERE party = ? AND ours = ? ORDER BY came DESC, ref LIMIT {most}"
    found = [one for ours in (1, 0) for one in _read(board, asked, (party, ours))]
    return sorted(found, key=lambda one: -one.came)


def own_since(board: Board, party: str, since: int) -> list[Check]:
    """What we asked a party after a moment (ms)."""
    return _read(board, "WHERE party = ? AND ours = 1 AND at > ? ORDER BY ref", (party, since))


def named(board: Board, ref: str) -> Check | None:
    """An own check."""
    found = _read(board, "WHERE ref = ? AND ours = 1", (ref,))
    return found[0] if found else None


def questions(board: Board, since: int) -> list[Check]:
    """What was asked of us since a moment (ms), waits, and has come whole: of each party the
    oldest, so that who asks much keeps nobody else waiting. Of each a bounded number is looked at:
    who sends many without their bytes keeps itself waiting.
    """
    asked = f"""WHERE party = ? AND ours = 0 AND state = 'waiting' AND came > ?
        ORDER BY came, ref LIMIT {BOUNDS.sealed_waiting_max}"""
    found = []
    for (party,) in board.db.rows("SELECT party FROM partner ORDER BY party"):
        whole = (one for one in _read(board, asked, (party, since)) if _is_whole(board, one))
        found += list(islice(whole, 1))
    return found


def answers(board: Board) -> list[Check]:
    """Own checks that wait and of which the answer has come whole, the oldest first."""
    asked = "WHERE ours = 1 AND state = 'waiting' AND told <> '' ORDER BY came, ref"
    return [one for one in _read(board, asked, ()) if _is_whole(board, one)]


def still_waits(board: Board, check: Check) -> bool:
    """Whether a check still waits."""
    found = _read(
        board, "WHERE party = ? AND ref = ? AND ours = ?", (check.party, check.ref, int(check.ours))
    )
    return bool(found) and found[0].state == WAITING


def spent(board: Board, party: str, since: int, *, ours: bool) -> list[Spent]:
    """What counts since a moment: of our checks all that were asked, of a partner's all for which
    this node looked at its plans: those that were answered, or were too many to answer.
    """
    looked = "AND (state = 'answered' OR reason = 'many')"
    column, state = ("at", "") if ours else ("ended", looked)
    rows = board.db.rows(
        f"""SELECT {column}, size FROM sealed_check
            WHERE party = ? AND ours = ? AND {column} > ? {state}""",
        (party, int(ours), since),
    )
    return [Spent(int(str(at)), int(str(size))) for at, size in rows]


def parts(board: Board, check: Check) -> list[bytes]:
    """The bytes that have come for a check, in their order."""
    rows = board.db.rows(
        """SELECT e.data FROM sealed_part p JOIN entry e ON e.log = p.log AND e.seq = p.seq
           WHERE p.party = ? AND p.ref = ? AND p.ours = ? AND e.data IS NOT NULL ORDER BY p.n""",
        (check.party, check.ref, int(check.ours)),
    )
    items = (decode_object(cast("bytes", data)) for (data,) in rows)
    return [base64_bytes(str(item["data"]), "sealed_form") for item in items]


def plans(board: Board, begins: int, until: int) -> list[bytes]:
    """The newest editions of own activities that stand and take room between two moments (ms), of
    whatever label: the node compares with them by itself.
    """
    rows = board.db.rows(
        """SELECT DISTINCT r.id, e.data FROM cell c JOIN record r ON r.id = c.number
             JOIN entry e ON e.log = r.log AND e.seq = r.seq
           WHERE c.until > ? AND c.begins < ? AND r.kind = ? AND r.received IS NULL
             AND e.data IS NOT NULL ORDER BY r.id""",
        (begins, until, PLANNED_ACTIVITY.name),
    )
    return [cast("bytes", data) for _, data in rows]


def _is_whole(board: Board, check: Check) -> bool:
    """Whether as many bytes have come as are to come."""
    rows = board.db.rows(
        """SELECT COALESCE(SUM(bytes), 0) FROM sealed_part
           WHERE party = ? AND ref = ? AND ours = ?""",
        (check.party, check.ref, int(check.ours)),
    )
    return int(str(rows[0][0])) >= check.bytes


def _read(board: Board, where: str, values: tuple[Value, ...]) -> list[Check]:
    return [
        _check(row) for row in board.db.rows(f"SELECT {_COLUMNS} FROM sealed_check {where}", values)
    ]


def _check(row: Row) -> Check:
    texts = [str(value) for value in row]
    return Check(
        party=PartyCode(texts[0]), ref=texts[1], ours=texts[2] == "1", record=texts[3],
        at=int(texts[4]), came=int(texts[5]), size=int(texts[6]), digest=texts[7],
        commitment=texts[8], journal=int(texts[9]), told=texts[10], state=texts[11],
        reason=texts[12], ended=int(texts[13]), seat=texts[14],
    )  # fmt: skip


# Folding ------------------------------------------------------------------------------------------


def _insert(board: Board, *values: Value) -> None:
    marks = ", ".join("?" * len(values))
    board.db.run(
        f"INSERT INTO sealed_check ({_COLUMNS}) VALUES ({marks}) ON CONFLICT DO NOTHING", values
    )


def _asked_own(board: Board, seq: int, item: Item) -> None:
    at, key, to = item_at(item), key_of(board.me, text_of(item, "record")), text_of(item, "to")
    known = _read(board, "WHERE record = ? AND ours = 1 AND party = ?", (key, to))
    for one in known:  # of what was checked once more nobody needs to hear
        waits.drop(board, f"{_CHECKED} AND step = ?", (key, one.ref))
    _insert(
        board, to, text_of(item, "check"), 1, key, at, at, number_of(item, "size"),
        text_of(item, "digest"), text_of(item, "commitment"), seq, "", WAITING, "", 0,
        str(cast("Item", item["by"])["position"]),
    )  # fmt: skip


def _ended(board: Board, seq: int, item: Item) -> None:
    party, ref = text_of(item, "party"), text_of(item, "check")
    ours, state = item["ours"] is True, text_of(item, "state")
    board.db.run(
        """UPDATE sealed_check SET state = ?, reason = ?, ended = ?
           WHERE party = ? AND ref = ? AND ours = ?""",
        (state, text_of(item, "reason"), item_at(item), party, ref, int(ours)),
    )
    if ours:
        _ring(board, party, ref)


def _ring(board: Board, party: str, ref: str) -> None:
    """Let the position hear that asked, where it has waited longer than anybody looks at a page."""
    (one,) = _read(board, "WHERE party = ? AND ref = ? AND ours = 1", (party, ref))
    body = _standing(board, one.record)
    volume = volume_of(body) if body is not None else None
    if volume is not None and one.ended - one.at > LATE_MS:
        haste = Haste.URGENT if one.state == OVERLAP else Haste.ROUTINE
        waits.begin(
            board,
            Wait(
                seat=one.seat, about=one.record, why=waits.CHECKED, step=ref, since=one.ended,
                haste=haste, ends=volume.until,
            ),
        )  # fmt: skip


def _standing(board: Board, key: str) -> Body | None:
    """What an own activity says that stands and is not over."""
    rows = board.db.rows("SELECT id FROM record WHERE record = ?", (key,))
    for _, *row in rows_of(board.db, [int(str(number)) for (number,) in rows]).values():
        found = viewed(tuple(row))
        if found is not None and found[0].state in STANDING:
            return found[0].body
    return None


def _asked_theirs(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    size = number_of(sent, "size")
    if size not in SIZES_ASKED:
        raise InputError("entry_form", field="size")
    _insert(
        board, party, record_id(sent.get("check")), 0, "", partner_moment(sent), at, size,
        _hex(sent, "digest"), _hex(sent, "commitment"), -1, "", WAITING, "", 0, "",
    )  # fmt: skip


def _answered(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    if number_of(sent, "size") not in SIZES_ANSWERED:
        raise InputError("entry_form", field="size")
    partner_moment(sent)
    told = {
        "size": number_of(sent, "size"), "digest": _hex(sent, "digest"),
        "until": number_of(sent, "until"), "begins": number_of(sent, "begins"),
        "key": text_of(sent, "key"), "proof": text_of(sent, "proof"),
    }  # fmt: skip
    _tell(board, party, sent, json.dumps(told, sort_keys=True))


def _refused(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    reason, ref = text_of(sent, "reason"), record_id(sent.get("check"))
    known = _read(board, "WHERE party = ? AND ref = ? AND ours = 1", (party, ref))
    if known and known[0].state == WAITING and not known[0].told:
        board.db.run(
            """UPDATE sealed_check SET state = 'refused', reason = ?, ended = ?
               WHERE party = ? AND ref = ? AND ours = 1""",
            (reason if reason in REFUSALS else "form", at, party, ref),
        )
        _ring(board, party, ref)


def _tell(board: Board, party: PartyCode, sent: Item, told: str) -> None:
    board.db.run(
        """UPDATE sealed_check SET told = ? WHERE party = ? AND ref = ? AND ours = 1
             AND state = 'waiting' AND told = ''""",
        (told, party, record_id(sent.get("check"))),
    )


def _part(board: Board, party: PartyCode, entry: Entry, sent: Item, at: int) -> None:
    """Bytes of a check that is known, and of no other: of what this node has forgotten nothing is
    kept, and nobody is alarmed.
    """
    n, of = number_of(sent, "n"), text_of(sent, "of")
    data = base64_bytes(text_of(sent, "data"), "sealed_form")
    if of not in ("asked", "answered") or not 0 <= n < _PARTS_MAX:
        raise InputError("entry_form", field="n")
    if not 0 < len(data) <= BOUNDS.sealed_part_bytes_max:
        raise InputError("entry_form", field="data")
    known = _read(
        board, "WHERE party = ? AND ref = ? AND ours = ?",
        (party, record_id(sent.get("check")), int(of == "answered")),
    )  # fmt: skip
    if not known or known[0].state != WAITING or not known[0].bytes:
        return
    board.db.run(
        """INSERT INTO sealed_part (party, ref, ours, n, log, seq, bytes)
           VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
        (party, known[0].ref, int(known[0].ours), n, board.store.id_of(in_log(party)), entry.seq,
         len(data)),
    )  # fmt: skip


def _hex(sent: Item, name: str) -> str:
    found = text_of(sent, name)
    if len(found) != _HEX_CHARS or set(found) - set("0123456789abcdef"):
        raise InputError("entry_form", field=name)
    return found


JOURNAL_SEALED: Final[dict[str, Callable[[Board, int, Item], None]]] = {
    "sealed_asked": _asked_own,
    "sealed_ended": _ended,
}
FEED_SEALED: Final[dict[str, Callable[[Board, PartyCode, Entry, Item, int], None]]] = {
    "sealed_asked": _asked_theirs,
    "sealed_answered": _answered,
    "sealed_refused": _refused,
    "sealed_part": _part,
}
