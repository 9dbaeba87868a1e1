"""Cases in a simulated world: requests with lanes and circles, steps of all sides, and liars.

Odd worlds from 200 on have them, so that the seeds that found something before go through the same
worlds as then. All chance here is of its own.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from tansiq.board import cases as lanes_of_board
from tansiq.desk.cases import reading, rounds, taking
from tansiq.desk.records import read, say
from tansiq.desk.release import releasing
from tansiq.domain.cases import AnyAct, Form, Ruling, StepValue, stands
from tansiq.domain.errors import FaultError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds import KINDS, Kind
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import PartyCode, Role
from tests.property.case_kinds import EVIDENCE, TUG
from tests.sim.crash import CrashError
from tests.sim.node import DAY, HOUR, PLANTED, Node
from tests.sim.safety import demand
from tests.world import prepare_seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sim.world import World

_TEXT: Final = Field(name="text", type=Type.TEXT, required=True, searchable=True)
_SEATS: Final = Field(name="seats", type=Type.SEATS, required=True, above=False, fixed=True)
TUG_KIND, CIRCLE_KIND = PLANTED
_KINDS: Final = {
    TUG_KIND: Kind(
        name=TUG_KIND, version=1, writers=frozenset(Role), case=TUG, fields=(_TEXT, _SEATS)
    ),
    CIRCLE_KIND: Kind(
        name=CIRCLE_KIND, version=1, writers=frozenset(Role), states=("open",), case=EVIDENCE,
        fields=(_TEXT,),
    ),
}  # fmt: skip
OFTEN: Final = 0.4  # after each event of the world
NOTHING: Final = "nothing to do in a case"


class Cases:
    """What happens in cases; ``lied`` are lanes in which somebody said what it did not hold."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"cases/{seed}")
        self.on = seed >= 200 and seed % 2 == 1
        self.lied: set[str] = set()

    @contextmanager
    def kinds(self) -> Iterator[None]:
        """The planted kinds, known on all nodes."""
        with patch.dict(KINDS, _KINDS if self.on else {}):
            yield

    def happen(self, world: "World") -> None:
        """Perhaps somebody acts in a case."""
        if not self.on or self.chance.random() > OFTEN:
            return
        node = world.nodes[self.chance.choice(sorted(world.nodes))]
        (act,) = self.chance.choices([one for _, one in _ACTS], [weight for weight, _ in _ACTS])
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
    chance, now = world.cases.chance, node.clock.now()
    others = _others(world, node)
    asked = chance.sample(others, min(len(others), chance.choice((1, 2, 2))))
    kind = chance.choice(("rfi", "rfi", TUG_KIND, CIRCLE_KIND))
    body: dict[str, object] = {"text": f"asks {world.ledger.token(node.party)}"}
    if kind != CIRCLE_KIND:
        body["seats"] = [f"{party}/liaison" for party in asked]
    if kind == "rfi":
        body["needed_by"] = now + chance.choice((HOUR, 6 * HOUR, 3 * DAY))
    label = Label(audience=audience_of(*asked), expires=chance.choice((0, 0, 0, now + 30 * HOUR)))
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
    chance, desk, actor = world.cases.chance, node.desk, node.actor(1)
    found = _root(world, node, shape="<>")
    if found is None:
        return NOTHING
    owner, record, name = found
    view = read.record(desk, desk.viewer(actor), owner, record)
    case = reading.lanes_of(desk, desk.viewer(actor), view, actor)
    assert case is not None
    (lane,) = [one for one in case.value.lanes if one.id == name]
    acts = lane.acts if chance.random() < 0.9 else case.value.declared.acts
    if not acts:
        return NOTHING
    act = chance.choice(acts)
    wanted = taking.Wanted(
        owner=owner, record=record, lane=name, act=act.name, seen=lane.newest,
        of=_of(chance, act, lane), values=_values(chance, act),
        words={"text": world.ledger.token(node.party)} if act.beside else None,
    )  # fmt: skip
    taking.take(desk, actor, wanted)
    return f"{act.name} in {name[:8]} of {owner}/{record[:8]}"


def _of(chance: Random, act: AnyAct, lane: reading.LaneView) -> str:
    among = lane.contested or lane.said
    return chance.choice(among).step.step if isinstance(act, Ruling) and among else ""


def _values(chance: Random, act: AnyAct) -> dict[str, StepValue]:
    return {
        value.name: chance.choice(("MOD", "MPA"))
        if value.form is Form.PARTY
        else chance.choice(sorted(value.choices) or ["verified"])
        for value in act.values
        if value.form is not Form.SEATS
    }


def in_circle(world: "World", node: Node) -> str:
    """The owner opens a round or concludes, a seat answers."""
    chance, desk, actor = world.cases.chance, node.desk, node.actor(1)
    found = _root(world, node, shape="=")
    if found is None:
        return NOTHING
    owner, record, _ = found
    viewer = desk.viewer(actor)
    circle = rounds.circle_of(desk, viewer, read.record(desk, viewer, owner, record))
    assert circle is not None
    own = owner == node.party
    name = chance.choice(("ask", "conclude", "verify") if own else ("verify", "doubt"))
    newest = circle.value.rounds[-1].opened.step if circle.value.rounds else ""
    values: dict[str, StepValue] = {"finding": "verified"} if name == "conclude" else {}
    if name == "ask":
        seats = [f"{party}/liaison" for party in (node.party, *_others(world, node))]
        values["seats"] = tuple(chance.sample(seats, min(len(seats), 2)))
    wanted = taking.Wanted(
        owner=owner, record=record, lane="", act=name, seen=circle.value.newest,
        of="" if name == "ask" else newest, values=values,
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
    held = lanes_of_board.lanes(node.desk.board, root)
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
            for one in lanes_of_board.lanes(world.nodes[to].desk.board, root)
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
        theirs = {one.id: one for one in lanes_of_board.lanes(there, root)}
        for mine in lanes_of_board.lanes(board, root):
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
        # A node that went back and got of its root a hash alone knows no lane of it.
        opened = receiver.database.rows(
            """SELECT o.lane FROM opening o JOIN step s ON s.lane = o.lane
               WHERE o.root = ? AND o.ordinal > 0 AND s.author = ? AND s.step = ?""",
            (root, sender.party, name),
        )
        demand(
            str(there[0][0]) == str(root) or not opened,
            f"{what} is under {there[0][0]} at {receiver.party}",
        )
