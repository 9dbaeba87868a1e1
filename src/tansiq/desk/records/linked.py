"""Records that point at one another, and whose word a link is.

A link names an id, and anybody may name any. What must hold: a link that changes how a record is
shown (``Field.governs``: a correction, one event in two records) counts only from the owner of that
record, and leads only to a record of that owner. From everybody else it is a statement, shown under
that party's name.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from tansiq.board import partners, pointers, queries
from tansiq.board.board import key_of
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.domain.kinds import KINDS
from tansiq.domain.parties import PartyCode, Viewer
from tansiq.domain.records import RecordView
from tansiq.policy.release import open_all
from tansiq.policy.seal import Released

View = Released[RecordView]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a party that does not own a record says of it: its own record and the link in it."""

    view: View
    field: str


@functools.cache
def governing() -> tuple[str, ...]:
    """The links that change how the record is shown at which they point."""
    names = {field.name for kind in KINDS.values() for field in kind.fields if field.governs}
    return tuple(sorted(names))


@reading_as
def linked(desk: Desk, viewer: Viewer, identity: str, field: str) -> list[View]:
    """The records that point at ``identity`` through ``field``, whoever says so: answers,
    disputes. Each is shown as the statement of its owner.
    """
    return linked_each(desk, viewer, [identity], field)[identity]


@reading_as
def linked_each(
    desk: Desk, viewer: Viewer, identities: Sequence[str], field: str
) -> dict[str, list[View]]:
    """As :func:`linked`, of each of these: one question for a whole page."""
    assert field not in governing()
    found = {str(identity): list[View]() for identity in identities}
    for target, view in _sources(desk, viewer, list(found), field):
        found[target].append(view)
    return found


@reading_as
def by_owner(
    desk: Desk, viewer: Viewer, views: Sequence[View], field: str
) -> dict[tuple[PartyCode, str], list[View]]:
    """By owner and id of each of these records, those of the same owner that point at it through
    ``field``: what corrects it. One question for a whole page.
    """
    found = {(view.value.owner, str(view.value.record)): list[View]() for view in views}
    for target, source in _sources(desk, viewer, [record for _, record in found], field):
        found.get((source.value.owner, target), []).append(source)
    return found


@reading_as
def claims(desk: Desk, viewer: Viewer, view: View) -> list[Claim]:
    """What others say of a record by links that count from its owner alone, oldest first."""
    found = [
        Claim(view=source, field=field)
        for field in governing()
        for _, source in _sources(desk, viewer, [view.value.record], field)
        if source.value.owner != view.value.owner
    ]
    return sorted(found, key=lambda claim: claim.view.value.at)


def _sources(
    desk: Desk, viewer: Viewer, identities: Sequence[str], field: str
) -> list[tuple[str, View]]:
    now, found = desk.clock.now(), list[tuple[str, View]]()
    links = [
        (target, key_of(owner, source))
        for target, owner, source in pointers.sources_of(desk.board, identities, field)
    ]
    sealed = queries.found_each(desk.board, (key for _, key in links))
    for target, key in links:
        if key in sealed:
            found += ((target, view) for view in open_all(viewer, [sealed[key]], now))
    return found


@reading_as
def named(desk: Desk, viewer: Viewer, identities: list[str]) -> list[View]:
    """The records of these ids that the viewer may see, whoever owns them."""
    parties = [desk.me, *partners.codes(desk.board)]
    keys = [key_of(owner, identity) for identity in identities for owner in parties]
    sealed = queries.found_each(desk.board, keys)
    return open_all(viewer, (sealed[key] for key in keys if key in sealed), desk.clock.now())


@reading_as
def named_by_owner(desk: Desk, viewer: Viewer, view: View, field: str) -> list[View]:
    """The records that ``view`` names in ``field`` and that have the same owner: what it corrects,
    its files. One of another party under the same id is that party's affair.
    """
    return named_each(desk, viewer, [view], field)[view.value.owner, str(view.value.record)]


@reading_as
def named_each(
    desk: Desk, viewer: Viewer, views: Sequence[View], field: str
) -> dict[tuple[PartyCode, str], list[View]]:
    """As :func:`named_by_owner`, of each of these records by its owner and id: one question for a
    whole page.
    """
    keys = {
        (one.value.owner, str(one.value.record)): [
            key_of(one.value.owner, name) for name in _names(one.value.body.get(field))
        ]
        for one in views
    }
    sealed = queries.found_each(desk.board, (key for found in keys.values() for key in found))
    now = desk.clock.now()
    return {
        record: open_all(viewer, (sealed[key] for key in found if key in sealed), now)
        for record, found in keys.items()
    }


def _names(value: object) -> list[str]:
    """The ids that a link of one or of many names."""
    names = value if isinstance(value, list) else [value or ""]
    return [str(name) for name in names if name]
