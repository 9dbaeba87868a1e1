"""What the sample's agreements say of the reform programme, held for each party and position: which
fields of projects, budgets and evidence each sees on its own node, also in sums, shares and lights;
and what a hostile partner makes of it.
"""

from dataclasses import replace

import pytest

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query
from tansiq.desk.reform.portfolio import PROJECTS_MAX, portfolio_of
from tansiq.domain.kinds.reform.judging import Proof
from tansiq.domain.kinds.reform.progress import sums_of
from tansiq.domain.parties import Classification, Role
from tansiq.node.scenario.rules import TOGETHER, agreements
from tests.cleaning import InProcess
from tests.world import to, worlds

PARTIES = ("MPA", "COA", "MOD", "ERB")
MANAGER, ADVISER, OFFICER = "programme-manager", "adviser", "liaison-officer"
DOLLARS = {"currency": "USD", "minor": 77_700}
WHOLE = {
    "code": "COM-09", "text": "Radio", "workstream": "communications", "lead": "de",
    "objective": "Talk", "scope": "All", "responsible": "Director", "start": "2020-01-01",
    "baseline_end": "2020-06-30", "forecast_end": "2020-07-30", "waits_for": "A decision",
    "supporting": [{"nation": "gb"}],
    "milestones": [{"mark": "M1", "named": "Done", "weight": 1, "due": "2020-06-01"}],
    "budget": [{"source": "de", "planned": DOLLARS, "spent": DOLLARS}],
    "risks": [{"named": "A risk", "level": "high"}],
    "outcomes": [{"named": "Talking", "before": 0, "target": 9, "actual": 1}],
    "sustained_by": "Depot", "received_by": "Depot", "internal": "SECRET",
}  # fmt: skip
MONEY = {"budget", "risks"}
SHOWN = frozenset(WHOLE) - {"internal"}
# By party: the fields of a project that both ministries work on, of one that they do not, and
# whether evidence is there. Clearance opens no more than the agreement does.
MAP = {
    "COA": (SHOWN, SHOWN, True),
    "ERB": (SHOWN - MONEY, SHOWN - MONEY, False),
    "MOD": (SHOWN - MONEY, None, False),
}
POSITIONS = (
    "senior-duty-officer", "duty-officer", OFFICER, "support-desk", MANAGER, "training-manager",
    ADVISER, "auditor", "observer", "cleared",
)  # fmt: skip


@pytest.fixture(scope="module")
def made():
    """Both projects and their evidence, on the nodes of the four parties of the sample."""
    with worlds(*PARTIES) as world:
        signed(world)
        names = ("COM-09", "LOG-09")
        found = {
            name: project(world, name, workstream=stream)
            for name, stream in zip(names, ("communications", "supply"), strict=True)
        }
        found |= {f"proof {name}": proof(world, found[name], name) for name in names}
        yield world, found


def signed(world):
    """The agreements of the sample, signed on both sides."""
    for one in agreements():
        world.agree(*one.parties, *one.rules, clearance=one.clearance, held=one.held)


def carry(world):
    for _ in range(2):
        for party in ("COA", "MOD", "ERB"):
            world.exchange("MPA", party)


def project(world, name, *parties, **more):
    draft = say.Draft(kind="project", body={**WHOLE, "code": name, **more},
                      label=to(*(parties or ("COA", "MOD", "ERB"))))  # fmt: skip
    record = world.write("MPA", f"project {name}", draft, MANAGER)
    carry(world)
    return record


def proof(world, about, name, *parties, party="MPA", mark="M1", **more):
    body = {"about": about, "proof": "protocol", "text": f"Proof {name}",
            "proves": [{"mark": mark}], **more}  # fmt: skip
    draft = say.Draft(kind="evidence", body=body, label=to(*(parties or ("COA", "MOD", "ERB"))))
    position = MANAGER if party == "MPA" else "senior-duty-officer"
    record = world.write(party, f"proof {name}", draft, position)
    carry(world)
    return record


def seen(world, party, position, record, owner="MPA"):
    """The body as this position reads it on its own node; None where there is nothing."""
    viewer = world.viewer(party, position)
    found = read.seen(world.desk(party), viewer, [(owner, str(record))])
    return found[0].value.body if found else None


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("party", sorted(MAP))
def test_each_position_sees_what_its_agreement_says(made, party, position):
    """Exactly these fields of either project, and evidence where the agreement has it; the
    portfolio has the same projects, and its sums only money that is seen.
    """
    world, records = made
    both, other, evidence = MAP[party]
    for name, fields in (("COM-09", both), ("LOG-09", other)):
        body = seen(world, party, position, records[name])
        assert (body is None) == (fields is None)
        assert fields is None or set(body) == fields
    found = portfolio_of(world.desk(party), world.viewer(party, position))
    assert [one.code for one in found.lines] == [
        name for name, fields in (("COM-09", both), ("LOG-09", other)) if fields
    ]
    money = sums_of(one.view.value.body for one in found.lines)
    assert bool(money) == (party == "COA")
    causes = {cause.code for one in found.lines for cause in one.progress.light.causes}
    assert ({"spent_ahead", "high_risk"} <= causes) == (party == "COA")
    assert {"spent_ahead", "high_risk"}.isdisjoint(causes) or party == "COA"
    for name in ("COM-09", "LOG-09"):
        shown = seen(world, party, position, records[f"proof {name}"])
        assert bool(shown) == evidence
    items = [item for one in found.lines for m in one.progress.milestones for item in m.items]
    assert bool(items) == evidence


def test_the_map_knows_every_rule_of_the_programme():
    """No other party is told of the programme than the map says, and MOD only what both work on."""
    told = {
        (rule.sender, next(one for one in agreed.parties if one != rule.sender)): rule
        for agreed in agreements()
        for rule in agreed.rules
        if "project" in rule.kinds
    }
    assert {receiver for sender, receiver in told if sender == "MPA"} == set(MAP)
    assert {sender for sender, _ in told} == {"MPA"}
    assert dict(told["MPA", "MOD"].facets)["workstream"] == frozenset(TOGETHER)


def test_a_file_of_evidence_goes_to_those_who_see_evidence_and_to_nobody_else():
    """The bytes are at the advisers' node and at no other; there only with the record."""
    with worlds(*PARTIES) as world:
        signed(world)
        world.desk("MPA").cleaner = InProcess()
        about = project(world, "COM-09")
        file = world.attach("MPA", "protocol.txt", b"signed by both", to("COA", "MOD", "ERB"))
        record = proof(world, about, "with file", attachments=[str(file)])
        for _ in range(3):
            carry(world)
        assert seen(world, "COA", ADVISER, record)["attachments"] == [str(file)]
        _, data = read.attachment(
            world.desk("COA"), world.viewer("COA", ADVISER), "MPA", str(file)
        )  # fmt: skip
        assert data == b"signed by both"
        for party in ("MOD", "ERB"):
            assert seen(world, party, OFFICER, file) is None
            assert b"signed by both" not in b"".join(
                plain for sender, receiver, plain in world.sent if receiver == party
            )


def act(world, seat, owner, record, name, **values):
    party, position = seat.split("/")
    desk, actor = world.desk(party), world.actor(party, position)
    view = read.record(desk, desk.viewer(actor), owner, record)
    found = rounds.circle_of(desk, desk.viewer(actor), view, actor).value
    of = "" if name == "ask_verifiers" else found.about(name)
    wanted = Wanted(owner=owner, record=record, lane="", act=name, seen=found.newest, of=of,
                    values=values)  # fmt: skip
    with world.names.under(f"{party} {name} {len(world.names.used)}"):
        rounds.take(desk, actor, wanted)
    carry(world)


def test_a_partners_evidence_about_our_milestones_proves_nothing():
    """COA brings evidence for a milestone of ours, names ours as verifier and concludes it itself:
    no milestone is accepted, and no project verified, on either node.
    """
    with worlds(*PARTIES) as world:
        signed(world)
        about = project(world, "COM-09")
        record = proof(world, about, "hostile", "MPA", party="COA")
        assert seen(world, "MPA", MANAGER, record, owner="COA") is not None
        act(world, "COA/senior-duty-officer", "COA", record, "ask_verifiers",
            seats=(f"MPA/{OFFICER}",))  # fmt: skip
        act(world, f"MPA/{OFFICER}", "COA", record, "accept_item")
        act(world, "COA/senior-duty-officer", "COA", record, "conclude_review",
            finding="accepted")  # fmt: skip
        for party in ("MPA", "COA"):
            (line,) = portfolio_of(world.desk(party), world.viewer(party)).lines
            assert line.progress.accepted == 0
            assert line.progress.milestones[0].proof is None


@pytest.mark.parametrize("needs", ["COM-09", "COM-10, COM-09", "COM-11, ؛;, COM-10"])
def test_dependencies_in_a_circle_end(needs):
    """Projects that wait for one another, and for themselves, are shown once each."""
    with worlds("MPA", "COA") as world:
        for name in ("COM-09", "COM-10", "COM-11"):
            body = {**WHOLE, "code": name, "depends_on": needs}
            draft = say.Draft(kind="project", body=body, label=to())
            world.write("MPA", name, draft, MANAGER)
        found = portfolio_of(world.desk("MPA"), world.viewer("MPA"))
        assert len(found.lines) == 3
        assert all(
            str(one.view.value.record) not in {str(need.value.record) for need in one.needs}
            for one in found.lines
        )


def test_evidence_that_is_more_closed_than_its_project_counts_for_its_readers_alone():
    """What a low position may not see moves no bar and no light of its portfolio."""
    with worlds("MPA") as world:
        body = {**WHOLE, "code": "COM-09"}
        about = world.write("MPA", "p", say.Draft(kind="project", body=body, label=to()), MANAGER)
        item = {"about": about, "proof": "protocol", "text": "Closed", "proves": [{"mark": "M1"}]}
        label = to(classification=Classification.CONFIDENTIAL)
        actor = replace(world.actor("MPA", "cleared"), role=Role.PROGRAMME_MANAGER)
        with world.names.under("closed"):
            draft = say.Draft(kind="evidence", body=item, label=label)
            say.write(world.desk("MPA"), actor, draft)
        for position, count in (("cleared", 1), (ADVISER, 0), (MANAGER, 0)):
            (line,) = portfolio_of(world.desk("MPA"), world.viewer("MPA", position)).lines
            assert len(line.progress.milestones[0].items) == count


def test_more_projects_than_are_looked_at_are_said_to_be_more():
    """At the bound the portfolio says that it is cut, and stays whole below it."""
    with worlds("MPA") as world:
        drafts = [
            say.Draft(kind="project", body={"code": f"C-{n}", "text": "x", "workstream": "supply"},
                      label=to())
            for n in range(PROJECTS_MAX + 1)
        ]  # fmt: skip
        desk, actor = world.desk("MPA"), world.actor("MPA", MANAGER)
        with world.names.under("many"), desk.act() as act_:
            say.write_all(act_, actor, drafts)
        found = portfolio_of(desk, desk.viewer(actor))
        assert found.cut
        assert len(found.lines) == PROJECTS_MAX
        assert read.count(desk, desk.viewer(actor), Query(kinds=("project",))) > PROJECTS_MAX
        assert all(
            item.proof is not Proof.ACCEPTED
            for one in found.lines for m in one.progress.milestones for item in m.items
        )  # fmt: skip
