"""A small world for tests: desks in memory, a clock that stands still, ids named by the act.

Every random id is made from the name of the act under way, so that an extra act in one of two
worlds shifts no id of another act: what differs then differs because something leaked.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache

import pytest

from tansiq.board import node_state
from tansiq.desk.act.desk import Desk, Identity
from tansiq.desk.cases import reading, taking
from tansiq.desk.exchange import exchange
from tansiq.desk.records import files, read, say
from tansiq.desk.release import agreements, releasing
from tansiq.desk.trust import partners
from tansiq.domain.errors import TansiqError
from tansiq.domain.labels import Label, audience_of
from tansiq.domain.parties import Actor, Classification, PartyCode, Position, Role
from tansiq.domain.places import place_named
from tansiq.domain.wording import LANGUAGES, Text
from tansiq.log import keys
from tansiq.log.cards import Card, make_card
from tansiq.log.database import Database
from tansiq.policy.agreement import Agreement, Follow, Receipts, Rule
from tansiq.sync import dictionary
from tansiq.sync.parcel import MAGIC
from tests import stores

START = 1_608_462_000_000
HOUR = 3_600_000
DAY = 24 * HOUR
ALL_CATEGORIES = frozenset({"medical", "liaison", "source"})
CLEARED = "cleared"  # a duty officer who may read everything of the own party

POSITIONS = (
    *(
        Position(code=role.value.replace("_", "-"), role=role, names=Text("x", "x", "x"))
        for role in Role
    ),
    Position(
        code=CLEARED,
        role=Role.DUTY_OFFICER,
        names=Text("x", "x", "x"),
        clearance=Classification.SECRET,
        categories=ALL_CATEGORIES,
    ),
)


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> int:
        return self.time


class Names:
    """Ids from the name of the act under way, in the form of a UUIDv4."""

    def __init__(self) -> None:
        self.name = ""
        self.count = 0
        self.used: set[str] = set()

    def uuid(self) -> str:
        self.count += 1
        return uuid_of(f"{self.name}/{self.count}")

    @contextmanager
    def under(self, name: str) -> Iterator[None]:
        assert name not in self.used, f"two acts are called {name}"
        self.used.add(name)
        before = self.name, self.count
        self.name, self.count = name, 0
        try:
            yield
        finally:
            self.name, self.count = before


def uuid_of(text: str) -> str:
    """The id that stands for ``text``."""
    digits = hashlib.sha256(text.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


@cache
def node_keys(party: str) -> keys.NodeKeys:
    """The same keys for the same party in every world of one run."""
    return keys.NodeKeys.new(hashlib.sha256(party.encode()).digest(), keys.new_age_identity())


def authority(party: str) -> keys.AuthorityKeys:
    """The release authority of a party."""
    return keys.AuthorityKeys(seed=hashlib.sha256(b"authority " + party.encode()).digest())


def card_of(party: str, **changes) -> bytes:
    """The card that a party hands to the others, with what the test changes."""
    mine = node_keys(party)
    plain = Card(
        party=party,
        names=Text(party, party, party),
        authority=authority(party).public,
        node=party.lower(),
        public=mine.public,
        age_recipient=mine.age_recipient,
        certificate=b"",
        address="",
        positions=(),
        issued_ms=START - DAY,
        expires_ms=START + 3_000 * DAY,
    )
    return make_card(replace(plain, **changes), authority(party).seed)


def plain_of(parcel: bytes, receiver: str) -> bytes:
    """What a parcel says once it is opened: age encrypts the same text differently each time."""
    head = len(MAGIC) + dictionary.TAG_BYTES
    packed = keys.age_decrypt(parcel[head:], node_keys(receiver).age_identity)
    return dictionary.by_tag(parcel[len(MAGIC) : head]).expand(packed, 8 << 20)


@dataclass
class World:
    """Some parties that know one another, nothing agreed yet."""

    clock: Clock = field(default_factory=Clock)
    names: Names = field(default_factory=Names)
    desks: dict[str, Desk] = field(default_factory=dict)
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)  # opened parcels, in order

    def desk(self, party: str) -> Desk:
        return self.desks[party]

    def actor(self, party: str, position: str = CLEARED, person: str = "") -> Actor:
        place = self.desks[party].position(position)
        return Actor(
            party=PartyCode(party),
            position=place.code,
            role=place.role,
            person=person or f"P-{position.upper()}",
        )

    def viewer(self, party: str, position: str = CLEARED):
        return self.desks[party].viewer(self.actor(party, position))

    def send(self, sender: str, receiver: str) -> bytes:
        """One parcel, made and noted, not yet delivered."""
        parcel = exchange.outgoing(self.desks[sender], PartyCode(receiver))
        self.sent.append((sender, receiver, plain_of(parcel, receiver)))
        return parcel

    def exchange(self, one: str, other: str, rounds: int = 2) -> None:
        """Parcels both ways, until receipts have come back too."""
        for _ in range(rounds):
            exchange.incoming(self.desks[other], self.send(one, other))
            exchange.incoming(self.desks[one], self.send(other, one))

    def agree(self, one: str, other: str, *rules: Rule, **terms) -> Agreement:
        """An agreement that both parties have signed."""
        agreement = agreement_of(one, other, *rules, **terms)
        for party in (one, other):
            signer = self.actor(party, "liaison-officer")
            agreements.sign(self.desks[party], signer, agreement)
        self.exchange(one, other, rounds=1)
        exchange.incoming(self.desks[other], self.send(one, other))  # the receipt of the answer
        return agreement

    def write(self, party: str, name: str, draft: say.Draft, position: str = CLEARED) -> str:
        """Write a record under a name from which its id is made."""
        with self.names.under(name):
            return say.write(self.desks[party], self.actor(party, position), draft)

    def attach(self, party: str, name: str, data: bytes = b"text", label: Label | None = None):
        """Keep a text file as an attachment."""
        desk, file = self.desks[party], text_file(name, data)
        with self.names.under(name), desk.act() as act:
            return files.attach(act, self.actor(party), file, label or to())

    def release(self, party: str, record: str, receiver: str, rule: str, name: str = "", **more):
        """Release a record; the id of the release is made from its name."""
        wish = releasing.Wish(record=record, to=PartyCode(receiver), rule=rule, **more)
        with self.names.under(name or f"release {record} to {receiver}"):
            return prepare_seen(self.desks[party], self.actor(party), wish)

    def step(self, party: str, name: str, root: tuple[str, str], act: str, **given) -> None:
        """Take a step in the one lane that ``party`` holds of a case; ``words`` go beside it."""
        desk, actor = self.desks[party], self.actor(party)
        view = read.record(desk, desk.viewer(actor), *root)
        (lane,) = reading.lanes_of(desk, desk.viewer(actor), view, actor).value.lanes
        wanted = taking.Wanted(
            owner=root[0], record=root[1], lane=lane.id, act=act, seen=lane.newest, **given
        )
        with self.names.under(name):
            taking.take(desk, actor, wanted)

    def close(self) -> None:
        for desk in self.desks.values():
            desk.database.close()


Databases = Callable[[str], Database]


def _asked_for(_party: str) -> Database:
    return stores.database()


def world(*parties: str, databases: Databases = _asked_for) -> World:
    """Desks that trust one another's cards; in memory unless ``databases`` says otherwise."""
    made = World()
    for party in parties:
        desk = made.desks[party] = Desk(
            identity=Identity(
                party=PartyCode(party),
                node=party.lower(),
                keys=node_keys(party),
                authority=authority(party),
                positions=POSITIONS,
            ),
            database=databases(party),
            clock=made.clock,
            entropy=made.names,
        )
        with suppress(AttributeError):
            node_state.create(desk.database)
    for party, desk in made.desks.items():
        signer = made.actor(party, "liaison-officer")
        for other in parties:
            if other != party:
                partners.trust(desk, signer, card_of(other))
    return made


def text_file(name: str, data: bytes) -> files.File:
    """A file that is nothing but text."""
    return files.File(name=name, media_type="text/plain", data=data, traces="none")


@contextmanager
def worlds(*parties: str, databases: Databases = _asked_for) -> Iterator[World]:
    """A world that is closed at the end."""
    made = world(*parties, databases=databases)
    try:
        yield made
    finally:
        made.close()


def rule(sender: str, name: str, **terms) -> Rule:
    """A rule that lets incidents, log lines and attachments go, unless the terms say otherwise."""
    kinds = frozenset({"incident", "log_line", "attachment"})
    plain = {"name": name, "sender": PartyCode(sender), "kinds": kinds}
    return Rule(**{**plain, "receipts": Receipts.POSITION, **terms})


def replies(sender: str, name: str) -> Rule:
    """The rule by which replies go by themselves."""
    kinds = frozenset({"rfi", "answer", "acknowledgement", "dispute"})
    return rule(sender, name, kinds=kinds, automatic=True, purpose="answer", follow=Follow.WHOLE)


def both_ways(one: str, other: str) -> tuple[Rule, ...]:
    """A plain agreement: everything by rule R-<sender>, replies by themselves."""
    return tuple(
        made
        for sender in (one, other)
        for made in (rule(sender, f"R-{sender}"), replies(sender, f"A-{sender}"))
    )


def agreement_of(one: str, other: str, *rules: Rule, **terms) -> Agreement:
    """An agreement between two parties with these rules."""
    first, second = sorted((PartyCode(one), PartyCode(other)))
    plain = {
        "id": f"AG-{first}-{second}",
        "version": 1,
        "parties": (first, second),
        "begins": 0,
        "ends": START + 1_000 * DAY,
        "clearance": dict.fromkeys((first, second), Classification.RESTRICTED),
        "held": dict.fromkeys((first, second), frozenset()),
        "rules": rules or both_ways(one, other),
    }
    return Agreement(**{**plain, **terms})


def prepare_seen(desk: Desk, actor: Actor, wish: releasing.Wish) -> str:
    """Look at the preview of a release and prepare it at once."""
    seen = releasing.preview(desk, actor, wish).digest
    return releasing.prepare(desk, actor, wish, seen=seen)


def to(*parties: str, **terms) -> Label:
    """A label for these parties."""
    return Label(audience=audience_of(*map(PartyCode, parties)), **terms)


def asking(owner: str, text: str = "How far is it?", **body) -> dict[str, object]:
    """The body of a request for information to the cleared position of ``owner``."""
    seats = [f"{owner}/{CLEARED}"]
    return {"text": text, "needed_by": START + 30 * DAY, "seats": seats, **body}


def incident(label: Label | None = None, tear=None, **body) -> say.Draft:
    """An incident that is complete, with what the test changes."""
    plain = {
        "category": "fire",
        "severity": "urgent",
        "text": "Fire in the wheat fields",
        "observed": START - HOUR,
        "place": place_named("Makhmour").to_json(),
        "grade": "B2",
    }
    return say.Draft(kind="incident", body={**plain, **body}, label=label or to(), tear=tear)


def line(label: Label | None = None, **body) -> say.Draft:
    """A line of the duty log."""
    plain = {"text": "The road is open again", "observed": START - HOUR}
    return say.Draft(kind="log_line", body={**plain, **body}, label=label or to())


@contextmanager
def refusal(code: str) -> Iterator[None]:
    """Expects an error or a refusal with this code, which reads in three languages."""
    with pytest.raises(TansiqError) as caught:
        yield
    assert caught.value.code == code, caught.value
    assert len({caught.value.text(language) for language in LANGUAGES}) == 3
