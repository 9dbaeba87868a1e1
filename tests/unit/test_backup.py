"""Backups: whole or not at all, opened by their key alone, brought back as what they are."""

import io
import os
import sqlite3
import threading

import pyrage
import pytest

from tansiq.desk.exchange import handshake
from tansiq.desk.proof import checking
from tansiq.node.backup import MAGIC, Lock, back_up
from tansiq.node.founding import open_node
from tansiq.node.restoring import restore
from tests.contract.desks import MOD, MPA, befriend, desk_of, found, sizes, speak
from tests.world import refusal

WORDS = Lock(passphrase="five quiet words of ours")  # slow on purpose: one test opens it
IDENTITY = pyrage.x25519.Identity.generate()
KEY, LOCK = str(IDENTITY), Lock(recipient=str(IDENTITY.to_public()))


def nothing(_done: int, _size: int) -> None:
    """Nobody waits for progress."""


@pytest.fixture
def node(tmp_path):
    """A node with a partner, to whom it has said something."""
    settings = {party: found(tmp_path, party, store="sqlite") for party in (MPA, MOD)}
    desk = desk_of(settings[MPA])
    befriend(desk, settings[MOD])
    for version in range(1, 6):
        speak(desk, MOD, version)
    desk.database.close()
    return settings[MPA]


def state_of(folder):
    """Heads of all logs, and whether this is an older state."""
    with open_node(folder) as opened:
        store = opened.desk.store
        assert not checking.fsck(opened.desk, lambda *_: None)
        heads = [(name, store.head(name)) for name in store.names()]
        return heads, handshake.restoration(opened.desk)


def test_what_was_backed_up_comes_back_as_an_older_state(node, tmp_path):
    """Every log, the accounts, settings and keys; and the node knows that it went back."""
    before, _ = state_of(node.folder)
    made = back_up(node.folder, tmp_path / "one.tsqb", WORDS, nothing)
    assert {part.name for part in made.files} >= {"node.json", "tansiq.sqlite3", node.card.name}
    again = tmp_path / "again"
    restore(tmp_path / "one.tsqb", again, WORDS.passphrase, nothing)
    after, mark = state_of(again)
    assert after == before
    assert (mark.backup_at, mark.silent) == (made.at, (MOD,))
    for path in sorted(node.keys.iterdir()):
        assert (again / "keys" / path.name).read_bytes() == path.read_bytes()
        assert (again / "keys" / path.name).stat().st_mode & 0o077 == 0
    assert {p.name for p in tmp_path.iterdir()} == {"MPA", "MOD", "one.tsqb", "again"}


def test_a_backup_to_a_recipient_is_a_plain_age_file_behind_one_line(node, tmp_path):
    """Who has age and the identity can open it without Tansiq."""
    target = tmp_path / "one.tsqb"
    back_up(node.folder, target, LOCK, nothing)
    head, _, sealed = target.read_bytes().partition(b"\n")
    assert head == MAGIC + b"0"
    pyrage.decrypt_io(io.BytesIO(sealed), io.BytesIO(), [IDENTITY])
    restore(target, tmp_path / "again", KEY, nothing)
    assert state_of(tmp_path / "again")[0] == state_of(node.folder)[0]


def test_a_backup_is_one_moment_of_a_node_that_goes_on(node, tmp_path):
    """While others write, the copy is a state that the node had, and it checks."""
    over, desk = threading.Event(), desk_of(node)

    def writes():
        while not over.is_set():
            speak(desk, MOD, sizes(desk, MOD)[0] + 1)

    writer = threading.Thread(target=writes)
    writer.start()
    try:
        for number in range(2):
            target = tmp_path / f"{number}.tsqb"
            made = back_up(node.folder, target, LOCK, nothing)
            again = tmp_path / f"again-{number}"
            restore(target, again, KEY, nothing)
            heads = dict(state_of(again)[0])
            for head in made.heads:
                assert heads[head.log].root().hex() == head.root
                assert desk.store.root_at(head.log, head.size).hex() == head.root
    finally:
        over.set()
        writer.join()
        desk.database.close()


@pytest.mark.parametrize("place", [0.0, 0.01, 0.3, 0.6, 0.999])
def test_a_damaged_backup_changes_nothing(node, tmp_path, place):
    """A flipped bit or a missing end is noticed wherever it is, and no folder is left."""
    target = tmp_path / "one.tsqb"
    back_up(node.folder, target, LOCK, nothing)
    whole = target.read_bytes()
    at = min(len(whole) - 1, int(place * len(whole)))
    flipped = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    for data in (flipped, whole[:at]):
        target.write_bytes(data)
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the code is looked at below
            restore(target, tmp_path / "again", KEY, nothing)
        assert caught.value.code in ("backup_damaged", "backup_form", "backup_key")
    assert {p.name for p in tmp_path.iterdir()} == {"MPA", "MOD", "one.tsqb"}


def test_a_wrong_word_opens_nothing(node, tmp_path):
    """And the words of a backup must be long enough for a file that can be stolen."""
    target = tmp_path / "one.tsqb"
    with refusal("backup_passphrase"):
        back_up(node.folder, target, Lock(passphrase="short"), nothing)
    assert not target.exists()
    back_up(node.folder, target, WORDS, nothing)
    with refusal("backup_key"):
        restore(target, tmp_path / "again", "another five quiet words", nothing)
    with refusal("backup_exists"):
        back_up(node.folder, target, WORDS, nothing)
    with refusal("node_folder_taken"):
        restore(target, node.folder, WORDS.passphrase, nothing)


def test_no_room_leaves_no_half_file(node, tmp_path, monkeypatch):
    """A full disk is said in words; neither the target nor a copy of the logs is left."""
    target = tmp_path / "one.tsqb"

    def full(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with refusal("backup_write"):
        back_up(node.folder, target, LOCK, nothing)
    left = {p.name for p in (*tmp_path.iterdir(), *node.folder.iterdir())}
    assert not {name for name in left if "backup" in name or "tsqb" in name}


def test_no_content_stands_plain_in_a_backup(node, tmp_path):
    """Neither a word of the logs nor a key."""
    target = tmp_path / "one.tsqb"
    back_up(node.folder, target, LOCK, nothing)
    data = target.read_bytes()
    with sqlite3.connect(node.database) as connection:
        (entry,) = connection.execute("SELECT data FROM entry LIMIT 1").fetchone()
    assert entry[:40] not in data
    assert b"SQLite format" not in data
