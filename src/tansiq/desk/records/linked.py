"""Records that point at one another, and whose word a link is.

A link names an id, and anybody may name any. What must hold: a link that changes how a record is
shown (``Field.governs``: a correction, one event in two records) counts only from the owner of that
record, and leads only to a record of that owner. From everybody else it is a statement, shown under
that party's name.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from tansiq.board import partners, queries
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
    for target, owner, source in queries.sources_of(desk.board, identities, field):
        sealed = queries.found(desk.board, owner, source)
        found += ((target, view) for view in open_all(viewer, [sealed] if sealed else [], now))
    return found


@reading_as
def named(desk: Desk, viewer: Viewer, identities: list[str]) -> list[View]:
    """The records of these ids that the viewer may see, whoever owns them."""
    parties = [desk.me, *partners.codes(desk.board)]
    return _named(desk, viewer, identities, parties)


@reading_as
def named_by_owner(desk: Desk, viewer: Viewer, view: View, field: str) -> list[View]:
    """The records that ``view`` names in ``field`` and that have the same owner: what it corrects,
    its files. One of another party under the same id is that party's affair.
    """
    value = view.value.body.get(field)
    names = [str(item) for item in value] if isinstance(value, list) else [str(value or "")]
    return _named(desk, viewer, [name for name in names if name], [view.value.owner])


def _named(
    desk: Desk, viewer: Viewer, identities: Sequence[str], parties: Sequence[str]
) -> list[View]:
    now, found = desk.clock.now(), list[View]()
    for identity in identities:
        for owner in queries.owners_of(desk.board, identity, parties):
            sealed = queries.found(desk.board, owner, identity)
            found += open_all(viewer, [sealed] if sealed else [], now)
    return found
