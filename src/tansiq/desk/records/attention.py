"""Attention: the tick that rings what is due, and who hears it, notes it, telephones, is on duty.

Pages, badges, alarms and handover read the same waits (``board.waits``) by the same rules
(``domain.attention``). A wait is told only to who may see the record that it is about; whom it asks
is chosen among those alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tansiq.board import attention as board
from tansiq.board import queries, rung, waits
from tansiq.board.visible_labels import VisibleLabels, visible_to
from tansiq.board.waits import Held
from tansiq.desk.act import timekeeping
from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.act.reading_as import reading_as
from tansiq.domain.attention import Past, Ring, Stand, Watch, next_look, rings, stand, unheard
from tansiq.domain.duty import Post, at_post
from tansiq.domain.errors import Granted, InputError, Refused
from tansiq.domain.escalation import Haste, Level, Rung, gaps, plan
from tansiq.domain.parties import WATCH, Actor, Viewer, viewer_at
from tansiq.domain.records import RecordView
from tansiq.policy import mandate
from tansiq.policy.release import open_for
from tansiq.policy.seal import Released, Sealed, seal

LOOKED_AT_ONCE: Final = 100  # waits of one entry of the journal
ROUNDS_MAX: Final = 10  # of one tick: a flood of thousands rings over some seconds
SHOWN_MAX: Final = 100
CALL_RESULTS: Final = ("reached", "no_answer", "busy", "wrong_number")


def tick(desk: Desk) -> int:
    """Journal what rings now, and tell the pages of those for whom; how many rings that were."""
    on, doubt = frozenset(_on(desk)), timekeeping.in_doubt(desk)
    state = (on, doubt, desk.clock.now())
    anew = _is_anew(desk.watched, state)
    if not anew and not board.to_look_at(desk.board, state[2], 1):
        desk.watched = state
        return 0  # nothing is written down where nothing is to be said
    rang = 0
    with desk.act() as act:
        if anew:
            board.look_at_all(desk.board)
        for _ in range(ROUNDS_MAX):
            found = board.to_look_at(desk.board, act.now, LOOKED_AT_ONCE)
            if not found:
                break
            watch = _watch(desk, found, on, act.now, doubt=doubt)
            before = rung.past_of(desk.board, found)
            due = rings((one.wait for one in found), before, watch, act.now)
            _ring(act, found, due)
            # Only what rang changes the past of a wait.
            _look_again(act, found, watch, rung.past_of(desk.board, found) if due else before)
            rang += len(due)
    desk.watched = state  # only once it is committed that all is looked at again
    return rang


def _is_anew(known: object, state: tuple[frozenset[str], bool, int]) -> bool:
    """Whether duty, doubt or the clock's course has changed, or the process is new: then all is
    looked at again.
    """
    return not isinstance(known, tuple) or known[:2] != state[:2] or state[2] < known[2]


def _ring(act: Act, found: Sequence[Held], due: Sequence[Ring]) -> None:
    if not due:
        return
    act.say(
        {
            "type": "rang", "at": act.now,
            "waits": [
                {
                    **rung.named(ring.wait), "bell": ring.bell.value, "level": ring.level.value,
                    "to": list(ring.to),
                }
                for ring in due
            ],
        }
    )  # fmt: skip
    held = {one.wait.id: one for one in found}
    # Whoever may see one of a label, embargo and expiry may see them all: one is told for them.
    told = {
        (one.label, one.embargo, one.expires, ring.to): one
        for ring in due
        for one in (held[ring.wait.id],)
    }
    for (_, _, _, positions), one in told.items():
        _told(act, one, positions)


def _look_again(act: Act, found: Sequence[Held], watch: Watch, before: Past) -> None:
    looks = []
    for one in found:
        moment = next_look(one.wait, before, watch, act.now)
        opens = one.embargo if one.embargo > act.now else None
        looks.append((min(filter(None, (moment, opens)), default=waits.NEVER), one.number))
    board.look_again(act.desk.board, looks)


def _told(act: Act, one: Held, positions: Iterable[str]) -> None:
    """Let the pages of these positions look again, where they may see what the wait is about."""
    if one.wait.why != waits.RECALLED:
        act.rings(_record(act.desk, one), None, positions)
        return
    owner, label = act.desk.board.labels()[one.label]
    act.rings(None, seal(one.wait.about, owner=owner, label=label), positions)


def _key(one: Held) -> str:
    """The key of the record that a wait is about."""
    return one.wait.about.partition("#")[0]


def _record(desk: Desk, one: Held) -> Sealed[RecordView] | None:
    return queries.found_each(desk.board, [_key(one)]).get(_key(one))


def _watch(
    desk: Desk, found: Sequence[Held], on: frozenset[str], now: int, *, doubt: bool
) -> Watch:
    sights = {
        item.code: visible_to(desk.board, viewer_at(desk.me, item))
        for item in desk.identity.positions
    }
    able = {one.wait.id: _able(desk, sights, one, now) for one in found}
    return Watch(
        positions=desk.identity.positions, on=on, able=lambda wait: able[wait.id], in_doubt=doubt
    )


def _able(desk: Desk, sights: dict[str, VisibleLabels], one: Held, now: int) -> frozenset[str]:
    """Who may see what a wait is about: of them the watch and whom it names, else all; where a life
    is in danger, all.
    """
    seeing = {code for code, sight in sights.items() if _sees(sight, one, now)}
    if one.wait.haste is Haste.SAFETY:
        return frozenset(seeing)
    seat = one.wait.seat
    named = {item.deputy for item in desk.identity.positions if item.code == seat} | {seat}
    asked = {
        item.code
        for item in desk.identity.positions
        if item.code in seeing and (item.role in WATCH or item.code in named)
    }
    return frozenset(asked or seeing)


def _sees(sight: VisibleLabels, one: Held, now: int) -> bool:
    if one.label in sight.own:
        return True
    in_time = one.embargo <= now and not 0 < one.expires <= now
    return one.label in sight.others and in_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One line of a call log: which position was telephoned, by which, when and with what
    result.
    """

    position: str
    by: str
    at: int
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits, as a viewer may know it. ``id`` names it in forms. ``view`` is the
    record that it is about, None where that was taken back. ``calls`` is its call log, oldest
    first.
    """

    id: str
    why: str
    about: str
    haste: Haste
    since: int
    due: int
    stand: Stand
    view: Released[RecordView] | None
    calls: tuple[Call, ...] = ()

    @property
    def begun(self) -> bool:
        """Whether it waits already: what is in stock is to be used soon, what lapses has lapsed,
        and what was decided is to be looked at again, once that time has come, and not before.
        """
        return self.why not in waits.LATER or bool(self.stand.reached) or self.stand.heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What sounds for a position: how many waits nobody has heard, no further than one past
    ``SHOWN_MAX``, and the most haste among them (None = nothing sounds).
    """

    number: int
    haste: Haste | None


@reading_as
def waiting(desk: Desk, viewer: Viewer, about: str = "") -> list[Waiting]:
    """What waits that the viewer may see, most haste first, at most ``SHOWN_MAX``; with ``about``
    only what waits about that record or lane.
    """
    demand(mandate.may_do(viewer.role, mandate.Act.READ))
    now = desk.clock.now()
    found = board.seen(desk.board, viewer, now, about=about, limit=SHOWN_MAX)
    return _shown(desk, viewer, found)


@reading_as
def late(desk: Desk, viewer: Viewer) -> list[Waiting]:
    """As :func:`waiting`, of what is past its due time."""
    demand(mandate.may_do(viewer.role, mandate.Act.READ))
    found = _shown(desk, viewer, board.late(desk.board, viewer, desk.clock.now(), SHOWN_MAX))
    return [one for one in found if one.begun]


@reading_as
def ringing(desk: Desk, viewer: Viewer, most: int) -> list[Waiting]:
    """What nobody has heard, at most ``most``: what rings for the position or is flash."""
    return _shown(desk, viewer, _unheard(desk, viewer, most)[:most])


@reading_as
def ringing_count(desk: Desk, viewer: Viewer, most: int) -> int:
    """How much that is, no further than one past ``most``."""
    return min(len(_unheard(desk, viewer, most + 1)), most + 1)


def _unheard(desk: Desk, viewer: Viewer, most: int) -> list[Held]:
    demand(mandate.may_do(viewer.role, mandate.Act.READ))
    asked = (desk.board, viewer, desk.clock.now(), most)
    found = {one.number: one for one in (*board.sounding(*asked), *board.hasty(*asked))}
    return sorted(found.values(), key=lambda one: one.wait.order)


@reading_as
def sounding(desk: Desk, viewer: Viewer) -> Alarm:
    """What sounds for the viewer's position and was heard by nobody."""
    demand(mandate.may_do(viewer.role, mandate.Act.READ))
    found = _sounding(desk, viewer)
    return Alarm(number=len(found), haste=found[0].wait.haste if found else None)


def _sounding(desk: Desk, viewer: Viewer) -> list[Held]:
    return board.sounding(desk.board, viewer, desk.clock.now(), SHOWN_MAX + 1)


def _shown(desk: Desk, viewer: Viewer, found: Sequence[Held]) -> list[Waiting]:
    now = desk.clock.now()
    with desk.database.engine():  # who is asked is worked out for all positions, as the node
        before, on = rung.past_of(desk.board, found), frozenset(_on(desk))
        watch = _watch(desk, found, on, now, doubt=timekeeping.held(desk))
        called = board.calls(desk.board, [one.number for one in found])
    about = queries.found_each(desk.board, (_key(one) for one in found if _has_record(one)))
    return [
        Waiting(
            id=one.wait.id, why=one.wait.why, about=one.wait.about, haste=one.wait.haste,
            since=one.wait.since, due=one.wait.due, stand=stand(one.wait, before, watch, now),
            view=_open(viewer, one, about.get(_key(one)), now),
            calls=_calls(called.get(one.number, ())),
        )
        for one in found
    ]  # fmt: skip


def _calls(kept: Iterable[tuple[str, str, int, str]]) -> tuple[Call, ...]:
    return tuple(
        Call(position=position, by=by, at=at, result=result) for position, by, at, result in kept
    )


@reading_as
def opened(desk: Desk, viewer: Viewer, one: Held, now: int) -> Released[RecordView] | None:
    """The record that a wait is about, as the viewer may see it."""
    return _open(viewer, one, _record(desk, one), now)


def _has_record(one: Held) -> bool:
    """Whether what it is about is a record that is here: not what was taken back."""
    return one.wait.why != waits.RECALLED


def _open(
    viewer: Viewer, one: Held, sealed: Sealed[RecordView] | None, now: int
) -> Released[RecordView] | None:
    return open_for(viewer, sealed, now) if sealed is not None and _has_record(one) else None


def _named(desk: Desk, viewer: Viewer, name: str) -> Held:
    """The wait of that name, if the viewer may know of it. Raises InputError."""
    found = board.named(desk.board, viewer, desk.clock.now(), name)
    if found is None:
        raise InputError("record_absent")
    return found


def hear(desk: Desk, actor: Actor, name: str = "") -> int:
    """Silence what sounds for the actor's position, or the one wait of that name, for everybody;
    how many waits that were. Who is not of the watch hears only what rings for the own position.
    Raises InputError, RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.READ))
    viewer = desk.viewer(actor)
    with desk.act() as act:
        found = [_named(desk, viewer, name)] if name else _sounding(desk, viewer)
        before = rung.past_of(desk.board, found)
        if actor.role not in WATCH:
            own = [actor.position in _who_rang(before, one) for one in found]
            demand(Granted("mandate") if all(own) else Refused("mandate"))
        heard = [
            {**rung.named(one.wait), "bell": item.bell.value}
            for one in found
            for item in unheard(one.wait, before)
        ]
        if heard:
            act.say({"type": "heard", "waits": heard, "by": actor.to_json(), "at": act.now})
            for one in found:
                _told(act, one, (item.code for item in desk.identity.positions))
        return len(found)


def _who_rang(before: Past, one: Held) -> frozenset[str]:
    return frozenset(
        code for (wait, _), codes in before.rung.items() if wait == one.wait.id for code in codes
    )


def note(desk: Desk, actor: Actor, name: str) -> None:
    """Note that a partner took something back: it waits no longer. Raises InputError,
    RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.RECALL))
    with desk.act() as act:
        one = _named(desk, desk.viewer(actor), name)
        if one.wait.why != waits.RECALLED:
            raise InputError("record_absent")
        act.say(
            {"type": "noted", "waits": [rung.named(one.wait)], "by": actor.to_json(),
             "at": act.now}
        )  # fmt: skip
        _told(act, one, (item.code for item in desk.identity.positions))


def on_duty(desk: Desk) -> dict[str, Post]:
    """How each position is staffed now: what pages show and what escalation asks."""
    said = board.said_of_duty(desk.board)
    now, zone = desk.clock.now(), desk.identity.zone
    return {
        item.code: at_post(said.get(item.code), item.hours, now, zone)
        for item in desk.identity.positions
    }


def unstaffed(desk: Desk) -> tuple[Level, ...]:
    """The levels of the watch at which nobody is on duty now: shown red before they are needed."""
    codes = [item.code for item in desk.identity.positions]
    found = gaps(plan("", desk.identity.positions, Haste.FLASH), _on(desk), codes)
    return tuple(level for level in found if level.rung is not Rung.TELEPHONE)


def _on(desk: Desk) -> list[str]:
    return [code for code, post in on_duty(desk).items() if post is Post.ON]


def say_duty(desk: Desk, actor: Actor, position: str, post: Post) -> None:
    """Say that a position is on duty, off duty or vacant: one's own, or as the watch any. Raises
    InputError, RefusedError.
    """
    desk.position(position)
    own = position == actor.position and post is not Post.VACANT
    demand(Granted("mandate") if own else mandate.may_do(actor.role, mandate.Act.SAY_DUTY))
    with desk.act() as act:
        act.say(
            {"type": "duty", "position": position, "post": post.value, "by": actor.to_json(),
             "at": act.now}
        )  # fmt: skip
        act.changed("duty")


def call(desk: Desk, actor: Actor, name: str, position: str, result: str) -> None:
    """Keep that a position was telephoned about a wait. Raises InputError, RefusedError."""
    demand(mandate.may_do(actor.role, mandate.Act.TELEPHONE))
    desk.position(position)
    if result not in CALL_RESULTS:
        raise InputError("choice_unknown", field="result")
    with desk.act() as act:
        one = _named(desk, desk.viewer(actor), name)
        act.say(
            {"type": "called", **rung.named(one.wait), "position": position, "result": result,
             "by": actor.to_json(), "at": act.now}
        )  # fmt: skip
