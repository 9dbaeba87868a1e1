"""Kinds of records. A kind is data: its fields and its state machine, declared once.

Forms, lists, validation, redaction, search text and the reference page come from the declaration.
To add a kind, write one module that declares it, in the folder of its room: whatever kind a module
of this package declares is there (see docs/reference/kinds.md).
"""

import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module

from tansiq.domain.errors import InputError
from tansiq.domain.fields import Type
from tansiq.domain.kinds.kind import Kind, Transition

__all__ = [
    "FILE_FIELDS", "INBOX_KINDS", "KINDS", "Kind", "Transition", "field_words", "kind_named",
    "kind_reading",
]  # fmt: skip


def _declared() -> Iterator[Kind]:
    """Every kind that a module in the folder of a room declares, by room and name."""
    for found in sorted(pkgutil.walk_packages(__path__, f"{__name__}."), key=lambda one: one.name):
        if not found.ispkg and found.name.count(".") > __name__.count(".") + 1:
            module = import_module(found.name)
            yield from (value for value in vars(module).values() if isinstance(value, Kind))


KINDS: dict[str, Kind] = {kind.name: kind for kind in _declared()}
# What asks for attention: partners' records that wait for a reply, and cases that wait for our act.
INBOX_KINDS: tuple[str, ...] = tuple(n for n, kind in KINDS.items() if kind.inbox or kind.case)
# The fields by which records of any kind name their files.
FILE_FIELDS: tuple[str, ...] = tuple(
    sorted({field.name for kind in KINDS.values() for field in kind.links
            if field.type is Type.ATTACHMENTS})
)  # fmt: skip


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises InputError: what is unknown is not shown."""
    kind = KINDS.get(name)
    if kind is None:
        raise InputError("kind_unknown", kind=name[:32])
    return kind


def field_words(kinds: Iterable[str], name: str, language: str) -> str:
    """What a page calls a field of several kinds, as a rule names them: as the first of them does
    that has it, any kind's word where these have not, and the bare name of what no kind has.
    """
    known = [KINDS[kind] for kind in sorted(kinds) if kind in KINDS]
    for kind in (*known, *KINDS.values()):
        for field in kind.fields:
            if field.name == name:
                return field.label().of(language)
    return name


def kind_reading(name: str, version: int) -> Kind | None:
    """The kind that reads what was written under this name and version; None where this node
    knows none: whoever wrote it is newer.
    """
    kind = KINDS.get(name)
    return kind if kind is not None and kind.reads(version) else None
