"""What the help tells people to type works when typed: each verb once, as a real process."""

import json
import re
import shlex
import signal
import subprocess

import pytest

from tansiq.log.certificates import Claims, make_code
from tansiq.node import cli, grammar, keyring
from tests.commands import COMMAND, ENGLISH, process, said
from tests.contract import desks
from tests.contract.desks import MOD, found, free_port, revocation_of
from tests.unit.test_cli import PASSPHRASE


def examples(capsys):
    """The example of each verb, as its help shows it."""
    shown = {}
    for verb in grammar.EXAMPLES:
        with pytest.raises(SystemExit):
            cli.main([verb, "--language", "en", "--help"])
        text = capsys.readouterr().out
        (line,) = re.findall(r"^  (tansiq .*)$", text, re.MULTILINE)
        shown[verb] = shlex.split(line)[1:]
    return shown


def served(arguments, cwd, environment):
    """Run a serving example until it is ready, and stop it."""
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=cwd, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            first = process.stdout.readline()
            if "WARNING" in first:  # the keys are not sealed
                first = process.stdout.readline()
            assert "The node is ready." in first
            process.send_signal(signal.SIGTERM)
            out, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    return process.returncode, out + errors


def code_of(settings):
    """The code of a certificate that another node has signed."""
    ring = keyring.load_keyring(settings.keys, lambda _name: PASSPHRASE)
    claims = Claims(
        party="MOD", serial="7F3K9ZQ0TB", course="C-AID", level="basic", begins="2020-10-20",
        ends="2099-10-20", salt=bytes(16), mark=bytes(16),
    )  # fmt: skip
    return make_code(claims, ring.node.seed)


def unseal(folder, passphrase):
    """Leave the secrets open for the verbs that follow: each opening costs a second."""
    assert {path.suffix for path in folder.glob("*.*")} >= {".age"}
    ring = keyring.load_keyring(folder, lambda _name: passphrase)
    keyring.keep(ring, "")
    keyring.keep_authority(folder, ring.authority, "")


@pytest.mark.slow
def test_every_example_of_the_help_runs(tmp_path, monkeypatch, capsys):
    """What the help tells a tired administrator to type works when typed, in this order."""
    other = found(tmp_path, MOD, store="sqlite")
    (tmp_path / "MOD-baghdad.card").write_bytes(other.card.read_bytes())
    (tmp_path / "stick").mkdir()
    (tmp_path / "incidents.csv").write_text(
        "date,time,place,category,severity,text\n2020-12-20,10:00,Makhmur,fire,urgent,Wheat field\n"
    )
    (tmp_path / "MOD-lost.json").write_bytes(revocation_of(other))
    (tmp_path / "code.txt").write_text(code_of(other))
    typed = dict.fromkeys(("person", "backup", "restore"), PASSPHRASE) | {"join": "yes\n"}
    credential, new = tmp_path / "tansiq-passphrase", tmp_path / "new-passphrase"
    credential.write_text("a passphrase for the keys\n")
    new.write_text("another one for the keys\n")
    unlocked = {**ENGLISH, "CREDENTIALS_DIRECTORY": str(tmp_path)}
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    for verb, arguments in examples(capsys).items():
        given = [item.replace("/media/stick", "stick") for item in arguments]
        given[2:3] = [desks.record_in(tmp_path / "mpa")] if verb == "evidence" else given[2:3]
        if verb == "serve":
            code, text = served(given, tmp_path, unlocked)
            assert (code, "The node has stopped." in text) == (0, True), text
            continue
        done = process(*given, typed=typed.get(verb, ""), cwd=tmp_path, environment=unlocked)
        # A list of the withdrawn has not come: nobody is told that the certificate stands.
        said(done, 1 if verb == "certificate" else 0)
        if verb == "protect":
            credential.write_text(new.read_text())
            unseal(tmp_path / "mpa" / "keys", credential.read_text().strip())
        if verb == "init":
            path = tmp_path / "mpa" / "node.json"
            value = json.loads(path.read_text())
            value["web"]["port"] = 0
            value["partners"]["port"] = free_port()
            path.write_text(json.dumps(value))
            unseal(tmp_path / "mpa" / "keys", credential.read_text().strip())
    assert (tmp_path / "mpa-card.svg").read_text().startswith("<?xml")
