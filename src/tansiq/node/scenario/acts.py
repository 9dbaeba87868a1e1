"""What the people of the sample scenario do: reports, releases, recalls, replies, log lines."""

import csv
from collections.abc import Callable
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Final

from tansiq.desk.act.desk import Desk
from tansiq.desk.records import read, say, unknowns
from tansiq.desk.records.files import attach
from tansiq.desk.records.say import Draft
from tansiq.desk.release import releasing
from tansiq.desk.release.releasing import Wish
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Actor, Classification, PartyCode
from tansiq.domain.places import gazetteer, place_named
from tansiq.domain.records import Body
from tansiq.domain.unknowns import UnknownState, asked
from tansiq.node.scenario.cast import PARTIES, moment, read_json
from tansiq.node.scenario.files import file_named

if TYPE_CHECKING:
    from tansiq.node.scenario.play import Stage

MINUTE: Final = 60_000
_AS_WRITTEN: Final = ("size", "hurt", "dead", "done", "asked", "informant", "internal")
Given = dict[str, object]


def put_on(stage: "Stage") -> None:
    """Put every act of the scenario into the queue."""
    for item in read_json("incidents.json"):
        after = int(str(item.get("after", 5)))
        stage.at(moment(str(item["at"])) + after * MINUTE, partial(report, stage, item))
    for item in read_json("replies.json"):
        stage.at(moment(str(item["at"])), partial(_REPLIES[str(item["what"])], stage, item))
    source = resources.files("tansiq.node.scenario") / "log_lines.csv"
    with source.open("r", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            stage.at(moment(row["at"]) + 2 * MINUTE, partial(log_line, stage, row))


def report(stage: "Stage", item: Given) -> None:
    """Somebody writes an incident; releasing it, its steps and its links follow in their time."""
    name, party = str(item["no"]), str(item["by"])
    plan, desk, now = PARTIES[party], stage.desks[party], stage.clock.now()
    author = plan.actor(str(item["position"])) if "position" in item else plan.duty()
    label = Label(
        classification=Classification(str(item.get("class", "restricted"))),
        categories=frozenset(_strings(item.get("categories", []))),
        audience=audience_of(*map(PartyCode, _strings(item["to"]))),
    )
    _remember_answers(stage, item)
    with desk.act() as act:
        body = _body(item, plan.language) | unknowns_of(item, desk)
        if "file" in item:
            body["attachments"] = [attach(act, author, file_named(str(item["file"])), label)]
        record = say.write_in(act, author, Draft(kind="incident", body=body, label=label)).record
        stage.keep(name, party, record)
    stage.at(now + 2 * MINUTE, partial(release, stage, name, _strings(item["to"]), approve=True))
    steps = item.get("steps", [])
    assert isinstance(steps, list)
    for step, minutes, *again in steps:
        told = again or (step == "close" and not item.get("quiet", False))
        targets = _strings(item["to"]) if told else []
        stage.at(now + minutes * MINUTE, partial(take_step, stage, name, step, targets))
    if "same_as" in item:
        other = str(item["same_as"])
        stage.at(now + 30 * MINUTE, partial(link, stage, name, other))
        stage.at(now + 75 * MINUTE, partial(link, stage, other, name))
    if "recall" in item:
        gone = now + (4 + int(str(item["recall"]))) * MINUTE
        stage.at(gone, partial(recall, stage, name, _strings(item["to"])))


def _remember_answers(stage: "Stage", item: Given) -> None:
    name = str(item["no"])
    for key, kept in (("ack", stage.delays), ("ack_text", stage.remarks)):
        given = item.get(key, {})
        assert isinstance(given, dict)
        kept.update({(name, party): value for party, value in given.items()})


def _body(item: Given, language: str) -> Body:
    town = gazetteer()[str(item["place"])]
    text = item["text"]
    if isinstance(text, dict):
        text = f"{text['own']}\n{text['en']}"
    return {
        "category": item["category"],
        "severity": item["severity"],
        "text": text,
        "observed": moment(str(item["at"])),
        "place": place_named(town.names.of(language)).to_json(),
        "grade": item["grade"],
        **{name: item[name] for name in _AS_WRITTEN if name in item},
    }


def unknowns_of(item: Given, desk: Desk) -> Body:
    """What the story says is not known, as items with ids of their own."""
    lines = _strings(item.get("unknowns", []))
    return {"unknowns": asked(lines, desk.entropy.uuid)} if lines else {}


def release(stage: "Stage", name: str, to: list[str], *, approve: bool) -> None:
    """Release a record to those who lack its newest edition, by the first rule that fits."""
    party, record = stage.records[name]
    plan, desk = PARTIES[party], stage.desks[party]
    actor = plan.liaison()
    viewer = desk.viewer(actor)
    newest = read.record(desk, viewer, party, record).value.at
    for other in to:
        known = [item for item in read.releases_of(desk, viewer, record) if item.party == other]
        if any(item.prepared_at >= newest for item in known):
            continue  # an automatic rule was faster
        rule = releasing.rules_for(desk, actor, record, PartyCode(other))[0]
        wish = Wish(record=record, to=PartyCode(other), rule=rule.name)
        seen = releasing.preview(desk, actor, wish).digest
        prepared = releasing.prepare(desk, actor, wish, seen=seen)
        if approve and releasing.waits(desk, prepared):
            second = partial(releasing.approve, desk, _second(party, actor), prepared)
            stage.at(stage.clock.now() + 2 * MINUTE, second)


def _second(party: str, first: Actor) -> Actor:
    plan = PARTIES[party]
    return plan.duty() if plan.duty().person != first.person else plan.liaison()


def take_step(stage: "Stage", name: str, step: str, again: list[str]) -> None:
    """Somebody takes a step of the state machine, and perhaps releases the record again."""
    party, record = stage.records[name]
    actor, desk = PARTIES[party].liaison(), stage.desks[party]
    base = say.current(desk, actor, record).value.digest
    say.step(desk, actor, record, base, step)
    if again:
        release(stage, name, again, approve=True)


def change(stage: "Stage", name: str, fields: Body) -> None:
    """Somebody writes a new edition with some fields changed."""
    party, record = stage.records[name]
    actor, desk = PARTIES[party].liaison(), stage.desks[party]
    old = say.current(desk, actor, record).value
    draft = Draft(kind=old.kind, body={**old.body, **fields}, label=old.label, tear=old.tear)
    say.revise(desk, actor, record, old.digest, draft)


def link(stage: "Stage", name: str, other: str) -> None:
    """Somebody notes that two parties' records tell of one event; both stay."""
    change(stage, name, {"same_as": [stage.records[other][1]]})


def recall(stage: "Stage", name: str, to: list[str]) -> None:
    """The owner takes a release back."""
    party, record = stage.records[name]
    for other in to:
        actor = PARTIES[party].liaison()
        releasing.recall(stage.desks[party], actor, record, PartyCode(other), "error")


def reply(stage: "Stage", item: Given) -> None:
    """A different account of what a partner's record tells."""
    party, about = str(item["by"]), str(item["about"])
    body: Body = {name: item[name] for name in ("text", "grade") if name in item}
    desk, actor, seen = stage.desks[party], PARTIES[party].duty(), stage.seen(party, about)
    # The name is known before the partner hears of it.
    record = say.reply(desk, actor, str(item["what"]), about=seen, body=body)
    stage.keep(str(item["key"]), party, record)


def know(stage: "Stage", item: Given) -> None:
    """What was not known is answered by a record, or nobody needs to know it any more."""
    party, record = stage.records[str(item["about"])]
    desk, actor = stage.desks[party], PARTIES[party].liaison()
    old = say.current(desk, actor, record).value
    items = old.body["unknowns"]
    assert isinstance(items, list)
    chosen = items[int(str(item.get("item", 0)))]["id"]
    state, by = UnknownState.NO_VALUE, ""
    if "answer" in item:
        state, by = UnknownState.ANSWERED, stage.records[str(item["answer"])][1]
    unknowns.settle(
        desk, actor, record, old.digest, unknowns.Settling(item=chosen, state=state, by=by)
    )


def revise(stage: "Stage", item: Given) -> None:
    """A later edition, released again; ``silent`` parties do not react before the scenario ends."""
    name, fields = str(item["about"]), item["fields"]
    assert isinstance(fields, dict)
    for party in _strings(item["silent"]):
        stage.delays[name, party] = -1
    change(stage, name, fields)
    approved = not item.get("unapproved", False)
    release(stage, name, _strings(item["again"]), approve=approved)


def finish(stage: "Stage", item: Given) -> None:
    """The dispute is settled."""
    take_step(stage, str(item["about"]), str(item["what"]), [])


def log_line(stage: "Stage", row: dict[str, str]) -> None:
    """A line of the duty log; a correction is a line of its own."""
    party, desk = row["by"], stage.desks[row["by"]]
    actor = PARTIES[party].actor(row["position"])
    body: Body = {"observed": moment(row["at"]), "text": row["text"], "channel": row["channel"]}
    body |= {name: row[name] for name in ("action_due", "informant") if row[name]}
    if row["tell"]:
        body["tell"] = row["tell"].split()
    if row["significant"]:
        body["significant"] = True
    if row["related"]:
        body["related"] = [stage.records[row["related"]][1]]
    draft = Draft(kind="log_line", body=body, label=Label())
    if row["corrects"]:
        corrected = stage.records[f"line:{row['corrects']}"][1]
        say.correct_line(desk, actor, corrected, draft)
        return
    record = say.write(desk, actor, draft)
    if row["key"]:
        stage.keep(f"line:{row['key']}", party, record)


def _strings(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(item) for item in value]


_REPLIES: Final[dict[str, Callable[["Stage", Given], None]]] = {
    "dispute": reply,
    "settle": finish,
    "revise": revise,
    "know": know,
}
