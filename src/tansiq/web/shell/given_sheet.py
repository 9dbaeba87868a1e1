"""The file of a list that a form brings, before it is read: its size is all that is known of it."""

from typing import Final

from django.http import HttpRequest

from tansiq.domain.errors import InputError

BYTES_MAX: Final = 1_000_000


def given_sheet(request: HttpRequest) -> bytes:
    """The bytes of the file in the field ``sheet``. Raises InputError where there is none, or it is
    larger than ``BYTES_MAX``.
    """
    file = request.FILES.get("sheet")
    if file is None:
        raise InputError("file_absent", field="sheet")
    if (file.size or 0) > BYTES_MAX:
        raise InputError("catalogue_size", limit=BYTES_MAX // 1_000)
    return bytes(file.read())
