"""Pictures and documents without what says who made them, where and when; thumbnails of pictures.

What is given in is not trusted: the node calls this in a process of its own, with bounds on memory
and time (``node.file_worker``). What cannot be cleaned for certain is said to have traces still.
"""

from tansiq.desk.act.desk import Clean
from tansiq.domain.kinds.files.attachment import OTHER
from tansiq.gateways.traces import documents, pictures

__all__ = ["clean", "pictures"]


def clean(data: bytes) -> Clean:
    """The file without its traces, or as it is where they cannot all be taken out."""
    media_type = pictures.media_type(data) or documents.media_type(data)
    if not media_type:
        return Clean(media_type=OTHER, data=data, traces="kept")
    find = pictures.cleaned if media_type in pictures.MEDIA_TYPES else documents.cleaned
    without = find(data)
    if without is None:
        return Clean(media_type=media_type, data=data, traces="kept")
    return Clean(media_type=media_type, data=without, traces="removed")
