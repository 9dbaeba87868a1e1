"""Recalls: what a partner was released is asked back, and what was still to go is stopped.

A recall proves what happened. It does not prove that a copy is gone.
"""

from collections.abc import Sequence
from typing import cast

from tansiq.board import queries, releases
from tansiq.board.board import key_of
from tansiq.board.files import left_out, went_with
from tansiq.desk.act.desk import Act, Desk, demand
from tansiq.desk.release import ending
from tansiq.desk.release.hastening import hasten
from tansiq.desk.release.proposing import demand_seen, prepared
from tansiq.domain.errors import InputError
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.records import RECALL_REASONS
from tansiq.log.canonical import JSON
from tansiq.policy import mandate


def recall(desk: Desk, actor: Actor, record: str, to: PartyCode, reason: str) -> None:
    """Ask the partner to purge all that it got of a record, and stop what was still to go. It
    proves what happened, not that a copy is gone.
    """
    demand(mandate.may_do(actor.role, mandate.Act.RECALL))
    if reason not in RECALL_REASONS:
        raise InputError("choice_unknown", field="reason")
    demand_seen(desk, actor, record)
    with desk.act() as act:
        if not _recall_all(act, actor.to_json(), record, to, reason):
            raise InputError("nothing_to_recall")
        act.tell("recalled", record=record, party=to)


def recall_again(act: Act, record: str, to: PartyCode) -> None:
    """Repeat a recall that is known to have been made, and by whom and why is lost."""
    _recall_all(act, {"rule": "recovered"}, record, to, "other")


def recall_confined(act: Act, record: str) -> None:
    """Recall a record, from whoever was told of it, that is for one role of our own party now."""
    for to in releases.told_to(act.desk.board, key_of(act.desk.me, record)):
        _recall_all(act, {"rule": "confined"}, record, to, "other")


def recall_left_out(act: Act, record: str, to: PartyCode, files: Sequence[str]) -> None:
    """Recall the files that earlier editions of a record took to a partner and the newest, which
    names ``files``, does not; but for those that another record there names.
    """
    found = left_out(act.desk.board, key_of(act.desk.me, record), to, files)
    sent = [_recall_one(act, {"rule": "left_out"}, file, to, "superseded") for file in found]
    hasten(act, to, [seq for seq in sent if seq is not None])


def _recall_all(act: Act, by: dict[str, str], record: str, to: PartyCode, reason: str) -> bool:
    """Recall a record with its files; whether there was anything to recall or to stop."""
    stopped = stop_unsent(act, by, record, to)
    held = [record, *went_with(act.desk.board, key_of(act.desk.me, record), to)]
    sent = [_recall_one(act, by, item, to, reason) for item in held]
    recalled = [seq for seq in sent if seq is not None]
    hasten(act, to, recalled)
    ending.end_recalled(act, record, to, by)
    act.changed("release", queries.found(act.desk.board, act.desk.me, record))
    return stopped or bool(recalled)


def stop_unsent(act: Act, by: dict[str, str], record: str, to: PartyCode) -> bool:
    """Decline what was prepared and has not left, with its files, so that it does not follow the
    recall.
    """
    unsent = releases.unsent(act.desk.board, to, key_of(act.desk.me, record))
    along = [str(one) for item in unsent for one in _with(act.desk, item)]
    for release in (*unsent, *along):
        said = {"type": "declined", "release": release, "cause": "recalled"}
        act.say({**said, "by": by, "at": act.now})
    return bool(unsent)


def _with(desk: Desk, release: str) -> list[JSON]:
    """The releases of the files that would have gone with a prepared one."""
    return cast("list[JSON]", prepared(desk, release)["with"])


def _recall_one(
    act: Act, by: dict[str, str], record: str, to: PartyCode, reason: str
) -> int | None:
    """Recall what stands of a record; the entry's number in the feed, None where nothing does."""
    standing = releases.held_by(act.desk.board, key_of(act.desk.me, record), to)
    if not standing:
        return None
    # Further attachments of a shared record may still stand elsewhere; each party's copy is its own
    # release.
    sent = {
        "type": "recall",
        "record": record,
        "releases": standing,
        "reason": reason,
        "at": act.now,
    }
    seq = act.feed(to, sent)
    act.say({**sent, "to": to, "seq": seq, "by": by})
    return seq
