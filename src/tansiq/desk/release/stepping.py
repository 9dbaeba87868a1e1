"""Letting steps of cases leave: which rule lets one go, and how it is put into feed and journal.

``desk.cases`` takes steps that people decide; what becomes of records ends cases by itself
(``desk.release.ending``). A step goes past the release path of records: it has no delay, no second
person and no label of its own, because who reads the root reads every step (ADR 0026).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tansiq.board import cases, queries
from tansiq.board.board import key_of
from tansiq.board.lanes import HeldLane
from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.release import agreements
from tansiq.desk.release.hastening import hasten, steps_are_urgent
from tansiq.domain.cases import Declaration, Seat, Step, StepId, StepValue, stands
from tansiq.domain.errors import Refused, RefusedError
from tansiq.domain.labels import Label
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Body, Edition, RecordId, RecordView, ReleaseId
from tansiq.policy.agreement import Follow
from tansiq.policy.following import step_goes
from tansiq.policy.release import matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """What of a root a step needs: whose it is, its id, kind, label and body as it stands here."""

    owner: PartyCode
    record: RecordId
    kind: str
    label: Label
    body: Body


def root_of(root: RecordView | Edition) -> Root:
    """The root that a record is."""
    return Root(
        owner=root.owner, record=root.record, kind=root.kind, label=root.label, body=root.body
    )  # fmt: skip


def new_step(
    desk: Desk, position: str, root: Root, held: HeldLane, declared: Declaration, *,
    act: str, of: str = "", values: Mapping[str, StepValue] | None = None,
) -> Step:  # fmt: skip
    """A step as it would be taken now in a lane as it is held, by an own position."""
    return Step(
        author=desk.me,
        version=declared.version,
        root=root.record,
        lane=held.id,
        step=StepId(desk.entropy.uuid()),
        release=ReleaseId(desk.entropy.uuid()),
        seat=Seat(desk.me, position),
        act=act,
        of=StepId(of),
        after=stands(declared, held.lane).newest,
        values=dict(values or {}),
        at=desk.clock.now(),
    )


def leave(act: Act, root: Root, held: HeldLane, step: Step, *, by: dict[str, str]) -> None:
    """Let a step go to the other side of its lane, and keep it. Raises RefusedError where no rule
    lets a step about this root go there.
    """
    desk = act.desk
    to = other_side(desk, root, held)
    demand_rule(act, root, to)
    send(act, root, step, to, by=by)
    tell(act, root.owner, root.record, root.kind)


def send(act: Act, root: Root, step: Step, to: PartyCode, *, by: dict[str, str]) -> None:
    """Put a step into the feed of one receiver, and into the journal as that receiver has it."""
    sent = step.to_json()
    seq = act.feed(to, sent)
    act.say(
        {"type": "step", "owner": root.owner, "root": root.record, "said": sent, "to": to,
         "seq": seq, "by": by, "at": act.now},
    )  # fmt: skip
    if steps_are_urgent(root.kind, root.body):
        hasten(act, to, [seq])


def other_side(desk: Desk, root: Root, held: HeldLane) -> PartyCode:
    """The party at the other side of a lane."""
    return held.party if root.owner == desk.me else root.owner


def tell(act: Act, owner: PartyCode, record: str, kind: str) -> None:
    """Who may see the root hears that its case has moved."""
    sealed = queries.found(act.desk.board, owner, record)
    for topic in (kind, "case", "inbox"):
        act.changed(topic, sealed)


def demand_rule(act: Act, root: Root, to: PartyCode) -> None:
    """A step goes to who holds the root, by a rule of ours for such a root: its kind and facets."""
    desk = act.desk
    if root.owner == desk.me and to not in cases.holders(
        desk.board, key_of(root.owner, root.record), act.now
    ):
        raise RefusedError(Refused("not_held"))
    if agreements.in_force(desk.board, to, act.now) is None:
        raise RefusedError(Refused("no_agreement"))
    if goes(act, root, to) is not Follow.WHOLE:
        raise RefusedError(Refused("no_rule"))


def goes(act: Act, root: Root, to: PartyCode) -> Follow:
    """What of a step about a root goes to a party, by our rules for such a root."""
    desk = act.desk
    agreement = agreements.in_force(desk.board, to, act.now)
    if agreement is None:
        return Follow.NOTHING
    rules = tuple(
        one for one in agreement.rules
        if one.sender == desk.me and root.kind in one.kinds and matches(one, root.body)
    )  # fmt: skip
    return step_goes(rules, kind=root.kind, label=root.label, agreement=agreement, to=to)
