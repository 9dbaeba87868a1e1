"""What leaves, compared with what is known here and with what would leave now: for the eyes of
those who release and approve, and for a release that has waited.
"""

import math

from tansiq.domain.kinds import Kind
from tansiq.domain.records import Body, WireEdition


def is_no_laxer(frozen: WireEdition, now: WireEdition) -> bool:
    """Whether an edition that was frozen tells no more, and for no longer, than what would be made
    of it ``now``; the caller has seen to it that both are of one edition.
    """
    ends = [one.label.expires or math.inf for one in (frozen, now)]
    return (
        frozen.body == now.body
        and frozen.position in ("", now.position)
        and frozen.label.onward.rank <= now.label.onward.rank
        and ends[0] <= ends[1]
    )


def hidden_fields(kind: Kind, own: Body, sent: Body) -> tuple[str, ...]:
    """The filled fields of a body that stay back whole where ``sent`` leaves: for the releaser's
    and the approver's eyes, the grey bars beside the preview.
    """
    return tuple(
        field.name
        for field in kind.fields
        if _is_filled(own.get(field.name)) and field.name not in sent
    )


def reduced_fields(kind: Kind, own: Body, sent: Body) -> tuple[str, ...]:
    """The fields of which ``sent`` tells something, and less than the body says: a coarse place, a
    link fewer, a row without a column.
    """
    return tuple(
        field.name
        for field in kind.fields
        if field.name in sent and sent[field.name] != own.get(field.name)
    )


def _is_filled(value: object) -> bool:
    """Whether a field says anything; a count of 0 does."""
    return value is not None and value is not False and value not in ("", [])
