"""A node's folder: founding one, opening one, and its card.

A folder is founded whole or not at all: everything is made beside it and moved there at the end.
Several programs may work on one node at the same time (a served node and an exchange by stick);
what rewrites or checks everything (``alone``) needs it for itself, and says so where it cannot.
"""

import dataclasses
import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from tansiq.board import node_state
from tansiq.desk.act.desk import Desk, Identity
from tansiq.desk.exchange import handshake, newer
from tansiq.desk.proof import checking
from tansiq.desk.trust import papers
from tansiq.domain.errors import InputError, ParcelError, Refused, RefusedError, StoreError
from tansiq.domain.parties import Actor, roster_number
from tansiq.log.cards import Card, CardPosition, make_card, read_card
from tansiq.log.papers import read_succession
from tansiq.node import leftovers, refolding
from tansiq.node.clock import SystemClock, SystemEntropy
from tansiq.node.files import new_folder, replace_file
from tansiq.node.keyring import Keyring, load_authority, load_keyring, make_keyring
from tansiq.node.settings import FILE, NodeSettings, checked, read_settings, settings_json
from tansiq.node.stores import found_store, open_store
from tansiq.node.unlocking import unlock

CARD_LIFETIME_MS: Final = 2 * 365 * 24 * 3600 * 1000
LOCK: Final = "node.lock"
SUCCESSION: Final = "succession.json"  # a change of authority that partners have not been told of


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An opened node: its settings, its secrets, its desk, and its card's bytes."""

    settings: NodeSettings
    keyring: Keyring
    desk: Desk
    card: bytes


def init_node(
    settings: NodeSettings,
    *,
    authority_seed: bytes | None = None,
    passphrase: str = "",
    replaces: bytes = b"",
) -> Path:
    """Found a node in ``settings.folder``, which must be absent or empty; the path of its card.

    Its secrets are sealed with the passphrase; without one they stand in plain. A node that
    ``replaces`` a lost one, whose card that is, goes on in the feeds of that: it signs nothing
    before its partners have said how far they go.

    Raises InputError for settings that do not hold, StoreError for the disk, ParcelError for a card
    that is not one of this party and its authority.
    """
    checked(settings)
    with new_folder(settings.folder, "new") as begun:
        made = dataclasses.replace(settings, folder=begun)
        with _filled(made, authority_seed, passphrase) as desk:
            if replaces:
                handshake.mark_restored(desk, 0)
                _follow(desk, replaces)
    return settings.card


def _follow(desk: Desk, lost: bytes) -> None:
    """Take the card of the node that stood here before. Raises ParcelError."""
    if read_card(lost).party != desk.me:
        raise ParcelError("card_not_own", party=desk.me)
    papers.hear(desk, lost)


def certificate_name(settings: NodeSettings) -> str:
    """The name in the node's certificate."""
    return f"{settings.party}.{settings.node}".lower()


@contextmanager
def _filled(
    settings: NodeSettings, authority_seed: bytes | None, passphrase: str
) -> Iterator[Desk]:
    keyring = make_keyring(
        settings.keys, certificate_name(settings), authority_seed, passphrase=passphrase
    )
    replace_file(settings.folder / FILE, settings_json(settings))
    card = write_card(settings, keyring)
    found_store(settings)
    desk = open_desk(settings, keyring)
    try:
        checking.outdated(desk)  # an empty board is this program's from here on
        papers.announce(desk, card)
        yield desk
    finally:
        desk.database.close()


def write_card(settings: NodeSettings, keyring: Keyring) -> bytes:
    """Sign a new card into the node's folder. Raises RefusedError without the authority's key."""
    if keyring.authority is None:
        raise RefusedError(Refused("no_authority_key"))
    now = SystemClock(settings.clock_offset_ms).now()
    card = Card(
        party=settings.party,
        names=settings.names,
        authority=keyring.authority.public,
        node=settings.node,
        public=keyring.node.public,
        age_recipient=keyring.node.age_recipient,
        certificate=keyring.certificate if settings.address else b"",
        address=settings.address,
        positions=tuple(
            CardPosition(code=position.code, names=position.names)
            for position in settings.positions
        ),
        issued_ms=now,
        expires_ms=now + CARD_LIFETIME_MS,
    )
    data = make_card(card, keyring.authority.seed)
    try:
        replace_file(settings.card, data)
    except OSError as error:
        reason = error.strerror or ""
        raise StoreError("node_write", folder=settings.folder, reason=reason) from None
    return data


def read_own_card(settings: NodeSettings) -> bytes:
    """The node's card. Raises StoreError without one, ParcelError for a damaged one."""
    try:
        data = settings.card.read_bytes()
    except OSError as error:
        reason = error.strerror or ""
        raise StoreError("node_unreadable", folder=settings.card, reason=reason) from None
    read_card(data)
    return data


def open_desk(settings: NodeSettings, keyring: Keyring) -> Desk:
    """The node's desk. Raises StoreError for a database that cannot be used."""
    desk = Desk(
        identity=Identity(
            party=settings.party,
            node=settings.node,
            keys=keyring.node,
            authority=keyring.authority,
            positions=settings.positions,
            zone=ZoneInfo(settings.zone),
            chains=settings.chains,
            evacuation_minutes=settings.evacuation_minutes,
        ),
        database=open_store(settings),
        clock=SystemClock(settings.clock_offset_ms),
        entropy=SystemEntropy(),
        take_back_ms=settings.take_back_seconds * 1_000,
    )
    node_state.create(desk.database)
    return desk


@contextmanager
def open_node(
    folder: Path, *, alone: bool = False, authority: Path | None = None,
    shown: refolding.Shown | None = None,
) -> Iterator[Node]:  # fmt: skip
    """The node in ``folder``, closed at the end; with the authority's key from elsewhere, if it is
    named. After an update its board is folded anew, as ``shown`` shows, on the terminal if it is
    not named. Raises FaultError with words for what is wrong.
    """
    settings = read_settings(folder)
    with _locked(folder, alone=alone) as lock:
        leftovers.clear(folder)
        keyring = load_keyring(settings.keys, unlock)
        if authority is not None:
            keyring = dataclasses.replace(keyring, authority=load_authority(authority, unlock))
        card = read_own_card(settings)
        if read_card(card).public != keyring.node.public:
            raise StoreError("card_stale")
        desk = open_desk(settings, keyring)
        try:
            refolding.settle(desk, folder, lock, shown or refolding.OnTerminal())
            if not alone:
                fcntl.flock(lock, fcntl.LOCK_SH)
            newer.settle(desk)
            _tell_partners(desk, keyring, card)
            yield Node(settings=settings, keyring=keyring, desk=desk, card=card)
        finally:
            desk.database.close()


def _tell_partners(desk: Desk, keyring: Keyring, card: bytes) -> None:
    """What was signed since the node was open last reaches every partner by itself: a change of
    the authority's key, a new card.
    """
    path, authority = keyring.folder / SUCCESSION, keyring.authority
    if authority is not None and path.exists():
        paper = path.read_bytes()
        if read_succession(paper).successor == authority.public:
            papers.succeed(desk, paper)
        path.unlink()  # else the key that it names was never kept: nobody follows
    papers.announce(desk, card)


@contextmanager
def _locked(folder: Path, *, alone: bool) -> Iterator[BufferedWriter]:
    try:
        file = (folder / LOCK).open("ab")
    except OSError as error:
        if error.errno == errno.EROFS:
            raise StoreError("database_readonly", detail=folder) from None
        raise StoreError("node_unreadable", folder=folder, reason=error.strerror or "") from None
    with file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError("node_in_use" if alone else "node_locked", folder=folder) from None
        yield file


def actor_of(desk: Desk, position: str, person: str) -> Actor:
    """Who works at the command line. Raises InputError for an unknown position or a bad number."""
    if not person:
        raise InputError("roster_number")
    post = desk.position(position)
    return Actor(party=desk.me, position=post.code, role=post.role, person=roster_number(person))
