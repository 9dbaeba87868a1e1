"""What is shown before a record is saved, where its room says so: the form comes back with it once,
and is saved when it brings back the mark of what was shown.
"""

from typing import Any

from django.http import HttpRequest

from tansiq.desk.records.read import View
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import Kind
from tansiq.web.shell.forms import Parsed
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.sections import home_of


def looked(
    request: HttpRequest, seat: Seat, kind: Kind, parsed: Parsed, old: View | None = None
) -> dict[str, Any]:
    """What a form shows of the record that it would save; nothing where its room shows nothing
    first, or the form cannot be saved yet.
    """
    first = home_of(kind.name).first
    if first is None or request.method != "POST" or parsed.errors:
        return {}
    before = old.value.body if old else {}
    try:
        body = kind.keeps(before, parsed.body) if kind.keeps else parsed.body
        whole = kind.check(body)
    except InputError:
        return {}  # it is refused when it is saved, with the reason
    return {"template": first.template, "field": first.field, **first.make(seat, whole, old)}


def seen(request: HttpRequest, parsed: Parsed, shown: dict[str, Any]) -> bool:
    """Whether the form brings back the mark of what is shown now; then the record says so."""
    if not shown:
        return True
    parsed.body[shown["field"]] = shown["mark"]
    return bool(str(request.POST.get(shown["field"], "")) == shown["mark"])


def demand_seen(
    request: HttpRequest, seat: Seat, kind: Kind, parsed: Parsed, old: View | None = None
) -> None:
    """The same, inside the act that saves it: nothing has changed since. Raises InputError."""
    if not seen(request, parsed, looked(request, seat, kind, parsed, old)):
        raise InputError("neighbours_changed")
