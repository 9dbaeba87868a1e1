"""Two plans that meet, for tests: who files what, and the meeting between them."""

from contextlib import contextmanager

from tansiq.desk.operations import meetings
from tansiq.desk.records import read, say
from tansiq.policy.agreement import Follow
from tests.activities import planned
from tests.world import HOUR, START, rule, worlds

KINDS = frozenset({"planned_activity", "meeting", "meeting_note"})
WINDOW = {"begins": START + 4 * HOUR, "until": START + 8 * HOUR}
LATER = {"first_begins": START + 9 * HOUR, "first_until": START + 13 * HOUR}


def terms(sender):
    """The rules by which plans go, and meetings about them."""
    return rule(sender, f"O-{sender}", kinds=KINDS, automatic=True, follow=Follow.WHOLE)


@contextmanager
def apart(*others):
    """MOD and MPA, who agreed on plans and meetings, and any others whom nobody tells anything."""
    with worlds("MOD", "MPA", *others) as world:
        world.agree("MOD", "MPA", terms("MOD"), terms("MPA"))
        yield world


@contextmanager
def met(**theirs):
    """Both have filed a plan that meets the other's, and have heard of it."""
    with apart() as world:
        world.ours = world.write("MOD", "ours", planned("MPA", **WINDOW))
        world.theirs = world.write(
            "MPA", "theirs", planned("MOD", text="Survey", **{**WINDOW, **theirs})
        )
        world.exchange("MOD", "MPA")
        yield world


def opened(world):
    """MOD, whose code comes first, opens the meeting; its id."""
    desk, actor = world.desk("MOD"), world.actor("MOD")
    with world.names.under("open"):
        record = meetings.open_meeting(
            desk, actor, world.ours, f"MPA/{world.theirs}", seen=shown(world)
        )
    world.exchange("MOD", "MPA")
    return record


def shown(world):
    """The digests of both plans as MOD is shown them."""
    views = (view(world, "MOD", "MOD", world.ours), view(world, "MOD", "MPA", world.theirs))
    return tuple(one.value.digest for one in views)


def view(world, party, owner, record):
    """A record as somebody of a party sees it."""
    return read.record(world.desk(party), world.viewer(party), owner, record)


def seen(world, party, record):
    """A meeting as somebody of a party sees it."""
    root = view(world, party, "MOD", record)
    desk, viewer = world.desk(party), world.viewer(party)
    return meetings.meeting(desk, viewer, root, world.actor(party)).value


def stage(world, party, record):
    """Where a meeting stands at a party's node."""
    return view(world, party, "MOD", record).value.state


def propose(world, party, record, name, words="", **values):
    """One side proposes."""
    newest = seen(world, party, record).lane.newest
    with world.names.under(name):
        meetings.propose(
            world.desk(party), world.actor(party), "MOD", record, values=values, words=words,
            seen=newest,
        )  # fmt: skip


def agree(world, party, record, name="agree"):
    """One side agrees to what the other proposed."""
    newest = seen(world, party, record).lane.newest
    with world.names.under(name):
        meetings.agree(world.desk(party), world.actor(party), "MOD", record, seen=newest)


def changes(world, party, record, name, **more):
    """A party writes its plan anew."""
    desk, actor = world.desk(party), world.actor(party)
    old = say.current(desk, actor, record).value
    with world.names.under(name):
        draft = say.Draft(kind=old.kind, body={**old.body, **more}, label=old.label)
        say.revise(desk, actor, record, old.digest, draft)


def waits(world, party):
    """What waits at a node because plans meet: about which record, and what it says."""
    rows = world.desk(party).database.rows(
        "SELECT about, said, haste, due FROM waits WHERE why = 'meets' AND ends <> 1 ORDER BY id"
    )
    return [(str(about).partition("/")[2], str(said)) for about, said, *_ in rows]
