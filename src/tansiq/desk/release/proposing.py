"""Before a release: what somebody wishes, by which rule it goes, what the partner would see."""

from dataclasses import dataclass
from typing import cast

from tansiq.board import queries
from tansiq.board.board import key_of
from tansiq.board.views import view_of
from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.release import agreements
from tansiq.domain.errors import Decision, InputError, Refused, RefusedError
from tansiq.domain.fields import records_in
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.places import Grain
from tansiq.domain.records import Edition, RecordView, ReleaseId, edition_from_json
from tansiq.log.canonical import JSON, decode_object, encode
from tansiq.policy import mandate
from tansiq.policy.agreement import Rule
from tansiq.policy.release import (
    Proposal,
    due_at,
    hidden_fields,
    matching_rules,
    may_release,
    open_for,
    reread,
    wire_edition,
)
from tansiq.policy.seal import Released


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks to release: a record to a party by a rule, hiding more if wished."""

    record: str
    to: PartyCode
    rule: str
    hide: frozenset[str] = frozenset()
    grain: Grain = Grain.EXACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Exactly what the partner will see, what stays back, and whether it may leave."""

    shown: Released[RecordView]
    hidden: tuple[str, ...]
    rule: Rule
    decision: Decision
    due: int
    attachments: tuple[str, ...]


def own_edition(act_or_desk: Desk, record: str) -> Edition:
    """The newest edition of an own record, whole, for deciding on a release. Raises InputError."""
    rows = act_or_desk.board.db.rows(
        """SELECT n.data FROM record r JOIN entry n ON n.log = r.log AND n.seq = r.seq
           WHERE r.record = ? AND r.received IS NULL""",
        (key_of(act_or_desk.me, record),),
    )
    if not rows:
        raise InputError("record_absent")
    return edition_from_json(decode_object(cast("bytes", rows[0][0])), act_or_desk.me)


def demand_seen(desk: Desk, actor: Actor, record: str) -> None:
    """Go on only with an own record that the actor may see. Raises InputError."""
    sealed = queries.found(desk.board, desk.me, record)
    if sealed is None or open_for(desk.viewer(actor), sealed, desk.clock.now()) is None:
        raise InputError("record_absent")


def rules_for(desk: Desk, actor: Actor, record: str, to: PartyCode) -> tuple[Rule, ...]:
    """The rules by which the record could go to ``to``, most cautious first."""
    demand_seen(desk, actor, record)
    edition, now = own_edition(desk, record), desk.clock.now()
    agreement = agreements.in_force(desk.board, to, now)
    return matching_rules(agreement, kind_named(edition.kind), edition, now)


def attachments_along(
    desk: Desk, to: PartyCode, edition: Edition, known: frozenset[str], actor: Actor | None
) -> list[Edition]:
    """The attachments of an edition that must go along: not yet with the partner, and for the
    releaser to see. Where no person releases, only those that a rule lets go.
    """
    ids = edition.body.get("attachments")
    wanted = [str(item) for item in ids] if isinstance(ids, list) else []
    missing = [item for item in wanted if item not in known]
    seen = [own_edition(desk, item) for item in missing if sees(desk, actor, desk.me, item)]
    return seen if actor is not None else [item for item in seen if _may_go(desk, to, item)]


def _may_go(desk: Desk, to: PartyCode, edition: Edition) -> bool:
    """Whether the most cautious rule for an attachment lets it go to ``to``."""
    kind, now = kind_named(edition.kind), desk.clock.now()
    agreement = agreements.in_force(desk.board, to, now)
    rules = matching_rules(agreement, kind, edition, now)
    if not rules:
        return False
    proposal = Proposal(edition=edition, to=to, rule=rules[0].name)
    return bool(may_release(proposal, kind, agreement, now))


def sees(desk: Desk, actor: Actor | None, owner: PartyCode, record: str) -> bool:
    """Whether the actor may see a record; a rule that releases by itself (None) has no eyes."""
    if actor is None:
        return True
    sealed = queries.found(desk.board, owner, record)
    return sealed is not None and open_for(desk.viewer(actor), sealed, desk.clock.now()) is not None


def known_to(desk: Desk, to: PartyCode, edition: Edition, actor: Actor | None) -> frozenset[str]:
    """Of the records that an edition points at, those that the partner owns or was released.

    What the actor may not see counts as unknown, so that no preview tells where it went.
    """
    ids: set[str] = set()
    for field in kind_named(edition.kind).links:
        ids.update(records_in(field, edition.body.get(field.name)))
    theirs = {item for item in ids if queries.owners_of(desk.board, item, [to])}
    known = {item for item in theirs if sees(desk, actor, to, item)}
    for item in ids - theirs:
        if sees(desk, actor, desk.me, item) and desk.board.db.rows(
            """SELECT 1 FROM release WHERE record = ? AND party = ? AND feed_seq IS NOT NULL
                 AND recalled_at = 0 LIMIT 1""",
            (key_of(desk.me, item), to),
        ):
            known.add(item)
    return frozenset(known)


def proposal_of(desk: Desk, edition: Edition, wish: Wish, actor: Actor | None) -> Proposal:
    """The wish as policy decides on it, with what the partner knows."""
    known = known_to(desk, wish.to, edition, actor)
    along = frozenset(
        str(item.record) for item in attachments_along(desk, wish.to, edition, known, actor)
    )
    return Proposal(
        edition=edition, to=wish.to, rule=wish.rule, hide=wish.hide, grain=wish.grain,
        known=known | along,
    )  # fmt: skip


def preview(desk: Desk, actor: Actor, wish: Wish) -> Preview:
    """What the partner will see, exactly as its own node will read it. Raises InputError,
    RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.PREPARE_RELEASE))
    demand_seen(desk, actor, wish.record)
    edition, now = own_edition(desk, wish.record), desk.clock.now()
    agreement = agreements.in_force(desk.board, wish.to, now)
    kind = kind_named(edition.kind)
    proposal = proposal_of(desk, edition, wish, actor)
    rule = agreement.rule(wish.rule) if agreement else None
    if rule is None:
        raise RefusedError(Refused("no_rule" if agreement else "no_agreement"))
    decision = may_release(proposal, kind, agreement, now)
    wire = wire_edition(proposal, kind, rule, release=ReleaseId(edition.record), ordinal=1, now=now)
    shown = reread(wire, as_partner(wire.value.to_json(), desk.me))
    known = known_to(desk, wish.to, edition, actor)
    return Preview(
        shown=shown,
        hidden=hidden_fields(proposal, kind, rule),
        rule=rule,
        decision=decision,
        due=due_at(proposal, kind, rule),
        attachments=tuple(
            str(item.body["text"])
            for item in attachments_along(desk, wish.to, edition, known, actor)
        ),
    )


def as_partner(wire: dict[str, object], owner: PartyCode) -> RecordView:
    """The view that the partner's node will make of these bytes."""
    view = view_of(owner, str(wire["release"]), encode(cast("JSON", wire)), 1)
    assert view is not None
    return view
