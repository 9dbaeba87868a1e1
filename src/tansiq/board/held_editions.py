"""Editions of a kind or version that this node does not know: kept, not shown, never overlooked.

What must hold: a record that stands by an older edition says that it is not the newest, and both
stand under the labels of both: who may not see the newer edition learns nothing of it, and sees no
more of the older one than if the newer one were shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec

from tansiq.board import aggregate
from tansiq.board.board import Board, key_of
from tansiq.board.current_rows import places_of
from tansiq.board.rows import in_parts
from tansiq.domain.labels import Label, join, label_from_text, label_text
from tansiq.domain.parties import PartyCode


class HeldEdition(msgspec.Struct, kw_only=True, frozen=True):
    """An edition that is held, why (``kind`` or ``version``), and where its entry stands."""

    owner: PartyCode
    record: str
    kind: str
    reason: str
    label: Label
    log: int
    seq: int
    received: str

    @property
    def key(self) -> str:
        """The record's key in every table."""
        return key_of(self.owner, self.record)


def keep(board: Board, run: Sequence[HeldEdition]) -> None:
    """Keep these editions apart."""
    board.db.many(
        """INSERT INTO held_edition (release, record, log, seq, kind, reason, label)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        [
            (one.received, one.key, one.log, one.seq, one.kind, one.reason, label_text(one.label))
            for one in run
        ],
    )


def drop(board: Board, release: str) -> None:
    """Hold a release no longer: it was recalled, or has expired. :func:`govern` follows."""
    board.db.run("DELETE FROM held_edition WHERE release = ?", (release,))


def govern(board: Board, keys: Iterable[str]) -> None:
    """Let each of these records, whose rows were just written, stand under the label of the newest
    edition that is held of it too, where that came after the one that stands.
    """
    newest: dict[str, str] = {}
    for marks, part in in_parts(set(keys)):
        rows = board.db.rows(
            f"""SELECT r.record, h.label FROM record r
                  JOIN held_edition h ON h.record = r.record AND h.log = r.log AND h.seq > r.seq
                WHERE r.record IN ({marks}) ORDER BY h.seq""",
            part,
        )
        newest |= {str(key): str(label) for key, label in rows}
    for key, label in newest.items():
        _stand_under(board, key, label)


def _stand_under(board: Board, key: str, text: str) -> None:
    ((number, own, embargo, expires),) = board.db.rows(
        """SELECT r.id, l.text, r.embargo, r.expires FROM record r JOIN label l ON l.id = r.label
           WHERE r.record = ?""",
        (key,),
    )
    label = replace(label_from_text(str(own)), embargo=int(str(embargo)), expires=int(str(expires)))
    label = join([label, label_from_text(text)])
    under = board.label_id(PartyCode(key.partition("/")[0]), label), label.embargo, label.expires
    stood = places_of(board, [key])
    board.db.run(
        "UPDATE record SET label = ?, embargo = ?, expires = ?, newer = ? WHERE id = ?",
        (*under, text, number),
    )
    aggregate.moved(board, stood, places_of(board, [key]))
    board.db.run(
        "UPDATE waits SET label = ?, embargo = ?, expires = ? WHERE number = ?", (*under, number)
    )


def untold(board: Board) -> list[tuple[str, PartyCode, str]]:
    """The releases of which their owners do not know how they fare here: each with its owner, and
    why it is held, ``none`` where it is held no longer and stands.
    """
    rows = board.db.rows(
        """SELECT v.release, v.owner, h.reason FROM held_edition h
             JOIN received v ON v.release = h.release WHERE v.held <> h.reason
           UNION SELECT v.release, v.owner, 'none' FROM received v
             WHERE v.held <> '' AND v.seq >= 0
               AND NOT EXISTS (SELECT 1 FROM held_edition h WHERE h.release = v.release)
           ORDER BY 2, 3, 1"""
    )
    return [(str(release), PartyCode(str(owner)), str(why)) for release, owner, why in rows]
