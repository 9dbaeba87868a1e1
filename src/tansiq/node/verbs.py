"""What each verb of the command line does. Each gives an exit code and raises FaultError."""

import argparse
import importlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import segno

from tansiq.desk.act import identity
from tansiq.desk.act.access import AccessEntry, Deed
from tansiq.desk.links import linking
from tansiq.desk.proof import checking
from tansiq.desk.records.imported import ImportOptions, ImportReport
from tansiq.desk.trust import authority, papers, partners
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, StoreError
from tansiq.domain.labels import Label
from tansiq.domain.wording import Text
from tansiq.log.cards import card_words, open_card
from tansiq.node import (
    backup_verbs,
    certificate_verb,
    key_verbs,
    proving,
    refolding,
    stick_verbs,
    unlocking,
)
from tansiq.node.file_process import FileProcess
from tansiq.node.files import read_file, write_new
from tansiq.node.founding import (
    actor_of,
    init_node,
    open_node,
    read_own_card,
    write_card,
)
from tansiq.node.keyring import load_authority, load_keyring
from tansiq.node.settings import NodeSettings, read_settings
from tansiq.node.terminal import Terminal, show_words

FINE: Final = 0
DAMAGE: Final = 1
USAGE: Final = 2
CANNOT: Final = 3
STOPPED: Final = 4
INTERRUPTED: Final = 130

YES: Final = frozenset({"yes", "نعم", "بەڵێ"})
GATEWAYS: Final = {
    "ucdp": "tansiq.gateways.ucdp",
    "acled": "tansiq.gateways.acled",
    "csv": "tansiq.gateways.sheet",
    "catalogue": "tansiq.gateways.catalogue",
}


def init(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Found a node."""
    settings = NodeSettings(
        folder=chosen.folder,
        party=chosen.party,
        names=Text(chosen.name_en, chosen.name_ar, chosen.name_ckb),
        node=chosen.node,
        positions=tuple(chosen.position),
        web_host=chosen.host,
        web_port=chosen.port,
        partner_host=chosen.partner_host,
        partner_port=chosen.partner_port,
        address=chosen.address,
        zone=chosen.zone,
        store=chosen.store,
        language=terminal.language,
    )
    passphrase = "" if chosen.keys_unprotected else unlocking.chosen()
    key = load_authority(chosen.authority, unlocking.unlock) if chosen.authority else None
    lost = papers.as_handed(_paper(chosen.replaces)) if chosen.replaces else b""
    seed = key.seed if key else None
    init_node(settings, authority_seed=seed, passphrase=passphrase, replaces=lost)
    terminal.say("cli.init.done", party=settings.party, folder=chosen.folder)
    terminal.say("cli.init.secrets", folder=settings.keys)
    if not passphrase:
        terminal.say("cli.keys.plain", folder=settings.keys)
    _show_card(settings, settings.card.read_bytes(), terminal)
    return FINE


def _paper(path: Path) -> bytes:
    return read_file(path, BOUNDS.paper_bytes_max)


def _show_card(settings: NodeSettings, data: bytes, terminal: Terminal) -> None:
    terminal.say("cli.card.path", path=settings.card)
    show_words(card_words(data), terminal)


def card(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Show the node's card, or hand out a partner's: it may have lost its own."""
    if chosen.of or chosen.out:
        return _hand_out(chosen, terminal)
    settings = read_settings(chosen.folder)
    if chosen.renew:
        keyring = load_keyring(settings.keys, unlocking.unlock)
        if chosen.authority is not None:
            key = load_authority(chosen.authority, unlocking.unlock)
            keyring = replace(keyring, authority=key)
        data = write_card(settings, keyring)
    else:
        data = read_own_card(settings)
    _show_card(settings, data, terminal)
    if chosen.qr is not None:
        _draw(data, chosen.qr)
        terminal.say("cli.card.drawn", path=chosen.qr)
    return FINE


def _hand_out(chosen: argparse.Namespace, terminal: Terminal) -> int:
    if not (chosen.of and chosen.out):
        raise InputError("card_of")
    with open_node(chosen.folder) as node:
        known = partners.partner(node.desk, chosen.of)
    if known is None:
        raise InputError("partner_unknown", party=chosen.of)
    write_new(chosen.out, known.data)
    terminal.say("cli.card.path", path=chosen.out)
    show_words(card_words(known.data), terminal)
    return FINE


def _draw(data: bytes, path: Path) -> None:
    try:
        segno.make(data, error="l", micro=False).save(str(path), kind="svg", scale=4)
    except segno.DataOverflowError:
        raise InputError("card_qr_size") from None
    except OSError as error:
        raise StoreError("file_write", path=path, reason=error.strerror or "") from None


def join(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Accept a partner's card after its words were compared."""
    with open_node(chosen.folder) as node:
        actor = actor_of(node.desk, chosen.position, chosen.person)
        data = papers.as_handed(_paper(chosen.card))
        found = open_card(data, node.desk.clock.now())
        name = found.names.of(terminal.language)
        terminal.say("cli.join.shows", party=found.party, name=name, node=found.node)
        show_words(card_words(data), terminal)
        if not chosen.words_read and terminal.ask("cli.join.ask").lower() not in YES:
            raise InputError("join_not_confirmed")
        linking.join(node.desk, actor, data)
        waits = authority.asked(node.desk, found.party) is not None
        terminal.say("cli.join.second" if waits else "cli.join.done", party=found.party)
    return FINE


def person(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Set a person's passphrase and positions, or take the second factors that were lost."""
    from tansiq.node.serve import prepare_accounts  # noqa: PLC0415 - Django, for this verb alone

    with open_node(chosen.folder) as node:
        if chosen.reset_factors:
            prepare_accounts(node)
            accounts = importlib.import_module("tansiq.web.accounts.service")
            removed = accounts.reset_factors(node.desk, chosen.person)
            terminal.say("cli.person.reset", person=chosen.person, count=removed)
            return FINE
        codes = [node.desk.position(code).code for code in chosen.position]
        actor_of(node.desk, codes[0], chosen.person)
        passphrase = terminal.ask_passphrase()
        prepare_accounts(node)
        accounts = importlib.import_module("tansiq.web.accounts.service")
        accounts.set_passphrase(chosen.person, codes, passphrase)
        identity.note(node.desk, identity.Event.PASSPHRASE_SET, chosen.person)
    terminal.say("cli.person.done", person=chosen.person, positions=", ".join(codes))
    return FINE


def serve(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Run the node until it is told to stop."""
    from tansiq.node.serve import Listening, serve_node  # noqa: PLC0415 - Django and the servers

    with open_node(chosen.folder, authority=chosen.authority, shown=refolding.InLog()) as node:
        if not node.keyring.sealed:
            terminal.say("cli.keys.plain", folder=node.keyring.folder)

        def ready(listening: Listening) -> None:
            host = node.settings.web_host
            terminal.say("cli.serve.ready", address=f"http://{host}:{listening.web_port}")
            if listening.partner_port:
                terminal.say("cli.serve.partners", address=node.settings.address)

        serve_node(node, ready)
    terminal.say("cli.serve.stopped")
    return FINE


def rebuild(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Fold the board again from the logs."""
    with open_node(chosen.folder, alone=True) as node:
        entries = checking.rebuild(node.desk, proving.walked(terminal))
        node.desk.access.note(AccessEntry(deed=Deed.REBUILT, place="verb:rebuild"))
    terminal.say("cli.rebuild.done", entries=entries)
    return FINE


def take(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Import a file."""
    gateway = importlib.import_module(GATEWAYS[chosen.format])
    with open_node(chosen.folder) as node:
        node.desk.cleaner = FileProcess()
        actor = actor_of(node.desk, chosen.position, chosen.person)
        options = ImportOptions(
            label=Label(classification=chosen.classification),
            releasable_to=tuple(chosen.release_to),
            language=terminal.language,
            zone=ZoneInfo(node.settings.zone),
            dates=chosen.dates,
            sure=frozenset(chosen.sure),
        )

        def progress(rows: int, done: int, size: int) -> None:
            percent = done * 100 // size if size else 100
            terminal.progress("cli.progress.import", rows=rows, percent=percent)

        report: ImportReport = gateway.run(node.desk, actor, chosen.file, options, progress)
        node.desk.access.note(
            AccessEntry(
                deed=Deed.IMPORTED, place="verb:import", position=actor.position,
                person=actor.person,
            )
        )  # fmt: skip
    for line in report.lines(terminal.language):
        terminal.line(line)
    for rejection in report.rejected:
        reason = rejection.text(terminal.language)
        terminal.say("cli.import.rejected", row=rejection.row, reason=reason)
    return DAMAGE if report.rejected_count else FINE


Verb = Callable[[argparse.Namespace, Terminal], int]
VERBS: Final[dict[str, Verb]] = {
    "init": init,
    "card": card,
    "join": join,
    "person": person,
    "serve": serve,
    "exchange": stick_verbs.exchange,
    "import": take,
    "verify": proving.verify,
    "fsck": proving.fsck,
    "rebuild": rebuild,
    "backup": backup_verbs.make,
    "clock": backup_verbs.clock,
    "restore": backup_verbs.bring_back,
    "evidence": proving.make_evidence,
    "certificate": certificate_verb.check,
    "keys": key_verbs.keys,
    "protect": key_verbs.protect,
    "rotate": key_verbs.rotate,
    "notice": key_verbs.notice,
    "revoke": key_verbs.revoke,
}
