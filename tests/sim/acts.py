"""What people do in a simulated world. Each act says in a few words what it did."""

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from tansiq.desk.records import files, read, say
from tansiq.desk.release import agreements, releasing
from tansiq.desk.trust import partners
from tansiq.domain.fields import Type
from tansiq.domain.kinds import kind_named
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Actor, Classification, PartyCode
from tansiq.domain.places import Grain, gazetteer, place_named
from tansiq.domain.records import RECALL_REASONS, Body
from tansiq.domain.unknowns import asked
from tests.sim.canaries import Ledger
from tests.sim.node import DAY, HOUR, Node, agreement_between
from tests.world import prepare_seen, text_file

if TYPE_CHECKING:
    from tests.sim.world import World

Act = Callable[["World", Node], str]
NOTHING = "nothing to do"


def audience(world: "World", node: Node) -> tuple[frozenset[PartyCode], ...]:
    """Some of the other parties, or nobody."""
    others = sorted(party for party in world.nodes if party != node.party)
    count = min(len(others), world.chance.choice((0, 1, 1, 2, 2, 3)))
    return audience_of(*world.chance.sample(others, count))


def label(world: "World", node: Node) -> Label:
    """A label; most let somebody read."""
    chance, now = world.chance, node.clock.now()
    return Label(
        classification=chance.choice(
            (Classification.OPEN, *[Classification.RESTRICTED] * 6, Classification.CONFIDENTIAL)
        ),
        audience=audience(world, node),
        categories=frozenset({"source"}) if chance.random() < 0.08 else frozenset(),
        embargo=now + chance.randint(1, 6) * HOUR if chance.random() < 0.1 else 0,
        expires=now + chance.randint(1, 60) * HOUR if chance.random() < 0.2 else 0,
    )


def body(kind_name: str, ledger: Ledger, owner: PartyCode, now: int, chance: Random) -> Body:
    """A body whose every free text holds a token of its own."""
    found: Body = {}
    for field in kind_named(kind_name).fields:
        if not field.required and chance.random() < 0.4:
            continue
        match field.type:
            case Type.TEXT | Type.LINE:
                found[field.name] = f"{field.name} {ledger.token(owner)}"
            case Type.UNKNOWNS:
                text = f"{field.name} {ledger.token(owner)}"
                found[field.name] = asked([text], lambda: f"{chance.getrandbits(32):08x}")
            case Type.CHOICE:
                found[field.name] = chance.choice(field.choices)
            case Type.MOMENT:
                found[field.name] = now - chance.randint(0, 3 * HOUR)
            case Type.SEATS:
                found[field.name] = []
            case Type.GRADE:
                found[field.name] = chance.choice(("A1", "B2", "F6"))
            case Type.PLACE:
                town = chance.choice(sorted(gazetteer()))
                known = gazetteer()[town].names.ar
                words = known if chance.random() < 0.5 else f"{ledger.token(owner)}"
                found[field.name] = place_named(words).to_json()
            case _:
                continue
    return found


def _draft(world: "World", node: Node, kind: str) -> say.Draft:
    chance = world.chance
    made = body(kind, world.ledger, node.party, node.clock.now(), chance)
    if kind == "incident" and chance.random() < 0.5:
        made["category"] = chance.choice(("fire", "medical"))
    texts = [name for name in made if name in {"text", "done", "unknowns", "informant", "size"}]
    tear = frozenset(chance.sample(texts, min(1, len(texts)))) if chance.random() < 0.2 else None
    return say.Draft(kind=kind, body=made, label=label(world, node), tear=tear)


def write(world: "World", node: Node) -> str:
    """A new incident or log line, some with files."""
    chance = world.chance
    actor = node.anybody(chance)
    draft = _draft(world, node, chance.choice(("incident", "incident", "log_line")))
    with node.desk.act() as act:
        if chance.random() < 0.3:
            parts = "".join(world.ledger.token(node.party) * 4 for _ in range(chance.randint(1, 3)))
            name = f"{world.ledger.token(node.party)}.txt"
            file = text_file(name, parts.encode())
            draft.body["attachments"] = [files.attach(act, actor, file, draft.label)]
        edition = say.write_in(act, actor, draft)
    return f"writes {draft.kind} {edition.record[:8]}"


def _own(world: "World", node: Node, kinds: tuple[str, ...]) -> str | None:
    marks = ",".join("?" * len(kinds))
    rows = node.database.rows(
        f"SELECT record FROM record WHERE owner = ? AND kind IN ({marks}) ORDER BY id",
        (node.party, *kinds),
    )
    if not rows:
        return None
    return str(world.chance.choice(rows[-8:])[0]).partition("/")[2]


def revise(world: "World", node: Node) -> str:
    """A new edition of an own incident."""
    record = _own(world, node, ("incident",))
    if record is None:
        return NOTHING
    actor = node.anybody(world.chance)
    base = say.current(node.desk, actor, record).value.digest
    draft = _draft(world, node, "incident")
    if base[0] in "0123":  # now and then without the files that the one before had
        draft.body["attachments"] = []
    say.revise(node.desk, actor, record, base, draft)
    return f"revises {record[:8]}"


def step(world: "World", node: Node) -> str:
    """A step of the state machine."""
    record = _own(world, node, ("incident", "dispute"))
    if record is None:
        return NOTHING
    actor = node.anybody(world.chance)
    view = say.current(node.desk, actor, record)
    moves = read.steps(actor, view)
    if not moves:
        return NOTHING
    move = world.chance.choice(moves)
    say.step(node.desk, actor, record, view.value.digest, move.name)
    return f"steps {record[:8]} {move.name}"


def correct(world: "World", node: Node) -> str:
    """A log line that corrects another."""
    record = _own(world, node, ("log_line",))
    if record is None:
        return NOTHING
    actor = node.anybody(world.chance)
    made = say.correct_line(node.desk, actor, record, _draft(world, node, "log_line"))
    return f"corrects {record[:8]} by {made[:8]}"


def prepare(world: "World", node: Node) -> str:
    """Prepare a release of an own record to a party by a rule."""
    chance = world.chance
    record = _own(world, node, ("incident", "incident", "log_line", "incident", "rfi"))
    if record is None:
        return NOTHING
    readers = releasing.own_edition(node.desk, record).label.readers()
    others = sorted(party for party in world.nodes if party != node.party)
    to = chance.choice(sorted(readers) or others if chance.random() < 0.9 else others)
    actor = node.anybody(chance)
    rules = releasing.rules_for(node.desk, actor, record, to)
    if not rules:
        return NOTHING
    wish = releasing.Wish(
        record=record, to=to, rule=chance.choice(rules).name,
        hide=frozenset(chance.choice(((), (), ("done",), ("text",)))),
        grain=chance.choice((Grain.EXACT, Grain.EXACT, Grain.KM1, Grain.DISTRICT)),
    )  # fmt: skip
    release = prepare_seen(node.desk, actor, wish)
    return f"prepares {record[:8]} to {to} by {wish.rule} as {release[:8]}"


def decide(world: "World", node: Node) -> str:
    """A person whom the rule asks for decides."""
    rows = node.database.rows(
        """SELECT release FROM release WHERE approvers > 0 AND approved_at = 0 AND declined_at = 0
             AND feed_seq IS NULL AND record NOT IN
             (SELECT record FROM record WHERE kind = 'attachment') ORDER BY journal"""
    )
    if not rows:
        return NOTHING
    release, actor = str(world.chance.choice(rows)[0]), node.anybody(world.chance)
    if world.chance.random() < 0.15:
        releasing.decline(node.desk, actor, release)
        return f"declines {release[:8]}"
    releasing.approve(node.desk, actor, release)
    return f"approves {release[:8]}"


def recall(world: "World", node: Node) -> str:
    """Recall what left."""
    rows = node.database.rows(
        """SELECT record, party FROM release WHERE feed_seq IS NOT NULL AND recalled_at = 0
           ORDER BY journal"""
    )
    if not rows:
        return NOTHING
    key, party = world.chance.choice(rows[-12:])
    record, reason = str(key).partition("/")[2], world.chance.choice(RECALL_REASONS)
    actor = node.anybody(world.chance)
    releasing.recall(node.desk, actor, record, PartyCode(str(party)), reason)
    return f"recalls {record[:8]} from {party!s}"


def _received(world: "World", node: Node, actor: Actor) -> read.View | None:
    rows = node.database.rows(
        "SELECT owner, record FROM record WHERE received IS NOT NULL ORDER BY id"
    )
    if not rows:
        return None
    owner, key = world.chance.choice(rows[-8:])
    identity = str(key).partition("/")[2]
    return read.record(node.desk, node.desk.viewer(actor), str(owner), identity)


def reply(world: "World", node: Node) -> str:
    """Acknowledge, ask, answer or dispute what a partner released."""
    actor = node.anybody(world.chance)
    view = _received(world, node, actor)
    if view is None:
        return NOTHING
    kind = world.chance.choice(("acknowledgement", "rfi", "dispute"))
    made = body(kind, world.ledger, node.party, node.clock.now(), world.chance)
    if kind == "rfi":
        made["seats"] = [f"{view.value.owner}/liaison"]
    record = say.reply(node.desk, actor, kind, about=view.value, body=made)
    return f"replies {record[:8]} {kind} to {view.value.record[:8]} of {view.value.owner}"


def mark_read(world: "World", node: Node) -> str:
    """A position reads what a partner released."""
    actor = node.anybody(world.chance)
    view = _received(world, node, actor)
    if view is None:
        return NOTHING
    read.mark_read(node.desk, actor, view)
    return f"reads {view.value.record[:8]} of {view.value.owner}"


def sign(world: "World", node: Node) -> str:
    """Sign the text that the other party signed, or a new version."""
    chance, desk = world.chance, node.desk
    known = [partner.party for partner in partners.partners(desk)]
    party = chance.choice(known)
    held = agreements.agreements(desk.board, party, both=False)
    actor = node.actor(1 + chance.randint(0, 1))
    if held and node.party not in held[0][1] and chance.random() < 0.8:
        agreements.sign(desk, actor, held[0][0])
        return f"signs {held[0][0].id} version {held[0][0].version} too"
    if held and chance.random() < 0.3:
        old = chance.choice(held)[0]
        agreements.sign(desk, actor, old)
        return f"signs {old.id} version {old.version} again"
    version = held[0][0].version + 1 if held else 1
    text = agreement_between(node.party, party, version, node.clock.now(), chance)
    agreements.sign(desk, actor, text)
    return f"signs {text.id} version {version}"


def renew_card(world: "World", node: Node) -> str:
    """Trust the renewed card of a partner."""
    party = world.chance.choice([partner.party for partner in partners.partners(node.desk)])
    partners.trust(node.desk, node.actor(1), world.nodes[party].card(world.time.now - DAY))
    return f"renews the card of {party}"


ACTS: tuple[tuple[float, Act], ...] = (
    (13, write), (5, revise), (3, step), (1, correct), (14, prepare), (12, decide), (3, recall),
    (8, reply), (8, mark_read), (4, sign), (0.5, renew_card),
)  # fmt: skip
