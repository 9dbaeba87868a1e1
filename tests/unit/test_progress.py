"""How far a reform project is: worked out from what was declared and accepted, never typed in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.cases import StepId, circle_stands
from tansiq.domain.cases.step import Seat, Step
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.kinds.reform.evidence import CASE
from tansiq.domain.kinds.reform.judging import Proof
from tansiq.domain.kinds.reform.progress import Item, item_of, progress_of
from tansiq.domain.kinds.reform.project import needed_codes

TODAY = "2020-12-20"
ROUND = "00000000-0000-4000-8000-000000000001"
SEATS = ("COA/adviser-gb", "COA/adviser-us", "MPA/liaison-officer")


def body(**more):
    milestones = [
        {"mark": "M1", "weight": 1, "due": "2020-06-30", "done": "2020-06-01"},
        {"mark": "M2", "weight": 3, "due": "2020-12-10"},
    ]
    return {
        "code": "LOG-04", "milestones": milestones, "start": "2020-01-01",
        "baseline_end": "2020-12-31", "forecast_end": "2020-12-31", **more,
    }  # fmt: skip


def item(*marks, proof=Proof.ACCEPTED):
    return Item(record="r", marks=marks, proof=proof)


def progress(items=(), state="in_progress", blocked_by=(), today=TODAY, **more):
    return progress_of(body(**more), state, items, blocked_by=blocked_by, today=today)


def step(author, act, number, position="reform-manager", *, of="", after=(), **values):
    return Step(
        author=author, version=1, root="r", lane="", release="",
        step=StepId(f"00000000-0000-4000-8000-{number:012}"), seat=Seat(author, position),
        act=act, of=of, after=tuple(after), values=values, at=number,
    )  # fmt: skip


def judged(*answers, finding="accepted", seats=SEATS):
    """Where evidence stands after a round in which these seats answered."""
    steps = [step("MPA", "ask_verifiers", 1, seats=tuple(seats))]
    chain = {"MPA": steps[0].step}
    for number, (seat, act) in enumerate(answers, start=2):
        party, _, position = seat.partition("/")
        after = (chain[party],) if party in chain else ()
        values = {"item_lacks": "unsigned"} if act == "return_item" else {}
        steps.append(step(party, act, number, position, of=ROUND, after=after, **values))
        chain[party] = steps[-1].step
    if finding:
        steps.append(
            step("MPA", "conclude_review", 99, of=ROUND, after=(chain["MPA"],), finding=finding)
        )
    stood = circle_stands(CASE, "MPA", steps)
    return item_of("MPA", "r", {"proves": [{"mark": "M1"}]}, stood)


def test_it_is_accepted_only_where_every_seat_and_the_owner_say_so():
    """Without an answer, with one that returns it, without a conclusion, with one against the
    answers, or by a round of the owner's party alone nothing is accepted evidence.
    """
    all_accept = [(seat, "accept_item") for seat in SEATS]
    assert judged(*all_accept).proof is Proof.ACCEPTED
    assert judged(*all_accept, finding="").proof is Proof.REVIEWED
    assert judged(*all_accept[:2]).proof is Proof.RETURNED  # concluded over an answer not in hand
    assert judged(*all_accept[:2], finding="").proof is Proof.REVIEWED
    assert judged(*all_accept[:2], finding="").accepted_by == 2
    one_returned = [*all_accept[:2], (SEATS[2], "return_item")]
    assert judged(*one_returned).proof is Proof.RETURNED
    assert judged(*one_returned, finding="").proof is Proof.RETURNED
    own = ["MPA/liaison-officer", "MPA/duty-officer"]
    assert judged(*((s, "accept_item") for s in own), seats=own).proof is Proof.RETURNED


def test_a_seat_that_was_not_asked_verifies_nothing():
    """An answer of somebody whom the round does not name does not count."""
    stray = judged(("COA/adviser-nl", "accept_item"), finding="", seats=SEATS[:1])
    assert (stray.asked, stray.accepted_by, stray.proof) == (1, 0, Proof.REVIEWED)


def test_declared_and_accepted_are_two_facts():
    """A milestone declared done weighs nothing until evidence for it is accepted."""
    nothing = progress()
    assert (nothing.declared, nothing.accepted, nothing.percent) == (1, 0, 0)
    half = progress([item("M1")])
    assert (half.accepted, half.percent, half.verified) == (1, 25, False)
    whole = progress([item("M1"), item("M2")], state="executed")
    assert (whole.percent, whole.executed, whole.verified) == (100, True, True)
    assert not progress([item("M1"), item("M2")]).verified  # nobody declared it executed
    assert not progress([item("M1")], state="executed").verified
    assert not progress([], state="executed", milestones=[]).verified


@given(
    st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=12),
    st.sampled_from(["in_progress", "executed"]),
)
def test_no_project_is_at_100_percent_with_an_open_part(parts, state):
    """Whatever the weights, 100 % and verified mean that every milestone is accepted."""
    rows = [{"mark": f"M{n}", "weight": weight} for n, (weight, _) in enumerate(parts)]
    items = [item(f"M{n}") for n, (_, accepted) in enumerate(parts) if accepted]
    found = progress_of({"milestones": rows}, state, items, blocked_by=(), today=TODAY)
    every = all(accepted for _, accepted in parts)
    assert (found.percent == 100) == every
    assert found.verified == (every and state == "executed")


@pytest.mark.parametrize(
    ("more", "code", "light"),
    [
        ({"forecast_end": "2021-02-05"}, None, "green"),  # 36 of 365 days
        ({"forecast_end": "2021-02-15"}, "late", "amber"),
        ({"forecast_end": "2021-06-30"}, "late", "red"),
        ({"state": "suspended"}, "suspended", "red"),
        ({"state": "on_hold"}, "on_hold", "amber"),
        ({"blocked_by": ("LOG-01",)}, "blocked", "amber"),
        ({"risks": [{"named": "Customs", "level": "high"}]}, "high_risk", "amber"),
        ({"today": "2020-12-24"}, None, "green"),
        ({"today": "2020-12-25"}, "no_evidence", "amber"),
        ({"today": "2021-01-25"}, "no_evidence", "red"),
    ],
)
def test_a_light_is_worked_out_and_says_why(more, code, light):
    """Time, evidence, risks, what it waits for: at the bounds of each rule."""
    found = progress([item("M1")], **{"today": "2020-12-20", **more}).light
    assert found.worked_out == light
    assert [one.code for one in found.causes] == ([code] if code else [])


def test_spending_ahead_of_what_was_accepted_is_seen():
    """60 % is spent while 25 % is accepted."""
    money = [{"source": "own", "planned": {"currency": "USD", "minor": 100},
              "spent": {"currency": "USD", "minor": 60}}]  # fmt: skip
    (cause,) = progress([item("M1")], budget=money).light.causes
    assert (cause.code, cause.count, cause.light) == ("spent_ahead", 35, "red")


def test_a_person_sets_a_light_with_a_reason_and_the_one_worked_out_stays_beside_it():
    """Better is said to be better; without a reason it is not saved."""
    found = progress([item("M1")], state="suspended", light="green", light_reason="New date agreed")
    assert (found.light.shown, found.light.worked_out, found.light.better) == ("green", "red", True)
    kind = kind_named("project")
    with pytest.raises(InputError) as fault:
        kind.check({"code": "A", "text": "A", "workstream": "money", "light": "green"})
    assert fault.value.code == "light_reason"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"named": "x", "weight": 1}], "milestone_mark"),
        ([{"mark": "M1", "weight": 1}, {"mark": "M1", "weight": 1}], "milestone_twice"),
        ([{"mark": "M1"}], "milestone_weight"),
        ([{"mark": "M1", "weight": 1, "again_days": 3_651}], "milestone_again"),
    ],
)
def test_milestones_have_marks_of_their_own_and_weights(rows, code):
    """Evidence names a milestone by its mark, and progress weighs it."""
    known = {"code": "A", "text": "A", "workstream": "money", "milestones": rows}
    with pytest.raises(InputError) as fault:
        kind_named("project").check(known)
    assert fault.value.code == code


def test_what_it_depends_on_is_read_from_codes_as_people_write_them():
    """Commas of both alphabets, semicolons, spaces; each code once."""
    assert needed_codes({"depends_on": "LOG-01, LOG-02; FIN-03،LOG-01"}) == (
        "LOG-01", "LOG-02", "FIN-03",
    )  # fmt: skip
    assert needed_codes({}) == ()
