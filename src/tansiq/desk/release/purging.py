"""Purging: what was recalled or has expired is erased, and its owner hears who had read it."""

from typing import Final

from tansiq.board import access_entries, arrivals, cases, file_bytes, files
from tansiq.board.board import key_of
from tansiq.desk.act import notify, timekeeping
from tansiq.desk.act.access import EDITION_CHARS
from tansiq.desk.act.desk import Act, Desk
from tansiq.desk.release import receipts
from tansiq.desk.release.hastening import hasten
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode, Role
from tansiq.log.canonical import JSON, decode_object
from tansiq.log.store import files_log, in_log
from tansiq.policy.following import receipt_moment

_ROUNDS_MAX: Final = 8  # of so many at once within the act that takes a parcel


def recalled(act: Act, party: PartyCode) -> None:
    """Erase what ``party`` recalled, and tell it so with who had read it."""
    for _ in range(_ROUNDS_MAX):
        if not _purge(act, arrivals.to_purge(act.desk.board, party), "recalled"):
            return


def expired(desk: Desk) -> int:
    """Erase what partners released to us until now and no longer, unless the clock is in doubt; and
    of what they recalled whatever is still here, for that waits for no link.
    """
    with desk.act() as act:
        done = _purge(act, arrivals.to_purge(desk.board), "recalled")
        if not timekeeping.in_doubt(desk):
            done += _purge(act, arrivals.run_out(desk.board, act.now), "expired")
    return done


def _purge(act: Act, doomed: list[arrivals.Doomed], cause: str) -> int:
    """Erase these, and the files of the records that end with them: none outlives the last record
    that names it.
    """
    board, gone = act.desk.board, set[str]()
    for one in doomed:
        if one.release in gone:
            continue
        named = files.named_by(board, one.key)
        _erase(act, one.release, one.key, one.owner, cause=cause, read_by=one.read_by)
        left = files.not_named(board, one.owner, named)
        gone.add(one.release)
        for file in arrivals.standing(board, [key_of(one.owner, item) for item in left]):
            _erase(act, file.release, file.key, file.owner, cause=cause, read_by=file.read_by)
            gone.add(file.release)
    if doomed:
        board.forget_words()
    return len(gone)


def _erase(act: Act, release: str, key: str, owner: str, *, cause: str, read_by: str = "") -> None:
    """Erase every entry of a release and all bytes of its file, take it off the board, and tell
    its owner.
    """
    desk = act.desk
    seqs = arrivals.entries_of(desk.board, release, owner)
    stood = _edition_of(desk, release, owner, seqs)
    shown = _shown_to(desk, key, owner, seqs, read_by.split())
    desk.store.erase(in_log(owner), seqs)
    desk.store.erase(files_log(owner), file_bytes.entries_of(desk.board, release, owner))
    said = {
        "type": "purged", "release": release, "record": key.partition("/")[2], "cause": cause,
        "read_by": read_by.split(), "shown_to": shown, "shown": bool(shown), "at": act.now,
    }  # fmt: skip
    notify.tell(act, "inbox", [key])
    exact = _is_exact(desk, owner, stood)
    told = {**said, "read_by": read_by.split() if exact else [],
            "shown_to": shown if exact else [],
            "at": receipt_moment(act.now, exact=exact)}  # fmt: skip
    seq = act.feed(PartyCode(owner), told)
    label = stood["label"] if stood else None
    # Which lane it opened is no content, and steps that stay are known by it.
    opened = cases.opening_kept(desk.board, release)
    act.say({**said, "owner": owner, "seq": seq, "label": label, "opened": opened})
    if cause == "recalled":
        hasten(act, PartyCode(owner), [seq])


def _shown_to(desk: Desk, key: str, owner: str, seqs: list[int], opened: list[str]) -> list[str]:
    """The positions that were shown a release: those that opened it, and by the access log those
    that saw it in a list, in the inbox, in a part that refreshed itself, on paper. An auditor's
    looking tells nothing.
    """
    leaves = [
        entry.leaf.hex()[:EDITION_CHARS]
        for seq in seqs
        for entry in desk.store.read(in_log(owner), seq, seq + 1)
        if entry.data is not None
    ]
    found = access_entries.shown_to(desk.board, key, leaves, BOUNDS.readers_max)
    roles = {position.code: position.role for position in desk.identity.positions}
    acting = [code for code in found if roles.get(code) is not Role.AUDITOR]
    return list(dict.fromkeys([*opened, *acting]))[: BOUNDS.readers_max]


def _is_exact(desk: Desk, owner: str, stood: dict[str, JSON]) -> bool:
    """Whether the owner is told the position and the second, by what it had released."""
    return bool(stood) and receipts.is_exact(desk.board, owner, stood, desk.clock.now())


def _edition_of(desk: Desk, release: str, owner: str, seqs: list[int]) -> dict[str, JSON]:
    """The edition of a release that stood here, before its content goes; empty if none did. Its
    label is kept.
    """
    for seq in seqs:
        for entry in desk.store.read(in_log(owner), seq, seq + 1):
            item = decode_object(entry.data) if entry.data else {}
            if item.get("type") == "edition" and desk.board.holds(release, owner, seq):
                return item
    return {}
