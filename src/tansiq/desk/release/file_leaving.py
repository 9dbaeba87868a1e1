"""Whether bytes of a file may go to a partner now: asked anew each time that some are to leave.

The file's edition went with the words; its bytes may take hours. What ends the release meanwhile,
or would not let it be released today (a recall, its end, a raised label of the file or of each
record that it went with, an agreement that is over or that lets no files go with such a record any
more), stops what has not left.
"""

from dataclasses import replace

from tansiq.board import file_bytes, past, releases
from tansiq.board.board import key_of
from tansiq.desk.act.desk import Desk
from tansiq.desk.release import agreements
from tansiq.desk.release.history import past_of
from tansiq.desk.release.proposing import own_edition
from tansiq.desk.release.releasing import prepared
from tansiq.domain.errors import InputError
from tansiq.domain.kinds import kind_named
from tansiq.domain.labels import Label, join
from tansiq.domain.parties import PartyCode
from tansiq.policy.agreement import Agreement, Files
from tansiq.policy.following import Past
from tansiq.policy.release import Proposal, may_release


def may_leave(desk: Desk, to: PartyCode, release: str, now: int) -> bool:
    """Whether bytes of the own file that goes by ``release`` may go to ``to`` now."""
    if not releases.stands(desk.board, release, to, now):
        return False
    try:
        item = prepared(desk, release)
        file = own_edition(desk, str(item["record"]))
    except InputError:
        return False
    agreement = agreements.governs(desk.board, to, now)
    known = past_of(desk, file.record, to)
    for label in _labels(desk, to, file.record, agreement, now):
        joined = replace(file, label=join((file.label, label)))
        wish = Proposal(edition=joined, to=to, rule=str(item["rule"]), past=known)
        open_ = joined.label.embargo <= now
        if open_ and may_release(wish, kind_named(file.kind), agreement, now):
            return True
    return False


def _labels(
    desk: Desk, to: PartyCode, file: str, agreement: Agreement | None, now: int
) -> list[Label]:
    """The labels of the records that ``to`` holds, that name the file and with which files may go
    today; its own where it went with none.
    """
    named = file_bytes.carriers(desk.board, to, key_of(desk.me, file))
    if not named:
        return [own_edition(desk, file).label]
    held = past.standing_among(desk.board, to, named, now)
    return [
        own_edition(desk, record).label
        for record in sorted(held)
        if _takes_files(agreement, past_of(desk, record, to))
    ]


def _takes_files(agreement: Agreement | None, told: Past) -> bool:
    rule = agreement.rule(told.rule) if agreement is not None else None
    return rule is not None and rule.files is not Files.NONE
