"""Where the bytes of files stand, and which are still to come: they travel beside the feeds.

``desk.exchange.beside`` asks and tells here; ``fold`` keeps the tables from the journal. What must
hold: bytes of a file are wanted only while the release stands by which its record is read, and all
that came of one is found again when it is erased, also where it was never whole.
"""

from dataclasses import dataclass
from typing import cast

from tansiq.board.board import Board, key_of
from tansiq.board.reading import Item
from tansiq.board.rows import item_at, keep_chunk, number_of, text_of
from tansiq.log.canonical import decode_object
from tansiq.log.database import Row
from tansiq.log.store import JOURNAL, files_log


@dataclass(frozen=True, slots=True)
class Lacking:
    """A file that is not whole here: the release by which it goes, its record's key, its digest and
    size, and how many of its bytes are here.
    """

    release: str
    key: str
    digest: str
    size: int
    have: int


@dataclass(frozen=True, slots=True)
class Part:
    """Where an entry holds so many bytes of a file."""

    bytes: int
    log: int
    seq: int


# What is still to come ----------------------------------------------------------------------------


def lacking(board: Board, party: str, now: int) -> list[Lacking]:
    """The files of which ``party`` is to send bytes: its own that stand here, and ours that we lost
    and it holds. In the order in which they were released.
    """
    rows = board.db.rows(
        """SELECT f.release, f.record, n.data,
             (SELECT SUM(c.bytes) FROM chunk c WHERE c.release = f.release)
           FROM file f JOIN record r ON r.record = f.record AND r.received = f.release
             JOIN received v ON v.release = f.release
             JOIN entry n ON n.log = r.log AND n.seq = r.seq
           WHERE f.party = ? AND f.whole_at = 0 AND f.spoilt_at = 0 AND v.recalled_at = 0
             AND v.purged_at = 0 AND (v.expires = 0 OR v.expires > ?) AND n.data IS NOT NULL
           ORDER BY v.seq""",
        (party, now),
    )
    lost = board.db.rows(
        """SELECT f.release, f.record, n.data,
             (SELECT SUM(c.bytes) FROM chunk c WHERE c.record = f.record AND c.release = '')
           FROM file f JOIN record r ON r.record = f.record AND r.received IS NULL
             JOIN entry n ON n.log = r.log AND n.seq = r.seq
           WHERE f.party = ? AND f.whole_at = 0 AND f.spoilt_at = 0 ORDER BY f.release""",
        (party,),
    )
    found = [_lacking(row) for row in (*rows, *lost)]
    return [one for one in found if one is not None and one.have < one.size]


def _lacking(row: Row) -> Lacking | None:
    release, key, data, have = row
    body = decode_object(cast("bytes", data)).get("body")
    digest, size = (body.get("digest"), body.get("bytes")) if isinstance(body, dict) else (0, 0)
    if not isinstance(digest, str) or type(size) is not int:
        return None
    return Lacking(str(release), str(key), digest, size, int(str(have or 0)))


def parts(board: Board, key: str, release: str) -> list[Part]:
    """What is here of a file, in order; ``release`` is empty for an own one."""
    rows = board.db.rows(
        """SELECT bytes, log, seq FROM chunk WHERE record = ? AND release = ? ORDER BY n""",
        (key, release),
    )
    return [Part(*(int(value or 0) for value in row)) for row in rows]


def bytes_of(board: Board, part: Part) -> bytes:
    """The entry that holds a part; empty once it was erased."""
    rows = board.db.rows("SELECT data FROM entry WHERE log = ? AND seq = ?", (part.log, part.seq))
    return cast("bytes", rows[0][0] or b"") if rows else b""


def entries_of(board: Board, release: str, party: str, *, own: str = "") -> list[int]:
    """Which entries of the log of files of ``party`` hold bytes of its release, or of the ``own``
    file of that key.
    """
    log = board.store.id_of(files_log(party))
    rows = board.db.rows(
        """SELECT seq FROM content WHERE release = ? AND log = ?
           UNION SELECT seq FROM chunk WHERE log = ? AND record = ? AND release = ''
           ORDER BY seq""",
        (release, log, log, own),
    )
    return [int(row[0] or 0) for row in rows]


def held_of(board: Board, party: str, release: str) -> str | None:
    """The record's key of a file of ``party`` that came by this release and is whole here."""
    rows = board.db.rows(
        """SELECT f.record FROM file f JOIN received v ON v.release = f.release
           WHERE f.release = ? AND f.party = ? AND v.owner = ? AND f.whole_at > 0
             AND v.purged_at = 0 AND v.recalled_at = 0""",
        (release, party, party),
    )
    return str(rows[0][0]) if rows else None


# What a partner lacks of ours ---------------------------------------------------------------------


def outstanding(board: Board, party: str, size: int, now: int) -> list[tuple[str, str]]:
    """The releases of own files, with their record's key, that stand among the first ``size``
    entries of the feed to ``party`` and are not known to be whole there; in order.
    """
    rows = board.db.rows(
        """SELECT x.release, x.record FROM release x JOIN record r ON r.record = x.record
           WHERE x.party = ? AND x.feed_seq < ? AND r.kind = 'attachment' AND x.whole_at = 0
             AND x.spoilt_at = 0 AND x.recalled_at = 0 AND x.purged_at = 0 AND x.superseded_at = 0
             AND (x.expires = 0 OR x.expires > ?) ORDER BY x.feed_seq""",
        (party, size, now),
    )
    return [(str(release), str(key)) for release, key in rows]


def carriers(board: Board, party: str, key: str) -> list[str]:
    """The ids of own records which ever went to ``party`` and name a file now."""
    owner, _, record = key.partition("/")
    rows = board.db.rows(
        """SELECT DISTINCT x.record FROM link l JOIN release x ON x.record = l.source
           WHERE l.target = ? AND l.field = 'attachments' AND x.party = ?
             AND x.feed_seq IS NOT NULL ORDER BY x.record""",
        (record, party),
    )
    keys = [str(row[0]).partition("/") for row in rows]
    return [found for whose, _, found in keys if whose == owner]


# Folding ------------------------------------------------------------------------------------------


def came(board: Board, party: str, released: list[tuple[str, str]]) -> None:
    """``party`` released these files (release, record's key): their bytes are to come."""
    board.db.many(
        """INSERT INTO file (release, party, record, whole_at, spoilt_at) VALUES (?, ?, ?, 0, 0)
           ON CONFLICT DO NOTHING""",
        [(release, party, key) for release, key in released],
    )


def _chunk(board: Board, seq: int, item: Item) -> None:
    """A part of an own file stands in the journal."""
    keep_chunk(board, board.me, {**item, "release": ""}, board.store.id_of(JOURNAL), seq)


def _part(board: Board, seq: int, item: Item) -> None:
    """Bytes of a file came: of a partner's under its release, of an own one that was lost under
    none.
    """
    party, owner = text_of(item, "party"), text_of(item, "owner")
    log = board.store.id_of(files_log(party))
    release = "" if owner == board.me else text_of(item, "release")
    keep_chunk(board, owner, {**item, "release": release}, log, number_of(item, "seq"))
    if release:
        board.db.run(
            "INSERT INTO content (release, log, seq) VALUES (?, ?, ?)",
            (release, log, number_of(item, "seq")),
        )


def _whole(board: Board, seq: int, item: Item) -> None:
    """All bytes of a file are here and true, or they are all here and not true."""
    party, release = text_of(item, "party"), text_of(item, "release")
    true = item.get("state") == "whole"
    column = "whole_at" if true else "spoilt_at"
    board.db.run(
        f"UPDATE file SET {column} = ? WHERE release = ? AND party = ?",
        (item_at(item), release, party),
    )
    if not true:
        key = key_of(board.me, text_of(item, "record"))
        forget(board, release, party)
        board.db.run(
            "DELETE FROM chunk WHERE record = ? AND release = '' AND log = ?",
            (key, board.store.id_of(files_log(party))),
        )


def _lost_file(board: Board, seq: int, item: Item) -> None:
    """An own file was lost with the disk, and ``party`` is asked for its bytes."""
    key = key_of(board.me, text_of(item, "record"))
    came(board, text_of(item, "party"), [(text_of(item, "release"), key)])


def forget(board: Board, release: str, party: str) -> None:
    """Forget where bytes of a partner's release stand, once they are erased."""
    log = board.store.id_of(files_log(party))
    board.db.run("DELETE FROM chunk WHERE release = ? AND log = ?", (release, log))
    board.db.run("DELETE FROM content WHERE release = ? AND log = ?", (release, log))


def gone(board: Board, release: str, party: str) -> None:
    """The release was purged: nothing of the file is here, and nothing is to come."""
    forget(board, release, party)
    board.db.run("DELETE FROM file WHERE release = ? AND party = ?", (release, party))


JOURNAL_FILES = {
    "chunk": _chunk,
    "part": _part,
    "file": _whole,
    "lost_file": _lost_file,
}
