"""A party whose training was suspended, for tests of catch-up plans: its courses, rooms,
cohorts and sessions, some of which it shares with COA.
"""

import datetime as dt
from contextlib import contextmanager

from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query
from tansiq.desk.training import choosing, planning
from tansiq.desk.training.problems import Asked
from tansiq.domain.places import gazetteer, place_named
from tansiq.domain.training.problem import Spell
from tansiq.policy.agreement import Follow
from tests.world import rule, to, worlds

MANAGER = "training-manager"
KINDS = frozenset({"course", "cohort", "session"})
START = dt.date(2020, 9, 20)
HALF = Spell(first=START, last=dt.date(2020, 12, 31), factor=50)


def place(key="erbil"):
    return place_named(gazetteer()[key].names.en).to_json()


@contextmanager
def suspended(**databases):
    """MPA, which shares its training with COA."""
    with worlds("MPA", "COA", **databases) as made:
        rules = [
            rule(sender, f"T-{sender}", kinds=KINDS, automatic=True, purpose="training",
                 follow=Follow.WHOLE) for sender in ("MPA", "COA")
        ]  # fmt: skip
        made.agree("MPA", "COA", *rules)
        yield made


def write(world, kind, body, *parties, party="MPA", **label):
    name = f"{party} {kind} {len(world.names.used)}"
    draft = say.Draft(kind=kind, body=body, label=to(*parties, **label))
    return world.write(party, name, draft, MANAGER)


def course(world, code="C-AID", *parties, party="MPA", **more):
    body = {
        "code": code, "text": code, "family": "medical", "subject": "first_aid", "days": 10,
        "size_max": 40, **more,
    }  # fmt: skip
    return write(world, "course", body, *parties, party=party)


def cohort(world, about, code, *parties, sessions=1, party="MPA", label=None, **more):
    """A cohort of ten days in March, four of them held, and its session of the days to come."""
    body = {
        "about": about, "code": code, "text": f"Cohort {code}", "mode": "in_person",
        "place": place(), "subject": "first_aid", "language": "ckb", "first_day": "2020-03-02",
        "last_day": "2020-03-15", "days": 10, "days_done": 4, "places": 20, **more,
    }  # fmt: skip
    kept = {name: value for name, value in body.items() if value is not None}
    record = write(world, "cohort", kept, *parties, party=party, **(label or {}))
    for number in range(sessions):
        write(world, "session", {"about": record, "text": f"Block {number}",
              "first_day": "2020-03-08", "days": 6}, *parties, party=party)  # fmt: skip
    return record


def room(world, code="EBL-1", capacity=40, **more):
    return write(world, "training_room", {"code": code, "text": code, "capacity": capacity,
                 "mode": "in_person", "place": place(), **more})  # fmt: skip


def asked(**more):
    return Asked(**{"first": START, "weeks": 40, "rule": "nearly_finished", **more})


def plan(world, text="A", position=MANAGER, **more):
    """A plan of MPA, proposed; its record."""
    with world.names.under(f"plan {text} {len(world.names.used)}"):
        return planning.plan(world.desk("MPA"), world.actor("MPA", position), asked(**more), text)


def seen(world, record, party="MPA", position=MANAGER, owner="MPA"):
    desk = world.desk(party)
    return read.record(desk, world.viewer(party, position), owner, record).value


def results(world, record):
    return {row["code"]: row for row in seen(world, record).body["results"]}


def choose(world, record, reason="It ends first", position=MANAGER):
    base = seen(world, record).digest
    with world.names.under(f"choose {record} {len(world.names.used)}"):
        choosing.choose(world.desk("MPA"), world.actor("MPA", position), record, base,
                        {"reason": reason})  # fmt: skip


def cohorts(world, party="MPA", owner="MPA"):
    """The cohorts of an owner as a party sees them, by their codes."""
    found = read.page(world.desk(party), world.viewer(party, MANAGER),
                      Query(kinds=("cohort",), owners=(owner,), limit=100)).rows  # fmt: skip
    return {one.value.body["code"]: one.value for one in found}
