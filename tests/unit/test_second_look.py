"""The second look at accepted evidence: on which day it is due, what stands until then, and when it
rings, as it was agreed in the protocol of the milestone.
"""

from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.cases import StepId, circle_stands
from tansiq.domain.cases.step import Seat, Step
from tansiq.domain.days import day_of, shifted
from tansiq.domain.kinds.facets import day_moment
from tansiq.domain.kinds.reform.evidence import CASE
from tansiq.domain.kinds.reform.judging import Proof, accepting, again_on, second_look
from tansiq.domain.kinds.reform.progress import item_of, progress_of
from tests.world import DAY

SEATS = ("COA/adviser", "MPA/liaison-officer")
PROVES = {"proves": [{"mark": "M1"}]}
PROJECT = {"milestones": [{"mark": "M1", "weight": 1, "again_days": 10}]}
FIRST = day_moment("2020-06-01")


class Circle:
    """A circle as its owner folds it: each conclusion says what is worked out of those before."""

    def __init__(self, project=PROJECT):
        self.project, self.steps, self.last = project, [], {}

    def say(self, seat, name, at, *, of="", **values):
        party, _, position = seat.partition("/")
        number = len(self.steps) + 1
        after = (self.last[party],) if party in self.last else ()
        step = Step(
            author=party, version=1, root="r", lane="", release="",
            step=StepId(f"00000000-0000-4000-8000-{number:012}"), seat=Seat(party, position),
            act=name, of=of, after=after, values=values, at=at,
        )  # fmt: skip
        self.steps.append(step)
        self.last[party] = step.step
        return step

    def standing(self):
        return circle_stands(CASE, "MPA", self.steps)

    def ask(self, at):
        return self.say("MPA/reform-manager", "ask_verifiers", at, seats=SEATS).step

    def conclude(self, of, at, finding="accepted"):
        said = {"finding": finding}
        kept, before = list(self.steps), dict(self.last)
        self.say("MPA/reform-manager", "conclude_review", at, of=of, **said)
        worked = second_look("MPA", self.project, PROVES, self.standing())
        self.steps, self.last = kept, before
        self.say("MPA/reform-manager", "conclude_review", at, of=of, **said, **worked)
        return worked.get("again_on", 0)

    def accept(self, at, *, upto=2):
        of = self.ask(at)
        for seat in SEATS[:upto]:
            self.say(seat, "accept_item", at, of=of)
        return of

    def round(self, at, *, upto=2, finding="accepted"):
        return self.conclude(self.accept(at, upto=upto), at, finding)

    def give_back(self, at):
        of = self.ask(at)
        self.say(SEATS[0], "return_item", at, of=of, item_lacks="out_of_date")
        return of

    def item(self):
        return item_of("MPA", "r", PROVES, self.standing())


def on(days):
    return FIRST + days * DAY


def test_the_day_is_that_of_the_acceptance_and_what_was_agreed():
    """Ten days on, at the noon by which calendars place a day; nothing where nothing was agreed,
    nothing was accepted, or not all have accepted.
    """
    assert Circle().round(FIRST) == day_moment("2020-06-11")
    for none in ({}, {"milestones": [{"mark": "M2", "again_days": 10}]}):
        assert Circle(none).round(FIRST) == 0
    assert Circle().round(FIRST, finding="returned") == 0
    assert Circle().round(FIRST, upto=1) == 0


def test_of_several_milestones_the_first_day_is_meant():
    """An item that proves two milestones is looked at again as early as either wants."""
    project = {"milestones": [{"mark": "M1", "again_days": 30}, {"mark": "M1", "again_days": 7}]}
    assert Circle(project).round(FIRST) == on(7)


def test_a_look_before_its_day_puts_nothing_off():
    """The day stays, until a look on the day or after it accepts again: that one was the second."""
    circle = Circle()
    due = circle.round(FIRST)
    assert circle.round(on(3)) == due
    assert circle.item().again == "2020-06-11"
    assert circle.round(on(10)) == 0
    found = circle.item()
    assert (found.proof, found.again, found.looked) == (Proof.ACCEPTED, "", "2020-06-11")
    assert circle.round(on(40)) == 0
    assert circle.item().looked == "2020-06-11", "a third look is not the second"


def test_to_conclude_once_more_puts_nothing_off():
    """The same answers give the same day, whatever the owner says about them meanwhile; a verifier
    whose clock runs ahead puts it off by nothing either.
    """
    circle = Circle()
    of = circle.accept(FIRST)
    due = circle.conclude(of, on(1))
    assert due == on(10)
    assert circle.conclude(of, on(9)) == due
    circle.conclude(of, on(9), "returned")
    assert circle.conclude(of, on(9)) == due
    ahead = Circle()
    of = ahead.accept(on(500))
    assert ahead.conclude(of, FIRST) == on(10)


def test_what_was_accepted_stands_while_a_second_round_asks_until_somebody_returns_it():
    """Open, half answered, or concluded over a return: the first two leave it accepted."""
    circle = Circle()
    due = day_of(circle.round(FIRST))
    circle.ask(on(10))
    found = circle.item()
    assert (found.proof, found.again, found.asks_again) == (Proof.ACCEPTED, due, True)
    assert (found.asked, found.accepted_by) == (2, 0)
    circle.give_back(on(11))
    found = circle.item()
    assert (found.proof, found.again, found.asks_again) == (Proof.RETURNED, "", False)
    circle.ask(on(12))
    assert circle.item().proof is Proof.REVIEWED, "what was returned does not stand again"
    assert circle.round(on(13)) == on(23), "accepted anew, it is looked at again in ten days"


def test_what_is_overdue_stays_verified_and_the_light_says_so():
    """Amber from the day after, with the days and what it proves; a cancelled project says nothing
    of it.
    """
    circle = Circle()
    circle.round(FIRST)
    body = {"milestones": PROJECT["milestones"]}

    def at(today, state="executed"):
        return progress_of(body, state, [circle.item()], blocked_by=(), today=today)

    assert (at("2020-05-01").due, at("2020-05-01").again) == ((), "")
    assert at("2020-05-12").again == "2020-06-11"
    on_the_day = at("2020-06-11")
    assert (len(on_the_day.due), on_the_day.overdue, on_the_day.light.worked_out) == (
        1, (), "green",
    )  # fmt: skip
    late = at("2020-06-14")
    (cause,) = late.light.causes
    assert (cause.code, cause.light, cause.count, cause.named) == (
        "second_look", "amber", 3, ("M1",),
    )  # fmt: skip
    assert (late.verified, late.percent, late.again) == (True, 100, "2020-06-11")
    assert at("2020-06-14", "cancelled").overdue == ()


ROUNDS = st.lists(
    st.tuples(st.sampled_from(["accept", "return", "half", "open"]), st.integers(0, 15)), max_size=8
)


@given(ROUNDS)
def test_the_item_is_as_the_rounds_told_one_by_one(story):
    """Written apart: a state that each round moves. It is accepted from a full acceptance until a
    return, and the second look is the first acceptance on or after its day.
    """
    circle, day, accepted, due, looked = Circle(), 0, False, None, None
    for what, days in story:
        day += days
        if what == "accept":
            circle.round(on(day))
            if not accepted:
                accepted, due, looked = True, day + 10, None
            elif due is not None and day >= due:
                due, looked = None, day
        elif what == "return":
            circle.give_back(on(day))
            accepted, due, looked = False, None, None
        elif what == "half":
            circle.accept(on(day), upto=1)
        else:
            circle.ask(on(day))
    found = circle.item()
    assert (found.proof is Proof.ACCEPTED) == accepted
    assert found.again == ("" if due is None else shifted("2020-06-01", due))
    assert found.looked == ("" if looked is None else shifted("2020-06-01", looked))
    stands = accepting("MPA", circle.standing())
    assert bool(stands) == accepted
    assert not stands or (again_on(stands[-1]) > 0) == (due is not None)
