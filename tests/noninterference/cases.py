"""The chapter of requests for information: who is asked beside, what a lane hears, what is above.

One request goes to MOD and to JCC, and neither may notice what the other does in its own lane.
Other requests are hidden as a whole: for another party alone, or above a low clearance, with steps
of both sides, waits, clocks that run out, and an end by time. A request to JCC is followed by MOD,
which hears where it stands and nothing of what JCC does; JCC does not notice who follows.
"""

from tansiq.desk.cases import outward, reading, taking
from tansiq.desk.records import attention, read, say
from tansiq.domain.labels import Label
from tests.noninterference.story import (
    ALL_READ,
    HIGH,
    MOD_READS,
    MPA_READS,
    Case,
    Story,
)
from tests.world import CLEARED, HOUR, to, uuid_of

VISIBLE = ("query", "watched")
HIDDEN = ("query jcc 0", "query mod 0", "query high 0", "query up 0")
LANES = (uuid_of("query/5"), uuid_of("query high 0/3"))  # MOD's, seen and hidden


def _query(text: str, label: Label, *parties: str, due: int) -> say.Draft:
    body = {"text": text, "needed_by": due, "seats": [f"{p}/{CLEARED}" for p in parties]}
    return say.Draft(kind="rfi", body=body, label=label)


def step(story: Story, party: str, name: str, root: str, act: str, **given) -> None:
    """Take a step in the lane of ``root`` with ``other``, or in the one that ``party`` holds."""
    desk, actor = story.world.desk(party), story.world.actor(party)
    other, take = given.pop("other", party), given.pop("take", taking.take)
    view = read.record(desk, desk.viewer(actor), "MPA", uuid_of(f"{root}/1"))
    case = reading.lanes_of(desk, desk.viewer(actor), view, actor)
    (lane,) = [one for one in case.value.lanes if one.seat.party == other]
    wanted = taking.Wanted(
        owner="MPA", record=view.value.record, lane=lane.id, act=act, seen=lane.newest, **given
    )
    with story.world.names.under(name):
        take(desk, actor, wanted)


def asked(story: Story) -> None:
    """What both hear of one request, and what each of them must not."""
    world, now = story.world, story.world.clock.time
    both = to("MOD", "JCC")
    text = story.said("Is the road open?", *ALL_READ)
    world.write("MPA", "query", _query(text, both, "MOD", "JCC", due=now + 20 * HOUR))
    for n in story.hidden(*MOD_READS):
        draft = _query(story.said("jcc"), to("JCC"), "JCC", due=now + HOUR)
        world.write("MPA", f"query jcc {n}", draft)
    for n in story.hidden(Case.THIRD):
        draft = _query(story.said("mod"), to("MOD"), "MOD", due=now + HOUR)
        world.write("MPA", f"query mod {n}", draft)
    followed = story.readers(("JCC",), "MOD", Case.THIRD)
    followed = followed if story.case is Case.THIRD else both
    text = story.said("Who holds the pass?", *ALL_READ)
    world.write("MPA", "watched", _query(text, followed, "JCC", due=now + 20 * HOUR))
    if story.case is not Case.THIRD or story.secret.extra:
        world.release("MPA", uuid_of("watched/1"), "MOD", "F-MPA")
    high = to("MOD", classification=HIGH)
    for name, cases in (("high", MPA_READS), ("up", (Case.RECEIVER,))):
        for n in story.hidden(*cases):
            draft = _query(story.said("high"), high, "MOD", due=now + HOUR)
            world.write("MPA", f"query {name} {n}", draft)
    for acts in (_taken, _answered, _gone_on):
        _meet(story)
        acts(story)
    _meet(story)
    world.clock.time = now + 2 * HOUR
    for party, desk in world.desks.items():
        with world.names.under(f"time at {party}"):
            taking.tick(desk)
        attention.tick(desk)
    _meet(story)


_ABOVE = (("high", MPA_READS), ("up", (Case.RECEIVER,)))


def _taken(story: Story) -> None:
    """Both receive the one request, and take up what is hidden."""
    step(story, "MOD", "query receive", "query", "receive")
    step(story, "JCC", "query jcc receive", "query", "receive")
    step(story, "JCC", "watched receive", "watched", "receive")
    for n in story.hidden(*MOD_READS):
        words = {"text": story.said("beside")}
        step(story, "JCC", f"watched beside {n}", "watched", "partial", words=words)
        step(story, "JCC", f"query beside {n}", "query", "partial", words=words)
        step(story, "JCC", f"query jcc take {n}", f"query jcc {n}", "accept")
    for n in story.hidden(Case.THIRD):
        step(story, "MOD", f"query aside {n}", "query", "partial")
        step(story, "MOD", f"query mod take {n}", f"query mod {n}", "decline",
             values={"reason": "no_means"})  # fmt: skip
    for name, cases in _ABOVE:
        for n in story.hidden(*cases):
            step(story, "MOD", f"query {name} take {n}", f"query {name} {n}", "accept")


def _answered(story: Story) -> None:
    """One hands it on to the other; one answers above a low clearance, and one for all to read.
    What is followed ends one way or another.
    """
    ends = "no_information" if story.case in MOD_READS and story.secret.extra else "answer"
    step(story, "JCC", "watched ends", "watched", ends)
    for _ in list(story.hidden(*MOD_READS))[:1]:
        step(story, "JCC", "query sent on", "query", "redirect", values={"to": "MOD"})
    for name, cases in _ABOVE:
        for n in list(story.hidden(*cases))[:1]:
            step(story, "MOD", "query told", f"query {name} {n}", "answer",
                 words={"text": story.said("high")})  # fmt: skip
    if story.case is not Case.THIRD:
        words = {"text": story.said("It is", *MPA_READS, *MOD_READS)}
        step(story, "MOD", "query reply", "query", "partial", words=words)


def _gone_on(story: Story) -> None:
    """The asker goes on in lanes of which the other must not hear."""
    for _ in list(story.hidden(*MOD_READS))[:1]:
        step(story, "MPA", "query enough", "query", "satisfied", other="JCC")
        step(story, "MPA", "watched enough", "watched", "satisfied", other="JCC")
    for name, cases in _ABOVE:
        for n in list(story.hidden(*cases))[:1]:
            step(story, "MPA", "query again", f"query {name} {n}", "ask_again", other="MOD")


def _meet(story: Story) -> None:
    """As often in both worlds, whether there was something to say or not."""
    for desk in story.world.desks.values():
        outward.tick(desk)
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")
