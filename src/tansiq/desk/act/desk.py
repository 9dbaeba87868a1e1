"""A desk: one party's node without its web, clock or disk. Everything a person or a partner does
passes here.

One writer at a time: an act appends to the journal, to feeds and to the board in one transaction,
so that a crash at any point leaves the state before the act. After the commit, listeners hear which
records changed, never what.
"""

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol, cast

from tansiq.board.access_entries import fold_access
from tansiq.board.board import Board
from tansiq.board.cases import Falling
from tansiq.board.fold import Arrived, fold, fold_run
from tansiq.board.outward import Due
from tansiq.board.reading import Content
from tansiq.desk.act import once
from tansiq.desk.act.access import AccessLog
from tansiq.desk.reader.rows import Row
from tansiq.domain.cases import Chain
from tansiq.domain.errors import Decision, InputError, Refused, RefusedError
from tansiq.domain.kinds.files.attachment import OTHER
from tansiq.domain.parties import Actor, PartyCode, Position, Viewer, viewer_at
from tansiq.domain.records import RecordView
from tansiq.log.canonical import JSON, encode
from tansiq.log.database import Database
from tansiq.log.keys import AuthorityKeys, NodeKeys
from tansiq.log.store import ACCESS, JOURNAL, LogStore, out_log
from tansiq.policy.seal import Sealed


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> int:
        """Milliseconds since the epoch, UTC."""
        ...


class Entropy(Protocol):
    """Where randomness comes from."""

    def uuid(self) -> str:
        """A random identity (UUIDv4): it tells neither when nor in which order."""
        ...


class ParseWorker(Protocol):
    """Reads long runs beside the process that writes them down; ``least`` is how many entries are
    worth the way there and back.
    """

    least: int

    def expect(self) -> None:
        """A partner has more to say: a long run may come."""
        ...

    def read(self, run: Sequence[bytes]) -> Iterator[Sequence[Content]]:
        """What these entries of a partner's feed say, in order, in parts. The reading begins at
        once; the parts raise ParcelError for bytes that are not canonical.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """What became of a file: what it is, its bytes, and whether they had or still have ``traces``
    of who made it, where and when (``domain.kinds.files.attachment``).
    """

    media_type: str
    data: bytes
    traces: str


class Cleaner(Protocol):
    """Looks into files that people bring and partners send, none of which is trusted."""

    def clean(self, data: bytes) -> Clean:
        """The file without traces of its making, as far as they can be taken out."""
        ...

    def thumbnail(self, digest: str, data: bytes) -> bytes | None:
        """A small JPEG of a picture, whose digest is given; None where none can be made."""
        ...

    def rows(self, data: bytes) -> Sequence[Row]:
        """The rows of an XLSX workbook's first sheet. Raises InputError."""
        ...


class NoCleaner:
    """Where nothing can look into files: each is what it is, and has whatever is in it."""

    def clean(self, data: bytes) -> Clean:
        """The file as it is."""
        return Clean(media_type=OTHER, data=data, traces="kept")

    def thumbnail(self, digest: str, data: bytes) -> bytes | None:
        """None is made."""
        return None

    def rows(self, data: bytes) -> Sequence[Row]:
        """None can be read. Raises InputError."""
        raise InputError("workbook_unreadable")


class Typesetter(Protocol):
    """Makes pages of a list that leaves. It gets words, and knows no record."""

    def pages(self, content: bytes) -> bytes | None:
        """The PDF of ``content``, of which the bytes follow alone; None where none can be made."""
        ...


class NoTypesetter:
    """Where nothing can make pages."""

    def pages(self, content: bytes) -> bytes | None:
        """None are made."""
        return None


class Planner(Protocol):
    """Solves catch-up plans; ``there`` says whether this node can. It gets numbers, and knows no
    record.
    """

    there: bool

    def solved(self, content: bytes) -> bytes | None:
        """What ``domain.training.solving`` asks, answered; None where nothing came in time."""
        ...


class NoPlanner:
    """Where nothing can solve: plans are plain."""

    there = False

    def solved(self, content: bytes) -> bytes | None:
        """None are solved."""
        return None


class _NothingKeptError(Exception):
    """Ends a trial."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something changed: for whom it may be told is decided by ``sealed`` (None = everybody on the
    node) and, for a record that was taken back, by ``gone``, its key under the label that it had;
    of those only ``positions`` hear it (None = all).
    """

    topic: str
    sealed: Sealed[RecordView] | None = None
    gone: Sealed[str] | None = None
    positions: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who this node is. ``zone`` is where its positions' hours are counted; ``chains`` say who of
    them approves before the party asks or promises; ``evacuation_minutes`` how soon somebody is to
    be handed over by precedence, where the centre counts otherwise than the table of the program.
    """

    party: PartyCode
    node: str
    keys: NodeKeys
    authority: AuthorityKeys | None
    positions: tuple[Position, ...]
    zone: dt.tzinfo = dt.UTC
    chains: tuple[Chain, ...] = ()
    evacuation_minutes: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Act:
    """One act under way: what it says, and what it changed."""

    desk: "Desk"
    now: int
    changes: list[Change] = field(default_factory=list)
    fed: set[PartyCode] = field(default_factory=set)
    told: list[once.Told] = field(default_factory=list)
    wrote: bool = False

    def tell(self, what: str, *, count: int = 0, **named: str) -> None:
        """Tell the person whose act this is what it did (:class:`tansiq.desk.act.once.Told`)."""
        self.told.append(once.Told(what=what, count=count, **named))

    def say(self, item: dict[str, object], arrived: Arrived | None = None) -> int:
        """Append to the journal and fold; the entry's sequence number.

        ``arrived`` spares an "accepted" the reading of what was decoded already.
        """
        plain = cast("dict[str, JSON]", item)
        self.wrote = True
        seq = self.desk.store.append(JOURNAL, [encode(plain)])
        fold(self.desk.board, seq, plain, arrived)
        return seq

    def say_all(self, items: Sequence[dict[str, object]]) -> int:
        """As :func:`say`, several at once; the sequence number of the first."""
        plain = cast("list[dict[str, JSON]]", items)
        self.wrote = True
        seq = self.desk.store.append(JOURNAL, [encode(item) for item in plain])
        fold_run(self.desk.board, enumerate(plain, seq))
        return seq

    def feed(self, party: PartyCode, item: dict[str, object]) -> int:
        """Append to the feed to ``party``; the entry's sequence number."""
        return self.feed_all(party, [item])

    def feed_all(self, party: PartyCode, items: Sequence[dict[str, object]]) -> int:
        """As :func:`feed`, several at once; the sequence number of the first."""
        self.fed.add(party)
        return self.desk.store.append(
            out_log(party), [encode(cast("JSON", item)) for item in items]
        )

    def changed(self, topic: str, sealed: Sealed[RecordView] | None = None) -> None:
        """Let those who may see ``sealed`` hear of it after the commit."""
        self.changes.append(Change(topic=topic, sealed=sealed))

    def rings(
        self, about: Sealed[RecordView] | None, gone: Sealed[str] | None, positions: Iterable[str]
    ) -> None:
        """Let the pages of these positions look again at what sounds, after the commit, where they
        may see what it is about.
        """
        if about is not None or gone is not None:
            told = frozenset(positions)
            self.changes.append(Change(topic="ring", sealed=about, gone=gone, positions=told))


class Desk:
    """One party's node: identity, logs, board, and who listens."""

    def __init__(
        self, *, identity: Identity, database: Database, clock: Clock, entropy: Entropy,
        take_back_ms: int = 0,
    ) -> None:  # fmt: skip
        self.identity = identity
        self.database = database
        self.clock = clock
        self.entropy = entropy
        # So long a release by a person is held back, for that person to take it back.
        self.take_back_ms = take_back_ms
        self.store = LogStore(database)
        self.board = Board(database, self.store, identity.party)
        self.parse_worker: ParseWorker | None = None
        self.cleaner: Cleaner = NoCleaner()
        self.typesetter: Typesetter = NoTypesetter()
        self.planner: Planner = NoPlanner()
        # ``desk.exchange.handshake`` remembers from where partners last went on, what they are to
        # repeat to this process, and who has repeated it.
        self.starts: dict[str, int] = {}
        self.word = ""
        self.watched: object = None  # under what the last tick asked (``records.attention``)
        self.fell: Falling | None = None  # where the next tick goes on (``cases.taking``)
        self.telling: Due | None = None  # the same (``cases.outward``)
        self.met: set[str] = set()
        self._lock = threading.RLock()
        self._open: Act | None = None
        self._listeners: list[Callable[[list[Change]], None]] = []
        self._wakers: list[Callable[[PartyCode], None]] = []
        self.access = AccessLog(clock, self._keep_access)

    @property
    def me(self) -> PartyCode:
        """The party that this node belongs to."""
        return self.identity.party

    def position(self, code: str) -> Position:
        """The position of that code. Raises InputError."""
        for position in self.identity.positions:
            if position.code == code:
                return position
        raise InputError("position_unknown", position=code[:32])

    def viewer(self, actor: Actor) -> Viewer:
        """On whose behalf the actor reads."""
        return viewer_at(self.me, self.position(actor.position))

    def listen(self, listener: Callable[[list[Change]], None]) -> None:
        """Call ``listener`` after each commit that changed something."""
        self._listeners.append(listener)

    def on_fed(self, waker: Callable[[PartyCode], None]) -> None:
        """Call ``waker`` with each party to whom a commit has released something."""
        self._wakers.append(waker)

    def _keep_access(self, entries: Sequence[dict[str, object]]) -> None:
        plain = cast("list[dict[str, JSON]]", entries)
        with self._acting(None):
            seq = self.store.append(ACCESS, [encode(item) for item in plain])
            for number, item in enumerate(plain, start=seq):
                fold_access(self.board, number, item)

    @contextmanager
    def glance(self) -> Iterator[None]:
        """Within it a page that is only shown asks once which labels there are."""
        with self.board.glance():
            yield

    @contextmanager
    def act(self) -> Iterator[Act]:
        """One transaction. Nothing of it is heard or kept where it fails. An act inside an act is
        part of it. In a request that sent a form it is done once: raises what
        :func:`tansiq.desk.act.once.demand_new` does.
        """
        with self._acting(once.sent()) as act:
            yield act

    @contextmanager
    def trial(self) -> Iterator[Act]:
        """An act of which nothing is kept or heard: what it tells is what would come of it."""
        with suppress(_NothingKeptError), self._acting(None) as act:
            yield act
            raise _NothingKeptError

    def answered_before(self, form: once.Sent) -> once.Answer | None:
        """How this very form was answered before; None where it was not saved."""
        return once.answered(self.board, form)

    def answered(self, form: once.Sent, answer: once.Answer) -> None:
        """Remember how a form that was saved was answered."""
        with self._acting(None):
            once.remember(self.board, form, answer)

    @contextmanager
    def _acting(self, form: once.Sent | None) -> Iterator[Act]:
        with self._lock:
            if self._open is not None:
                yield self._open
                return
            act = self._open = Act(desk=self, now=self.clock.now())
            self.board.look_anew()
            try:
                with self.database.transaction():
                    if form is not None:
                        once.demand_new(self.board, form, act.now)
                    yield act
                    if form is not None and act.wrote:
                        once.keep(self.board, form, act.told, act.now)
            except BaseException:
                self.store.forget()
                self.board.forget()
                raise
            finally:
                self._open = None
        if act.changes:
            for listener in self._listeners:
                listener(act.changes)
        for party in sorted(act.fed):
            for waker in self._wakers:
                waker(party)


def demand(decision: Decision) -> None:
    """Go on only where policy or mandate grants. Raises RefusedError with the reason."""
    if isinstance(decision, Refused):
        raise RefusedError(decision)
