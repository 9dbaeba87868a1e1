"""The solver of catch-up plans: OR-Tools CP-SAT, an optional extra of a node.

The process that solves (``node.plan_worker``) asks; nobody else imports this. What comes in are the
numbers of ``domain.training.solving``: no name, no code, no date. The model has one choice for each
cohort, week and sort of rooms, so that its relaxation is strong and its bound says something.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from ortools.sat.python import cp_model

WORKERS: Final = 2
SEED: Final = 1
Choice: TypeAlias = tuple[int, int]  # the number of a start, and of a sort of rooms


@dataclass(kw_only=True)
class _Model:
    """The model while it is built: ``at`` holds the choices of each cohort."""

    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    at: list[dict[Choice, cp_model.IntVar]] = field(default_factory=list)
    rooms: dict[tuple[int, int], list[Any]] = field(default_factory=lambda: defaultdict(list))
    pools: dict[tuple[int, int], list[Any]] = field(default_factory=lambda: defaultdict(list))
    cost: list[Any] = field(default_factory=list)


def solved(content: bytes) -> bytes:
    """A plan for such a problem, and the bound that was proved."""
    asked = json.loads(content)
    made = _built(asked)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = float(asked["seconds"])
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = SEED
    # The relaxation is what proves how good a plan is; one worker does nothing else.
    solver.parameters.subsolvers.append("max_lp")
    status = solver.solve(made.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return b""
    chosen = [
        next((choice for choice, var in choices.items() if solver.boolean_value(var)), None)
        for choices in made.at
    ]
    return json.dumps({
        "chosen": chosen, "bound": int(solver.best_objective_bound),
        "optimal": status == cp_model.OPTIMAL,
    }).encode()  # fmt: skip


def _built(asked: dict[str, Any]) -> _Model:
    made = _Model()
    for one, hint in zip(asked["cohorts"], asked["hint"], strict=True):
        _choices(made, one, hint)
    for number, one in enumerate(asked["cohorts"]):
        for before in one["after"]:
            _in_order(made, asked, before, number)
    for (sort, week), users in made.rooms.items():
        made.model.add(sum(users) <= asked["free"][sort][week])
    for (pool, week), users in made.pools.items():
        made.model.add(sum(users) <= asked["pools"][pool][week])
    made.model.minimize(sum(made.cost))
    return made


def _choices(made: _Model, one: dict[str, Any], hint: list[int] | None) -> None:
    """One cohort: it begins once, in one sort of rooms, or is left."""
    choices: dict[Choice, cp_model.IntVar] = {}
    for number, (week, until, cost) in enumerate(one["starts"]):
        here = []
        for sort in one["sorts"]:
            var = made.model.new_bool_var("")
            choices[number, sort] = var
            here.append(var)
            made.model.add_hint(var, hint == [number, sort])
            made.cost.append(cost * var)
            for held in range(week, until + 1) if sort >= 0 else ():
                made.rooms[sort, held].append(var)
        if one["pool"] >= 0:
            for held in range(week, until + 1):
                made.pools[one["pool"], held] += [one["wants"] * var for var in here]
    left = made.model.new_bool_var("")
    made.model.add_hint(left, hint is None)
    made.model.add_exactly_one([*choices.values(), left])
    made.cost.append(one["left"] * left)
    made.at.append(choices)


def _in_order(made: _Model, asked: dict[str, Any], before: int, number: int) -> None:
    """Whoever began by a week, has all ended before it that it comes after."""
    ends = asked["cohorts"][before]["starts"]
    starts = asked["cohorts"][number]["starts"]
    for week in range(asked["weeks"]):
        begun = [var for (at, _), var in made.at[number].items() if starts[at][0] <= week]
        ended = [var for (at, _), var in made.at[before].items() if ends[at][1] < week]
        if begun:
            made.model.add(sum(begun) <= sum(ended))
