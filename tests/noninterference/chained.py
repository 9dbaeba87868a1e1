"""The chapter of approval chains: who is asked inside a party, how often and with what result.

MPA asks MOD and JCC once its own chain has approved, and MOD promises once its chain has. Whoever
is not of a party sees one request and one promise, whatever was asked, rejected and asked again
before; who may not see a request sees nothing of the rounds about it.
"""

from tansiq.desk.records import attention
from tansiq.domain.cases import Before, RoundState
from tests.chaining import FIRST, SECOND, chained, chains, promise, says
from tests.noninterference.story import ALL_READ, HIGH, MOD_READS, MPA_READS, Case, Story
from tests.noninterference.supplies import need
from tests.world import CLEARED, HOUR, to, uuid_of

VISIBLE = ("chain",)
HIDDEN = ("chain high 0", "chain up 0")
_AT_MPA = (*MPA_READS, Case.ADMINISTRATOR, Case.STRANGER)
_ROOT = uuid_of("chain/1")


def approved(story: Story) -> None:
    """What all see of one request, and what happened inside before each step of it."""
    world = story.world
    for n in story.hidden(Case.RECEIVER):
        high = to("MOD", classification=HIGH)
        world.write("MPA", f"chain up {n}", need(story, story.said("high"), high, "MOD"))
    _meet(story)
    chained(world, "MPA", *_chain(story, Before.ASKING, *MOD_READS, Case.THIRD))
    chained(world, "MOD", *_chain(story, Before.GIVING, *_AT_MPA, Case.THIRD))
    _asked(story)
    _meet(story)
    _promised(story)
    _meet(story)
    world.clock.time += 5 * HOUR
    for desk in world.desks.values():
        attention.tick(desk)
    _meet(story)


def _chain(story: Story, before: Before, *hidden: Case):
    """One approver, or two more before that one."""
    longer = story.case in hidden and story.secret.extra
    return chains(*((FIRST, SECOND) if longer else ()), CLEARED, before=before)


def _asked(story: Story) -> None:
    """MPA's chain rejects and approves; only the approved request goes, as if it were the first."""
    world, both = story.world, to("MOD", "JCC")
    draft = need(story, story.said("Gloves for the clinic", *ALL_READ), both, "MOD", "JCC")
    world.write("MPA", "chain", draft)
    for n in story.hidden(*MPA_READS):
        high = to("MOD", classification=HIGH)
        world.write("MPA", f"chain high {n}", need(story, story.said("high"), high, "MOD"))
    for n in story.hidden(*MOD_READS, Case.THIRD):
        why = {"reason": "no_funds", "text": story.said("inside")}
        says(world, "MPA", _ROOT, FIRST, RoundState.REJECTED, name=f"chain no {n}", **why)
        with world.names.under(f"chain again {n}"):
            story.revise(_ROOT, draft)
    for _ in list(story.hidden(*MOD_READS, Case.THIRD))[:1]:
        says(world, "MPA", _ROOT, FIRST, name="chain first")
        says(world, "MPA", _ROOT, SECOND, name="chain second")
    says(world, "MPA", _ROOT, CLEARED, name="chain sent", person="P-BOSS")


def _promised(story: Story) -> None:
    """MOD's chain is asked more than once in one world; the promise leaves once in both."""
    world = story.world
    for n in story.hidden(Case.RECEIVER):
        promise(world, uuid_of(f"chain up {n}/1"), name=f"chain up promise {n}")
    for n in story.hidden(*_AT_MPA, Case.THIRD):
        promise(world, _ROOT, name=f"chain promise {n}")
        why = {"reason": "not_now", "text": story.said("inside"), "owner": "MPA"}
        says(world, "MOD", _ROOT, FIRST, RoundState.REJECTED, name=f"chain not now {n}", **why)
    promise(world, _ROOT, name="chain promise")
    for _ in list(story.hidden(*_AT_MPA, Case.THIRD))[:1]:
        says(world, "MOD", _ROOT, FIRST, name="chain promise first")
        says(world, "MOD", _ROOT, SECOND, name="chain promise second")
    says(world, "MOD", _ROOT, CLEARED, name="chain promised", person="P-BOSS")


def _meet(story: Story) -> None:
    story.meet("MPA", "MOD")
    story.meet("MPA", "JCC")
