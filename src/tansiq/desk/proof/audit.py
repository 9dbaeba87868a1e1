"""What the auditor sees: who looked at what, and the whole life of one record on one time line.

Only the role auditor gets an answer here; for everybody else the page is not there. The auditor
sees every trace, also of records above the own clearance, and of those no content: a trace is a
record's key, a moment, a position, a person and an act. What people typed into a search is shown.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

from tansiq.board import access_entries, arrivals, lanes, own_editions, releases, steps
from tansiq.desk.act.desk import Desk
from tansiq.desk.proof import anchors
from tansiq.desk.proof.anchors import Chain
from tansiq.desk.trust import partners
from tansiq.domain.errors import InputError
from tansiq.domain.parties import Viewer
from tansiq.domain.records import spoken
from tansiq.log.canonical import JSON, decode_object
from tansiq.log.store import ACCESS
from tansiq.policy import mandate

ROWS: Final = 100
EVENTS_MAX: Final = 20_000
RESOLVED_MAX: Final = 50  # records that one text may mean, of one party and table


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which traces are wanted. ``outside`` = only what other parties did; ``since`` and ``until``
    bound the moment, 0 = no bound; ``before`` goes on below that entry of the access log.
    """

    position: str = ""
    person: str = ""
    act: str = ""
    outside: bool = False
    since: int = 0
    until: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRow:
    """One entry of the access log."""

    seq: int
    at: int
    act: str
    position: str
    person: str
    place: str
    items: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a record: when, what, and who of which party did it. ``to`` is the
    party that it concerned. Of a step ``note`` is its act and ``word`` the key of the words for it,
    empty for an act that is unknown here.
    """

    at: int
    act: str
    party: str
    position: str = ""
    person: str = ""
    to: str = ""
    note: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPage:
    """A page of the access log; ``total`` counts all that fit the filter, ``counts`` by act."""

    rows: tuple[AccessRow, ...]
    total: int
    counts: tuple[tuple[str, int], ...]
    before: int


def _admit(viewer: Viewer) -> None:
    if not mandate.may_do(viewer.role, mandate.Act.AUDIT):
        raise InputError("record_absent")  # for others this page is not there


def access_rows(desk: Desk, viewer: Viewer, wanted: Filter, limit: int = ROWS) -> AccessPage:
    """The access log, newest first."""
    _admit(viewer)
    if wanted.outside:
        return AccessPage(rows=(), total=0, counts=(), before=0)  # others look at their own nodes
    equal = {"position": wanted.position, "person": wanted.person, "act": wanted.act}
    span = (wanted.since, wanted.until)
    counts = tuple(access_entries.counts(desk.board, equal, span).items())
    rows = access_entries.newest(desk.board, equal, span, wanted.before, limit)
    found = tuple(_access_row(desk, seq) for seq in rows)
    return AccessPage(
        rows=found, total=sum(n for _, n in counts), counts=counts,
        before=found[-1].seq if len(found) == limit else 0,
    )  # fmt: skip


def access_row(desk: Desk, viewer: Viewer, seq: int) -> AccessRow:
    """One entry with everything that it names. Raises InputError where there is none."""
    _admit(viewer)
    if not 0 <= seq < desk.store.head(ACCESS).size:
        raise InputError("record_absent")
    return _access_row(desk, seq)


def _access_row(desk: Desk, seq: int) -> AccessRow:
    (entry,) = desk.store.read(ACCESS, seq, seq + 1)
    item = decode_object(entry.data or b"{}")
    asked = cast("dict[str, str]", item["asked"])
    return AccessRow(
        seq=seq, at=int(str(item["at"])), act=str(item["act"]), position=str(item["position"]),
        person=str(item["person"]), place=str(item["place"]),
        items=tuple(cast("list[str]", item["items"])), asked=tuple(sorted(asked.items())),
        hits=int(str(item["hits"])),
    )  # fmt: skip


def resolve(desk: Desk, viewer: Viewer, text: str) -> list[str]:
    """The keys of the records that somebody may mean: OWNER/id, an id, or the short reference."""
    _admit(viewer)
    owner, _, name = text.strip().rpartition("/")
    owners = [owner] if owner else [desk.me, *(known.party for known in partners.partners(desk))]
    low, high = _range(name)
    found: set[str] = set()
    for party in owners:
        low_key, high_key = f"{party}/{low}", f"{party}/{high}"
        found |= access_entries.keys_between(desk.board, low_key, high_key, RESOLVED_MAX)
    return sorted(found)


def _range(name: str) -> tuple[str, str]:
    """Between which ids a name points."""
    meant = spoken(name)
    return meant.ids if meant else (name.lower(), name.lower())


def timeline(desk: Desk, viewer: Viewer, key: str, wanted: Filter) -> list[Event]:
    """All that happened to one record, here and at the partners, oldest first."""
    _admit(viewer)
    owner = key.partition("/")[0]
    sources = (
        _editions(desk, key) if owner == desk.me else iter(()),
        _releases(desk, key),
        _received(desk, key, owner),
        _steps(desk, key),
        _shown_to(desk, key),
    )
    events = [event for source in sources for event in source if _fits(desk, event, wanted)]
    return sorted(events, key=lambda event: event.at)[:EVENTS_MAX]


def _fits(desk: Desk, event: Event, wanted: Filter) -> bool:
    return (
        (not wanted.position or event.position == wanted.position)
        and (not wanted.person or event.person == wanted.person)
        and (not wanted.act or event.act == wanted.act)
        and (not wanted.outside or event.party != desk.me)
        and event.at >= wanted.since
        and (not wanted.until or event.at < wanted.until)
    )


def _editions(desk: Desk, key: str) -> Iterator[Event]:
    for number, (_, _, data) in enumerate(own_editions.editions(desk.board, key)):
        item = decode_object(data)
        author = cast("dict[str, JSON]", item["author"])
        yield Event(
            at=int(str(item["at"])), act="revised" if number else "created", party=desk.me,
            position=str(author["position"]), person=str(author["person"]), note=str(item["state"]),
        )  # fmt: skip


_RELEASE: Final = (
    "party", "prepared_by", "prepared_at", "approvals", "declined_by", "declined_at",
    "released_at", "delivered_at", "read_at", "read_by", "recalled_at", "recall_reason",
    "recall_delivered_at", "purged_at", "purged_cause",
)  # fmt: skip


def _releases(desk: Desk, key: str) -> Iterator[Event]:
    for got in releases.told(desk.board, key, _RELEASE):
        yield from _release(desk, got)


def _release(desk: Desk, got: dict[str, str]) -> Iterator[Event]:
    me, party = desk.me, got["party"]

    def at(name: str) -> int:
        return int(got[name] or 0)

    def by(name: str) -> dict[str, str]:
        return named(json.loads(got[name]) if got[name] else {})

    def named(who: dict[str, str]) -> dict[str, str]:
        return {"position": str(who.get("position", "")), "person": str(who.get("person", ""))}

    own = by("declined_by")["person"] in {by("prepared_by")["person"]} - {""}
    acts: Sequence[tuple[int, str, str, dict[str, str], str]] = (
        (at("prepared_at"), "prepared", me, by("prepared_by"), ""),
        *(
            (int(one["at"]), "approved", me, named(one["by"]), "")
            for one in json.loads(got["approvals"])
        ),
        (at("declined_at"), "withdrawn" if own else "declined", me, by("declined_by"), ""),
        (at("released_at"), "released", me, {}, ""),
        (at("delivered_at"), "delivered", party, {}, ""),
        *(
            (at("read_at"), "read_there", party, {"position": p}, "")
            for p in got["read_by"].split() or [""]
        ),
        (at("recalled_at"), "recalled", me, {}, got["recall_reason"]),
        (at("recall_delivered_at"), "recall_delivered", party, {}, ""),
        (at("purged_at"), "purged_there", party, {}, ""),
    )
    for moment, act, who, person, note in acts:
        if moment:
            yield Event(at=moment, act=act, party=who, to=party, note=note, **person)


def _received(desk: Desk, key: str, owner: str) -> Iterator[Event]:
    for came, recalled, reason, purged in arrivals.told(desk.board, key):
        acts = ((came, "came", owner, ""), (recalled, "recalled", owner, reason),
                (purged, "purged", desk.me, ""))  # fmt: skip
        for moment, act, who, note in acts:
            if moment:
                yield Event(at=moment, act=act, party=who, to=desk.me, note=note)


def _steps(desk: Desk, key: str) -> Iterator[Event]:
    """What the parties did in the case of a root: of an own step each party that it went to."""
    declared = lanes.declaration_of(desk.board, key)
    for one in steps.taken(desk.board, key):
        step = one.step
        own = step.author == desk.me
        known = declared is not None and declared.act(step.act) is not None
        for to in one.told if own else (desk.me,):
            yield Event(
                at=step.at if own else one.at, act="step", party=step.author,
                position=step.seat.position, person=one.person, to=to, note=step.act,
                word=f"did.{step.act}" if known else "",
            )  # fmt: skip


def _shown_to(desk: Desk, key: str) -> Iterator[Event]:
    for at, act, position, person in access_entries.of_record(desk.board, key, EVENTS_MAX):
        yield Event(at=at, act=act, party=desk.me, position=position, person=person)


def verify(desk: Desk, viewer: Viewer) -> Chain:
    """Compare the journal and the access log with what the partners hold anchored."""
    _admit(viewer)
    return anchors.check(desk)
