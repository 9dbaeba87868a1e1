"""Cases in a simulated world: requests with lanes and circles, steps of all sides, and liars.

Odd worlds from 200 on have them, so that older seeds go through the worlds of then; newer ones have
support requests, and circles that some follow by their stage. All chance here is of its own.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from tansiq.board import lanes as lanes_of_board
from tansiq.desk.cases import reading, rounds, taking
from tansiq.desk.records import read, say
from tansiq.desk.release import releasing
from tansiq.domain.cases import AnyAct, Ruling, StepValue, stands
from tansiq.domain.errors import FaultError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import PartyCode, Role
from tests.property.case_kinds import EVIDENCE, TUG
from tests.sim import plans, sealed_checks, stock, stops, supplies, trainings
from tests.sim.crash import CrashError
from tests.sim.node import DAY, HOUR, PLANTED, Node
from tests.sim.safety import demand
from tests.world import prepare_seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sim.world import World

_TEXT: Final = Field(name="text", type=Type.TEXT, required=True, searchable=True)
_SEATS: Final = Field(name="seats", type=Type.SEATS, required=True, above=False, fixed=True)
TUG_KIND, CIRCLE_KIND, STAGED_KIND = PLANTED
_KINDS: Final = {
    TUG_KIND: Kind(
        name=TUG_KIND, version=1, writers=frozenset(Role), case=TUG, fields=(_TEXT, _SEATS)
    ),
    CIRCLE_KIND: Kind(
        name=CIRCLE_KIND, version=1, writers=frozenset(Role), states=("open",), case=EVIDENCE,
        fields=(_TEXT,),
    ),
}  # fmt: skip
_NEWER: Final = {STAGED_KIND: replace(_KINDS[CIRCLE_KIND], name=STAGED_KIND)}
OFTEN: Final = 0.4  # after each event of the world
OFTEN_NEWER: Final = 0.6
NOTHING: Final = "nothing to do in a case"


class Cases:
    """What happens in cases; ``lied`` are lanes in which somebody said what it did not hold."""

    def __init__(self, seed: int, *, newer: bool) -> None:
        self.chance = Random(f"cases/{seed}")
        self.newer = newer
        self.lasts = (300 if newer else 30) * HOUR
        self.on = newer or (seed >= 200 and seed % 2 == 1)
        usual = ("rfi", "rfi", TUG_KIND, CIRCLE_KIND)
        self.asked = ("support", "support", "support", STAGED_KIND) if newer else usual
        self.lied: set[str] = set()
        self.stock = stock.Stock(seed, newer=newer)
        self.stops = stops.Stops(seed)
        self.trainings = trainings.Trainings(seed)
        self.plans, self.checks = plans.Plans(seed), sealed_checks.Checks(seed)

    @contextmanager
    def kinds(self) -> Iterator[None]:
        """The planted kinds, known on all nodes, and the rules of this world."""
        planted = (_NEWER if self.newer else _KINDS) if self.on else {}
        with patch.dict(KINDS, planted), self.trainings.rules():
            yield

    def happen(self, world: "World") -> None:
        """Perhaps somebody acts in a case, books in stock, warns of danger, plans or suspends."""
        for one in (self.stock, self.stops, self.trainings, self.plans, self.checks):
            one.happen(world)
        if not self.on or self.chance.random() > (OFTEN_NEWER if self.newer else OFTEN):
            return
        node = world.nodes[self.chance.choice(sorted(world.nodes))]
        ways = _ACTS_NEWER if self.newer else _ACTS
        (act,) = self.chance.choices([one for _, one in ways], [weight for weight, _ in ways])
        if self.chance.random() < 0.1:
            node.database.arm(self.chance.choice((0, 1, 2, 3, 5, 8, 13, 21)))
        try:
            text = act(world, node)
        except CrashError:
            node.restart()
            text = f"crashes in {act.__name__}"
        except FaultError as error:
            text = f"{act.__name__} refused: {error.code}"
        node.database.disarm()
        world.watch.look(node)
        world.note(node.party, text)


# Acts ---------------------------------------------------------------------------------------------


def _others(world: "World", node: Node) -> list[PartyCode]:
    return [to for sender, to in world.pairs if sender == node.party]


def ask(world: "World", node: Node) -> str:
    """A new root, for one party or two."""
    chance, now, others = world.cases.chance, node.clock.now(), _others(world, node)
    asked = chance.sample(others, min(len(others), chance.choice((1, 2, 2))))
    kind = chance.choice(world.cases.asked)
    body: dict[str, object] = {"text": f"asks {world.ledger.token(node.party)}"}
    if kind not in (CIRCLE_KIND, STAGED_KIND):
        body["seats"] = [f"{party}/liaison" for party in asked]
    if kind == "support":
        body = supplies.body(chance, now, str(body["text"]), [f"{to}/liaison" for to in asked])
    if kind == "rfi":
        body["needed_by"] = now + chance.choice((HOUR, 6 * HOUR, 3 * DAY))
    label = Label(
        audience=audience_of(*asked), expires=chance.choice((0, 0, 0, now + world.cases.lasts))
    )
    draft = say.Draft(kind=kind, body=body, label=label)
    record = say.write(node.desk, node.actor(1), draft)
    return f"asks {' '.join(asked)} {kind} {record[:8]}"


def _root(world: "World", node: Node, *, shape: str) -> tuple[str, str, str] | None:
    """A lane or a circle that the node holds or held: owner, record and lane."""
    rows = node.database.rows(
        f"""SELECT DISTINCT root, lane FROM opening WHERE ordinal > 0 AND lane {shape} ''
            ORDER BY root, lane"""
    )
    if not rows:
        return None
    root, lane = world.cases.chance.choice(rows)
    owner, _, record = str(root).partition("/")
    return owner, record, str(lane)


def step(world: "World", node: Node) -> str:
    """A step that the lane allows now, or any of the kind's that it does not."""
    turn = supplies.waiting(world.cases.chance, node) if world.cases.newer else None
    found = turn or _root(world, node, shape="<>")
    return NOTHING if found is None else _step_in(world, node, found, seldom=world.cases.newer)


def cross(world: "World") -> None:
    """Before it is calm both sides of each support request act, and hear nothing of each other."""
    if not world.cases.newer:
        return
    for node in world.nodes.values():
        rows = node.database.rows(
            """SELECT DISTINCT o.root, o.lane FROM opening o
                 JOIN record r ON r.record = o.root AND r.kind = 'support'
               WHERE o.ordinal > 0 ORDER BY o.root, o.lane"""
        )
        for root, lane in rows:
            owner, _, record = str(root).partition("/")
            try:
                text = _step_in(world, node, (owner, record, str(lane)))
            except FaultError as error:
                text = f"cross refused: {error.code}"
            world.watch.look(node)
            world.note(node.party, text)


def in_circles(world: "World") -> None:
    """All members act in circles once they have heard each other."""
    for node in world.nodes.values() if world.cases.newer else ():
        for _ in range(3):
            try:
                text = in_circle(world, node)
            except FaultError as error:
                text = f"in_circle refused: {error.code}"
            world.watch.look(node)
            world.note(node.party, text)


def _step_in(
    world: "World", node: Node, found: tuple[str, str, str], *, seldom: bool = False
) -> str:
    """Take an act; ``seldom`` one that ends the lane."""
    chance, desk, actor = world.cases.chance, node.desk, node.actor(1)
    owner, record, name = found
    view = read.record(desk, desk.viewer(actor), owner, record)
    case = reading.lanes_of(desk, desk.viewer(actor), view, actor)
    assert case is not None
    (lane,) = [one for one in case.value.lanes if one.id == name]
    acts = lane.acts if chance.random() < 0.9 else case.value.declared.acts
    if not acts:
        return NOTHING
    act = supplies.seldom_ending(chance, acts) if seldom else chance.choice(acts)
    if act is None:
        return NOTHING
    column = case.value.declared.columns.get(act.name)
    now, of, further = node.clock.now(), _of(chance, act, lane), ""
    values = supplies.values_of(chance, act, now)
    if column is not None:
        of, further = supplies.about(chance, lane, column), supplies.then(chance, act)
        values |= supplies.counts(chance, lane, column)
        known = case.value.declared.act(further)
        values |= supplies.values_of(chance, known, now) if known else {}
    wanted = taking.Wanted(
        owner=owner, record=record, lane=name, act=act.name, seen=lane.newest,
        of=of, values=values, then=further,
        words={"text": world.ledger.token(node.party)} if act.beside else None,
    )  # fmt: skip
    world.cases.stock.take(desk, actor, wanted, column)
    return f"{act.name} in {name[:8]} of {owner}/{record[:8]}"


def _of(chance: Random, act: AnyAct, lane: reading.LaneView) -> str:
    among = lane.contested or lane.said
    return chance.choice(among).step.step if isinstance(act, Ruling) and among else ""


def in_circle(world: "World", node: Node) -> str:
    """The owner opens a round or concludes, a seat answers."""
    chance, desk, actor = world.cases.chance, node.desk, node.actor(1)
    found = _root(world, node, shape="=")
    if found is None:
        return NOTHING
    owner, record, _ = found
    viewer = desk.viewer(actor)
    view = read.record(desk, viewer, owner, record)
    circle = rounds.circle_of(desk, viewer, view, actor if world.cases.newer else None)
    if circle is None:
        return f"follows the stage of {owner}/{record[:8]} alone"
    own = owner == node.party
    acts = ("ask", "conclude", "verify") if own else ("verify", "doubt")
    offered = tuple(act.name for act in circle.value.acts)
    acts = offered if offered and chance.random() < 0.9 else acts
    refusable = circle.value.refusable
    name = chance.choice((*acts, "refuse") if refusable else acts)
    newest = circle.value.rounds[-1].opened.step if circle.value.rounds else ""
    values: dict[str, StepValue] = {"finding": "verified"} if name == "conclude" else {}
    if name == "ask":
        seats = [f"{party}/liaison" for party in (node.party, *_others(world, node))]
        values["seats"] = tuple(chance.sample(seats, min(len(seats), 2)))
    of = "" if name == "ask" else newest
    if name == "refuse":
        refused = chance.choice(refusable)
        of, values["author"] = refused.step, refused.author
    wanted = taking.Wanted(
        owner=owner, record=record, lane="", act=name, seen=circle.value.newest, of=of,
        values=values,
    )  # fmt: skip
    rounds.take(desk, actor, wanted)
    return f"{name} in the circle {owner}/{record[:8]}"


def restate(world: "World", node: Node) -> str:
    """The owner moves the moment, takes a root back, or lets it go once more."""
    chance, desk, actor = world.cases.chance, node.desk, node.actor(1)
    rows = desk.board.db.rows(
        """SELECT DISTINCT r.record, r.party FROM release r JOIN opening o ON o.release = r.release
           ORDER BY r.record, r.party"""
    )
    if not rows:
        return NOTHING
    key, party = chance.choice(rows)
    record, to = str(key).partition("/")[2], PartyCode(str(party))
    how = chance.choice(("moves", "recalls", "recalls", "releases"))
    if how == "recalls":
        releasing.recall(desk, actor, record, to, "error")
    elif how == "releases":
        rules = releasing.rules_for(desk, actor, record, to)
        if not rules:
            return NOTHING
        prepare_seen(desk, actor, releasing.Wish(record=record, to=to, rule=rules[0].name))
    else:
        edition = releasing.own_edition(desk, record)
        body = dict(edition.body)
        if "needed_by" in body:
            body["needed_by"] = node.clock.now() + chance.choice((HOUR, DAY))
        draft = say.Draft(kind=edition.kind, body=body, label=edition.label)
        base = say.current(desk, actor, record).value.digest
        say.revise(desk, actor, record, base, draft)
    return f"{how} {record[:8]} ({to})"


def lie(world: "World", node: Node) -> str:
    """Say something else under the id of a step, a step that is not held, or one in a lane of
    others.
    """
    chance = world.cases.chance
    rows = node.database.rows(
        "SELECT root, lane, said, told FROM step WHERE author = ? AND told <> '{}' ORDER BY id",
        (node.party,),
    )
    if not rows:
        return NOTHING
    root, lane, said, told = (str(cell) for cell in chance.choice(rows))
    held = lanes_of_board.of_root(node.desk.board, root)
    declared = lanes_of_board.declaration_of(node.desk.board, root)
    if declared is None or (lane and not held):
        return NOTHING
    to = PartyCode(chance.choice(sorted(decoded(told))))
    item: dict[str, object] = {**decoded(said), "act": chance.choice(declared.acts).name}
    how = chance.choice(("twice", "unheld", "foreign"))
    if how != "twice":
        item |= {"step": world.entropy.uuid(), "release": world.entropy.uuid()}
        item["after"] = chance.choice(([], [world.entropy.uuid()], item["after"]))
        world.cases.lied.add(lane or root)
    if how == "foreign":
        foreign = sorted(
            one.id
            for root in _roots(world.nodes[to])
            for one in lanes_of_board.of_root(world.nodes[to].desk.board, root)
            if node.party not in world.watch.lanes.get(one.id, {node.party})
        )
        if not foreign:
            return NOTHING
        item["lane"] = chance.choice(foreign)
        world.watch.lanes[str(item["lane"])] = frozenset(world.nodes)
        world.cases.lied.add(str(item["lane"]))
    with node.desk.act() as act:
        act.feed(to, item)
    return f"lies to {to} in {root[:12]}: {how} {item['act']}"


def _roots(node: Node) -> list[str]:
    rows = node.database.rows("SELECT DISTINCT root FROM opening WHERE ordinal > 0 ORDER BY root")
    return [str(root) for (root,) in rows]


def decoded(text: str) -> dict[str, object]:
    """A row's JSON."""
    found: dict[str, object] = json.loads(text)
    return found


_ACTS: "tuple[tuple[float, Callable[[World, Node], str]], ...]" = (
    (4, ask), (9, step), (4, in_circle), (2, restate), (1, lie),
)  # fmt: skip
_ACTS_NEWER: "tuple[tuple[float, Callable[[World, Node], str]], ...]" = (
    (3, ask), (18, step), (5, in_circle), (0.5, restate), (0.3, lie),
)  # fmt: skip


# Calm ---------------------------------------------------------------------------------------------


def equal(world: "World", sender: Node, receiver: Node) -> None:
    """After calm: all that one side said in a case is at the other, and both stand alike."""
    _nothing_lost(sender, receiver)
    board, there = sender.desk.board, receiver.desk.board
    roots = board.db.rows(
        "SELECT DISTINCT root FROM opening WHERE root LIKE ? AND lane <> '' ORDER BY root",
        (f"{sender.party}/%",),
    )
    for (key,) in roots:
        root = str(key)
        declared = lanes_of_board.declaration_of(there, root)
        if declared is None:
            continue
        theirs = {one.id: one for one in lanes_of_board.of_root(there, root)}
        for mine in lanes_of_board.of_root(board, root):
            other = theirs.get(mine.id)
            ended = other is None or mine.lane.ended() or other.lane.ended()
            if other is None or ended or mine.id in world.cases.lied:
                continue
            what = f"lane {mine.id[:8]} of {root}"
            steps = [{one.step.key for one in held.came} for held in (mine, other)]
            demand(steps[0] == steps[1], f"{what}: not the same steps on both sides")
            here, away = (stands(declared, held.lane) for held in (mine, other))
            demand(
                (here.stage, here.contested, here.turns)
                == (away.stage, away.contested, away.turns),
                f"{what}: {here.stage} at {sender.party}, {away.stage} at {receiver.party}",
            )
            demand(here.verdicts == away.verdicts, f"{what}: judged otherwise")
            demand(here.sums == away.sums, f"{what}: counted otherwise")
            supplies.demand_sums(declared, here, [one.step for one in mine.came], what)
    supplies.followed(sender, receiver)


def _nothing_lost(sender: Node, receiver: Node) -> None:
    rows = sender.database.rows(
        "SELECT root, step, told FROM step WHERE author = ? ORDER BY id", (sender.party,)
    )
    for root, name, told in rows:
        if receiver.party not in decoded(str(told)) or str(root).startswith("?"):
            continue
        there = receiver.database.rows(
            "SELECT root FROM step WHERE author = ? AND step = ?", (sender.party, name)
        )
        what = f"step {str(name)[:8]} of {sender.party} about {root}"
        demand(there, f"{what} is not at {receiver.party}")
        # A node that went back and got of its root a hash alone knows no lane of it; a lie about a
        # lane in which another party is asked stands under the liar's own name.
        opened = receiver.database.rows(
            """SELECT o.lane FROM opening o JOIN step s ON s.lane = o.lane
               WHERE o.root = ? AND o.ordinal > 0 AND s.author = ? AND s.step = ?
                 AND (o.root LIKE s.author || '/%' OR o.seat LIKE s.author || '/%')""",
            (root, sender.party, name),
        )
        known = str(there[0][0]) == str(root) or not opened
        demand(known, f"{what} is under {there[0][0]} at {receiver.party}")
