"""Choosing a catch-up plan: every own cohort in it gets its new dates, and its sessions with it, in
one transaction: all of them, or none and the plan stays proposed. What it proposes to other owners
leaves in the same transaction, to those whom the person names (``proposing``).

The dates that stood before stay as the baseline of each cohort, and why the plan was chosen stays
with the plan. Partners get what changed by the rules, as with any edition: a cohort that does not
change gets none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query, View
from tansiq.desk.training import moving, proposing
from tansiq.domain.errors import InputError
from tansiq.domain.fields import rows_in
from tansiq.domain.kinds.training.catch_up import CATCH_UP
from tansiq.domain.kinds.training.cohort import COHORT, OPEN
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.records import Body
from tansiq.domain.training.accepting import new_dates
from tansiq.domain.training.counts import number

_MOST: Final = 500
_ENDS: Final = ("joined", "called_off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A row of a plan with the own cohort that it speaks of."""

    row: dict[str, Any]
    cohort: View


@reading_as
def choices_of(desk: Desk, viewer: Viewer, plan: View) -> list[Choice]:
    """The own cohorts of a plan as they stand, for this viewer. Raises InputError where one is gone
    or has other dates than when the plan was made.
    """
    rows = rows_in(plan.value.body, "results")
    query = Query(kinds=(COHORT.name,), owners=(desk.me,), limit=_MOST)
    cohorts = {
        str(one.value.body.get("code", "")): one
        for one in read.page(desk, viewer, query).rows
        if one.value.state in OPEN
    }
    for row in rows:
        one = cohorts.get(row["code"])
        if one is None or _dates(one.value.body) != (row.get("was_first"), row.get("was_last")):
            raise InputError("plan_old", named=row["code"])
    return [Choice(row=row, cohort=cohorts[row["code"]]) for row in rows]


def _dates(body: Body) -> tuple[object, object]:
    return body.get("first_day"), body.get("last_day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Which other owners are asked when a plan is chosen, and the words that each of them reads."""

    owners: tuple[PartyCode, ...] = ()
    text: str = ""


_NOBODY: Final = Asking()


def choose(
    desk: Desk, actor: Actor, record: str, base: str, said: Body, *, asks: Asking = _NOBODY
) -> None:
    """Choose an own plan; ``said`` is the ``reason`` and, if there is one, the ``decision``. Raises
    EditedMeanwhileError, InputError and RefusedError, and then nothing has changed.
    """
    with desk.act() as act:
        choose_in(act, actor, record, base, said, asks=asks)


def choose_in(
    act: Act, actor: Actor, record: str, base: str, said: Body, *, asks: Asking = _NOBODY
) -> None:
    """As :func:`choose`, inside an act."""
    plan = say.current_on(act.desk, actor, record, base)
    if plan.value.kind != CATCH_UP.name:
        raise InputError("record_absent")
    say.step_in(act, actor, plan.value, "choose_plan", said=said)
    choices = choices_of(act.desk, act.desk.viewer(actor), plan)
    for one in choices:
        if one.row["outcome"] in _ENDS:
            _call_off(act, actor, one, plan, said)
    for one in choices:
        _take_in(act, actor, one, choices)
        if one.row["outcome"] == "moved":
            _move(act, actor, one, said)
    proposing.propose_in(act, actor, plan, asks.owners, asks.text)


def _take_in(act: Act, actor: Actor, one: Choice, choices: Sequence[Choice]) -> None:
    """A cohort that others join has their places too."""
    code, old = one.row["code"], one.cohort.value
    more = sum(number(other.cohort.value.body, "places") for other in choices
               if other.row.get("merged_into") == code)  # fmt: skip
    if more:
        body = old.body | {"places": number(old.body, "places") + more}
        say.revise_in(act, actor, old, say.Draft(kind=old.kind, body=body, label=old.label,
                                                 tear=old.tear))  # fmt: skip


def _move(act: Act, actor: Actor, one: Choice, said: Body) -> None:
    """A cohort gets its new dates. What has begun keeps its first day, and its next session begins
    on the first day of the plan.
    """
    view = say.current(act.desk, actor, one.cohort.value.record)
    body, row = view.value.body, one.row
    first, last = new_dates(row, body)
    dates = moving.Dates(first_day=first, last_day=last, next_day=row["first_day"])
    why: Body = {"reason_class": body.get("reason_class", "other"), "reason": said.get("reason")}
    moving.move_in(act, actor, view, dates, why=why)


def _call_off(act: Act, actor: Actor, one: Choice, plan: View, said: Body) -> None:
    """A cohort that joins another, or is given up, ends: the plan is the decision."""
    why: Body = {
        "reason_class": one.cohort.value.body.get("reason_class", "other"),
        "reason": said.get("reason"),
        "decision": said.get("decision") or CATCH_UP.reference(plan.value.record),
    }
    if one.row["outcome"] == "joined":
        why["merged_into"] = one.row["merged_into"]
    say.step_in(act, actor, one.cohort.value, "call_off", said=why)
