"""Evidence of one record's life: what a third party can check without this node and without Tansiq.

It holds what stands in the feeds with the owner about the record (releases, recalls, who read it,
what was erased, and of a case the steps), each entry proved into a signed head, with cards and
agreements. Content leaves through the one door: what the maker may not read, or may not hand on,
goes as its leaf hash alone. The journal stays at home, save for own editions that the release
authority chooses to show.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, cast

from tansiq.board import arrivals, own_editions, queries, releases, steps
from tansiq.board.anchors import newest
from tansiq.board.board import key_of
from tansiq.board.partners import cards_by_age, revocations
from tansiq.board.views import view_of
from tansiq.desk.act.access import AccessEntry, Deed
from tansiq.desk.act.desk import Desk, demand
from tansiq.desk.proof import anchors, evidence_files
from tansiq.desk.proof.evidence_files import Feed, Item, Own, Paper
from tansiq.desk.release import agreements
from tansiq.desk.trust import partners
from tansiq.domain.errors import InputError
from tansiq.domain.labels import Label, Onward, label_from_json
from tansiq.domain.parties import Actor, PartyCode, Viewer
from tansiq.log.canonical import JSON, decode_object, encode
from tansiq.log.cards import read_card
from tansiq.log.store import JOURNAL, Entry, in_log, out_log
from tansiq.policy import mandate
from tansiq.policy.release import may_read, open_for
from tansiq.policy.seal import relabel, seal

CARDS_MAX: Final = 64
_CONTENT = ("edition",)
_ABOUT_RELEASE = ("read", "purged", "file")


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What evidence is about, and for whom it is made."""

    desk: Desk
    viewer: Viewer
    owner: PartyCode
    record: str
    releases: frozenset[str]
    steps: frozenset[tuple[str, str]]
    now: int
    opened: dict[str, bool] = field(default_factory=dict)


def make(
    desk: Desk,
    actor: Actor,
    owner: str,
    record: str,
    *,
    card: bytes,
    own: bool = False,
    to: str = "",
) -> bytes:
    """The evidence as a zip file; ``own`` adds the own editions from the journal, as of the last
    anchor; ``to`` keeps to the feeds with one partner, so that it names no other. Raises InputError
    where the record is absent or withheld, RefusedError.
    """
    demand(mandate.may_do(actor.role, mandate.Act.EXPORT_EVIDENCE))
    with desk.act() as act:
        about = _about(desk, desk.viewer(actor), PartyCode(owner), record)
        anchor = _last_anchor(desk) if own and owner == desk.me else None
        feeds = [
            feed for name in _feeds(desk, to) if (feed := _feed(about, name, anchor)) is not None
        ]
        paper = Paper(
            party=desk.me, node=desk.identity.node, owner=about.owner, record=record, made=act.now,
            cards=_cards(desk, card, feeds), revocations=_revocations(desk, feeds),
            agreements=tuple(_agreements(desk, feeds)), feeds=tuple(feeds),
            own=_own(about, anchor),
        )  # fmt: skip
        data = evidence_files.pack(desk, paper)
        act.say(
            {
                "type": "evidence", "owner": owner, "record": record, "own": own,
                "digest": hashlib.sha256(data).hexdigest(), "by": actor.to_json(), "at": act.now,
            }
        )  # fmt: skip
    desk.access.note(
        AccessEntry(
            deed=Deed.EXPORTED, place="evidence", items=(f"{owner}/{record}@",),
            position=actor.position, person=actor.person,
        )
    )  # fmt: skip
    return data


def _about(desk: Desk, viewer: Viewer, owner: PartyCode, record: str) -> _About:
    key, now = key_of(owner, record), desk.clock.now()
    sealed = queries.found(desk.board, owner, record)
    table = releases if owner == desk.me else arrivals
    if sealed is not None:
        readable = open_for(viewer, sealed, now) is not None
    else:  # what was recalled: who could have it may know that it is gone
        readable = arrivals.came_under(desk.board, key, queries.readable(desk.board, viewer))
    if not readable:
        raise InputError("record_absent")
    return _About(
        desk=desk, viewer=viewer, owner=owner, record=record, now=now,
        releases=table.of_record(desk.board, key), steps=steps.steps_of(desk.board, key),
    )  # fmt: skip


def _feeds(desk: Desk, to: str) -> Iterator[str]:
    if to and partners.partner(desk, to) is None:
        raise InputError("partner_unknown", party=to)
    for known in partners.partners(desk):
        if to not in ("", known.party):
            continue
        yield out_log(known.party)
        yield in_log(known.party)


def _feed(about: _About, log: str, anchor: anchors.Anchor | None) -> Feed | None:
    """What one feed says about the record; None where it says nothing."""
    desk = about.desk
    way, _, party = log.partition("/")
    sender = desk.me if way == "out" else PartyCode(party)
    bound = anchor.commitment.encode() if anchor and way == "out" and party in anchor.feeds else b""
    items, absent = [], set(about.releases if sender == about.owner else ())
    for entry in desk.store.scan(log):
        if entry.data is None:
            continue
        item = decode_object(entry.data) if _may_concern(about, entry.data) else {}
        if bound and bound in entry.data:
            items.append(Item(entry.seq, entry.leaf, entry.data, "anchor"))
        elif _concerns(about, item, sender, PartyCode(party)):
            absent.discard(str(item.get("release")))
            items.append(_item(about, entry, item, sender))
    if not items:
        return None
    mine = {item.release for item in items}
    if way == "out":  # a release to another partner is none of this partner's business
        absent = set()
    named = {release for item in items for release in item.names}
    return Feed(
        log=log, sender=sender, receiver=PartyCode(party) if way == "out" else desk.me,
        items=tuple(items), absent=tuple(sorted((absent & named) - mine)),
    )  # fmt: skip


def _may_concern(about: _About, data: bytes) -> bool:
    if about.record.encode() in data:
        return True
    return any(f'"{name}"'.encode() in data for name in _ABOUT_RELEASE) and any(
        release.encode() in data for release in about.releases
    )


def _concerns(about: _About, item: dict[str, JSON], sender: PartyCode, partner: PartyCode) -> bool:
    kind = item.get("type")
    if kind == "step":  # who may read the root reads every step
        same = item.get("root") == about.record and (sender, str(item.get("step"))) in about.steps
        # Its author may give another root's step the same id. Only in a circle do two act of whom
        # neither owns the root.
        return same and (about.owner in (about.desk.me, partner) or item.get("lane") == "")
    if kind in ("edition", "recall"):
        return sender == about.owner and item.get("record") == about.record
    return kind in _ABOUT_RELEASE and item.get("release") in about.releases


def _item(about: _About, entry: Entry, item: dict[str, JSON], sender: PartyCode) -> Item:
    assert entry.data is not None
    kind, release = str(item["type"]), str(item.get("release", ""))
    named = item.get("releases")
    names = tuple(map(str, named)) if isinstance(named, list) else (release,)
    shown = kind not in _CONTENT or _opens(about, entry.data, item, sender)
    what = kind if shown else "withheld"
    return Item(entry.seq, entry.leaf, entry.data if shown else None, what, release, names)


def _opens(about: _About, data: bytes, item: dict[str, JSON], sender: PartyCode) -> bool:
    """Whether the content may go along: its maker may read it, and a partner lets it go on."""
    release = str(item.get("release"))
    if release not in about.opened:
        label = label_from_json(item["label"])
        about.opened[release] = _may_hand_on(about, label, sender) and _released(
            about, data, label, release
        )
    return about.opened[release]


def _may_hand_on(about: _About, label: Label, sender: PartyCode) -> bool:
    return sender == about.desk.me or label.onward is Onward.FREE


def _released(about: _About, data: bytes, label: Label, release: str) -> bool:
    view = view_of(about.owner, release, data, 1)
    governing = queries.found(about.desk.board, about.owner, about.record)
    if view is None or governing is None:
        return False
    sealed = relabel(seal(view, owner=about.owner, label=label), governing)
    if about.owner == about.desk.me:  # for an own reader the partner's audience says nothing
        return bool(may_read(about.viewer, about.owner, label)) and (
            open_for(about.viewer, governing, about.now) is not None
        )
    return open_for(about.viewer, sealed, about.now) is not None


def _cards(desk: Desk, card: bytes, feeds: list[Feed]) -> dict[str, bytes]:
    """The cards of the parties that are named: ``MOD`` is the newest, ``MOD-1`` the oldest."""
    cards = {str(desk.me): card}
    for party in sorted({*_parties(feeds)}):
        known = partners.partner(desk, party)
        newest = known.data if known is not None else card
        cards[str(party)] = newest
        aged = cards_by_age(desk.board, party, CARDS_MAX)
        older = [data for data in aged if data != newest]
        authority = read_card(newest).authority
        same = [data for data in older if read_card(data).authority == authority]
        cards |= {f"{party}-{number}": data for number, data in enumerate(same, start=1)}
    return cards


def _revocations(desk: Desk, feeds: list[Feed]) -> dict[str, bytes]:
    """The revocations of nodes of the parties that are named."""
    found: dict[str, bytes] = {}
    for party in sorted({*_parties(feeds)}):
        said = sorted(revocations(desk.board, party), key=lambda one: one.public)
        for number, one in enumerate(said[:CARDS_MAX], start=1):
            found[f"{party}-{number}"] = one.paper
    return found


def _agreements(desk: Desk, feeds: list[Feed]) -> Iterator[tuple[str, bytes]]:
    for party in sorted({*_parties(feeds)} - {desk.me}):
        for agreement, signatures in agreements.agreements(desk.board, party)[:64]:
            first, second = agreement.parties
            name = f"{first}-{second}-{agreement.version}"
            plain = {"agreement": agreement.to_json(), "signatures": signatures}
            yield name, encode(cast("JSON", plain))


def _parties(feeds: list[Feed]) -> Iterator[PartyCode]:
    for feed in feeds:
        yield feed.sender
        yield feed.receiver


def _last_anchor(desk: Desk) -> anchors.Anchor | None:
    seq = newest(desk.board)
    for entry in [] if seq is None else desk.store.read(JOURNAL, seq, seq + 1):
        if entry.data is not None:
            return anchors.anchor_of(entry.seq, entry.data)
    return None


def _own(about: _About, anchor: anchors.Anchor | None) -> Own | None:
    """The own editions that the last anchor covers and that the maker may read."""
    if anchor is None:
        return None
    board, items = about.desk.board, []
    governing = queries.found(board, about.owner, about.record)
    for seq, leaf, data in own_editions.editions(board, key_of(about.owner, about.record)):
        view = view_of(about.owner, None, data, 1)
        if view is None or seq >= anchor.size(JOURNAL) or governing is None:
            continue
        label = label_from_json(decode_object(data)["label"])
        sealed = relabel(seal(view, owner=about.owner, label=label), governing)
        if open_for(about.viewer, sealed, about.now) is not None:
            items.append(Item(seq, leaf, data, "edition"))
    return Own(anchor=anchor, items=tuple(items))
