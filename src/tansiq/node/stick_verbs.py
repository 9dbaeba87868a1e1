"""The verb for sticks: take what is for us, name what was left, write what is for the partner. See
``verbs`` for what a verb is.
"""

import argparse
from itertools import groupby
from typing import Final

from tansiq.carriers import bundle
from tansiq.carriers.bundle import FileRead, Left, Stick, Why
from tansiq.desk.act.desk import Desk
from tansiq.desk.operations import answering
from tansiq.desk.release import releasing
from tansiq.desk.trust import partners
from tansiq.domain.errors import InputError
from tansiq.domain.parties import PartyCode
from tansiq.log.keys import fingerprint_words
from tansiq.node.founding import Node, open_node
from tansiq.node.terminal import Terminal, show_words

FINE: Final = 0
DAMAGE: Final = 1
STOPPED: Final = 4
_NAMES_SHOWN: Final = 12  # of what was left for one reason


def exchange(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Take what is on the stick for us, then write what is for its partner."""
    with open_node(chosen.folder) as node:
        stick = bundle.look(chosen.stick, node.desk.me)
        code, left = _read_notices(node.desk, stick, terminal)
        senders: list[PartyCode] = []
        for found in bundle.read(node.desk, stick):
            code = max(code, _told(found, stick, senders, terminal))
        code = max(code, _tell_left((*stick.left, *left), terminal))
        return max(code, _write(node, chosen, senders, terminal))


def _write(
    node: Node, chosen: argparse.Namespace, senders: list[PartyCode], terminal: Terminal
) -> int:
    code = FINE
    for party in _receivers(node.desk, senders, chosen.to):
        known = partners.partner(node.desk, party)
        if known is not None and known.stopped_at:
            terminal.say("cli.exchange.stopped", party=party)
            code = STOPPED
            continue
        releasing.tick(node.desk)  # what was held back until now
        answering.tick(node.desk)  # and what came with the stick to be answered
        for written in bundle.write(node.desk, chosen.stick, party):
            _show_written(written, terminal)
    return code


def _read_notices(desk: Desk, stick: Stick, terminal: Terminal) -> tuple[int, list[Left]]:
    code, left = FINE, []
    for found in bundle.notices(desk, stick):
        if isinstance(found, Left):
            left.append(found)
            continue
        name = stick.name_of(found.path)
        if found.fault is not None:
            reason = found.fault.text(terminal.language)
            terminal.say("cli.exchange.fault", name=name, reason=reason)
            code = DAMAGE
        elif found.news:
            terminal.say("cli.notice.done", party=found.party, name=name)
    return code, left


def _told(found: FileRead, stick: Stick, senders: list[PartyCode], terminal: Terminal) -> int:
    """Say what became of one parcel; who sent it joins ``senders``."""
    name, taken = stick.name_of(found.file.path), found.taken
    if taken is None:
        assert found.fault is not None
        reason = found.fault.text(terminal.language)
        terminal.say("cli.exchange.fault", name=name, reason=reason)
        return STOPPED if found.fault.code == "partner_stopped" else DAMAGE
    if taken.party not in senders:
        senders.append(taken.party)
    terminal.say(
        "cli.exchange.taken", name=name, party=taken.party, number=taken.number,
        accepted=taken.accepted,
    )  # fmt: skip
    if taken.stopped:
        terminal.say("cli.exchange.stopped", party=taken.party)
        return STOPPED
    if taken.missing is not None:
        first, last = taken.missing
        terminal.say("cli.exchange.missing", party=taken.party, first=first, last=last)
    elif taken.repeated:
        terminal.say("cli.exchange.repeated")
    else:
        terminal.say("cli.exchange.complete")
    return FINE


def _tell_left(left: tuple[Left, ...], terminal: Terminal) -> int:
    """Name what was not read, by reason; a fault where something of ours may be among it."""
    for why, some in groupby(sorted(left, key=lambda one: list(Why).index(one.why)), _why):
        names = [one.name for one in some]
        shown = ", ".join(names[:_NAMES_SHOWN])
        reason = terminal.words(f"cli.exchange.left_{why}")
        terminal.say("cli.exchange.left", names=shown, count=len(names), reason=reason)
    return DAMAGE if any(one.why.grave for one in left) else FINE


def _why(one: Left) -> Why:
    return one.why


def _receivers(desk: Desk, senders: list[PartyCode], to: PartyCode | None) -> list[PartyCode]:
    """For whom files are written: who is named, else who sent, else the only partner.

    A stick that goes to one partner must not show that there are others.
    """
    if to is not None:
        return [to]
    if senders:
        return senders
    known = [partner.party for partner in partners.partners(desk)]
    if len(known) != 1:
        raise InputError("exchange_to_whom", parties=", ".join(known) or "-")
    return known


def _show_written(written: bundle.Written, terminal: Terminal) -> None:
    terminal.say(
        "cli.exchange.written",
        party=written.party,
        name=written.path.name,
        bytes=len(written.data),
        entries=written.entries,
    )
    show_words(fingerprint_words(written.data), terminal)
