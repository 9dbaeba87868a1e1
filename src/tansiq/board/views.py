"""From a row and its log entry to a sealed view: nothing leaves the board unsealed."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tansiq.domain.kinds import KINDS, kind_reading
from tansiq.domain.kinds.newest import own_newest
from tansiq.domain.labels import Label, join, label_from_text
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import (
    RecordView,
    ReleaseId,
    wire_from_json,
)
from tansiq.log.canonical import JSON, decode_kept, encode
from tansiq.log.database import Database, Row, Value
from tansiq.log.merkle import leaf_hash
from tansiq.policy.seal import Sealed, seal

COLUMNS: Final = "r.owner, r.received, r.editions, e.data, r.embargo, r.expires, r.state, r.newer"


def view_of(owner: PartyCode, received: str | None, data: bytes, ordinal: int) -> RecordView | None:
    """The view of one edition, as the newest version of its kind says it; None for a kind or a
    version that this node does not know.
    """
    item = decode_kept(data)
    kind = kind_reading(str(item["kind"]), int(str(item["v"])))
    if kind is None:
        return None
    if received is None:
        edition = own_newest(item, owner)
        return RecordView(
            record=edition.record, owner=owner, kind=kind.name, version=edition.version,
            state=edition.state, label=edition.label, body=edition.body,
            tear=edition.tear | kind.always_below(), position=edition.author.position,
            person=edition.author.person, at=edition.at, moment=kind.when(edition.body, edition.at),
            ordinal=ordinal, received=None, digest=_mark(item), leaf=leaf_hash(data).hex(),
        )  # fmt: skip
    wire = wire_from_json(item, owner)
    body = kind.check(kind.upcast(wire.body, wire.version), whole=False)
    return RecordView(
        record=wire.record, owner=owner, kind=kind.name, version=kind.version, state=wire.state,
        label=wire.label, body=body, tear=frozenset(),
        position=wire.position, person="", at=wire.at, moment=kind.when(body, wire.at),
        ordinal=ordinal, received=ReleaseId(received), purpose=wire.purpose, rule=wire.rule,
        digest=leaf_hash(data).hex(),
    )  # fmt: skip


def _mark(item: dict[str, JSON]) -> str:
    """A mark of one edition that holds nothing of those before: somebody may see this one alone."""
    alone = {name: value for name, value in item.items() if name not in ("n", "previous")}
    return hashlib.sha256(encode(alone)).hexdigest()


def sealed(row: tuple[object, ...]) -> Sealed[RecordView] | None:
    """A row of ``COLUMNS`` as a sealed view. A row whose content was erased is none."""
    one = viewed(row)
    return seal(one[0], owner=one[0].owner, label=one[1]) if one is not None else None


def viewed(row: tuple[object, ...]) -> tuple[RecordView, Label] | None:
    """What ``sealed`` seals, and the label under which it does."""
    owner, received, editions, data, embargo, expires, state, newer = row
    if not isinstance(data, bytes):
        return None
    view = view_of(
        PartyCode(str(owner)), None if received is None else str(received), data, int(str(editions))
    )
    if view is None:
        return None
    label: Label = replace(view.label, embargo=int(str(embargo)), expires=int(str(expires)))
    if newer is not None:  # who may not see the edition that is held learns nothing of it
        label, view = join([label, label_from_text(str(newer))]), replace(view, newer=True)
    if KINDS[view.kind].staged:
        view = replace(view, state=str(state))  # where the lanes stand, which no edition says
    return view, label


def rows_of(database: Database, ids: Sequence[int]) -> dict[Value, Row]:
    """The key and the ``COLUMNS`` of these records, by the number of each."""
    if not ids:
        return {}
    chosen, values = database.dialect.keyed("r.id", ids)
    rows = database.rows(
        f"""SELECT r.id, r.record, {COLUMNS} FROM record r
              JOIN entry e ON e.log = r.log AND e.seq = r.seq WHERE {chosen}""",
        values,
    )
    return {row[0]: row[1:] for row in rows}
