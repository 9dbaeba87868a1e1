"""What goes at once when a form is saved, to whom and by which rule: said before it is saved.

It is what the saving itself tells (``desk.act.once.Told``): a form that is only looked at is saved
on trial, and a form that is saved and would send what its page did not show is not saved but shown
again with it. So what is shown and what happens cannot differ, with or without a script.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from django.http import HttpRequest, HttpResponse

from tansiq.desk.act.desk import Act
from tansiq.desk.act.once import Told
from tansiq.desk.records import read, say
from tansiq.domain.errors import FaultError, InputError
from tansiq.domain.fields import Type
from tansiq.domain.kinds import Kind
from tansiq.domain.records import RecordView
from tansiq.policy.seal import Released
from tansiq.web.shell.forms import Going, Parsed
from tansiq.web.shell.page import render
from tansiq.web.shell.seat import Seat
from tansiq.web.shell.site import current

FIELD: Final = "goes"
_WHAT: Final = "goes"
_OF_THE_FORM: Final = frozenset({"csrfmiddlewaretoken", "once", FIELD})


class UnseenError(InputError):
    """What was asked would send at once to somebody of whom the page said nothing; ``going`` says
    to whom and by which rule. Nothing was kept.
    """

    def __init__(self, going: tuple[Going, ...]) -> None:
        super().__init__("goes_unseen", field=FIELD, going=going)
        self.going = going


def going_in(told: Iterable[Told]) -> tuple[Going, ...]:
    """What goes at once by what an act told."""
    found = {Going(party=one.party, rule=one.rule) for one in told if one.what == _WHAT}
    return tuple(sorted(found, key=lambda one: one.mark))


def demand_shown(act: Act, request: HttpRequest, held: Collection[str] = ()) -> None:
    """Go on only where the form showed all that this act lets go, or its page that they ``held`` it
    before. Raises UnseenError, which says what goes; then nothing of the act is kept.
    """
    going, shown = going_in(act.told), set(str(request.POST.get(FIELD, "")).split())
    if not {one.mark for one in going if one.party not in held} <= shown:
        raise UnseenError(going)


@contextmanager
def shown_first(request: HttpRequest, seat: Seat, record: str) -> Iterator[None]:
    """The act of a button of an own record's page, which names those who hold the record: what goes
    to anybody else was shown before. Raises UnseenError, which :func:`ask` answers.
    """
    desk = current().desk
    releases = read.releases_of(desk, seat.viewer, record)
    held = {one.party for one in releases if one.released_at and not one.recalled_at}
    with desk.act() as act:
        yield
        demand_shown(act, request, held)


def ask(request: HttpRequest, unseen: UnseenError, back: str) -> HttpResponse:
    """The page that says what a button would send at once, and asks; its form does the same."""
    kept = [
        (name, str(value))
        for name, values in request.POST.lists()
        if name not in _OF_THE_FORM
        for value in values
    ]
    return render(
        request, "records/goes_first.html", status=422, goes=unseen.going, kept=kept,
        address=request.path, back=back,
    )  # fmt: skip


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
    return going_in(told)
