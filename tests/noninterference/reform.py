"""The chapter of the reform programme: what a project costs, what there is, who accepted what.

One project goes to MOD and to JCC, and neither is told the money; evidence for it goes to both,
and a round names MOD. Other projects, other evidence for the same project and what its verifiers
answered are hidden as a whole: for another party alone, or above a low clearance; and with them
every number, sum, light, bar and forecast that would follow. What both see is under way and one
like it has ended, so that both read a forecast; what is hidden has ended late, or has stood still,
and what was accepted of it is due to be looked at a second time.
"""

from dataclasses import replace

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.desk.reform import publishing
from tansiq.domain.kinds.reform.activity import Reporter
from tansiq.domain.labels import Label
from tansiq.domain.parties import Classification, Role
from tansiq.domain.wording import Text
from tansiq.gateways.iati import Iati
from tests.noninterference.story import ALL_READ, HIGH, MOD_READS, MPA_READS, Case, Story
from tests.world import CLEARED, to, uuid_of

ADVISER = "adviser"
PAPERS = publishing.Papers(
    reporter=Reporter(ref="IQ-MPA", names=Text("MPA", "MPA", "MPA")), publisher=Iati()
)
ENDED = ("charter", "begin", "submit", "declare_executed")
WHY = {"reason_class": "funding", "reason": "No money", "decision": "Order 7"}
VISIBLE = ("plan", "ended", "proof", "open plan")
HIDDEN = ("plan jcc 0", "plan mod 0", "plan high 0", "proof jcc 0", "proof mod 0", "proof high 0")


def _write(story: Story, name: str, draft: say.Draft) -> str:
    """Written by a reform manager who may read everything of the own party."""
    actor = replace(story.world.actor("MPA", CLEARED), role=Role.PROGRAMME_MANAGER)
    with story.world.names.under(name):
        return say.write(story.world.desk("MPA"), actor, draft)


def _plan(story: Story, code: str, text: str, label: Label) -> say.Draft:
    """A project; how much it costs, and what its manager notes, is not told to partners."""
    minor = 100 if story.case in MPA_READS or not story.secret.extra else 977_700
    dollars = {"currency": "USD", "minor": minor}
    body = {
        "code": code, "text": text, "workstream": "supply", "lead": "de", "start": "2020-01-01",
        "baseline_end": "2020-12-31", "forecast_end": "2021-03-31", "depends_on": "HID-01",
        "milestones": [{"mark": "M1", "named": "Stores counted", "weight": 1, "due": "2020-12-01",
                        "done": "2020-11-30", "proof": "totals", "again_days": 1}],
        "budget": [{"source": "own", "planned": dollars, "spent": dollars}],
        "objective": "Stores are known", "responsible": "Director", "sustained_by": "Depot",
        "received_by": "Depot, protocol 7",
        "internal": story.said("the minister hesitates", *MPA_READS),
    }  # fmt: skip
    return say.Draft(kind="project", body=body, label=label)


def _walk(story: Story, name: str, *acts: str) -> None:
    """Takes a project from state to state."""
    desk = story.world.desk("MPA")
    actor = replace(story.world.actor("MPA", CLEARED), role=Role.PROGRAMME_MANAGER)
    for act in acts:
        record = uuid_of(f"{name}/1")
        digest = say.current(desk, actor, record).value.digest
        said = WHY if act == "suspend" else {}
        with story.world.names.under(f"{name} {act}"):
            say.step(desk, actor, record, digest, act, said=said)


def _proof(story: Story, about: str, text: str, label: Label) -> say.Draft:
    body = {
        "about": uuid_of(f"{about}/1"), "proof": "totals", "text": text,
        "proves": [{"mark": "M1"}],
    }  # fmt: skip
    return say.Draft(kind="evidence", body=body, label=label)


def _step(story: Story, party: str, name: str, root: str, act: str, **values) -> None:
    position = "programme-manager" if party == "MPA" else ADVISER
    desk, actor = story.world.desk(party), story.world.actor(party, position)
    view = read.record(desk, desk.viewer(actor), "MPA", uuid_of(f"{root}/1"))
    found = rounds.circle_of(desk, desk.viewer(actor), view, actor).value
    of = "" if act == "ask_verifiers" else found.about(act)
    wanted = Wanted(
        owner="MPA", record=view.value.record, lane="", act=act, seen=found.newest, of=of,
        values=values,
    )  # fmt: skip
    with story.world.names.under(name):
        rounds.take(desk, actor, wanted)


def _open_plan(story: Story) -> None:
    """A project that two persons of MPA publish to the world, beside what is not for the world."""
    label = to("MOD", "JCC", classification=Classification.OPEN)
    draft = _plan(story, "OPEN-01", story.said("Stores", *ALL_READ), label)
    money = {"currency": "USD", "minor": 4_200}
    body = {**draft.body, "objective": "Stores are counted",
            "budget": [{"source": "own", "planned": money}]}  # fmt: skip
    _write(story, "open plan", replace(draft, body=body))
    desk, record = story.world.desk("MPA"), uuid_of("open plan/1")
    for name, position, act in (
        ("open asked", "programme-manager", publishing.ask),
        ("open approved", "liaison-officer", publishing.approve),
    ):
        actor = story.world.actor("MPA", position)
        found = publishing.standing_of(desk, desk.viewer(actor), PAPERS, record)
        with story.world.names.under(name):
            act(desk, actor, PAPERS, record, found.digest)


def _meet(story: Story) -> None:
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")


def programme(story: Story) -> None:
    """One project that both see; what they must not see stands beside it."""
    both, high = to("MOD", "JCC"), to("MOD", "JCC", classification=HIGH)
    _write(story, "plan", _plan(story, "PLAN-01", story.said("Stores", *ALL_READ), both))
    _open_plan(story)
    _write(story, "ended", _plan(story, "PLAN-00", story.said("Depots", *ALL_READ), both))
    _walk(story, "plan", "charter", "begin")
    _walk(story, "ended", *ENDED)
    _write(story, "proof", _proof(story, "plan", story.said("The count", *ALL_READ), both))
    for n in story.hidden(*MOD_READS):
        _write(story, f"plan jcc {n}", _plan(story, "HID-01", story.said("jcc"), to("JCC")))
        _walk(story, f"plan jcc {n}", *(ENDED if n == "0" else (*ENDED[:2], "suspend")))
        _write(story, f"proof jcc {n}", _proof(story, "plan", story.said("jcc"), to("JCC")))
    for n in story.hidden(Case.THIRD):
        _write(story, f"plan mod {n}", _plan(story, "HID-01", story.said("mod"), to("MOD")))
        _walk(story, f"plan mod {n}", *(ENDED if n == "0" else (*ENDED[:2], "suspend")))
        _write(story, f"proof mod {n}", _proof(story, "plan", story.said("mod"), to("MOD")))
    for n in story.hidden(*MPA_READS):
        _write(story, f"plan high {n}", _plan(story, "HID-01", story.said("high"), high))
        _walk(story, f"plan high {n}", *(ENDED if n == "0" else (*ENDED[:2], "suspend")))
        _write(story, f"proof high {n}", _proof(story, "plan", story.said("high"), high))
    _meet(story)
    # A round tells all members whom it names: JCC, which holds the evidence, is named in none.
    _step(story, "MPA", "proof ask", "proof", "ask_verifiers", seats=(f"MOD/{ADVISER}",))
    for name, cases, party in (("jcc", MOD_READS, "JCC"), ("mod", (Case.THIRD,), "MOD")):
        for n in story.hidden(*cases):
            root = f"proof {name} {n}"
            _step(story, "MPA", f"{root} ask", root, "ask_verifiers", seats=(f"{party}/{ADVISER}",))
    _meet(story)
    _step(story, "MOD", "proof mod says", "proof", "accept_item")
    for name, cases, party in (("jcc", MOD_READS, "JCC"), ("mod", (Case.THIRD,), "MOD")):
        for n in story.hidden(*cases):
            root = f"proof {name} {n}"
            _step(story, party, f"{root} says", root, "accept_item")
    _meet(story)
    for name, cases in (("jcc", MOD_READS), ("mod", (Case.THIRD,))):
        for n in story.hidden(*cases):
            root = f"proof {name} {n}"
            _step(story, "MPA", f"{root} ends", root, "conclude_review", finding="accepted")
    _meet(story)
