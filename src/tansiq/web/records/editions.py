"""Earlier editions of a record: any of them as it was, and any two of them side by side.

Editions are numbered as the reader sees them. Each is read under its own label and that of the
newest edition, so that whoever may not read the record now reads nothing of it.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.desk.records import read
from tansiq.desk.records.read import View
from tansiq.domain.differences import differences
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.web.records.views import files_of
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat, signed_on
from tansiq.web.shell.site import current


@require_GET
@signed_on
def one(request: HttpRequest, seat: Seat, owner: str, record: UUID, number: int) -> HttpResponse:
    """One edition as it was."""
    history = _history(seat, owner, record)
    view = _numbered(seat, history, number)
    return render(
        request, "records/edition.html", view=view, history=history,
        attachments=files_of(seat, view),
    )  # fmt: skip


@require_GET
@signed_on
def compared(
    request: HttpRequest, seat: Seat, owner: str, record: UUID, *, number: int, other: int
) -> HttpResponse:
    """Two editions side by side, field by field."""
    history = _history(seat, owner, record)
    old, new = _numbered(seat, history, number), _numbered(seat, history, other)
    kind = kind_named(new.value.kind)
    return render(
        request, "records/compare.html", old=old, new=new, history=history,
        rows=differences(kind, old.value.body, new.value.body),
        relabelled=old.value.label != new.value.label,
    )  # fmt: skip


def _history(seat: Seat, owner: str, record: UUID) -> list[View]:
    """The editions that this seat sees; none where it may not see the record as it stands."""
    return read.history(current().desk, seat.viewer, owner, str(record))


def _numbered(seat: Seat, history: list[View], number: int) -> View:
    found = next((view for view in history if view.value.ordinal == number), None)
    if found is None:
        raise InputError("record_absent")
    read.mark_read(current().desk, seat.actor, found)
    return found
