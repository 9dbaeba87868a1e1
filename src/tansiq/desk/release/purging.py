"""Purging: what was recalled or has expired is erased, and its owner hears who had read it."""

from tansiq.desk.act import notify, timekeeping
from tansiq.desk.act.desk import Act, Desk
from tansiq.domain.parties import PartyCode
from tansiq.log.canonical import JSON, decode_object
from tansiq.log.store import in_log


def recalled(act: Act, party: PartyCode) -> None:
    """Erase what ``party`` recalled, and tell it so with who had read it."""
    _purge(act, "owner = ? AND recalled_at > 0", (party,), "recalled")


def expired(desk: Desk) -> int:
    """Erase what partners released to us until now and no longer, unless the clock is in doubt."""
    if timekeeping.in_doubt(desk):
        return 0
    with desk.act() as act:
        return _purge(act, "expires > 0 AND expires <= ?", (act.now,), "expired")


def _purge(act: Act, where: str, values: tuple[str | int, ...], cause: str) -> int:
    desk = act.desk
    rows = desk.database.rows(
        f"""SELECT release, record, owner, read_by FROM received
            WHERE purged_at = 0 AND {where} LIMIT 500""",
        values,
    )
    for release, key, owner, read_by in rows:
        _erase(act, str(release), str(key), str(owner), cause=cause, read_by=str(read_by))
    if rows:
        desk.board.forget_words()
    return len(rows)


def cut_short(act: Act, party: PartyCode, begin: int) -> None:
    """Erase the chunks of a file whose rest will not come: ``party`` withdrew it, or went back to
    an older state in the middle. The parts of a file stand next to one another, so whatever else
    follows them says so.
    """
    log = act.desk.store.id_of(in_log(party))
    rows = act.desk.database.rows(
        """SELECT DISTINCT c.release, c.record FROM chunk c
             JOIN entry n ON n.log = c.log AND n.seq = c.seq + 1
           WHERE c.log = ? AND c.seq >= ?
             AND NOT EXISTS (SELECT 1 FROM content k
               WHERE k.release = c.release AND k.log = c.log AND k.seq = c.seq + 1)
             AND NOT EXISTS (SELECT 1 FROM received r WHERE r.release = c.release)""",
        (log, begin - 1),
    )
    for release, key in rows:
        _erase(act, str(release), str(key), party, cause="expired")


def _erase(act: Act, release: str, key: str, owner: str, *, cause: str, read_by: str = "") -> None:
    """Erase every entry of a release, take it off the board, and tell its owner."""
    desk = act.desk
    seqs = entries_of(desk, release, owner)
    label = _label_of(desk, release, owner, seqs)
    desk.store.erase(in_log(owner), seqs)
    sent = {
        "type": "purged", "release": release, "record": key.partition("/")[2], "cause": cause,
        "read_by": read_by.split(), "at": act.now,
    }  # fmt: skip
    notify.tell(act, "inbox", [key])
    seq = act.feed(PartyCode(owner), sent)
    act.say({**sent, "owner": owner, "seq": seq, "label": label})


def entries_of(desk: Desk, release: str, owner: str) -> list[int]:
    """Which entries of ``owner``'s feed hold the content of a release: its edition, whether it
    stands or not, and its chunks.
    """
    rows = desk.database.rows(
        """SELECT seq FROM content WHERE release = ? AND log = ?
           UNION SELECT seq FROM received WHERE release = ? AND owner = ? AND seq >= 0""",
        (release, desk.store.id_of(in_log(owner)), release, owner),
    )
    return sorted(int(str(row[0])) for row in rows)


def _label_of(desk: Desk, release: str, owner: str, seqs: list[int]) -> JSON:
    """The label under which a release stood here, kept when its content goes; None if it never
    did.
    """
    for seq in seqs:
        for entry in desk.store.read(in_log(owner), seq, seq + 1):
            item = decode_object(entry.data) if entry.data else {}
            if item.get("type") == "edition" and desk.board.holds(release, owner, seq):
                return item["label"]
    return None
