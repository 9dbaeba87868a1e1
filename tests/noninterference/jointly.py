"""The chapter of joint operations: who holds the frame reads what was shared with it, and nothing
of what was not.

One frame goes to MOD and to JCC, which are asked for parts and then whether to go. Parts that are
for another party alone, or above a low clearance, stand beside it, and so do whole frames.
"""

from tansiq.desk.cases import rounds
from tansiq.desk.operations import joint
from tansiq.desk.operations.joint import Wish
from tansiq.desk.records import read, say
from tansiq.domain.labels import Label
from tests.noninterference.story import HIGH, MOD_READS, MPA_READS, Case, Story
from tests.world import CLEARED, DAY, HOUR, to, uuid_of

VISIBLE = ("frame",)
HIDDEN = ("frame jcc 0", "frame mod 0", "part jcc 0", "part mod 0", "part high 0")
_SEATS = (f"MOD/{CLEARED}", f"JCC/{CLEARED}")


def framed(story: Story) -> None:
    """One frame that all have; what they must not know of stands beside it."""
    both = to("MOD", "JCC")
    _frame(story, "frame", "Aid to the camp", both)
    for n in story.hidden(*MOD_READS):
        _frame(story, f"frame jcc {n}", story.said("Hidden aid"), to("JCC"))
        _part(story, f"part jcc {n}", to("JCC"))
    for n in story.hidden(Case.THIRD):
        _frame(story, f"frame mod {n}", story.said("Hidden aid"), to("MOD"))
        _part(story, f"part mod {n}", to("MOD"))
    for n in story.hidden(*MPA_READS):
        _part(story, f"part high {n}", to("MOD", "JCC", classification=HIGH))
    _meet(story)
    for move, answers in (("ask_parts", "parts_shared"), ("ask_go", "say_go")):
        _ask(story, "frame", move, _SEATS)
        for n in story.hidden(*MOD_READS):
            _ask(story, f"frame jcc {n}", move, _SEATS[1:])
        for n in story.hidden(Case.THIRD):
            _ask(story, f"frame mod {n}", move, _SEATS[:1])
        _meet(story)
        _say(story, "frame", "MOD", answers)
        _meet(story)


def _frame(story: Story, name: str, called: str, label: Label) -> None:
    begins = story.world.clock.time + DAY
    area = {
        "shape": "circle", "name": "", "metres": 2_000, "grain": "exact",
        "positions": [[357_800_000, 435_800_000]],
    }  # fmt: skip
    body = {
        "purpose": "aid_access", "text": called, "area": area, "begins": begins,
        "until": begins + 6 * HOUR, "contacts": called,
    }  # fmt: skip
    story.world.write("MPA", name, say.Draft(kind="joint_operation", body=body, label=label))


def _part(story: Story, name: str, label: Label) -> None:
    """A part of the frame that all hold, which is not for all."""
    begins = story.world.clock.time + DAY
    body = {
        "about": uuid_of("frame/1"), "does": "stands_by", "text": story.said("A hidden part"),
        "begins": begins, "until": begins + HOUR, "contact": "duty officer",
        "unknowns": [{"id": "0a1b2c3f", "text": story.said("Hidden doubt")[:300], "state": "open",
                      "by": ""}],
    }  # fmt: skip
    story.world.write("MPA", name, say.Draft(kind="operation_part", body=body, label=label))


def _seen(story: Story, party: str, record: str) -> tuple[str, ...]:
    desk, viewer = story.world.desk(party), story.world.viewer(party)
    circle = rounds.circle_of(desk, viewer, read.record(desk, viewer, "MPA", record))
    return circle.value.newest


def _ask(story: Story, name: str, move: str, seats: tuple[str, ...]) -> None:
    desk, actor, record = story.world.desk("MPA"), story.world.actor("MPA"), uuid_of(f"{name}/1")
    wish = Wish(move=move, seats=seats, seen=_seen(story, "MPA", record))
    with story.world.names.under(f"{name} {move}"):
        joint.go_on(desk, actor, record, wish)


def _say(story: Story, name: str, party: str, answer: str) -> None:
    desk, actor, record = story.world.desk(party), story.world.actor(party), uuid_of(f"{name}/1")
    seen = _seen(story, party, record)
    with story.world.names.under(f"{name} {answer}"):
        joint.answer(desk, actor, "MPA", record, answer, seen=seen)


def _meet(story: Story) -> None:
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")
