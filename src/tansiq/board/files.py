"""Files and the records that name them: a file is read where one of these can be read now.

``queries`` seals a file by what stands here; ``desk.release`` asks which files follow a record.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tansiq.board.board import Board, key_of
from tansiq.board.rows import in_parts
from tansiq.domain.kinds import FILE_FIELDS
from tansiq.domain.kinds.files.attachment import ATTACHMENT
from tansiq.domain.labels import Label, join, label_from_text
from tansiq.domain.records import RecordView
from tansiq.policy.files import readable_under
from tansiq.policy.seal import Sealed, seal_under

_NAMED: Final = f"l.field IN ({', '.join('?' * len(FILE_FIELDS))})"


def is_file(view: RecordView) -> bool:
    """Whether a view is a file's, which no record's own label opens."""
    return view.kind == ATTACHMENT.name


def sealed_file(board: Board, view: RecordView, label: Label) -> Sealed[RecordView]:
    """A file as it may be read: under its label and that of a record of its owner that names it as
    it stands.
    """
    labels = readable_under(label, _carriers(board, key_of(view.owner, view.record)))
    return seal_under(view, owner=view.owner, labels=labels)


def _carriers(board: Board, key: str) -> list[Label]:
    owner, _, record = key.partition("/")
    rows = board.db.rows(
        f"""SELECT c.label, c.embargo, c.expires, c.newer FROM link l
              JOIN record c ON c.record = l.source
            WHERE l.target = ? AND {_NAMED} AND c.owner = ?""",
        (record, *FILE_FIELDS, owner),
    )
    known, found = board.labels(), list[Label]()
    for number, embargo, expires, newer in rows:
        _, plain = known[int(str(number))]
        label = replace(plain, embargo=int(str(embargo)), expires=int(str(expires)))
        found.append(label if newer is None else join([label, label_from_text(str(newer))]))
    return found


def named_by(board: Board, key: str) -> list[str]:
    """The ids of the files that a record names as it stands."""
    rows = board.db.rows(
        f"SELECT DISTINCT l.target FROM link l WHERE l.source = ? AND {_NAMED} ORDER BY l.target",
        (key, *FILE_FIELDS),
    )
    return [str(row[0]) for row in rows]


def not_named(board: Board, owner: str, files: list[str]) -> list[str]:
    """Of these files of a party, those that none of its records names as it stands."""
    named: set[str] = set()
    for marks, part in in_parts(files):
        rows = board.db.rows(
            f"""SELECT l.target FROM link l JOIN record c ON c.record = l.source
                WHERE l.target IN ({marks}) AND {_NAMED} AND c.owner = ?""",
            (*part, *FILE_FIELDS, owner),
        )
        named.update(str(row[0]) for row in rows)
    return [file for file in files if file not in named]


def went_with(board: Board, key: str, party: str) -> list[str]:
    """The files that ever went to a party with releases of a record."""
    rows = board.db.rows(
        """SELECT files FROM release
           WHERE record = ? AND party = ? AND feed_seq IS NOT NULL AND files <> ''
           ORDER BY journal""",
        (key, party),
    )
    return list(dict.fromkeys(file for row in rows for file in str(row[0]).split()))


def left_out(board: Board, key: str, party: str, now: Sequence[str]) -> list[str]:
    """The files that went to a party with releases of a record, that its newest release (which
    names those of ``now``) does not name, and that no other release which stands there names.
    """
    return [
        file
        for file in went_with(board, key, party)
        if file not in now
        and not board.db.rows(
            """SELECT 1 FROM release WHERE party = ? AND feed_seq IS NOT NULL AND recalled_at = 0
                 AND purged_at = 0 AND superseded_at = 0 AND record <> ? AND files LIKE ?
               LIMIT 1""",
            (party, key, f"%{file}%"),
        )
    ]
