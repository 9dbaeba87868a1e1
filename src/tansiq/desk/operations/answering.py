"""What a node does by itself for sealed checks: it answers what partners ask, and looks at what
they answered. ``node`` calls ``tick`` about once a second, and before a stick is written.

The work on elements is done outside the transaction: nothing else waits for it. What must hold: who
asks too much, or something that is no question, gets a word that says so and nothing else; what a
partner sends ends no tick; the key of an answer is nowhere once it has gone.
"""

from typing import Final

from tansiq.board import sealed_checks
from tansiq.board.sealed_checks import ANSWERED, FAILED, REFUSED, Check
from tansiq.desk.act import notify
from tansiq.desk.act.desk import Desk
from tansiq.desk.exchange import accepting
from tansiq.desk.operations.sealed import drawn, elements_of, in_parts, left_of, secret_of
from tansiq.desk.release import agreements
from tansiq.desk.trust import partners
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.kinds.newest import own_newest
from tansiq.domain.kinds.operations.planned_activity import PLANNED_ACTIVITY
from tansiq.domain.operations import sealing
from tansiq.domain.operations.covering import HOUR_MS
from tansiq.domain.operations.sealing import REACH_MS
from tansiq.domain.parties import PartyCode
from tansiq.log import ristretto, sealed
from tansiq.log.canonical import base64_bytes, base64_text, decode_object
from tansiq.log.voprf import ELEMENT_BYTES

_TOPIC: Final = "link"


class _RefusalError(Exception):
    """Why a question is not answered."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def tick(desk: Desk) -> int:
    """Answer what waits and look at what was answered; how many checks went on by it."""
    if not ristretto.there():
        return 0
    done = 0
    for check in sealed_checks.questions(desk.board, desk.clock.now() - REACH_MS):
        if not _stopped(desk, check.party):  # it waits until people let the link go on
            done += _answer(desk, check)
    for check in sealed_checks.answers(desk.board):
        done += _look(desk, check)
    return done


# Answering ----------------------------------------------------------------------------------------


def _answer(desk: Desk, check: Check) -> bool:
    now = desk.clock.now()
    try:
        _demand_allowed(desk, check, now)
        header, data = _evaluated(desk, check, now)
    except _RefusalError as refused:
        said: dict[str, object] = {"type": "sealed_refused", "reason": refused.reason}
        return _end(desk, check, REFUSED, refused.reason, [said])
    parts = in_parts(check.ref, "answered", data)
    return _end(desk, check, ANSWERED, "", [{"type": "sealed_answered", **header}, *parts])


def _stopped(desk: Desk, party: PartyCode) -> bool:
    known = partners.partner(desk, party)
    return known is None or bool(known.stopped_at)


def _demand_allowed(desk: Desk, check: Check, now: int) -> None:
    if agreements.in_force(desk.board, check.party, now) is None:
        raise _RefusalError("agreement")
    if not left_of(desk, check.party, ours=False).allows(check.size):
        raise _RefusalError("budget")


def _evaluated(desk: Desk, check: Check, now: int) -> tuple[dict[str, object], bytes]:
    """The header and the bytes of an answer. What is no question is found out before any plan is
    looked at: it counts nothing, so it may cost nothing.
    """
    try:
        asked = sealed.joined(
            sealed_checks.parts(desk.board, check), check.size * ELEMENT_BYTES, check.digest
        )
        sealed.elements_asked(asked)
    except ParcelError:
        raise _RefusalError("form") from None
    begins, until = sealing.reach(now)
    plans = sealed_checks.plans(desk.board, begins, until)
    try:
        taken = sealing.taken(
            (own_newest(decode_object(data), desk.me).body for data in plans), now
        )
        size = sealing.size_answered(len(taken))
        told = sealed.answer(drawn(desk), asked, taken, size)
    except InputError:
        raise _RefusalError("many") from None
    except ParcelError:
        raise _RefusalError("form") from None
    data = told.evaluated + told.outputs
    header: dict[str, object] = {
        "key": base64_text(told.public), "proof": base64_text(told.proof), "size": size,
        "digest": sealed.digest(data), "begins": begins, "until": until,
    }  # fmt: skip
    return header, data


def _end(desk: Desk, check: Check, state: str, reason: str, said: list[dict[str, object]]) -> bool:
    """Say how a question of a partner ended, to it and in the journal, where it still waits. An
    answer goes where it still may: a stick may have been written meanwhile, or a partner stopped.
    """
    with desk.act() as act:
        if not sealed_checks.still_waits(desk.board, check):
            return False
        if state == ANSWERED:
            try:
                _demand_allowed(desk, check, act.now)
            except _RefusalError:
                return False  # the next tick says so
        head = {**said[0], "check": check.ref, "at": act.now}
        act.feed_all(check.party, [head, *said[1:]])
        act.say(
            {"type": "sealed_ended", "party": check.party, "check": check.ref, "ours": False,
             "state": state, "reason": reason, "at": act.now}
        )  # fmt: skip
        act.changed(_TOPIC)
    return True


# Looking at an answer -----------------------------------------------------------------------------


def _look(desk: Desk, check: Check) -> bool:
    try:
        state, reason = _met(desk, check), ""
    except (ParcelError, InputError) as fault:
        state, reason = FAILED, "proof" if fault.code == "sealed_proof" else "form"
    except _RefusalError as short:
        state, reason = FAILED, short.reason
    with desk.act() as act:
        if not sealed_checks.still_waits(desk.board, check):
            return False
        act.say(
            {"type": "sealed_ended", "party": check.party, "check": check.ref, "ours": True,
             "state": state, "reason": reason, "at": act.now}
        )  # fmt: skip
        if reason in ("proof", "form"):
            accepting.alarm(act, PartyCode(check.party), "sealed_failed", {})
        act.changed(_TOPIC)
        notify.tell(act, PLANNED_ACTIVITY.name, [check.record])
    return True


def _met(desk: Desk, check: Check) -> str:
    """What an answer says of an own check. Raises ParcelError for one that is no answer to it."""
    header = check.header
    seed, bound = secret_of(desk, check)
    asked = elements_of(bound)
    data = sealed.joined(sealed_checks.parts(desk.board, check), check.bytes, check.digest_told)
    cut = check.size * ELEMENT_BYTES
    told = sealed.Answer(
        public=base64_bytes(str(header["key"]), "sealed_form"),
        proof=base64_bytes(str(header["proof"]), "sealed_form"),
        evaluated=data[:cut], outputs=data[cut:],
    )  # fmt: skip
    found = sealed.met(seed, asked.elements, asked.size, told)
    if not _reaches(check, asked.elements, desk.clock.now()):
        raise _RefusalError("reach")
    return sealing.answer_of(found)


def _reaches(check: Check, elements: frozenset[bytes], now: int) -> bool:
    """Whether the answer speaks of all hours that were asked about and were still to come."""
    hours = [int(one.rpartition(b"|")[2]) for one in elements]
    begins, until = int(str(check.header["begins"])), int(str(check.header["until"]))
    last = max(hours, default=0) + 1
    return last * HOUR_MS <= until and begins <= now + BOUNDS.clock_skew_ms_max
