"""Approval chains of our own party: what is asked before something leaves, and whether it may.

``records.say`` begins a round for what asks others, ``cases.taking`` for what we promise; the doors
by which an edition leaves ask ``clears``. A round stands in the journal and goes to nobody; what
leaves afterwards says nothing of it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from tansiq.board import inward, queries
from tansiq.board.board import key_of
from tansiq.desk.act.desk import Act, Desk
from tansiq.domain.cases import Before, Declaration, chain_for
from tansiq.domain.errors import Decision, Granted, Refused
from tansiq.domain.kinds import Kind, kind_named
from tansiq.domain.parties import Actor, PartyCode
from tansiq.domain.records import Body, Edition, RecordId
from tansiq.log.canonical import JSON, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a chain is asked about: an edition of an own root, or an act that we would take in a
    lane as it stands after ``release``.
    """

    owner: PartyCode
    record: RecordId
    kind: Kind
    body: Body
    positions: Sequence[str]
    edition: int = 0
    digest: str = ""
    lane: str = ""
    release: str = ""
    wanted: Mapping[str, object] = field(default_factory=dict)


def chain_of(desk: Desk, kind: Kind, before: Before, body: Body) -> tuple[str, ...]:
    """The positions that approve before we ask, or promise, by what a root says; none where nobody
    has to.
    """
    if kind.case is None or not (kind.case.promises or kind.case.gives):
        return ()
    return chain_for(desk.identity.chains, before, str(body.get("sort", "")))


def _root_chain(desk: Desk, edition: Edition) -> tuple[str, ...]:
    """The positions that approve before an own edition leaves: one that asks, or one that gives."""
    kind = kind_named(edition.kind)
    gives = kind.case is not None and kind.case.gives
    return chain_of(desk, kind, Before.GIVING if gives else Before.ASKING, edition.body)


def clears(desk: Desk, edition: Edition) -> Decision:
    """Whether the chain of our party lets an own edition leave."""
    if not _root_chain(desk, edition):
        return Granted("own")
    key = key_of(desk.me, edition.record)
    approved = inward.is_approved(desk.board, key, _digest(edition))
    return Granted("own") if approved else Refused("inward_waiting")


def ask_before(act: Act, actor: Actor, edition: Edition) -> None:
    """Ask the chain about an edition that was written just now, where it has one and has not
    approved what the edition says to others already.
    """
    if clears(act.desk, edition):
        return
    kind = kind_named(edition.kind)
    asked = Asked(
        owner=edition.owner, record=edition.record, kind=kind, body=edition.body,
        positions=_root_chain(act.desk, edition),
        edition=edition.number, digest=_digest(edition),
    )  # fmt: skip
    begin(act, actor, asked)


def begin(act: Act, actor: Actor, asked: Asked) -> None:
    """Begin a round: the first position of the chain is asked."""
    desk, declared = act.desk, asked.kind.case
    assert declared is not None, "only a case has chains"
    number = _hurry(asked.kind, declared, asked.body)
    act.say(
        {
            "type": "inward", "round": desk.entropy.uuid(), "owner": asked.owner,
            "root": asked.record, "lane": asked.lane, "edition": asked.edition,
            "release": asked.release, "digest": asked.digest,
            "positions": list(asked.positions), "wanted": dict(asked.wanted),
            "haste": declared.haste_of({declared.hurry: number}).value,
            "each": declared.inward_ms[number - 1] // len(asked.positions),
            "by": actor.to_json(), "at": act.now,
        }
    )  # fmt: skip
    act.tell("asked_inward", record=asked.record if asked.owner == desk.me else "")
    act.changed("release", queries.found(desk.board, asked.owner, asked.record))


def _hurry(kind: Kind, declared: Declaration, body: Body) -> int:
    """The number of the root's choice of haste, from 1; the last where it is withheld, and for a
    kind that has none.
    """
    if not declared.hurry:
        return len(declared.inward_ms)
    choices = kind.field(declared.hurry).choices
    choice = body.get(declared.hurry)
    return choices.index(str(choice)) + 1 if choice in choices else len(choices)


def _digest(edition: Edition) -> str:
    """What of an edition others read, and whom it asks: notes below the tear line need no new
    approval.
    """
    said = {
        "body": {name: item for name, item in edition.body.items() if name not in edition.tear},
        "seats": edition.body.get("seats"),
        "label": edition.label.to_json(),
    }
    return hashlib.sha256(encode(cast("JSON", said))).hexdigest()
