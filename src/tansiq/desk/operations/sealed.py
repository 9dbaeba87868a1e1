"""Sealed checks, by whom they are asked: what one may still ask, asking, and opening a commitment.

The page of a sealed activity asks here; ``answering`` is what the node does by itself. What must
hold: a partner is sent a commitment, a size and blinded elements, and nothing else of an activity;
what came of it is shown to nobody who may not see the activity.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

from tansiq.board import sealed_checks
from tansiq.board.board import key_of
from tansiq.board.sealed_checks import ANSWERED, FAILED, REFUSED, WAITING, Check
from tansiq.desk.act import notify
from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.records import read, say
from tansiq.desk.release import agreements
from tansiq.desk.trust import partners
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.kinds.operations.planned_activity import (
    OFF,
    PLANNED_ACTIVITY,
    SEALED,
    SETTLED,
    STANDING,
)
from tansiq.domain.operations import sealing
from tansiq.domain.operations.sealing import COOL_DOWN_MS, DAY_MS, Left, Wanted
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.domain.records import Body, RecordView
from tansiq.log import ristretto, sealed
from tansiq.log.canonical import JSON, base64_bytes, base64_text, decode_object
from tansiq.log.store import JOURNAL, out_log
from tansiq.policy import mandate
from tansiq.policy.release import reread
from tansiq.policy.seal import Released

ENTRIES_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an activity stands to one partner: the newest check of it, ``changed`` where it is at
    another place or time since, what may still be asked, and why nothing may be, "" = it may.
    """

    party: PartyCode
    check: Check | None
    changed: bool
    left: Left
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealings:
    """What the page of a sealed activity says: what a check would ask, or the error code that keeps
    it from being asked, and how it stands to each partner.
    """

    wanted: Wanted | None
    error: InputError | None
    partners: tuple[Standing, ...]


class TookPlace(NamedTuple):
    """That a check took place: which, whether we asked, when it came here (ms), and whether it
    waits, was answered or was not. What the answer was does not stand here.
    """

    ref: str
    ours: bool
    at: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """The newest checks between a partner and us, and what each may still ask."""

    party: PartyCode
    ours: Left
    theirs: Left
    took_place: tuple[TookPlace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A commitment, opened: whether activity, area and times are those that it binds, whether the
    elements that were sent are theirs and no others, and where it stands in the signed feed, -1
    where it does not.
    """

    check: Check
    at: int
    record: str
    binds: bool
    elements: bool
    entry: int

    @property
    def fits(self) -> bool:
        """Whether the check was made for this activity and asked about nothing else."""
        return self.binds and self.elements and self.entry >= 0


def standing(desk: Desk, view: Released[RecordView]) -> Released[Sealings] | None:
    """How a sealed activity of ours stands to each partner, for whom it was released; None for
    anything else.
    """
    value, now = view.value, desk.clock.now()
    if value.owner != desk.me or value.body.get("sealed") != SEALED:
        return None
    asked = sealed_checks.of_record(desk.board, key_of(value.owner, value.record))
    wanted, error = _wanted(value, now)
    found = tuple(
        _stands(desk, view, one.party, wanted, [c for c in asked if c.party == one.party])
        for one in partners.partners(desk)
    )
    return reread(view, Sealings(wanted=wanted, error=error, partners=found))


def _wanted(value: RecordView, now: int) -> tuple[Wanted | None, InputError | None]:
    if value.state not in STANDING:
        return None, InputError("sealed_over")
    try:
        return sealing.wanted(value.body, now), None
    except InputError as error:
        return None, error


def _stands(
    desk: Desk, view: Released[RecordView], party: PartyCode,
    wanted: Wanted | None, asked: Sequence[Check],
) -> Standing:  # fmt: skip
    newest = asked[0] if asked else None
    left, why = left_of(desk, party, ours=True), ""
    if wanted is not None:
        waiting = bool(newest and newest.state == WAITING)
        enough = left.allows(wanted.size)
        refused = _refusal(desk, view.viewer, party, enough=enough, waiting=waiting)
        why = "" if refused is None else refused.code
    changed = newest is not None and _volume(desk, newest) != sealing.volume_json(view.value.body)
    return Standing(party=party, check=newest, changed=changed, left=left, why=why)


def left_of(desk: Desk, party: str, *, ours: bool) -> Left:
    """What we may still ask a party now, or it us."""
    now = desk.clock.now()
    return sealing.left(sealed_checks.spent(desk.board, party, now - DAY_MS, ours=ours), now)


def _refusal(
    desk: Desk, viewer: Viewer, party: PartyCode, *, enough: bool, waiting: bool
) -> Refused | None:
    """Why a check may not be asked now; None where it may."""
    if not ristretto.there():
        return Refused("sealed_no_library")
    if waiting:
        return Refused("sealed_waiting")
    known = partners.partner(desk, party)
    agreed = agreements.in_force(desk.board, party, desk.clock.now()) is not None
    if known is None or not known.authorised_at or known.stopped_at or not agreed:
        return Refused("sealed_no_agreement")
    if _called_off(desk, viewer, party):
        return Refused("sealed_cool_down")
    if not enough:
        return Refused("sealed_budget")
    return None


def _called_off(desk: Desk, viewer: Viewer, party: str) -> bool:
    """Whether an activity that was checked was called off just now: who plans only in order to ask
    waits. Of one that this viewer may not see, waiting would tell that there was one.
    """
    now = desk.clock.now()
    keys = {one.record for one in sealed_checks.own_since(desk.board, party, now - DAY_MS)}
    found = read.seen(desk, viewer, [(desk.me, key.partition("/")[2]) for key in sorted(keys)])
    return any(one.value.state in OFF and one.value.at > now - COOL_DOWN_MS for one in found)


class _Question(NamedTuple):
    """A question, made and not asked yet: of whom, its entry of the feed, its bytes in parts, and
    what of it stands in the journal alone.
    """

    party: PartyCode
    said: dict[str, object]
    parts: list[dict[str, object]]
    kept: dict[str, object]


def ask(desk: Desk, actor: Actor, record: str, *parties: str) -> None:
    """Ask each of these partners whether an own sealed activity meets anything of its own, or none
    of them. Raises InputError, also for nobody, RefusedError and EditedMeanwhileError; then nothing
    was sent. Elements are made before the transaction: a second of work for each, for which nobody
    who writes may wait.
    """
    view = _plan(desk, actor, record)
    if not parties:
        raise InputError("partner_unknown", party="")
    wanted, error = _wanted(view, desk.clock.now())
    if wanted is None:
        raise error or InputError("sealed_over")
    asked = dict.fromkeys(parties)
    for party in asked:
        _demand_may_ask(desk, actor, view, party, wanted)
    made = [_question(desk, actor, view, PartyCode(party), wanted) for party in asked]
    with desk.act() as act:
        for one in made:
            say.current_on(desk, actor, record, view.digest)
            _demand_may_ask(desk, actor, view, one.party, wanted)
            act.say({**one.said, **one.kept})
            act.feed_all(one.party, [one.said, *one.parts])
            act.tell("sealed_asked", party=one.party)
        notify.tell(act, PLANNED_ACTIVITY.name, [key_of(view.owner, view.record)])


def _demand_may_ask(desk: Desk, actor: Actor, view: RecordView, party: str, wanted: Wanted) -> None:
    """Raises InputError, RefusedError where a check may not be asked now."""
    known = partners.partner(desk, party)
    if known is None:
        raise InputError("partner_unknown", party=party[:8])
    asked = sealed_checks.of_record(desk.board, key_of(view.owner, view.record))
    waiting = any(one.state == WAITING and one.party == party for one in asked)
    enough = left_of(desk, party, ours=True).allows(wanted.size)
    refused = _refusal(desk, desk.viewer(actor), known.party, enough=enough, waiting=waiting)
    if refused is not None:
        raise RefusedError(refused)


def _question(
    desk: Desk, actor: Actor, view: RecordView, party: PartyCode, wanted: Wanted
) -> _Question:
    now, seed, ref = desk.clock.now(), drawn(desk), desk.entropy.uuid()
    bound = _binding(view, now)
    data = sealed.question(seed, wanted.elements, wanted.size)
    said: dict[str, object] = {
        "type": "sealed_asked", "check": ref, "size": wanted.size,
        "commitment": sealed.commitment(seed, bound), "digest": sealed.digest(data), "at": now,
    }  # fmt: skip
    kept: dict[str, object] = {
        "to": party, "record": view.record, "bound": bound, "seed": base64_text(seed),
        "by": actor.to_json(),
    }  # fmt: skip
    return _Question(party, said, in_parts(ref, "asked", data), kept)


def agreed(desk: Desk, actor: Actor, record: str) -> None:
    """Note that both sides have agreed by telephone what an own activity that was checked does now.
    What it is stands in the activity, which is changed before; the newest check that was answered
    stands where a meeting of open plans would. Raises InputError, RefusedError.
    """
    with desk.act() as act:
        view = _plan(desk, actor, record)
        asked = sealed_checks.of_record(desk.board, key_of(view.owner, view.record))
        newest = next((one for one in asked if one.state in sealing.ANSWERS), None)
        if newest is None:
            raise RefusedError(Refused("sealed_not_checked"))
        say.step_in(act, actor, view, "agree_activity", said={SETTLED: newest.ref})


def _plan(desk: Desk, actor: Actor, record: str) -> RecordView:
    """An own sealed activity that the actor may see and check. Raises InputError, RefusedError."""
    demand(mandate.may_write(actor.role, PLANNED_ACTIVITY))
    view = read.record(desk, desk.viewer(actor), desk.me, record).value
    if view.kind != PLANNED_ACTIVITY.name or view.body.get("sealed") != SEALED:
        raise InputError("record_absent")
    return view


def _binding(view: RecordView, at: int) -> dict[str, object]:
    """What a commitment binds: which edition of which activity, where and when it is, and from
    which moment on it was asked about.
    """
    return {
        "at": at, "edition": view.digest, "record": view.record,
        "volume": sealing.volume_json(view.body),
    }  # fmt: skip


def drawn(desk: Desk) -> bytes:
    """Thirty-two random bytes: three random identities hold 366 random bits."""
    ids = "".join(desk.entropy.uuid() for _ in range(3))
    return hashlib.sha256(ids.encode()).digest()


def in_parts(check: str, of: str, data: bytes) -> list[dict[str, object]]:
    """The entries in which bytes of a check travel."""
    cut = sealed.parts(data, BOUNDS.sealed_part_bytes_max)
    return [
        {"type": "sealed_part", "check": check, "of": of, "n": n, "data": base64_text(part)}
        for n, part in enumerate(cut)
    ]


def secret_of(desk: Desk, check: Check) -> tuple[bytes, Body]:
    """The seed of an own check, and what its commitment binds."""
    (entry,) = desk.store.read(JOURNAL, check.journal, check.journal + 1)
    item = decode_object(cast("bytes", entry.data))
    return base64_bytes(str(item["seed"]), "sealed_form"), cast("Body", item["bound"])


def _volume(desk: Desk, check: Check) -> object:
    return secret_of(desk, check)[1]["volume"]


def elements_of(bound: Body) -> Wanted:
    """What a check asked, from what its commitment binds. Raises InputError."""
    return sealing.wanted(cast("Body", bound["volume"]), int(str(bound["at"])))


def between(desk: Desk, actor: Actor, party: str) -> Between:
    """The checks between a partner and us. That one took place, when and by whom is told to all who
    read records; for which activity and with what answer, to nobody here. Raises RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.READ))
    found = sealed_checks.with_party(desk.board, party, BOUNDS.page_rows_max)
    return Between(
        party=PartyCode(party), ours=left_of(desk, party, ours=True),
        theirs=left_of(desk, party, ours=False),
        took_place=tuple(
            TookPlace(one.ref, one.ours, one.came, _outwardly(one)) for one in found
        ),
    )  # fmt: skip


def _outwardly(check: Check) -> str:
    """Where a check stands, without its answer."""
    return check.state if check.state in (WAITING, REFUSED, FAILED) else ANSWERED


def open_commitment(desk: Desk, actor: Actor, ref: str) -> Released[Opened]:
    """Make an own question again from its seed and its activity, and compare it with what was sent.
    The auditor asks. Raises InputError for what is no own check, or for one of an activity that
    this person may not see; RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.AUDIT))
    check = sealed_checks.named(desk.board, ref)
    if check is None:
        raise InputError("record_absent")
    owner, _, record = check.record.partition("/")
    view = read.record(desk, desk.viewer(actor), owner, record)
    seed, bound = secret_of(desk, check)
    asked = elements_of(bound)
    data = sealed.question(seed, asked.elements, asked.size)
    opened = Opened(
        check=check, at=check.at, record=record,
        binds=sealed.commitment(seed, bound) == check.commitment and bound["record"] == record,
        elements=sealed.digest(data) == check.digest, entry=_entry_of(desk, check),
    )  # fmt: skip
    return reread(view, opened)


def _entry_of(desk: Desk, check: Check) -> int:
    """Where a commitment stands in the feed to the partner, -1 where it does not."""
    wanted = check.ref, check.commitment, check.digest
    names = "check", "commitment", "digest"
    found = (
        seq
        for seq, item in _asked(desk, check.party)
        if tuple(item[name] for name in names) == wanted
    )
    return next(found, -1)


def _asked(desk: Desk, party: str) -> Iterator[tuple[int, dict[str, JSON]]]:
    for entry in desk.store.scan(out_log(party), ENTRIES_AT_ONCE):
        if entry.data is not None and b'"type":"sealed_asked"' in entry.data:
            yield entry.seq, decode_object(entry.data)
