"""Clearances of the sample's cohorts, and the certificates of two that have finished.

Each cohort that begins is cleared first; its clearance is closed once it has begun, so that none of
them rings when it lapses. The last cohort waits for its answer. One certificate is withdrawn and
another takes the place of a lost one; the list of withdrawn serials goes to all partners.
"""

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tansiq.desk.records import read, say
from tansiq.desk.training import certificates
from tansiq.domain.labels import Label
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.records import Body
from tansiq.domain.training.rosters import holders_in
from tansiq.node.scenario.cast import PARTIES, moment

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

Item = dict[str, Any]
_OWNER: Final = PartyCode("MPA")
_WHOLE: Final = frozenset({PartyCode("COA"), PartyCode("MPA")})
_ISSUED: Final = (("K-07", "2020-10-11"), ("K-12", "2020-11-22"))
_HOLDERS: Final = 12  # of each, for whom the papers are printed so far
_ANSWERED_BEFORE, _VALID = dt.timedelta(days=10), dt.timedelta(days=400)


def put_on(stage: "Stage") -> None:
    """Put the certificates into the queue."""
    for number, (code, day) in enumerate(_ISSUED):
        stage.at(moment(f"{day} 09:00"), partial(_issue, stage, code, day, 7_001 + 100 * number))
    stage.at(moment(f"{_ISSUED[0][1]} 10:00"), partial(_tell_list, stage))
    stage.at(moment("2020-12-01 09:00"), partial(_change, stage))


def asked(stage: "Stage", cohort: Item) -> None:
    """The manager asks the authority: there is no answer yet."""
    body: Body = {"about": stage.records[f"cohort:{cohort['code']}"][1], "answer": "not_yet"}
    draft = say.Draft(kind="clearance", body=body, label=Label())
    owner = cohort["owner"]
    stage.keep(_key(cohort), owner, say.write(stage.desks[owner], _manager(owner), draft))


def given(stage: "Stage", cohort: Item) -> None:
    """The authority has answered yes, some days before the cohort begins."""
    first, owner = dt.date.fromisoformat(cohort["first"]), PartyCode(cohort["owner"])
    body: Body = {
        "answer": "yes", "day": (first - _ANSWERED_BEFORE).isoformat(),
        "valid_until": (first + _VALID).isoformat(), "reference": f"VET/2020-{cohort['code'][2:]}",
    }  # fmt: skip
    desk, manager = stage.desks[owner], _manager(owner)
    old = read.record(desk, desk.viewer(manager), *stage.records[_key(cohort)]).value
    draft = say.Draft(kind=old.kind, body=body, label=Label(audience=(_WHOLE - {owner},)))
    say.revise(desk, manager, old.record, old.digest, draft)


def begun(stage: "Stage", cohort: Item) -> None:
    """The cohort has begun: its clearance is needed no more."""
    owner = cohort["owner"]
    desk, manager = stage.desks[owner], _manager(owner)
    old = read.record(desk, desk.viewer(manager), *stage.records[_key(cohort)]).value
    say.step(desk, manager, old.record, old.digest, "close")


def _key(cohort: Item) -> str:
    return f"clearance:{cohort['code']}"


def _manager(owner: str) -> Actor:
    return PARTIES[owner].actor("training-manager")


def _issue(stage: "Stage", code: str, day: str, first: int) -> None:
    desk, manager = stage.desks[_OWNER], _manager(_OWNER)
    cohort = stage.records[f"cohort:{code}"][1]
    stands = certificates.standing(desk, manager, cohort)
    roster = "\n".join(f"MPA-{first + n}" for n in range(_HOLDERS))
    wish = certificates.Wish(
        cohort=cohort, level="basic", issued_on=day,
        valid_until=stands.until(dt.date.fromisoformat(day)), holders=holders_in(roster),
    )  # fmt: skip
    for number, record in enumerate(certificates.issue(desk, manager, wish)):
        stage.keep(f"certificate:{code}:{number}", _OWNER, record)


def _tell_list(stage: "Stage") -> None:
    """All partners may have the list from now on."""
    desk, manager = stage.desks[_OWNER], _manager(_OWNER)
    record = certificates.state_list(desk, manager)
    old = read.record(desk, desk.viewer(manager), _OWNER, record).value
    others = frozenset(PartyCode(one) for one in PARTIES) - {_OWNER}
    draft = say.Draft(kind=old.kind, body={}, label=Label(audience=(others,)))
    say.revise(desk, manager, record, old.digest, draft)
    stage.keep("withdrawn", _OWNER, record)


def _change(stage: "Stage") -> None:
    """One is withdrawn by a decision, and one paper was lost."""
    desk, manager = stage.desks[_OWNER], _manager(_OWNER)

    def base(name: str) -> tuple[str, str]:
        owner, record = stage.records[name]
        return record, read.record(desk, desk.viewer(manager), owner, record).value.digest

    certificates.withdraw(desk, manager, *base("certificate:K-07:3"), "decision")
    new = certificates.issue_instead(desk, manager, *base("certificate:K-12:5"))
    stage.keep("certificate:K-12:again", _OWNER, new)
