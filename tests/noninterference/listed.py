"""The chapter of protected sites and coordination lines: who has one confirms it or agrees to it,
and who was not told learns nothing.

One site goes to MOD and to JCC, is verified, and a round names MOD. Other sites are hidden as a
whole: for another party alone, or above a low clearance; and with them whom their rounds name, what
was confirmed, that one is due, and that one was taken off. A line goes with each of them.
"""

import datetime as dt

from tansiq.desk.cases import rounds
from tansiq.desk.operations import lines, sites
from tansiq.desk.records import read, say
from tansiq.domain.labels import Label
from tansiq.domain.places import Place
from tests.noninterference.story import ALL_READ, HIGH, MOD_READS, MPA_READS, Case, Story
from tests.world import CLEARED, DAY, to, uuid_of

VISIBLE = ("site", "border")
HIDDEN = (
    "site jcc 0", "site mod 0", "site high 0", "border jcc 0", "border mod 0", "border high 0",
)  # fmt: skip
NAMES = ("Clinic by the bridge", "Hidden camp jcc", "Hidden camp mod", "Hidden camp high")


def listed(story: Story) -> None:
    """One site that both have; what they must not know of stands beside it."""
    both = to("MOD", "JCC")
    _write(story, "site", NAMES[0], both)
    _draw(story, "border", "Line by the bridge", both)
    _verify(story, "site", "2021-03-01")
    for n in story.hidden(*MOD_READS):
        _kept(story, f"site jcc {n}", NAMES[1], to("JCC"))
        _draw(story, f"border jcc {n}", story.said("Hidden line"), to("JCC"))
    for n in story.hidden(Case.THIRD):
        _kept(story, f"site mod {n}", NAMES[2], to("MOD"))
        _draw(story, f"border mod {n}", story.said("Hidden line"), to("MOD"))
    for n in story.hidden(*MPA_READS):
        high = to("MOD", "JCC", classification=HIGH)
        _kept(story, f"site high {n}", NAMES[3], high)
        _draw(story, f"border high {n}", story.said("Hidden line"), high)
    _meet(story)
    _ask(story, "site", "MOD")
    _put(story, "border", "MOD")
    for cases, name, party in _ASKED:
        for n in story.hidden(*cases):
            _ask(story, f"site {name} {n}", party)
            _put(story, f"border {name} {n}", party)
    _meet(story)
    _confirm(story, "site", "MOD")
    _agree(story, "border", "MOD")
    for cases, name, party in _ASKED:
        for n in story.hidden(*cases):
            _confirm(story, f"site {name} {n}", party)
            _agree(story, f"border {name} {n}", party)
    _meet(story)
    for cases, name, _ in _ASKED:
        for n in list(story.hidden(*cases))[1:]:
            _take_off(story, f"site {name} {n}")
    _meet(story)


_ASKED = ((MOD_READS, "jcc", "JCC"), ((Case.THIRD,), "mod", "MOD"), (MPA_READS, "high", "MOD"))


def _kept(story: Story, name: str, called: str, label: Label) -> None:
    """A hidden site, which is due on the day after it was verified."""
    _write(story, name, story.said(called), label)
    tomorrow = say.day_of(story.world.desk("MPA")) + dt.timedelta(days=1)
    _verify(story, name, tomorrow.isoformat())


def _write(story: Story, name: str, called: str, label: Label) -> None:
    place = Place(name="Makhmour", key="makhmour", lat=357_812_345, lon=435_812_345)
    body = {
        "text": called, "site": "clinic", "place": place.to_json(), "until": "2021-03-01",
        "internal": story.said("the guard said so", *MPA_READS),
        "unknowns": [{"id": "0a1b2c3e", "text": story.said("How many beds", *ALL_READ)[:300],
                      "state": "open", "by": ""}],
    }  # fmt: skip
    story.world.write("MPA", name, say.Draft(kind="protected_site", body=body, label=label))


def _verify(story: Story, name: str, until: str) -> None:
    desk, actor, record = story.world.desk("MPA"), story.world.actor("MPA"), uuid_of(f"{name}/1")
    base = say.current(desk, actor, record).value.digest
    with story.world.names.under(f"{name} verified"):
        sites.verify(desk, actor, record, base, verified="", how="seen_there", until=until)


def _seen(story: Story, party: str, record: str) -> tuple[str, ...]:
    desk, viewer = story.world.desk(party), story.world.viewer(party)
    circle = rounds.circle_of(desk, viewer, read.record(desk, viewer, "MPA", record))
    return circle.value.newest


def _ask(story: Story, name: str, party: str) -> None:
    desk, actor, record = story.world.desk("MPA"), story.world.actor("MPA"), uuid_of(f"{name}/1")
    seen = _seen(story, "MPA", record)
    with story.world.names.under(f"{name} asked"):
        sites.notify(desk, actor, record, seats=[f"{party}/{CLEARED}"], seen=seen)


def _confirm(story: Story, name: str, party: str) -> None:
    desk, actor = story.world.desk(party), story.world.actor(party)
    seen = _seen(story, party, uuid_of(f"{name}/1"))
    with story.world.names.under(f"{name} confirmed"):
        sites.confirm(desk, actor, "MPA", uuid_of(f"{name}/1"), has=True, seen=seen)


def _draw(story: Story, name: str, called: str, label: Label) -> None:
    """A corridor that is valid from now on."""
    begins = story.world.clock.time
    area = {
        "shape": "corridor", "name": "", "metres": 2_000, "grain": "exact",
        "positions": [[357_800_000, 435_800_000], [360_400_000, 433_900_000]],
    }  # fmt: skip
    body = {
        "code": called[:60], "text": called, "area": area, "begins": begins,
        "until": begins + 90 * DAY, "terms": called,
        "told_there": [{"party": "MPA", "by_position": "duty-officer"}],
    }  # fmt: skip
    story.world.write("MPA", name, say.Draft(kind="coordination_line", body=body, label=label))


def _put(story: Story, name: str, party: str) -> None:
    desk, actor, record = story.world.desk("MPA"), story.world.actor("MPA"), uuid_of(f"{name}/1")
    seen = _seen(story, "MPA", record)
    with story.world.names.under(f"{name} put"):
        lines.put(desk, actor, record, seats=[f"{party}/{CLEARED}"], seen=seen)


def _agree(story: Story, name: str, party: str) -> None:
    desk, actor, record = story.world.desk(party), story.world.actor(party), uuid_of(f"{name}/1")
    seen = _seen(story, party, record)
    with story.world.names.under(f"{name} agreed"):
        lines.answer(desk, actor, "MPA", record, seen=seen)


def _take_off(story: Story, name: str) -> None:
    desk, actor, record = story.world.desk("MPA"), story.world.actor("MPA"), uuid_of(f"{name}/1")
    base = say.current(desk, actor, record).value.digest
    with story.world.names.under(f"{name} off"):
        said = {"taken_off_for": "closed"}
        say.step(desk, actor, record, base, "take_site_off", said=said)


def _meet(story: Story) -> None:
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")
