"""The logs on a database: append, read, sign heads, erase what was recalled, check everything.

A log is named ``journal``, ``access`` (who looked at what), ``out/MOD`` (our feed to MOD),
``in/MOD`` (our copy of MOD's feed to us) or ``files/MOD`` (bytes of files that MOD sent beside its
feed, which nobody signs). An entry's bytes are never changed; they can be erased (after a recall or
an expiry), and the leaf hash that stays keeps the log provable. What must always
hold: sequence numbers are contiguous from 0, each kept entry hashes to its leaf, the stored
frontier is that of all leaves, and every kept note's root is the log's root at that size.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from tansiq.domain.errors import StoreError
from tansiq.log.database import Database
from tansiq.log.merkle import EMPTY_ROOT, Frontier, leaf_hash

JOURNAL: Final = "journal"
ACCESS: Final = "access"
ERASABLE: Final = ("in/", "files/")  # what came from partners; all else stays for ever
LINE_BYTES: Final = 80  # of a parcel, for an entry that is there by its hash alone

TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS log (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, frontier BLOB NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS entry (
        log INTEGER NOT NULL REFERENCES log(id), seq INTEGER NOT NULL, leaf BLOB NOT NULL,
        data BLOB, PRIMARY KEY (log, seq))""",
    """CREATE TABLE IF NOT EXISTS note (
        log INTEGER NOT NULL REFERENCES log(id), size INTEGER NOT NULL, root BLOB NOT NULL,
        signer TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (log, size, signer))""",
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry; ``data`` is None once it was erased."""

    seq: int
    leaf: bytes
    data: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """What ``fsck`` found: in which log, where (-1 = the log as a whole), and the code of its
    words.
    """

    log: str
    seq: int
    code: str


def out_log(party: str) -> str:
    """The name of our feed to ``party``."""
    return f"out/{party}"


def in_log(party: str) -> str:
    """The name of our copy of the feed of ``party`` to us."""
    return f"in/{party}"


def files_log(party: str) -> str:
    """The name of the log of bytes of files that ``party`` sent beside its feed."""
    return f"files/{party}"


class LogStore:
    """All logs of a node on one database."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._ids: dict[str, int] = {}
        self._walked: dict[str, Frontier] = {}
        with database.transaction():
            for table in TABLES:
                database.run(table)

    def _id(self, name: str) -> int:
        known = self._ids.get(name)
        if known is None:
            found = self._db.rows("SELECT id FROM log WHERE name = ?", (name,))
            if not found:
                self._db.run(
                    "INSERT INTO log (name, frontier) VALUES (?, ?)", (name, Frontier().encode())
                )
                return self._id(name)  # not remembered before the transaction has committed
            known = self._ids[name] = _integer(found[0][0])
        return known

    def forget(self) -> None:
        """Drop what is remembered outside the database, after a transaction was rolled back."""
        self._ids.clear()
        self._walked.clear()

    def id_of(self, name: str) -> int:
        """The integer by which other tables point at the log's entries."""
        return self._id(name)

    def names(self) -> list[str]:
        """All logs, the journal first."""
        names = [str(row[0]) for row in self._db.rows("SELECT name FROM log ORDER BY name")]
        return sorted(names, key=lambda name: (name != JOURNAL, name))

    def head(self, name: str) -> Frontier:
        """The log's size and the means to its root."""
        found = self._db.rows("SELECT frontier FROM log WHERE name = ?", (name,))
        return Frontier.decode(_bytes(found[0][0])) if found else Frontier()

    def append(self, name: str, entries: Sequence[bytes]) -> int:
        """Append entries; the sequence number of the first. Call it inside a transaction."""
        return self.append_leaves(name, [(leaf_hash(data), data) for data in entries])

    def append_leaves(
        self,
        name: str,
        entries: Sequence[tuple[bytes, bytes | None]],
        grown: Frontier | None = None,
    ) -> int:
        """Append entries by leaf; a None is an entry that was withdrawn before it arrived.
        ``grown`` is the head after them, where somebody has worked it out already.
        """
        head = self.head(name)
        log = self._id(name)
        self._db.many(
            "INSERT INTO entry (log, seq, leaf, data) VALUES (?, ?, ?, ?)",
            ((log, head.size + n, leaf, data) for n, (leaf, data) in enumerate(entries)),
        )
        if grown is None:
            grown = head.extend(leaf for leaf, _ in entries)
        self._db.run("UPDATE log SET frontier = ? WHERE id = ?", (grown.encode(), log))
        return head.size

    def read(self, name: str, start: int, end: int) -> list[Entry]:
        """The entries ``start <= seq < end``."""
        rows = self._db.rows(
            """SELECT e.seq, e.leaf, e.data FROM entry e JOIN log l ON l.id = e.log
               WHERE l.name = ? AND e.seq >= ? AND e.seq < ? ORDER BY e.seq""",
            (name, start, end),
        )
        return [
            Entry(seq=_integer(seq), leaf=_bytes(leaf), data=None if data is None else _bytes(data))
            for seq, leaf, data in rows
        ]

    def fitting(self, name: str, start: int, end: int, bytes_max: int) -> int:
        """Up to where the entries from ``start`` on are at most so many bytes; one at least."""
        rows = self._db.rows(
            """SELECT e.seq, COALESCE(LENGTH(e.data), 0) FROM entry e JOIN log l ON l.id = e.log
               WHERE l.name = ? AND e.seq >= ? AND e.seq < ? ORDER BY e.seq""",
            (name, start, end),
        )
        total = 0
        for seq, size in rows:
            total += _integer(size) + LINE_BYTES
            if total > bytes_max and _integer(seq) > start:
                return _integer(seq)
        return end

    def scan(self, name: str, batch: int = 1_000, *, start: int = 0) -> Iterator[Entry]:
        """All entries from ``start`` on in order, in bounded memory."""
        at = start
        while found := self.read(name, at, at + batch):
            yield from found
            at = found[-1].seq + 1

    def leaves(self, name: str, start: int, end: int) -> list[bytes]:
        """The leaf hashes of ``start <= seq < end``."""
        rows = self._db.rows(
            """SELECT e.leaf FROM entry e JOIN log l ON l.id = e.log
               WHERE l.name = ? AND e.seq >= ? AND e.seq < ? ORDER BY e.seq""",
            (name, start, end),
        )
        return [_bytes(leaf) for (leaf,) in rows]

    def erase(self, name: str, seqs: Iterable[int]) -> None:
        """Erase the bytes of entries; their leaf hashes stay. Call it inside a transaction."""
        log = self._id(name)
        self._db.many(
            "UPDATE entry SET data = NULL WHERE log = ? AND seq = ?", ((log, seq) for seq in seqs)
        )

    def cut(self, name: str, size: int) -> None:
        """Take off what stands behind the first ``size`` entries: entries of a feed that nobody
        signed. Call it inside a transaction.
        """
        head = Frontier().extend(self.leaves(name, 0, size))
        log = self._id(name)
        self._db.run("DELETE FROM entry WHERE log = ? AND seq >= ?", (log, size))
        self._db.run("UPDATE log SET frontier = ? WHERE id = ?", (head.encode(), log))
        self._walked.pop(name, None)

    def reorder(self, name: str, first: int, ahead: Sequence[int]) -> None:
        """Put the entries ``ahead`` (numbers, ascending, from ``first`` on) before all others that
        stand from ``first`` on; both keep their order. Only where nobody has signed what moves.
        Call it inside a transaction.
        """
        log, head = self._id(name), self.head(name)
        ends = [first, *(seq + 1 for seq in ahead)]
        for further, (begin, end) in enumerate(zip(ends, [*ahead, head.size], strict=True)):
            # Negative until all have moved: no two rows ever have one number.
            self._db.run(
                "UPDATE entry SET seq = -(seq + ?) - 1 WHERE log = ? AND seq >= ? AND seq < ?",
                (len(ahead) - further, log, begin, end),
            )
        for place, seq in enumerate(ahead, first):
            self._db.run(
                "UPDATE entry SET seq = ? WHERE log = ? AND seq = ?", (-place - 1, log, seq)
            )
        self._db.run("UPDATE entry SET seq = -seq - 1 WHERE log = ? AND seq < 0", (log,))
        begun = self._walked.get(name, Frontier())
        begun = begun if begun.size <= first else Frontier()
        grown = begun.extend(self.leaves(name, begun.size, head.size))
        self._db.run("UPDATE log SET frontier = ? WHERE id = ?", (grown.encode(), log))

    def signed(self, name: str, signer: str) -> int:
        """The largest size of the log that this signer has signed."""
        found = self._db.rows(
            """SELECT MAX(n.size) FROM note n JOIN log l ON l.id = n.log
               WHERE l.name = ? AND n.signer = ?""",
            (name, signer),
        )
        return _integer(found[0][0] or 0)

    def notes_past(self, name: str, size: int, signer: str) -> list[tuple[int, bytes, str]]:
        """The signer's notes on more than ``size`` entries: size, root, note."""
        rows = self._db.rows(
            """SELECT n.size, n.root, n.text FROM note n JOIN log l ON l.id = n.log
               WHERE l.name = ? AND n.size > ? AND n.signer = ? ORDER BY n.size""",
            (name, size, signer),
        )
        return [(_integer(row[0]), _bytes(row[1]), str(row[2])) for row in rows]

    def keep_note(self, name: str, *, size: int, root: bytes, signer: str, text: str) -> None:
        """Keep a signed note on the log at ``size``; a later one of the same signer replaces it."""
        self._db.run(
            """INSERT INTO note (log, size, root, signer, text) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT (log, size, signer) DO UPDATE SET root = excluded.root, text =
               excluded.text""",
            (self._id(name), size, root, signer, text),
        )

    def note(self, name: str, size: int, signer: str) -> str | None:
        """The signer's note on the log at ``size``."""
        found = self._db.rows(
            """SELECT n.text FROM note n JOIN log l ON l.id = n.log
               WHERE l.name = ? AND n.size = ? AND n.signer = ?""",
            (name, size, signer),
        )
        return str(found[0][0]) if found else None

    def note_within(self, name: str, size: int) -> tuple[int, str] | None:
        """Where the log was last signed at ``size`` or before, and by whom."""
        rows = self._db.rows(
            """SELECT n.size, n.signer FROM note n JOIN log l ON l.id = n.log
               WHERE l.name = ? AND n.size <= ? ORDER BY n.size DESC, n.signer LIMIT 1""",
            (name, size),
        )
        return (_integer(rows[0][0]), str(rows[0][1])) if rows else None

    def root_at(self, name: str, size: int) -> bytes | None:
        """The log's root when it had ``size`` entries; None if it never had so many."""
        if size == 0:
            return EMPTY_ROOT
        head = self.head(name)
        if size >= head.size:
            return head.root() if size == head.size else None
        noted = self._db.rows(
            """SELECT n.root FROM note n JOIN log l ON l.id = n.log
               WHERE l.name = ? AND n.size = ? LIMIT 1""",
            (name, size),
        )
        if noted:
            return _bytes(noted[0][0])
        # A long feed is sent in runs: going on from the run before keeps the whole linear.
        begun = self._walked.get(name, Frontier())
        begun = begun if begun.size <= size else Frontier()
        self._walked[name] = begun.extend(self.leaves(name, begun.size, size))
        return self._walked[name].root()

    def check(self, name: str) -> Iterator[Damage | int]:
        """Check one log against everything it promises; yields damages, and entry counts as
        progress.
        """
        frontier, expected = Frontier(), 0
        notes = {
            _integer(size): _bytes(root)
            for size, root in self._db.rows(
                "SELECT n.size, n.root FROM note n JOIN log l ON l.id = n.log WHERE l.name = ?",
                (name,),
            )
        }
        for entry in self.scan(name):
            if entry.seq != expected:
                yield Damage(log=name, seq=expected, code="entry_missing")
                expected = entry.seq
            if entry.data is None and not name.startswith(ERASABLE):
                yield Damage(log=name, seq=entry.seq, code="entry_missing")
            if entry.data is not None and leaf_hash(entry.data) != entry.leaf:
                yield Damage(log=name, seq=entry.seq, code="entry_changed")
            frontier = frontier.append(entry.leaf)
            expected += 1
            if expected in notes and notes[expected] != frontier.root():
                yield Damage(log=name, seq=entry.seq, code="note_differs")
            if expected % 1_000 == 0:
                yield expected
        if frontier != self.head(name):
            yield Damage(log=name, seq=-1, code="head_differs")
        if any(size > expected for size in notes):
            yield Damage(log=name, seq=-1, code="entries_lost")
        yield expected


def _integer(value: object) -> int:
    if not isinstance(value, int):
        raise StoreError("database", detail="an integer was expected")
    return value


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise StoreError("database", detail="bytes were expected")
    return value
