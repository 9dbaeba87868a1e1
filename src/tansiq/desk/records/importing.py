"""Importing: many records in one act, each known by a reference of its source.

By that reference a rerun finds what is already there, and changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import BinaryIO, Final

from tansiq.board import pointers, queries
from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.reader.rows import Row, Rows
from tansiq.desk.records import say
from tansiq.desk.records.say import Draft
from tansiq.domain.bounds import BOUNDS, MIB
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Type, texts_in
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.parties import Actor
from tansiq.domain.records import Body, RecordView
from tansiq.domain.unknowns import told_again
from tansiq.policy import mandate
from tansiq.policy.release import open_all, open_for
from tansiq.policy.seal import Released

_PACKAGE: Final = b"PK\x03\x04"  # how a workbook begins
_BINARY: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an older one, or one with a password


class Outcome(StrEnum):
    """What became of one item."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A record as the source has it; ``draft.body["source_ref"]`` is the reference by which it is
    known.
    """

    draft: Draft
    owned: frozenset[str]  # the fields that the source speaks about; a person's other fields stay


def demand_import(actor: Actor) -> None:
    """Raises RefusedError where the position has no mandate to import."""
    demand(mandate.may_do(actor.role, mandate.Act.IMPORT))


def rows_of(desk: Desk, file: BinaryIO) -> Iterable[Row]:
    """The rows of a table that somebody brings: of an XLSX workbook the first sheet that is not
    hidden, of anything else the lines of a CSV. Raises InputError for a workbook that cannot be
    read, by what its bytes are and not by its name.
    """
    begins = file.read(len(_BINARY))
    file.seek(0)
    if begins == _BINARY:
        raise InputError("workbook_unreadable")
    if not begins.startswith(_PACKAGE):
        return Rows(file)
    data = file.read(BOUNDS.workbook_bytes_max + 1)
    if len(data) > BOUNDS.workbook_bytes_max:
        raise InputError("workbook_size", limit=BOUNDS.workbook_bytes_max // MIB)
    return desk.cleaner.rows(data)


def keep(desk: Desk, actor: Actor, items: Sequence[Item]) -> list[Outcome]:
    """Keep one batch in one transaction; what a rule releases by itself goes in the same act.

    A known record gets a new edition only where the source says something that none of its editions
    said before: what a person changed since stays. Its label stays too, so that no rerun widens an
    audience. Raises RefusedError, InputError; then nothing of the batch is kept.
    """
    demand_import(actor)
    assert len(items) <= BOUNDS.import_batch_rows
    with desk.act() as act:
        known = pointers.referenced(desk.board, [_reference(item) for item in items])
        fresh = {_reference(item): item for item in reversed(items)}
        added = [item for name, item in fresh.items() if name not in known]
        added.reverse()  # in the order of the source, and of doubles the first
        say.write_all(act, actor, [_named(act, item.draft, {}) for item in added])
        first = {id(item) for item in added}
        return [Outcome.ADDED if id(item) in first else _again(act, actor, item) for item in items]


def _reference(item: Item) -> str:
    return str(item.draft.body["source_ref"])


def _again(act: Act, actor: Actor, item: Item) -> Outcome:
    """What the source says of a record that is known already."""
    (record,) = pointers.referenced(act.desk.board, [_reference(item)]).values()
    old = _current(act, actor, record)
    if old is None:
        return Outcome.UNCHANGED  # not this position's to read, so not its to change
    kind = kind_named(item.draft.kind)
    body = kind.check(_named(act, item.draft, old.value.body).body)
    said = _of(kind, body, item.owned)
    if _of(kind, old.value.body, item.owned) == said:
        return Outcome.UNCHANGED
    if any(_of(kind, view.body, item.owned) == said for view in _editions(act, actor, record)):
        return Outcome.UNCHANGED
    theirs = {name: value for name, value in old.value.body.items() if name not in item.owned}
    draft = Draft(
        kind=item.draft.kind, body={**theirs, **body}, label=old.value.label, tear=old.value.tear
    )
    say.revise_in(act, actor, old.value, draft)
    return Outcome.CHANGED


def _current(act: Act, actor: Actor, record: str) -> Released[RecordView] | None:
    sealed = queries.found(act.desk.board, act.desk.me, record)
    return open_for(act.desk.viewer(actor), sealed, act.now) if sealed else None


def _editions(act: Act, actor: Actor, record: str) -> list[RecordView]:
    sealed = queries.editions(act.desk.board, act.desk.me, record)
    return [view.value for view in open_all(act.desk.viewer(actor), sealed, act.now)]


def _named(act: Act, draft: Draft, old: Body) -> Draft:
    """The draft with ids of our own for what is not known; what stands already keeps its id and
    what became of it.
    """
    body = dict(draft.body)
    for field in kind_named(draft.kind).fields:
        told, known = body.get(field.name), old.get(field.name, [])
        if field.type is Type.UNKNOWNS and isinstance(told, list) and isinstance(known, list):
            body[field.name] = told_again(told, known, act.desk.entropy.uuid)
    return replace(draft, body=body)


def _of(kind: Kind, body: Body, names: frozenset[str]) -> Body:
    """What a source says of these fields: of an unknown its text, not what became of it here."""
    asked = {field.name for field in kind.fields if field.type is Type.UNKNOWNS}
    found = {name: value for name, value in body.items() if name in names}
    for name in asked & found.keys():
        found[name] = list(texts_in(kind.field(name), found[name]))
    return found
