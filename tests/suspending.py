"""Training of two owners, for tests: MPA and COA have cohorts, each sees some of the other's."""

from contextlib import contextmanager

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import attention, read, say
from tansiq.desk.training import suspending
from tansiq.desk.training.suspending import Decision
from tansiq.domain.places import place_named
from tansiq.domain.training.suspending import Scope
from tansiq.policy.agreement import Follow
from tests.world import rule, to, worlds

MANAGER, PROGRAMME = "training-manager", "programme-manager"
KINDS = frozenset({"course", "cohort", "session", "training_room", "suspension", "plan_proposal"})
DAY, REVIEW = "2020-12-21", "2021-01-18"


@contextmanager
def training(*parties, automatic=True, **made):
    """These parties, of which each lets training go to each, by itself or by a person."""
    with worlds(*(parties or ("MPA", "COA")), **made) as world:
        names = list(world.desks)
        for n, one in enumerate(names):
            for other in names[n + 1 :]:
                world.agree(
                    one, other,
                    *(rule(sender, f"T-{sender}", kinds=KINDS, automatic=automatic,
                           purpose="programme", follow=Follow.WHOLE)
                      for sender in (one, other)),
                )  # fmt: skip
        yield world


def carry(world):
    names = list(world.desks)
    for n, one in enumerate(names):
        for other in names[n + 1 :]:
            world.exchange(one, other)


def course(world, party, code="C-AID", family="medical", months=24, *, label=None):
    body = {"code": code, "text": code, "family": family, "subject": "first_aid", "days": 10,
            "certificate_months": months}  # fmt: skip
    draft = say.Draft(kind="course", body=body, label=label or to())
    return world.write(party, f"{party} {code}", draft, MANAGER)


def cohort(world, party, code, about, *, label=None, **more):
    body = {"code": code, "text": f"Cohort {code}", "about": about, "mode": "in_person",
            "place": place_named("Erbil").to_json(), "days": 10, "places": 20,
            "first_day": "2020-12-06", "last_day": "2021-02-04", **more}  # fmt: skip
    draft = say.Draft(kind="cohort", body=body, label=label or to())
    return world.write(party, f"{party} {code}", draft, MANAGER)


def project(world, party, code, label=None):
    """A chartered reform project."""
    body = {
        "code": code, "text": code, "workstream": "training", "objective": "x",
        "responsible": "Director", "baseline_end": "2021-12-31",
        "milestones": [{"mark": "M1", "weight": 1}],
    }  # fmt: skip
    draft = say.Draft(kind="project", body=body, label=label or to())
    record = world.write(party, f"{party} {code}", draft, PROGRAMME)
    with world.names.under(f"{party} {code} chartered"):
        say.step(world.desk(party), world.actor(party, PROGRAMME), record,
                 state(world, party, record).digest, "charter")  # fmt: skip
    return record


def state(world, party, record, owner="", position=MANAGER):
    desk = world.desk(party)
    viewer = world.viewer(party, position)
    return read.record(desk, viewer, owner or party, record).value


def decision(**more):
    said = {
        "text": "All training in person", "reason_class": "pandemic", "reason": "Curfew",
        "decision": "Order 14/2020", "review": REVIEW,
        "scope": Scope(first_day=DAY, meets="in_person"),
    }  # fmt: skip
    return Decision(**(said | more))


def decide(world, party, made=None, position=MANAGER, name=""):
    """Decide what was shown a moment before."""
    desk, actor = world.desk(party), world.actor(party, position)
    made = made or decision()
    found = suspending.foreseen(desk, desk.viewer(actor), made.scope, actor)
    with world.names.under(name or f"{party} decides {len(world.names.used)}"):
        return suspending.decide(desk, actor, made, found.mark)


def foreseen(world, party, position=MANAGER, **scope):
    desk, actor = world.desk(party), world.actor(party, position)
    return suspending.foreseen(
        desk, desk.viewer(actor), Scope(**{"first_day": DAY, **scope}), actor
    )


def asking(world, party, owner):
    """The record by which another party asks this one."""
    page = read.page(
        world.desk(party), world.viewer(party, MANAGER), read.Query(kinds=("suspension",))
    )
    return next(
        one for one in page.rows
        if one.value.owner == owner and one.value.body.get("asks_owner") == party
    )  # fmt: skip


def answered(world, party, view):
    """What each seat of the newest round says, as this party sees it."""
    found = rounds.standings(world.desk(party), world.viewer(party, MANAGER), [view])
    newest = found[view.value.owner, view.value.record].newest
    return {str(one.seat): one.answer.act if one.answer else None for one in newest.seats}


def act(world, party, view, name, **values):
    """Take a step about an asking, without a record."""
    desk, actor = world.desk(party), world.actor(party, MANAGER)
    circle = rounds.circle_of(desk, desk.viewer(actor), view, actor).value
    with world.names.under(f"{party} {name} {len(world.names.used)}"):
        rounds.take(
            desk, actor,
            Wanted(owner=view.value.owner, record=view.value.record, lane="", act=name,
                   seen=circle.newest, of=circle.about(name), values=values),
        )  # fmt: skip


def filled(world):
    for party, other in (("MPA", "COA"), ("COA", "MPA")):
        course(world, party, label=to(other))
    world.ids = {}
    about = {party: read.page(world.desk(party), world.viewer(party), read.Query(
        kinds=("course",))).rows[0].value.record for party in ("MPA", "COA")}  # fmt: skip
    for code, more in (
        ("K-01", {"places": 48, "days": 80, "days_done": 40}),
        ("K-02", {"places": 30, "days": 140, "days_done": 40, "for_projects": "TRN-04"}),
        ("K-03", {"places": 72, "days": 60, "days_done": 25}),
        ("K-10", {"mode": "on_line"}),
    ):
        world.ids[code] = cohort(world, "MPA", code, about["MPA"], label=to("COA"), **more)
    world.ids["C-01"] = cohort(world, "COA", "C-01", about["COA"], label=to("MPA"), places=7)
    carry(world)
    return world


def states(world, party="MPA", owner=""):
    codes = [code for code in world.ids if code.startswith("K" if party == "MPA" else "C")]
    return {code: state(world, party, world.ids[code], owner).state for code in codes}


def waits(world, party, why):
    found = attention.waiting(world.desk(party), world.viewer(party, MANAGER))
    return [one for one in found if one.why == why]
