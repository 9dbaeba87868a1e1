"""Playing the sample scenario: real desks, a clock that is set, and real parcels between them.

Nothing is put into a table: people write, release, approve, acknowledge and ask as they would, so
that every state is what the logs say. Acts wait in a queue by their time; what arrives at a party
puts its reading and acknowledging into the same queue.
"""

import heapq
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from tansiq.desk.act.desk import Change, Desk
from tansiq.desk.cases import outward, taking
from tansiq.desk.exchange import exchange
from tansiq.desk.records import read, say
from tansiq.desk.release import agreements
from tansiq.desk.trust import partners
from tansiq.domain.errors import InputError
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import RecordView
from tansiq.node.scenario import (
    acts,
    assessments,
    catch_up,
    certificates,
    joint,
    lessons,
    lines,
    medevac,
    operations,
    plan_meeting,
    reform,
    requests,
    safety,
    sites,
    stock,
    training,
)  # fmt: skip
from tansiq.node.scenario.cast import NOW, PARTIES, START, PartyPlan, moment
from tansiq.node.scenario.rules import agreements as sample_agreements
from tansiq.policy.release import open_for

MINUTE: Final = 60_000
DAY: Final = 24 * 60 * MINUTE
INBOX: Final = frozenset({"incident", "dispute", "planned_activity", "crossing", "operation_part"})
NEVER: Final = -1  # nobody there reads it before the scenario ends
READ_ONLY: Final = 0
# When no link to MOD worked (UTC+3); what was released meanwhile goes when it is back.
OUTAGES: Final = tuple(
    (moment(begin), moment(end))
    for begin, end in (
        ("2020-01-18 21:10", "2020-01-19 09:00"),
        ("2020-05-30 09:12", "2020-05-31 16:12"),
        ("2020-10-12 13:00", "2020-10-12 17:00"),
    )
)

Exchange = Callable[[str, str], None]
Progress = Callable[[int, int], None]  # days played, days in all


class SettableClock(Protocol):
    """A clock that the scenario moves."""

    def now(self) -> int:
        """Milliseconds since the epoch, UTC."""
        ...

    def set(self, moment: int) -> None:
        """Let it be this moment."""
        ...


@dataclass(slots=True)
class SceneClock:
    """The scenario's own clock, one for all four desks."""

    moment: int = START

    def now(self) -> int:
        """Milliseconds since the epoch, UTC."""
        return self.moment

    def set(self, moment: int) -> None:
        """Let it be this moment."""
        self.moment = moment


def in_process(desks: Mapping[str, Desk]) -> Exchange:
    """Parcels from hand to hand: one there, one back with the receipt."""

    def go(sender: str, receiver: str) -> None:
        sent = exchange.outgoing(desks[sender], PartyCode(receiver))
        exchange.incoming(desks[sender], exchange.answer(desks[receiver], sent))

    return go


def play(
    desks: Mapping[str, Desk], cards: Mapping[str, bytes], clock: SettableClock,
    exchange: Exchange, progress: Progress,
) -> Mapping[str, tuple[str, str]]:  # fmt: skip
    """Play the scenario, first moment to last; by the scenario's name of each record its owner and
    id. The desks must be new and share ``clock``.
    """
    stage = Stage(desks, clock, exchange)
    clock.set(START)
    stage.introduce(cards)
    acts.put_on(stage)
    requests.put_on(stage)
    stock.put_on(stage)
    reform.put_on(stage)
    safety.put_on(stage)
    operations.put_on(stage)
    plan_meeting.put_on(stage)
    sites.put_on(stage)
    lessons.put_on(stage)
    assessments.put_on(stage)
    lines.put_on(stage)
    medevac.put_on(stage)
    joint.put_on(stage)
    training.put_on(stage)
    certificates.put_on(stage)
    catch_up.put_on(stage)
    stage.run(progress)
    return stage.records


class Stage:
    """The scenario under way: acts in a queue, names of records, what waits for a link."""

    def __init__(self, desks: Mapping[str, Desk], clock: SettableClock, exchange: Exchange) -> None:
        self.desks = desks
        self.clock = clock
        self.records: dict[str, tuple[str, str]] = {}  # the scenario's name -> owner, record id
        self.names: dict[str, str] = {}  # record id -> the scenario's name
        self.delays: dict[tuple[str, str], int] = {}  # (name, party) -> minutes to acknowledge
        self.remarks: dict[tuple[str, str], str] = {}  # (name, party) -> words of acknowledgement
        self._exchange = exchange
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._dirty: set[tuple[str, str]] = set()
        self._noticed: set[str] = set()
        for party, desk in desks.items():
            desk.on_fed(partial(self._fed, party))
            desk.listen(partial(self._heard, party))
        for _, end in OUTAGES:
            self.at(end, lambda: None)

    def at(self, when: int, act: Callable[[], None]) -> None:
        """Do ``act`` at that moment."""
        heapq.heappush(self._queue, (when, next(self._order), act))

    def keep(self, name: str, owner: str, record: str) -> None:
        """Remember what the scenario calls a record."""
        self.records[name] = (owner, record)
        self.names[record] = name

    def seen(self, party: str, name: str) -> RecordView:
        """A record as the liaison officer of ``party`` sees it."""
        desk, owner_record = self.desks[party], self.records[name]
        return read.record(desk, desk.viewer(PARTIES[party].liaison()), *owner_record).value

    def introduce(self, cards: Mapping[str, bytes]) -> None:
        """Everybody trusts everybody's card, and both authorities sign each agreement."""
        for party, desk in self.desks.items():
            for other, card in sorted(cards.items()):
                if other != party:
                    partners.trust(desk, PARTIES[party].liaison(), card)
        for agreement in sample_agreements():
            for party in agreement.parties:
                agreements.sign(self.desks[party], PARTIES[party].liaison(), agreement)
                self.carry()

    def run(self, progress: Progress) -> None:
        """Do every act in its time, and carry parcels after each."""
        days, told = (NOW - START) // DAY, -1
        while self._queue and self._queue[0][0] <= NOW:
            when, _, act = heapq.heappop(self._queue)
            self.clock.set(max(when, self.clock.now()))
            self._fall()
            act()
            self.carry()
            if (day := (when - START) // DAY) > told:
                told = day
                progress(day, days)
        self.clock.set(NOW)
        for party, other in itertools.combinations(sorted(self.desks), 2):
            self._exchange(party, other)
        progress(days, days)

    def _fall(self) -> None:
        """Let what a clock ends end, as each node's own tick does."""
        for desk in self.desks.values():
            taking.tick(desk)
            outward.tick(desk)

    def carry(self) -> None:
        """Exchange wherever something waits and the link works."""
        now = self.clock.now()
        down = any(begin <= now < end for begin, end in OUTAGES)
        for pair in sorted(self._dirty):
            if not (down and "MOD" in pair):
                self._dirty.discard(pair)
                self._exchange(*pair)

    def _fed(self, party: str, to: PartyCode) -> None:
        self._dirty.add((party, to))

    def _heard(self, party: str, changes: list[Change]) -> None:
        desk, plan = self.desks[party], PARTIES[party]
        viewer = desk.viewer(plan.liaison())
        for change in changes:
            if change.topic != "inbox" or change.sealed is None:
                continue
            opened = open_for(viewer, change.sealed, self.clock.now())
            if opened is not None and opened.value.received not in {None, *self._noticed}:
                self._noticed.add(str(opened.value.received))
                self._arrived(plan, opened.value)

    def _arrived(self, plan: PartyPlan, view: RecordView) -> None:
        """Somebody at ``plan`` will read and acknowledge what has come."""
        if view.kind not in INBOX:
            return
        name = self.names[view.record]
        usual = 3 + (sum(name.encode()) + len(self._noticed)) % 8
        minutes = self.delays.get((name, plan.code), usual)
        if minutes == NEVER:
            return
        now = self.clock.now()
        reading = max(1, minutes // 2) if minutes else 5
        self.at(now + reading * MINUTE, lambda: self._read(plan, name))
        if minutes != READ_ONLY:
            self.at(now + minutes * MINUTE, lambda: self._acknowledge(plan, name))

    def _read(self, plan: PartyPlan, name: str) -> None:
        desk, actor = self.desks[plan.code], plan.duty()
        try:
            view = read.record(desk, desk.viewer(actor), *self.records[name])
        except InputError:
            return  # recalled meanwhile, or not this position's to read
        read.mark_read(desk, actor, view)

    def _acknowledge(self, plan: PartyPlan, name: str) -> None:
        try:
            view = self.seen(plan.code, name)
        except InputError:
            return  # recalled meanwhile
        desk = self.desks[plan.code]
        words = self.remarks.get((name, plan.code), "")
        body: dict[str, object] = {"text": words} if words else {}
        record = say.reply(desk, plan.duty(), "acknowledgement", about=view, body=body)
        self.keep(f"ack:{name}:{plan.code}", plan.code, record)
