"""What goes at once when a form is saved, to whom and by which rule: said before it is saved.

It is what the saving itself tells (``desk.act.once.Told``): a form that is only looked at is saved
on trial, and a form that is saved and would send what its page did not show is not saved but shown
again with it. So what is shown and what happens cannot differ, with or without a script.
"""

from collections.abc import Iterable
from typing import Final

from django.http import HttpRequest

from tansiq.desk.act.desk import Act
from tansiq.desk.act.once import Told
from tansiq.desk.records import say
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.fields import Type
from tansiq.domain.kinds import Kind
from tansiq.domain.records import RecordView
from tansiq.policy.seal import Released
from tansiq.web.shell.forms import Going, Parsed
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current

FIELD: Final = "goes"
_WHAT: Final = "goes"


def _going(told: Iterable[Told]) -> tuple[Going, ...]:
    found = {Going(party=one.party, rule=one.rule) for one in told if one.what == _WHAT}
    return tuple(sorted(found, key=lambda one: one.mark))


def demand_shown(act: Act, request: HttpRequest) -> None:
    """Go on only where the form showed all that this act lets go. Raises InputError, which says
    what goes; then nothing of the act is kept.
    """
    going, shown = _going(act.told), set(str(request.POST.get(FIELD, "")).split())
    if not {one.mark for one in going} <= shown:
        raise InputError("goes_unseen", field=FIELD, going=going)


def foresee(
    seat: Seat, kind: Kind, parsed: Parsed, old: Released[RecordView] | None
) -> tuple[Going, ...] | None:
    """What would go at once if this form were saved now; None where it cannot be saved yet. A text
    that is still to be written decides nothing.
    """
    body = dict(parsed.body)
    for field in kind.fields:
        if field.type is Type.TEXT and field.required:
            body.setdefault(field.name, "–")
    draft = say.Draft(kind=kind.name, body=body, label=parsed.label, tear=parsed.tear)
    try:
        with current().desk.trial() as act:
            if old is None:
                say.write_in(act, seat.actor, draft)
            else:
                say.revise_in(act, seat.actor, old.value, draft)
            told = tuple(act.told)
    except FaultError:
        return None
    return _going(told)
