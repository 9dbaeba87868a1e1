"""Protected sites: verified by their owner, notified to the parties that hold them, confirmed
there; and found by their name when one is in danger.

The pages of ``/sites`` and the form of a safety message ask here. To be notified is no permission,
and a confirmation approves nothing. Nobody is told what lies near what.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tansiq.board import cases
from tansiq.board.board import key_of
from tansiq.desk.act.desk import Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import rounds, taking
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query, View
from tansiq.domain.cases import Round
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.operations.protected_site import (
    CONFIRM,
    LASTING_DAYS,
    LISTED,
    NOTIFIED,
    NOTIFY,
    PROTECTED_SITE,
    VERIFIED,
)
from tansiq.domain.operations.confirming import Confirmed, confirmed, is_due, placed_of
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.places import Grain, Place, place_from_json
from tansiq.domain.records import Body, RecordId, RecordView
from tansiq.domain.search import normalise
from tansiq.policy.release import reread
from tansiq.policy.seal import Released

NAMED_MAX: Final = 3
_LOOKED_AT: Final = 50  # sites with such words; the name of more of them is no name
_NAME_LEAST: Final = 3  # letters before a name is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known here of one party and a site: when it was sent and came there (ms, 0 = not
    known here, or not any more), and what it confirmed; None where it was not asked.
    """

    party: PartyCode
    confirmed: Confirmed | None
    sent: int = 0
    came: int = 0

    @property
    def has_it(self) -> bool:
        """Whether it has confirmed the place as it stands."""
        return self.confirmed is not None and self.confirmed.has_it


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a site stands for a viewer: whom it was told, by party, whether it is ``due`` to be
    looked at again, and the ``unasked``: parties that hold it and have not confirmed the place as
    it stands, which its owner may ask.
    """

    told: tuple[Told, ...]
    due: bool
    unasked: tuple[PartyCode, ...] = ()


def verify(
    desk: Desk, actor: Actor, record: str, base: str, *, verified: str, how: str, until: str
) -> None:
    """Say that an own site was verified on a day and how, and until when that stands (days as
    YYYY-MM-DD, "" = today, and 90 days after). Raises InputError, RefusedError.
    """
    with desk.act() as act:
        old = say.current_on(desk, actor, record, base).value
        _demand_site(old)
        today = say.day_of(desk).isoformat()
        day = verified or today
        PROTECTED_SITE.check({"verified": day}, whole=False)
        if day > today:
            raise InputError("site_ahead", field="verified")
        last = dt.date.fromisoformat(day) + dt.timedelta(days=LASTING_DAYS)
        said: Body = {
            "verified": day, "until": until or last.isoformat(),
            "placed": old.body.get("placed") or act.now,
        }  # fmt: skip
        name = "verify_site_again" if old.state == NOTIFIED else "verify_site"
        say.step_in(act, actor, old, name, said=said | ({"verified_how": how} if how else {}))


def notify(
    desk: Desk, actor: Actor, record: str, *, seats: Sequence[str], seen: Sequence[str]
) -> None:
    """Ask positions (PARTY/position) of parties that hold an own site to confirm that they have it.
    Raises InputError where it is not verified, is due, or moved since ``seen``; RefusedError.
    """
    with desk.act() as act:
        view = say.current(desk, actor, record).value
        _demand_site(view)
        if view.state not in (VERIFIED, NOTIFIED):
            raise InputError("site_unverified")
        if is_due(view, say.day_of(desk)):
            raise InputError("site_due")
        if view.state == VERIFIED:
            say.step_in(act, actor, view, NOTIFY)
        wanted = Wanted(
            owner=view.owner, record=view.record, lane="", act=NOTIFY, seen=seen,
            values={"seats": tuple(seats), "placed": int(str(view.body["placed"]))},
        )  # fmt: skip
        rounds.take_in(act, actor, wanted, made=True)


def confirm(
    desk: Desk, actor: Actor, owner: str, record: str, *, has: bool, seen: Sequence[str]
) -> None:
    """Confirm that our party has a partner's site in hand: information only, nothing is approved.
    Raises InputError where nobody says that it ``has`` it, or where the circle moved since
    ``seen``; RefusedError where this position is not asked.
    """
    if not has:
        raise InputError("site_not_noted", field="has")
    with desk.act() as act:
        view = taking.view_of(desk, actor, owner, record)
        _demand_site(view)
        root = read.record(desk, desk.viewer(actor), owner, record)
        rounds.answer_in(act, actor, root, CONFIRM, seen=seen)


def _demand_site(view: RecordView) -> None:
    if view.kind != PROTECTED_SITE.name:
        raise InputError("record_absent")


@reading_as
def standing(desk: Desk, viewer: Viewer, root: View) -> Released[Standing]:
    """How a site that was released for this viewer stands. Its owner reads to whom it was sent;
    a member reads whom the rounds name, and nobody else.
    """
    view = root.value
    circle = rounds.circle_of(desk, viewer, root)
    found = {one.party: one for one in _confirmed(view, circle.value.rounds if circle else ())}
    due = is_due(view, say.day_of(desk))
    if view.owner != desk.me:
        told = tuple(Told(party=party, confirmed=one) for party, one in found.items())
        return reread(root, Standing(told=told, due=due))
    sent = {one.party: one for one in read.releases_of(desk, viewer, view.record)}
    holding = cases.holders(desk.board, key_of(view.owner, view.record), desk.clock.now())
    told = tuple(
        Told(
            party=party, confirmed=found.get(party),
            sent=sent[party].released_at if party in sent and party in holding else 0,
            came=sent[party].delivered_at if party in sent and party in holding else 0,
        )
        for party in sorted(found.keys() | set(holding))
    )  # fmt: skip
    unasked = tuple(one.party for one in told if one.party in holding and not one.has_it)
    return reread(root, Standing(told=told, due=due, unasked=unasked))


@reading_as
def confirmed_of_each(
    desk: Desk, viewer: Viewer, roots: Sequence[View], as_of: int = 0
) -> dict[tuple[PartyCode, RecordId], tuple[Confirmed, ...]]:
    """Who was asked and has confirmed, of each of these sites, asked together: as of a moment (ms),
    or now.
    """
    stood = rounds.standings(desk, viewer, roots, as_of)
    return {
        (one.value.owner, one.value.record): _confirmed(
            one.value, stood[one.value.owner, one.value.record].rounds
        )
        for one in roots
        if (one.value.owner, one.value.record) in stood
    }


def _confirmed(view: RecordView, found: Sequence[Round]) -> tuple[Confirmed, ...]:
    return confirmed(found, placed_of(view, found))


@reading_as
def named(desk: Desk, viewer: Viewer, typed: str) -> list[View]:
    """The sites that the viewer may see of whose name somebody typed words, at most ``NAMED_MAX``,
    those of just that name first. A place is no name: nobody asks here what lies in a town.
    """
    said = normalise(typed)
    if len(said) < _NAME_LEAST:
        return []
    query = Query(kinds=(PROTECTED_SITE.name,), states=LISTED, words=typed, limit=_LOOKED_AT)
    found = []
    for one in read.page(desk, viewer, query).rows:
        name = normalise(str(one.value.body.get("text", "")))
        if all(word in name for word in said.split()):
            found.append((name != said, one))
    found.sort(key=lambda one: one[0])
    return [one for _, one in found[:NAMED_MAX]]


@reading_as
def site_of(desk: Desk, viewer: Viewer, owner: str, record: str) -> View:
    """A site by its owner and id, as the viewer may see it. Raises InputError for anything else."""
    view = read.record(desk, viewer, owner, record)
    _demand_site(view.value)
    return view


def place_in_danger(view: RecordView) -> Place:
    """The place that a safety message about a site says: called as the site is, so that it can be
    read back by that name. One that is told coarsely stays as coarse, and says no name.
    """
    place = place_from_json(view.body["place"]) if "place" in view.body else Place()
    name = str(view.body.get("text", ""))
    return replace(place, name=name, key="") if place.grain is Grain.EXACT and name else place
