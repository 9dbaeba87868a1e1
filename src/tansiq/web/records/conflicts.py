"""Two people changed one record: what is saved now beside what this person wrote, field by field.

Nothing is chosen for both: a field that only one of them changed goes that one's way unless the
writer says otherwise, a field that both changed is chosen by the writer. The label is one field.
"""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse

from tansiq.desk.records import read, say
from tansiq.desk.records.read import View
from tansiq.domain.differences import Difference, differences
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.records import Body
from tansiq.web.shell.forms import Parsed, shown_values
from tansiq.web.shell.once import NOT_OF_THE_FORM
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current

_MINE: Final = "mine"
_THEIRS: Final = "theirs"
_LABEL: Final = "label"
_PICK: Final = "pick-"
_ASIDE: Final = NOT_OF_THE_FORM | {"base", "act", "against"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A field in which the saved text (``old``) and the writer's (``new``) differ, and whose stands
    chosen, "" where the writer has to say.
    """

    difference: Difference
    chosen: str


def page(
    request: HttpRequest, seat: Seat, theirs: View, parsed: Parsed, base: str, *,
    status: int = 200, error: str = "",
) -> HttpResponse:  # fmt: skip
    """Both, and the writer's choice; all that was typed goes along."""
    carried = [
        (name, str(value))
        for name, values in request.POST.lists()
        if name not in _ASIDE and not name.startswith(_PICK)
        for value in values
    ]
    return render(
        request, "records/conflict.html", status=status, base=base,
        theirs=_as_numbered(seat, theirs),
        choices=_choices(seat, theirs, parsed, base), carried=carried,
        mine_label=parsed.label, label_chosen=_label_chosen(seat, theirs, parsed, base),
        errors={"choices": error} if error else {},
    )  # fmt: skip


def merge(request: HttpRequest, seat: Seat, theirs: View, parsed: Parsed, base: str) -> bool:
    """Put what the writer chose of the saved text into the form; whether all that needs a choice
    has one.
    """
    saved = shown_values(kind_named(theirs.value.kind), theirs.value.body)
    picked = [
        (one.difference.field.name, one.chosen) for one in _choices(seat, theirs, parsed, base)
    ]
    if parsed.label != theirs.value.label:
        picked.append((_LABEL, _label_chosen(seat, theirs, parsed, base)))
    for name, chosen in picked:
        pick = str(request.POST.get(f"{_PICK}{name}", chosen))
        if pick not in (_MINE, _THEIRS):
            return False
        if pick == _THEIRS and name == _LABEL:
            parsed.label = theirs.value.label
        elif pick == _THEIRS:
            parsed.values[name] = saved[name]
    parsed.errors.clear()
    return True


def _base_of(seat: Seat, theirs: View, base: str) -> View | None:
    """The edition with that digest, which the writer began with, if it may be seen."""
    v = theirs.value
    history = read.history(current().desk, seat.viewer, v.owner, v.record)
    return next((one for one in history if one.value.digest == base), None)


def _as_numbered(seat: Seat, theirs: View) -> View:
    """The edition that stands, numbered as this seat counts: how many are hidden shows nowhere."""
    return _base_of(seat, theirs, theirs.value.digest) or theirs


def _choices(seat: Seat, theirs: View, parsed: Parsed, base: str) -> list[Choice]:
    kind, begun = kind_named(theirs.value.kind), _base_of(seat, theirs, base)
    found = differences(kind, theirs.value.body, _checked(theirs, parsed))
    if begun is None:
        return [Choice(difference=one, chosen="") for one in found]
    by_them = {d.field.name for d in differences(kind, begun.value.body, theirs.value.body)}
    by_me = {d.field.name for d in differences(kind, begun.value.body, _checked(theirs, parsed))}
    return [
        Choice(difference=one, chosen=_whose(one.field.name in by_me, one.field.name in by_them))
        for one in found
    ]


def _whose(me: bool, them: bool) -> str:  # noqa: FBT001 - two facts about one field
    if me and them:
        return ""
    return _MINE if me else _THEIRS


def _label_chosen(seat: Seat, theirs: View, parsed: Parsed, base: str) -> str:
    begun = _base_of(seat, theirs, base)
    if begun is None:
        return ""
    before = begun.value.label
    return _whose(parsed.label != before, theirs.value.label != before)


def _checked(theirs: View, parsed: Parsed) -> Body:
    """What was typed, as it would be saved."""
    try:
        return kind_named(theirs.value.kind).check(parsed.body)
    except InputError:
        return parsed.body


def beaten(
    request: HttpRequest, seat: Seat, conflict: say.EditedMeanwhileError, base: str
) -> HttpResponse:
    """A button was pressed on an edition that is not the newest: what changed since then."""
    begun, theirs = _base_of(seat, conflict.theirs, base), _as_numbered(seat, conflict.theirs)
    rows = (
        differences(kind_named(theirs.value.kind), begun.value.body, theirs.value.body)
        if begun
        else ()
    )
    return render(
        request, "records/beaten.html", status=409, begun=begun, theirs=theirs, rows=rows
    )  # fmt: skip
