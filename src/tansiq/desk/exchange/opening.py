"""Opening a parcel with the keys that count, and signing a head with the key in use."""

from collections.abc import Iterator
from contextlib import suppress

from tansiq.board import link_state
from tansiq.desk.act.desk import Desk
from tansiq.desk.trust import papers
from tansiq.domain.errors import ParcelError
from tansiq.domain.parties import PartyCode
from tansiq.log.checkpoint import Checkpoint, sign, verify
from tansiq.log.store import out_log
from tansiq.sync.parcel import MAGIC, Parcel, header_of, read_plain, unseal


def begins_a_parcel(head: bytes) -> bool:
    """Whether a file that begins so is a parcel, whatever it is called."""
    return head.startswith(MAGIC)


def waiting(desk: Desk, party: str) -> Iterator[Parcel]:
    """What waits behind a gap. A parcel whose key counts no longer is dropped: the partner sends
    its entries again.
    """
    for start, data in link_state.held(desk.board, party):
        try:
            yield opened(desk, data)
        except ParcelError:
            link_state.drop_held(desk.board, party, start)


def opened(desk: Desk, data: bytes) -> Parcel:
    """The parcel in sealed bytes, if the key that signed it counts. Raises ParcelError. The entries
    of a long one are left unread where the desk has a reader for them.
    """
    plain = unseal(data, desk.identity.keys.opening(desk.clock.now()))
    header = header_of(plain, desk.me)
    papers.heard(desk, header)
    public = papers.signer(desk, plain, header)
    unread = desk.parse_worker is not None and header.count >= desk.parse_worker.least
    return read_plain(plain, lambda _party, _node: public, desk.me, unread=unread)


def own_head(desk: Desk, party: PartyCode, head: Checkpoint) -> str:
    """Our signature on a head of the feed: the one given before, unless our key has changed."""
    known = desk.store.note(out_log(party), head.size, desk.me)
    if known is not None:
        with suppress(ParcelError):
            verify(known, head.origin, head.origin, desk.identity.keys.public)
            return known
    return sign(head, head.origin, desk.identity.keys.seed)
