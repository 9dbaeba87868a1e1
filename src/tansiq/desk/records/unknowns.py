"""What is not known: all that is open for somebody, and what becomes of an item.

The pages of ``/unknowns`` and of a record ask here. An act on an item is a new edition of the
owner's record; a partner answers with a record of its own, which the owner may name.
"""

from dataclasses import dataclass

from tansiq.board import unknowns
from tansiq.board.unknowns import AGE, KIND, OWNER, Age, Key, Question
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import read, say
from tansiq.desk.records.read import View
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Field, records_in
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Actor, Viewer
from tansiq.domain.records import RecordView
from tansiq.domain.unknowns import Unknown, UnknownState, settled
from tansiq.policy.release import open_for

__all__ = [
    "AGE", "KIND", "OWNER", "Age", "Key", "Open", "Page", "Question", "answers", "counts", "page",
    "settle",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """One open unknown: the record that says so, the item and its text, and since when
    (milliseconds) an edition that the viewer may see has it.
    """

    view: View
    item: str
    text: str
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of open unknowns. ``after`` continues the list, None at the end."""

    rows: tuple[Open, ...]
    after: Key | None


@reading_as
def page(desk: Desk, viewer: Viewer, question: Question) -> Page:
    """What is open and may be seen, own and partners'."""
    now = desk.clock.now()
    keyed = unknowns.listed(desk.board, viewer, question, now)
    rows: list[Open] = []
    for (since, _, item), sealed in keyed:
        view = open_for(viewer, sealed, now)
        if view is not None:
            text = _named(view.value, item)[1]["text"]
            rows.append(Open(view=view, item=item, text=text, since=since))
    ended = len(keyed) < question.limit
    return Page(rows=tuple(rows), after=None if ended else keyed[-1][0])


@reading_as
def counts(desk: Desk, viewer: Viewer, question: Question, group: str) -> dict[str, int]:
    """How many are open and may be seen of each owner, kind or age, whatever is chosen of it; empty
    where they are too many to count one by one.
    """
    now, most = desk.clock.now(), BOUNDS.counted_max
    return unknowns.grouped(desk.board, viewer, question, group, now=now, most=most)


def _named(view: RecordView, item: str) -> tuple[Field, Unknown]:
    """The field and the item of that id. Raises InputError where the record has none."""
    for field in kind_named(view.kind).asks:
        items = view.body.get(field.name)
        for one in items if isinstance(items, list) else []:
            if one["id"] == item:
                return field, one
    raise InputError("unknown_absent")


@reading_as
def answers(desk: Desk, viewer: Viewer, view: View) -> dict[str, View]:
    """The records that answered what a record did not know, as far as the viewer may see them."""
    kind = kind_named(view.value.kind)
    named = [r for one in kind.asks for r in records_in(one, view.value.body.get(one.name))]
    return {str(one.value.record): one for one in read.named(desk, viewer, named)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """What becomes of an item: answered ``by`` a record ("" = by none), of no value, open again."""

    item: str
    state: UnknownState
    by: str = ""


def settle(desk: Desk, actor: Actor, record: str, base: str, wish: Settling) -> None:
    """Say what became of an unknown of an own record, as a new edition on top of ``base``.

    Raises EditedMeanwhileError where somebody was faster; RefusedError; InputError, also where the
    actor may not see the record that is to answer: absent and withheld are one answer.
    """
    with desk.act() as act:
        old = say.current_on(desk, actor, record, base)
        if wish.by and not read.named(desk, desk.viewer(actor), [wish.by]):
            raise InputError("record_absent")
        field, _ = _named(old.value, wish.item)
        items = old.value.body[field.name]
        assert isinstance(items, list)
        body = {**old.value.body, field.name: settled(items, wish.item, wish.state, wish.by)}
        draft = say.Draft(
            kind=old.value.kind, body=body, label=old.value.label, tear=old.value.tear
        )
        say.revise_in(act, actor, old.value, draft)
