"""The verbs for keys: show, protect, rotate, revoke, take a notice. See ``verbs`` for what a verb
is.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tansiq.desk.trust import papers, partners
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError, Refused, RefusedError, StoreError
from tansiq.log.cards import read_card
from tansiq.log.keys import fingerprint_words
from tansiq.log.papers import Revocation, Succession, make_revocation, make_succession
from tansiq.node import unlocking
from tansiq.node.clock import SystemClock
from tansiq.node.files import read_file, replace_file, write_new
from tansiq.node.founding import (
    SUCCESSION,
    Node,
    actor_of,
    certificate_name,
    open_node,
    write_card,
)
from tansiq.node.keyring import (
    AUTHORITY_SEALED,
    SEALED,
    Keyring,
    keep,
    keep_authority,
    load_authority,
    load_keyring,
    new_authority,
    renewed,
)
from tansiq.node.settings import read_settings
from tansiq.node.terminal import Terminal, show_words

FINE: Final = 0


def keys(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Show how the node's keys stand, and those of its partners. No secret is shown."""
    with open_node(chosen.folder) as node:
        _show_own(node, terminal)
        for known in partners.partners(node.desk):
            state = "revoked" if known.revoked_at else "in_use"
            terminal.say(
                "cli.keys.partner", party=known.party, node=known.card.node,
                day=_day(known.card.expires_ms), state=terminal.words(f"cli.keys.{state}"),
            )  # fmt: skip
    return FINE


def _show_own(node: Node, terminal: Terminal) -> None:
    sealed = "sealed" if node.keyring.sealed else "plain"
    terminal.say(f"cli.keys.{sealed}", folder=node.keyring.folder)
    here = "here" if node.keyring.authority is not None else "elsewhere"
    terminal.say(f"cli.keys.authority_{here}")
    card = read_card(node.card)
    terminal.say("cli.keys.card", day=_day(card.expires_ms))
    for _, until in node.keyring.node.older:
        terminal.say("cli.keys.older", day=_day(until))
    if papers.own_revocation(node.desk) is not None:
        terminal.line(ParcelError("node_revoked").text(terminal.language))


def _day(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms // 1000, UTC).date().isoformat()


def protect(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Seal the secrets with a new passphrase: those of the node, or the authority's alone."""
    settings = read_settings(chosen.folder)
    if chosen.authority_only:
        authority = load_authority(settings.keys, unlocking.unlock)
        passphrase = unlocking.changed(chosen.new_passphrase_file, authority=True)
        _kept(lambda: keep_authority(settings.keys, authority, passphrase))
    else:
        keyring = load_keyring(settings.keys, unlocking.unlock)
        passphrase = unlocking.changed(chosen.new_passphrase_file)
        _kept(lambda: keep(keyring, passphrase))
        # An authority with a passphrase of its own was not opened, and keeps it.
        _kept(lambda: keep_authority(settings.keys, keyring.authority, passphrase))
    terminal.say("cli.protect.done", folder=settings.keys)
    return FINE


def _kept(write: Callable[[], None]) -> None:
    try:
        write()
    except OSError as error:
        raise StoreError("node_write", folder="keys", reason=error.strerror or "") from None


def rotate(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Give the node new keys, or the party a new authority key, and tell every partner."""
    lost = chosen.authority_key and chosen.lost
    elsewhere = None if lost else chosen.authority
    with open_node(chosen.folder, alone=True, authority=elsewhere) as node:
        if node.keyring.authority is None and not lost:
            raise RefusedError(Refused("no_authority_key"))
        if lost:
            keyring = _begin_authority(node, chosen.authority)
        elif chosen.authority_key:
            keyring = _succeed(node, chosen.authority)
        else:
            now = node.desk.clock.now()
            until = now + BOUNDS.key_overlap_ms
            keyring = renewed(node.keyring, certificate_name(node.settings), until, now)
        passphrase = unlocking.unlock(SEALED) if keyring.sealed else ""
        # First the card: where it alone was written, the node says so and makes it again.
        card = write_card(node.settings, keyring)
        _kept(lambda: keep(keyring, passphrase))
    with open_node(chosen.folder, alone=True, authority=chosen.authority):
        terminal.say("cli.rotate.done", folder=chosen.folder)
    if lost:
        terminal.say("cli.rotate.call", path=node.settings.card)
    show_words(fingerprint_words(card), terminal)
    return FINE


def _succeed(node: Node, elsewhere: Path | None) -> Keyring:
    """A new authority key, which the one before has signed; it is kept where that one was."""
    old, fresh = node.keyring.authority, new_authority()
    assert old is not None
    paper = make_succession(
        Succession(
            party=node.settings.party, authority=old.public, successor=fresh.public,
            issued_ms=node.desk.clock.now(),
        ),
        old.seed,
    )  # fmt: skip
    folder = node.keyring.folder
    _kept(lambda: replace_file(folder / SUCCESSION, paper))
    _kept(lambda: keep_authority(elsewhere or folder, fresh, _passphrase(node, elsewhere)))
    return replace(node.keyring, authority=fresh)


def _begin_authority(node: Node, elsewhere: Path | None) -> Keyring:
    """A new authority key in place of one that can sign no more. Each partner has to accept it by
    two persons.
    """
    fresh, folder = new_authority(), node.keyring.folder
    (folder / SUCCESSION).unlink(missing_ok=True)  # nobody is to follow the key before
    _kept(lambda: keep_authority(elsewhere or folder, fresh, _passphrase(node, elsewhere)))
    return replace(node.keyring, authority=fresh)


def _passphrase(node: Node, elsewhere: Path | None) -> str:
    """What the authority's file is sealed with; nothing where it stands in plain."""
    if elsewhere is None:
        return unlocking.unlock(SEALED) if node.keyring.sealed else ""
    path = elsewhere / AUTHORITY_SEALED if elsewhere.is_dir() else elsewhere
    sealed = path.exists() and path.suffix == ".age"
    return unlocking.unlock(AUTHORITY_SEALED) if sealed else ""


def revoke(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Sign that a node's key counts no longer, on any machine that has the authority's key."""
    authority = load_authority(chosen.authority, unlocking.unlock)
    card = read_card(papers.as_handed(read_file(chosen.card, BOUNDS.paper_bytes_max)))
    if card.authority != authority.public:
        raise ParcelError("paper_authority", party=card.party)
    now = SystemClock(0).now()
    heir = b""
    if chosen.replacement:
        heir = papers.as_handed(read_file(chosen.replacement, BOUNDS.paper_bytes_max))
    data = make_revocation(
        Revocation(
            party=card.party, authority=authority.public, node=card.node, public=card.public,
            revoked_ms=now, lost_ms=min(chosen.lost or now, now), reason=chosen.reason,
            replacement=heir,
        ),
        authority.seed,
    )  # fmt: skip
    path = chosen.folder / f"tansiq-notice-{card.party}-{card.node}-{now}.json"
    write_new(path, data)
    terminal.say("cli.revoke.done", node=card.node, path=path)
    show_words(fingerprint_words(data), terminal)
    return FINE


def notice(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Take a card, a revocation or a succession that proves itself."""
    data = papers.as_handed(read_file(chosen.file, BOUNDS.paper_bytes_max))
    with open_node(chosen.folder) as node:
        actor = actor_of(node.desk, chosen.position, chosen.person)
        paper = papers.bring(node.desk, actor, data)
    if paper is None:
        terminal.say("cli.notice.known")
    else:
        terminal.say("cli.notice.done", party=paper.party, name=Path(chosen.file).name)
    return FINE
