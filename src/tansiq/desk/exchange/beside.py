"""The bytes of files, which travel beside the feeds in what is left of each parcel after words.

A feed names a file by its digest. Whoever lacks bytes of one says in each parcel how many it has;
the partner sends pieces from there. On a stick nobody can ask first: there goes what is not known
to be whole.

What must hold: bytes leave only while their release stands and record and file may still go to
this partner, asked at the moment of sending; bytes that nobody awaits are passed over; a file
counts as delivered once all of it is there and has its digest, and its owner hears that in the
feed. Bytes that have it not are erased, and are asked for no more.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tansiq.board import file_bytes, link_state, own_editions
from tansiq.board.board import key_of
from tansiq.board.file_bytes import Lacking
from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.exchange import accepting
from tansiq.desk.release import file_leaving, releasing
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import JSON, base64_bytes, base64_text, decode_object, encode
from tansiq.log.store import files_log
from tansiq.sync.header import Header, Lack
from tansiq.sync.pieces import Piece, Wanted, fresh

PIECE_BYTES_MIN = 4 * 1024  # less than that is not worth a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The pieces that go in one parcel. ``reached`` is up to which byte each file has been said on
    this carrier, ``more`` whether bytes are left that may go.
    """

    pieces: tuple[Piece, ...] = ()
    reached: Mapping[str, int] = field(default_factory=dict)
    more: bool = False


NOTHING = Beside()


# Asking and taking --------------------------------------------------------------------------------


def lacks(desk: Desk, party: str, now: int, number: int) -> tuple[Lack, ...]:
    """What to ask ``party`` for in parcel ``number``. Of more files than one parcel names, the next
    one names others: a file that may not come must not keep the rest away.
    """
    found = file_bytes.lacking(desk.board, party, now)
    most = BOUNDS.files_asked_max
    first = number * most % len(found) if len(found) > most else 0
    turned = [*found[first:], *found[:first]]
    return tuple(Lack(one.release, one.have) for one in turned[:most])


def listen(act: Act, party: PartyCode, header: Header) -> bool:
    """Remember of which files ``party`` lacks bytes; whether it says something else than before."""
    told = {one.release: one.have for one in header.lacks}
    return link_state.ask_files(act.desk.board, party, told)


def take(act: Act, party: PartyCode, pieces: Sequence[Piece]) -> int:
    """Keep what these pieces add to files that ``party`` is asked for; how many bytes that was."""
    if not pieces:
        return 0
    open_ = {one.release: one for one in file_bytes.lacking(act.desk.board, party, act.now)}
    kept = 0
    for piece in pieces:
        known = open_.get(piece.release)
        if known is None:
            continue  # never asked for, or over since: it is nobody's
        data = fresh(Wanted(known.release, known.have, known.size), piece)
        if data is None:
            _judge(act, party, open_.pop(piece.release), true=False)
        elif data:
            known = open_[piece.release] = _keep(act, party, known, data)
            kept += len(data)
            if known.have == known.size:
                del open_[piece.release]
                _judge(act, party, known, true=_is_true(act.desk, known))
    if kept:
        act.changed("link")
    return kept


def _keep(act: Act, party: PartyCode, known: Lacking, data: bytes) -> Lacking:
    desk, owner = act.desk, known.key.partition("/")[0]
    kept: JSON = {"release": known.release, "n": known.have, "data": base64_text(data)}
    seq = desk.store.append(files_log(party), [encode(kept)])
    act.say(
        {"type": "part", "party": party, "owner": owner, "release": known.release,
         "record": known.key.partition("/")[2], "n": known.have, "bytes": len(data), "seq": seq,
         "at": act.now},
    )  # fmt: skip
    return replace(known, have=known.have + len(data))


def _is_true(desk: Desk, known: Lacking) -> bool:
    found = hashlib.sha256()
    for part in own_editions.chunks(desk.board, known.key):
        found.update(base64_bytes(str(decode_object(part)["data"]), "chunk_damaged"))
    return found.hexdigest() == known.digest


def _judge(act: Act, party: PartyCode, known: Lacking, *, true: bool) -> None:
    """All bytes are here and true, or they are not: then they go, and none is asked for again."""
    desk, (owner, _, record) = act.desk, known.key.partition("/")
    if not true:
        spoilt = file_bytes.entries_of(desk.board, known.release, party, own=known.key)
        desk.store.erase(files_log(party), spoilt)
        accepting.alarm(act, party, "file_differs", accepting.about([known.key]))
    state = "whole" if true else "spoilt"
    if owner == party:
        act.feed(party, {"type": "file", "release": known.release, "state": state, "at": act.now})
    act.say(
        {"type": "file", "party": party, "release": known.release, "record": record,
         "state": state, "at": act.now},
    )  # fmt: skip


# Sending ------------------------------------------------------------------------------------------


def asked_by(desk: Desk, party: PartyCode, size: int, now: int, *, live: bool) -> dict[str, int]:
    """From which byte on to send which files: those that ``party`` asked for, by its last parcel.
    On a carrier without a round trip, all that stand among the first ``size`` entries of the feed
    and are not known to be whole there.
    """
    asked = link_state.asked_files(desk.board, party)
    if not live:
        for release, _ in file_bytes.outstanding(desk.board, party, size, now):
            asked.setdefault(release, link_state.file_have(desk.board, party, release))
    return asked


def pieces(
    desk: Desk, party: PartyCode, asked: Mapping[str, int], reached: Mapping[str, int], *,
    room: int, now: int,
) -> Beside:  # fmt: skip
    """What goes of these files in ``room`` bytes; ``reached`` is what went on this carrier before,
    where nobody could answer yet.
    """
    made: list[Piece] = []
    now_at = {release: max(have, reached.get(release, 0)) for release, have in asked.items()}
    for release, begin in list(now_at.items()):
        source = _source(desk, party, release, now)
        for data in _from(desk, source, begin) if source else ():
            left = min(room, BOUNDS.pieces_bytes_max) - sum(len(one.data) for one in made)
            part = data[: min(left, BOUNDS.chunk_bytes_max)]
            more = len(part) < len(data)
            if len(part) >= min(PIECE_BYTES_MIN, len(data)):
                made.append(Piece(release, now_at[release], part))
                now_at[release] += len(part)
            if more:
                return Beside(pieces=tuple(made), reached={**reached, **now_at}, more=True)
    return Beside(pieces=tuple(made), reached={**reached, **now_at})


def may_go(desk: Desk, party: PartyCode, release: str) -> bool:
    """Whether bytes of the file that goes by ``release`` may still go to ``party``."""
    return _source(desk, party, release, desk.clock.now()) is not None


def _source(desk: Desk, party: PartyCode, release: str, now: int) -> tuple[str, str] | None:
    """Where bytes of a file stand that may go to ``party`` now: its record's key and the release
    under which they are kept. Its own go back to a party that lost them.
    """
    if file_leaving.may_leave(desk, party, release, now):
        return key_of(desk.me, str(releasing.prepared(desk, release)["record"])), ""
    theirs = file_bytes.held_of(desk.board, party, release)
    return None if theirs is None else (theirs, release)


def _from(desk: Desk, source: tuple[str, str], at: int) -> Iterator[bytes]:
    """The bytes of a file from ``at`` on, part by part."""
    begin = 0
    for part in file_bytes.parts(desk.board, *source):
        end = begin + part.bytes
        if end > at:
            entry = decode_object(file_bytes.bytes_of(desk.board, part))
            yield base64_bytes(str(entry["data"]), "chunk_damaged")[max(0, at - begin) :]
        begin = end
