"""Before a release: what somebody wishes, by which rule it goes, what the partner would see."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from tansiq.board import circles, own_editions, partners, pointers, queries, releases
from tansiq.board import past as told
from tansiq.board.board import key_of
from tansiq.board.views import view_of
from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.release import agreements, inward
from tansiq.desk.release.history import before, past_of
from tansiq.domain.errors import Decision, Granted, InputError, Refused, RefusedError
from tansiq.domain.fields import records_in
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.kinds.files.attachment import ATTACHMENT
from tansiq.domain.kinds.newest import own_newest
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.places import Grain
from tansiq.domain.records import Body, Edition, RecordView, ReleaseId
from tansiq.log.canonical import JSON, decode_object, encode
from tansiq.policy import mandate
from tansiq.policy.agreement import Agreement, Files, Rule
from tansiq.policy.comparing import hidden_fields, reduced_fields
from tansiq.policy.files import File, Record, along
from tansiq.policy.following import Past
from tansiq.policy.release import (
    Proposal,
    due_at,
    matching_rules,
    may_release,
    open_for,
    redact,
    reread,
    rule_of,
    seat_asked,
    wire_edition,
)
from tansiq.policy.seal import Released


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks to release: a record to a party by a rule, hiding more if wished.

    ``loosen``: as this rule alone says, whatever stricter one an earlier edition went by.
    """

    record: str
    to: PartyCode
    rule: str
    hide: frozenset[str] = frozenset()
    grain: Grain = Grain.EXACT
    loosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that decides on one release, asked for once: the edition, the agreement, the rule as it
    binds, what the partner holds, the files, whether it may leave, when, and after how many have
    approved it.
    """

    kind: Kind
    agreement: Agreement | None
    proposal: Proposal
    rule: Rule | None
    files: tuple[File, ...]
    decision: Decision

    @property
    def going(self) -> tuple[File, ...]:
        """The files that leave with it."""
        return tuple(file for file in self.files if file.fresh)

    @property
    def approvers(self) -> int:
        """How many have to approve: what rule and files want."""
        wanted = [rule.approvers for rule in self._rules()]
        if self.going and self.rule and self.rule.files is Files.WITH_APPROVAL:
            wanted.append(1)
        return max(wanted, default=0)

    @property
    def due(self) -> int:
        """From when it may leave: as late as record and files wait."""
        found = [
            due_at(file.proposal, kind_named(file.proposal.edition.kind), file.rule)
            for file in self.going
            if file.rule
        ]
        return max([due_at(self.proposal, self.kind, self.rule) if self.rule else 0, *found])

    def _rules(self) -> list[Rule]:
        return [rule for rule in (self.rule, *(file.rule for file in self.going)) if rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Exactly what the partner will see, what stays back, and whether it may leave. ``hidden`` are
    the fields that stay whole, ``reduced`` those of which less leaves than is known here. ``rule``
    is the rule as it binds; ``stricter`` says that an earlier edition went by a stricter one.
    ``files`` are those that the record names, ``attachments`` the names of those that would go with
    it, ``seat`` the position that a case in lanes asks. ``digest`` marks all of it: a release is
    prepared of nothing else (:func:`digest_of`).
    """

    shown: Released[RecordView]
    hidden: tuple[str, ...]
    reduced: tuple[str, ...]
    rule: Rule
    stricter: bool
    decision: Decision
    due: int
    approvers: int
    files: tuple[Released[RecordView], ...]
    attachments: tuple[str, ...]
    seat: str
    digest: str


def own_edition(act_or_desk: Desk, record: str) -> Edition:
    """The newest edition of an own record, whole, for deciding on a release. Raises InputError."""
    data = own_editions.newest(act_or_desk.board, key_of(act_or_desk.me, record))
    if data is None:
        raise InputError("record_absent")
    return own_newest(decode_object(data), act_or_desk.me)


def stands_alone(kind: str) -> Decision:
    """Whether a person may release records of a kind by themselves: files go with a record."""
    return Refused("file_alone") if kind == ATTACHMENT.name else Granted("own")


def prepared(desk: Desk, release: str) -> dict[str, JSON]:
    """What was frozen when the release was prepared. Raises InputError."""
    data = releases.prepared(desk.board, release)
    if data is None:
        raise InputError("release_absent")
    return decode_object(data)


def demand_seen(desk: Desk, actor: Actor, record: str) -> None:
    """Go on only with an own record that the actor may see. Raises InputError."""
    sealed = queries.found(desk.board, desk.me, record)
    if sealed is None or open_for(desk.viewer(actor), sealed, desk.clock.now()) is None:
        raise InputError("record_absent")


def rules_for(desk: Desk, actor: Actor, record: str, to: PartyCode) -> tuple[Rule, ...]:
    """The rules by which the record could go to ``to``, most cautious first."""
    demand_seen(desk, actor, record)
    edition, now = own_edition(desk, record), desk.clock.now()
    agreement, past = agreements.governs(desk.board, to, now), past_of(desk, record, to)
    return matching_rules(agreement, kind_named(edition.kind), edition, now, holds=past.holds)


def sees(desk: Desk, actor: Actor | None, owner: PartyCode, record: str) -> bool:
    """Whether the actor may see a record; a rule that releases by itself (None) has no eyes."""
    if actor is None:
        return True
    sealed = queries.found(desk.board, owner, record)
    return sealed is not None and open_for(desk.viewer(actor), sealed, desk.clock.now()) is not None


def known_to(desk: Desk, to: PartyCode, edition: Edition, actor: Actor | None) -> frozenset[str]:
    """Of the records that an edition points at, those that the partner owns or holds, and those of
    third parties of which a round that has come here says that it holds them.

    What the actor may not see counts as unknown, so that no preview tells where it went.
    """
    ids: set[str] = set()
    for field in kind_named(edition.kind).links:
        ids.update(records_in(field, edition.body.get(field.name)))
    theirs = {item for item in ids if pointers.owners_of(desk.board, item, [to])}
    known = {item for item in theirs if sees(desk, actor, to, item)}
    ours = [item for item in ids - theirs if sees(desk, actor, desk.me, item)]
    held = told.standing_among(desk.board, to, ours, desk.clock.now())
    return frozenset(known | held | _named(desk, to, ids - theirs, actor))


def _named(desk: Desk, to: PartyCode, ids: Iterable[str], actor: Actor | None) -> set[str]:
    """Of these records, those of third parties' circles whose rounds name the partner."""
    thirds = [one for one in partners.codes(desk.board) if one != to]
    roots = {
        key_of(owner, item): (owner, item)
        for item in ids
        for owner in pointers.owners_of(desk.board, item, thirds)
    }
    seen = [key for key, named in roots.items() if sees(desk, actor, *named)]
    return circles.naming(desk.board, seen, to)


def context(
    desk: Desk, edition: Edition, wish: Wish, actor: Actor | None, *, past: Past | None = None
) -> Context:
    """What decides on a release. No ``actor``: it would go by itself, so that what persons kept
    back of earlier editions stays back, and so do files that do not go by themselves.
    """
    now, kind = desk.clock.now(), kind_named(edition.kind)
    past = past_of(desk, edition.record, wish.to) if past is None else past
    agreement = agreements.governs(desk.board, wish.to, now)
    known = known_to(desk, wish.to, edition, actor)
    kept = (past.hide, past.grain) if actor is None else (frozenset[str](), Grain.EXACT)
    plain = Proposal(
        edition=edition, to=wish.to, rule=wish.rule, hide=wish.hide | kept[0],
        grain=max(wish.grain, kept[1], key=lambda grain: grain.rank), known=known, past=past,
        loosen=wish.loosen, before=before(desk, edition),
    )  # fmt: skip
    rule = rule_of(plain, agreement)
    files = _files(desk, plain, rule, agreement, actor) if rule else ()
    along = frozenset(str(file.proposal.edition.record) for file in files)
    proposal = replace(plain, known=known | along)
    decision = may_release(proposal, kind, agreement, now)
    decision = inward.clears(desk, edition) if decision else decision
    refused = next((file.decision for file in files if file.fresh and not file.decision), None)
    return Context(
        kind=kind, agreement=agreement, proposal=proposal, rule=rule, files=files,
        decision=refused if decision and refused is not None else decision,
    )  # fmt: skip


def proposed_anew(desk: Desk, item: Mapping[str, JSON], edition: Edition, past: Past) -> Proposal:
    """What was frozen in ``item`` as it would be proposed now: of the records to which it points
    those that the partner still has or gets with it.
    """
    wire = cast("dict[str, JSON]", item["wire"])
    body, to = cast("dict[str, object]", wire["body"]), PartyCode(str(item["to"]))
    named: set[str] = set()
    for field in kind_named(edition.kind).links:
        named.update(records_in(field, body.get(field.name)))
    along = {str(prepared(desk, str(one))["record"]) for one in cast("list[JSON]", item["with"])}
    return Proposal(
        edition=edition, to=to, rule=str(item["rule"]), past=past,
        hide=frozenset(map(str, cast("list[JSON]", item["hide"]))), grain=Grain(str(item["grain"])),
        known=frozenset(named & (known_to(desk, to, edition, None) | along)),
        loosen=bool(item.get("loosened")), before=before(desk, edition),
    )  # fmt: skip


def _files(
    desk: Desk, proposal: Proposal, rule: Rule, agreement: Agreement | None, actor: Actor | None
) -> tuple[File, ...]:
    """The files of a record that its redacted body names and that the releaser may see. Where no
    person releases, those that the partner has not got go only where they could go alone.
    """
    edition, kind = proposal.edition, kind_named(proposal.edition.kind)
    named = frozenset(kind.files_in(edition.body))
    body = redact(replace(proposal, known=proposal.known | named), kind, rule)
    found = [
        _file(desk, proposal, rule, agreement, item)
        for item in kind.files_in(body)
        if sees(desk, actor, desk.me, item)
    ]
    if actor is not None:
        return tuple(found)
    alone = rule.files is Files.ALONG
    return tuple(file for file in found if not file.fresh or (alone and file.alone))


def _file(
    desk: Desk, record: Proposal, rule: Rule, agreement: Agreement | None, identity: str
) -> File:
    """One file as it would go with a record."""
    file = own_edition(desk, identity)
    return along(
        file, kind_named(file.kind), Record(label=record.edition.label, rule=rule, to=record.to),
        past_of(desk, identity, record.to), agreement=agreement,
        fresh=identity not in record.known, now=desk.clock.now(),
    )  # fmt: skip


def preview(desk: Desk, actor: Actor, wish: Wish) -> Preview:
    """What the partner will see, exactly as its own node will read it. Raises InputError,
    RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.PREPARE_RELEASE))
    demand_seen(desk, actor, wish.record)
    edition = own_edition(desk, wish.record)
    demand(stands_alone(edition.kind))
    found = context(desk, edition, wish, actor)
    rule, proposal, kind = found.rule, found.proposal, found.kind
    if rule is None:
        raise RefusedError(Refused("no_rule" if found.agreement else "no_agreement"))
    plain = found.agreement.rule(rule.name) if found.agreement else None
    bound = rule_of(replace(proposal, loosen=False), found.agreement)
    own, sent = edition.body, redact(proposal, kind, rule)
    return Preview(
        shown=as_seen(desk, proposal, kind, rule), hidden=hidden_fields(kind, own, sent),
        reduced=reduced_fields(kind, own, sent), rule=rule, stricter=bound != plain,
        decision=found.decision, due=found.due, approvers=found.approvers,
        files=tuple(
            as_seen(desk, file.proposal, kind_named(file.proposal.edition.kind), file.rule)
            for file in found.files
            if file.rule is not None
        ),
        attachments=tuple(str(file.proposal.edition.body["text"]) for file in found.going),
        seat=_asked(kind, own, wish.to), digest=digest_of(desk, found),
    )  # fmt: skip


def _asked(kind: Kind, own: Body, to: PartyCode) -> str:
    """The position that a case in lanes asks of a party; "" for other kinds."""
    seat = seat_asked(kind, own, to) if kind.in_lanes else None
    return seat.position if seat is not None else ""


def digest_of(desk: Desk, found: Context) -> str:
    """The digest of all that decides on a release and of each byte that would leave: the edition,
    the rules as they bind, when it goes and after how many approvals, and each wire edition, where
    what is drawn or counted as it leaves is left out.
    """
    proposals = [(found.proposal, found.rule)]
    proposals += [(file.proposal, file.rule) for file in found.files]
    shown = [
        {"rule": rule.to_json(), "of": _alone(proposal.edition),
         "wire": _bare(desk, proposal, rule)}
        for proposal, rule in proposals
        if rule is not None
    ]  # fmt: skip
    # As coarse as it leaves: a form sends the choice that stands there, which is the rule's own.
    grains = [found.proposal.grain, *([found.rule.grain] if found.rule else [])]
    grain = max(grains, key=lambda grain: grain.rank)
    said = {
        "agreement": found.agreement.to_json() if found.agreement else {}, "shown": shown,
        "due": found.due, "approvers": found.approvers, "loosen": found.proposal.loosen,
        "hide": sorted(found.proposal.hide), "grain": grain.value,
        "seat": _asked(found.kind, found.proposal.edition.body, found.proposal.to),
        "along": [str(file.proposal.edition.record) for file in found.going],
    }  # fmt: skip
    return hashlib.sha256(encode(cast("JSON", said))).hexdigest()


def _alone(edition: Edition) -> dict[str, object]:
    """An edition without what counts those before: somebody may see this one alone."""
    return {k: value for k, value in edition.to_json().items() if k not in ("n", "previous")}


def _bare(desk: Desk, proposal: Proposal, rule: Rule) -> dict[str, object]:
    release, kind = ReleaseId(proposal.edition.record), kind_named(proposal.edition.kind)
    wire = wire_edition(
        proposal, kind, rule, release=release, ordinal=0, now=desk.clock.now()
    ).value.to_json()
    return {name: value for name, value in wire.items() if name not in ("release", "k", "at")}


def as_seen(desk: Desk, proposal: Proposal, kind: Kind, rule: Rule) -> Released[RecordView]:
    """What the partner would read of a proposal."""
    release = ReleaseId(proposal.edition.record)
    now = desk.clock.now()
    wire = wire_edition(proposal, kind, rule, release=release, ordinal=1, now=now)
    return reread(wire, as_partner(wire.value.to_json(), desk.me))


def as_partner(wire: dict[str, object], owner: PartyCode) -> RecordView:
    """The view that the partner's node will make of these bytes."""
    view = view_of(owner, str(wire["release"]), encode(cast("JSON", wire)), 1)
    assert view is not None
    return view
