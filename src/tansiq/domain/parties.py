"""Who takes part and who acts: parties, positions, actors, viewers.

Messages go to positions and acts are done by (party, position, person). A person is a roster number
whose key stays with the party: no names of people anywhere.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

from tansiq.domain.duty import Hours
from tansiq.domain.errors import InputError
from tansiq.domain.wording import Text

PartyCode = NewType("PartyCode", str)

_PARTY: Final = re.compile(r"[A-Z]{2,8}")
_POSITION: Final = re.compile(r"[a-z][a-z0-9-]{1,31}")
_PERSON: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,23}")


def party_code(value: object) -> PartyCode:
    """A party's short code: two to eight capital Latin letters. Raises InputError."""
    if not isinstance(value, str) or not _PARTY.fullmatch(value):
        raise InputError("party_code")
    return PartyCode(value)


def position_code(value: object) -> str:
    """A position's code: small Latin letters, digits and hyphens. Raises InputError."""
    if not isinstance(value, str) or not _POSITION.fullmatch(value):
        raise InputError("position_code")
    return value


def roster_number(value: object) -> str:
    """A person's roster number. Raises InputError."""
    if not isinstance(value, str) or not _PERSON.fullmatch(value):
        raise InputError("roster_number")
    return value


class Role(StrEnum):
    """What a position is for; mandates are given to roles."""

    SENIOR_DUTY_OFFICER = "senior_duty_officer"
    DUTY_OFFICER = "duty_officer"
    LIAISON_OFFICER = "liaison_officer"
    SUPPORT_DESK = "support_desk"
    PROGRAMME_MANAGER = "programme_manager"
    TRAINING_MANAGER = "training_manager"
    ADVISER = "adviser"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    OBSERVER = "observer"


class Relation(StrEnum):
    """How a position stands to a case, beside what its role is for."""

    OWNER = "owner"  # it is at the party whose root it is
    ADDRESSEE = "addressee"  # it is asked
    PROVIDER = "provider"  # it is asked to give
    DEPUTY = "deputy"  # it stands in for the one that is asked
    VERIFIER = "verifier"  # it is asked to verify
    LEAD = "lead"  # it leads the watch at the party that is asked


WATCH: Final = frozenset({Role.SENIOR_DUTY_OFFICER, Role.DUTY_OFFICER, Role.LIAISON_OFFICER})
# Whoever acts on what it reads; the others look on, or read nothing.
ACTING: Final = frozenset(Role) - {Role.ADMINISTRATOR, Role.AUDITOR, Role.OBSERVER}


# Nations that lead, support or teach; one of them acts as a position of its party (COA/adviser-gb).
NATIONS: Final = ("us", "gb", "de", "nl", "it", "fr", "ca", "no", "dk", "se")


class Classification(StrEnum):
    """Classes of the one policy that is known here, lowest first."""

    OPEN = "open"
    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"  # noqa: S105 - a classification, not a password

    @property
    def rank(self) -> int:
        """Its place in the order, 0 = open."""
        return list(Classification).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A post on the watch floor or in an office, with what it may read.

    ``deputy`` is the position that is asked where nobody answers, "" = none. ``hours`` are when it
    is on duty, none = day and night. ``telephone`` stays with the own party.
    """

    code: str
    role: Role
    names: Text
    clearance: Classification = Classification.RESTRICTED
    categories: frozenset[str] = frozenset()
    deputy: str = ""
    hours: tuple[Hours, ...] = ()
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does an act. ``person`` is a roster number and never leaves the node."""

    party: PartyCode
    position: str
    role: Role
    person: str

    def to_json(self) -> dict[str, str]:
        """The form in which the journal keeps it."""
        return {
            "party": self.party,
            "position": self.position,
            "role": self.role.value,
            "person": self.person,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """On whose behalf something is read: a party and what the reading position holds.

    The administrator runs the node and reads no content: role ADMINISTRATOR never sees a record.
    """

    party: PartyCode
    position: str
    role: Role
    clearance: Classification
    categories: frozenset[str] = frozenset()


def viewer_at(party: PartyCode, position: Position) -> Viewer:
    """The viewer that ``position`` of ``party`` is."""
    return Viewer(
        party=party,
        position=position.code,
        role=position.role,
        clearance=position.clearance,
        categories=position.categories,
    )


def partner_viewer(
    party: PartyCode, clearance: Classification, categories: frozenset[str] = frozenset()
) -> Viewer:
    """Somebody of a partner, cleared up to a class and for restrictive categories."""
    return Viewer(
        party=party, position="", role=Role.OBSERVER, clearance=clearance, categories=categories
    )
