"""One party's node in a simulated world: a real desk on a database that survives its crashes."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tansiq.board import node_state
from tansiq.desk.act.desk import Desk, Identity
from tansiq.desk.release import agreements
from tansiq.domain.kinds import KINDS
from tansiq.domain.parties import Actor, Classification, PartyCode, Position, Role
from tansiq.domain.places import Grain
from tansiq.domain.wording import Text
from tansiq.log.cards import Card, make_card
from tansiq.log.database import Sqlite
from tansiq.log.keys import AuthorityKeys, NodeKeys
from tansiq.policy.agreement import Agreement, Follow, Rule, by_facets
from tests.parts import InParts
from tests.sim.chance import NodeClock, SeededEntropy, age_identity, secret
from tests.sim.crash import CrashingDatabase

NAME = Text("Position", "منصب", "پۆست")
POSITIONS = (
    Position(code="duty-officer", role=Role.DUTY_OFFICER, names=NAME),
    Position(
        code="liaison",
        role=Role.LIAISON_OFFICER,
        names=NAME,
        clearance=Classification.CONFIDENTIAL,
        categories=frozenset({"source"}),
    ),
    Position(code="senior", role=Role.SENIOR_DUTY_OFFICER, names=NAME),
)
HOUR = 3_600_000
DAY = 24 * HOUR
LIFETIME = 300 * DAY
# Kinds of cases that only worlds with cases know; the last one newer worlds alone.
PLANTED = ("planted_tug", "planted_circle", "planted_staged")
# Kinds that go by themselves in this world, besides: a world puts them here while it lives.
ALONE: tuple[frozenset[str], ...] = ()
READ_APART = frozenset({"MOD", "NAT"})  # whose nodes read long runs beside taking them


@dataclass(slots=True)
class Node:
    """A party, its node, and the people who work there."""

    party: PartyCode
    clock: NodeClock
    identity: Identity
    entropy: SeededEntropy
    path: Path | None
    database: CrashingDatabase = field(init=False)
    desk: Desk = field(init=False)
    restarts: int = 0
    backup: bytes | None = None
    backup_at: int = 0

    def __post_init__(self) -> None:
        self.database = CrashingDatabase(Sqlite(self.path))
        self.start()

    def start(self) -> None:
        """A new process on the database as it is."""
        self.desk = Desk(
            identity=self.identity,
            database=self.database,
            clock=self.clock,
            entropy=self.entropy,
        )
        self.desk.parse_worker = InParts() if self.party in READ_APART else None
        node_state.create(self.desk.database)

    def restart(self) -> None:
        """What is left of a process is its disk."""
        self.restarts += 1
        self.database.disarm()
        if self.path is not None:
            self.database.close()
            self.database = CrashingDatabase(Sqlite(self.path))
        self.start()

    def put_back(self, image: bytes) -> None:
        """A new disk with an old state on it."""
        self.restarts += 1
        self.database.disarm()
        self.database.close()
        if self.path is not None:
            for end in ("-wal", "-shm"):
                self.path.with_name(self.path.name + end).unlink(missing_ok=True)
            self.path.write_bytes(image)
        self.database = CrashingDatabase(Sqlite(self.path))
        if self.path is None:
            self.database.load(image)
        self.start()

    def changes(self) -> tuple[int, int]:
        """A mark that is another one once any row has changed."""
        return self.restarts, self.database.inner._connection.total_changes

    def card(self, issued: int) -> bytes:
        """The card of this node, signed by its authority."""
        authority = self.identity.authority
        assert authority is not None
        keys = self.identity.keys
        return make_card(
            Card(
                party=self.party, names=Text(self.party, self.party, self.party),
                authority=authority.public, node=self.identity.node, public=keys.public,
                age_recipient=keys.age_recipient, certificate=b"", address="", positions=(),
                issued_ms=issued, expires_ms=issued + LIFETIME,
            ),
            authority.seed,
        )  # fmt: skip

    def actor(self, number: int) -> Actor:
        """One of the people on the watch floor."""
        position = POSITIONS[number % len(POSITIONS)]
        return Actor(
            party=self.party, position=position.code, role=position.role, person=f"P-{number}"
        )

    def anybody(self, chance: Random) -> Actor:
        """Somebody of the watch floor; mostly one who is cleared for what there is."""
        return self.actor(chance.choice((0, 1, 1, 2, 4, 4)))

    def signed_with(self, party: str) -> list[Agreement]:
        """The agreements with ``party`` that both signed, newest first; read from the rows."""
        return [found for found, _ in agreements.agreements(self.desk.board, party)]


def new_node(party: PartyCode, seed: int, clock: NodeClock, path: Path | None) -> Node:
    """A node whose keys come from the seed."""
    keys = NodeKeys.new(secret(seed, party, "node"), age_identity(secret(seed, party, "age")))
    identity = Identity(
        party=party,
        node=party.lower(),
        keys=keys,
        authority=AuthorityKeys(seed=secret(seed, party, "authority")),
        positions=POSITIONS,
    )
    entropy = SeededEntropy(f"{seed}/{party}")
    return Node(party=party, clock=clock, identity=identity, entropy=entropy, path=path)


def rules_of(sender: PartyCode, to: PartyCode, chance: Random) -> list[Rule]:
    """What one party may release to another: with two persons, at once, by itself, and answers."""
    reports = frozenset({"incident", "log_line", "attachment"})
    known = KINDS.keys() & set(PLANTED[:-1])
    newer = PLANTED[-1] in KINDS
    known |= {"support", "support_note"} if newer else set()
    replies = frozenset({"rfi", "answer", "acknowledgement", "dispute"}) | known
    replies |= {"planned_activity", "meeting", "meeting_note"}
    end = sender.lower()
    rules = [
        Rule(
            name=f"two-{end}", sender=sender, kinds=reports, hide=frozenset({"informant"}),
            grain=Grain.KM5, approvers=1, days=chance.choice((0, 0, 2)),
        ),
        Rule(
            name=f"one-{end}", sender=sender, kinds=reports, days=chance.choice((0, 1, 2)),
            delay=chance.choice((0, 0, 2 * HOUR)), hide=frozenset(chance.sample(["asked"], 1)),
        ),
        Rule(
            name=f"answer-{end}", sender=sender, kinds=replies, automatic=True, purpose="answer",
            follow=Follow.WHOLE,
        ),
    ]  # fmt: skip
    if newer:  # one of the parties follows such circles by their stage alone
        follow = Follow.STAGE if to == "MPA" else Follow.WHOLE
        rules.append(
            Rule(
                name=f"staged-{end}", sender=sender, kinds=frozenset(PLANTED[-1:]), automatic=True,
                purpose="answer", follow=follow,
            )
        )  # fmt: skip
    rules += [
        Rule(
            name=f"alone-{number}-{end}", sender=sender, kinds=kinds, automatic=True,
            purpose="programme", follow=Follow.WHOLE,
        )
        for number, kinds in enumerate(ALONE)
    ]  # fmt: skip
    if chance.random() < 0.8:
        rules.append(
            Rule(
                name=f"safety-{end}", sender=sender, kinds=frozenset({"incident"}),
                facets=by_facets(category=["fire", "medical"]), automatic=True, purpose="safety",
                days=chance.choice((0, 1)), delay=chance.choice((0, 0, HOUR)),
            )
        )  # fmt: skip
    return rules


def agreement_between(
    first: PartyCode, second: PartyCode, version: int, now: int, chance: Random
) -> Agreement:
    """A text that two authorities could sign."""
    parties = (min(first, second), max(first, second))
    held = chance.choice((frozenset(), frozenset({"source"})))
    return Agreement(
        id="AG-" + "-".join(parties),
        version=version,
        parties=parties,
        begins=0,
        ends=now + chance.choice((2 * DAY, LIFETIME, LIFETIME, LIFETIME, LIFETIME)),
        clearance=dict.fromkeys(parties, Classification.RESTRICTED),
        held=dict.fromkeys(parties, held),
        rules=tuple(
            rule
            for party, other in (parties, parties[::-1])
            for rule in rules_of(party, other, chance)
        ),
    )
