"""Plans are solved in a process apart, and a node without the solver has plain ones."""

import json

from tansiq.domain.training.solving import Numbers
from tansiq.node import plan_process
from tansiq.node.plan_process import PlanProcess
from tests.planning import cohort, problem, room


def test_a_plan_is_solved_in_a_process_of_its_own():
    """The process gets numbers and answers with a plan that is the best there is."""
    asked = problem(cohort("A", 10), cohort("B", 5), rooms=(room("R1"),))
    process, numbers = PlanProcess(), Numbers(asked)
    assert process.there
    found = numbers.solved(process.solved(numbers.question(5)))
    assert found.optimal
    assert len(found.plan.rows) == 2


def test_what_cannot_be_solved_is_no_plan():
    """Nonsense, and more than may wait at once, are answered with nothing."""
    process = PlanProcess()
    assert process.solved(b"nonsense") is None
    assert process.solved(json.dumps({"cohorts": 1}).encode()) is None
    for _ in range(plan_process.WAITING_MAX):
        process._places.acquire(blocking=False)
    assert process.solved(b"{}") is None


def test_a_node_without_the_extra_says_so(monkeypatch):
    """Where the solver is not installed nobody asks it."""
    monkeypatch.setattr(plan_process, "find_spec", lambda name: None)
    assert not PlanProcess().there
