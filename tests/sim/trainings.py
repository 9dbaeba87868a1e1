"""Suspensions of training in a simulated world: cohorts of several owners, one decision that
suspends the own ones and asks the others, answers, and what goes on again.

Some of the later worlds have them, so that the others go through what they went through before.
All chance here is of its own. At every moment and after every crash: a decision has suspended all
the cohorts that it names or was not made, whatever stands still does so by a decision that is
there, and whoever answered that it suspends too has done so, once for each answer. After the calm
both sides of each asking have the same answers, and every cohort stands at its readers as at its
owner.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from tansiq.board import circles, own_editions
from tansiq.board.board import key_of
from tansiq.desk.cases import rounds, taking
from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query, View
from tansiq.desk.release import agreements
from tansiq.desk.training import suspending
from tansiq.domain.cases import CircleStanding
from tansiq.domain.days import shifted
from tansiq.domain.errors import FaultError
from tansiq.domain.kinds.newest import own_newest
from tansiq.domain.kinds.training.suspension import CASE, GOES_ON, SUSPENSION
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.records import Body, Edition, RecordView
from tansiq.domain.training.suspending import Scope
from tansiq.log.canonical import decode_object
from tests.sim import node as nodes
from tests.sim.crash import CrashError
from tests.sim.node import Node
from tests.sim.safety import demand

if TYPE_CHECKING:
    from tests.sim.world import World

FROM: Final = 200
SOME: Final = 6  # of twelve
OFTEN: Final = 0.3  # after each event
KINDS: Final = frozenset({"course", "cohort", "suspension"})
_MANAGER: Final = 2  # of the people of a node: the senior duty officer
_ALL: Final = 500
_ACTS: Final = ("plan", "plan", "decide", "answer", "answer", "resume", "extend")


class Trainings:
    """What happens with the training of a world; ``done`` counts the acts, and ``back`` are the
    parties that went back to a backup: of a decision they may hold no more than a part.
    """

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"trainings/{seed}")
        self.on = seed >= FROM and seed % 12 == SOME
        self.done: Counter[str] = Counter()
        self.back: set[PartyCode] = set()

    @contextmanager
    def rules(self) -> Iterator[None]:
        """Training goes by itself to whom its label names."""
        with patch.object(nodes, "ALONE", (KINDS,) if self.on else ()):
            yield

    def happen(self, world: "World") -> None:
        """Perhaps somebody plans, decides, answers, or lets go on."""
        if not self.on or self.chance.random() > OFTEN:
            return
        node = world.nodes[self.chance.choice(sorted(world.nodes))]
        act = self.chance.choice(_ACTS)
        if self.chance.random() < 0.15:
            node.database.arm(self.chance.choice((0, 1, 2, 3, 5, 8, 13, 21, 34)))
        try:
            text = getattr(self, f"_{act}")(world, node, node.actor(_MANAGER))
            self.done[act] += bool(text)
            text = text or f"nothing to {act}"
        except CrashError:
            node.restart()
            self.done["crash"] += 1
            text = f"crashes in {act}"
        except FaultError as error:
            text = f"{act} refused: {error.code}"
        node.database.disarm()
        world.watch.look(node)
        self.look(node)
        world.note(node.party, text)

    def _plan(self, world: "World", node: Node, actor: Actor) -> str:
        """A new cohort of an own course."""
        others = [to for by, to in world.pairs if by == node.party]
        label, known = Label(audience=audience_of(*others)), _own(node, "course")
        if not known:
            body: Body = {"code": f"C-{node.party}", "text": world.ledger.token(node.party),
                          "family": "medical", "subject": "first_aid", "days": 10}  # fmt: skip
            say.write(node.desk, actor, say.Draft(kind="course", body=body, label=label))
            return "plans a course"
        code = f"K-{node.party}-{len(_own(node, 'cohort'))}"
        body = {
            "about": known[0].value.record, "code": code, "text": world.ledger.token(node.party),
            "mode": self.chance.choice(("in_person", "in_person", "on_line", "mixed")),
            "days": 10, "places": self.chance.randint(1, 40),
        }  # fmt: skip
        say.write(node.desk, actor, say.Draft(kind="cohort", body=body, label=label))
        return f"plans {code}"

    def _decide(self, world: "World", node: Node, actor: Actor, about: View | None = None) -> str:
        """One decision about all that it may see, or about what another owner asks it to."""
        desk, viewer = node.desk, node.desk.viewer(actor)
        day, codes = suspending.today(desk), ()
        if about is not None:
            named = suspending.named_by(desk, viewer, about.value)
            codes = tuple(str(one.value.body["code"]) for one in named)
        scope = Scope(first_day=day, meets=self.chance.choice(("", "in_person")), codes=codes)
        found = suspending.foreseen(desk, viewer, scope, actor)
        if not found.effects.cohorts:
            return ""
        asked = frozenset() if about else frozenset(found.effects.owners) - {node.party}
        made = suspending.Decision(
            text=f"stand still {world.ledger.token(node.party)}", reason_class="pandemic",
            reason="Curfew", decision="Order 14", review=shifted(day, self.chance.randint(1, 30)),
            scope=scope, asked=asked, about=about,
        )  # fmt: skip
        record = suspending.decide(desk, actor, made, found.mark)
        return f"decides {record[:8]} and asks {' '.join(sorted(asked)) or 'nobody'}"

    def _answer(self, world: "World", node: Node, actor: Actor) -> str:
        """What another owner asks: to suspend too, or to go on."""
        asking = self._asking(node)
        return self._answer_to(world, node, self.chance.choice(asking)) if asking else ""

    def _asking(self, node: Node) -> list[tuple[View, rounds.CircleView]]:
        """What others ask of this node's party, with the circle of each."""
        desk, actor = node.desk, node.actor(_MANAGER)
        found = []
        for view in _seen(node, "suspension"):
            circle = rounds.circle_of(desk, desk.viewer(actor), view, actor)
            if view.value.owner != node.party and circle is not None and circle.value.acts:
                found.append((view, circle.value))
        return found

    def _answer_to(self, world: "World", node: Node, asking: tuple[View, rounds.CircleView]) -> str:
        (view, circle), actor = asking, node.actor(_MANAGER)
        if not _answered(circle, node.party) and self.chance.random() < 0.6:
            text = self._decide(world, node, actor, view)
            if text:
                self.done["suspends too"] += 1
                return f"{text}: suspends too"
        wanted = taking.Wanted(
            owner=view.value.owner, record=view.value.record, lane="", act="train_on",
            seen=circle.newest, of=circle.about("train_on"),
            values={"goes_on_because": self.chance.choice(sorted(GOES_ON))},
        )  # fmt: skip
        rounds.take(node.desk, actor, wanted)
        return f"goes on, and says so to {view.value.owner}"

    def answer_all(self, world: "World") -> None:
        """Once all have heard each other, whoever is asked and has not answered does."""
        for node in world.nodes.values():
            for view, circle in self._asking(node):
                if not _answered(circle, node.party):
                    try:
                        text = self._answer_to(world, node, (view, circle))
                    except FaultError as error:
                        text = f"answer refused: {error.code}"
                    world.watch.look(node)
                    self.look(node)
                    world.note(node.party, text)

    def _resume(self, world: "World", node: Node, actor: Actor) -> str:
        """Some or all of what a decision suspended go on."""
        view = self._in_force(node)
        if view is None:
            return ""
        desk = node.desk
        still = suspending.standing_still(desk, desk.viewer(actor), view.value)
        names = [str(one.value.record) for one in still]
        some = self.chance.sample(names, self.chance.randint(min(1, len(names)), len(names)))
        suspending.resume(
            desk, actor, view.value.record, view.value.digest, cohorts=some, reason="It is over",
            decision="Order 40", day=suspending.today(desk),
        )  # fmt: skip
        return f"lets {len(some)} of {len(names)} go on"

    def _extend(self, world: "World", node: Node, actor: Actor) -> str:
        """A decision stands for longer."""
        view = self._in_force(node)
        if view is None:
            return ""
        later = shifted(str(view.value.body["review"]), self.chance.randint(1, 30))
        suspending.extend(
            node.desk, actor, view.value.record, view.value.digest, review=later,
            reason="It goes on", decision="Order 20",
        )  # fmt: skip
        return f"extends {view.value.record[:8]}"

    def _in_force(self, node: Node) -> View | None:
        found = [one for one in _decisions(node) if not one.value.body.get("ended")]
        return self.chance.choice(found) if found else None

    def look(self, node: Node) -> None:
        """What must hold of the decisions of a node."""
        if not self.on or node.party in self.back:
            return
        history = {
            str(one.value.record): _editions(node, str(one.value.record))
            for one in _own(node, "cohort")
        }
        made = _decisions(node)
        for view in made:
            body, by = view.value.body, SUSPENSION.reference(view.value.record)
            what = f"{node.party} decided {view.value.record[:8]}"
            for name in body.get("suspends", ()):
                demand(any(_stopped_by(one, by) for one in history[str(name)]),
                       f"{what}, and a cohort of it never stood still")  # fmt: skip
            standing = [name for name, found in history.items() if _stopped_by(found[-1], by)]
            demand(set(standing) <= set(body.get("suspends", ())), f"{what} of other cohorts")
            demand(not (body.get("ended") and standing), f"{what}: over, and cohorts stand still")
        references = {SUSPENSION.reference(one.value.record) for one in made}
        for name, found in history.items():
            newest = found[-1]
            demand(newest.state != "suspended" or newest.body.get("decision") in references,
                   f"{node.party}: {name[:8]} stands still and nobody decided so")  # fmt: skip
        self._answers(node, made)

    def _answers(self, node: Node, made: list[View]) -> None:
        """Each answer that a party suspends too stands with one decision of its own."""
        rows = node.database.rows(
            "SELECT said FROM step WHERE author = ? AND lane = ''", (node.party,)
        )
        said = [json.loads(str(one)) for (one,) in rows]
        answers = Counter(one["root"] for one in said if one["act"] == "suspend_too")
        about = Counter(str(one.value.body["about"]) for one in made if one.value.body.get("about"))
        demand(answers == about, f"{node.party} answered {answers} and decided {about}")

    def at_rest(self, world: "World", sender: Node, receiver: Node) -> None:
        """Both sides of what one asked the other agree, and cohorts stand alike at both."""
        if not self.on or {sender.party, receiver.party} & self.back:
            return
        always, over = _always_agreed(sender, receiver), world.watch.told.over
        for view in _own(sender, "suspension"):
            if view.value.body.get("asks_owner") == receiver.party:
                key = key_of(sender.party, view.value.record)
                here, there = (_told(one, key) for one in (sender, receiver))
                held = receiver.database.rows("SELECT 1 FROM record WHERE record = ?", (key,))
                what = f"{receiver.party} asked by {key}"
                demand(here == there or not held, f"{what}: other answers on both sides")
                said = all(all(answers) for _, answers, _ in here)
                gone = (sender.party, str(view.value.record), receiver.party) in over
                demand(said or not held or gone or not always, f"{what} never answered")
                self.done["answered"] += bool(here) and said
        for view in _seen(receiver, "cohort"):
            if view.value.owner == sender.party:
                named = str(view.value.record), str(view.value.body.get("about"))
                mine = [_how(one) for one in _editions(sender, named[0])]
                # What was recalled, or belongs to a course that was, goes by itself no more.
                gone = {(sender.party, name, receiver.party) for name in named}
                newest = always and not gone & over
                what = f"{receiver.party} reads {named[0][:8]} of {sender.party} otherwise"
                demand(_how(view.value) in (mine[-1:] if newest else mine), what)
                self.done["same"] += newest


def _always_agreed(sender: Node, receiver: Node) -> bool:
    """Whether the first agreement of the two is in force to this day: under a later one an edition
    that was written between the two goes by itself no more.
    """
    found = agreements.in_force(sender.desk.board, receiver.party, sender.clock.now())
    return found is not None and found.version == 1


def _how(one: Edition | RecordView) -> tuple[str, object]:
    return one.state, one.body.get("decision")


def _answered(circle: rounds.CircleView, party: PartyCode) -> bool:
    seats = [seat for one in circle.rounds for seat in one.seats]
    return any(seat.answer for seat in seats if seat.seat.party == party)


def _seen(node: Node, kind: str) -> list[View]:
    """Every record of this kind that the manager of a node may see."""
    viewer = node.desk.viewer(node.actor(_MANAGER))
    return list(read.page(node.desk, viewer, Query(kinds=(kind,), limit=_ALL)).rows)


def _own(node: Node, kind: str) -> list[View]:
    return [one for one in _seen(node, kind) if one.value.owner == node.party]


def _decisions(node: Node) -> list[View]:
    """The own decisions, without what asks others."""
    return [one for one in _own(node, "suspension") if not one.value.body.get("asks_owner")]


def _editions(node: Node, record: str) -> list[Edition]:
    kept = own_editions.editions(node.desk.board, key_of(node.party, record))
    return [own_newest(decode_object(data), node.party) for _, _, data in kept]


def _stopped_by(edition: Edition, decision: str) -> bool:
    return edition.state == "suspended" and edition.body.get("decision") == decision


def _told(node: Node, key: str) -> list[tuple[str, list[str], str]]:
    """The rounds of a circle with their answers and conclusions, as a node holds them."""
    standing: CircleStanding = circles.standing(CASE, key, circles.steps(node.desk.board, key))
    return [
        (
            one.opened.step, [seat.answer.step if seat.answer else "" for seat in one.seats],
            one.conclusion.step if one.conclusion else "",
        )
        for one in standing.rounds
    ]  # fmt: skip
