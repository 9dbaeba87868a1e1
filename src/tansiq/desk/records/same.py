"""One event in two records: what may tell of the same event, and saying that it does.

The page of a record asks here. Both records stay as they are; the link stands in a new edition of
an own record, on that side of the tear line on which the record keeps such links, which is below
it where nobody moved them: what a partner reads does not change by it.
"""

from typing import Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import finding, read, say
from tansiq.desk.records.read import Query, View
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import Kind
from tansiq.domain.near_names import kilometres
from tansiq.domain.parties import Actor, Viewer
from tansiq.domain.places import place_from_json, positions_of
from tansiq.domain.records import RecordView

FIELD: Final = "same_as"
SHOWN_MAX: Final = 8
_LOOKED_AT: Final = 200  # records of those hours; who means an older one types its reference
_ABOUT_MS: Final = 24 * 3_600_000
_NEAR_KM: Final = 25.0  # a place may have been coarsened before it came


def can_be_one(kind: Kind) -> bool:
    """Whether records of a kind may tell of one event."""
    return any(field.name == FIELD for field in kind.fields)


@reading_as
def alike(desk: Desk, viewer: Viewer, view: View) -> list[View]:
    """What may tell of the same event: of the same kind, within a day and, as far as the places are
    known, near it; the nearest in time first. One of the two is always an own record.
    """
    v = view.value
    query = Query(
        kinds=(v.kind,), owners=() if v.owner == desk.me else (desk.me,), limit=_LOOKED_AT,
        since=max(1, v.moment - _ABOUT_MS), until=v.moment + _ABOUT_MS,
    )  # fmt: skip
    linked = links_of(v)
    found = [
        one for one in read.page(desk, viewer, query).rows
        if one.value.record not in (v.record, *linked)
        and v.record not in links_of(one.value)
        and _is_near(v, one.value)
    ]  # fmt: skip
    return sorted(found, key=lambda one: abs(one.value.moment - v.moment))[:SHOWN_MAX]


def links_of(record: RecordView) -> list[str]:
    """The ids of the records that this one says are of the same event."""
    value = record.body.get(FIELD)
    return [str(one) for one in value] if isinstance(value, list) else []


def _is_near(one: RecordView, other: RecordView) -> bool:
    at, beside = _position(one), _position(other)
    return at is None or beside is None or kilometres(at, beside) <= _NEAR_KM


def _position(record: RecordView) -> tuple[int, int] | None:
    place = record.body.get("place")
    return next(iter(positions_of([place_from_json(place)])), None) if place else None


@reading_as
def meant(desk: Desk, viewer: Viewer, kind: str, typed: str) -> View:
    """The one record of a kind that a person named by its address or its reference. Raises
    InputError; one that may not be seen is as absent as one that is not there.
    """
    found = [one for one in finding.one_named(desk, viewer, typed) if one.value.kind == kind]
    if len(found) != 1:
        raise InputError("same_absent", field=FIELD, typed=typed.strip()[: finding.TYPED_MAX])
    return found[0]


def ours_first(desk: Desk, one: View, other: View) -> tuple[View, View]:
    """The record that would say it, which is ours, and the one that it would name; where both are
    ours, in the order given. Raises InputError where none is ours, and for one record twice.
    """
    ours, named = (one, other) if one.value.owner == desk.me else (other, one)
    if ours.value.owner != desk.me or ours.value.record == named.value.record:
        raise InputError("same_ours", field=FIELD)
    return ours, named


def link(desk: Desk, actor: Actor, one: View, other: View) -> None:
    """Say that two records tell of one event, in a new edition of the one that is ours. Said
    before, nothing is written. Raises as :func:`ours_first`, and RefusedError.
    """
    ours, named = ours_first(desk, one, other)
    with desk.act() as act:
        old = say.current(desk, actor, ours.value.record).value
        if named.value.record not in links_of(old):
            say.revise_in(act, actor, old, _with(old, [*links_of(old), named.value.record]))


def unlink(desk: Desk, actor: Actor, ours: str, named: str) -> None:
    """Say no longer that an own record tells of the same event as another. Raises InputError,
    RefusedError.
    """
    with desk.act() as act:
        old = say.current(desk, actor, ours).value
        if named in links_of(old):
            rest = [one for one in links_of(old) if one != named]
            say.revise_in(act, actor, old, _with(old, rest))


def _with(old: RecordView, links: list[str]) -> say.Draft:
    body = {**old.body, FIELD: links}
    return say.Draft(kind=old.kind, body=body, label=old.label, tear=old.tear)
