"""A course, a cohort and its clearance, as the training manager of MPA writes them: for tests."""

from tansiq.desk.records import read, say
from tansiq.desk.training import certificates
from tansiq.domain.training.rosters import holders_in
from tests.world import to

MANAGER = "training-manager"
COURSE = {
    "code": "C-AID", "text": "First aid", "title_en": "First aid", "title_ar": "الإسعافات الأولية",
    "title_ckb": "فریاگوزاریی سەرەتایی", "family": "medical", "subject": "first_aid", "days": 10,
    "certificate_months": 24,
}  # fmt: skip
HOLDERS = ("P-7001", "P-7002", "P-7003")
WAY = (
    ("nominate", {"nominated": 20}),
    ("ask_clearance", {}),
    ("clear", {}),
    ("begin", {"enrolled": 18}),
    ("finish", {"finished": 17, "passed": 5}),
)


def write(world, name, kind, body, label=None):
    draft = say.Draft(kind=kind, body=body, label=label or to())
    return world.write("MPA", name, draft, MANAGER)


def view(world, record, position=MANAGER, party="MPA", owner="MPA"):
    return read.record(world.desk(party), world.viewer(party, position), owner, record).value


def step(world, record, name, said=None, position=MANAGER):
    old, actor = view(world, record, position), world.actor("MPA", position)
    say.step(world.desk("MPA"), actor, record, old.digest, name, said=said)


def cohort(world, name="cohort", label=None, **more):
    """A cohort that is planned, and its course."""
    course = write(world, f"course of {name}", "course", COURSE, label)
    body = {
        "about": course, "code": "K-01", "text": "First aid", "mode": "in_person", "days": 10,
        "places": 20, "first_day": "2020-12-01", "last_day": "2020-12-10", **more,
    }  # fmt: skip
    return write(world, name, "cohort", body, label)


def clearance(world, about, name="clearance", label=None, **body):
    """A clearance of a cohort: a yes unless the test says otherwise."""
    plain = {"answer": "yes", "day": "2020-12-01", "valid_until": "2021-06-30"}
    said = {**(plain if body.get("answer", "yes") == "yes" else {}), **body}
    return write(world, name, "clearance", {"about": about, **said}, label)


def answered(world, record, label=None, **body):
    """The clearance, answered anew."""
    old, actor = view(world, record), world.actor("MPA", MANAGER)
    draft = say.Draft(kind="clearance", body=body, label=label or to())
    say.revise(world.desk("MPA"), actor, record, old.digest, draft)


def walk(world, record, until="finish"):
    """The steps of a cohort up to one of them; it must have its clearance by then."""
    for name, said in WAY:
        step(world, record, name, said)
        if name == until:
            return


def finished(world, name="cohort", label=None, **more):
    """A cohort of which five have passed."""
    record = cohort(world, name, label, **more)
    clearance(world, record, f"clearance of {name}")
    walk(world, record)
    return record


def issue(world, about, *holders, name="issue", **more):
    """Certificates for these holders; the records in order."""
    plain = {"level": "basic", "issued_on": "2020-12-12", "valid_until": "2022-12-12"}
    wish = certificates.Wish(
        cohort=about, holders=holders_in("\n".join(holders or HOLDERS)), **{**plain, **more}
    )
    with world.names.under(name):
        return certificates.issue(world.desk("MPA"), world.actor("MPA", MANAGER), wish)


def withdraw(world, record, reason="mistake", name=""):
    desk, actor = world.desk("MPA"), world.actor("MPA", MANAGER)
    with world.names.under(name or f"withdraw {record}"):
        certificates.withdraw(desk, actor, record, view(world, record).digest, reason)


def instead(world, record, name=""):
    desk, actor = world.desk("MPA"), world.actor("MPA", MANAGER)
    with world.names.under(name or f"instead {record}"):
        return certificates.issue_instead(desk, actor, record, view(world, record).digest)
