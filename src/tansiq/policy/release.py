"""The one door: who may see what, what a release contains, and the opening of sealed values.

Empty, unknown or contradictory means the owner alone. The same rule answers "check" (one record)
and "list" (the labels that a viewer may read), so that they cannot disagree, and every answer
carries its reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from tansiq.domain.areas import checked_area, coarsen_area
from tansiq.domain.cases import WATCH_SEAT, Seat, seat_code
from tansiq.domain.errors import Decision, Granted, Refused, RefusedError
from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds import Kind
from tansiq.domain.labels import CATEGORIES, CAVEATS, CONFINED, POLICY, Label, audience_of
from tansiq.domain.parties import Classification, PartyCode, Role, Viewer, partner_viewer
from tansiq.domain.places import Grain, coarsen, is_empty, place_from_json
from tansiq.domain.records import Body, Edition, ReleaseId, WireEdition
from tansiq.policy import mandate, seal
from tansiq.policy.agreement import DAY_MS, Agreement, Files, Follow, Rule, stricter
from tansiq.policy.following import NEVER, Past
from tansiq.policy.seal import Released, Sealed

S = TypeVar("S")
T = TypeVar("T")


def may_read(viewer: Viewer, owner: PartyCode, label: Label) -> Decision:
    """Whether the label lets ``viewer`` have a record of ``owner``, leaving time aside.

    Policy and audience leave the owner alone with what is unknown or contradictory; class,
    categories and caveats bind the owner's own positions too, so that one which nobody here
    understands keeps the record closed.
    """
    if viewer.role is Role.ADMINISTRATOR:
        return Refused("no_content")
    if viewer.party != owner:
        if label.policy != POLICY:
            return Refused("policy_unknown")
        if viewer.party not in label.readers():
            return Refused("not_in_audience")
    if label.classification.rank > viewer.clearance.rank:
        return Refused("above_clearance")
    own = viewer.party == owner
    if not all(own and viewer.role is CONFINED[one] for one in label.categories & CONFINED.keys()):
        return Refused("category_not_held")
    categories = label.categories - CONFINED.keys()
    if not (categories <= CATEGORIES and label.caveats <= CAVEATS):
        return Refused("category_unknown")
    if not categories <= viewer.categories:
        return Refused("category_not_held")
    return Granted("own" if own else "in_audience")


def may_see(viewer: Viewer, owner: PartyCode, label: Label, now: int) -> Decision:
    """Whether ``viewer`` may have it at ``now``. Embargo and expiry bind everybody
    but the owner.
    """
    decision = may_read(viewer, owner, label)
    if not decision or viewer.party == owner:
        return decision
    if now < label.embargo:
        return Refused("embargoed")
    if label.expires and now >= label.expires:
        return Refused("expired")
    return decision


def covers(one: Label, other: Label) -> bool:
    """Whether everybody of our party who may read what is labelled ``one`` may read what our own
    party has labelled ``other``.
    """
    return (
        other.classification.rank <= one.classification.rank
        and other.categories <= one.categories
        and other.caveats <= CAVEATS
    )


def open_for(viewer: Viewer, sealed: Sealed[T], now: int) -> Released[T] | None:
    """Open one sealed value, or nothing: absent and withheld look the same."""
    if not any(may_see(viewer, sealed._owner, label, now) for label in sealed._labels):
        return None
    return Released(sealed._value, viewer=viewer, key=seal._KEY)


def open_all(viewer: Viewer, values: Iterable[Sealed[T]], now: int) -> list[Released[T]]:
    """Open those that the viewer may see, in order; the others leave no gap."""
    opened = (open_for(viewer, value, now) for value in values)
    return [value for value in opened if value is not None]


def matches(rule: Rule, body: Body) -> bool:
    """Whether a body has in each facet that a rule names one of its values."""
    return all(facet_values(body, name) & values for name, values in rule.facets)


def facet_values(body: Body, name: str) -> frozenset[str]:
    """What a body says in one facet: a choice or a party as its code, a place as its town's key, a
    list as all that it holds. Nothing else has values that a rule could name.
    """
    value = body.get(name)
    if isinstance(value, dict):
        value = value.get("key")
    held = value if isinstance(value, list) else [value]
    return frozenset(item for item in held if isinstance(item, str) and item)


def matching_rules(
    agreement: Agreement | None, kind: Kind, edition: Edition, now: int, *, holds: bool = False
) -> tuple[Rule, ...]:
    """The rules by which ``edition`` could be released to the agreement's other party, most
    cautious first. ``holds`` says that the party holds the record.

    A rule that names more facets goes before one that names fewer; for what stays with its party
    there is none, whatever an agreement says.
    """
    if agreement is None or kind.stays_home(edition.body) or not agreement.in_force(now):
        return ()
    found = [
        rule
        for rule in agreement.rules
        if rule.sender == edition.owner
        and kind.name in rule.kinds
        and matches(rule, edition.body)
        and (
            not rule.stages
            or edition.state in rule.stages
            or (holds and rule.follow is Follow.WHOLE)
        )
    ]
    return tuple(sorted(found, key=_caution))


def _caution(rule: Rule) -> tuple[int, int, int, str]:
    return -len(rule.facets), -rule.grain.rank, -rule.approvers, rule.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody wants to release: this edition to this party by this rule, hiding more if
    wished.

    ``known`` are the records that the partner has or owns: links to anything else do not leave.
    ``past`` is what the partner was told of the record; ``loosen`` says that a person wants what
    the rule alone allows, whatever stricter one an earlier edition went by. ``before`` are the
    bodies of the record's earlier editions, oldest first, whether they left or not.
    """

    edition: Edition
    to: PartyCode
    rule: str
    hide: frozenset[str] = frozenset()
    grain: Grain = Grain.EXACT
    known: frozenset[str] = frozenset()
    past: Past = NEVER
    loosen: bool = False
    before: tuple[Body, ...] = ()


def rule_of(proposal: Proposal, agreement: Agreement | None) -> Rule | None:
    """The rule of a proposal as it binds: joined with those by which earlier editions went, or, to
    loosen those, with one approver at least and never without a person.
    """
    rule = agreement.rule(proposal.rule) if agreement is not None else None
    if rule is None:
        return None
    bound = stricter(rule, proposal.past.rules)
    if not proposal.loosen or bound == rule:
        return bound
    return replace(rule, automatic=False, approvers=max(bound.approvers, 1))


def may_release(proposal: Proposal, kind: Kind, agreement: Agreement | None, now: int) -> Decision:
    """Whether the proposal may leave at all (those who approve, where the rule asks for some, come
    after).
    """
    edition, to = proposal.edition, proposal.to
    if agreement is None or set(agreement.parties) != {edition.owner, to}:
        return Refused("no_agreement")
    if not agreement.in_force(now):
        return Refused("agreement_not_in_force")
    rules = matching_rules(agreement, kind, edition, now, holds=proposal.past.holds)
    rule = rule_of(proposal, agreement)
    if rule is None or rule.name not in {known.name for known in rules}:
        return Refused("stays_home" if kind.stays_home(edition.body) else "no_rule")
    seen = may_read(_reader(agreement, rule, to), edition.owner, edition.label)
    if not seen:
        return seen
    if edition.label.expires and now >= edition.label.expires:
        return Refused("expired")
    if not _takes_part(kind, edition.body, to, rule):
        return Refused("not_asked")
    return Granted("by_rule", {"rule": rule.name})


def _takes_part(kind: Kind, body: Body, to: PartyCode, rule: Rule) -> bool:
    """Whether a party has a part in a case: who is asked, a member of a circle, and by a rule that
    follows the stage who hears the words that the kind has for that.
    """
    if kind.case is None:
        return True
    if rule.follow is Follow.STAGE:
        return bool(kind.case.coarse)
    return not kind.in_lanes or seat_asked(kind, body, to) is not None


def _reader(agreement: Agreement, rule: Rule, to: PartyCode) -> Viewer:
    """Somebody of the partner, cleared as the agreement and the rule say."""
    level = min(agreement.clearance[to], rule.class_max, key=lambda one: one.rank)
    return partner_viewer(to, level, agreement.held[to])


def seat_asked(kind: Kind, body: Body, to: PartyCode) -> Seat | None:
    """The seat of ``to`` that a case in lanes asks; None for one that it does not ask."""
    if kind.case is not None and kind.case.asks_all:
        return Seat(to, WATCH_SEAT)
    for field in kind.fields:
        value = body.get(field.name)
        if field.type is Type.SEATS and isinstance(value, list):
            seats = [seat_code(item) for item in value]
            return next((seat for seat in seats if seat.party == to), None)
    return None


def due_at(proposal: Proposal, kind: Kind, rule: Rule) -> int:
    """From when it may leave: after the label's embargo and the rule's delay."""
    observed = kind.when(proposal.edition.body, proposal.edition.at)
    return max(proposal.edition.label.embargo, observed + rule.delay if rule.delay else 0)


def redact(proposal: Proposal, kind: Kind, rule: Rule) -> Body:
    """The body as it may leave: only fields above the tear line, the place coarsened, no link to
    what is unknown.
    """
    edition = proposal.edition
    below = kind.always_below() | edition.tear | rule.hide | proposal.hide
    if rule.files is Files.NONE:
        below |= {field.name for field in kind.fields if field.type is Type.ATTACHMENTS}
    grain = max(rule.grain, proposal.grain, key=lambda g: g.rank)
    body: Body = {}
    for field in kind.fields:
        value = edition.body.get(field.name)
        if value is None or field.name in below:
            continue
        kept = _kept(field, value, grain, proposal)
        if kept not in (None, []):
            body[field.name] = kept
    return body


def _kept(field: Field, value: object, grain: Grain, proposal: Proposal) -> object:
    """What of a checked value leaves; None for nothing.

    A party is named only to itself, or where it is the owner: that somebody takes part is that
    party's own to tell. An area is as coarse as a place. Where coarsening leaves nothing of a
    place, nothing leaves. An unknown stays an item with its state;
    the record that answered it is named only to whom knows that record.
    """
    known = proposal.known
    match field.type:
        case Type.PLACE:
            earlier = [place_from_json(one) for one in _earlier(proposal, field)]
            told = coarsen(place_from_json(value), grain, earlier)
            return None if is_empty(told) else told.to_json()
        case Type.AREA:
            areas = [checked_area(one) for one in _earlier(proposal, field)]
            return coarsen_area(checked_area(value), grain, areas)
        case Type.PARTY:
            return value if value in (proposal.to, proposal.edition.owner) else None
        case Type.RECORD:
            return value if value in known else None
        case Type.RECORDS | Type.ATTACHMENTS:
            assert isinstance(value, list)
            return [item for item in value if item in known]
        case Type.UNKNOWNS:
            assert isinstance(value, list)
            return [{**one, "by": one["by"] if one["by"] in known else ""} for one in value]
        case Type.ROWS:
            assert isinstance(value, list)
            return [row for row in (_row(field, one, grain, proposal) for one in value) if row]
        case Type.POSITIONS | Type.SEATS:
            return None
        case _:
            return value


def _earlier(proposal: Proposal, field: Field) -> list[object]:
    """What the record's earlier editions said in a field."""
    return [body[field.name] for body in proposal.before if field.name in body]


def _row(field: Field, row: Body, grain: Grain, proposal: Proposal) -> Body:
    """What of a row leaves: of its columns above the line, as of a field."""
    kept = {
        column.name: _kept(column, row[column.name], grain, proposal)
        for column in field.columns
        if column.above and column.name in row
    }
    return {name: value for name, value in kept.items() if value is not None}


def partner_label(label: Label, to: PartyCode, rule: Rule, now: int) -> Label:
    """The label as the partner gets it: itself as the only audience, so that recipients stay hidden
    from one another.
    """
    # Whole days, so that the preview and the release a minute later carry the same expiry.
    kept_until = (now // DAY_MS + 1 + rule.days) * DAY_MS if rule.days else 0
    ends = [moment for moment in (label.expires, kept_until) if moment]
    return replace(
        label,
        audience=audience_of(to),
        embargo=0,
        expires=min(ends, default=0),
        onward=min(label.onward, rule.onward, key=lambda onward: onward.rank),
    )


def wire_edition(
    proposal: Proposal, kind: Kind, rule: Rule, *, release: ReleaseId, ordinal: int, now: int
) -> Released[WireEdition]:
    """What the partner gets, exactly. The caller has asked ``may_release`` first; the preview shows
    the same value.
    """
    edition = proposal.edition
    wire = WireEdition(
        release=release,
        record=edition.record,
        owner=edition.owner,
        kind=kind.name,
        version=kind.version,
        ordinal=ordinal,
        state=edition.state,
        label=partner_label(edition.label, proposal.to, rule, now),
        body=redact(proposal, kind, rule),
        position=edition.author.position if "position" not in rule.hide else "",
        purpose=rule.purpose,
        rule=rule.name,
        at=now,
    )
    viewer = partner_viewer(proposal.to, Classification.SECRET)
    return Released(wire, viewer=viewer, key=seal._KEY)


def reread(released: Released[S], view: T) -> Released[T]:
    """A view made of nothing but a released value is released for the same viewer."""
    return Released(view, viewer=released.viewer, key=seal._KEY)


def gather(viewer: Viewer, parts: Iterable[Released[S]], view: T) -> Released[T]:
    """A view made of nothing but values that were released for ``viewer``, such as a table of
    them, is released for that viewer. Raises TypeError for a part that was released for another.
    """
    if any(part.viewer != viewer for part in parts):
        raise TypeError("a view for one viewer holds what was released for another")
    return Released(view, viewer=viewer, key=seal._KEY)


def traced(viewer: Viewer, view: T) -> Released[T]:
    """Traces of acts, which hold no content and are told to the auditor alone. Raises
    RefusedError.
    """
    allowed = mandate.may_do(viewer.role, mandate.Act.AUDIT)
    if isinstance(allowed, Refused):
        raise RefusedError(allowed)
    return Released(view, viewer=viewer, key=seal._KEY)
