"""The verb that checks the code of a certificate, by what the node holds."""

import argparse
from typing import Final

from tansiq.desk.act.access import AccessEntry, Deed
from tansiq.desk.training import checking
from tansiq.desk.training.checking import Checked, Time
from tansiq.log.certificates import TYPED_CHARS_MAX
from tansiq.node.files import read_file
from tansiq.node.founding import actor_of, open_node
from tansiq.node.terminal import Terminal

FINE: Final = 0
DOUBT: Final = 1
_BYTES_A_CHARACTER: Final = 4


def check(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Say what the node can of a code in a file; 0 only where nothing speaks against it."""
    data = read_file(chosen.file, TYPED_CHARS_MAX * _BYTES_A_CHARACTER)
    with open_node(chosen.folder) as node:
        actor = actor_of(node.desk, chosen.position, chosen.person)
        found = checking.check(node.desk, actor, data.decode("utf-8", "replace"))
        newest = found.withdrawn
        items = (f"{newest.value.owner}/{newest.value.record}@",) if newest else ()
        node.desk.access.note(
            AccessEntry(deed=Deed.VERIFIED, place="verb:certificate", items=items,
                        position=actor.position, person=actor.person)
        )  # fmt: skip
    _show(found, terminal)
    return FINE if found.stands else DOUBT


def _show(found: Checked, terminal: Terminal) -> None:
    claims = found.claims
    terminal.say(f"certificate.key.{found.key}", party=claims.party)
    if not found.known:
        return
    terminal.say("cli.certificate.claims", party=claims.party, course=claims.course,
                 level=claims.level, serial=claims.serial)  # fmt: skip
    ends = claims.ends or terminal.words("certificate.no_end")
    terminal.say("cli.certificate.days", begins=claims.begins, ends=ends)
    if found.time is not Time.WITHIN:
        terminal.say(f"certificate.time.{found.time}")
    if found.withdrawn is None:
        terminal.say("certificate.no_list", party=claims.party)
        return
    terminal.say("certificate.listed" if found.listed else "certificate.not_listed")
    day = found.withdrawn.value.body["day"]
    terminal.say("cli.certificate.list", day=day, count=found.age)
