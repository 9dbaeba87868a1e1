"""The verbs for keys, as they are typed."""

import re
import resource
import ssl
import stat
from dataclasses import replace
from functools import cache
from pathlib import Path
from unittest import mock

import pytest

from tansiq.desk.exchange import exchange
from tansiq.desk.proof import checking
from tansiq.desk.trust import papers, partners
from tansiq.domain.errors import StoreError
from tansiq.log.cards import read_card
from tansiq.log.keys import passphrase_open
from tansiq.log.papers import read_succession
from tansiq.node import cli, keyring, unlocking
from tansiq.node.founding import init_node, open_node, read_own_card
from tansiq.node.settings import read_settings
from tests.commands import ENGLISH, said, tansiq
from tests.contract.desks import MOD, MPA, befriend, desk_of, found
from tests.unit.test_cli import nodes, say_something

__all__ = ["nodes"]


@pytest.fixture(autouse=True, scope="module")
def opened_once():
    """An opening takes age a second on purpose; the same seal opens by the same passphrase once."""
    with mock.patch.object(keyring, "passphrase_open", cache(passphrase_open)):
        yield


def test_a_revoked_node_is_sent_nothing(nodes):
    """The authority signs on any machine; a stick or a person brings it; sending stops at once."""
    stick = nodes / "stick"
    say_something(nodes, MPA, MOD)
    lost = nodes / MOD / "MOD-mod.card"
    revoke = ("revoke", stick, lost, "--authority", nodes / MOD / "keys", "--lost")
    said(tansiq(*revoke, "yesterday"), 2)
    said(tansiq(*revoke, "2020-12-20T10:00", "--reason", "stolen"), 0, "tansiq-notice-MOD-mod-")
    said(tansiq(*revoke[:-2], nodes / MPA / "keys"), 3, "not signed by the authority")
    (file,) = stick.glob("tansiq-notice-MOD-*.json")
    said(tansiq("exchange", nodes / MPA, stick, "--to", MOD), 3, file.name, "Nothing is sent to it")
    assert not list(stick.glob("*.tsq"))
    notice = ("notice", nodes / MPA, file, "--position", "liaison", "--person", "P-1")
    said(tansiq(*notice), 0, "known already")
    said(tansiq("exchange", nodes / MOD, stick, "--to", MPA), 3, "has revoked this node")
    file.with_name("tansiq-notice-MOD-x.json").write_bytes(b"{}")
    said(tansiq("exchange", nodes / MPA, stick, "--to", MOD), 3, "File not used")


# Secrets under a passphrase ----------------------------------------------------------------------

PASSPHRASE = "five quiet words of ours"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """A node whose secrets are sealed; age takes its time, so one does for all tests."""
    folder = tmp_path_factory.mktemp("sealed")
    settings = replace(found(folder, MPA, store="sqlite"), folder=folder / "node")
    init_node(settings, passphrase=PASSPHRASE)
    return settings


def test_nothing_of_a_sealed_secret_stands_on_the_disk(sealed):
    """Neither seed nor identity, TLS key or session secret is in any file of the node."""
    ring = keyring.load_keyring(sealed.keys, lambda _name: PASSPHRASE)
    assert ring.sealed
    secrets = (
        ring.node.seed, ring.node.seed.hex().encode(), ring.node.age_identity.encode(),
        ring.web_secret.encode(), ring.tls_key, ring.tls_key.split(b"\n")[1],
        ring.authority.seed.hex().encode(),
    )  # fmt: skip
    files = [path for path in sealed.folder.rglob("*") if path.is_file()]
    assert {path.name for path in sealed.keys.iterdir()} == {"secrets.age", "authority.age"}
    for path in files:
        data = path.read_bytes()
        assert not any(secret in data for secret in secrets), path
    assert all(stat.S_IMODE(p.stat().st_mode) & 0o077 == 0 for p in sealed.keys.iterdir())
    shown = repr(ring) + repr(unlocking.Sources(known={False: PASSPHRASE}))
    assert not any(secret.decode("latin-1") in shown for secret in secrets)
    assert PASSPHRASE not in shown


def test_the_wrong_passphrase_opens_nothing(sealed):
    """It is said in words; without anybody to ask, so is that."""
    with pytest.raises(StoreError) as caught:
        keyring.load_keyring(sealed.keys, lambda _name: "another passphrase")
    assert caught.value.code == "keys_passphrase"
    said(tansiq("keys", sealed.folder), 3, "nobody can be asked")


def test_a_seal_that_asks_for_too_much_work_is_no_wrong_passphrase(sealed):
    """Who is on a slower machine hears that, and does not doubt the passphrase."""
    data = (sealed.keys / "secrets.age").read_bytes()
    heavier = re.sub(rb"(-> scrypt \S+) \d+\n", rb"\1 40\n", data, count=1)
    assert heavier != data
    with pytest.raises(StoreError) as caught:
        passphrase_open(heavier, PASSPHRASE)
    assert caught.value.code == "keys_work"


def test_the_listener_gets_its_key_through_memory(sealed):
    """The TLS context is made from a sealed keyring, and no file of it is left anywhere."""
    ring = keyring.load_keyring(sealed.keys, lambda _name: PASSPHRASE)
    before = len(list(Path("/proc/self/fd").iterdir()))
    context = keyring.server_context(ring)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_3
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    with pytest.raises(StoreError):
        keyring.server_context(replace(ring, tls_key=b"no key"))


def test_a_passphrase_comes_from_a_file_or_from_systemd(sealed, tmp_path):
    """Only its first line counts; systemd's folder is looked into without being told."""
    (tmp_path / "file").write_text(f"{PASSPHRASE}\nanother line\n")
    with_file = ("keys", sealed.folder, "--passphrase-file", tmp_path / "file")
    said(tansiq(*with_file), 0, "have a passphrase", "authority's key is here")
    (tmp_path / "tansiq-passphrase").write_text(PASSPHRASE)
    systemd = {**ENGLISH, "CREDENTIALS_DIRECTORY": str(tmp_path)}
    said(tansiq("keys", sealed.folder, environment=systemd), 0, "have a passphrase")


def test_a_command_writes_no_core_file(nodes):
    """What is in memory does not reach the disk when the program falls."""
    assert cli.main(["card", str(nodes / MPA)]) == 0
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def test_a_passphrase_is_set_and_changed(nodes):
    """The authority may have one of its own; then the node runs without it and signs no card."""
    first, second = nodes / "first", nodes / "second"
    first.write_text(PASSPHRASE)
    second.write_text("the safe of the minister")
    node = nodes / MPA
    said(tansiq("protect", node, "--new-passphrase-file", nodes / "absent"), 3)
    said(tansiq("protect", node, "--new-passphrase-file", first), 0, "sealed")
    assert not list((node / "keys").glob("*.json")) + list((node / "keys").glob("*.seed"))
    own = ("--authority-only", "--authority-passphrase-file", first)
    said(tansiq("protect", node, *own, "--new-passphrase-file", second), 0, "sealed")
    opened = ("--passphrase-file", first)
    said(tansiq("keys", node, *opened), 0, "authority's key is elsewhere")
    said(tansiq("card", node, "--renew", *opened), 3, "release authority")
    signs = ("--authority", node / "keys", "--authority-passphrase-file", second)
    said(tansiq("card", node, "--renew", *opened, *signs), 0)
    short = nodes / "short"
    short.write_text("short")
    said(tansiq("protect", node, *opened, "--new-passphrase-file", short), 3, "allowed: 12")


# New keys ----------------------------------------------------------------------------------------


def swap(nodes):
    """A parcel each way."""
    desks = {party: desk_of(read_settings(nodes / party)) for party in (MPA, MOD)}
    for sender, receiver in ((MPA, MOD), (MOD, MPA)) * 2:
        exchange.incoming(desks[receiver], exchange.outgoing(desks[sender], receiver))
    for desk in desks.values():
        assert checking.fsck(desk, lambda *_: None) == []
        assert all(not r.damages for r in checking.verify_feeds(desk, lambda *_: None))
        desk.database.close()


def test_rotation_reaches_the_partner_by_itself(nodes):
    """All of the node's keys are new, the old seed is nowhere, and the exchange goes on."""
    settings = read_settings(nodes / MPA)
    before = keyring.load_keyring(settings.keys)
    say_something(nodes, MPA, MOD)
    said(tansiq("rotate", nodes / MPA), 0, "New keys are in use")
    after, card = keyring.load_keyring(settings.keys), read_card(read_own_card(settings))
    assert after.node.public == card.public != before.node.public
    assert after.certificate == card.certificate != before.certificate
    assert after.node.older[0][0] == before.node.age_identity
    assert after.web_secret == before.web_secret
    for path in settings.keys.iterdir():
        assert before.node.seed.hex().encode() not in path.read_bytes()
    swap(nodes)
    desk = desk_of(read_settings(nodes / MOD))
    assert partners.partner(desk, MPA).card == card
    desk.database.close()
    said(tansiq("keys", nodes / MPA), 0, "still opens parcels")


def test_another_authority_follows_and_signs(nodes):
    """The old key signs the new one, partners take it over, and cards go on."""
    settings = read_settings(nodes / MPA)
    before = keyring.load_keyring(settings.keys).authority
    said(tansiq("rotate", nodes / MPA, "--authority-key"), 0)
    after = keyring.load_keyring(settings.keys).authority
    assert after.public != before.public
    swap(nodes)
    said(tansiq("rotate", nodes / MPA), 0)
    swap(nodes)
    desk = desk_of(read_settings(nodes / MOD))
    assert partners.partner(desk, MPA).authority == after.public
    desk.database.close()


def test_a_succession_that_was_cut_short_is_told_or_dropped(nodes):
    """After a crash the partners hear of a key that exists, and never of one that does not."""
    settings = read_settings(nodes / MPA)
    said(tansiq("rotate", nodes / MPA, "--authority-key"), 0)
    desk = desk_of(settings)
    (paper,) = [p for p in papers.unconfirmed(desk, MOD) if b"succession" in p]
    told = len(papers.unconfirmed(desk, MOD))
    desk.database.close()
    (settings.keys / "succession.json").write_bytes(paper)
    with open_node(settings.folder) as node:
        assert len(papers.unconfirmed(node.desk, MOD)) == told + 1
    assert not (settings.keys / "succession.json").exists()
    keyring.keep_authority(settings.keys, keyring.new_authority(), "")
    (settings.keys / "succession.json").write_bytes(paper)
    with open_node(settings.folder) as node:
        assert len(papers.unconfirmed(node.desk, MOD)) == told + 1
    assert read_succession(paper).party == MPA


def test_a_card_of_other_keys_is_noticed(nodes):
    """A rotation that was cut short says what to do, and doing it is enough."""
    settings = read_settings(nodes / MPA)
    ring = keyring.load_keyring(settings.keys)
    keyring.keep(keyring.renewed(ring, "mpa.mpa", 1, 0), "")
    said(tansiq("keys", nodes / MPA), 3, "--renew")
    said(tansiq("card", nodes / MPA, "--renew"), 0)
    said(tansiq("keys", nodes / MPA), 0)
    desk = desk_of(read_settings(nodes / MOD))
    befriend(desk, settings)
    desk.database.close()


def test_a_card_can_be_drawn_and_renewed(nodes):
    """The QR code is a file; a new card has new words."""
    first = said(tansiq("card", nodes / MPA, "--qr", nodes / "card.svg"), 0, "QR code")
    assert "<svg" in (nodes / "card.svg").read_text()
    assert (
        first.splitlines()[2:9] != tansiq("card", nodes / MPA, "--renew").stdout.splitlines()[2:9]
    )
    said(tansiq("card", nodes / MPA, "--qr", nodes / "no" / "card.svg"), 3, "cannot be written")
    (nodes / MPA / "keys" / "authority.seed").unlink()
    said(tansiq("card", nodes / MPA, "--renew"), 3, "release authority")


def test_b7_a_lost_authority_key_as_the_manual_says(nodes):
    """A new key by one command, its card by two persons at the partner, and the two go on."""
    stick, card = nodes / "stick", nodes / MPA / "MPA-mpa.card"
    say_something(nodes, MPA, MOD)
    tansiq("exchange", nodes / MPA, stick, "--to", MOD)
    tansiq("exchange", nodes / MOD, stick)
    said(tansiq("rotate", nodes / MPA, "--authority-key", "--lost"), 0, "Hand the new card")
    join = ("join", nodes / MOD, card, "--position", "liaison", "--words-read", "--person")
    said(tansiq(*join, "P-1"), 0, "A second person has to compare")
    said(tansiq(*join, "P-1"), 0, "A second person has to compare")
    said(tansiq(*join, "P-2"), 0, "MPA is now a partner of this node")
    say_something(nodes, MPA, MOD, version=2)
    (nodes / "next").mkdir()
    tansiq("exchange", nodes / MPA, nodes / "next", "--to", MOD)
    said(tansiq("exchange", nodes / MOD, nodes / "next"), 0, "From MPA, signed", "New entries:")
