"""Saving once: what a form asks for is done once, however often it is sent.

The desk asks here at the beginning and at the end of every act of a request that sent a form, and
inside its transaction: whether the form was saved is decided together with the saving. The web
says which form was sent (``web.shell.once``); whoever acts without a form is not asked.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from typing import Final

from tansiq.board import sent_forms
from tansiq.board.board import Board
from tansiq.domain.errors import InputError

_TOLD_MAX: Final = 8


class SavedError(Exception):
    """The very form was saved before. No fault: its sender is shown what it made then."""

    def __init__(self, answer: "Answer") -> None:
        super().__init__("saved")
        self.answer = answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that an act did, for the person who did it: ``what`` names the words
    ``told.<what>``. Only names of own records, parties and rules stand here, never content.
    """

    what: str
    record: str = ""
    party: str = ""
    rule: str = ""
    release: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a form that was saved is answered with: where its sender goes, the draft that is kept no
    more, and what is told. ``to`` is empty until the page has said so.
    """

    to: str = ""
    draft: str = ""
    told: tuple[Told, ...] = ()

    def text(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self))


def answer_of(text: str) -> Answer:
    """An answer as it was kept."""
    item = json.loads(text)
    return Answer(
        to=item["to"], draft=item["draft"], told=tuple(Told(**one) for one in item["told"])
    )


@dataclass(slots=True, kw_only=True)
class Sent:
    """A form that a person sent. ``token`` is its own, made at ``made`` (ms); ``digest`` is the
    hash of all that it holds; ``fault`` is the code of an error where the token is none of this
    person's for this form. ``saved`` says that an act of this sending kept it.
    """

    token: str
    made: int
    digest: str
    fault: str = ""
    saved: bool = False
    told: list[Told] = field(default_factory=list)

    def answer(self, to: str = "", draft: str = "") -> Answer:
        """What it is answered with."""
        return Answer(to=to, draft=draft, told=tuple(self.told))


_sent: ContextVar[Sent | None] = ContextVar("sent", default=None)


@contextmanager
def sending(form: Sent) -> Iterator[None]:
    """While a request is dealt with that sent this form."""
    mark = _sent.set(form)
    try:
        yield
    finally:
        _sent.reset(mark)


def sent() -> Sent | None:
    """The form with which the request under way came; None without one."""
    return _sent.get()


def answered(board: Board, form: Sent) -> Answer | None:
    """How this very form was answered before; None where it was not saved."""
    found = sent_forms.saved(board, form.token) if not form.fault else None
    return answer_of(found[1]) if found and found[0] == form.digest else None


def demand_new(board: Board, form: Sent, now: int) -> None:
    """Go on only with a form that was not saved yet. Raises SavedError where this very form was,
    and InputError where its token does not count or where it held something else when it was
    saved: then nothing is saved, and the page shows again what was typed.
    """
    if form.saved:
        return
    if form.fault:
        raise InputError(form.fault)
    before = answered(board, form)
    if before is not None:
        raise SavedError(before)
    if sent_forms.saved(board, form.token) is not None:
        raise InputError("form_saved_before")
    if form.made <= sent_forms.counts_since(board, now):
        raise InputError("form_old")


def keep(board: Board, form: Sent, told: Sequence[Told], now: int) -> None:
    """Remember that a form is saved. Call it inside the act that saved it."""
    form.told = [*form.told, *told][:_TOLD_MAX]
    form.saved = True
    text = form.answer().text()
    sent_forms.keep(board, form.token, form.digest, text, made=form.made, now=now)


def remember(board: Board, form: Sent, answer: Answer) -> None:
    """Remember where the sender of a saved form went; one that went nowhere may send it again.
    Call it inside a transaction.
    """
    if answer.to:
        sent_forms.answer(board, form.token, answer.text())
    else:
        sent_forms.forget(board, form.token)
