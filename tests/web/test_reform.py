"""The reform programme on its pages: the portfolio, a project, evidence, and who sees what."""

import csv
import io
import re
from contextlib import contextmanager

import pytest

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.domain.parties import Role
from tansiq.domain.wording import LANGUAGES
from tansiq.policy.agreement import Follow
from tests.web.pair import Screen, text_of, words
from tests.world import rule, to, worlds

MANAGER, ADVISER, OFFICER = "programme-manager", "adviser", "liaison-officer"
SEATS = ("COA/adviser", "MPA/liaison-officer")
KINDS = frozenset({"project", "evidence", "evidence_note"})
DOLLARS = {"currency": "USD", "minor": 33_000_000}


def charter(code="LOG-04", **more):
    """A project with two milestones, the first of them declared."""
    return {
        "code": code, "text": "Fuel accounting", "title_ar": "محاسبة الوقود",
        "title_ckb": "ژمێریاریی سووتەمەنی", "title_en": "Fuel accounting",
        "workstream": "supply", "lead": "de", "objective": "Every litre is accounted for",
        "responsible": "Director of supply", "start": "2019-11-15", "baseline_end": "2020-09-30",
        "forecast_end": "2020-12-20", "sustained_by": "Depot", "received_by": "Depot, protocol 7",
        "milestones": [
            {"mark": "M1", "named": "Rules issued", "done_when": "signed order", "weight": 1,
             "due": "2020-03-31", "done": "2020-03-20", "proof": "order"},
            {"mark": "M2", "named": "Handed over", "weight": 2, "due": "2020-12-19",
             "done": "2020-12-18", "proof": "protocol"},
        ],
        "budget": [{"source": "de", "planned": DOLLARS, "spent": DOLLARS}],
        **more,
    }  # fmt: skip


@contextmanager
def programme():
    """MPA, whose projects COA may see whole and MOD without money and evidence."""
    with worlds("MPA", "COA", "MOD") as made:
        for party in ("COA", "MOD"):
            hidden = frozenset({"budget"}) if party == "MOD" else frozenset()
            kinds = KINDS if party == "COA" else frozenset({"project"})
            rules = [rule("MPA", f"P-{party}", kinds=kinds, automatic=True, purpose="programme",
                          follow=Follow.WHOLE, hide=hidden)]  # fmt: skip
            if party == "COA":
                rules.append(rule("COA", "P-MPA", kinds=KINDS, automatic=True,
                                  purpose="programme", follow=Follow.WHOLE))  # fmt: skip
            made.agree("MPA", party, *rules)
        yield made


@pytest.fixture
def world():
    with programme() as made:
        yield made


def carry(world):
    for party in ("COA", "MOD"):
        world.exchange("MPA", party)


def write(world, kind, body, *parties, name=""):
    record = world.write("MPA", name or f"{kind} {body.get('code', '')}",
                         say.Draft(kind=kind, body=body, label=to(*parties)), MANAGER)  # fmt: skip
    carry(world)
    return record


def brought(world, project, *marks, name="proof"):
    """Evidence for these milestones, and a round that asks its verifiers."""
    body = {"about": project, "proof": "protocol", "text": "Protocol of handover",
            "proves": [{"mark": mark} for mark in marks]}  # fmt: skip
    record = write(world, "evidence", body, "COA", name=name)
    act(world, "MPA", MANAGER, record, "ask_verifiers", seats=SEATS)
    return record


def act(world, party, position, record, name, **values):
    desk, actor = world.desk(party), world.actor(party, position)
    view = read.record(desk, desk.viewer(actor), "MPA", record)
    found = rounds.circle_of(desk, desk.viewer(actor), view, actor).value
    of = "" if name == "ask_verifiers" else found.about(name)
    with world.names.under(f"{party} {position} {name} {record} {len(world.names.used)}"):
        rounds.take(
            desk, actor,
            Wanted(owner="MPA", record=record, lane="", act=name, seen=found.newest, of=of,
                   values=values),
        )  # fmt: skip
    carry(world)


def move(world, record, name, **said):
    desk, actor = world.desk("MPA"), world.actor("MPA", MANAGER)
    view = read.record(desk, desk.viewer(actor), "MPA", record).value
    with world.names.under(f"{name} {record} {len(world.names.used)}"):
        say.step(desk, actor, record, view.digest, name, said=said)
    carry(world)


def executed(world, **more):
    """A project that its owner has declared executed."""
    record = write(world, "project", charter(**more), "COA", "MOD")
    for name in ("charter", "begin", "submit", "declare_executed"):
        move(world, record, name)
    return record


def verified(world, record):
    """The same, after its verifiers accepted everything."""
    proof = brought(world, record, "M1", "M2")
    act(world, "COA", ADVISER, proof, "accept_item")
    act(world, "MPA", OFFICER, proof, "accept_item")
    act(world, "MPA", MANAGER, proof, "conclude_review", finding="accepted")
    return proof


def numbers(page):
    """The numbers at the top of the portfolio, by the filters of the lists that they open."""
    top = page[page.index('class="numbers"') : page.index("</dl>")]
    found = re.findall(r'<a href="/reform(?:\?only=(\w+))?"[^>]*>.*?(\d+)', top)
    return {name or "all": int(count) for name, count in found}


def test_j9_from_declared_to_verified(world):
    """Declared by the owner, accepted on the verifiers' own nodes, concluded: only then is it
    counted as verified, on both nodes; each number opens the list that it counts.
    """
    record = executed(world)
    owner, adviser = Screen(world, "MPA", MANAGER), Screen(world, "COA", ADVISER)
    assert numbers(owner.get("/reform").content.decode())["unverified"] == 1
    proof = brought(world, record, "M1", "M2")
    assert "Protocol of handover" in text_of(adviser.get(f"/record/MPA/{proof}"))
    assert "signed order" in text_of(adviser.get(f"/record/MPA/{proof}"))
    page = adviser.get(f"/record/MPA/{proof}")
    assert words("act.accept_item", "en") in text_of(page)
    act(world, "COA", ADVISER, proof, "accept_item")
    for screen in (owner, adviser):
        assert numbers(screen.get("/reform").content.decode())["verified"] == 0
    act(world, "MPA", OFFICER, proof, "accept_item")
    act(world, "MPA", MANAGER, proof, "conclude_review", finding="accepted")
    for screen in (owner, adviser):
        found = numbers(screen.get("/reform").content.decode())
        assert (found["executed"], found["verified"], found["unverified"]) == (1, 1, 0)
        assert "LOG-04" in text_of(screen.get("/reform?only=verified"))
        assert "LOG-04" not in text_of(screen.get("/reform?only=unverified"))


def test_a_returned_item_says_what_is_lacking_and_nothing_is_verified(world):
    """The project page shows it; the light says since when evidence is missing."""
    record = executed(world)
    proof = brought(world, record, "M1", "M2")
    act(world, "COA", ADVISER, proof, "return_item", item_lacks="unsigned")
    page = text_of(Screen(world, "MPA", MANAGER).get(f"/record/MPA/{record}"))
    assert words("reform.proof.returned", "en") in page
    assert words("choice.item_lacks.unsigned", "en") in text_of(
        Screen(world, "MPA", MANAGER).get(f"/record/MPA/{proof}")
    )
    assert "M1" in page
    assert numbers(Screen(world, "MPA", MANAGER).get("/reform").content.decode())["verified"] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_room_speaks_each_language(world, language):
    """Portfolio, project, evidence and forms; the title is the reader's."""
    record = executed(world)
    proof = verified(world, record)
    screen = Screen(world, "MPA", MANAGER)
    for address in ("/reform", "/projects", "/proofs?tab=all", "/projects/new", "/reform/print",
                    f"/record/MPA/{record}", f"/record/MPA/{proof}",
                    f"/proofs/new?about=MPA/{record}"):  # fmt: skip
        answer = screen.get(address, language)
        assert answer.status_code == 200, address
        assert re.search(r"\b(reform|field|choice|act|state)\.[a-z_]+", text_of(answer)) is None
    assert charter()[f"title_{language}"] in text_of(screen.get("/reform", language))


def test_a_change_of_state_asks_why_and_what_was_typed_stays(world):
    """Suspending without a reason is not done, and the form stands there as it was typed."""
    record = write(world, "project", charter(), "COA")
    for name in ("charter", "begin"):
        move(world, record, name)
    screen = Screen(world, "MPA", MANAGER)
    desk = world.desk("MPA")
    base = read.record(desk, world.viewer("MPA"), "MPA", record).value.digest
    form = {"base": base, "step": "suspend", "reason": "Courses are closed", "decision": "Order 12"}
    answer = screen.post(f"/record/MPA/{record}/step", form)
    assert answer.status_code == 422
    assert "Courses are closed" in answer.content.decode()
    answer = screen.post(f"/record/MPA/{record}/step", {**form, "reason_class": "pandemic"})
    assert answer.status_code == 302
    now = read.record(desk, world.viewer("MPA"), "MPA", record).value
    assert (now.state, now.body["reason_class"]) == ("suspended", "pandemic")
    move(world, record, "resume", decision="Order 40")
    now = read.record(desk, world.viewer("MPA"), "MPA", record).value
    assert "reason_class" not in now.body  # it was the reason of the change before
    assert now.body["decision"] == "Order 40"


def test_a_party_without_the_evidence_sees_nothing_verified_and_no_money(world):
    """MOD holds the project alone: declared, zero accepted, no budget, in page and file."""
    verified(world, executed(world))
    screen = Screen(world, "MOD", "duty-officer")
    page = screen.get("/reform").content.decode()
    found = numbers(page)
    assert (found["executed"], found["verified"], found["asked"]) == (1, 0, 0)
    assert "330,000" not in page
    assert "330,000" in Screen(world, "COA", ADVISER).get("/reform").content.decode()
    sheet = screen.get("/reform/csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet)))
    assert any("LOG-04" in row for row in rows)


def test_as_of_a_past_day_is_what_was_known_then(world):
    """Before the conclusion nothing was verified; a moment that is none is said."""
    proof = brought(world, executed(world), "M1", "M2")
    act(world, "COA", ADVISER, proof, "accept_item")
    act(world, "MPA", OFFICER, proof, "accept_item")
    world.clock.time += 86_400_000
    act(world, "MPA", MANAGER, proof, "conclude_review", finding="accepted")
    screen = Screen(world, "MPA", MANAGER)
    then = "as_of=2020-12-20 23:00"
    assert numbers(screen.get("/reform").content.decode())["verified"] == 1
    for asked, seen in (("only=asked", True), ("only=verified", False)):
        sheet = screen.get(f"/reform/csv?{asked}&{then}").content.decode("utf-8-sig")
        assert ("LOG-04" in sheet) == seen
    assert "LOG-04" in screen.get("/reform/csv?only=verified").content.decode("utf-8-sig")
    assert screen.get("/reform?as_of=soon").status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_who_may_write_is_offered_it_and_nobody_else(world, role):
    """The portfolio offers a new project to managers alone."""
    page = Screen(world, "MPA", role.value.replace("_", "-")).get("/reform").content.decode()
    manages = role in (Role.PROGRAMME_MANAGER, Role.SENIOR_DUTY_OFFICER)
    assert ('href="/projects/new"' in page) == manages
