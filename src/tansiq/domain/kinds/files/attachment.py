"""An attachment: a bounded file, addressed by its content, released like everything else.

The bytes travel beside the feeds; this record names them by their digest. They are always served as
a download. What says who made the file, where and when is taken out before the bytes get their
address; ``traces`` says whether that could be done. ``text`` is the name under which it leaves, and
``brought`` the one that it had on the device from which it came, which stays here.
"""

from typing import Final

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.parties import WATCH, Role

PICTURES: Final = ("image/png", "image/jpeg", "image/webp", "image/gif")
OTHER: Final = "application/octet-stream"  # whatever this node cannot look into
MEDIA_TYPES: Final = (*PICTURES, "application/pdf", "text/plain", "text/csv", OTHER)
TRACES: Final = ("none", "removed", "kept")
CLEAN: Final = frozenset({"none", "removed"})

ATTACHMENT: Final = Kind(
    name="attachment",
    version=1,
    letter="F",
    fields=(
        Field(name="text", type=Type.LINE, required=True, searchable=True),
        Field(name="media_type", type=Type.CHOICE, choices=MEDIA_TYPES, required=True, hidden=True),
        Field(name="bytes", type=Type.COUNT, required=True, hidden=True),
        Field(name="digest", type=Type.DIGEST, required=True, hidden=True),
        Field(name="traces", type=Type.CHOICE, choices=TRACES, required=True, hidden=True),
        Field(name="brought", type=Type.LINE, above=False, fixed=True, hidden=True),
    ),
    states=("saved",),
    writers=WATCH | {Role.SUPPORT_DESK, Role.TRAINING_MANAGER, Role.PROGRAMME_MANAGER},
    final=True,
    inbox=False,
)
