"""A partner that was stopped, and the exchange that goes on after people have spoken.

The exchange stops by itself where two statements of a partner cannot both be true, and a release
authority can stop it by hand. It goes on when two persons of this party say so: one asks with a
reason, another agrees. What stopped it stays in the journal as evidence, whatever follows.
"""

from dataclasses import dataclass

from tansiq.board import partners as rows
from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.trust import partners
from tansiq.desk.trust.partners import Partner
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.parties import Actor
from tansiq.policy import mandate

BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody asks to go on with a stopped partner; another person has to agree."""

    by: dict[str, str]
    at: int
    reason: str


def asked(desk: Desk, party: str) -> Asked | None:
    """The wish to go on that waits for a second person."""
    found = rows.restart_asked(desk.board, party)
    return Asked(by=found[0], at=found[1], reason=found[2]) if found else None


def stop(desk: Desk, actor: Actor, party: str) -> None:
    """Stop the exchange with a partner by hand. Raises InputError, RefusedError."""
    with desk.act() as act:
        if not _partner(desk, actor, party).stopped_at:
            act.say(
                {"type": "stopped", "party": party, "code": BY_HAND, "evidence": [],
                 "by": actor.to_json(), "at": act.now}
            )  # fmt: skip
            act.changed("link")


def ask(desk: Desk, actor: Actor, party: str, reason: str) -> None:
    """Ask to go on with a stopped partner; nothing changes before another person agrees. Raises
    InputError, RefusedError.
    """
    text = reason.strip()
    with desk.act() as act:
        if not _partner(desk, actor, party).stopped_at:
            raise InputError("restart_not_stopped")
        if not 0 < len(text) <= BOUNDS.line_chars_max:
            raise InputError("restart_reason", field="reason", limit=BOUNDS.line_chars_max)
        act.say(
            {"type": "restart", "party": party, "by": actor.to_json(), "reason": text,
             "at": act.now}
        )  # fmt: skip
        act.changed("link")


def agree(desk: Desk, actor: Actor, party: str, *, seen: int) -> None:
    """Go on, as the second person, who has read the reason that was given at the moment ``seen``.
    Raises InputError, also where it was asked for anew, RefusedError for the one who asked.
    """
    with desk.act() as act:
        known, wish = _partner(desk, actor, party), asked(desk, party)
        if not known.stopped_at or wish is None:
            raise InputError("restart_not_asked")
        if wish.by.get("person") == actor.person:
            raise RefusedError(Refused("restart_same_person"))
        if wish.at != seen:
            raise InputError("restart_changed")
        act.say(
            {"type": "restarted", "party": party, "by": actor.to_json(), "asked_by": wish.by,
             "reason": wish.reason, "code": known.stop_code, "at": act.now}
        )  # fmt: skip
        act.changed("link")
        act.fed.add(known.party)  # the exchange loop looks at once


def _partner(desk: Desk, actor: Actor, party: str) -> Partner:
    demand(mandate.may_do(actor.role, mandate.Act.SIGN_AGREEMENT))
    known = partners.partner(desk, party)
    if known is None:
        raise InputError("partner_unknown", party=party[:8])
    return known
