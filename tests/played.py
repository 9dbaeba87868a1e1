"""The sample scenario, played on four real desks in memory."""

from contextlib import contextmanager

from tansiq.board import node_state
from tansiq.board.queries import Query
from tansiq.desk.act.desk import Desk, Identity
from tansiq.desk.cases import approving
from tansiq.desk.operations import joint, medevac, safety
from tansiq.desk.records import read
from tansiq.log.cards import Card, make_card
from tansiq.log.database import Sqlite
from tansiq.node.clock import SystemEntropy
from tansiq.node.scenario import PARTIES, START, SceneClock, in_process, play
from tests.world import authority, node_keys

YEARS = 2 * 366 * 86_400_000
# Whose parts of the joint operation each party reads, and how many passages.
JOINT_SHARES = {"MPA": ("COA MOD MPA", 1), "MOD": ("COA MOD MPA", 1), "COA": ("COA MPA", 0)}


@contextmanager
def sample_year():
    """The desks by party, at the end of the year."""
    clock, desks, cards = SceneClock(), {}, {}
    for code, plan in PARTIES.items():
        keys, seat = node_keys(code), authority(code)
        desks[code] = Desk(
            identity=Identity(
                party=plan.code,
                node=plan.node,
                keys=keys,
                authority=seat,
                positions=plan.positions,
                chains=plan.chains,
            ),
            database=Sqlite(None),
            clock=clock,
            entropy=SystemEntropy(),
        )
        node_state.create(desks[code].database)
        card = Card(
            party=code, names=plan.names, authority=seat.public, node=plan.node,
            public=keys.public, age_recipient=keys.age_recipient, certificate=b"", address="",
            positions=(), issued_ms=START, expires_ms=START + YEARS,
        )  # fmt: skip
        cards[code] = make_card(card, seat.seed)
    days = []
    play(desks, cards, clock, in_process(desks), lambda day, of: days.append((day, of)))
    assert days[-1][0] == days[-1][1]
    yield desks
    for desk in desks.values():
        desk.database.close()


def viewer(desks, party):
    """What the liaison officer of a party may see."""
    return desks[party].viewer(PARTIES[party].liaison())


def records(desks, party, kind, **more):
    """The records of a kind that a liaison officer finds."""
    query = Query(kinds=(kind,), limit=100, **more)
    return [view.value for view in read.page(desks[party], viewer(desks, party), query).rows]


def supports(desks, party, **more):
    """The support requests of a party, by their text."""
    return {
        item.body["text"].rpartition("/ ")[2]: item
        for item in records(desks, party, "support", **more)
    }


def chains(played, party, words):
    """What the approval chain of a party was asked about the request with these words."""
    desk, reader = played[party], viewer(played, party)
    (view,) = [
        one for one in read.page(desk, reader, Query(kinds=("support",), limit=100)).rows
        if words in one.value.body["text"] + one.value.body["sort"]
    ]  # fmt: skip
    found = approving.rounds_of(desk, reader, view, PARTIES[party].duty())
    return [one.round for one in found.value]


def evacuations(desks, party):
    """In how many minutes what was done, as a party reads it, by the owner of the request."""
    found, desk, actor = {}, desks[party], PARTIES[party].duty()
    for one in records(desks, party, "medevac"):
        root = read.record(desk, desk.viewer(actor), one.owner, one.record)
        told = safety.tellings(desk, desk.viewer(actor), root, actor).value
        stamps = medevac.stamps(desk, desk.viewer(actor), root, told).value
        found[one.owner] = {s.word.removeprefix("did."): s.minutes for s in stamps}
    return found


def one(desks, party, words, **more):
    """The one own incident of a party in whose text these words are."""
    found = [
        item
        for item in records(desks, party, "incident", **more)
        if words in item.body["text"] and item.owner == party
    ]
    assert len(found) == 1
    return found[0]


def joint_shares(desks):
    """Whose parts of the joint operation each party reads, and how many passages; all say go."""
    found = {}
    for code in ("MPA", "MOD", "COA"):
        (frame,) = records(desks, code, "joint_operation")
        desk, sees = desks[code], viewer(desks, code)
        root = read.record(desk, sees, frame.owner, frame.record)
        said = joint.going_of(desk, sees, root).value
        assert (frame.state, said.all_go, len(said.conditions)) == ("go_said", True, 1)
        shared = joint.shared(desk, sees, root).value
        owners = sorted({one.value.owner for one in shared.parts})
        found[code] = (" ".join(owners), len(shared.passes))
    return found
