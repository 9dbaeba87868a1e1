"""Kinds of records. A kind is data: its fields and its state machine, declared once.

Forms, lists, validation, redaction, search text and the reference page come from the declaration.
To add a kind, write one module that declares it, in the folder of its room, and name it in
``KINDS`` (see docs/reference/kinds.md).
"""

from tansiq.domain.errors import InputError
from tansiq.domain.kinds.files.attachment import ATTACHMENT
from tansiq.domain.kinds.kind import Kind, Transition
from tansiq.domain.kinds.replies.acknowledgement import ACKNOWLEDGEMENT
from tansiq.domain.kinds.replies.dispute import DISPUTE
from tansiq.domain.kinds.requests.answer import ANSWER
from tansiq.domain.kinds.requests.rfi import RFI
from tansiq.domain.kinds.watch.incident import INCIDENT
from tansiq.domain.kinds.watch.log_line import LOG_LINE

__all__ = ["INBOX_KINDS", "KINDS", "Kind", "Transition", "kind_named", "kind_reading"]

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        LOG_LINE,
        INCIDENT,
        RFI,
        ANSWER,
        ACKNOWLEDGEMENT,
        DISPUTE,
        ATTACHMENT,
    )
}

# What asks for attention: partners' records that wait for a reply, and cases that wait for our act.
INBOX_KINDS: tuple[str, ...] = tuple(n for n, kind in KINDS.items() if kind.inbox or kind.case)


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises InputError: what is unknown is not shown."""
    kind = KINDS.get(name)
    if kind is None:
        raise InputError("kind_unknown", kind=name[:32])
    return kind


def kind_reading(name: str, version: int) -> Kind | None:
    """The kind that reads what was written under this name and version; None where this node
    knows none: whoever wrote it is newer.
    """
    kind = KINDS.get(name)
    return kind if kind is not None and kind.reads(version) else None
