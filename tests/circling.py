"""A circle of three desks: MPA owns the root, MOD and COA are members. Its kind is planted."""

from contextlib import contextmanager

import pytest

from tansiq.desk.cases import rounds
from tansiq.desk.cases.taking import Wanted
from tansiq.desk.records import read, say
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds import KINDS
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.parties import Role
from tansiq.domain.wording import Text, catalogue
from tansiq.log.database import Sqlite
from tansiq.policy.agreement import Follow
from tests.property.case_kinds import EVIDENCE
from tests.world import rule, to, worlds

NAME = "planted_proof"
SEATS = ("COA/cleared", "MOD/cleared")
PAIRS = (("MPA", "MOD"), ("MPA", "COA"), ("MOD", "COA"))


PLANTED = Kind(
    name=NAME, version=1, writers=frozenset(Role), states=("open",), case=EVIDENCE,
    fields=(Field(name="text", type=Type.TEXT, required=True, searchable=True),),
)  # fmt: skip


PLANTED_WORDS = {
    f"kind.{NAME}": Text("Proof", "إثبات", "بەڵگە"),
    f"section.{NAME}": Text("Proof", "إثبات", "بەڵگە"),
    "did.verify": Text("Looked and agrees", "نظر ووافق", "سەیری کرد و هاوڕایە"),
    "state.proposed": Text("Proposed", "مقترح", "پێشنیارکراو"),
    "state.asked": Text("Asked", "سُئل", "پرسراو"),
    "state.concluded": Text("Concluded", "خُلص إليه", "ئەنجامدراو"),
    "act.ask": Text("Open a round", "افتح جولة", "خولێک بکەرەوە"),
    "act.verify": Text("I agree", "أوافق", "هاوڕام"),
    "did.doubt": Text("Doubts it", "يشك فيه", "گومانی هەیە"),
    "act.doubt": Text("I doubt it", "أشك فيه", "گومانم هەیە"),
    "act.conclude": Text("Conclude", "اخلص", "ئەنجام بدە"),
    "value.seats": Text("Who is asked", "مَن يُسأل", "لە کێ دەپرسرێت"),
    "value.finding": Text("Finding", "النتيجة", "ئەنجام"),
}


@contextmanager
def with_circles():
    """A node that runs within it knows the kind, and has words for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(KINDS, NAME, PLANTED)
        for key, text in PLANTED_WORDS.items():
            patch.setitem(catalogue(), key, text)
        yield


@contextmanager
def three_members():
    """MPA, MOD and COA, each of which lets such records and their steps go to each."""
    with worlds("MPA", "MOD", "COA", databases=lambda _party: Sqlite(None)) as world:
        for one, other in PAIRS:
            world.agree(one, other, *(passing(sender) for sender in (one, other)))
        yield world


def passing(sender):
    return rule(sender, f"V-{sender}", kinds=frozenset({NAME}), follow=Follow.WHOLE)


def carry(world, pairs=PAIRS):
    for one, other in pairs:
        world.exchange(one, other)


def opened(world, *parties, seats=SEATS):
    """A root that these parties hold, and a round on its way."""
    draft = say.Draft(kind=NAME, body={"text": "Whose rocket was it?"}, label=to("MOD", "COA"))
    record = world.write("MPA", "root", draft)
    for party in parties:
        world.release("MPA", record, party, "V-MPA")
    carry(world)
    act(world, "MPA", record, "ask", values={"seats": tuple(seats)})
    return record


def circle(world, party, record):
    desk, viewer = world.desk(party), world.viewer(party)
    return rounds.circle_of(desk, viewer, read.record(desk, viewer, "MPA", record)).value


def act(world, party, record, name, **given):
    """Take a step about the newest round; it does not travel yet."""
    found = circle(world, party, record)
    of = found.rounds[-1].opened.step if found.rounds and name != "ask" else ""
    wanted = Wanted(
        owner="MPA", record=record, lane="", act=name, seen=found.newest, of=of, **given
    )
    count = len(world.names.used)
    with world.names.under(f"{party} {name} {count}"):
        return rounds.take(world.desk(party), world.actor(party), wanted)


def answers(world, party, record):
    """What the newest round says at a node: each seat's answer, and what the owner concluded."""
    last = circle(world, party, record).rounds[-1]
    concluded = last.conclusion
    return {str(one.seat): one.answer and one.answer.act for one in last.seats}, (
        concluded and concluded.values["finding"]
    )
