"""What the rules propose to a writer: the parties for whom some rule could ever
let a kind leave.
"""

from tansiq.desk.act.desk import Desk
from tansiq.desk.records import read
from tansiq.desk.release import agreements
from tansiq.domain.parties import PartyCode


def proposed_audience(desk: Desk, kind: str) -> tuple[frozenset[PartyCode], ...]:
    """The audience that a form starts with; a person may untick any of it."""
    now = desk.clock.now()
    found = set()
    for party in read.partner_codes(desk):
        agreement = agreements.in_force(desk.board, party, now)
        if agreement and any(r.sender == desk.me and kind in r.kinds for r in agreement.rules):
            found.add(party)
    return (frozenset(found),) if found else ()
