"""What positions say: new records, new editions, steps of a state machine."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tansiq.board import own_editions, partners, queries, stock
from tansiq.board.board import key_of
from tansiq.desk.act import notify
from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.records import items, linked
from tansiq.desk.release import automatic, ending, inward, recalling, releasing
from tansiq.domain.errors import InputError, Refused, RefusedError
from tansiq.domain.kinds import Kind, Transition, kind_named
from tansiq.domain.kinds.files.attachment import ATTACHMENT
from tansiq.domain.kinds.newest import own_newest
from tansiq.domain.labels import CATEGORIES, CAVEATS, CONFINED, POLICY, Label
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.records import Body, Edition, RecordId, RecordView
from tansiq.log.canonical import decode_object
from tansiq.policy import mandate
from tansiq.policy.release import open_for
from tansiq.policy.seal import Released

_FILE: Final = "attachment"  # saved with the record that names it


class EditedMeanwhileError(InputError):
    """Somebody else wrote a newer edition; ``theirs`` is it, so that both versions can be shown."""

    def __init__(self, theirs: Released[RecordView]) -> None:
        super().__init__("edited_meanwhile")
        self.theirs = theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person wants to write. ``tear`` = the fields below the tear line; None = as the kind
    proposes.
    """

    kind: str
    body: Body
    label: Label
    tear: frozenset[str] | None = None


def write(desk: Desk, actor: Actor, draft: Draft) -> RecordId:
    """Write a new record; what a rule releases by itself goes at once. Raises InputError,
    RefusedError.
    """
    with desk.act() as act:
        return write_in(act, actor, draft).record


def write_in(act: Act, actor: Actor, draft: Draft, *, by_rule: bool = True) -> Edition:
    """As :func:`write`, inside an act."""
    return write_all(act, actor, [draft], by_rule=by_rule)[0]


def write_all(
    act: Act, actor: Actor, drafts: Sequence[Draft], *, by_rule: bool = True
) -> list[Edition]:
    """As :func:`write_in`, several at once."""
    editions = [_first_edition(act, actor, draft) for draft in drafts]
    _demand_stock(act.desk, editions)
    _say(act, editions)
    for edition in editions:
        inward.ask_before(act, actor, edition)
    if by_rule:
        automatic.release_all(act, editions)
    return editions


def _first_edition(act: Act, actor: Actor, draft: Draft) -> Edition:
    kind = kind_named(draft.kind)
    demand(mandate.may_write(actor.role, kind))
    body = draft.body if kind.keeps is None else kind.keeps({}, draft.body)
    body = items.named(act.desk, kind, kind.check(body))
    _demand_attachments(act.desk, actor, kind, body)
    _demand_single(act.desk, actor, kind, body)
    return Edition(
        record=RecordId(act.desk.entropy.uuid()),
        owner=act.desk.me,
        kind=kind.name,
        version=kind.version,
        number=1,
        previous="",
        state=_stands(kind, body, kind.states[0]),
        label=_label(act.desk, actor, kind, body, _label_of(act.desk, actor, kind, draft)),
        body=body,
        tear=_checked_tear(kind, None if _asks_all(kind) else draft.tear),
        author=actor,
        at=act.now,
    )


def _label_of(desk: Desk, actor: Actor, kind: Kind, draft: Draft) -> Label:
    """The label of a new record. What is booked has the plain one: a balance counts alike for all
    who read it. What asks every party goes to every party, whatever a form says.
    """
    if kind.booked:
        return Label()
    if not _asks_all(kind):
        return draft.label
    told = frozenset(partners.codes(desk.board))
    plain, own = Label(), desk.position(actor.position).clearance
    level = min(plain.classification, own, key=lambda one: one.rank)
    return Label(classification=level, audience=(told,) if told else ())


def _asks_all(kind: Kind) -> bool:
    return kind.case is not None and kind.case.asks_all


def _demand_stock(desk: Desk, editions: Sequence[Edition]) -> None:
    """What is taken out of stock is there. Raises InputError with how much there is."""
    wanted: Counter[str] = Counter()
    for edition in editions:
        booked = kind_named(edition.kind).booked
        if booked is not None:
            booking = booked(edition.body)
            wanted[booking.batch] += booking.number
    for batch, count in wanted.items():
        if count < 0 and (there := stock.there(desk.board, batch)) + count < 0:
            raise InputError("stock_short", field="count", there=there, count=-count)


def _say(act: Act, editions: Sequence[Edition]) -> None:
    act.say_all([edition.to_json() for edition in editions])
    for kind in {edition.kind: None for edition in editions}:
        told = (key_of(one.owner, one.record) for one in editions if one.kind == kind)
        notify.tell(act, kind, told)
    for edition in editions:
        if edition.kind != _FILE:
            act.tell("saved", record=edition.record)


def _demand_attachments(desk: Desk, actor: Actor, kind: Kind, body: Body) -> None:
    """What goes along with a record is an attachment of our own that its author may see: nothing
    else leaves under its name.
    """
    for identity in kind.files_in(body):
        sealed = queries.found(desk.board, desk.me, identity, apart=True)
        opened = open_for(desk.viewer(actor), sealed, desk.clock.now()) if sealed else None
        if opened is None or opened.value.kind != ATTACHMENT.name:
            raise InputError("record_absent")


def _demand_single(desk: Desk, actor: Actor, kind: Kind, body: Body) -> None:
    """No own record that the author may see says the same where there is one of each. Raises
    InputError.
    """
    said = [body.get(name) for name in kind.single]
    about = (
        linked.linked(desk, desk.viewer(actor), str(body[kind.about]), kind.about) if said else []
    )
    for one in about:
        same = said == [one.value.body.get(name) for name in kind.single]
        if same and (one.value.kind, one.value.owner) == (kind.name, desk.me):
            raise InputError("one_is_there", reference=one.value.reference)


def _label(desk: Desk, actor: Actor, kind: Kind, body: Body, label: Label) -> Label:
    """The label under which a body stands: where its kind confines it, for nobody outside. Raises
    InputError where the label names somebody for what never leaves.
    """
    plain = replace(label, categories=label.categories - CONFINED.keys())
    checked = _checked_label(desk, actor, plain)
    if kind.stays_home(body) and not kind.inner and label.audience:
        raise InputError("stays_home", field="audience")
    alone = kind.confined(body) if kind.confined else ""
    if not alone:
        return checked
    return replace(checked, audience=(), categories=checked.categories | {alone})


def _checked_label(desk: Desk, actor: Actor, label: Label) -> Label:
    if label.policy != POLICY:
        raise RefusedError(Refused("policy_unknown"))
    if not label.categories <= CATEGORIES or not label.caveats <= CAVEATS:
        raise RefusedError(Refused("category_unknown"))
    position = desk.position(actor.position)
    if label.classification.rank > position.clearance.rank:
        raise RefusedError(Refused("above_clearance"))
    if not label.categories <= position.categories:
        raise RefusedError(Refused("category_not_held"))
    return label


def _checked_tear(kind: Kind, tear: frozenset[str] | None) -> frozenset[str]:
    if tear is None:
        return kind.below_by_default()
    for name in tear:
        kind.field(name)
    return tear | kind.always_below()


def current(desk: Desk, actor: Actor, record: str) -> Released[RecordView]:
    """The own record as it stands, for this actor. Raises InputError where there is none to be
    seen.
    """
    sealed = queries.found(desk.board, desk.me, record)
    opened = open_for(desk.viewer(actor), sealed, desk.clock.now()) if sealed else None
    if opened is None:
        raise InputError("record_absent")
    return opened


def current_on(desk: Desk, actor: Actor, record: str, base: str) -> Released[RecordView]:
    """As :func:`current`. Raises EditedMeanwhileError where its digest is no longer ``base``."""
    old = current(desk, actor, record)
    if old.value.digest != base:
        raise EditedMeanwhileError(old)
    return old


def revise(desk: Desk, actor: Actor, record: str, base: str, draft: Draft) -> None:
    """Write a new edition on top of the one with digest ``base``.

    Raises EditedMeanwhileError where somebody was faster, InputError and RefusedError otherwise.
    """
    with desk.act() as act:
        old = current_on(desk, actor, record, base)
        revise_in(act, actor, old.value, draft)


def revise_in(act: Act, actor: Actor, old: RecordView, draft: Draft) -> None:
    """As :func:`revise`, inside an act, on top of the edition that stands."""
    kind = kind_named(old.kind)
    demand(mandate.may_write(actor.role, kind))
    # What two persons have decided is changed by steps alone.
    if kind.final or any(move.second for move in kind.transitions):
        raise RefusedError(Refused("kind_final"))
    # What the program keeps is not a form's to change: it goes from edition to edition.
    kept = {f.name: old.body[f.name] for f in kind.fields if f.hidden and f.name in old.body}
    written = {**kept, **draft.body}
    body = kind.check(written if kind.keeps is None else kind.keeps(old.body, written))
    body = items.named(act.desk, kind, body)
    _next(act, actor, old, body=body, draft=draft, state=old.state)


def step(
    desk: Desk, actor: Actor, record: str, base: str, name: str, *, said: Body | None = None
) -> None:
    """Take a step of the state machine; ``said`` are those fields that the step asks. Raises as
    :func:`revise`.
    """
    with desk.act() as act:
        old = current_on(desk, actor, record, base).value
        if kind_named(old.kind).transition(name).within:
            raise InputError("step_within")
        step_in(act, actor, old, name, said=said)


def step_in(
    act: Act, actor: Actor, old: RecordView, name: str, *, said: Body | None = None
) -> None:
    """As :func:`step`, inside an act, on top of the edition that stands."""
    kind = kind_named(old.kind)
    move = kind.transition(name)
    demand(mandate.may_step(actor.role, move, old.state))
    if move.second:
        demand(mandate.may_second(_who_brought(act.desk, old), actor))
    _demand_proof(act.desk, actor, move, old.record)
    body = {name: value for name, value in old.body.items() if name not in move.asks}
    body |= {name: value for name, value in (said or {}).items() if name in move.asks}
    for needed in move.needs:
        if not body.get(needed):
            raise InputError("step_needs", field=needed)
    body = kind.check(body) if move.asks else body
    draft = Draft(kind=kind.name, body=body, label=old.label, tear=old.tear)
    _next(act, actor, old, body=body, draft=draft, state=move.target)


def _who_brought(desk: Desk, old: RecordView) -> frozenset[str]:
    """The roster numbers of all who ever wrote an own record in the state in which it stands."""
    entries = own_editions.editions(desk.board, key_of(old.owner, old.record))
    found = (own_newest(decode_object(data), desk.me) for _, _, data in entries)
    return frozenset(one.author.person for one in found if one.state == old.state)


def _next(act: Act, actor: Actor, old: RecordView, *, body: Body, draft: Draft, state: str) -> None:
    kind = kind_named(old.kind)
    _demand_attachments(act.desk, actor, kind, body)
    edition = Edition(
        record=old.record,
        owner=old.owner,
        kind=old.kind,
        version=kind.version,
        number=old.ordinal + 1,
        previous=old.leaf,
        # Where lanes stand is worked out, and told to nobody by an edition of their root.
        state=kind.states[0] if kind.staged else _stands(kind, body, state),
        label=_label(act.desk, actor, kind, body, draft.label),
        body=body,
        tear=_checked_tear(kind, draft.tear),
        author=actor,
        at=act.now,
    )
    _say(act, [edition])
    if edition.label.categories & CONFINED.keys():
        recalling.recall_confined(act, edition.record)
    inward.ask_before(act, actor, edition)
    automatic.release_all(act, [edition])
    ending.end_changed(act, old, edition)


def _stands(kind: Kind, body: Body, state: str) -> str:
    return kind.stands(body, state) if kind.stands else state


def _demand_proof(desk: Desk, actor: Actor, move: Transition, record: str) -> None:
    """What a step wants beside the record is there, of our own, for this actor to see, and holds
    today. Raises InputError, in the same words whatever is not so.
    """
    if not move.proof:
        return
    holds, today = kind_named(move.proof).holds, day_of(desk)
    found = linked.linked(desk, desk.viewer(actor), record, "about")
    if not any(
        holds is not None and holds(one.value.body, today)
        for one in found
        if (one.value.kind, one.value.owner) == (move.proof, desk.me)
    ):
        raise InputError("step_unproved", kind=move.proof)


def day_of(desk: Desk) -> dt.date:
    """The day of the calendar that it is where the node's positions are."""
    return dt.datetime.fromtimestamp(desk.clock.now() / 1000, desk.identity.zone).date()


def correct_line(desk: Desk, actor: Actor, record: str, draft: Draft) -> RecordId:
    """Correct a log line: a new line that points at the old one, which stays visible, struck
    through.
    """
    with desk.act() as act:
        old = current(desk, actor, record)
        body = {**draft.body, "corrects": old.value.record}
        edition = write_in(
            act, actor, Draft(kind=old.value.kind, body=body, label=draft.label, tear=draft.tear)
        )
        return edition.record  # who may see it has heard of it; nobody else may


def reply(desk: Desk, actor: Actor, kind_name: str, *, about: RecordView, body: Body) -> RecordId:
    """Answer a partner's record with one of our own, which goes to its owner by the rule for
    replies.

    Raises RefusedError where no rule lets it leave: nothing is written that would silently stay
    here.
    """
    with desk.act() as act:
        if about.owner == desk.me:
            raise RefusedError(Refused("reply_to_own"))
        to = [PartyCode(about.owner)]
        edition = _answer(act, actor, kind_name, about=about, to=to, body=body)
        act.changed("inbox", queries.found(desk.board, about.owner, about.record))
        return edition.record


def reply_beside(
    act: Act, actor: Actor, kind_name: str, *, about: RecordView, to: Sequence[PartyCode],
    step: str, body: Body,
) -> RecordId:  # fmt: skip
    """Write a record that stands beside a step of a case, and let it go to those to whom the step
    goes, by the rule for replies. Raises InputError, and RefusedError where no rule lets it leave
    to one of them.
    """
    return _answer(act, actor, kind_name, about=about, to=to, body={**body, "step": step}).record


def _answer(
    act: Act, actor: Actor, kind_name: str, *, about: RecordView, to: Sequence[PartyCode],
    body: Body,
) -> Edition:  # fmt: skip
    """Write a record about another, as closed as that is, and let it go to these partners."""
    label = Label(
        classification=about.label.classification,
        categories=about.label.categories,
        audience=(frozenset(to),),
    )
    draft = Draft(kind=kind_name, body={**body, "about": about.record}, label=label)
    edition = write_in(act, actor, draft, by_rule=False)
    for party in to:
        releasing.release_reply(act, edition, party)
    return edition
