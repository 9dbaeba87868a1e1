"""How evidence was judged, round by round, and when it is looked at a second time: the kind of
evidence and the progress of projects ask.

A protocol of verification may say after how many days accepted evidence is looked at again, counted
from when its verifiers looked: to conclude once more puts nothing off. The owner's node works the
day out when it concludes that the evidence is accepted and says it with that conclusion. Until
then, and while a later round still asks, what was accepted stands; only a return ends it.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Final

from tansiq.domain.cases.circle import CircleStanding, Round
from tansiq.domain.cases.step import StepValue
from tansiq.domain.days import day_of, shifted
from tansiq.domain.fields import rows_in
from tansiq.domain.kinds.facets import day_moment
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body

ACCEPTED, RETURNED = "accepted", "returned"
AGAIN: Final = "again_on"  # of a conclusion: the moment from which the second look is due


class Proof(Enum):
    """Where one item of evidence stands, the best first."""

    ACCEPTED = "accepted"
    REVIEWED = "reviewed"  # a round asks its verifiers
    GATHERED = "gathered"  # nobody was asked yet
    RETURNED = "returned"


def judged(owner: PartyCode, found: Round) -> Proof:
    """What one round comes to. It accepts only where every one of its seats has accepted, one of
    them another party's, and the owner has concluded so.
    """
    answers = [one.answer.act if one.answer else "" for one in found.seats]
    others = any(one.seat.party != owner for one in found.seats)
    agreed = others and all(answer == "accept_item" for answer in answers)
    concluded = found.conclusion.values.get("finding") if found.conclusion else None
    if concluded == ACCEPTED and agreed:
        return Proof.ACCEPTED
    if concluded is not None or "return_item" in answers:
        return Proof.RETURNED
    return Proof.REVIEWED


def accepting(owner: PartyCode, standing: CircleStanding) -> tuple[Round, ...]:
    """The rounds by which an item is accepted now, oldest first: those that accepted it since it
    was last returned. Nothing where the newest round that was decided returned it.
    """
    found: list[Round] = []
    for one in standing.rounds:
        proof = judged(owner, one)
        if proof is Proof.ACCEPTED:
            found.append(one)
        elif proof is Proof.RETURNED:
            found.clear()
    return tuple(found)


def is_settled(owner: PartyCode, standing: CircleStanding) -> bool:
    """Whether what an item says stays as it is: verifiers are looking at it, or have accepted it.
    What was returned is written anew.
    """
    newest = standing.newest
    asks = newest is not None and judged(owner, newest) is Proof.REVIEWED
    return asks or bool(accepting(owner, standing))


def looked_at(found: Round) -> int:
    """When the verifiers of a round had looked (milliseconds): at the last answer, and no later
    than the owner concluded.
    """
    answered = max((one.answer.at for one in found.seats if one.answer), default=0)
    return min(answered, found.conclusion.at) if found.conclusion else answered


def again_on(found: Round) -> int:
    """The moment that a round which accepted named for the second look; 0 = none."""
    value = found.conclusion.values.get(AGAIN) if found.conclusion else None
    return value if type(value) is int else 0


def second_look(
    owner: PartyCode, project: Body, body: Body, after: CircleStanding
) -> dict[str, StepValue]:
    """What the newest conclusion in ``after`` says of the second look at an item of evidence with
    this ``body``, by the milestones of its ``project``: nothing where it accepts nothing, where
    none was agreed, and where it is itself the second look.
    """
    newest = after.newest
    rounds = accepting(owner, after)
    if newest is None or not rounds or rounds[-1] is not newest:
        return {}
    looked = day_of(looked_at(newest))
    asked = [again_on(one) for one in rounds[:-1]]
    if any(asked):
        # A look before its day puts nothing off.
        return {AGAIN: asked[-1]} if asked[-1] and looked < day_of(asked[-1]) else {}
    days = again_days(project, marks_in(body))
    return {AGAIN: day_moment(shifted(looked, days))} if days else {}


def again_days(project: Body, marks: Iterable[str]) -> int:
    """After how many days the first of these milestones is looked at again; 0 = none is."""
    found = [
        days
        for row in rows_in(project, "milestones")
        if row.get("mark") in set(marks) and isinstance(days := row.get("again_days"), int) and days
    ]
    return min(found, default=0)


def marks_in(body: Body) -> tuple[str, ...]:
    """The milestones that an item of evidence proves."""
    return tuple(str(row["mark"]) for row in rows_in(body, "proves") if row.get("mark"))
