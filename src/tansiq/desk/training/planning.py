"""Making a catch-up plan: what a position asks for and may see becomes a problem, the answer of a
planner becomes a record. Nothing of a cohort changes here.

Only what was released for the viewer counts. A plan is as closed as all that went into it, and its
party's own: nothing of it goes to a partner. Cohorts of others are planned around; where a person
asks for it, dates are worked out for them too, which go to their owners once the plan is chosen
(``proposing``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.records import say
from tansiq.desk.training.problems import Asked, Gathered, Theirs, gathered
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.training.catch_up import CATCH_UP, SHIFTS, share_code
from tansiq.domain.labels import Label, join
from tansiq.domain.parties import Actor
from tansiq.domain.records import Body, RecordId
from tansiq.domain.training.checker import broken_rules
from tansiq.domain.training.counts import number
from tansiq.domain.training.greedy import greedy
from tansiq.domain.training.measures import measures_of
from tansiq.domain.training.problem import Placed, Plan, Problem, Spell
from tansiq.domain.training.reasons import Reason, reasons_of
from tansiq.domain.training.solving import Numbers
from tansiq.policy import mandate

SECONDS_MAX: Final = 20  # so long the solver thinks while a person waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A plan, which planner made it, and the bound on its weighted lateness where one is known."""

    plan: Plan
    planner: str
    bound: int | None = None


def plan(desk: Desk, actor: Actor, asked: Asked, text: str) -> RecordId:
    """Make a plan and keep it as proposed, under this name. While it is worked out nobody else has
    to wait. Raises InputError and RefusedError.
    """
    demand(mandate.may_write(actor.role, CATCH_UP))
    viewer = desk.viewer(actor)
    have = gathered(desk, viewer, asked)
    if not have.cohorts and not have.theirs:
        raise InputError("plan_empty", field="only")
    found = made(desk, have.problem)
    assert not broken_rules(have.problem, found.plan)
    assert not any(broken_rules(one.problem, one.plan) for one in have.theirs)
    body = _body(have, found, asked, text)
    closed = join(one.value.label for one in have.used)
    label = replace(Label(), classification=closed.classification, categories=closed.categories,
                    caveats=closed.caveats)  # fmt: skip
    with desk.act() as act:
        draft = say.Draft(kind=CATCH_UP.name, body=body, label=label)
        return say.write_in(act, actor, draft).record


def made(desk: Desk, problem: Problem) -> Found:
    """The solver's plan where the node has one that answers in time, else the plain one."""
    if desk.planner.there:
        numbers = Numbers(problem)
        solved = numbers.solved(desk.planner.solved(numbers.question(SECONDS_MAX)))
        if solved is not None:
            return Found(plan=solved.plan, planner="solver", bound=solved.bound)
    return Found(plan=greedy(problem), planner="plain")


def _body(have: Gathered, found: Found, asked: Asked, text: str) -> Body:
    measures = measures_of(have.problem, found.plan)
    body: Body = {
        "text": text, "from": asked.first.isoformat(), "weeks": asked.weeks, "rule": asked.rule,
        "shifts": SHIFTS[asked.shifts - 1], "planner": found.planner,
        "capacity": [_spell(one) for one in asked.capacity],
        "holidays": [
            {"holiday": one.name or "other", **_spell(one), "estimate": one.estimate}
            for one in asked.holidays
        ],
        "only": " ".join(asked.only), "stay": " ".join(asked.stay),
        "give_up": " ".join(asked.give_up), "merge": asked.merge, "others": asked.others,
        "results": list(_rows(have, found.plan)),
        "proposed": [row for one in have.theirs for row in _their_rows(one)],
        "late": measures.late,
        "weighted": measures.weighted,
    }  # fmt: skip
    if measures.last is not None:
        body["ends"] = measures.last.isoformat()
    if found.bound is not None:
        body["bound"] = max(0, found.bound)
    return body


def _spell(one: Spell) -> dict[str, object]:
    return {
        "from": one.first.isoformat(), "until": one.last.isoformat(),
        "share": share_code(one.factor),
    }  # fmt: skip


def _rows(have: Gathered, made_plan: Plan) -> Iterator[dict[str, object]]:
    """What the plan does with each own cohort, in the order of the codes."""
    why = reasons_of(have.problem, made_plan)
    for code, view in sorted(have.cohorts.items()):
        body = view.value.body
        if code in have.joined:
            row: Body = {"outcome": "joined", "merged_into": have.joined[code]}
        elif code not in why:
            row = {"outcome": "called_off"}
        else:
            row = _result(made_plan.row(code), why[code], body)
        yield {"code": code, **_before(body), **row}


def _their_rows(them: Theirs) -> Iterator[dict[str, object]]:
    """What is proposed to another owner for each of its cohorts."""
    why = reasons_of(them.problem, them.plan)
    for code, view in sorted(them.cohorts.items()):
        body = view.value.body
        row = _result(them.plan.row(code), why[code], body)
        yield {"owner": them.owner, "code": code, **_before(body), **row}


def _before(body: Body) -> Body:
    """The dates of a cohort before the plan."""
    names = (("was_first", "first_day"), ("was_last", "last_day"))
    return {name: body[was] for name, was in names if was in body}


def _result(put: Placed | None, reason: Reason, body: Body) -> Body:
    """What a plan does with a cohort that it puts or leaves, and why."""
    said: Body = {"held_up": reason.code, "gained": reason.days}
    if reason.held_by:
        said["held_by"] = " ".join(reason.held_by)
    if put is None:
        return {"outcome": "left", **said}
    first, last = put.first.isoformat(), put.last.isoformat()
    same = last == body.get("last_day") and (
        number(body, "days_done") or first == body.get("first_day")
    )
    found = {"outcome": "unchanged" if same else "moved", "first_day": first, "last_day": last}
    return {**found, **said, **({"room": put.room} if put.room else {})}
