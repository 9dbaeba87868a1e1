"""Who has spoken since: what a node that has begun anew must hear before it signs something new.

A process may run on an older state than its partners know of: a disk was copied back, a backup was
restored. So the first parcel to a partner says nothing new and carries a random word (``ask``);
the partner repeats it (``told``) with its receipt, which shows how far this node's feed went. On a
connection that is one round trip, once a process. A stick has no round trip to give, so it waits
only on a node that is marked as restored. The mark goes when every partner has been heard and
nothing is lacking any more.
"""

from dataclasses import dataclass

from tansiq.board import link_state, node_state, partners
from tansiq.desk.act import timekeeping
from tansiq.desk.act.desk import Act, Desk
from tansiq.domain.parties import PartyCode
from tansiq.sync.header import Header

WORD_CHARS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """The node was restored at ``at`` from a backup of ``backup_at``; ``silent`` are the partners
    that have not spoken since, ``lacking`` those from whom own words are still to come back,
    ``behind`` those whose words have not all come again.
    """

    at: int
    backup_at: int
    silent: tuple[PartyCode, ...]
    lacking: tuple[PartyCode, ...]
    behind: tuple[PartyCode, ...]


def mark_restored(desk: Desk, backup_at: int) -> None:
    """The state here is an older one: nothing new is signed before each partner was heard."""
    with desk.act() as act:
        found = node_state.Restore(word=_random(desk), at=act.now, backup_at=backup_at)
        node_state.mark_restored(desk.board, found)
        act.changed("link")


def restoration(desk: Desk) -> Restoration | None:
    """Since when and until whom this node catches up; None for a node that is up to date."""
    found = node_state.restored(desk.board)
    if found is None:
        return None
    known = link_state.caught(desk.board)
    return Restoration(
        at=found.at,
        backup_at=found.backup_at,
        silent=tuple(one.party for one in known if one.heard != found.word),
        lacking=tuple(one.party for one in known if one.rewound),
        behind=tuple(one.party for one in known if one.level != found.word),
    )


def _random(desk: Desk) -> str:
    return desk.entropy.uuid().replace("-", "")[-WORD_CHARS:]


def _mark(desk: Desk) -> str:
    found = node_state.restored(desk.board)
    return found.word if found else ""


def unsynced(desk: Desk, party: str) -> bool:
    """Whether this node was restored and has not heard ``party`` since."""
    mark = _mark(desk)
    return bool(mark) and link_state.heard(desk.board, party)[0] != mark


def asks(desk: Desk, party: str, *, live: bool) -> str:
    """The word that ``party`` is to repeat before anything new is signed; "" once it has, and on a
    carrier without a round trip (not ``live``) for a node that was not restored. It is asked for as
    long as own words are lacking: the partner may lose them too. A new process of a node that is
    still marked asks again where that is one round trip.
    """
    lacks = partners.went_back(desk.board, party)
    if not (live or lacks or _mark(desk)):
        return ""
    found = word(desk) or _new_word(desk)
    known = link_state.heard(desk.board, party)[0] == found and (party in desk.met or not live)
    return "" if known and not lacks else found


def again(desk: Desk, *, gap: bool) -> str:
    """What a restored node repeats as long as its partner goes on past a ``gap``: that may have
    gone back since to a state in which this node held more.
    """
    return _mark(desk) if gap else ""


def word(desk: Desk) -> str:
    """What partners are to repeat to this process or, after a restore, to this node; "" where
    nothing was asked yet.
    """
    return _mark(desk) or desk.word


def _new_word(desk: Desk) -> str:
    desk.word = _random(desk)
    return desk.word


def told(desk: Desk, party: str) -> str:
    """The word that ``party`` waits to hear."""
    return link_state.asked(desk.board, party)


def begins_anew(desk: Desk, party: str, header: Header) -> bool:
    """Whether ``party`` has begun anew since we last heard it. What of it waits behind a gap was
    signed by a state that it may not know any more: taken later, it would look like a second
    history, and an honest partner that was restored would be stopped.
    """
    return bool(header.ask) and header.ask != told(desk, party)


def position(desk: Desk, party: str) -> tuple[int | None, int | None]:
    """How much of our feed ``party`` holds, and from where on it wants its own back."""
    return link_state.position(desk.board, party)


def listen(act: Act, party: PartyCode, header: Header) -> bool:
    """Remember what a partner's parcel says of its position; whether that is news."""
    timekeeping.agree(act, header.made_ms)
    desk = act.desk
    desk.starts[party] = -1 if header.ask else header.start
    heard, heard_in = link_state.heard(desk.board, party)
    before = (heard, *position(desk, party))
    have = before[1]
    if header.ask or have is None or header.have > have:
        have = header.have  # only who has begun anew can have less than before
    if header.told and header.told == word(desk):
        heard, heard_in = header.told, header.number
        desk.met.add(party)
    elif begins_anew(desk, party, header):
        heard_in = min(heard_in, header.number)  # its numbers went back with it
    link_state.keep_position(
        desk.board, party,
        position=(have, header.need), ask=header.ask, heard=(heard, heard_in),
    )  # fmt: skip
    return (heard, have, header.need) != before


def has_receipt(desk: Desk, party: PartyCode, size: int) -> bool:
    """Whether ``party`` last went on from ``size``: then it has our receipt for it."""
    return size > 0 and desk.starts.get(party) == size


def settle(act: Act, party: PartyCode, header: Header, held: int) -> None:
    """Take the mark off a restored node that lacks nothing any more; ``held`` is how much of
    ``party``'s feed it has. Only a parcel that is no older than the one in which ``party`` was
    heard shows where its feed ends.
    """
    mark = _mark(act.desk)
    if not mark:
        return
    heard, heard_in = link_state.heard(act.desk.board, party)
    fresh = heard == mark and header.number >= heard_in
    if fresh and not header.more and header.end <= held:
        link_state.set_level(act.desk.board, party, mark)
    found = restoration(act.desk)
    some = bool(partners.codes(act.desk.board))
    if found and some and not (found.silent or found.lacking or found.behind):
        node_state.caught_up(act.desk.board)
        act.changed("link")
