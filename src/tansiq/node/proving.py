"""The verbs of proof: verify, fsck, evidence."""

import argparse
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tansiq.desk.act.access import AccessEntry, Deed
from tansiq.desk.proof import anchors, checking, damages, evidence
from tansiq.desk.proof.anchors import Chain
from tansiq.desk.proof.damages import Finding, Safe
from tansiq.domain.errors import StoreError
from tansiq.log.store import Damage
from tansiq.node.founding import actor_of, open_node
from tansiq.node.terminal import Terminal

FINE: Final = 0
DAMAGE: Final = 1


def walked(terminal: Terminal) -> Callable[[str, int], None]:
    """Says how far a check is."""

    def progress(log: str, entries: int) -> None:
        terminal.progress("cli.progress.log", log=log, entries=entries)

    return progress


def _show_damages(found: Iterable[Damage], terminal: Terminal) -> None:
    for damage in found:
        reason = terminal.words(f"damage.{damage.code}")
        terminal.say("cli.damage", log=damage.log, entry=damage.seq + 1, reason=reason)


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment // 1000, UTC).strftime("%Y-%m-%d %H:%M")


def verify(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Check the feeds with every partner, and the journal against its anchors."""
    with open_node(chosen.folder, alone=True) as node:
        reports = checking.verify_feeds(node.desk, walked(terminal))
        chain = anchors.check(node.desk)
        node.desk.access.note(AccessEntry(deed=Deed.VERIFIED, place="verb:verify"))
    for report in reports:
        terminal.say(
            "cli.verify.feed",
            party=report.party,
            sent=report.sent,
            signed=report.signed_for,
            received=report.received,
        )
        terminal.line(f"  {report.sent_root}")
        terminal.line(f"  {report.received_root}")
        _show_damages(report.damages, terminal)
    _show_chain(chain, terminal)
    if chain.damages or any(report.damages for report in reports):
        terminal.say("cli.damaged")
        return DAMAGE
    terminal.say("cli.verify.fine", count=len(reports))
    return FINE


def _show_chain(chain: Chain, terminal: Terminal) -> None:
    terminal.say("cli.verify.chain", journal=chain.journal, looks=chain.looks)
    if chain.anchors:
        parties = ", ".join(chain.held_by) or "-"
        terminal.say("cli.verify.anchored", at=_day(chain.last_at), parties=parties)
    if chain.since:
        until = _day(chain.until) if chain.until else "-"
        terminal.say("cli.verify.differs", since=_day(chain.since), until=until)
    _show_damages(chain.damages, terminal)


def fsck(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Check every log, and the board against the logs."""
    with open_node(chosen.folder, alone=True) as node:
        found = damages.examine(node.desk, walked(terminal))
    if chosen.json:
        terminal.line(json.dumps(found.to_json(), ensure_ascii=False))
        return DAMAGE if found.findings else FINE
    for finding in found.findings:
        _show_finding(finding, terminal)
    if found.findings:
        for safe in found.safe:
            _show_safe(safe, terminal)
    terminal.say("cli.damaged" if found.findings else "cli.fsck.fine")
    return DAMAGE if found.findings else FINE


def _show_finding(finding: Finding, terminal: Terminal) -> None:
    reason = terminal.words(f"damage.{finding.code}")
    key = "cli.fsck.run" if finding.last > finding.first else "cli.damage"
    terminal.say(
        key, log=finding.log, entry=finding.first + 1, last=finding.last + 1, reason=reason
    )
    if finding.after:
        terminal.say("cli.fsck.after", at=_day(finding.after))
    if finding.records:
        named = ", ".join(finding.named)
        terminal.say("cli.fsck.records", count=finding.records, records=named)
    if finding.holders:
        terminal.say("cli.fsck.holders", parties=", ".join(finding.holders))
    terminal.say(f"cli.fsck.step_{finding.step}")


def _show_safe(safe: Safe, terminal: Terminal) -> None:
    if safe.entries:
        terminal.say(
            "cli.fsck.safe", log=safe.log, entries=safe.entries, size=safe.size, by=safe.by
        )
    else:
        terminal.say("cli.fsck.not_signed", log=safe.log, size=safe.size)


def make_evidence(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Write the evidence of one record's life."""
    with open_node(chosen.folder) as node:
        actor = actor_of(node.desk, chosen.position, chosen.person)
        owner, _, record = chosen.record.rpartition("/")
        data = evidence.make(
            node.desk, actor, owner or node.desk.me, record, card=node.card, own=chosen.own,
            to=chosen.to or "",
        )  # fmt: skip
    _write(chosen.out, data)
    terminal.say("cli.evidence.done", path=chosen.out, bytes=len(data))
    return FINE


def _write(path: Path, data: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise StoreError("file_write", path=path, reason=error.strerror or "") from None
