"""From keys, ids and references to records: who has which, and what points at what.

Nothing here is filtered: whoever asks opens what it names under its label.
"""

from collections.abc import Sequence

from tansiq.board.board import Board, key_of
from tansiq.board.rows import in_parts
from tansiq.domain.parties import PartyCode
from tansiq.log.database import Row, Value


def one_of_each_label(board: Board, keys: Sequence[str]) -> list[str]:
    """Of these records, one for each label, embargo and expiry under which any of them stands."""
    chosen: dict[tuple[Value, ...], str] = {}
    for marks, part in in_parts(keys):
        rows = board.db.rows(
            f"""SELECT MIN(record), label, embargo, expires FROM record WHERE record IN ({marks})
                GROUP BY label, embargo, expires""",
            part,
        )
        chosen |= {row[1:]: str(row[0]) for row in rows}
    return sorted(chosen.values())


def released_records(board: Board, party: str, releases: Sequence[str]) -> list[str]:
    """The records, by key, of which these are our releases to ``party``."""
    found: list[str] = []
    for marks, part in in_parts(releases):
        rows = board.db.rows(
            f"SELECT record FROM release WHERE party = ? AND release IN ({marks})", (party, *part)
        )
        found += (str(row[0]) for row in rows)
    return found


def releases_sent(board: Board, party: str, records: Sequence[str]) -> dict[str, int]:
    """Of these own records, by id, how many releases went to ``party``; those of none are left
    out.
    """
    found: dict[str, int] = {}
    for marks, part in in_parts(key_of(board.me, record) for record in records):
        rows = board.db.rows(
            f"""SELECT record, COUNT(*) FROM release WHERE party = ? AND feed_seq IS NOT NULL
                  AND record IN ({marks}) GROUP BY record""",
            (party, *part),
        )
        found |= {_split(str(key))[1]: int(str(count)) for key, count in rows}
    return found


def referenced(board: Board, references: Sequence[str]) -> dict[str, str]:
    """Of these references of a source, the ids of our records that are known by them."""
    found: dict[str, str] = {}
    for marks, part in in_parts(references):
        rows = board.db.rows(
            f"SELECT reference, record FROM reference WHERE reference IN ({marks})", part
        )
        found |= {str(name): _split(str(key))[1] for name, key in rows}
    return found


def sources_of(
    board: Board, targets: Sequence[str], field: str
) -> list[tuple[str, PartyCode, str]]:
    """The records that point at any of these through ``field``: target, owner and id of each."""
    rows: list[Row] = []
    for marks, part in in_parts(targets):
        rows += board.db.rows(
            f"SELECT target, source FROM link WHERE field = ? AND target IN ({marks})",
            (field, *part),
        )
    return [(str(target), *_split(str(source))) for target, source in sorted(rows)]


def owners_of(board: Board, record: str, parties: Sequence[str]) -> list[PartyCode]:
    """The parties of whom the board has a record with that id."""
    return [
        PartyCode(party)
        for party in parties
        if board.db.rows("SELECT 1 FROM record WHERE record = ?", (key_of(party, record),))
    ]


def _split(key: str) -> tuple[PartyCode, str]:
    owner, _, record = key.partition("/")
    return PartyCode(owner), record
