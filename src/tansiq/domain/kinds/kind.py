"""What a kind is."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from tansiq.domain.cases.circle import CircleStanding
from tansiq.domain.cases.declaration import Declaration, Shape
from tansiq.domain.cases.quantities import Line
from tansiq.domain.cases.step import StepValue
from tansiq.domain.errors import InputError
from tansiq.domain.escalation import Haste
from tansiq.domain.fields import CHECKS, Check, Field, Type, points, records_in, searchable_text
from tansiq.domain.kinds.bound import Bound
from tansiq.domain.kinds.facets import FACETS_MAX, Facet, Number, day_moment, number_maker
from tansiq.domain.kinds.listing import Listing
from tansiq.domain.parties import WATCH, PartyCode, Role
from tansiq.domain.records import Body, reference
from tansiq.domain.tables import WAYS, Way
from tansiq.domain.unknowns import UnknownState
from tansiq.domain.wording import Text, words

# From the body of one version to that of the next. A partner's body lacks any field, and what
# stands in the others is unchecked.
Upcaster: TypeAlias = Callable[[Body], Body]
# The owner, the body of the record that a root is about, the root's, and where its circle stands.
WorksOut: TypeAlias = Callable[[PartyCode, Body, Body, CircleStanding], Mapping[str, StepValue]]

_HASTES: Final = frozenset(Haste)
_MISREAD: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A step of the state machine: from which states, to which, by whom, and which fields it
    needs. ``asks`` are fields that are asked anew with the step and say why it was taken: what
    stood in them before is of the step before. A step that wants a ``second`` person is taken by
    another one than those who brought the record to where it stands. ``proof`` names a kind: the
    step is taken only where a record of that kind about this one holds on the day (``Kind.holds``).
    One that is ``within`` is taken by the desk of its room alone, together with what belongs to it.
    ``key`` is the letter that takes it on the page of its record, "" for none.
    """

    name: str
    sources: frozenset[str]
    target: str
    roles: frozenset[Role] = WATCH
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    second: bool = False
    proof: str = ""
    within: bool = False
    key: str = ""

    def label(self) -> Text:
        """Its wording, a verb."""
        return words(f"act.{self.name}")


class Booking(NamedTuple):
    """What a record puts into the stock of its party, or takes out of it where ``number`` is below
    0: the key of the batch, and the day (YYYY-MM-DD) by which that is to be used, "" for none.
    """

    batch: str
    number: int
    use_by: str


class Put(NamedTuple):
    """What an own record asks of a position of its own party: to look at it again (``about`` is "")
    or to change the own record ``about``. ``seat`` is the position, "" = the one that wrote it.
    What is ``due`` at a moment (ms) rings then and not before; 0 = it rings at once.
    """

    about: str
    seat: str
    due: int


class Wanted(NamedTuple):
    """How many of a line are asked for, what somebody wrote beside it, and how many pieces its
    unit holds where that is a pack (else 0).
    """

    number: int
    named: str
    pack: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of record, declared once.

    ``letter`` stands before the references of its records, as people say them: one capital letter,
    or two since the alphabet is used up; no two kinds have the same. ``states[0]`` is the first
    state. ``writers`` may write a new record or edition. A kind that is ``final`` has one edition
    per record: a correction is a new record that points at the old one. ``links`` are the fields
    that point at other records, ``counted`` the facets (from 1) of whose values the board keeps
    numbers.
    ``moment`` names the field by which lists are ordered ("" = the time of entry); ``title`` the
    field that stands for the record in a list; ``about`` the field that names the partner's record
    which this one answers; ``inbox`` says whether one from a partner asks for attention,
    with ``haste`` where the field ``hurry`` does not say. ``whole`` refuses a body whose fields do
    not go together, where its own party writes it; a redacted one may lack any. ``keeps`` makes,
    of the body before, empty for a new record, and the one that a person wrote, that of the next
    edition, with what the program keeps of the one before or says itself. ``lines`` are what a
    body asks for, line by line, where the acts of its case count lines; ``resembles`` says whether
    two bodies may be one need, the second perhaps a partner's that lacks any field.
    ``due`` names the moment by which a calendar places it, which may lie ahead ("" = ``moment``),
    and ``ends`` the last of its days there, "" = that one; ``over`` makes of a body the moment from
    which it is over for good, for a list of what comes, what goes on and what has ended; ``again``
    are the fields that say how it repeats (daily, weekly) and until which day;
    ``facets`` are what it is filtered, counted and grouped by, the most telling first, whose
    choices stand with the worst first; ``listing`` is None where it has no list of its own.
    ``case`` says how parties act about it. The states of a case are its stages, unless it has none
    and stands beside the states of the kind, and behind them the
    words that a party hears which follows the stage only: every edition says the first stage, and
    the board says where the case stands.
    A kind that is ``inner`` is its party's own: no rule lets a record of it leave, and none is
    taken from a partner. A record that says in a choice what ``stays`` names, a field and a code
    of it, never leaves its party either. ``booked`` says what a record of an inner kind that is
    final puts into stock or takes out of it.
    ``circles`` says whether a record of a kind that is a circle asks anybody; without it each does.
    ``puts`` says what a record asks of positions of its own party: what it asks about itself with
    each edition anew, what it asks about other records once, with its first.
    ``works_out`` says the values of a step that are worked out and that no person types, of the
    owner, the body that the root is about, the root's own, and where the circle stands with it.
    ``settled`` are the fields of a case that stay as they are once a party was asked, of a circle
    for as long as it ``settles`` them; ``promised`` those that stay once one has promised
    something.
    ``confined`` says for which one role of its own party alone a body is, as the category of a
    label (``labels.CONFINED``); "" for one that its label governs. ``single`` are the fields in
    which no two own records of the kind say the same. ``holds`` says whether a body still proves
    on a day what it says of the record that it is about. ``lapses`` are the states in which ``due``
    is an end that rings at its own party once it has passed. ``lasting`` is how many days after
    today the form of a new record puts ``due``, 0 = it says none. ``stands`` says in which state an
    edition stands, of its body and of the state in which it would stand.
    ``occupies`` are the states in which a record takes up its field ``area`` at its times and is
    compared with others (``domain.operations.volumes``); an own one waits for its position while it
    ``meets`` a record of one of these kinds, unless a case that is ``bound`` to the two stands
    between them. ``off`` are the states in which a record does not take place.
    ``drafts`` say, for each kind of which somebody writes a record about one of this kind, what of
    it that record says at first.
    ``tones`` are the states that a tag marks (ok, warn, bad, dispute). ``ways`` are those by which
    lists of it may leave; without any, one record's print is all.
    ``upcasters`` has for each version before this one the pure function that makes of its body that
    of the next: what was written under an older version is read through them, for ever. They change
    fields alone: a state is never renamed or taken away.
    """

    name: str
    version: int
    fields: tuple[Field, ...]
    states: tuple[str, ...] = ()
    transitions: tuple[Transition, ...] = ()
    letter: str = ""
    writers: frozenset[Role] = WATCH
    final: bool = False
    title: str = "text"
    moment: str = ""
    place: str = ""
    about: str = ""
    inbox: bool = True
    haste: Haste = Haste.ROUTINE
    hurry: str = "severity"
    whole: Callable[[Body], None] | None = None
    keeps: Callable[[Body, Body], Body] | None = None
    lines: Callable[[Body], Mapping[Line, Wanted]] | None = None
    resembles: Callable[[Body, Body], bool] | None = None
    due: str = ""
    ends: str = ""
    again: tuple[str, str] | None = None
    over: Callable[[Body], int] | None = None
    facets: tuple[Facet, ...] = ()
    listing: Listing | None = None
    case: Declaration | None = None
    settled: tuple[str, ...] = ()
    promised: tuple[str, ...] = ()
    settles: Callable[[PartyCode, CircleStanding], bool] | None = None
    inner: bool = False
    stays: tuple[str, str] = ("", "")
    booked: Callable[[Body], Booking] | None = None
    confined: Callable[[Body], str] | None = None
    single: tuple[str, ...] = ()
    lasting: int = 0
    stands: Callable[[Body, str], str] | None = None
    holds: Callable[[Body, dt.date], bool] | None = None
    lapses: frozenset[str] = frozenset()
    puts: Callable[[Body], Sequence[Put]] | None = None
    works_out: WorksOut | None = None
    circles: Callable[[Body], bool] | None = None
    occupies: frozenset[str] = frozenset()
    meets: frozenset[str] = frozenset()
    bound: Bound | None = None
    off: frozenset[str] = frozenset()
    drafts: Mapping[str, Callable[[Body], Body]] = dataclasses.field(
        default_factory=dict, hash=False
    )
    tones: tuple[tuple[str, str], ...] = ()
    ways: frozenset[Way] = WAYS
    upcasters: Mapping[int, Upcaster] = dataclasses.field(default_factory=dict, hash=False)
    links: tuple[Field, ...] = dataclasses.field(init=False, repr=False, compare=False)
    asks: tuple[Field, ...] = dataclasses.field(init=False, repr=False, compare=False)
    _names: frozenset[str] = dataclasses.field(init=False, repr=False, compare=False)
    _found_by: tuple[Field, ...] = dataclasses.field(init=False, repr=False, compare=False)
    _checks: tuple[tuple[Field, str, Check], ...] = dataclasses.field(
        init=False, repr=False, compare=False
    )
    counted: tuple[int, ...] = dataclasses.field(init=False, repr=False, compare=False)
    _facets: tuple[tuple[str, Number], ...] = dataclasses.field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if sorted(self.upcasters) != list(range(1, self.version)):
            raise ValueError(f"an upcaster is wanted for each version of {self.name} but the last")
        object.__setattr__(self, "fields", tuple(one.of_kind(self.name) for one in self.fields))
        if self.staged and self.case is not None:
            object.__setattr__(self, "states", (*self.case.stages, *self.case.outward))
        asks = tuple(one for one in self.fields if one.type is Type.UNKNOWNS)
        object.__setattr__(self, "asks", asks)
        links = tuple(filter(points, self.fields))
        object.__setattr__(self, "links", links)
        checks = tuple((item, item.name, CHECKS[item.type]) for item in self.fields)
        object.__setattr__(self, "_checks", checks)
        object.__setattr__(self, "_names", frozenset(item.name for item in self.fields))
        found_by = tuple(item for item in self.fields if item.searchable)
        object.__setattr__(self, "_found_by", found_by)
        facets = tuple((one.field, number_maker(self.field(one.field))) for one in self.facets)
        object.__setattr__(self, "_facets", facets)
        counted = tuple(n for n, one in enumerate(self.facets, start=1) if one.counted)
        object.__setattr__(self, "counted", counted)

    @property
    def staged(self) -> bool:
        """Whether a fold of its case says in which state it stands, and not its editions."""
        return self.case is not None and bool(self.case.stages)

    @property
    def in_lanes(self) -> bool:
        """Whether it is a case with a lane for each party that takes part."""
        return self.case is not None and self.case.shape is Shape.LANE

    def label(self) -> Text:
        """Its wording."""
        return words(f"kind.{self.name}")

    def state(self, code: str) -> Text:
        """The wording of a state."""
        return words(f"state.{code}")

    def reference(self, record: str) -> str:
        """The reference of a record of this kind as people say and read it, such as I-NNTS1."""
        code = reference(record)
        return f"{self.letter}-{code}" if self.letter else code

    @property
    def list_word(self) -> str:
        """The key of the words above its list."""
        own = self.listing.title if self.listing else ""
        return own or f"list.{self.name}"

    def tone(self, state: str) -> str:
        """How a tag marks a state."""
        return dict(self.tones).get(state, "")

    @property
    def begins_beside(self) -> bool:
        """Whether a new record is begun on the page of the one that it is about, and only there."""
        return bool(self.about) and self.field(self.about).required

    def field(self, name: str) -> Field:
        """The field of that name. Raises InputError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise InputError("field_unknown", field=name[:32])

    def transition(self, name: str) -> Transition:
        """The transition of that name. Raises InputError."""
        for step in self.transitions:
            if step.name == name:
                return step
        raise InputError("act_unknown", act=name[:32])

    def steps_from(self, state: str) -> tuple[Transition, ...]:
        """The transitions that may follow ``state``."""
        return tuple(step for step in self.transitions if state in step.sources)

    def below_by_default(self) -> frozenset[str]:
        """The fields that start below the tear line."""
        return frozenset(field.name for field in self.fields if not field.above)

    def always_below(self) -> frozenset[str]:
        """The fields that can never leave."""
        return frozenset(field.name for field in self.fields if field.fixed)

    def check(self, body: Body, *, whole: bool = True) -> Body:
        """The body as it may be stored, in the order of the declaration.

        ``whole`` demands the required fields; a redacted body from a partner may lack any. Fields
        that the kind does not know are refused when whole and left out otherwise. Raises
        InputError.
        """
        if whole:
            for name in body.keys() - self._names:
                self.field(name)
        checked: Body = {}
        for field, name, check in self._checks:
            value = body.get(name)
            if value is not None and value != "" and value != []:  # noqa: PLR1714 - twice as fast
                checked[name] = check(field, value)
            elif whole and field.required:
                raise InputError("field_required", field=name)
        if whole and self.whole is not None:
            self.whole(checked)
        return checked

    def files_in(self, body: Body) -> list[str]:
        """The files that a checked body names, each once, in order."""
        fields = (one for one in self.links if one.type is Type.ATTACHMENTS)
        found = (item for one in fields for item in records_in(one, body.get(one.name)))
        return list(dict.fromkeys(found))

    def reads(self, version: int) -> bool:
        """Whether what was written under that version can be read here."""
        return 1 <= version <= self.version

    def upcast(self, body: Body, version: int) -> Body:
        """The body of a version that it reads, as this version says it. Raises InputError for one
        that its upcasters cannot make anything of.
        """
        try:
            for number in range(version, self.version):
                body = self.upcasters[number](dict(body))
        except _MISREAD:
            raise InputError("wire_form", field="body") from None
        return body

    def search_text(self, body: Body) -> str:
        """The words by which a record of this kind is found."""
        return searchable_text(self._found_by, body)

    def facet_numbers(self, body: Body) -> tuple[int, ...]:
        """What a record of this kind is counted by: a number for each of ``FACETS_MAX`` columns,
        0 = not said.
        """
        found = tuple(number(body.get(name)) for name, number in self._facets)
        return found + (0,) * (FACETS_MAX - len(found))

    def facet_at(self, name: str) -> int:
        """Which of its facets that field is, counted from 1; 0 where it is none."""
        return next((n for n, (field, _) in enumerate(self._facets, start=1) if field == name), 0)

    def due_at(self, body: Body) -> int | None:
        """The moment by which a calendar places a record of this kind, in milliseconds, noon UTC
        for a day; None where the kind names none or the record does not say.
        """
        value = body.get(self.due)
        return (
            day_moment(value) if isinstance(value, str) else value if type(value) is int else None
        )

    def order_of(self, body: Body, at: int) -> int:
        """The moment by which the board keeps the records of this kind in order, in milliseconds:
        from when one is over where the kind says so, else as :meth:`when`.
        """
        return self.over(body) if self.over is not None else self.when(body, at)

    def stays_home(self, body: Body) -> bool:
        """Whether a record with this body never leaves its party, by any way."""
        field, code = self.stays
        return self.inner or (bool(field) and body.get(field) == code)

    def haste_of(self, body: Body) -> Haste:
        """How much haste a record has that asks for attention."""
        said = body.get(self.hurry)
        if isinstance(said, str) and said in _HASTES:
            return Haste(said)
        return self.haste

    def unknown_items(self, body: Body) -> list[tuple[str, bool]]:
        """What a checked body says is not known: each item's id, and whether it is open."""
        found: list[tuple[str, bool]] = []
        for field in self.asks:
            items = body.get(field.name)
            if isinstance(items, list):
                found += ((str(i["id"]), i["state"] == UnknownState.OPEN) for i in items)
        return found

    def when(self, body: Body, at: int) -> int:
        """The moment of which a record of this kind speaks, in milliseconds."""
        value = body.get(self.moment)
        return value if type(value) is int else at
