"""A story under way: from whom something is hidden in it, and what differs in its two worlds."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tansiq.desk.records import files, read, say
from tansiq.desk.release import releasing
from tansiq.domain.labels import Label
from tansiq.domain.parties import Classification, PartyCode
from tests import world as worlds
from tests.world import CLEARED, World, text_file, to

HIGH = Classification.CONFIDENTIAL


class Case(StrEnum):
    """From whom something is hidden."""

    LOW = "a duty officer of MPA with a low clearance"
    RECEIVER = "a duty officer of MOD with a low clearance"
    PARTNER = "MOD as a whole"
    THIRD = "JCC as a whole"
    ADMINISTRATOR = "the administrator of MPA"
    STRANGER = "somebody at MPA who has not signed on"


MPA_READS = (Case.LOW,)
MOD_READS = (Case.PARTNER, Case.RECEIVER)
ALL_READ = (*MPA_READS, *MOD_READS, Case.THIRD)


@dataclass(frozen=True, kw_only=True)
class Secret:
    """What is different in a world: its word, how long texts are, how many acts are hidden."""

    word: str
    times: int
    extra: int


CALM = Secret(word="zqcalm", times=1, extra=0)
BUSY = Secret(word="zqbusyword", times=7, extra=2)


def node_of(case: Case) -> str:
    """At whose node the viewer of a case sits."""
    return {Case.RECEIVER: "MOD", Case.PARTNER: "MOD", Case.THIRD: "JCC"}.get(case, "MPA")


@dataclass
class Story:
    """A story under way."""

    world: World
    case: Case
    secret: Secret

    def said(self, plain: str, *readers: Case) -> str:
        """A text as it stands in this world."""
        if self.case in readers:
            return plain
        return " ".join([self.secret.word, plain] * self.secret.times)

    def hidden(self, *cases: Case) -> Iterator[str]:
        """The numbers of the hidden acts of this place in the story."""
        if self.case in cases:
            yield from map(str, range(self.secret.extra))

    def readers(self, seen: tuple[str, ...], others: str, *cases: Case):
        """A label whose audience has one more party in the busy world."""
        more = (others,) if self.case in cases and self.secret.extra else ()
        return to(*seen, *more)

    def attach(self, party: str, name: str, text: str, label: Label) -> str:
        """An attachment whose name holds its text too; its id is made from ``name``."""
        desk = self.world.desk(party)
        file = text_file(f"{text[:60]}.txt", text.encode())
        with self.world.names.under(name), desk.act() as act:
            return files.attach(act, self.world.actor(party), file, label)

    # Acts ----------------------------------------------------------------------------------------

    def meet(self, one: str, other: str) -> None:
        self.world.clock.time += 60_000
        self.world.exchange(one, other)

    def reply(self, party: str, name: str, kind: str, about: tuple[str, str], **body) -> None:
        desk, actor = self.world.desk(party), self.world.actor(party)
        view = read.record(desk, desk.viewer(actor), *about)
        with self.world.names.under(name):
            say.reply(desk, actor, kind, about=view.value, body=body)

    def ask(self, party: str, name: str, about: tuple[str, str], text: str, **body) -> None:
        """Ask the owner of a record about it."""
        body = worlds.asking(about[0], text, **body)
        self.reply(party, name, "rfi", about, **body)

    def read(self, party: str, owner: str, record: str, position: str = CLEARED) -> None:
        desk, actor = self.world.desk(party), self.world.actor(party, position)
        read.mark_read(desk, actor, read.record(desk, desk.viewer(actor), owner, record))

    def recall(self, record: str, receiver: str) -> None:
        desk, actor = self.world.desk("MPA"), self.world.actor("MPA")
        releasing.recall(desk, actor, record, PartyCode(receiver), "error")

    def revise(self, record: str, draft: say.Draft) -> None:
        desk, actor = self.world.desk("MPA"), self.world.actor("MPA")
        say.revise(desk, actor, record, say.current(desk, actor, record).value.digest, draft)
