"""Releases: prepare, approve, send; and what time does to them.

A release is an act: this edition, this party, these redactions, this purpose, until then, by this
rule and these people. What was prepared is frozen: the approver and the partner see the same bytes
that the preview showed (``desk.release.proposing``).
"""

import json
from dataclasses import replace
from typing import cast

from tansiq.board import own_editions, queries, releases
from tansiq.board.board import key_of
from tansiq.desk.act import timekeeping
from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.release import agreements
from tansiq.desk.release.asking import asked, newly_asked
from tansiq.desk.release.hastening import hasten, is_urgent
from tansiq.desk.release.history import belongs_to_ended, edition_of, past_of
from tansiq.desk.release.proposing import (
    Context,
    Preview,
    Wish,
    as_partner,
    context,
    demand_seen,
    digest_of,
    known_to,
    own_edition,
    prepared,
    preview,
    proposed_anew,
    rules_for,
    sees,
    stands_alone,
)
from tansiq.desk.release.recalling import recall, recall_again, recall_left_out
from tansiq.domain.errors import Decision, InputError, Refused, RefusedError
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.records import (
    RECALL_REASONS,
    Edition,
    ReleaseId,
    actor_from_json,
    wire_from_json,
)
from tansiq.log.canonical import JSON, decode_object
from tansiq.policy import mandate
from tansiq.policy.agreement import Agreement, Rule
from tansiq.policy.comparing import is_no_laxer
from tansiq.policy.files import File
from tansiq.policy.following import FLASH, goes_by_itself, reads_alike
from tansiq.policy.release import (
    Proposal,
    matching_rules,
    may_release,
    rule_of,
    wire_edition,
)

__all__ = [
    "RECALL_REASONS", "Preview", "Wish", "approve", "as_partner", "chunks", "decided_by",
    "decline", "frozen", "held_back_until", "known_to", "own_edition", "prepare",
    "prepare_by_rule", "prepared", "preview", "recall", "recall_again", "release_reply",
    "rules_for", "sees", "stands_alone", "tick", "waits", "withdraw",
]  # fmt: skip


def prepare(desk: Desk, actor: Actor, wish: Wish, *, seen: str) -> ReleaseId:
    """Prepare the release of which ``actor`` has seen the preview with the digest ``seen``; it goes
    at once where no second person is asked for. Raises RefusedError, also where anything that the
    preview showed is another since: that is asked in the transaction that freezes it.
    """
    demand(mandate.may_do(actor.role, mandate.Act.PREPARE_RELEASE))
    demand_seen(desk, actor, wish.record)
    with desk.act() as act:
        edition = own_edition(desk, wish.record)
        demand(stands_alone(edition.kind))
        found = context(desk, edition, wish, actor)
        demand(found.decision)
        if digest_of(desk, found) != seen:
            raise RefusedError(Refused("preview_changed"))
        release = _freeze(act, found, actor=actor, automatic=False)
        act.changed("release", queries.found(desk.board, desk.me, wish.record))
        held_back = "held_back" if releases.is_unsent(desk.board, release) else "released"
        what = "asked" if waits(desk, release) else held_back
        act.tell(what, record=wish.record, party=wish.to, rule=wish.rule, release=release)
        return release


def _freeze(act: Act, found: Context, *, actor: Actor | None, automatic: bool) -> ReleaseId:
    """Say what was decided on in the journal, and send it where nobody has to approve it."""
    demand(found.decision)
    assert found.agreement is not None
    assert found.rule is not None
    along = [_freeze_along(act, file, found.agreement, actor) for file in found.going]
    approvers = 0 if automatic else found.approvers
    back = 0 if automatic or approvers else _back_until(act, found.proposal.edition)
    item = frozen(
        act, found.proposal, found.rule, found.agreement, automatic=automatic,
        approvers=approvers, along=along, due=max(found.due, back), by=actor,
    )  # fmt: skip
    act.say(item)
    release = ReleaseId(str(item["release"]))
    if not approvers:
        _send_when_due(act, release)
    return release


def frozen(
    act: Act, proposal: Proposal, rule: Rule, agreement: Agreement, *, automatic: bool,
    approvers: int, along: list[ReleaseId], due: int, by: Actor | None,
) -> dict[str, object]:  # fmt: skip
    """The journal's entry of a new release, with exactly what the partner will get."""
    edition, release = proposal.edition, ReleaseId(act.desk.entropy.uuid())
    kind = kind_named(edition.kind)
    wire = wire_edition(proposal, kind, rule, release=release, ordinal=0, now=act.now).value
    wire = replace(wire, extra={**wire.extra, **asked(act, kind, edition, proposal.to, rule)})
    return {
        "type": "release", "release": release, "record": edition.record, "n": edition.number,
        "to": proposal.to, "rule": rule.name, "agreement": agreement.id,
        "agreement_version": agreement.version, "automatic": automatic, "approvers": approvers,
        "hide": sorted(proposal.hide), "grain": proposal.grain.value, "wire": wire.to_json(),
        "with": along, "due": due, "expires": wire.label.expires,
        "by": by.to_json() if by else {"rule": rule.name}, "at": act.now,
        **_inherited(proposal, rule, agreement),
    }  # fmt: skip


def _inherited(proposal: Proposal, rule: Rule, agreement: Agreement) -> dict[str, object]:
    """What earlier rules keep back stands in every release after theirs, however many there are,
    until a person loosens it.
    """
    if proposal.loosen:
        return {"loosened": True}
    return {"bound": rule.to_json()} if rule != agreement.rule(rule.name) else {}


def _back_until(act: Act, edition: Edition) -> int:
    """Until when (ms) a release by a person is held back for that person to take it back; 0 = it
    is not: flash goes at once.
    """
    flash = edition.body.get("severity") == FLASH
    return 0 if flash or not act.desk.take_back_ms else act.now + act.desk.take_back_ms


def _freeze_along(act: Act, file: File, agreement: Agreement, actor: Actor | None) -> ReleaseId:
    """Freeze a file that goes with a record; it is sent when that is."""
    assert file.rule is not None
    item = frozen(
        act, file.proposal, file.rule, agreement, automatic=False, approvers=1, along=[], due=0,
        by=actor,
    )  # fmt: skip
    act.say(item)
    return ReleaseId(str(item["release"]))


def waits(desk: Desk, release: str) -> bool:
    """Whether a prepared release waits for somebody to approve it."""
    return releases.waits(desk.board, release)


def _demand_waiting(desk: Desk, release: str) -> None:
    """A prepared release must still wait for those who approve."""
    if not waits(desk, release):
        raise InputError("release_decided")


def decided_by(desk: Desk, item: dict[str, JSON]) -> list[Actor]:
    """Who prepared a release and who has approved it until now: nobody is two of them."""
    given = json.loads(releases.approvals(desk.board, str(item["release"])))
    approved = [one["by"] for one in given]
    return [actor_from_json(by) for by in (item["by"], *approved)]


def _demand_whole(desk: Desk, actor: Actor, item: dict[str, JSON]) -> None:
    """Nobody approves what that person may not see: neither the record nor what goes with it."""
    for along in cast("list[str]", item["with"]):
        if not sees(desk, actor, desk.me, str(prepared(desk, along)["record"])):
            raise RefusedError(Refused("above_clearance"))


def approve(desk: Desk, actor: Actor, release: str) -> None:
    """Another person approves exactly what was prepared; it goes once as many have as the rule
    wants. Raises RefusedError, InputError.
    """
    _decide(desk, actor, release, yes=True)


def decline(desk: Desk, actor: Actor, release: str) -> None:
    """Another person declines; nothing leaves."""
    _decide(desk, actor, release, yes=False)


def withdraw(desk: Desk, actor: Actor, release: str) -> None:
    """Who prepared a release takes it back while it waits for a second person or is held back; one
    that is held back also who approved it. Nothing leaves. Raises RefusedError, InputError.
    """
    with desk.act() as act:
        item = _waiting(desk, actor, release, held_back=True)
        demand(_may_take_back(desk, item, actor))
        act.say({"type": "declined", "release": release, "by": actor.to_json(), "at": act.now})
        act.tell("taken_back", record=str(item["record"]), party=str(item["to"]))
        act.changed("release", queries.found(desk.board, desk.me, str(item["record"])))


def held_back_until(desk: Desk, actor: Actor, release: str) -> int:
    """Until when (ms) this actor can take back a release that is held back; 0 = not at all. Raises
    InputError for one that is none.
    """
    item, due = prepared(desk, release), releases.due_at(desk.board, release)
    held = releases.is_unsent(desk.board, release) and not waits(desk, release)
    return due if held and _may_take_back(desk, item, actor) else 0


def _may_take_back(desk: Desk, item: dict[str, JSON], actor: Actor) -> Decision:
    """Whether this actor may take a prepared release back before it leaves."""
    if "party" not in cast("dict[str, JSON]", item["by"]):
        return Refused("not_preparer")  # a rule released it
    decided = decided_by(desk, item)
    if waits(desk, str(item["release"])):
        return mandate.may_withdraw(decided[0], actor)
    found = [mandate.may_withdraw(one, actor) for one in decided]
    return next((one for one in found if one), found[0])


def _waiting(desk: Desk, actor: Actor, release: str, *, held_back: bool = False) -> dict[str, JSON]:
    """What was frozen of a release that waits, or that is held back, and whose record the actor may
    see.
    """
    item = prepared(desk, release)
    if not sees(desk, actor, desk.me, str(item["record"])):
        raise InputError("release_absent")
    if held_back and releases.feed_seq(desk.board, release) is not None:
        raise InputError("release_left")
    if not (held_back and releases.is_unsent(desk.board, release)):
        _demand_waiting(desk, release)
    return item


def _decide(desk: Desk, actor: Actor, release: str, *, yes: bool) -> None:
    with desk.act() as act:
        item = _waiting(desk, actor, release)
        demand(mandate.may_approve(decided_by(desk, item), actor))
        if yes:
            _demand_whole(desk, actor, item)
        kind, record = "approved" if yes else "declined", str(item["record"])
        back = _back_until(act, own_edition(desk, record)) if yes else 0
        said = {"type": kind, "release": release, "by": actor.to_json(), "at": act.now}
        act.say({**said, "due": back} if back else said)
        act.tell(kind, record=record, party=str(item["to"]), release=release)
        if yes:
            _demand_still(act, item)
            if not waits(desk, release):
                _send_when_due(act, ReleaseId(release))
        act.changed("release", queries.found(desk.board, desk.me, str(item["record"])))


def _demand_still(act: Act, item: dict[str, JSON]) -> None:
    """What was prepared must still be releasable now, with its files, and as it was frozen: labels,
    rules and agreements change.
    """
    approvers = cast("int", item["approvers"])
    _demand_same(act, item, approvers)
    for along in cast("list[str]", item["with"]):
        _demand_same(act, prepared(act.desk, along), approvers)


def _demand_same(act: Act, item: dict[str, JSON], approvers: int) -> None:
    to = PartyCode(str(item["to"]))
    edition = edition_of(act.desk, str(item["record"]), cast("int", item["n"]))
    newest, past = own_edition(act.desk, edition.record), past_of(act.desk, edition.record, to)
    kind = kind_named(edition.kind)
    agreement = agreements.governs(act.desk.board, to, act.now)
    proposal = proposed_anew(act.desk, item, newest, past)
    demand(may_release(proposal, kind, agreement, act.now))
    if item["automatic"] and past.ended:
        raise RefusedError(Refused("ended"))  # it ended while this waited: a person decides now
    if newest.number != edition.number:
        raise RefusedError(Refused("newer_edition"))
    assert agreement is not None
    if (agreement.id, agreement.version) != (item["agreement"], item["agreement_version"]):
        raise RefusedError(Refused("agreement_changed"))  # the frozen bytes follow the old rules
    rule = rule_of(proposal, agreement)
    assert rule is not None, "may_release asks for a rule"
    frozen_as = wire_from_json(cast("dict[str, JSON]", item["wire"]), act.desk.me)
    wire = wire_edition(proposal, kind, rule, release=frozen_as.release, ordinal=0, now=act.now)
    # It may have left by a stricter rule meanwhile, or point at what was recalled.
    if rule.approvers > approvers or not is_no_laxer(frozen_as, wire.value):
        raise RefusedError(Refused("stricter_since"))


def _send_when_due(act: Act, release: ReleaseId) -> None:
    item = prepared(act.desk, release)
    if releases.due_at(act.desk.board, release) > act.now:
        return  # held; ``tick`` sends it when its time has come
    going = [*cast("list[str]", item["with"]), release]
    for one in going:
        _send(act, prepared(act.desk, one))
    if is_urgent(cast("dict[str, object]", item["wire"])):
        places = [releases.feed_seq(act.desk.board, one) for one in going]
        hasten(act, PartyCode(str(item["to"])), [seq for seq in places if seq is not None])


def _send(act: Act, item: dict[str, JSON]) -> None:
    """Append what was frozen to the partner's feed. The bytes of a file travel beside it."""
    desk, to, record = act.desk, PartyCode(str(item["to"])), str(item["record"])
    wire = cast("dict[str, object]", item["wire"])
    count = releases.sent_count(desk.board, key_of(desk.me, record), to)
    ordinal = count + 1
    # The moment that a partner learns is that of sending: when a release was decided stays here.
    seq = act.feed(to, {**wire, "k": ordinal, "at": act.now})
    act.say({"type": "released", "release": item["release"], "seq": seq, "at": act.now})
    if count:
        kind = kind_named(str(wire["kind"]))
        recall_left_out(act, record, to, kind.files_in(cast("dict[str, object]", wire["body"])))


def chunks(desk: Desk, owner: PartyCode, record: str) -> list[str]:
    """The parts of an attachment that are here, in order, in Base64."""
    parts = own_editions.chunks(desk.board, key_of(owner, record))
    return [str(decode_object(data)["data"]) for data in parts]


def prepare_by_rule(act: Act, edition: Edition, to: PartyCode) -> bool:
    """Prepare the release by the first rule by which the edition goes without a person, if the
    partner would read something else than it does; whether one did.
    """
    desk, kind = act.desk, kind_named(edition.kind)
    past = past_of(desk, edition.record, to)
    agreement = agreements.governs(desk.board, to, act.now)
    if past.ended or belongs_to_ended(desk, edition, to):
        return False
    for rule in matching_rules(agreement, kind, edition, act.now, holds=past.holds):
        if not goes_by_itself(rule, past):
            continue
        wish = Wish(record=edition.record, to=to, rule=rule.name)
        found = context(desk, edition, wish, None, past=past)
        if found.decision and found.rule is not None:
            if told_already(act, found.proposal, found.rule):
                return False
            release = _freeze(act, found, actor=None, automatic=True)
            act.tell("goes", record=edition.record, party=to, rule=rule.name, release=release)
            return True
    return False


def told_already(act: Act, proposal: Proposal, rule: Rule) -> bool:
    """Whether the partner reads already what it would read by this proposal, and is not asked for
    the first time.
    """
    edition, past = proposal.edition, proposal.past
    if past.told is None or newly_asked(past.told, edition, proposal.to, rule):
        return False
    wire = wire_edition(
        proposal, kind_named(edition.kind), rule, release=past.told.release, ordinal=0, now=act.now
    )
    return reads_alike(wire.value, past, until=edition.label.expires)


def release_reply(act: Act, edition: Edition, to: PartyCode) -> None:
    """Send a reply to the owner of what it answers. Raises RefusedError where no automatic rule
    lets it go.
    """
    kind = kind_named(edition.kind)
    agreement = agreements.governs(act.desk.board, to, act.now)
    rules = [r for r in matching_rules(agreement, kind, edition, act.now) if r.automatic]
    if not rules:
        raise RefusedError(Refused("no_rule" if agreement else "no_agreement"))
    wish = Wish(record=edition.record, to=to, rule=rules[0].name)
    found = context(act.desk, edition, wish, edition.author)
    _freeze(act, found, actor=edition.author, automatic=True)


def tick(desk: Desk) -> int:
    """Send what is due, unless the clock is in doubt; how many acts that were."""
    if timekeeping.in_doubt(desk):
        return 0
    now = desk.clock.now()
    due = releases.due(desk.board, now)
    done = 0
    for release in due:
        with desk.act() as act:
            item = prepared(desk, release)
            try:
                _demand_still(act, item)
            except RefusedError as refused:
                act.say(
                    {"type": "declined", "release": release, "at": now,
                     "by": {"rule": refused.code}},
                )  # fmt: skip
            else:
                _send_when_due(act, ReleaseId(release))
            act.changed("release", queries.found(desk.board, desk.me, str(item["record"])))
        done += 1
    return done
