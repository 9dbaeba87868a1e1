"""Faults in the reform programme: what is called accepted, verified or finished, and the test that
must see each.
"""

from tests.mutants.planting import Fault

PROGRESS = "tests.unit.test_progress"
ACCEPTED = f"{PROGRESS}:test_it_is_accepted_only_where_every_seat_and_the_owner_say_so"
FOLD = "tansiq.domain.kinds.reform.progress"
REFORM_FAULTS = (
    Fault(
        name="the owner's conclusion is enough to verify",
        where="tansiq.domain.kinds.reform.judging:judged",
        old="agreed = others and all(",
        new="agreed = others or all(",
        killer=ACCEPTED,
    ),
    Fault(
        name="the owner's own party verifies alone",
        where="tansiq.domain.kinds.reform.judging:judged",
        old="agreed = others and all(",
        new="agreed = all(",
        killer=ACCEPTED,
    ),
    Fault(
        name="what was declared is progress",
        where=f"{FOLD}:progress_of",
        old="gained = sum(one.weight for one in milestones if one.accepted)",
        new="gained = sum(one.weight for one in milestones if one.done)",
        killer=f"{PROGRESS}:test_declared_and_accepted_are_two_facts",
    ),
    Fault(
        name="a project is verified that nobody declared executed",
        where=f"{FOLD}:progress_of",
        old="verified=executed and bool(milestones)",
        new="verified=bool(milestones)",
        killer=f"{PROGRESS}:test_declared_and_accepted_are_two_facts",
    ),
    Fault(
        name="a reason of the change before stays",
        where="tansiq.desk.records.say:step_in",
        old="if name not in move.asks",
        new="if True",
        killer="tests.web.test_reform:"
        "test_a_change_of_state_asks_why_and_what_was_typed_stays",
    ),
    Fault(
        name="the portfolio of a past day shows what was concluded since",
        where="tansiq.desk.cases.rounds:standings",
        old="if not as_of or one.at <= as_of",
        new="if True",
        killer="tests.web.test_reform:test_as_of_a_past_day_is_what_was_known_then",
    ),
)  # fmt: skip
