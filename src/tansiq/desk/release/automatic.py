"""What goes without a person: by automatic rules, and by those that follow what a party holds.

Many records are released as one set: what they would do one after the other, in a few statements.
"""

from collections.abc import Sequence
from typing import Final, cast

from tansiq.board import pointers
from tansiq.board.board import key_of
from tansiq.desk.act import notify
from tansiq.desk.act.desk import Act
from tansiq.desk.release import agreements, inward, recalling, releasing
from tansiq.desk.release.hastening import hasten, is_urgent
from tansiq.desk.release.history import before, past_of
from tansiq.domain.kinds import kind_named
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Edition
from tansiq.policy.agreement import Agreement
from tansiq.policy.following import NEVER, goes_by_itself
from tansiq.policy.release import Proposal, due_at, matching_rules, may_release, rule_of

_ALONE: Final = "attachment"  # its bytes go before it


def release_all(act: Act, editions: Sequence[Edition]) -> None:
    """Release each edition to each reader of its label by the first rule by which it goes by itself
    (:func:`tansiq.policy.following.goes_by_itself`), if there is anything new to read.
    """
    readers = {to for edition in editions for to in edition.label.readers()}
    for to in sorted(readers):
        going = [edition for edition in editions if to in edition.label.readers()]
        simple = [edition for edition in going if _is_simple(edition)]
        released = _release_set(act, simple, to)
        for edition in going:
            if not _is_simple(edition) and releasing.prepare_by_rule(act, edition, to):
                released.append(edition)
        notify.tell(act, "release", (key_of(one.owner, one.record) for one in released))


def _is_simple(edition: Edition) -> bool:
    """Whether it points at nothing: what a partner knows of others need not be asked."""
    kind = kind_named(edition.kind)
    return kind.name != _ALONE and not any(edition.body.get(field.name) for field in kind.links)


def _release_set(act: Act, editions: Sequence[Edition], to: PartyCode) -> list[Edition]:
    agreement = agreements.in_force(act.desk.board, to, act.now)
    if agreement is None:
        return []
    items = {id(one): _entry(act, one, to, agreement) for one in editions}
    released = [one for one in editions if items[id(one)] is not None]
    entries = [item for item in items.values() if item is not None]
    if entries:
        act.say_all(entries)
        for item in entries:
            act.tell("goes", record=str(item["record"]), party=to, rule=str(item["rule"]))
        _send_set(act, to, [item for item in entries if cast("int", item["due"]) <= act.now])
    return released


def _entry(
    act: Act, edition: Edition, to: PartyCode, agreement: Agreement
) -> dict[str, object] | None:
    kind = kind_named(edition.kind)
    if not inward.clears(act.desk, edition):
        return None
    past = NEVER if edition.number == 1 else past_of(act.desk, edition.record, to)
    for plain in matching_rules(agreement, kind, edition, act.now, holds=past.holds):
        proposal = Proposal(
            edition=edition, to=to, rule=plain.name, hide=past.hide, grain=past.grain, past=past,
            before=before(act.desk, edition),
        )  # fmt: skip
        rule = rule_of(proposal, agreement)
        goes = rule is not None and goes_by_itself(plain, past)
        if rule is None or not (goes and may_release(proposal, kind, agreement, act.now)):
            continue
        if releasing.told_already(act, proposal, rule):
            return None
        return releasing.frozen(
            act, proposal, rule, agreement, automatic=True, approvers=0, along=[],
            due=due_at(proposal, kind, rule), by=None,
        )  # fmt: skip
    return None


def _send_set(act: Act, to: PartyCode, items: Sequence[dict[str, object]]) -> None:
    """Append what was frozen to the partner's feed. Of one record there is one release in it."""
    if not items:
        return
    records = [str(item["record"]) for item in items]
    before = pointers.releases_sent(act.desk.board, to, records)
    wires = [
        {**cast("dict[str, object]", item["wire"]), "k": before.get(record, 0) + 1, "at": act.now}
        for record, item in zip(records, items, strict=True)
    ]
    first = act.feed_all(to, wires)
    act.say_all(
        [
            {"type": "released", "release": item["release"], "seq": seq, "at": act.now}
            for seq, item in enumerate(items, first)
        ]
    )
    urgent = [seq for seq, wire in enumerate(wires, first) if is_urgent(wire)]
    if urgent:
        hasten(act, to, urgent)
    for record in before:
        recalling.recall_left_out(act, record, to, ())  # what points at nothing names no file
