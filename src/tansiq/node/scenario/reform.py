"""The reform programme of the sample scenario: 36 projects with their milestones, and the evidence
that advisers of two nations and an officer of the ministry accept, return, or have not looked at.

What was done before the scenario begins is written down on its second day, with the days on which
it was done; what happened in 2020 happens in its time.
"""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.domain.cases import StepId, StepValue
from tansiq.domain.kinds.reform.judging import ACCEPTED, RETURNED
from tansiq.domain.labels import Label
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body
from tansiq.node.scenario.cast import PARTIES, moment, read_json

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

Project = dict[str, Any]
OWNER: Final = PartyCode("MPA")
_MANAGER: Final = "MPA/reform-manager"
_OFFICER: Final = "MPA/liaison-officer"
_REGISTERED: Final = "2020-01-05"  # when what was done before was written down
_HOUR: Final = 3_600_000
_OTHERS: Final = frozenset(PartyCode(code) for code in ("COA", "ERB", "MOD"))
_CHARTER: Final = (
    "code", "text", "title_en", "title_ar", "title_ckb", "workstream", "lead", "start",
    "baseline_end", "forecast_end", "depends_on", "milestones",
)  # fmt: skip
# Who has answered of those who were asked about evidence that is not verified at the end.
_OPEN: Final = {"FOR-02": ("gb",), "LOG-04": ("de",)}
_NATIONS: Final = ("gb", "us", "de", "nl")
_LOOKED_AGAIN: Final = {"HR-03": "2020-07-16 09:00"}  # the second look that was made in its time
_ASKED_AT: Final = "2020-12-20 11:00"  # of what was submitted on the last day
_UNDER_WAY: Final = frozenset({"in_progress", "suspended", "returned", "submitted"})


def put_on(stage: "Stage") -> None:
    """Put every project, every change of its state and its evidence into the queue."""
    for number, item in enumerate(read_json("reform.json")):
        project: Project = item
        begun = max(str(project["start"]), _REGISTERED)
        if project["state"] in ("proposed", "chartered"):
            begun = "2020-11-02"
        stage.at(moment(f"{begun} 09:00") + number * 60_000, partial(_found, stage, project))
        _later(stage, project, number)


def _later(stage: "Stage", project: Project, number: int) -> None:
    """What follows after a project was written down."""
    state, ended = str(project["state"]), str(project["forecast_end"])
    change = project.get("change")
    if change:
        if change[1] == "send_back":
            stage.at(moment("2020-11-16 10:00"), partial(_move, stage, project, "submit"))
        stage.at(moment(change[0]), partial(_move, stage, project, change[1], change[2:]))
    if state in ("executed", "submitted"):
        day = max(ended, "2020-01-06")
        at = moment(f"{day} 10:00") + number * 60_000
        if state == "submitted":
            at = moment(_ASKED_AT) - _HOUR
        stage.at(at, partial(_executed, stage, project))
    if project["evidence"]:
        stage.at(_asked_at(project, number), partial(_gather, stage, project))


def _asked_at(project: Project, number: int) -> int:
    """When the verifiers of a project are asked."""
    code, state, verified = project["code"], project["state"], project["verified_on"]
    if state == "submitted":
        return moment(_ASKED_AT)
    if code == "COM-03":
        return moment("2020-11-16 11:00")
    if state == "executed":
        day = max(str(project["forecast_end"]), _REGISTERED)
        if verified and verified > _REGISTERED:
            day = max(day, (dt.date.fromisoformat(verified) - dt.timedelta(days=6)).isoformat())
        return moment(f"{day} 13:00") + number * 60_000
    return moment("2020-12-01 10:00") + number * 60_000


def _found(stage: "Stage", project: Project) -> None:
    """Write the charter of a project and bring it to the state in which it began."""
    manager, body = PARTIES[OWNER].actor("reform-manager"), body_of(project)
    draft = say.Draft(kind="project", body=body, label=Label(audience=(_OTHERS,)))
    stage.keep(_key(project), OWNER, say.write(stage.desks[OWNER], manager, draft))
    state = str(project["state"])
    if state != "proposed":
        _move(stage, project, "charter")
    if state in _UNDER_WAY | {"executed"}:
        _move(stage, project, "begin")


def body_of(project: Project) -> Body:
    """The charter of a project of the sample."""
    body: Body = {name: project[name] for name in _CHARTER if project[name]}
    body |= {
        "objective": project["title_en"], "responsible": "Director of the workstream",
        "sustained_by": "Receiving directorate",
        "budget": [
            {"source": "own" if project["origin"] == "ministry" else project["lead"],
             "planned": _dollars(project["planned"]), "spent": _dollars(project["spent"])}
        ],
    }  # fmt: skip
    if project["state"] in ("executed", "submitted"):
        body["received_by"] = "Receiving directorate, protocol of handover"
    if project["code"] == "FOR-03":
        body["waits_for"] = "Decision of the two governments on phase two"
    return body


def _dollars(amount: int) -> dict[str, object]:
    return {"currency": "USD", "minor": amount * 100}


def _key(project: Project) -> str:
    return f"project:{project['code']}"


def _move(stage: "Stage", project: Project, name: str, why: Sequence[str] = ()) -> None:
    """A change of state by the reform manager, with its reason."""
    desk, manager = stage.desks[OWNER], PARTIES[OWNER].actor("reform-manager")
    record = stage.records[_key(project)][1]
    view = read.record(desk, desk.viewer(manager), OWNER, record)
    said: Body = dict(zip(("reason_class", "reason", "decision"), why, strict=False))
    say.step(desk, manager, record, view.value.digest, name, said=said)


def _executed(stage: "Stage", project: Project) -> None:
    """Submit a project, and where its owner says so, declare it executed."""
    _move(stage, project, "submit")
    if project["state"] == "executed":
        _move(stage, project, "declare_executed")


def _gather(stage: "Stage", project: Project) -> None:
    """Bring the evidence and ask the verifiers; their answers come in the days after."""
    desk, manager = stage.desks[OWNER], PARTIES[OWNER].actor("reform-manager")
    names = []
    for number, item in enumerate(project["evidence"], start=1):
        body: Body = {
            "about": stage.records[_key(project)][1], "proof": item["proof"],
            "text": item["text"], "proves": [{"mark": mark} for mark in item["proves"]],
        }  # fmt: skip
        draft = say.Draft(
            kind="evidence", body=body, label=Label(audience=(frozenset({PartyCode("COA")}),))
        )
        name = f"evidence:{project['code']}:{number}"
        stage.keep(name, OWNER, say.write(desk, manager, draft))
        names.append(name)
    now = stage.clock.now()
    nations = _asked(project)
    seats = (*(f"COA/adviser-{one}" for one in nations), _OFFICER)
    stage.at(now + 600_000, partial(_each, stage, names, _MANAGER,
                                    "ask_verifiers", {"seats": seats}))  # fmt: skip
    answered = nations if _is_verified(project) else _OPEN.get(project["code"], ())
    last = now + 2 * _HOUR
    for number, nation in enumerate(answered, start=1):
        last = now + number * 20 * _HOUR if _is_verified(project) else now + _HOUR
        stage.at(last, partial(_each, stage, names, f"COA/adviser-{nation}", "accept_item"))
    if _is_verified(project):
        last += 2 * _HOUR
        stage.at(last, partial(_each, stage, names, _OFFICER, "accept_item"))
        stage.at(last + _HOUR, partial(_each, stage, names, _MANAGER,
                                       "conclude_review", {"finding": ACCEPTED}))  # fmt: skip
    _look_again(stage, project, names, seats)
    if project["code"] == "COM-03":
        lacks: dict[str, StepValue] = {"item_lacks": "unsigned"}
        stage.at(now + _HOUR, partial(_each, stage, names, "COA/adviser-us", "return_item",
                                      lacks))  # fmt: skip
        stage.at(now + 2 * _HOUR, partial(_each, stage, names, _MANAGER,
                                          "conclude_review", {"finding": RETURNED}))  # fmt: skip


def _look_again(
    stage: "Stage", project: Project, names: Sequence[str], seats: Sequence[str]
) -> None:
    """The second look at the evidence for which its project wants one."""
    day = _LOOKED_AGAIN.get(str(project["code"]))
    if day is None:
        return
    marks = {one["mark"] for one in project["milestones"] if one.get("again_days")}
    again = [
        name
        for name, item in zip(names, project["evidence"], strict=True)
        if marks & set(item["proves"])
    ]
    at = moment(day)
    stage.at(at, partial(_each, stage, again, _MANAGER, "ask_verifiers", {"seats": tuple(seats)}))
    for number, seat in enumerate(seats, start=1):
        stage.at(at + number * _HOUR, partial(_each, stage, again, seat, "accept_item"))
    stage.at(
        at + (len(seats) + 1) * _HOUR,
        partial(_each, stage, again, _MANAGER, "conclude_review", {"finding": ACCEPTED}),
    )


def _asked(project: Project) -> tuple[str, ...]:
    """The nations whose advisers are asked: the lead and the next, or all four."""
    if project["code"] == "FOR-02":
        return _NATIONS
    lead = str(project["lead"])
    return lead, _NATIONS[(_NATIONS.index(lead) + 1) % len(_NATIONS)]


def _is_verified(project: Project) -> bool:
    """Whether the verifiers accept: what is verified in the end, and what is done of the rest."""
    return bool(project["verified_on"]) or project["state"] in ("in_progress", "suspended")


def _each(
    stage: "Stage", names: Sequence[str], seat: str, act: str,
    values: dict[str, StepValue] | None = None,
) -> None:  # fmt: skip
    """One act of a seat (PARTY/position) about each of these items of evidence."""
    party, _, position = seat.partition("/")
    desk, actor = stage.desks[party], PARTIES[party].actor(position)
    for name in names:
        owner, record = stage.records[name]
        view = read.record(desk, desk.viewer(actor), owner, record)
        read.mark_read(desk, actor, view)
        found = rounds.circle_of(desk, desk.viewer(actor), view, actor)
        assert found is not None, "evidence is a circle"
        about = StepId("") if act == "ask_verifiers" else StepId(found.value.about(act))
        rounds.take(
            desk, actor,
            Wanted(owner=owner, record=record, lane="", act=act, seen=found.value.newest,
                   of=about, values=values or {}),
        )  # fmt: skip
