"""The chapter of offers that nobody asked for: who is offered something learns of no other.

MPA offers one thing to MOD and to JCC. That JCC takes it, and the request that comes of that, is
hidden from MOD. Other offers are hidden as a whole: to another party alone, by another party, or
above a low clearance, with the requests by which they are taken.
"""

from tansiq.desk.cases import making, reading, taking
from tansiq.desk.records import attention, read, say
from tansiq.domain.kinds import kind_named
from tansiq.domain.labels import Label
from tests.noninterference.cases import step
from tests.noninterference.story import ALL_READ, HIGH, MOD_READS, MPA_READS, Case, Story
from tests.noninterference.supplies import PLACE
from tests.world import CLEARED, HOUR, to, uuid_of

VISIBLE = ("offer",)
HIDDEN = (
    "offer jcc 0", "offer mod 0", "offer high 0", "offer up 0", "gift jcc 0", "gift mod 0",
    "gift high 0", "took offer 0", "took gift jcc 0",
)  # fmt: skip
LANES = (uuid_of("offer/5"), uuid_of("offer high 0/3"))  # MOD's, seen and hidden


def _offer(story: Story, text: str, label: Label, *parties: str) -> say.Draft:
    now = story.world.clock.time
    body = {
        "sort": "supplies", "text": text, "valid_until": now + 6 * HOUR, "place": PLACE,
        "available": {"from": now, "to": now + 5 * HOUR}, "capability": text[:40],
        "seats": [f"{p}/{CLEARED}" for p in parties],
        "lines": [{"item": "mask", "unit": "piece", "count": 40}],
        "internal": story.said("The store is given up", *MPA_READS),
    }  # fmt: skip
    return say.Draft(kind="support_offer", body=body, label=label)


def offered(story: Story) -> None:
    """What both hear of one offer, and what each of them must not."""
    world = story.world
    text = story.said("Masks that we can spare", *ALL_READ)
    world.write("MPA", "offer", _offer(story, text, to("MOD", "JCC"), "MOD", "JCC"))
    high = to("MOD", classification=HIGH)
    for name, label, party, cases in (
        ("jcc", to("JCC"), "JCC", MOD_READS), ("mod", to("MOD"), "MOD", (Case.THIRD,)),
        ("high", high, "MOD", MPA_READS), ("up", high, "MOD", (Case.RECEIVER,)),
    ):  # fmt: skip
        for n in story.hidden(*cases):
            draft = _offer(story, story.said(name), label, party)
            world.write("MPA", f"offer {name} {n}", draft)
    for name, label, party, cases in (
        ("jcc", to("MPA"), "JCC", MOD_READS), ("mod", to("MPA"), "MOD", (Case.THIRD,)),
        ("high", to("MPA", classification=HIGH), "MOD", MPA_READS),
    ):  # fmt: skip
        for n in story.hidden(*cases):
            world.write(party, f"gift {name} {n}", _offer(story, story.said(name), label, "MPA"))
    for acts in (_received, _taken):
        _meet(story)
        acts(story)
    _meet(story)
    world.clock.time += 5 * HOUR  # three quarters of its time are over
    for party, desk in world.desks.items():
        with world.names.under(f"offers late at {party}"):
            taking.tick(desk)
        attention.tick(desk)
    _meet(story)


def _received(story: Story) -> None:
    """MOD says that it came; what JCC says, it does not hear."""
    step(story, "MOD", "offer receive", "offer", "receive")
    for _ in list(story.hidden(*MOD_READS))[:1]:
        step(story, "JCC", "offer jcc receive", "offer", "receive")
    for n in story.hidden(Case.THIRD):
        step(story, "MOD", f"offer mod leave {n}", f"offer mod {n}", "leave_offer",
             values={"why_not": "no_need"}, words={"text": story.said("mod")})  # fmt: skip
    for n in story.hidden(*MPA_READS):
        step(story, "MOD", f"offer high leave {n}", f"offer high {n}", "leave_offer",
             values={"why_not": "terms"}, words={"text": story.said("high")})  # fmt: skip


def _taken(story: Story) -> None:
    """What is taken becomes a request, of which only its two parties hear."""
    for n in list(story.hidden(*MOD_READS))[:1]:
        _take(story, "JCC", f"took offer {n}", ("MPA", "offer"))
    for n in story.hidden(*MOD_READS):
        _take(story, "JCC", f"took offer jcc {n}", ("MPA", f"offer jcc {n}"))
        _take(story, "MPA", f"took gift jcc {n}", ("JCC", f"gift jcc {n}"))
    for n in story.hidden(*MPA_READS):
        _take(story, "MPA", f"took gift high {n}", ("MOD", f"gift high {n}"))
    for n in story.hidden(Case.THIRD):
        _take(story, "MPA", f"took gift mod {n}", ("MOD", f"gift mod {n}"))


def _take(story: Story, party: str, name: str, offer: tuple[str, str]) -> None:
    """Take an offer by the request that it becomes."""
    desk, actor, kind = story.world.desk(party), story.world.actor(party), kind_named("support")
    viewer, (owner, root) = desk.viewer(actor), offer
    view = read.record(desk, viewer, owner, uuid_of(f"{root}/1"))
    (lane,) = reading.lanes_of(desk, viewer, view, actor).value.lanes
    made = making.taken_by(desk, viewer, view, actor, kind).value
    assert made.lane == lane.id
    body = making.begun(desk, viewer, view, kind).value
    draft = say.Draft(kind=kind.name, body=body | {"priority": "routine"}, label=to())
    with story.world.names.under(name), desk.act() as act:
        making.make(act, actor, made.wanted(view.value), draft)


def _meet(story: Story) -> None:
    """As often in both worlds, whether there was something to say or not."""
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")
