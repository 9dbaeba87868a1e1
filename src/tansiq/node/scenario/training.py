"""The training of the sample scenario: courses, rooms, instructors, and fourteen cohorts with their
sessions, suspended on 8 March 2020 (``suspension``) and taken up again from June on.

Each cohort is planned, nominated, cleared, begun and held in its time. What was suspended moves
with its sessions when it is resumed; the dates of spring stay as its baseline.
"""

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tansiq.desk.records import read, say
from tansiq.desk.records.read import View
from tansiq.desk.training import moving
from tansiq.desk.training.moving import Dates
from tansiq.domain.labels import Label
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.places import gazetteer, place_named
from tansiq.domain.records import Body
from tansiq.node.scenario import certificates, suspension
from tansiq.node.scenario.cast import PARTIES, moment, read_json

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

Item = dict[str, Any]
_REGISTERED: Final = "2020-01-05"
_NOW: Final = "2020-12-18 10:00"
_MINUTE: Final = 60_000
_WHOLE: Final = (PartyCode("COA"), PartyCode("MPA"))  # who see all of one another's training
_TITLES: Final = ("title_en", "title_ar", "title_ckb")
_KEPT: Final = {
    "course": ("code", *_TITLES, "family", "subject", "days", "language", "on_line", "size_min",
               "size_max", "needs", "certificate_months"),
    "training_room": ("code", "text", "capacity", "mode"),
    "instructors": ("subject", "language", "of", "count"),
    "cohort": ("code", "mode", "room", "lead", "days", "places", "instructors", "for_projects"),
}  # fmt: skip
# How many days before its first day the participants of a cohort are nominated, and so on.
_AHEAD: Final = (("nominate", 26), ("ask_clearance", 22), ("clear", 8), ("begin", 0))
_CLEARANCE: Final = {"ask_clearance": certificates.asked, "begin": certificates.begun}
_PANDEMIC: Final[Body] = {
    "reason_class": "pandemic", "reason": "Training is suspended until conditions permit",
}  # fmt: skip


def put_on(stage: "Stage") -> None:
    """Put everything that is taught, and when, into the queue."""
    items: list[Item] = read_json("training.json")
    for number, item in enumerate(one for one in items if one["kind"] != "cohort"):
        stage.at(moment(f"{_REGISTERED} 08:00") + number * _MINUTE, partial(_write, stage, item))
    cohorts = [one for one in items if one["kind"] == "cohort"]
    for number, cohort in enumerate(cohorts):
        _put_cohort(stage, cohort, number * _MINUTE)
    suspension.put_on(stage)


def _put_cohort(stage: "Stage", cohort: Item, later: int) -> None:
    planned = moment(f"{cohort.get('planned_on', _REGISTERED)} 10:00") + later
    stage.at(planned, partial(_plan, stage, cohort))
    for name, days in _AHEAD[: _reached(cohort)]:
        at = max(moment(f"{_before(cohort['first'], days)} 07:00") + later, planned + _MINUTE)
        if name == "clear":
            stage.at(at, partial(certificates.given, stage, cohort))
        stage.at(at, partial(_move, stage, cohort, name, _said(cohort)))
        if name in _CLEARANCE:
            stage.at(at, partial(_CLEARANCE[name], stage, cohort))
    for number, session in enumerate(cohort["sessions"]):
        if "held" in session:
            stage.at(moment(f"{session['held']} 15:00") + later,
                     partial(_held, stage, cohort, number, session["attended"]))  # fmt: skip
    if "done" in cohort:
        stage.at(moment("2020-03-08 09:00") + later,
                 partial(_edit, stage, cohort, {"days_done": cohort["done"]}))  # fmt: skip
    _put_end(stage, cohort, later)


def _put_end(stage: "Stage", cohort: Item, later: int) -> None:
    """How a cohort goes on after the suspension, and how it ends."""
    if "resumed" in cohort:
        stage.at(moment(f"{cohort['resumed']['on']} 08:00") + later,
                 partial(resumed, stage, cohort))  # fmt: skip
    if "done_now" in cohort:
        stage.at(moment(_NOW) + later,
                 partial(_edit, stage, cohort, {"days_done": cohort["done_now"]}))  # fmt: skip
    if "finished" in cohort:
        ends = dict(cohort["finished"])
        at = moment(f"{ends.pop('on')} 16:00") + later
        stage.at(at, partial(_move, stage, cohort, "finish", {**ends, "days_done": cohort["days"]}))
    if "called_off" in cohort:
        why = {"reason_class": "pandemic", **cohort["called_off"]}
        stage.at(moment(f"{why.pop('on')} 09:00"), partial(_called_off, stage, cohort, why))


def _reached(cohort: Item) -> int:
    """How far a cohort comes before its first day: it begins, or it is cleared, or waits for it."""
    return 4 if "enrolled" in cohort else 2 if "waits" in cohort else 3


def _said(cohort: Item) -> Body:
    """The counts that its steps ask for."""
    enrolled = cohort.get("enrolled", 0)
    return {"nominated": cohort.get("nominated", cohort["places"]), "enrolled": enrolled}


def _before(day: str, days: int) -> str:
    return (dt.date.fromisoformat(day) - dt.timedelta(days=days)).isoformat()


def _manager(item: Item) -> Actor:
    return PARTIES[item["owner"]].actor("training-manager")


def _label(item: Item) -> Label:
    """To whom it may go: courses and cohorts to all, the rest to whom sees all of it."""
    owner = PartyCode(item["owner"])
    others = PARTIES if item["kind"] in ("course", "cohort") else _WHOLE
    return Label(audience=(frozenset(PartyCode(one) for one in others) - {owner},))


def _write(stage: "Stage", item: Item, more: Body | None = None) -> None:
    """Write a record as its owner's manager does."""
    plan = PARTIES[item["owner"]]
    body: Body = {name: item[name] for name in _KEPT[item["kind"]] if name in item}
    if item["kind"] == "course":
        body["text"] = item[f"title_{plan.language}"]
    if "place" in item:
        town = gazetteer()[item["place"]].names.of(plan.language)
        body["place"] = place_named(town).to_json()
    draft = say.Draft(kind=item["kind"], body={**body, **(more or {})}, label=_label(item))
    record = say.write(stage.desks[plan.code], _manager(item), draft)
    stage.keep(_key(item), plan.code, record)


def _key(item: Item) -> str:
    return f"{item['kind']}:{item.get('code', item.get('subject'))}"


def _plan(stage: "Stage", cohort: Item) -> None:
    """Write a cohort with the sessions that were planned at first."""
    course = stage.records[f"course:{cohort['course']}"][1]
    desk, manager = stage.desks[cohort["owner"]], _manager(cohort)
    view = read.record(desk, desk.viewer(manager), cohort["owner"], course).value
    same = {name: view.body[name] for name in ("text", "subject", "language")}
    dates = {"first_day": cohort["first"], "last_day": cohort["last"]}
    _write(stage, cohort, {**same, **dates, "about": course})
    for number, session in enumerate(cohort["sessions"]):
        if "new" not in session:
            _session(stage, cohort, number)


def _session(stage: "Stage", cohort: Item, number: int) -> None:
    session, owner = cohort["sessions"][number], cohort["owner"]
    body: Body = {
        "about": stage.records[_key(cohort)][1], "text": session["text"],
        "first_day": session["first"], "days": session["days"],
    }  # fmt: skip
    label = _label({"kind": "session", "owner": owner})
    draft = say.Draft(kind="session", body=body, label=label)
    record = say.write(stage.desks[owner], _manager(cohort), draft)
    stage.keep(_session_key(cohort, number), owner, record)


def _session_key(cohort: Item, number: int) -> str:
    return f"session:{cohort['code']}:{number}"


def _view(stage: "Stage", cohort: Item, name: str) -> View:
    desk = stage.desks[cohort["owner"]]
    return read.record(desk, desk.viewer(_manager(cohort)), *stage.records[name])


def _step(stage: "Stage", cohort: Item, key: str, name: str, said: Body) -> None:
    old = _view(stage, cohort, key).value
    desk = stage.desks[cohort["owner"]]
    say.step(desk, _manager(cohort), old.record, old.digest, name, said=said)


def _move(stage: "Stage", cohort: Item, name: str, said: Body) -> None:
    """A step of a cohort."""
    _step(stage, cohort, _key(cohort), name, said)


def _edit(stage: "Stage", cohort: Item, changes: Body) -> None:
    """Write down something more of a cohort."""
    old = _view(stage, cohort, _key(cohort)).value
    draft = say.Draft(kind=old.kind, body={**old.body, **changes}, label=old.label, tear=old.tear)
    desk = stage.desks[cohort["owner"]]
    say.revise(desk, _manager(cohort), old.record, old.digest, draft)


def _held(stage: "Stage", cohort: Item, number: int, attended: int) -> None:
    _step(stage, cohort, _session_key(cohort, number), "hold_session", {"attended": attended})


def _lost(stage: "Stage", cohort: Item) -> None:
    """What of a cohort was not made up for."""
    for number, session in enumerate(cohort["sessions"]):
        if "lost" in session:
            _step(stage, cohort, _session_key(cohort, number), "lose_session", _PANDEMIC)


def _called_off(stage: "Stage", cohort: Item, why: Body) -> None:
    _lost(stage, cohort)
    _move(stage, cohort, "call_off", why)


def resumed(stage: "Stage", cohort: Item) -> None:
    """The manager resumes a cohort: it moves with its sessions, some of them further than others,
    for rooms are half full.
    """
    again = cohort["resumed"]
    suspension.resume(stage, PartyCode(cohort["owner"]), stage.records[_key(cohort)][1])
    if "mode" in again:
        _edit(stage, cohort, {"mode": again["mode"]})
    _lost(stage, cohort)
    desk, manager = stage.desks[cohort["owner"]], _manager(cohort)
    after = [one["after"] for one in cohort["sessions"] if "after" in one]
    first = str(again.get("first", cohort["first"]))
    dates = Dates(first_day=first, last_day=again["last"], next_day=min(after, default=""))
    with desk.act() as act:
        moving.move_in(act, manager, _view(stage, cohort, _key(cohort)), dates, why=_PANDEMIC)
    for number, session in enumerate(cohort["sessions"]):
        if "new" in session:
            _session(stage, cohort, number)
        elif "after" in session:
            key = _session_key(cohort, number)
            if _view(stage, cohort, key).value.body["first_day"] != session["after"]:
                said = {"first_day": session["after"], **_PANDEMIC}
                _step(stage, cohort, key, "move_session", said)
