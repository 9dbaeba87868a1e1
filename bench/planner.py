"""How good catch-up plans are: invented years of cohorts that a pandemic stopped, with rooms,
instructors, an order and holidays that all bind somewhere, planned by both planners.

``gap`` is how far the solver's plan can be from the best there is, by the bound that the solver
proved itself; ``hard_violations`` are what the independent checker finds in both plans;
``ratio_vs_greedy`` is the weighted lateness of the solver's plan as a share of the plain one's. Of
each the worst of the seeds. The solver runs as a node runs it, in a process apart with bounds.
"""

import sys
import time
from typing import Final

from bench.command import options_of, tell
from tansiq.domain.training.checker import broken_rules
from tansiq.domain.training.greedy import greedy
from tansiq.domain.training.measures import measures_of
from tansiq.domain.training.problem import Problem
from tansiq.domain.training.reasons import reasons_of
from tansiq.domain.training.solving import Numbers
from tansiq.node.plan_process import PlanProcess
from tests.planning import drawn

GAP_MAX: Final = 0.05


def measured(problem: Problem, seconds: float) -> dict[str, float | int]:
    """Both plans of one problem, and how they compare."""
    begun = time.perf_counter()
    plain = greedy(problem)
    plainly = time.perf_counter() - begun
    numbers = Numbers(problem)
    begun = time.perf_counter()
    found = numbers.solved(PlanProcess().solved(numbers.question(seconds)))
    solving = time.perf_counter() - begun
    if found is None:
        raise SystemExit("the solver gave no plan: is the extra installed, was there memory?")
    begun = time.perf_counter()
    reasons_of(problem, found.plan)
    reasoning = time.perf_counter() - begun
    value, worse = (measures_of(problem, plan) for plan in (found.plan, plain))
    broken = (*broken_rules(problem, found.plan), *broken_rules(problem, plain))
    return {
        "gap": 1 - found.bound / value.weighted if value.weighted else 0.0,
        "hard_violations": len(broken),
        "ratio_vs_greedy": value.weighted / worse.weighted if worse.weighted else 1.0,
        "weighted_days": value.weighted, "left": value.left, "left_by_greedy": worse.left,
        "solver_s": solving, "greedy_s": plainly, "reasons_s": reasoning,
    }  # fmt: skip


def main() -> int:
    """Measure, and say whether the goals are met."""
    parser = options_of(__doc__)
    parser.add_argument("--cohorts", type=int, default=200)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seeds", type=int, default=3)
    chosen = parser.parse_args()
    runs = [
        measured(drawn(seed, chosen.cohorts, chosen.weeks), chosen.seconds)
        for seed in range(chosen.seeds)
    ]
    figures = {name: round(max(run[name] for run in runs), 4) for name in runs[0]}
    tell({"cohorts": chosen.cohorts, "weeks": chosen.weeks, **figures}, chosen)
    met = (
        figures["gap"] <= GAP_MAX
        and not figures["hard_violations"]
        and figures["ratio_vs_greedy"] < 1
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
