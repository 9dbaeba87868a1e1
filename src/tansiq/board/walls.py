"""The second wall: which rows a person's reading may touch, as PostgreSQL's row level security.

It repeats the release filter where no statement of ours can forget it. Only integers are compared,
which PostgreSQL may do before it asks a policy, so that every index still serves. A table that is
not named here shows a reader nothing.
"""

from typing import Final

from tansiq.domain.kinds import FILE_FIELDS
from tansiq.domain.kinds.files.attachment import ATTACHMENT

_OWN: Final = "(SELECT unnest(NULLIF(current_setting('tansiq.own', true), '')::bigint[]))"
_OTHERS: Final = "(SELECT unnest(NULLIF(current_setting('tansiq.others', true), '')::bigint[]))"
_NOW: Final = "(SELECT NULLIF(current_setting('tansiq.now', true), '')::bigint)"


def _labelled(table: str) -> str:
    return f"({table}.label IN {_OWN} OR {table}.label IN {_OTHERS})"


def _released(table: str) -> str:
    return (
        f"({table}.label IN {_OWN} OR ({table}.label IN {_OTHERS} AND {table}.embargo <= {_NOW}"
        f" AND ({table}.expires = 0 OR {table}.expires > {_NOW})))"
    )


RELEASED: Final = _released("record")
_WAITING: Final = "EXISTS (SELECT FROM waits WHERE waits.id = {}.wait)"


def _of_record(key: str) -> str:
    return f"EXISTS (SELECT FROM record WHERE record.record = {key})"


def _open(key: str, *, named: bool = False) -> str:
    """The record of this key, if a reader may see it; a file only with a record of its owner that
    names it as it stands and that the reader may see, as ``policy.files`` has it. With ``named``
    also one that has left: who holds what names it.
    """
    left = " OR EXISTS (SELECT FROM release WHERE release.record = record.record)" * named
    return f"EXISTS (SELECT FROM record WHERE {key} AND ({_carried()}{left}))"


def _carried(further: str = "") -> str:
    fields = ", ".join(f"'{field}'" for field in FILE_FIELDS)
    return f"""record.kind <> '{ATTACHMENT.name}' OR EXISTS (
      SELECT FROM link JOIN record c ON c.record = link.source
      WHERE link.target = split_part(record.record, '/', 2) AND link.field IN ({fields})
        AND c.owner = record.owner{further})"""


# table: the rows that a reader may see. What a condition asks another table is bound by that
# table's own condition.
WALLS: Final = {
    "label": f"id IN {_OWN} OR id IN {_OTHERS}",
    "record": RELEASED,
    "edition": f"{_labelled('edition')} AND {_open('record.id = edition.record', named=True)}",
    "superseded": f"{_labelled('superseded')} AND {_open('record.id = superseded.record')}",
    "stage": "EXISTS (SELECT FROM record WHERE record.id = stage.record)",
    "unknown": f"{_labelled('unknown')} AND"
    " EXISTS (SELECT FROM record WHERE record.id = unknown.record)",
    "left_open": "EXISTS (SELECT FROM record WHERE record.id = left_open.record)",
    "chunk": _open("record.record = chunk.record"),
    "hull": "EXISTS (SELECT FROM record WHERE record.id = hull.number)",
    "cell": "EXISTS (SELECT FROM record WHERE record.id = cell.number)",
    "link": _of_record("link.source"),
    "release": _of_record("release.record"),
    "received": f"{_labelled('received')} OR {_of_record('received.record')}",
    "opening": _of_record("opening.root"),
    "step": _of_record("step.root"),
    "outward": _of_record("outward.root"),
    "answered": _of_record("answered.root"),
    "inward": _of_record("inward.root"),
    "lane_end": _of_record("lane_end.root"),
    "lane_due": _of_record("lane_due.root"),
    "entry": "EXISTS (SELECT FROM edition h WHERE h.log = entry.log AND h.seq = entry.seq)"
    " OR EXISTS (SELECT FROM chunk c WHERE c.log = entry.log AND c.seq = entry.seq)",
    "sealed_check": f"ours = 1 AND {_of_record('sealed_check.record')}",
    "waits": _released("waits"),
    "stock": _labelled("stock"),
    "rung": _WAITING.format("rung"),
    "called": _WAITING.format("called"),
    "decider": "EXISTS (SELECT FROM release WHERE release.release = decider.release)",
    "partner": "TRUE",
    "own_item": "TRUE",
}
# Words are compared by an operator that PostgreSQL does not trust before a policy. So the reader
# does not touch the index at all: this function of the engine compares, and gives what is released.
SEARCHED: Final = f"""CREATE OR REPLACE FUNCTION released_words(wanted tsquery)
    RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = tansiq, pg_catalog AS $$
      SELECT s.rowid FROM search s JOIN record ON record.id = s.rowid
      WHERE s.vector @@ wanted AND {RELEASED}
        AND ({_carried(f" AND {_released('c')}")}) $$"""
INDEXES: Final = ("CREATE INDEX IF NOT EXISTS edition_entry ON edition (log, seq)",)
