"""Every number of the reform programme is the one that the logs give: whoever counts the entries
anew, in a way of its own, comes to the same, on the portfolio, in the report and in every file, as
of any past moment, at the owner's node and at a verifier's.

Verified never counts what its verifier has not accepted: for that the recount asks the verifier's
own journal. What was recalled is gone from every count at the partner, of earlier moments too.
"""

import csv
import datetime as dt
import io
import json
import re
from contextlib import suppress
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.desk.release import releasing
from tansiq.domain.errors import TansiqError
from tansiq.domain.kinds import KINDS
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import decode_object
from tansiq.log.store import JOURNAL, in_log
from tansiq.policy.agreement import Follow
from tests import breadth
from tests.typesetters import Plain
from tests.web.pair import Screen
from tests.world import DAY, rule, to, worlds

MANAGER, ADVISER, OFFICER = "programme-manager", "adviser", "liaison-officer"
SEATS = ("COA/adviser", "MPA/liaison-officer")
KIND_NAMES = frozenset({"project", "evidence", "evidence_note"})
MINUTE = 60_000
ZONE = ZoneInfo("Asia/Baghdad")
MARKS = ("M1", "M2")
COUNTS = ("all", "executed", "verified", "unverified", "asked", "blocked", "due", "overdue")
AGAIN = 10  # days after which the second milestone is looked at once more
WHY = {"reason_class": "funding", "reason": "No money", "decision": "Order 7"}
CODES = ("AA-01", "AA-02")

acts = st.one_of(
    st.tuples(st.just("move"), st.integers(0, 1), st.integers(0, 4)),
    st.tuples(st.just("on"), st.integers(0, 1), st.just(0)),
    st.tuples(st.just("prove"), st.integers(0, 1), st.sampled_from([MARKS, MARKS[:1]])),
    st.tuples(st.sampled_from(["ask_verifiers", "through"]), st.integers(0, 3), st.just(0)),
    st.tuples(st.sampled_from(["accept_item", "return_item"]), st.integers(0, 3),
              st.sampled_from(["COA", "MPA"])),
    st.tuples(st.just("conclude_review"), st.integers(0, 3),
              st.sampled_from(["accepted", "returned"])),
    st.tuples(st.just("recall"), st.integers(0, 1), st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 8), st.just(0)),
)  # fmt: skip


class Programme:
    """Two projects of MPA, the second of which needs the first, and COA, which verifies."""

    def __init__(self, world):
        self.world = world
        for party in ("MPA", "COA"):
            world.agree(
                "MPA",
                "COA",
                *(
                    rule(
                        party,
                        f"P-{party}",
                        kinds=KIND_NAMES,
                        automatic=True,
                        purpose="programme",
                        follow=Follow.WHOLE,
                    )
                    for party in ("MPA", "COA")
                ),
            ) if party == "MPA" else None
            world.desk(party).typesetter = Plain()
        self.projects = [self._write("project", self._charter(code)) for code in CODES]
        self.evidence = []

    @staticmethod
    def _charter(code):
        return {
            "code": code, "text": code, "workstream": "supply", "objective": "Stores are known",
            "responsible": "Director", "start": "2020-01-01", "baseline_end": "2020-12-01",
            "forecast_end": "2020-12-10", "sustained_by": "Depot", "received_by": "Depot",
            "depends_on": CODES[0] if code == CODES[1] else "",
            "milestones": [{"mark": mark, "weight": 1, "due": "2020-12-01", "done": "2020-12-02",
                            **({"again_days": AGAIN} if mark == MARKS[1] else {})}
                           for mark in MARKS],
        }  # fmt: skip

    def _write(self, kind, body):
        names = f"{kind} {len(self.world.names.used)}"
        kept = {name: value for name, value in body.items() if value != ""}
        draft = say.Draft(kind=kind, body=kept, label=to("COA"))
        return self.world.write("MPA", names, draft, MANAGER)

    def do(self, act):
        """One act, as far as it is allowed, a minute later; what it changes arrives at once."""
        name, at, more = act
        self.world.clock.time += MINUTE
        with suppress(TansiqError):
            if name in ("move", "on"):
                self._move(self.projects[at], name, more)
            elif name == "wait":
                self.world.clock.time += at * DAY
            elif name == "prove":
                about = {"about": self.projects[at], "proof": "protocol", "text": "Protocol"}
                proves = [{"mark": mark} for mark in more]
                self.evidence.append(self._write("evidence", {**about, "proves": proves}))
            elif name == "recall":
                actor = self.world.actor("MPA", OFFICER)
                with self.world.names.under(f"recall {len(self.world.names.used)}"):
                    releasing.recall(self.world.desk("MPA"), actor, self.projects[at],
                                     PartyCode("COA"), "error")  # fmt: skip
            elif at < len(self.evidence):
                self._judge(self.evidence[at], name, more)
        for _ in range(2):
            self.world.exchange("MPA", "COA")

    def _move(self, record, name, number):
        """The next step on the way to executed, or any of those that are open."""
        desk, actor = self.world.desk("MPA"), self.world.actor("MPA", MANAGER)
        view = read.record(desk, desk.viewer(actor), "MPA", record).value
        steps = KINDS["project"].steps_from(view.state)
        way = ("charter", "begin", "submit", "declare_executed", "resume")
        named = [one.name for one in steps]
        onward = [one for one in way if one in named]
        if name == "move":
            onward = named[number % len(named) :] if named else []
        if not onward:
            return
        chosen = onward[0]
        with self.world.names.under(f"{chosen} {len(self.world.names.used)}"):
            say.step(desk, actor, record, view.digest, chosen, said=WHY)

    def _judge(self, record, name, more):
        if name == "through":  # the whole way at once, or random acts seldom verify anything
            for party, act, values in (
                ("MPA", "ask_verifiers", ""), ("COA", "accept_item", "COA"),
                ("MPA", "accept_item", "MPA"), ("MPA", "conclude_review", "accepted"),
            ):  # fmt: skip
                self._step(party, record, act, values)
                self.world.exchange("MPA", "COA")
                self.world.exchange("MPA", "COA")
            return
        self._step(more if more == "COA" else "MPA", record, name, more)

    def _step(self, party, record, name, more):
        position = ADVISER if party == "COA" else OFFICER if more == "MPA" else MANAGER
        values = {"ask_verifiers": {"seats": SEATS}, "return_item": {"item_lacks": "unsigned"},
                  "conclude_review": {"finding": more}}.get(name, {})  # fmt: skip
        desk, actor = self.world.desk(party), self.world.actor(party, position)
        view = read.record(desk, desk.viewer(actor), "MPA", record)
        found = rounds.circle_of(desk, desk.viewer(actor), view, actor).value
        of = "" if name == "ask_verifiers" else found.about(name)
        with self.world.names.under(f"{party} {name} {len(self.world.names.used)}"):
            rounds.take(desk, actor, Wanted(owner="MPA", record=record, lane="", act=name,
                                            seen=found.newest, of=of, values=values))  # fmt: skip


def entries(desk, log):
    return [decode_object(one.data) for one in desk.store.scan(log) if one.data is not None]


def recount(programme, party, moment):
    """The numbers at a party's node as of a moment, from the entries of its logs alone; what the
    verifier accepted is what its own journal says.
    """
    desk = programme.world.desk(party)
    told = entries(desk, JOURNAL) if party == "MPA" else entries(desk, in_log("MPA"))
    other = entries(desk, in_log("COA" if party == "MPA" else "MPA"))
    gone = {one["record"] for one in told if one["type"] == "recall"} if party == "COA" else set()
    newest = {}
    for one in told:
        if one["type"] == "edition" and one["at"] <= moment and one["record"] not in gone:
            newest[one["record"]] = one
    steps = {}
    for one in (*entries(desk, JOURNAL), *other):
        if one["type"] == "step":
            said = one.get("said", one)
            if said["at"] <= moment:
                steps.setdefault(said["step"], said)
    proofs = [one for one in newest.values() if one["kind"] == "evidence"]
    stands = {one["record"]: _stands(one, steps.values()) for one in proofs}
    today = day_of(moment)
    accepted = _accepted_at_home(programme, moment)
    found = dict.fromkeys(COUNTS, 0)
    projects = [one for one in newest.values() if one["kind"] == "project"]
    held = {one["body"]["code"] for one in projects if one["state"] in ("on_hold", "suspended")}
    for one in projects:
        about = [p for p in proofs if p["body"]["about"] == one["record"]]
        proved = {
            row["mark"] for p in about if stands[p["record"]][0] == "accepted"
            and p["record"] in accepted for row in p["body"]["proves"]
        }  # fmt: skip
        executed = one["state"] in ("executed", "closed")
        verified = executed and proved >= set(MARKS)
        found["all"] += 1
        found["executed"] += executed
        found["verified"] += verified
        found["unverified"] += executed and not verified
        found["asked"] += any(stands[p["record"]][1] for p in about)
        looks = [stands[p["record"]][2] for p in about if one["state"] != "cancelled"]
        found["due"] += any(day and 0 <= (day - today).days <= 30 for day in looks)
        found["overdue"] += any(day and day < today for day in looks)
        found["blocked"] += one["body"].get("depends_on") in held
    return found


def day_of(moment):
    return dt.datetime.fromtimestamp(moment / 1000, dt.UTC).date()


def _stands(proof, steps):
    """Where an item of evidence stands: by its rounds, their answers and conclusions, whether the
    newest still asks, and on which day it is to be looked at once more.
    """
    mine = sorted((one for one in steps if one["root"] == proof["record"]),
                  key=lambda one: one["at"])  # fmt: skip
    again = MARKS[1] in [row["mark"] for row in proof["body"]["proves"]]
    held, outcome, due = False, "gathered", None
    for asked in (one for one in mine if one["act"] == "ask_verifiers"):
        about = [one for one in mine if one["of"] == asked["step"]]
        answers = {one["seat"]: one for one in about if one["act"].endswith("_item")}
        ended = [one for one in about if one["act"] == "conclude_review"]
        said = [
            answers[seat]["act"] if seat in answers else "" for seat in asked["values"]["seats"]
        ]
        outcome = "returned" if ended or "return_item" in said else "reviewed"
        if ended and ended[-1]["values"]["finding"] == "accepted" and set(said) == {"accept_item"}:
            outcome = "accepted"
            last = day_of(min(max(one["at"] for one in answers.values()), ended[-1]["at"]))
            if not held:
                due = last + dt.timedelta(days=AGAIN) if again else None
            elif due and last >= due:
                due = None
            held = True
        elif outcome == "returned":
            held, due = False, None
    return "accepted" if held else outcome, outcome == "reviewed", due


def _accepted_at_home(programme, moment):
    """The evidence that COA's adviser accepted and has not returned since, by its own journal."""
    said = {}
    for one in entries(programme.world.desk("COA"), JOURNAL):
        if one["type"] == "step" and one["at"] <= moment:
            said[one["root"]] = one["said"]["act"]
    return {root for root, act in said.items() if act == "accept_item"}


def as_typed(moment):
    return f"{dt.datetime.fromtimestamp(moment / 1000, ZONE):%Y-%m-%d+%H:%M}"


def shown(screen, moment):
    """The numbers of every exit of the room as of a moment, each under where it stands."""
    asked = f"as_of={as_typed(moment)}"
    page = screen.get(f"/reform?{asked}").content.decode()
    top = page[page.index('class="numbers"') : page.index("</dl>")]
    links = re.findall(r'<a href="/reform\?([^"]*)"[^>]*>.*?(\d+)', top)
    by_link = {re.sub(r"&?(amp;)?as_of=[^&]*(&amp;)?", "", link): int(n) for link, n in links}
    found = {"page": {name: by_link["" if name == "all" else f"only={name}"] for name in COUNTS}}
    told = json.loads(screen.get(f"/reform/report/pdf?{asked}").content)
    rows = told["parts"][0]["rows"]
    found["report pdf"] = {
        name: int(re.sub(r"\D", "", rows[at][2][0])) for at, name in enumerate(COUNTS)
    }
    codes = {name: rows[at][4][0] for at, name in enumerate(COUNTS)}
    assert all(found["page"][name] == codes[name].count("AA-") for name in COUNTS)
    book = openpyxl.load_workbook(
        io.BytesIO(screen.get(f"/reform/report/xlsx?{asked}").content)
    ).worksheets[1]
    lines = {row[0]: row for row in book.iter_rows(values_only=True)}
    found["report xlsx"] = {name: lines[f"1.{at}"][2] for at, name in enumerate(COUNTS, start=1)}
    text = screen.get(f"/reform/csv?{asked}").content.decode().removeprefix("\ufeff")
    heads, tags, *files = csv.reader(io.StringIO(text))
    state, verified = tags.index("#status+code"), tags.index("#indicator+verified")
    executed = [row for row in files if row[state] in ("executed", "closed")]
    sure = [row for row in executed if row[verified] == "Yes"]
    found["csv"] = {
        **found["page"], "all": len(files), "executed": len(executed), "verified": len(sure),
        "unverified": len(executed) - len(sure),
    }  # fmt: skip
    assert heads
    return found


@pytest.mark.slow
@settings(max_examples=breadth.of(6, 150), deadline=None)
@given(script=st.lists(acts, min_size=6, max_size=16))
def test_every_number_is_recounted_from_the_logs(script):
    """As of now and of earlier moments, at both nodes, in every way in which it leaves."""
    with worlds("MPA", "COA") as world:
        programme = Programme(world)
        for act in [("prove", 0, MARKS), *script]:
            programme.do(act)
        world.clock.time += MINUTE
        now = world.clock.now() // MINUTE * MINUTE
        begun = now - (len(script) + 2) * MINUTE
        moments = [now, begun + (now - begun) // MINUTE // 2 * MINUTE, now - 2 * MINUTE]
        for party, position in (("MPA", MANAGER), ("COA", ADVISER)):
            screen = Screen(world, party, position)
            for moment in moments:
                expected = recount(programme, party, moment)
                for where, numbers in shown(screen, moment).items():
                    assert numbers == expected, (party, where, moment)
