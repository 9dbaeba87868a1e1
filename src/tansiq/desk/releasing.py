"""Releases: propose, preview, prepare, approve, send, recall; and what time does to them.

A release is an act: this edition, this party, these redactions, this purpose, until then, by this
rule and these people. What was prepared is frozen: the approver and the partner see the same bytes
that the preview showed.
"""

from dataclasses import dataclass
from typing import cast

from tansiq.board import queries
from tansiq.board.board import key_of
from tansiq.board.views import view_of
from tansiq.desk import agreements
from tansiq.desk.desk import Act, Desk, demand
from tansiq.domain.errors import Decision, InputError, Refused, RefusedError
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.places import Grain
from tansiq.domain.records import (
    RECALL_REASONS,
    Edition,
    RecordView,
    ReleaseId,
    actor_from_json,
    edition_from_json,
)
from tansiq.log.canonical import JSON, decode_object, encode
from tansiq.log.store import JOURNAL
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


def _demand_seen(desk: Desk, actor: Actor, record: str) -> None:
    sealed = queries.found(desk.board, desk.me, record)
    if sealed is None or open_for(desk.viewer(actor), sealed, desk.clock.now()) is None:
        raise InputError("record_absent")


def rules_for(desk: Desk, actor: Actor, record: str, to: PartyCode) -> tuple[Rule, ...]:
    """The rules by which the record could go to ``to``, most cautious first."""
    _demand_seen(desk, actor, record)
    edition, now = own_edition(desk, record), desk.clock.now()
    agreement = agreements.in_force(desk.board, to, now)
    return matching_rules(agreement, kind_named(edition.kind), edition, now)


def _attachments(
    desk: Desk, edition: Edition, known: frozenset[str], actor: Actor | None
) -> list[Edition]:
    """The attachments of an edition that must go along: not yet with the partner, and for the
    releaser to see.
    """
    ids = edition.body.get("attachments")
    wanted = [str(item) for item in ids] if isinstance(ids, list) else []
    missing = [item for item in wanted if item not in known]
    return [own_edition(desk, item) for item in missing if sees(desk, actor, desk.me, item)]


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
    kind = kind_named(edition.kind)
    ids: set[str] = set()
    for field in kind.fields:
        value = edition.body.get(field.name)
        if field.type in ("records", "attachments") and isinstance(value, list):
            ids.update(str(item) for item in value)
        elif field.type == "record" and isinstance(value, str):
            ids.add(value)
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


def _proposal(desk: Desk, edition: Edition, wish: Wish, actor: Actor | None) -> Proposal:
    known = known_to(desk, wish.to, edition, actor)
    along = frozenset(str(item.record) for item in _attachments(desk, edition, known, actor))
    return Proposal(
        edition=edition, to=wish.to, rule=wish.rule, hide=wish.hide, grain=wish.grain,
        known=known | along,
    )  # fmt: skip


def preview(desk: Desk, actor: Actor, wish: Wish) -> Preview:
    """What the partner will see, exactly as its own node will read it. Raises InputError,
    RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.PREPARE_RELEASE))
    _demand_seen(desk, actor, wish.record)
    edition, now = own_edition(desk, wish.record), desk.clock.now()
    agreement = agreements.in_force(desk.board, wish.to, now)
    kind = kind_named(edition.kind)
    proposal = _proposal(desk, edition, wish, actor)
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
            str(item.body["text"]) for item in _attachments(desk, edition, known, actor)
        ),
    )


def as_partner(wire: dict[str, object], owner: PartyCode) -> RecordView:
    """The view that the partner's node will make of these bytes."""
    view = view_of(owner, str(wire["release"]), encode(cast("JSON", wire)), 1)
    assert view is not None
    return view


def prepare(desk: Desk, actor: Actor, wish: Wish) -> ReleaseId:
    """Prepare a release; it goes at once where no second person is asked for.
    Raises RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.PREPARE_RELEASE))
    _demand_seen(desk, actor, wish.record)
    with desk.act() as act:
        edition = own_edition(desk, wish.record)
        release = _prepare(act, edition, wish, actor=actor, automatic=False)
        act.changed("release", queries.found(desk.board, desk.me, wish.record))
        return release


def _prepare(
    act: Act, edition: Edition, wish: Wish, *, actor: Actor | None, automatic: bool
) -> ReleaseId:
    desk = act.desk
    agreement = agreements.in_force(desk.board, wish.to, act.now)
    kind = kind_named(edition.kind)
    proposal = _proposal(desk, edition, wish, actor)
    demand(may_release(proposal, kind, agreement, act.now))
    assert agreement is not None
    rule = agreement.rule(wish.rule)
    assert rule is not None
    known = known_to(desk, wish.to, edition, actor)
    along = [
        _prepare_along(act, item, wish.to, actor)
        for item in _attachments(desk, edition, known, actor)
    ]
    release = ReleaseId(desk.entropy.uuid())
    wire = wire_edition(proposal, kind, rule, release=release, ordinal=0, now=act.now).value
    second = rule.second_person and not automatic
    act.say(
        {
            "type": "release", "release": release, "record": edition.record, "n": edition.number,
            "to": wish.to, "rule": rule.name, "agreement": agreement.id,
            "agreement_version": agreement.version, "automatic": automatic, "second": second,
            "hide": sorted(wish.hide), "grain": wish.grain.value, "wire": wire.to_json(),
            "with": along, "due": due_at(proposal, kind, rule), "expires": wire.label.expires,
            "by": actor.to_json() if actor else {"rule": rule.name}, "at": act.now,
        }
    )  # fmt: skip
    if not second:
        _send_when_due(act, release)
    return release


def _prepare_along(act: Act, edition: Edition, to: PartyCode, actor: Actor | None) -> ReleaseId:
    """Prepare the release of an attachment that goes with a record; it is sent when that is."""
    agreement = agreements.in_force(act.desk.board, to, act.now)
    rules = matching_rules(agreement, kind_named(edition.kind), edition, act.now)
    if not rules or agreement is None:
        raise RefusedError(Refused("no_rule_attachment"))
    kind = kind_named(edition.kind)
    proposal = Proposal(edition=edition, to=to, rule=rules[0].name)
    demand(may_release(proposal, kind, agreement, act.now))
    release = ReleaseId(act.desk.entropy.uuid())
    wire = wire_edition(proposal, kind, rules[0], release=release, ordinal=0, now=act.now).value
    act.say(
        {
            "type": "release", "release": release, "record": edition.record, "n": edition.number,
            "to": to, "rule": rules[0].name, "agreement": agreement.id,
            "agreement_version": agreement.version, "automatic": False, "second": True,
            "hide": [], "grain": Grain.EXACT.value, "wire": wire.to_json(), "with": [],
            "due": 0, "expires": wire.label.expires,
            "by": actor.to_json() if actor else {"rule": rules[0].name}, "at": act.now,
        }
    )  # fmt: skip
    return release


def prepared(desk: Desk, release: str) -> dict[str, JSON]:
    """What was frozen when the release was prepared. Raises InputError."""
    rows = desk.board.db.rows(
        """SELECT n.data FROM release x JOIN entry n ON n.log = ? AND n.seq = x.journal
           WHERE x.release = ?""",
        (desk.store.id_of(JOURNAL), release),
    )
    if not rows:
        raise InputError("release_absent")
    return decode_object(cast("bytes", rows[0][0]))


def _demand_waiting(desk: Desk, release: str) -> None:
    """A prepared release must still wait for its second person."""
    rows = desk.board.db.rows(
        """SELECT 1 FROM release WHERE release = ? AND second = 1 AND approved_at = 0
             AND declined_at = 0 AND feed_seq IS NULL""",
        (release,),
    )
    if not rows:
        raise InputError("release_decided")


def _demand_whole(desk: Desk, actor: Actor, item: dict[str, JSON]) -> None:
    """Nobody approves what that person may not see: neither the record nor what goes with it."""
    for along in cast("list[str]", item["with"]):
        if not sees(desk, actor, desk.me, str(prepared(desk, along)["record"])):
            raise RefusedError(Refused("above_clearance"))


def approve(desk: Desk, actor: Actor, release: str) -> None:
    """The second person approves exactly what was prepared. Raises RefusedError, InputError."""
    _decide(desk, actor, release, yes=True)


def decline(desk: Desk, actor: Actor, release: str) -> None:
    """The second person declines; nothing leaves."""
    _decide(desk, actor, release, yes=False)


def _decide(desk: Desk, actor: Actor, release: str, *, yes: bool) -> None:
    with desk.act() as act:
        item = prepared(desk, release)
        if not sees(desk, actor, desk.me, str(item["record"])):
            raise InputError("release_absent")
        _demand_waiting(desk, release)
        demand(mandate.may_approve(actor_from_json(item["by"]), actor))
        if yes:
            _demand_whole(desk, actor, item)
        kind = "approved" if yes else "declined"
        act.say({"type": kind, "release": release, "by": actor.to_json(), "at": act.now})
        if yes:
            _demand_still(act, item)
            _send_when_due(act, ReleaseId(release))
        act.changed("release", queries.found(desk.board, desk.me, str(item["record"])))


def _demand_still(act: Act, item: dict[str, JSON]) -> None:
    """What was prepared must still be releasable now: labels, rules and agreements change."""
    edition = _edition_number(act.desk, str(item["record"]), cast("int", item["n"]))
    newest = own_edition(act.desk, edition.record)
    agreement = agreements.in_force(act.desk.board, str(item["to"]), act.now)
    kind = kind_named(edition.kind)
    proposal = Proposal(edition=newest, to=PartyCode(str(item["to"])), rule=str(item["rule"]))
    demand(may_release(proposal, kind, agreement, act.now))
    if newest.number != edition.number:
        raise RefusedError(Refused("newer_edition"))
    assert agreement is not None
    if (agreement.id, agreement.version) != (item["agreement"], item["agreement_version"]):
        raise RefusedError(Refused("agreement_changed"))  # the frozen bytes follow the old rules
    for along in cast("list[str]", item["with"]):
        _demand_still(act, prepared(act.desk, along))


def _edition_number(desk: Desk, record: str, number: int) -> Edition:
    rows = desk.board.db.rows(
        """SELECT n.data FROM edition h JOIN entry n ON n.log = h.log AND n.seq = h.seq
           WHERE h.record = ? AND h.received IS NULL ORDER BY h.seq LIMIT 1 OFFSET ?""",
        (key_of(desk.me, record), number - 1),
    )
    if not rows:
        raise InputError("record_absent")
    return edition_from_json(decode_object(cast("bytes", rows[0][0])), desk.me)


def _send_when_due(act: Act, release: ReleaseId) -> None:
    item = prepared(act.desk, release)
    if cast("int", item["due"]) > act.now:
        return  # held; ``tick`` sends it when its time has come
    for along in cast("list[str]", item["with"]):
        _send(act, prepared(act.desk, along))
    _send(act, item)


def _send(act: Act, item: dict[str, JSON]) -> None:
    """Append what was frozen to the partner's feed, attachments' bytes first."""
    desk, to, record = act.desk, PartyCode(str(item["to"])), str(item["record"])
    wire = cast("dict[str, object]", item["wire"])
    count = desk.board.db.rows(
        "SELECT COUNT(*) FROM release WHERE record = ? AND party = ? AND feed_seq IS NOT NULL",
        (key_of(desk.me, record), to),
    )
    if wire["kind"] == "attachment":
        for n, total, data in chunks(desk, desk.me, record):
            act.feed(
                to,
                {"type": "chunk", "release": item["release"], "record": record, "n": n,
                 "of": total, "data": data},
            )  # fmt: skip
    ordinal = int(str(count[0][0])) + 1
    # The moment that a partner learns is that of sending: when a release was decided stays here.
    seq = act.feed(to, {**wire, "k": ordinal, "at": act.now})
    act.say({"type": "released", "release": item["release"], "seq": seq, "at": act.now})


def chunks(desk: Desk, owner: PartyCode, record: str) -> list[tuple[int, int, str]]:
    """The parts of an attachment: number, how many there are, Base64 text."""
    rows = desk.board.db.rows(
        """SELECT n.data FROM chunk c JOIN record r ON r.record = c.record AND r.log = c.log
               AND c.release = COALESCE(r.received, '')
             JOIN entry n ON n.log = c.log AND n.seq = c.seq
           WHERE c.record = ? AND n.data IS NOT NULL ORDER BY c.n""",
        (key_of(owner, record),),
    )
    items = [decode_object(cast("bytes", row[0])) for row in rows]
    return [(cast("int", item["n"]), cast("int", item["of"]), str(item["data"])) for item in items]


def release_automatically(act: Act, edition: Edition) -> None:
    """Let go what an automatic rule releases without a person: safety, medical evacuation, open
    data.
    """
    kind = kind_named(edition.kind)
    for to in sorted(edition.label.readers()):
        agreement = agreements.in_force(act.desk.board, to, act.now)
        for rule in matching_rules(agreement, kind, edition, act.now):
            wish = Wish(record=edition.record, to=to, rule=rule.name)
            if rule.automatic and may_release(
                _proposal(act.desk, edition, wish, None), kind, agreement, act.now
            ):
                _prepare(act, edition, wish, actor=None, automatic=True)
                act.changed("release", queries.found(act.desk.board, act.desk.me, edition.record))
                break


def release_reply(act: Act, edition: Edition, to: PartyCode) -> None:
    """Send a reply to the owner of what it answers. Raises RefusedError where no automatic rule
    lets it go.
    """
    kind = kind_named(edition.kind)
    agreement = agreements.in_force(act.desk.board, to, act.now)
    rules = [r for r in matching_rules(agreement, kind, edition, act.now) if r.automatic]
    if not rules:
        raise RefusedError(Refused("no_rule" if agreement else "no_agreement"))
    wish = Wish(record=edition.record, to=to, rule=rules[0].name)
    _prepare(act, edition, wish, actor=edition.author, automatic=True)


def recall(desk: Desk, actor: Actor, record: str, to: PartyCode, reason: str) -> None:
    """Ask the partner to purge all that it got of a record, and stop what was still to go. It
    proves what happened, not that a copy is gone.
    """
    demand(mandate.may_do(actor.role, mandate.Act.RECALL))
    if reason not in RECALL_REASONS:
        raise InputError("choice_unknown", field="reason")
    _demand_seen(desk, actor, record)
    with desk.act() as act:
        stopped = _stop_unsent(act, actor, record, to)
        held = [record, *_attachments_ever(desk, record)]
        recalled = [_recall_one(act, actor, item, to, reason) for item in held]
        if not stopped and not any(recalled):
            raise InputError("nothing_to_recall")
        act.changed("release", queries.found(desk.board, desk.me, record))


def _attachments_ever(desk: Desk, record: str) -> list[str]:
    """The attachments of all editions of an own record: an older edition may have taken them out."""
    rows = desk.board.db.rows(
        """SELECT n.data FROM edition h JOIN entry n ON n.log = h.log AND n.seq = h.seq
           WHERE h.record = ? AND h.received IS NULL ORDER BY h.seq""",
        (key_of(desk.me, record),),
    )
    bodies = [edition_from_json(decode_object(cast("bytes", row[0])), desk.me).body for row in rows]
    found = [
        str(item) for body in bodies for item in cast("list[str]", body.get("attachments", []))
    ]
    return list(dict.fromkeys(found))


def _stop_unsent(act: Act, actor: Actor, record: str, to: PartyCode) -> bool:
    """Decline what was prepared and has not left, so that it does not follow the recall."""
    rows = act.desk.board.db.rows(
        """SELECT release FROM release WHERE record = ? AND party = ? AND feed_seq IS NULL
             AND declined_at = 0 ORDER BY journal""",
        (key_of(act.desk.me, record), to),
    )
    for (release,) in rows:
        by = actor.to_json()
        act.say({"type": "declined", "release": str(release), "by": by, "at": act.now})
    return bool(rows)


def _recall_one(act: Act, actor: Actor, record: str, to: PartyCode, reason: str) -> bool:
    rows = act.desk.board.db.rows(
        """SELECT release FROM release WHERE record = ? AND party = ? AND feed_seq IS NOT NULL
             AND recalled_at = 0 ORDER BY feed_seq""",
        (key_of(act.desk.me, record), to),
    )
    releases = [str(row[0]) for row in rows]
    if not releases:
        return False
    # Further attachments of a shared record may still stand elsewhere; each party's copy is its own
    # release.
    sent = {
        "type": "recall",
        "record": record,
        "releases": releases,
        "reason": reason,
        "at": act.now,
    }
    seq = act.feed(to, sent)
    act.say({**sent, "to": to, "seq": seq, "by": actor.to_json()})
    return True


def tick(desk: Desk) -> int:
    """Send what is due and purge what has expired; how many acts that were."""
    now = desk.clock.now()
    due = desk.board.db.rows(
        """SELECT release FROM release WHERE feed_seq IS NULL AND due > 0 AND due <= ?
             AND declined_at = 0 AND (second = 0 OR approved_at > 0) ORDER BY journal LIMIT 500""",
        (now,),
    )
    done = 0
    for (release,) in due:
        with desk.act() as act:
            item = prepared(desk, str(release))
            try:
                _demand_still(act, item)
            except RefusedError as refused:
                act.say(
                    {"type": "declined", "release": str(release), "at": now,
                     "by": {"rule": refused.code}},
                )  # fmt: skip
            else:
                _send_when_due(act, ReleaseId(str(release)))
            act.changed("release", queries.found(desk.board, desk.me, str(item["record"])))
        done += 1
    return done
