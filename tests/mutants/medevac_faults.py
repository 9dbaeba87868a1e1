"""Faults of medical evacuation: who was asked learns of who is asked, or a crossing says too much
or reaches nobody.
"""

from tests.mutants.planting import Fault

DESKS = "tests.unit.test_medevac"
PAGES = "tests.web.test_medevac"

MEDEVAC_FAULTS = (
    Fault(
        name="two parties are asked for one evacuation",
        where="tansiq.desk.operations.medevac:offer_again",
        old='{**old.body, "seats": [str(_watch(party))]}',
        new='{**old.body, "seats": [*old.body["seats"], str(_watch(party))]}',
        killer=f"{DESKS}:test_who_is_silent_is_asked_no_more_and_nobody_is_asked_twice",
    ),
    Fault(
        name="an evacuation is offered to another party while one is on its way",
        where="tansiq.desk.operations.medevac:offer_again",
        old="<= _OFFERED_FROM",
        new="<= _OFFERED_FROM | _ON_THE_ROAD",
        killer=f"{DESKS}:test_who_declined_or_was_silent_never_learns_who_is_asked_next",
    ),
    Fault(
        name="a form asks another party for an evacuation",
        where="tansiq.desk.cases.changing:restate",
        old="_demand_settled(desk, old, draft)",
        new="_ = draft",
        killer=f"{DESKS}:test_no_form_asks_somebody_else",
    ),
    Fault(
        name="a crossing is told to nobody on the other side",
        where="tansiq.desk.operations.medevac:across",
        old="{line.owner, *named} - {me}",
        new="{line.owner} - {me}",
        killer=f"{DESKS}:test_a_crossing_is_told_by_rule_to_the_other_side_and_says_nothing_else",
    ),
    Fault(
        name="a line that is over is crossed",
        where="tansiq.desk.operations.medevac:_line",
        old="not _is_in_force(view.body, desk.clock.now())",
        new="view is None",
        killer=f"{DESKS}:test_who_fetches_tells_the_owner_of_a_line_that_it_holds",
    ),
    Fault(
        name="the precedence of an evacuation is that of who can wait",
        where="tansiq.domain.kinds.operations.medevac:kept",
        old="for name in PRECEDENCES if after",
        new="for name in reversed(PRECEDENCES) if after",
        killer=f"{DESKS}:"
        "test_the_second_part_comes_as_an_edition_and_the_deadline_follows_the_worst",
    ),
    Fault(
        name="the minutes of a centre are those of the program",
        where="tansiq.domain.operations.precedences:table",
        old="{**minutes(), **own}",
        new="{**own, **minutes()}",
        killer=f"{DESKS}:test_a_centre_counts_by_its_own_minutes",
    ),
    Fault(
        name="minutes count in a list of what is over",
        where="tansiq.web.shell.columns:_value",
        old="if record.state in listing_of(kind).running else None",
        new="if record.state else None",
        killer=f"{PAGES}:test_it_is_taken_offered_again_and_closed_on_pages",
    ),
)
