"""Three owners of cohorts, for tests: MPA plans for its own and proposes dates to the others."""

import datetime as dt

from tansiq.desk.cases import rounds
from tansiq.desk.records import read, say
from tansiq.desk.training import accepting, choosing, planning
from tansiq.desk.training.problems import Asked
from tests.suspending import MANAGER, carry, cohort, course, state
from tests.world import to

FIRST = dt.date(2021, 2, 7)
OWN = {"MPA": ("K-01", "K-02"), "COA": ("C-01", "C-02"), "JCC": ("J-01",)}


def filled(world, *, owners=tuple(OWN)):
    """Each owner's cohorts, which MPA sees and no other party; C-01 has a session."""
    world.ids = {}
    for party in owners:
        others = [] if party == "MPA" else ["MPA"]
        about = course(world, party, f"C-{party}", label=to(*others))
        for code in OWN[party]:
            world.ids[code] = cohort(world, party, code, about, label=to(*others))
    if "COA" in owners:
        body = {"about": world.ids["C-01"], "text": "Block 1", "first_day": "2020-12-20", "days": 5}
        draft = say.Draft(kind="session", body=body, label=to("MPA"))
        world.ids["session"] = world.write("COA", "session of C-01", draft, MANAGER)
    carry(world)
    return world


def plan(world, text="A", **more):
    """A plan of MPA with dates for the other owners; its record."""
    asked = Asked(**{"first": FIRST, "weeks": 30, "rule": "oldest", "others": True, **more})
    with world.names.under(f"plan {text} {len(world.names.used)}"):
        return planning.plan(world.desk("MPA"), world.actor("MPA", MANAGER), asked, text)


def choose(world, record, *owners, text="Dates after the suspension", reason="It ends first"):
    base = state(world, "MPA", record).digest
    asks = choosing.Asking(owners=owners, text=text)
    with world.names.under(f"choose {record} {len(world.names.used)}"):
        choosing.choose(world.desk("MPA"), world.actor("MPA", MANAGER), record, base,
                        {"reason": reason}, asks=asks)  # fmt: skip


def proposals(world, party="MPA"):
    """The proposals that a party sees, by the owner who is asked."""
    page = read.page(world.desk(party), world.viewer(party, MANAGER),
                     read.Query(kinds=("plan_proposal",)))  # fmt: skip
    return {one.value.body["asks_owner"]: one for one in page.rows}


def lines(world, party="COA"):
    """What is proposed to a party, by code."""
    found = accepting.lines_of(
        world.desk(party), world.viewer(party, MANAGER), proposals(world, party)[party]
    )
    return {line.row["code"]: line for line in found}


def accept(world, party, *codes, position=MANAGER, view=None):
    """Accept these lines as the page shows them; all where none is named."""
    desk, actor = world.desk(party), world.actor(party, position)
    view = view or proposals(world, party)[party]
    circle = rounds.circle_of(desk, desk.viewer(actor), view, actor).value
    named = [world.ids[code] for code in codes or lines(world, party)]
    with world.names.under(f"{party} accepts {len(world.names.used)}"):
        accepting.accept(desk, actor, view, circle.newest, named)


def days(world, code, party="", owner=""):
    """The first and last day of a cohort, as its owner or another party has it."""
    own = next(one for one, codes in OWN.items() if code in codes)
    body = state(world, party or own, world.ids[code], owner or own).body
    return body["first_day"], body["last_day"]


def proposed(world, record):
    """The rows of a plan for other owners, by owner and code."""
    rows = state(world, "MPA", record).body.get("proposed", [])
    return {(row["owner"], row["code"]): row for row in rows}
