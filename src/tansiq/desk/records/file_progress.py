"""How much of the files that were released is still on its way, for a page.

Words go first, so a file may follow hours later. What the viewer may not see is not counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tansiq.board import file_bytes, link_state
from tansiq.desk.act.desk import Desk
from tansiq.desk.records import read
from tansiq.desk.records.read import View
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.parties import PartyCode, Viewer

SHOWN_MAX: Final = 50
Key = tuple[str, PartyCode]  # an own record's id, and a party


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A file that is not whole at the other side: ``have`` of its ``size`` bytes are there.

    ``leaving``: it is ours and goes to the partner; else it comes from there.
    """

    file: View
    leaving: bool
    have: int
    size: int


def under_way(desk: Desk, viewer: Viewer, party: PartyCode) -> tuple[UnderWay, ...]:
    """The files that go to ``party`` and come from it, as far as the viewer may see them."""
    board, now = desk.board, desk.clock.now()
    going = file_bytes.outstanding(board, party, BOUNDS.integer_max, now)[:SHOWN_MAX]
    found = [(key, link_state.file_have(board, party, release), True) for release, key in going]
    coming = file_bytes.lacking(board, party, now)[:SHOWN_MAX]
    found += [(one.key, one.have, False) for one in coming if one.key.startswith(f"{party}/")]
    return tuple(_seen(desk, viewer, found))


def _seen(desk: Desk, viewer: Viewer, found: Iterable[tuple[str, int, bool]]) -> Iterable[UnderWay]:
    for key, have, leaving in found:
        owner, _, identity = key.partition("/")
        try:
            file = read.record(desk, viewer, owner, identity)
        except InputError:
            continue
        size = file.value.body.get("bytes")
        if isinstance(size, int):
            yield UnderWay(file=file, leaving=leaving, have=min(have, size), size=size)


def left_of(desk: Desk, viewer: Viewer) -> dict[Key, int]:
    """Of own records and who holds them, how many bytes of their files are still on the way; none
    that the viewer may not see.
    """
    found: dict[Key, int] = {}
    for party in read.partner_codes(desk):
        for one in under_way(desk, viewer, party):
            if not one.leaving:
                continue
            key = f"{desk.me}/{one.file.value.record}"
            for record in file_bytes.carriers(desk.board, party, key):
                found[record, party] = found.get((record, party), 0) + one.size - one.have
    return found
