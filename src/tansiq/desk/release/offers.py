"""Before a release: to whom a record could go and why not, and what exactly the partner would read.

What an approver sees is read back from what was frozen, never made anew.
"""

import json
from dataclasses import dataclass
from typing import cast

from tansiq.board import partners, queries, releases
from tansiq.board.board import key_of
from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.release import agreements, inward, releasing
from tansiq.desk.release.history import past_of
from tansiq.domain.errors import Decision, Granted, InputError, Refused
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Actor, Classification, PartyCode, partner_viewer
from tansiq.domain.records import Edition, RecordView
from tansiq.log.canonical import JSON
from tansiq.policy import mandate
from tansiq.policy.agreement import Agreement, Rule
from tansiq.policy.comparing import hidden_fields, reduced_fields
from tansiq.policy.release import (
    Proposal,
    matching_rules,
    may_release,
    open_for,
)
from tansiq.policy.seal import Released, seal

View = Released[RecordView]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A party, the rules by which a record could go there (most cautious first), and whether it
    may.

    ``rule`` is the first of them that lets it go.
    """

    party: PartyCode
    rules: tuple[Rule, ...]
    rule: str
    decision: Decision


def offers(desk: Desk, actor: Actor, record: str) -> list[Offer]:
    """Every partner, and whether and how this own record could go to it. Raises InputError."""
    demand(mandate.may_do(actor.role, mandate.Act.PREPARE_RELEASE))
    _demand_seen(desk, actor, record)
    edition = releasing.own_edition(desk, record)
    return [_offer(desk, edition, party) for party in partners.codes(desk.board)]


def is_first(desk: Desk, actor: Actor, party: PartyCode) -> bool:
    """Whether this person has never released anything to ``party`` that left."""
    known = (json.loads(text) for text in releases.preparers(desk.board, party))
    return all(by.get("person") != actor.person for by in known)


def _demand_seen(desk: Desk, actor: Actor, record: str) -> View:
    sealed = queries.found(desk.board, desk.me, record)
    opened = open_for(desk.viewer(actor), sealed, desk.clock.now()) if sealed else None
    if opened is None:
        raise InputError("record_absent")
    return opened


def _offer(desk: Desk, edition: Edition, party: PartyCode) -> Offer:
    now, kind = desk.clock.now(), kind_named(edition.kind)
    agreement, past = (
        agreements.governs(desk.board, party, now),
        past_of(desk, edition.record, party),
    )
    rules = matching_rules(agreement, kind, edition, now, holds=past.holds)
    refused = _refused_before_rules(agreement, edition, party, now)
    if refused is None and isinstance(held := inward.clears(desk, edition), Refused):
        refused = held
    if refused is not None or not rules:
        decision = refused if refused is not None else Refused("no_rule")
        return Offer(party=party, rules=(), rule="", decision=decision)
    decisions = {
        rule.name: may_release(
            Proposal(edition=edition, to=party, rule=rule.name, past=past), kind, agreement, now
        )
        for rule in rules
    }
    best = next((name for name, decision in decisions.items() if decision), rules[0].name)
    return Offer(party=party, rules=rules, rule=best, decision=decisions[best])


def _refused_before_rules(
    agreement: Agreement | None, edition: Edition, party: PartyCode, now: int
) -> Refused | None:
    if kind_named(edition.kind).stays_home(edition.body):
        return Refused("stays_home")
    if agreement is None:
        return Refused("no_agreement")
    if not agreement.in_force(now):
        return Refused("agreement_not_in_force")
    if not releasing.stands_alone(edition.kind):
        return Refused("file_alone")
    return None if party in edition.label.readers() else Refused("not_in_audience")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A release as it was frozen, for the second person. ``decision`` is whether this actor may
    approve it now; not where something of it stays ``unseen``, by the names of its fields.
    """

    release: str
    record: View
    shown: View
    attachments: tuple[View, ...]
    to: PartyCode
    rule: str
    hidden: tuple[str, ...] | None  # None: the record has changed since, nothing can be said
    reduced: tuple[str, ...]
    seat: str  # that a case in lanes asks
    position: str
    person: str
    at: int
    due: int
    waiting: bool
    unseen: frozenset[str]
    decision: Decision


def prepared(desk: Desk, actor: Actor, release: str) -> Prepared:
    """What was frozen, as the partner will read it. Raises InputError: absent and withheld are one
    answer.
    """
    demand(mandate.may_do(actor.role, mandate.Act.READ))
    item = releasing.prepared(desk, release)
    try:
        record = _demand_seen(desk, actor, str(item["record"]))
    except InputError:
        raise InputError("release_absent") from None
    wire = cast("dict[str, JSON]", item["wire"])
    sent = cast("dict[str, object]", wire["body"])
    by = cast("dict[str, str]", item["by"])
    kind, own = kind_named(record.value.kind), record.value.body
    same = record.value.ordinal == item["n"]
    along = _along(desk, item)
    seen = [one for one in along if releasing.sees(desk, actor, desk.me, str(one["record"]))]
    unseen = len(seen) < len(along)  # nobody approves what that person may not see
    return Prepared(
        release=release,
        record=record,
        shown=_frozen(desk, item),
        attachments=tuple(_frozen(desk, one) for one in seen),
        to=PartyCode(str(item["to"])),
        rule=str(item["rule"]),
        hidden=hidden_fields(kind, own, sent) if same else None,
        reduced=reduced_fields(kind, own, sent) if same else (),
        seat=str(wire.get("seat", "")).rpartition("/")[2],
        position=by.get("position", ""),
        person=by.get("person", ""),
        at=cast("int", item["at"]),
        due=cast("int", item["due"]),
        waiting=releasing.waits(desk, release),
        unseen=frozenset({"attachments"} if unseen else ()),
        decision=Refused("above_clearance") if unseen else _may_approve(desk, actor, item, record),
    )


def _may_approve(desk: Desk, actor: Actor, item: dict[str, JSON], record: View) -> Decision:
    by = cast("dict[str, JSON]", item["by"])
    if "party" not in by:  # released by a rule: nobody is asked
        return Granted("by_rule", {"rule": str(item["rule"])})
    decision = mandate.may_approve(releasing.decided_by(desk, item), actor)
    if decision and record.value.ordinal != item["n"]:
        return Refused("newer_edition")
    return decision


def _along(desk: Desk, item: dict[str, JSON]) -> list[dict[str, JSON]]:
    """What was frozen of each attachment: with this release, or with an earlier one."""
    with_it = [releasing.prepared(desk, str(i)) for i in cast("list[JSON]", item["with"])]
    by_record = {str(one["record"]): one for one in with_it}
    found = []
    wire = cast("dict[str, JSON]", item["wire"])
    sent = cast("dict[str, object]", wire["body"])
    for identity in kind_named(str(wire["kind"])).files_in(sent):
        one = by_record.get(identity) or _earlier(desk, identity, str(item["to"]))
        if one is not None:
            found.append(one)
    return found


def _earlier(desk: Desk, record: str, to: str) -> dict[str, JSON] | None:
    release = releases.newest_sent(desk.board, key_of(desk.me, record), to)
    return releasing.prepared(desk, release) if release else None


def _frozen(desk: Desk, item: dict[str, JSON]) -> View:
    """What was frozen, opened as the partner's node will open it."""
    view = releasing.as_partner(cast("dict[str, object]", item["wire"]), desk.me)
    to = PartyCode(str(item["to"]))
    partner = partner_viewer(to, Classification.SECRET, view.label.categories)
    sealed = seal(view, owner=desk.me, label=view.label)
    opened = open_for(partner, sealed, cast("int", item["at"]))
    if opened is None:
        raise InputError("release_absent")
    return opened
