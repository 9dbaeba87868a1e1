"""The chapter of safety messages: all parties are told, and none learns what the others did.

One message of MPA goes to MOD and to JCC. What one of them reads back, that it was telephoned, and
what MPA makes of the message for itself is hidden from the other.
"""

from tansiq.desk.operations import safety
from tansiq.domain.places import place_named
from tests.noninterference.story import ALL_READ, MOD_READS, Case, Story
from tests.world import uuid_of

VISIBLE = ("stop",)
HIDDEN = ("stop made 0",)
_TYPED = "Makhmour"


def stopped(story: Story) -> None:
    """One message, and what each of those who were told must not notice of the other."""
    world = story.world
    body = {
        "text": story.said("Stop at the clinic", *ALL_READ),
        "place": place_named(_TYPED).to_json(),
    }
    with world.names.under("stop"):
        safety.send(world.desk("MPA"), world.actor("MPA"), body)
    _meet(story)
    for n in story.hidden(*MOD_READS):
        _called(story, n, "JCC")
    for n in story.hidden(Case.THIRD):
        _called(story, n, "MOD")
    for _ in list(story.hidden(*MOD_READS))[:1]:
        _read_back(story, "JCC")
    if story.case is not Case.THIRD or story.secret.extra:
        _read_back(story, "MOD")
    for n in list(story.hidden(*MOD_READS, Case.THIRD))[:1]:
        with world.names.under(f"stop made {n}"):
            safety.follow_up(world.desk("MPA"), world.actor("MPA"), uuid_of("stop/1"))
    world.clock.time += 120_000
    _meet(story)


def _called(story: Story, n: str, party: str) -> None:
    desk, actor = story.world.desk("MPA"), story.world.actor("MPA")
    with story.world.names.under(f"stop call {party} {n}"):
        safety.called(
            desk, actor, uuid_of("stop/1"), party, whom="liaison_officer", result="no_answer"
        )


def _read_back(story: Story, party: str) -> None:
    desk, actor = story.world.desk(party), story.world.actor(party)
    with story.world.names.under(f"stop back {party}"):
        safety.read_back(desk, actor, "MPA", uuid_of("stop/1"), typed=_TYPED, confirmed=True)


def _meet(story: Story) -> None:
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")
