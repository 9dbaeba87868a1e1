"""How far a project is, what is verified, and its light with its causes: never typed in.

The portfolio and the page of a project ask here. It is a pure fold of what a reader may see: the
project's body and state, and its evidence with where each circle stands. Declared and verified are
two facts: a milestone is *declared* when its owner wrote the day on which it was done, and
*accepted* when the verifiers whom a round named have all accepted evidence for it and the owner has
concluded so. A project is *verified* when it is declared executed and each milestone is accepted.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from tansiq.domain.cases.circle import CircleStanding
from tansiq.domain.fields import rows_in
from tansiq.domain.kinds.reform.evidence import ACCEPTED
from tansiq.domain.kinds.reform.project import DECLARED, LIGHTS
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body

_WHOLE: Final = 100  # of a hundred
_SLIP: Final = (10, 25)  # of a hundred of the planned time: from there amber, from there red
_WAITS: Final = (14, 45)  # days that a milestone is due without evidence
_AHEAD: Final = (15, 30)  # by how many points spending is ahead of what was accepted
_OVER: Final = frozenset({*DECLARED, "cancelled"})


class Proof(Enum):
    """Where one item of evidence stands, the best first."""

    ACCEPTED = "accepted"
    REVIEWED = "reviewed"  # a round asks its verifiers
    GATHERED = "gathered"  # nobody was asked yet
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of evidence as a reader sees it: which milestones it proves, and where it stands;
    ``asked`` and ``accepted_by`` count the seats of the newest round.
    """

    record: str
    marks: tuple[str, ...]
    proof: Proof
    asked: int = 0
    accepted_by: int = 0
    since: int = 0


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
    milestone is not accepted.
    """

    milestones: tuple[Milestone, ...]
    declared: int
    accepted: int
    percent: int
    executed: bool
    verified: bool
    light: Light
    slip_days: int | None


def item_of(owner: PartyCode, record: str, body: Body, standing: CircleStanding) -> Item:
    """Where an item of evidence stands. It is accepted only where every seat of the newest round
    has accepted it, one of them another party's, and the owner has concluded so.
    """
    marks = tuple(str(row["mark"]) for row in rows_in(body, "proves") if row.get("mark"))
    newest = standing.newest
    if newest is None:
        return Item(record=record, marks=marks, proof=Proof.GATHERED)
    answers = [one.answer.act if one.answer else "" for one in newest.seats]
    others = any(one.seat.party != owner for one in newest.seats)
    agreed = others and all(answer == "accept_item" for answer in answers)
    concluded = newest.conclusion.values.get("finding") if newest.conclusion else None
    proof = Proof.REVIEWED
    if concluded == ACCEPTED and agreed:
        proof = Proof.ACCEPTED
    elif concluded is not None or "return_item" in answers:
        proof = Proof.RETURNED
    return Item(
        record=record, marks=marks, proof=proof, asked=len(answers),
        accepted_by=answers.count("accept_item"), since=newest.opened.at,
    )  # fmt: skip


def progress_of(
    body: Body, state: str, items: Sequence[Item], *, blocked_by: tuple[str, ...], today: str
) -> Progress:
    """How far a project is on ``today`` (YYYY-MM-DD). ``blocked_by`` are the codes of the projects
    that it waits for and that do not move.
    """
    milestones = tuple(_milestones(body, items))
    whole = sum(one.weight for one in milestones)
    gained = sum(one.weight for one in milestones if one.accepted)
    accepted = sum(one.accepted for one in milestones)
    executed = state in DECLARED
    percent = gained * _WHOLE // whole if whole else 0
    causes = tuple(
        one
        for one in (
            _evidence(milestones, today),
            *(() if state in _OVER else _open(body, state, _shown(milestones), blocked_by)),
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
        slip_days=_slip(body),
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


def days_between(earlier: str, later: str) -> int:
    """How many days lie between two days (YYYY-MM-DD), below 0 where the second is earlier."""
    return (dt.date.fromisoformat(later) - dt.date.fromisoformat(earlier)).days


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
