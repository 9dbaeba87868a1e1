"""An attachment: a bounded file, addressed by its content, released like everything else.

The bytes travel as chunks of their own in the logs; this record names them. Only picture and
document types that a browser shows without running anything are taken, and they are always served
as a download.
"""

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.parties import WATCH, Role

MEDIA_TYPES = ("image/png", "image/jpeg", "application/pdf", "text/plain", "text/csv")

ATTACHMENT = Kind(
    name="attachment",
    version=1,
    fields=(
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="media_type", type=Type.CHOICE, choices=MEDIA_TYPES, required=True, hidden=True),
        Field(name="bytes", type=Type.COUNT, required=True, hidden=True),
        Field(name="digest", type=Type.DIGEST, required=True, hidden=True),
    ),
    states=("saved",),
    writers=WATCH | {Role.SUPPORT_DESK, Role.TRAINING_MANAGER, Role.PROGRAMME_MANAGER},
    final=True,
    inbox=False,
)
