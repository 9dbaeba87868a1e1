"""What a node that went back to an older state gets back from its partners: its own words.

A partner's copy of our feed holds all that we released to it. From it come back, as entries of the
journal: what was released, recalled, read and purged, agreements, files, and of records that were
lost here whatever had left above the tear line. What never left is lost, and an alarm says so.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Final

from tansiq.board import arrivals, cases, file_bytes, own_editions, queries, recovered, releases
from tansiq.board.board import key_of
from tansiq.board.rows import partner_moment, text_of, texts_of
from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.exchange import accepting, steps_back
from tansiq.desk.release import agreements, releasing
from tansiq.desk.release.history import past_of
from tansiq.desk.release.proposing import own_edition
from tansiq.desk.trust import papers
from tansiq.domain.areas import place_of
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import FaultError, InputError, ParcelError
from tansiq.domain.kinds import Kind, kind_reading
from tansiq.domain.kinds.files.attachment import ATTACHMENT
from tansiq.domain.parties import Actor, PartyCode, position_code
from tansiq.domain.places import Grain, stands_for
from tansiq.domain.records import Body, Edition, WireEdition, record_id, wire_from_json
from tansiq.log.canonical import JSON, decode_object
from tansiq.log.checkpoint import Checkpoint, feed_origin, verify
from tansiq.log.store import Entry, files_log, in_log, out_log
from tansiq.sync.engine import Regain
from tansiq.sync.parcel import Line

NOBODY: Final = "RECOVERED"  # stands where a roster number was lost
_BYTES_MAX: Final = BOUNDS.parcel_plain_bytes_max * 3 // 4  # a run that came is at most as long
_Item = dict[str, JSON]


def signed_by_me(desk: Desk, party: PartyCode, note: str) -> Checkpoint | None:
    """The head of our feed to ``party`` that a note states, where this node signed it."""
    origin = feed_origin(desk.me, party)
    keys = [desk.identity.keys.public, *(card.public for card in papers.cards_of(desk, desk.me))]
    for public in dict.fromkeys(keys):
        with suppress(ParcelError):
            return verify(note, origin, origin, public)
    return None


def came_back(desk: Desk, party: str, seq: int) -> bool:
    """Whether an entry of the feed to ``party`` came back from it."""
    return recovered.came_back(desk.board, party, seq)


def given_back(desk: Desk, party: PartyCode, need: int | None) -> tuple[list[Line], str]:
    """The run of ``party``'s own feed from ``need`` on that it has lost, and its note after it."""
    log = in_log(party)
    notes = [] if need is None else desk.store.notes_past(log, need, party)
    if not notes or need is None:
        return [], ""
    size, _, text = notes[0]
    for further, _, note in notes[1:]:
        if further - need > BOUNDS.parcel_entries_max:
            break
        size, text = further, note
    lines = [Line(entry.data, entry.leaf) for entry in desk.store.read(log, need, size)]
    return _fitting(lines, need, notes, text)


def _fitting(
    lines: list[Line], need: int, notes: list[tuple[int, bytes, str]], text: str
) -> tuple[list[Line], str]:
    """As many whole runs as fit; a single one came in a parcel and goes back in one."""
    for size, _, note in reversed([found for found in notes if found[0] <= need + len(lines)]):
        run = lines[: size - need]
        if sum(len(line.data or b"") + 80 for line in run) <= _BYTES_MAX or size == notes[0][0]:
            return run, note
    return lines, text


def regain(act: Act, party: PartyCode, effect: Regain) -> None:
    """Put our own words back into the feed to ``party`` and into the journal."""
    store, log = act.desk.store, out_log(party)
    ours = store.read(log, effect.first, store.head(log).size)
    kept = _not_among(ours, effect.lines)
    store.cut(log, effect.first)
    store.append_leaves(log, [(line.leaf, line.data) for line in effect.lines])
    store.keep_note(log, size=effect.size, root=effect.root, signer=act.desk.me, text=effect.note)
    store.append_leaves(log, [(entry.leaf, entry.data) for entry in kept])
    unknown = [seq for seq, line in enumerate(effect.lines, effect.first) if line.data is None]
    act.say(
        {"type": "recovered", "party": party, "first": effect.first, "size": effect.size,
         "kept": [entry.seq for entry in kept], "bare": [*effect.bare, *unknown], "at": act.now},
    )  # fmt: skip
    erased = [
        _fact(act, party, seq, line.data)
        for seq, line in enumerate(effect.lines, start=effect.first)
    ]
    if any(erased):
        act.desk.board.forget_words()
    _say_kept(act, party, kept, effect.size)
    accepting.alarm(act, party, "recovered", {"count": len(effect.lines)})
    if effect.whole:
        recall_anew(act, party)
    act.changed("link")


def _say_kept(act: Act, party: PartyCode, kept: list[Entry], start: int) -> None:
    """Say what we appended before we heard that we had gone back, and what stands in the feed from
    ``start`` on. What went by itself of a record of which a recall or its end came back is recalled
    before it leaves: nobody had known.
    """
    gone: set[str] = set()
    for seq, entry in enumerate(kept, start=start):
        item = decode_object(entry.data) if entry.data else {}
        if item.get("type") != "edition" or not _is_ours(act.desk, str(item.get("release"))):
            continue
        record = str(item["record"])
        if releasing.prepared(act.desk, str(item["release"]))["automatic"]:
            gone |= {record} if past_of(act.desk, record, party).ended else set()
        _say_released(act, str(item["release"]), seq, item["at"])
    for record in sorted(gone):
        releasing.recall_again(act, record, party)


def recall_anew(act: Act, party: PartyCode) -> None:
    """Recall what stands as released here while ``party`` has its hash alone: it was recalled
    before it left, and the recall was lost with the disk. Only once ``party`` has given back all
    that it holds: the recall may be among that.
    """
    desk = act.desk
    bare: dict[str, int] = {}  # the releases, and the first entry of each
    for seq in recovered.bare(desk.board, party):
        (entry,) = desk.store.read(out_log(party), seq, seq + 1)
        bare.setdefault(_release_of(entry.data), entry.seq)
    found = _withheld(act, party, bare)
    for record in sorted(found):
        releasing.recall_again(act, record, party)
    stopped = _stop_queued(act, party) if "" in bare else 0
    if found or stopped:
        accepting.alarm(act, party, "recalled_anew", {"count": len(found) + stopped})


def _withheld(act: Act, party: PartyCode, bare: dict[str, int]) -> set[str]:
    """The records of those of these releases that stand, and of those that a bare file came with:
    a file's entries stand before those of its record.
    """
    named = {release: seq for release, seq in bare.items() if release}
    first = min(named.values(), default=BOUNDS.integer_max)
    rows = releases.standing(act.desk.board, party, first, act.now)
    gone = {release for release, _ in rows} & named.keys()
    return {
        record.partition("/")[2]
        for release, record in rows
        if gone.intersection([release, *texts_of(releasing.prepared(act.desk, release), "with")])
    }


def _stop_queued(act: Act, party: PartyCode) -> int:
    """Decline what is prepared for ``party`` and has not left: where a hash alone came back, any of
    it may have left as that. People look, and release it anew.
    """
    unsent = releases.unsent(act.desk.board, party)
    for release in unsent:
        _decline(act, release)
    return len(unsent)


def _decline(act: Act, release: str) -> None:
    by = {"rule": "recovered"}
    said = {"type": "declined", "release": release, "cause": "recalled"}
    act.say({**said, "by": by, "at": act.now})


def _is_ours(desk: Desk, release: str) -> bool:
    """Whether the release is one that was made here, as a desk makes them."""
    return releases.exists(desk.board, release)


def _say_released(act: Act, release: str, seq: int, at: JSON) -> None:
    act.say({"type": "released", "release": release, "seq": seq, "at": at, "recovered": True})


def _not_among(ours: list[Entry], theirs: tuple[Line, ...]) -> list[Entry]:
    """What we appended and never signed, without what had already left before the disk died."""
    leaves = {line.leaf for line in theirs}
    releases = {_release_of(line.data) for line in theirs} - {""}
    return [
        entry
        for entry in ours
        if entry.leaf not in leaves and _release_of(entry.data) not in releases
    ]


def _release_of(data: bytes | None) -> str:
    item = decode_object(data) if data is not None else {}
    return str(item.get("release")) if item.get("type") == "edition" else ""


def _fact(act: Act, party: PartyCode, seq: int, data: bytes | None) -> bool:
    """Say in the journal what one regained entry tells; whether content was erased by that."""
    if data is None:
        return False  # recalled or expired there: its hash alone came back
    item = decode_object(data)
    try:
        match item.get("type"):
            case "edition":
                _edition_back(act, party, seq, item)
            case "recall":
                _recall_back(act, party, seq, item)
            case "step":
                steps_back.step_back(act, party, seq, item)
            case "read" | "purged":
                return _done_back(act, party, seq, item)
            case "held":
                _held_back(act, party, seq, item)
            case "agreement":
                agreements.take_back(act, party, item)
            case "revocation":
                papers.of_entry(act, party, item)
    except FaultError:
        return False  # an entry that no node can use told nothing before either
    return False


# Records ------------------------------------------------------------------------------------------


def _edition_back(act: Act, party: PartyCode, seq: int, item: _Item) -> None:
    wire = wire_from_json(dict(item), act.desk.me)
    kind = kind_reading(wire.kind, wire.version)
    if kind is None or kind.inner or wire.state not in kind.states:
        return
    wire = replace(wire, body=kind.check(kind.upcast(wire.body, wire.version), whole=False))
    if releases.feed_seq(act.desk.board, wire.release) is not None:
        return
    number = _own_edition(act, kind, wire)
    if not releases.exists(act.desk.board, wire.release):
        act.say(
            {
                "type": "release", "release": wire.release, "record": wire.record, "n": number,
                "to": party, "rule": wire.rule, "agreement": "", "agreement_version": 0,
                "automatic": False, "approvers": 0, "hide": [], "grain": Grain.EXACT.value,
                "wire": wire.to_json(), "with": [], "due": 0, "expires": wire.label.expires,
                "by": {"rule": wire.rule}, "at": wire.at, "recovered": True,
            }
        )  # fmt: skip
    _say_released(act, wire.release, seq, wire.at)
    if kind.name == ATTACHMENT.name and _lost(act, wire.record):
        lost = {"type": "lost_file", "release": wire.release, "record": wire.record}
        act.say({**lost, "party": party, "at": act.now})


def _lost(act: Act, record: str) -> bool:
    return not own_editions.has_bytes(act.desk.board, key_of(act.desk.me, record))


def _own_edition(act: Act, kind: Kind, wire: WireEdition) -> int:
    """The number of our edition that tells at least what the partner has; a new one where ours was
    lost.
    """
    desk = act.desk
    try:
        ours = own_edition(desk, wire.record)
    except InputError:
        edition = Edition(
            record=wire.record, owner=desk.me, kind=kind.name, version=kind.version, number=1,
            previous="", state=wire.state, label=wire.label, body=wire.body,
            tear=kind.below_by_default(), author=_author(desk, wire), at=wire.at,
        )  # fmt: skip
        return _say_edition(act, edition)
    body = _merged(kind, ours.body, wire.body)
    if wire.at <= ours.at or (body, wire.state) == (ours.body, ours.state):
        return ours.number
    edition = replace(
        ours, number=ours.number + 1, previous=_leaf(desk, wire.record), state=wire.state,
        body=body, author=_author(desk, wire), at=wire.at,
    )  # fmt: skip
    return _say_edition(act, edition)


def _say_edition(act: Act, edition: Edition) -> int:
    act.say({**edition.to_json(), "recovered": True})
    act.changed(edition.kind, queries.found(act.desk.board, edition.owner, edition.record))
    return edition.number


def _author(desk: Desk, wire: WireEdition) -> Actor:
    posts = {post.code: post for post in desk.identity.positions}
    post = posts.get(wire.position, desk.identity.positions[0])
    return Actor(party=desk.me, position=post.code, role=post.role, person=NOBODY)


def _leaf(desk: Desk, record: str) -> str:
    return own_editions.newest_leaf(desk.board, key_of(desk.me, record)).hex()


def _merged(kind: Kind, ours: Body, theirs: Body) -> Body:
    """Our body with what the partner was told later; an exact place stays where theirs is no
    other, only coarser.
    """
    told = dict(theirs)
    mine = ours.get(kind.place) if kind.place else None
    if mine is not None and kind.place in told:
        place, there = place_of(mine), place_of(told[kind.place])
        if stands_for(there, place):
            told.pop(kind.place)
    return kind.check({**ours, **told}, whole=False)


# Acts ---------------------------------------------------------------------------------------------


def _recall_back(act: Act, party: PartyCode, seq: int, item: _Item) -> None:
    record_id(item.get("record"))
    text_of(item, "reason")
    for release in texts_of(item, "releases"):
        # It had left, and came back without its content: it must not leave again.
        if releases.is_unsent(act.desk.board, release):
            _decline(act, release)
    by = {"rule": "recovered"}
    act.say({**item, "to": party, "seq": seq, "by": by, "recovered": True})


def _done_back(act: Act, party: PartyCode, seq: int, item: _Item) -> bool:
    """That we had read, or purged, what ``party`` released to us; whether it is erased now."""
    desk, release = act.desk, record_id(item.get("release"))
    record_id(item.get("record"))
    came = arrivals.arrived(desk.board, release)
    readers, purged = (came.read_by, came.purged_at) if came else ((), 0)
    done: dict[str, object] = {**item, "owner": party, "seq": seq, "recovered": True}
    partner_moment(item)
    if item["type"] == "read":
        position = text_of(item, "position")
        if not position or position_code(position) not in readers:
            act.say({**done, "by": {"rule": "recovered"}})
    elif not purged:
        opened = cases.opening_kept(desk.board, release)
        desk.store.erase(in_log(party), arrivals.entries_of(desk.board, release, party))
        desk.store.erase(files_log(party), file_bytes.entries_of(desk.board, release, party))
        act.say({**done, "label": None, "opened": opened})
        return True
    return False


def _held_back(act: Act, party: PartyCode, seq: int, item: _Item) -> None:
    """That we had told ``party`` what is held here. What is held no longer, it is told anew."""
    texts_of(item, "releases")
    text_of(item, "reason")
    act.say({**item, "owner": party, "seq": seq, "recovered": True})


def without_purged(desk: Desk, party: PartyCode, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines of ``party``'s feed as they may be kept here: what we purged before we went back
    does not come again.
    """
    if not recovered.any_of(desk.board, party):
        return lines
    purged = arrivals.purged(desk.board, party)
    return tuple(
        Line(None, line.leaf) if _release_of(line.data) in purged else line for line in lines
    )
