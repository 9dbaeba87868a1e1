"""What happened to the ways in which persons sign on: noted in the journal, told to the auditor.

Roster numbers and kinds of events, never a secret, and nothing of what anybody reads.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tansiq.board import alarms
from tansiq.desk.act.desk import Desk, demand
from tansiq.domain.parties import Actor, Role
from tansiq.policy import mandate

SHOWN_MAX: Final = 200


class Event(StrEnum):
    """All that is noted. Its words are ``identity_event.<value>``."""

    PASSPHRASE_SET = "passphrase_set"  # noqa: S105 - the name of an event
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    CODES_MADE = "codes_made"
    CODE_SPENT = "code_spent"
    FACTORS_RESET = "factors_reset"
    CLOSED = "closed"
    SESSIONS_ENDED = "sessions_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One event: of whom, and the position that did it; empty for the command line and for what
    happened by itself.
    """

    event: str
    person: str
    by_person: str
    by_position: str
    at: int


def note(desk: Desk, event: Event, person: str, by: Actor | None = None) -> None:
    """Keep an event for good."""
    with desk.act() as act:
        act.say(
            {
                "type": "identity", "event": event.value, "person": person,
                "by": by.to_json() if by else {}, "at": act.now,
            }
        )  # fmt: skip


def events(desk: Desk, role: Role) -> list[Noted]:
    """The newest events first. Raises RefusedError."""
    demand(mandate.may_do(role, mandate.Act.SEE_SIGN_ONS))
    found = []
    for event, person, actor, at in alarms.sign_ons(desk.board, SHOWN_MAX):
        by = json.loads(str(actor))
        found.append(
            Noted(
                event=str(event), person=str(person), by_person=by.get("person", ""),
                by_position=by.get("position", ""), at=int(str(at)),
            )
        )  # fmt: skip
    return found
