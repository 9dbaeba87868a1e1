"""How far a project is, what is verified, and its light with its causes: never typed in.

The portfolio and the page of a project ask here. It is a pure fold of what a reader may see: the
project's body and state, and its evidence with where each circle stands. Declared and verified are
two facts: a milestone is *declared* when its owner wrote the day on which it was done, and
*accepted* when the verifiers whom a round named have all accepted evidence for it and the owner has
concluded so. A project is *verified* when it is declared executed and each milestone is accepted.
Where a second look at accepted evidence was agreed and is overdue, it stays verified, and its light
says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tansiq.domain.cases.circle import CircleStanding, Round
from tansiq.domain.days import day_of, days_between, shifted
from tansiq.domain.fields import rows_in
from tansiq.domain.kinds.reform.judging import (
    Proof,
    accepting,
    again_on,
    judged,
    looked_at,
    marks_in,
)
from tansiq.domain.kinds.reform.project import DECLARED, LIGHTS
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body

_WHOLE: Final = 100  # of a hundred
_SLIP: Final = (10, 25)  # of a hundred of the planned time: from there amber, from there red
_WAITS: Final = (14, 45)  # days that a milestone is due without evidence
_SOON: Final = 30  # days before a second look
_AHEAD: Final = (15, 30)  # by how many points spending is ahead of what was accepted
_OVER: Final = frozenset({*DECLARED, "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of evidence as a reader sees it: which milestones it proves, and where it stands;
    ``asked`` and ``accepted_by`` count the seats of the newest round, opened ``since`` a moment.
    A second look is due ``again``, or was made ``looked`` (days, "" = neither). ``asks_again`` says
    that a round asks about it while an earlier one stands.
    """

    record: str
    marks: tuple[str, ...]
    proof: Proof
    asked: int = 0
    accepted_by: int = 0
    since: int = 0
    again: str = ""
    looked: str = ""
    asks_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A milestone with what is declared and what is proved; days as YYYY-MM-DD, "" = not said."""

    mark: str
    named: str
    done_when: str
    wanted: str
    weight: int
    due: str
    done: str
    items: tuple[Item, ...]

    @property
    def accepted(self) -> bool:
        """Whether verifiers accepted evidence for it."""
        return any(item.proof is Proof.ACCEPTED for item in self.items)

    @property
    def proof(self) -> Proof | None:
        """The best that its evidence has come to; None where there is none."""
        found = [item.proof for item in self.items]
        return next((one for one in Proof if one in found), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a light is not green: which rule, how much of what it counts, and what it names."""

    code: str
    light: str
    count: int = 0
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """The light of a project: what was worked out, why, and what a person said instead."""

    worked_out: str
    causes: tuple[Cause, ...] = ()
    said: str = ""
    reason: str = ""

    @property
    def shown(self) -> str:
        """The one that is shown: what a person said, where that was said with a reason."""
        return self.said or self.worked_out

    @property
    def better(self) -> bool:
        """Whether a person made it better than what was worked out."""
        return bool(self.said) and LIGHTS.index(self.said) > LIGHTS.index(self.worked_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a project is. Weights are those of its milestones; ``percent`` never is 100 while a
    milestone is not accepted. ``due`` are the items of which a second look is due before long, and
    ``overdue`` those of which one is overdue.
    """

    milestones: tuple[Milestone, ...]
    declared: int
    accepted: int
    percent: int
    executed: bool
    verified: bool
    light: Light
    slip_days: int | None
    due: tuple[Item, ...] = ()
    overdue: tuple[Item, ...] = ()

    @property
    def again(self) -> str:
        """The first day on which a second look is due, "" = none is."""
        return min((one.again for one in (*self.overdue, *self.due)), default="")


def item_of(owner: PartyCode, record: str, body: Body, standing: CircleStanding) -> Item:
    """Where an item of evidence stands. It is accepted only where every seat of a round has
    accepted it, one of them another party's, and the owner has concluded so; while a later round
    asks anew it stays accepted, until somebody returns it.
    """
    marks, newest = marks_in(body), standing.newest
    if newest is None:
        return Item(record=record, marks=marks, proof=Proof.GATHERED)
    answers = [one.answer.act if one.answer else "" for one in newest.seats]
    rounds = accepting(owner, standing)
    again, looked = _looks(rounds)
    return Item(
        record=record, marks=marks, proof=Proof.ACCEPTED if rounds else judged(owner, newest),
        asked=len(answers), accepted_by=answers.count("accept_item"), since=newest.opened.at,
        again=again, looked=looked, asks_again=bool(rounds) and rounds[-1] is not newest,
    )  # fmt: skip


def _looks(rounds: Sequence[Round]) -> tuple[str, str]:
    """On which day a second look is due, and on which it was made ("" = neither), by the rounds
    that accepted.
    """
    due = again_on(rounds[-1]) if rounds else 0
    if due:
        return day_of(due), ""
    made = next(
        (
            looked_at(late)
            for early, late in pairwise(rounds)
            if again_on(early) and not again_on(late)
        ),
        None,
    )
    return "", day_of(made) if made is not None else ""


def progress_of(
    body: Body, state: str, items: Sequence[Item], *, blocked_by: tuple[str, ...], today: str,
    untrained: tuple[str, ...] = (),
) -> Progress:  # fmt: skip
    """How far a project is on ``today`` (YYYY-MM-DD). ``blocked_by`` are the codes of the projects
    that it waits for and that do not move, ``untrained`` the titles of the suspensions by which
    training stands still that it waits for.
    """
    milestones = tuple(_milestones(body, items))
    whole = sum(one.weight for one in milestones)
    gained = sum(one.weight for one in milestones if one.accepted)
    accepted = sum(one.accepted for one in milestones)
    executed = state in DECLARED
    percent = gained * _WHOLE // whole if whole else 0
    due, overdue = ((), ()) if state == "cancelled" else _ahead(milestones, today)
    causes = tuple(
        one
        for one in (
            _evidence(milestones, today),
            _overdue(overdue, today),
            *(() if state in _OVER else _open(body, state, _shown(milestones), blocked_by)),
            Cause(code="training_suspended", light="red", named=untrained)
            if untrained and state not in _OVER
            else None,
        )
        if one is not None and one.light != "green" and state != "cancelled"
    )
    worst = min((LIGHTS.index(one.light) for one in causes), default=len(LIGHTS) - 1)
    return Progress(
        milestones=milestones,
        declared=sum(bool(one.done) for one in milestones),
        accepted=accepted,
        percent=percent,
        executed=executed,
        verified=executed and bool(milestones) and accepted == len(milestones),
        light=Light(
            worked_out=LIGHTS[worst], causes=causes, said=str(body.get("light", "")),
            reason=str(body.get("light_reason", "")),
        ),
        slip_days=_slip(body), due=due, overdue=overdue,
    )  # fmt: skip


def _milestones(body: Body, items: Sequence[Item]) -> Iterable[Milestone]:
    for row in rows_in(body, "milestones"):
        mark, weight = str(row.get("mark", "")), row.get("weight")
        yield Milestone(
            mark=mark, named=str(row.get("named", "")), done_when=str(row.get("done_when", "")),
            wanted=str(row.get("proof", "")), weight=weight if isinstance(weight, int) else 0,
            due=str(row.get("due", "")), done=str(row.get("done", "")),
            items=tuple(item for item in items if mark and mark in item.marks),
        )  # fmt: skip


def _day(body: Body, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _slip(body: Body) -> int | None:
    """By how many days the forecast or the actual end lies behind the baseline; None = not said."""
    end, forecast = _day(body, "baseline_end"), _day(body, "forecast_end")
    return days_between(end, forecast) if end and forecast else None


def _graded(value: int, limits: tuple[int, int]) -> str:
    """The light of a value that may be as high as the first limit for green."""
    return "red" if value > limits[1] else "amber" if value > limits[0] else "green"


def _shown(milestones: Sequence[Milestone]) -> int:
    """The share of the weight, of a hundred, for which evidence is accepted or under review: what
    waits for its verifiers is not held against the owner.
    """
    whole = sum(one.weight for one in milestones)
    held = (Proof.ACCEPTED, Proof.REVIEWED)
    return sum(one.weight for one in milestones if one.proof in held) * _WHOLE // (whole or 1)


def _open(
    body: Body, state: str, percent: int, blocked_by: tuple[str, ...]
) -> Iterable[Cause | None]:
    """What the rules say of a project that is not over."""
    yield _time(body)
    yield _money(body, percent)
    yield from _risks(body)
    if state == "suspended":
        yield Cause(code="suspended", light="red")
    if state == "on_hold":
        yield Cause(code="on_hold", light="amber")
    if blocked_by:
        yield Cause(code="blocked", light="amber", named=blocked_by)


def _time(body: Body) -> Cause | None:
    start, end = _day(body, "start"), _day(body, "baseline_end")
    slip = _slip(body)
    if not start or not end or slip is None:
        return None
    planned = max(1, days_between(start, end))
    return Cause(code="late", light=_graded(slip * _WHOLE // planned, _SLIP), count=slip)


def _evidence(milestones: Sequence[Milestone], today: str) -> Cause | None:
    """The milestone that has been due longest and for which nothing is accepted or under review."""
    lacking = [
        (days_between(one.due, today), one.mark)
        for one in milestones
        if one.due and one.proof not in (Proof.ACCEPTED, Proof.REVIEWED)
    ]
    if not lacking:
        return None
    days, mark = max(lacking)
    return Cause(code="no_evidence", light=_graded(days, _WAITS), count=days, named=(mark,))


def _ahead(milestones: Sequence[Milestone], today: str) -> tuple[tuple[Item, ...], ...]:
    """The items of which a second look is due before long, and those of which one is overdue."""
    items = {item.record: item for one in milestones for item in one.items if item.again}
    soon = shifted(today, _SOON)
    due = tuple(item for item in items.values() if today <= item.again <= soon)
    return due, tuple(item for item in items.values() if item.again < today)


def _overdue(overdue: Sequence[Item], today: str) -> Cause | None:
    """The second look that is overdue longest, by what it is to look at."""
    if not overdue:
        return None
    first = min(overdue, key=lambda one: one.again)
    late = days_between(first.again, today)
    return Cause(code="second_look", light="amber", count=late, named=first.marks)


def sums_of(bodies: Iterable[Body]) -> dict[str, tuple[int, int]]:
    """What is planned and what is spent in these projects together, by currency, in its smallest
    unit.
    """
    found: dict[str, tuple[int, int]] = {}
    for row in (row for body in bodies for row in rows_in(body, "budget")):
        for at, name in enumerate(("planned", "spent")):
            money = row.get(name)
            if isinstance(money, dict):
                before = list(found.get(money["currency"], (0, 0)))
                before[at] += int(money["minor"])
                found[money["currency"]] = (before[0], before[1])
    return dict(sorted(found.items()))


def _money(body: Body, percent: int) -> Cause | None:
    """The currency in which spending is furthest ahead of what was accepted."""
    sums = sums_of([body]).values()
    points = [spent * _WHOLE // planned - percent for planned, spent in sums if planned]
    if not points:
        return None
    return Cause(code="spent_ahead", light=_graded(max(points), _AHEAD), count=max(points))


def _risks(body: Body) -> Iterable[Cause]:
    high = tuple(
        str(row.get("named", "")) for row in rows_in(body, "risks") if row.get("level") == "high"
    )
    if high:
        yield Cause(code="high_risk", light="amber", count=len(high), named=high)
