"""The command line: every verb, every exit code, help that runs."""

import json
import re
import shlex
import signal
import socket
import sqlite3
import subprocess

import pytest

from tansiq.domain.wording import phrase
from tansiq.node import cli, grammar, terminal
from tansiq.node.terminal import Terminal, language_of
from tests.commands import COMMAND, ENGLISH, process, said, tansiq
from tests.contract.desks import MOD, MPA, befriend, desk_of, found, speak

PASSPHRASE = "five quiet words of ours\n"


@pytest.fixture
def nodes(tmp_path):
    """Two founded nodes that know each other, and an empty stick."""
    settings = {party: found(tmp_path, party, web_port=0, store="sqlite") for party in (MPA, MOD)}
    for party, other in ((MPA, MOD), (MOD, MPA)):
        desk = desk_of(settings[party])
        befriend(desk, settings[other])
        desk.database.close()
    (tmp_path / "stick").mkdir()
    return tmp_path


def say_something(folder, party, to, version=1):
    """Put something into a feed."""
    desk = desk_of(cli.read_settings(folder / party))
    speak(desk, to, version)
    desk.database.close()


# Help --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
@pytest.mark.parametrize("verb", ["", *grammar.EXAMPLES])
def test_help_is_complete_in_each_language(verb, language, capsys):
    """Each verb says what it does, with an example, in the language that was asked for."""
    with pytest.raises(SystemExit) as ended:
        cli.main([*filter(None, [verb]), "--language", language, "--help"])
    assert ended.value.code == 0
    text = re.sub(r"\s+", " ", capsys.readouterr().out)
    key = f"cli.{verb}.help" if verb else "cli.about"
    assert re.sub(r"\s+", " ", phrase(key, language)) in text
    assert phrase("cli.example", language) in text or not verb
    assert "VERB" in text or verb


def test_d14_the_language_comes_from_the_option_the_node_or_the_terminal(nodes):
    """In this order; a locale that is none of ours reads English."""
    told = [language_of({"LANG": name}) for name in ("ar_IQ.UTF-8", "ckb", "ku_IQ", "de_DE", "")]
    assert ["ar", "ckb", "ckb", "en", "en"] == told
    arabic = {**ENGLISH, "LC_ALL": "ar_IQ.UTF-8", "PYTHONUTF8": "1"}
    absent = phrase("error.node_absent", "ar", folder="nowhere")
    said(tansiq("card", "nowhere", environment=arabic), 3, absent)
    sorani = phrase("cli.words", "ckb")
    said(tansiq("card", nodes / MPA, "--language", "ckb"), 0, sorani)
    said(tansiq("card", nodes / MPA, "--language=ckb"), 0, sorani)
    said(tansiq("card", nodes / MPA, environment=arabic), 0, phrase("cli.words", "en"))


# Wrong use and faults ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("dance",),
        ("init",),
        ("card",),
        ("card", "x", "--language", "fr"),
        ("--language",),
        ("exchange", "x", "y", "--to", "mod"),
        ("import", "xls", "x", "y"),
        ("init", "x", "--party", "MPA", "--position", "liaison:king:a:b:c"),
        ("init", "x", "--party", "MPA", "--position", "liaison:auditor:a:b"),
    ],
)
def test_wrong_use_is_exit_code_2(arguments, capsys):
    """With the usage, and nothing done."""
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: tansiq")


@pytest.mark.parametrize(
    "arguments",
    [
        ("card",),
        ("serve",),
        ("verify",),
        ("fsck",),
        ("rebuild",),
        ("exchange", "stick"),
        ("join", "x.card", "--position", "liaison", "--person", "P-1"),
        ("person", "--position", "liaison", "--person", "P-1"),
    ],
)
def test_a_folder_without_a_node_is_exit_code_3(arguments, tmp_path):
    """One sentence that says what to do."""
    verb, *rest = arguments
    done = tansiq(verb, tmp_path, *rest)
    said(done, 3, "There is no node in this folder.")
    assert len(done.stderr.splitlines()) == 1


def test_a_broken_database_or_a_taken_folder_is_exit_code_3(nodes):
    """Whatever the verb, words and no traceback."""
    said(process(), 2, "usage: tansiq")
    _, verb, _, *rest = shlex.split(grammar.EXAMPLES["init"])
    said(tansiq(verb, nodes / MPA, *rest, "--keys-unprotected"), 3, "not empty")
    said(tansiq(verb, nodes / "new", *rest), 3, "have a passphrase")
    (nodes / MPA / "tansiq.sqlite3").write_bytes(b"not a database" * 1000)
    for verb in ("serve", "fsck", "verify", "rebuild"):
        said(tansiq(verb, nodes / MPA), 3, "database")
    (nodes / MOD / "accounts.sqlite3").write_bytes(b"not a database" * 1000)
    said(tansiq("serve", nodes / MOD), 3, "database")


def test_a_port_in_use_is_exit_code_3(nodes):
    """One sentence with the number of the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        path = nodes / MPA / "node.json"
        value = json.loads(path.read_text())
        value["web"]["port"] = port
        path.write_text(json.dumps(value))
        said(tansiq("serve", nodes / MPA), 3, "already listens", str(port))
        value["web"]["port"], value["partners"]["port"] = 0, port
        path.write_text(json.dumps(value))
        said(tansiq("serve", nodes / MPA), 3, "already listens", str(port))


def test_what_needs_the_node_for_itself_says_so(nodes):
    """A check beside a served node would see half a truth."""
    with cli.verbs.open_node(nodes / MPA):
        for verb in ("verify", "fsck", "rebuild"):
            said(tansiq(verb, nodes / MPA), 3, "Stop the node first")


def test_an_interrupt_is_exit_code_130(nodes):
    """Ctrl-C at a question ends the command without a word of Python."""
    with subprocess.Popen(
        # What runs in the background of a shell would not hear it.
        ["env", "--default-signal=INT", *COMMAND,
         "join", str(nodes / MPA), str(nodes / MOD / "MOD-mod.card"),
         "--position", "liaison", "--person", "P-1"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=ENGLISH,
    ) as process:  # fmt: skip
        while "8. " not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "")


# Verbs -------------------------------------------------------------------------------------------


def test_join_shows_eight_words_and_asks(nodes):
    """Anything but yes leaves the partner a stranger; the words are those of the card's owner."""
    third = found(nodes, "GER")
    join = ("join", nodes / MPA, third.card, "--position", "liaison", "--person", "P-1")
    words = re.findall(r"  \d\. (\w+) ", tansiq("card", third.folder).stdout)
    assert len(words) == 8
    for typed in ("no\n", "", "\n"):
        said(tansiq(*join, typed=typed), 3, "not accepted")
    assert words == re.findall(r"  \d\. (\w+) ", said(tansiq(*join, typed="yes\n"), 0))
    said(tansiq(*join, "--words-read"), 0, "GER is now a partner of this node")
    said(tansiq(*join[:2], third.keys / "secrets.json", *join[3:]), 3)
    said(tansiq(*join[:2], nodes / "absent", *join[3:]), 3, "No such file")
    said(tansiq(*join[:-1], "not a number"), 3)
    said(tansiq(*join[:4], "nobody", *join[5:]), 3, "no such position")


def test_person_sets_a_passphrase(nodes):
    """Known positions, a passphrase of some length; nothing of it is kept in the clear."""
    person = ("person", nodes / MPA, "--person", "P-1", "--position")
    said(tansiq(*person, "liaison", typed=PASSPHRASE), 0, "Person P-1 can sign on")
    said(tansiq(*person, "liaison", typed="short\n"), 3)
    said(tansiq(*person, "nobody", typed=PASSPHRASE), 3, "no such position")
    assert PASSPHRASE.strip().encode() not in (nodes / MPA / "accounts.sqlite3").read_bytes()


def test_exchange_carries_there_and_back(nodes):
    """Three walks with the stick: what leaves, what came, what was signed for."""
    stick = nodes / "stick"
    say_something(nodes, MPA, MOD)
    there = said(tansiq("exchange", nodes / MPA, stick), 0, "tansiq-MPA-to-MOD-000001.tsq")
    assert len(re.findall(r"  \d\. (\w+) ", there)) == 8
    said(tansiq("exchange", nodes / MOD, stick), 0, "From MPA, signed", "New entries: 1",
         "Nothing is missing.", "tansiq-MOD-to-MPA-000001.tsq")  # fmt: skip
    said(tansiq("exchange", nodes / MPA, stick), 0, "From MOD, signed")
    said(tansiq("exchange", nodes / MOD, stick), 0, "known already")
    said(tansiq("verify", nodes / MPA), 0, "sent 1, signed for 1", "All feeds are whole")


def test_c9_join_takes_a_card_that_an_editor_has_saved(nodes):
    """With a mark, line ends of Windows and a final newline, and the same eight words."""
    third = found(nodes, "GER", web_port=0, store="sqlite")
    saved = nodes / "saved.txt"
    saved.write_bytes(b"\xef\xbb\xbf" + third.card.read_bytes() + b"\r\n")
    words = re.findall(r"  \d\. (\w+) ", said(tansiq("card", third.folder), 0))
    join = ("--position", "liaison", "--person", "P-1", "--words-read")
    joined = said(tansiq("join", nodes / MPA, saved, *join), 0, "GER is now a partner")
    assert words == re.findall(r"  \d\. (\w+) ", joined)


def test_b8_exchange_names_what_it_did_not_read(nodes):
    """With the reason, and with exit code 1 where something for us may be among it."""
    stick = nodes / "stick"
    say_something(nodes, MPA, MOD)
    tansiq("exchange", nodes / MPA, stick)
    (stick / "tansiq-MPA-to-MOD-000001.tsq").rename(stick / "copy.tsq")
    (stick / "photo.jpg").write_bytes(b"x")
    (stick / "tansiq-MPA-to-GER-000001.tsq").write_bytes(b"x")
    said(tansiq("exchange", nodes / MOD, stick), 0, "New entries: 1", "photo.jpg. It is not a file",
         "tansiq-MPA-to-GER-000001.tsq. Its name says that it is for another")  # fmt: skip
    (stick / "folder").mkdir()
    (stick / "folder" / "tansiq-MPA-to-MOD-000002.tsq.part").write_bytes(b"x")
    torn = "folder/tansiq-MPA-to-MOD-000002.tsq.part. It was not written to its end"
    said(tansiq("exchange", nodes / MOD, stick), 1, torn)
    (stick / "folder" / "odd.tsq").write_bytes(b"noise")
    said(tansiq("exchange", nodes / MOD, stick), 1, "File not used: folder/odd.tsq")


def test_exchange_says_what_is_wrong_with_a_stick(nodes):
    """A bad file is exit code 1 and the good one beside it is taken; no stick is exit code 3."""
    stick = nodes / "stick"
    say_something(nodes, MPA, MOD)
    tansiq("exchange", nodes / MPA, stick)
    (stick / "tansiq-MPA-to-MOD-000009.tsq").write_bytes(b"noise")
    said(tansiq("exchange", nodes / MOD, stick), 1, "File not used", "New entries: 1")
    said(tansiq("exchange", nodes / MOD, nodes / "nowhere"), 3, "stick cannot be read")
    said(tansiq("exchange", nodes / MOD, stick, "--to", "GER"), 3)
    third = found(nodes, "GER")
    (nodes / "empty").mkdir()
    said(tansiq("exchange", third.folder, nodes / "empty"), 3, "Name the partner")


def test_a_stopped_partner_is_exit_code_4(nodes):
    """Two histories that cannot both be true stop the exchange, in words, for good."""
    stick = nodes / "stick"
    say_something(nodes, MPA, MOD)
    tansiq("exchange", nodes / MPA, stick)
    tansiq("exchange", nodes / MOD, stick)
    for name in ("tansiq.sqlite3", "tansiq.sqlite3-wal", "tansiq.sqlite3-shm"):
        (nodes / MPA / name).unlink(missing_ok=True)
    desk = desk_of(cli.read_settings(nodes / MPA))  # MPA forgets, and tells another story
    befriend(desk, cli.read_settings(nodes / MOD))
    desk.database.close()
    say_something(nodes, MPA, MOD, version=7)
    (nodes / "other").mkdir()
    tansiq("exchange", nodes / MPA, nodes / "other")
    said(tansiq("exchange", nodes / MOD, nodes / "other"), 4, "is stopped")
    said(tansiq("exchange", nodes / MOD, nodes / "other"), 4, "is stopped")
    said(process("exchange", nodes / MOD, stick, "--to", MPA), 4, "is stopped")


def test_damage_is_exit_code_1(nodes):
    """A changed entry is found by verify and by fsck, and named by log and number."""
    say_something(nodes, MPA, MOD)
    said(tansiq("fsck", nodes / MPA), 0, "No damage found.")
    with sqlite3.connect(nodes / MPA / "tansiq.sqlite3") as raw:
        raw.execute("UPDATE entry SET data = CAST(data || ' ' AS BLOB) WHERE data IS NOT NULL")
    raw.close()
    said(tansiq("fsck", nodes / MPA), 1, "Damage in log journal, entries 1 to")
    said(process("verify", nodes / MPA), 1, "Damage in log out/MOD, entry 1")


def test_rebuild_makes_the_lists_anew(nodes):
    """Lists that were tampered with are damage until they are rebuilt."""
    with sqlite3.connect(nodes / MPA / "tansiq.sqlite3") as raw:
        raw.execute("UPDATE partner SET trusted_at = 1")
    raw.close()
    said(tansiq("fsck", nodes / MPA), 1)
    said(tansiq("rebuild", nodes / MPA), 0, "rebuilt")
    said(tansiq("fsck", nodes / MPA), 0)


def test_import_reports_rows_and_rejections(nodes):
    """Rejected rows are exit code 1 and named; a file that is no table is exit code 3."""
    table = nodes / "table.csv"
    head = "date,time,place,category,severity,text\n"
    good = "2020-12-20,10:00,Makhmur,fire,urgent,Wheat field\n"
    who = ("--position", "liaison", "--person", "P-1")
    table.write_text(head + good)
    said(tansiq("import", "csv", nodes / MPA, table, *who), 0)
    table.write_text(head + good + "yesterday,,nowhere at all,fire,urgent,x\n")
    said(tansiq("import", "csv", nodes / MPA, table, *who), 1, "Row 3:")
    said(tansiq("import", "ucdp", nodes / MPA, table, *who), 3)
    said(tansiq("import", "csv", nodes / MPA, nodes / "absent.csv", *who), 3)


# The terminal ------------------------------------------------------------------------------------


def test_progress_is_rewritten_on_a_terminal_and_plain_elsewhere(monkeypatch, capsys):
    """One line that changes, or now and then a line; never a flood."""
    spoken = Terminal("en")
    for entries in range(1000):
        spoken.progress("cli.progress.log", log="journal", entries=entries)
    assert len(capsys.readouterr().err.splitlines()) == 1
    monkeypatch.setattr(terminal.sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(terminal, "_REWRITE_SECONDS", 0.0)
    for entries in (1, 2):
        spoken.progress("cli.progress.log", log="journal", entries=entries)
    spoken.say("cli.fsck.fine")
    errors = capsys.readouterr().err
    assert errors.count("\r") == 2
    assert errors.endswith("\n")


def test_a_passphrase_is_typed_twice_and_unseen(monkeypatch):
    """Two that differ change nothing."""
    typed = iter(["one", "one", "one", "two"])
    monkeypatch.setattr(terminal.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(terminal.getpass, "getpass", lambda _prompt: next(typed))
    assert Terminal("en").ask_passphrase() == "one"
    with pytest.raises(terminal.InputError):
        Terminal("en").ask_passphrase()


def test_no_verb_is_without_a_handler():
    """The grammar and the handlers name the same verbs."""
    assert set(grammar.EXAMPLES) == set(cli.verbs.VERBS)
