"""What an assessment rests on: records and lists that its author names, and how each record stands
for one reader.

A record that the reader may not see reads as one that is not there. That one was recalled is said
to whom could have read it, and to nobody else.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import finding, linked, say
from tansiq.desk.records.read import View
from tansiq.desk.records.tombstones import recalled_of
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.watch.assessment import (
    ASSESSMENT,
    LISTS,
    RESTS_ON,
    lists_of,
    records_of,
)
from tansiq.domain.parties import Actor, Viewer
from tansiq.domain.records import Body, RecordView


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A record on which an assessment rests: its id, and what a reader has of it (``views``, of
    several owners only where several have one of that id). Without any, it was ``recalled``, or is
    not there for this reader. It was ``changed`` where its newest edition is younger than the
    assessment, and ``corrected`` where its owner has put another in its place.
    """

    record: str
    views: tuple[View, ...]
    recalled: bool
    changed: bool
    corrected: bool


@reading_as
def basis(desk: Desk, viewer: Viewer, view: View) -> list[Rest]:
    """The records on which an assessment rests, as they stand now for a viewer."""
    named = records_of(view.value.body)
    found = linked.named(desk, viewer, named)
    after = linked.by_owner(desk, viewer, found, "corrects")
    gone = recalled_of(desk, viewer, named)
    rests = []
    for record in named:
        views = tuple(one for one in found if one.value.record == record)
        rests.append(Rest(
            record=record, views=views, recalled=not views and record in gone,
            changed=any(one.value.at > view.value.at for one in views),
            corrected=any(after[one.value.owner, record] for one in views),
        ))  # fmt: skip
    return rests


def rest_on(desk: Desk, actor: Actor, record: str, typed: str) -> None:
    """Let an own assessment rest on a record that somebody named by its reference or its address.
    Raises InputError for one that is not there, as for one that may not be seen, and RefusedError.
    """
    named = finding.one_named(desk, desk.viewer(actor), typed)
    if len(named) != 1 or named[0].value.record == record:
        raise InputError("basis_absent", field=RESTS_ON, typed=typed[:80])

    def added(body: Body) -> Body:
        links = [one for one in records_of(body) if one != body.get("about")]
        if len(links) >= BOUNDS.links_max:
            raise InputError("rows_many", field=RESTS_ON, limit=BOUNDS.links_max)
        known = named[0].value.record in records_of(body)
        return {} if known else {RESTS_ON: [*links, named[0].value.record]}

    _revise(desk, actor, record, added)


def rest_on_list(desk: Desk, actor: Actor, record: str, row: Body) -> None:
    """Let an own assessment rest on a list: its kind, what is asked of it, as of when. Raises
    InputError, RefusedError.
    """
    _revise(desk, actor, record, lambda body: {LISTS: [*lists_of(body), row]})


def rest_no_longer(desk: Desk, actor: Actor, record: str, named: str) -> None:
    """Let an own assessment rest no longer on a record, by its id, or on a list, by its place.
    Raises InputError, RefusedError.
    """

    def without(body: Body) -> Body:
        links, rows = body.get(RESTS_ON), lists_of(body)
        if named.isdecimal():
            rest = [row for n, row in enumerate(rows) if n != int(named)]
            return {LISTS: rest} if rest != rows else {}
        if not isinstance(links, list) or named not in links:
            return {}
        return {RESTS_ON: [one for one in links if one != named]}

    _revise(desk, actor, record, without)


def _revise(desk: Desk, actor: Actor, record: str, change: Callable[[Body], Body]) -> None:
    """Write a new edition with a change; nothing where it changes nothing."""
    with desk.act() as act:
        old: RecordView = say.current(desk, actor, record).value
        if old.kind != ASSESSMENT.name:
            raise InputError("record_absent")
        changed = change(old.body)
        if changed:
            body = {**old.body, **changed}
            draft = say.Draft(kind=old.kind, body=body, label=old.label, tear=old.tear)
            say.revise_in(act, actor, old, draft)
