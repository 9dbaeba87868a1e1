"""Who may say what: which role may do which act. What is not named here is refused."""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from typing import Final

from tansiq.domain.cases import AnyAct, Declaration, Side
from tansiq.domain.errors import Decision, Granted, Refused
from tansiq.domain.kinds import Kind, Transition
from tansiq.domain.parties import WATCH, Actor, Position, Relation, Role


class Act(StrEnum):
    """The acts beside writing a record."""

    READ = "read"
    PREPARE_RELEASE = "prepare_release"
    APPROVE_RELEASE = "approve_release"
    RECALL = "recall"
    SAY_DUTY = "say_duty"
    TELEPHONE = "telephone"
    EXCHANGE = "exchange"
    JOIN = "join"
    SIGN_AGREEMENT = "sign_agreement"
    IMPORT = "import"
    CATALOGUE = "catalogue"
    SEE_HOLDINGS = "see_holdings"
    SEE_LINKS = "see_links"
    VERIFY = "verify"
    AUDIT = "audit"
    EXPORT_EVIDENCE = "export_evidence"
    SEE_SIGN_ONS = "see_sign_ons"
    PUBLISH = "publish"


_AUTHORITY: Final = frozenset({Role.LIAISON_OFFICER, Role.SENIOR_DUTY_OFFICER})
_CONTENT: Final = frozenset(Role) - {Role.ADMINISTRATOR}
# Who leads the watch: the positions of the first of these roles that a party has.
_LEADING: Final = (Role.SENIOR_DUTY_OFFICER, Role.DUTY_OFFICER, Role.LIAISON_OFFICER)
_MANDATES: Final[dict[Act, frozenset[Role]]] = {
    Act.READ: _CONTENT,
    Act.PREPARE_RELEASE: WATCH,
    Act.APPROVE_RELEASE: WATCH,
    Act.RECALL: WATCH,
    Act.SAY_DUTY: WATCH,
    Act.TELEPHONE: WATCH,
    Act.EXCHANGE: WATCH | {Role.ADMINISTRATOR},
    Act.JOIN: _AUTHORITY | {Role.ADMINISTRATOR},
    Act.SIGN_AGREEMENT: _AUTHORITY,
    Act.IMPORT: WATCH,
    Act.CATALOGUE: WATCH | {Role.SUPPORT_DESK, Role.ADMINISTRATOR},
    Act.SEE_HOLDINGS: _CONTENT,
    Act.SEE_LINKS: frozenset(Role),
    Act.VERIFY: frozenset({Role.AUDITOR, Role.ADMINISTRATOR, Role.SENIOR_DUTY_OFFICER}),
    Act.AUDIT: frozenset({Role.AUDITOR}),
    Act.EXPORT_EVIDENCE: _AUTHORITY | {Role.AUDITOR},
    Act.SEE_SIGN_ONS: frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
    Act.PUBLISH: WATCH | {Role.PROGRAMME_MANAGER},
}


def may_do(role: Role, act: Act) -> Decision:
    """Whether a position of that role may do ``act``."""
    return Granted("mandate") if role in _MANDATES[act] else Refused("mandate")


def may_write(role: Role, kind: Kind) -> Decision:
    """Whether a position of that role may write records of ``kind``."""
    return Granted("mandate") if role in kind.writers else Refused("mandate")


def may_step(role: Role, step: Transition, state: str) -> Decision:
    """Whether that role may take ``step`` from ``state``."""
    if role not in step.roles:
        return Refused("mandate")
    return Granted("mandate") if state in step.sources else Refused("step_not_from_here")


def relations(
    declared: Declaration,
    side: Side,
    position: Position,
    asked: Collection[str],
    positions: Sequence[Position],
) -> frozenset[Relation]:
    """How a position of a party stands to a case: ``side`` is the party's, ``asked`` are the codes
    of its positions that are asked there, ``positions`` are all that it has.
    """
    if side is Side.OWNER:
        return frozenset({Relation.OWNER})
    found = set()
    if position.code in asked:
        found.add(declared.asked)
    if any(one.code in asked and one.deputy == position.code for one in positions):
        found.add(Relation.DEPUTY)
    if leads(position, positions):
        found.add(Relation.LEAD)
    return frozenset(found)


def leads(position: Position, positions: Iterable[Position]) -> bool:
    """Whether a position leads the watch of a party that has these."""
    had = {one.role for one in positions}
    return position.role is next((role for role in _LEADING if role in had), None)


def may_act(act: AnyAct, position: Position, related: frozenset[Relation]) -> Decision:
    """Whether a position that stands in these relations to a case may do ``act`` in it."""
    if position.role not in act.roles:
        return Refused("mandate")
    if act.relations and not act.relations & related:
        return Refused("not_the_seat")
    return Granted("mandate")


def may_approve(decided: Iterable[Actor], approver: Actor) -> Decision:
    """Who approves is another person of the same party than those who have ``decided`` before, the
    preparer first, with the mandate to approve.
    """
    return may_second({one.person for one in decided}, approver)


def may_second(persons: Collection[str], approver: Actor) -> Decision:
    """As :func:`may_approve`, by the roster numbers of who has decided before."""
    allowed = may_do(approver.role, Act.APPROVE_RELEASE)
    if not allowed:
        return allowed
    return Refused("same_person") if approver.person in persons else Granted("second_person")


def may_withdraw(preparer: Actor, actor: Actor) -> Decision:
    """A prepared release is withdrawn by the person who prepared it, and by nobody else."""
    allowed = may_do(actor.role, Act.PREPARE_RELEASE)
    if not allowed:
        return allowed
    own = actor.person == preparer.person
    return Granted("mandate") if own else Refused("not_preparer")
