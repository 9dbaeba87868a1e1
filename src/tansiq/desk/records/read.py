"""What is read: every answer is released for a viewer, every count counts what
that viewer may see.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from tansiq.board import approvals, arrivals, partners, queries
from tansiq.board import holdings as rows
from tansiq.board.board import key_of
from tansiq.board.holdings import Found
from tansiq.board.queries import Query
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records.answers import Answer, answers_of
from tansiq.desk.records.linked import linked, linked_each, named
from tansiq.desk.records.tombstones import Tombstone, tombstones
from tansiq.desk.release import receipts, releasing
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.kinds.kind import Transition
from tansiq.domain.parties import Actor, PartyCode, Role, Viewer
from tansiq.domain.records import RecordView
from tansiq.log.canonical import base64_bytes
from tansiq.policy import mandate
from tansiq.policy.following import receipt_moment
from tansiq.policy.release import open_all, open_for, reread
from tansiq.policy.seal import Released, Sealed

View = Released[RecordView]
Key = tuple[int, str]  # moment and record: where a list goes on
Said = tuple[RecordView, int]  # a record about another, and when it came here (ms)

__all__ = ["Query", "Tombstone", "linked", "named", "tombstones"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a list. ``total`` counts the whole list, or with ``more`` so many and more;
    ``after`` continues it, None at the end.
    """

    rows: tuple[View, ...]
    total: int
    more: bool
    after: Key | None


@reading_as
def page(desk: Desk, viewer: Viewer, query: Query) -> Page:
    """A page of records, newest first."""
    now = desk.clock.now()
    keyed, found = queries.paged(desk.board, viewer, query, now, BOUNDS.counted_max)
    rows = open_all(viewer, (view for _, view in keyed), now)
    number, more = _total(query, found)
    return Page(
        rows=tuple(rows), total=number, more=more, after=continued(keyed, query.limit)
    )  # fmt: skip


def continued(keyed: list[tuple[tuple[int, str], Sealed[RecordView]]], limit: int) -> Key | None:
    """Where a list goes on; None at its end."""
    return keyed[-1][0] if keyed and len(keyed) == limit else None


@reading_as
def count(desk: Desk, viewer: Viewer, query: Query, most: int = 0) -> int:
    """How many records the viewer may see; with ``most``, no further than one past it."""
    return queries.counted(desk.board, viewer, query, desk.clock.now(), most)


@reading_as
def total(desk: Desk, viewer: Viewer, query: Query) -> tuple[int, bool]:
    """How many records the viewer may see, and whether there are more than that."""
    return _total(query, count(desk, viewer, query, BOUNDS.counted_max))


def _total(query: Query, found: int) -> tuple[int, bool]:
    """What is told of a count that stopped one past the bound."""
    most = BOUNDS.counted_max
    more = query.narrow and found > most
    return (most if more else found), more


@reading_as
def record(desk: Desk, viewer: Viewer, owner: str, identity: str) -> View:
    """One record as it stands. Raises InputError: absent and withheld are one answer."""
    sealed = queries.found(desk.board, PartyCode(owner), identity)
    opened = open_for(viewer, sealed, desk.clock.now()) if sealed is not None else None
    if opened is None:
        raise InputError("record_absent")
    return opened


@reading_as
def seen(desk: Desk, viewer: Viewer, keys: Sequence[tuple[str, str]]) -> list[View]:
    """Of these records, by owner and id, those that the viewer may see."""
    named = [key_of(PartyCode(owner), record) for owner, record in keys]
    sealed = queries.found_each(desk.board, named)
    return open_all(viewer, (sealed[key] for key in named if key in sealed), desk.clock.now())


@reading_as
def history(desk: Desk, viewer: Viewer, owner: str, identity: str) -> list[View]:
    """The editions of a record that the viewer may see, oldest first, numbered as one sees them."""
    sealed = queries.editions(desk.board, PartyCode(owner), identity)
    opened = open_all(viewer, sealed, desk.clock.now())
    return [reread(v, replace(v.value, ordinal=n)) for n, v in enumerate(opened, start=1)]


@reading_as
def attachment(desk: Desk, viewer: Viewer, owner: str, identity: str) -> tuple[View, bytes]:
    """An attachment's record and bytes. Raises InputError where it is absent,
    withheld, or damaged.
    """
    view = record(desk, viewer, owner, identity)
    if view.value.kind != "attachment":
        raise InputError("record_absent")
    parts = releasing.chunks(desk, PartyCode(owner), identity)
    data = b"".join(base64_bytes(part, "chunk_damaged") for part in parts)
    if view.value.received is not None and len(data) < cast("int", view.value.body.get("bytes", 0)):
        raise InputError("attachment_under_way")
    if hashlib.sha256(data).hexdigest() != view.value.body.get("digest"):
        raise InputError("attachment_damaged")
    return view, data


def steps(actor: Actor, view: View) -> tuple[Transition, ...]:
    """The steps that this position may take from here on the record's page; none for a partner's
    record.
    """
    if view.value.received is not None:
        return ()
    kind = kind_named(view.value.kind)
    return tuple(
        move
        for move in kind.steps_from(view.value.state)
        if not move.within and mandate.may_step(actor.role, move, view.value.state)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """That a person approved a release, and when, in milliseconds."""

    by: dict[str, str]
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseState:
    """One release of an own record, as "who holds what" shows it. Times in milliseconds, 0 = not
    yet. ``read_by`` opened it; of what was erased the partner states who had opened it and whom it
    had been ``purged_shown_to``, or only whether it was ``purged_shown``. ``held`` says why the
    partner holds it and cannot show it, empty where it can. ``files`` are those that it names.
    """

    release: str
    record: View
    party: PartyCode
    rule: str
    edition: int
    state: str
    automatic: bool
    prepared_by: dict[str, str]
    prepared_at: int
    approvals: tuple[Approval, ...]
    approvers: int
    due: int
    released_at: int
    delivered_at: int
    held: str
    held_at: int
    read_at: int
    read_by: tuple[str, ...]
    answers: tuple[Answer, ...]
    recalled_at: int
    recall_reason: str
    recall_delivered_at: int
    purged_at: int
    purged_read_by: tuple[str, ...]
    purged_shown: bool
    purged_shown_to: tuple[str, ...]
    expires: int
    files: tuple[View, ...]

    @property
    def decided_by(self) -> frozenset[str]:
        """The persons who prepared and approved it; nobody where a rule released it."""
        by = [self.prepared_by, *(one.by for one in self.approvals)]
        return frozenset(one["person"] for one in by if "person" in one)

    @property
    def answered_at(self) -> int:
        """When its holder last said something about it (ms), 0 = never."""
        return max((answer.at for answer in self.answers), default=0)

    @property
    def gone(self) -> bool:
        """Whether the partner was asked to give it up, or was to keep it until now only."""
        return self.recalled_at > 0 or self.state in ("expired", "declined")

    @property
    def outdated(self) -> bool:
        """Whether the record has a newer edition than the one that this release carried."""
        held = self.released_at > 0 and not self.gone and self.state != "superseded"
        return held and self.edition < self.record.value.ordinal


@reading_as
def releases_of(desk: Desk, viewer: Viewer, identity: str) -> list[ReleaseState]:
    """The releases of one own record, oldest first."""
    now, key = desk.clock.now(), key_of(desk.me, identity)
    return _releases(desk, viewer, rows.of_record(desk.board, viewer, now, key))


@reading_as
def awaiting(
    desk: Desk, viewer: Viewer, wanted: approvals.Wanted = approvals.EVERY
) -> list[ReleaseState]:
    """Prepared releases that wait for a second person, oldest first."""
    found = approvals.awaiting(desk.board, viewer, desk.clock.now(), wanted)
    return _releases(desk, viewer, found)


@reading_as
def holdings(
    desk: Desk, viewer: Viewer, wanted: rows.Left = rows.ALL, *, after: str = "", limit: int = 100
) -> list[ReleaseState]:
    """Who holds what: the releases that left, newest first, going on after the release ``after``.

    One that the viewer may not see is one that is not there: the list begins at the top.
    """
    now = desk.clock.now()
    found = rows.left(desk.board, viewer, now, wanted, after=after, limit=limit)
    return _releases(desk, viewer, found)


def _releases(desk: Desk, viewer: Viewer, rows: Sequence[Found]) -> list[ReleaseState]:
    now = desk.clock.now()
    sealed = queries.found_each(desk.board, (str(row["record"]) for row in rows))
    opened = {key: open_for(viewer, one, now) for key, one in sealed.items()}
    found = [(row, view) for row in rows if (view := opened.get(str(row["record"]))) is not None]
    said = _said_of(desk, viewer, [view for _, view in found])
    return [_release(desk, viewer, row, view, said[str(view.value.record)]) for row, view in found]


def _said_of(desk: Desk, viewer: Viewer, views: Sequence[View]) -> dict[str, list[Said]]:
    """What partners said about each of these own records, by its id: the record that says it, and
    when that came here.
    """
    about = linked_each(desk, viewer, [str(view.value.record) for view in views], "about")
    theirs = {
        record: [v.value for v in found if v.value.received] for record, found in about.items()
    }
    releases = [str(value.received) for found in theirs.values() for value in found]
    came = arrivals.arrived_each(desk.board, releases) if releases else {}
    return {
        record: [(v, came[v.received].at) for v in found if v.received in came]
        for record, found in theirs.items()
    }


def _release(
    desk: Desk, viewer: Viewer, got: Found, view: View, said: Sequence[Said]
) -> ReleaseState:
    number = {
        name: int(value or 0)
        for name, value in got.items()
        if name.endswith(("_at", "due", "expires"))
    }
    party = PartyCode(str(got["party"]))
    state, answers = _state(desk, got, number, said)
    return ReleaseState(
        release=str(got["release"]), record=view, party=party, rule=str(got["rule"]),
        edition=int(str(got["edition"])), state=state, automatic=bool(got["automatic"]),
        prepared_by=json.loads(str(got["prepared_by"])),
        prepared_at=number["prepared_at"],
        approvals=tuple(
            Approval(by=one["by"], at=one["at"]) for one in json.loads(str(got["approvals"]))
        ),
        approvers=int(str(got["approvers"])),
        due=number["due"], released_at=number["released_at"],
        delivered_at=number["delivered_at"], held=str(got["held"]),
        held_at=number["held_at"], read_at=number["read_at"],
        read_by=tuple(str(got["read_by"]).split()), answers=answers,
        recalled_at=number["recalled_at"], recall_reason=str(got["recall_reason"]),
        recall_delivered_at=number["recall_delivered_at"], purged_at=number["purged_at"],
        purged_read_by=tuple(str(got["purged_read_by"]).split()),
        purged_shown=bool(got["purged_shown"]),
        purged_shown_to=tuple(str(got["purged_shown_to"]).split()), expires=number["expires"],
        files=tuple(_files(desk, viewer, str(got["files"]))),
    )  # fmt: skip


def _files(desk: Desk, viewer: Viewer, named: str) -> list[View]:
    """The files that a release names, whether or not the record names them still: it is the release
    that carries them there.
    """
    keys = [key_of(desk.me, one) for one in named.split()]
    sealed = queries.found_each(desk.board, keys, apart=True)
    return open_all(viewer, (sealed[key] for key in keys if key in sealed), desk.clock.now())


def _state(
    desk: Desk, got: Found, number: dict[str, int], said: Sequence[Said]
) -> tuple[str, tuple[Answer, ...]]:
    theirs = [(v, at) for v, at in said if v.owner == got["party"]]
    answers, kinds = answers_of(theirs, since=number["released_at"])
    ladder = (
        (number["declined_at"], "declined"),
        (number["purged_at"], "purged"),
        (number["recall_delivered_at"], "recall_received"),
        (number["recalled_at"], "recall_sent"),
        (number["superseded_at"], "superseded"),
        (got["feed_seq"] is None and got["approvers"] and not number["approved_at"], "prepared"),
        (got["feed_seq"] is None, "queued"),
        (number["expires"] and number["expires"] <= desk.clock.now(), "expired"),
        (got["held"], "held"),
        ("dispute" in kinds, "disputed"),
        ("rfi" in kinds, "questioned"),
        ("acknowledgement" in kinds, "acknowledged"),
        (number["read_at"], "read"),
        (number["delivered_at"], "delivered"),
    )
    return next((name for holds, name in ladder if holds), "sent"), answers


def mark_read(desk: Desk, actor: Actor, view: View) -> None:
    """Tell the owner that its release was read here: once a position where the agreement names
    positions, else once. An auditor's reading tells nothing: nobody acts on it.
    """
    value, release = view.value, view.value.received
    if release is None or not mandate.may_do(actor.role, mandate.Act.READ):
        return
    if actor.role is Role.AUDITOR or _unread_by(desk, release, actor.position) is None:
        return  # so that only what is new waits for a transaction
    with desk.act() as act:
        came = _unread_by(desk, release, actor.position)
        if came is None:
            return
        wire = {"rule": value.rule, "kind": value.kind, "body": value.body}
        exact = receipts.is_exact(desk.board, value.owner, wire, act.now)
        said = {
            "type": "read", "release": release, "record": value.record,
            "position": actor.position, "at": act.now,
        }  # fmt: skip
        told = {**said, "position": actor.position if exact else "",
                "at": receipt_moment(act.now, exact=exact)}  # fmt: skip
        seq = act.feed(value.owner, told) if exact or not came.read_at else None
        act.say({**said, "owner": value.owner, "seq": seq, "by": actor.to_json()})
        act.changed("inbox", queries.found(desk.board, value.owner, value.record))


def _unread_by(desk: Desk, release: str, position: str) -> arrivals.Arrived | None:
    """A partner's release that is here and that this position has not read."""
    came = arrivals.arrived(desk.board, release)
    unread = came is not None and not came.purged_at and position not in came.read_by
    return came if unread else None


@reading_as
def waiting_for(desk: Desk, viewer: Viewer, party: str) -> list[ReleaseState]:
    """What has been released to ``party`` and not yet been signed for: what waits for the link."""
    now, size = desk.clock.now(), partners.acknowledged(desk.board, party)
    return _releases(desk, viewer, rows.unsigned(desk.board, viewer, now, party, size))


@reading_as
def map_cells(
    desk: Desk, viewer: Viewer, query: Query, side: int
) -> list[tuple[int, int, int, int]]:
    """Counts per map cell: latitude, longitude (1e-7 degree), count, and the number of the worst
    value of the kind's first facet (0 = not said).
    """
    rows = queries.cells(desk.board, viewer, query, side, desk.clock.now())
    return [
        (round(float(str(lat))), round(float(str(lon))), cast("int", n), cast("int", worst or 0))
        for lat, lon, n, worst in rows
    ]


def partner_codes(desk: Desk) -> list[PartyCode]:
    """The parties that this node exchanges with."""
    return partners.codes(desk.board)
