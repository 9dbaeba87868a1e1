"""Proposing the dates of a chosen catch-up plan to the other owners of cohorts in it: each gets a
record that names its own cohorts alone, and decides for itself (``accepting``).

The label of a proposal comes from the cohorts that it names, which its reader owns, and its words
from the person who chose the plan: nothing of the plan itself goes along.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.act.reading_as import reading_as
from tansiq.desk.cases import rounds
from tansiq.desk.records import linked, read, say
from tansiq.desk.records.read import Query, View
from tansiq.desk.training import asking
from tansiq.domain.cases import CircleStanding
from tansiq.domain.errors import InputError
from tansiq.domain.fields import rows_in
from tansiq.domain.kinds.training.cohort import COHORT, OPEN
from tansiq.domain.kinds.training.plan_proposal import ASK, PLAN_PROPOSAL
from tansiq.domain.labels import Label, audience_of, join
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.records import Body
from tansiq.domain.training.accepting import SAID

_MOST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a plan proposes to one owner: the rows of it with that owner's cohorts as they stand
    here, None for one that is over or no longer to be seen. ``proposal`` is the record that went,
    None before the plan was chosen and for an owner whom nobody asked; ``stands`` its circle.
    """

    owner: PartyCode
    rows: tuple[tuple[dict[str, Any], View | None], ...]
    proposal: View | None = None
    stands: CircleStanding | None = None

    @property
    def moves(self) -> int:
        """How many cohorts get other dates by it."""
        return sum(row["outcome"] == "moved" for row, _ in self.rows)


@reading_as
def parts_of(desk: Desk, viewer: Viewer, plan: View) -> list[Part]:
    """What an own plan proposes to whom, in the order of the parties, and how each stands."""
    rows = rows_in(plan.value.body, "proposed")
    owners = tuple(sorted({PartyCode(row["owner"]) for row in rows}))
    known = _known(desk, viewer, owners) if owners else {}
    asked = linked.by_owner(desk, viewer, [plan], "part_of")[
        plan.value.owner, str(plan.value.record)
    ]
    stood = rounds.standings(desk, viewer, asked)
    by_owner = {str(one.value.body.get("asks_owner")): one for one in asked}
    found = []
    for owner in owners:
        proposal = by_owner.get(owner)
        key = (proposal.value.owner, proposal.value.record) if proposal else None
        found.append(
            Part(
                owner=owner, proposal=proposal, stands=stood.get(key) if key else None,
                rows=tuple((row, known.get((owner, row["code"])))
                           for row in rows if row["owner"] == owner),
            )
        )  # fmt: skip
    return found


def _known(
    desk: Desk, viewer: Viewer, owners: tuple[PartyCode, ...]
) -> dict[tuple[str, str], View]:
    """The open cohorts of these owners by owner and code."""
    query = Query(kinds=(COHORT.name,), owners=owners, states=tuple(sorted(OPEN)), limit=_MOST)
    return {
        (one.value.owner, str(one.value.body.get("code", ""))): one
        for one in read.page(desk, viewer, query).rows
    }


@reading_as
def lines_of(
    desk: Desk, viewer: Viewer, proposal: View
) -> list[tuple[dict[str, Any], View | None]]:
    """What an own proposal says, row by row, with the cohort of which it speaks as it stands here;
    None for one that is no longer to be seen.
    """
    body = proposal.value.body
    named, owner = body.get("cohorts"), str(body.get("asks_owner"))
    keys = [(owner, str(one)) for one in named] if isinstance(named, list) else []
    known = {str(one.value.body.get("code", "")): one for one in read.seen(desk, viewer, keys)}
    return [(row, known.get(row["code"])) for row in rows_in(body, "moves")]


def propose_in(act: Act, actor: Actor, plan: View, owners: Iterable[PartyCode], text: str) -> None:
    """Propose to each of these owners the new dates of its cohorts, in the transaction in which the
    plan is chosen; ``text`` are the words that each of them reads. Raises InputError for an owner
    whom the plan gives no new date, and where a cohort has changed since it was made.
    """
    parts = {one.owner: one for one in parts_of(act.desk, act.desk.viewer(actor), plan)}
    for owner in sorted(set(owners)):
        if owner not in parts or not parts[owner].moves:
            raise InputError("record_absent")
        if not text:
            raise InputError("field_required", field="text")
        _propose(act, actor, plan, parts[owner], text)


def _propose(act: Act, actor: Actor, plan: View, part: Part, text: str) -> None:
    moved = [(row, view) for row, view in part.rows if row["outcome"] == "moved"]
    for row, view in moved:
        if view is None or _dates(view.value.body) != (row["was_first"], row["was_last"]):
            raise InputError("plan_old", named=f"{part.owner} {row['code']}")
    views = [view for _, view in moved if view is not None]
    closed = join(one.value.label for one in views)
    label = replace(
        Label(), classification=closed.classification, categories=closed.categories,
        caveats=closed.caveats, audience=audience_of(part.owner),
    )  # fmt: skip
    body: Body = {
        "part_of": plan.value.record, "asks_owner": part.owner, "text": text,
        "cohorts": [view.value.record for view in views],
        "moves": [{name: row[name] for name in SAID if name in row} for row, _ in moved],
    }  # fmt: skip
    draft = say.Draft(kind=PLAN_PROPOSAL.name, body=body, label=label)
    record = say.write_in(act, actor, draft).record
    asking.ask_in(act, actor, record, ASK, [one.value for one in views])


def _dates(body: Body) -> tuple[object, object]:
    return body.get("first_day"), body.get("last_day")
