"""The independent verifier accepts real evidence, and rejects tampering for the right reason."""

import ast
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT
from tests.verifier import container, content, formats, tampering_sealed, verify
from tests.verifier.formats import RejectedError
from tests.verifier.made import KEYS, life, opened, zipped
from tests.verifier.tampering import KINDS

HERE = Path(__file__).parent
WRITTEN_FROM_SPEC = ("verify.py", "container.py", "content.py", "formats.py")
TRUSTED = {"MPA": KEYS["MPA"], "MOD": KEYS["MOD"]}


@pytest.mark.parametrize("made", ["plain", "own", "theirs", "after"])
def test_real_evidence_is_accepted(made):
    """Evidence of the sender, with and without own editions, and of the receiver before and after
    a recall holds, with the authorities' keys that were given.
    """
    record, all_made = life()
    found = verify.verify(all_made[made], TRUSTED)
    assert record == found["manifest"]["record"]
    assert found["feeds"]


def test_real_evidence_tells_the_whole_life():
    """Released twice, read, recalled, erased twice; what may not be handed on is withheld."""
    found = verify.verify(life()[1]["plain"], TRUSTED)
    told = {(f["from"], f["to"]): [e["what"] for e in f["entries"]] for f in found["feeds"]}
    assert ["edition", "edition", "recall"] == told["MPA", "MOD"]
    assert ["read", "purged", "purged"] == told["MOD", "MPA"]
    theirs = verify.verify(life()[1]["theirs"], TRUSTED)
    whats = [e["what"] for f in theirs["feeds"] if f["from"] == "MPA" for e in f["entries"]]
    assert ["withheld", "withheld"] == whats


@pytest.mark.parametrize(
    ("tamper", "reason", "made"), [kind[1:] for kind in KINDS], ids=[kind[0] for kind in KINDS]
)
def test_tampering_is_rejected_for_its_reason(tamper, reason, made):
    """Each kind, done to real evidence, ends in the one reason that names it."""
    with pytest.raises(RejectedError) as caught:
        verify.verify(tamper(opened(life()[1][made])), TRUSTED)
    assert reason == caught.value.reason, caught.value


def test_there_are_at_least_thirty_kinds():
    """The issue asks for twenty; no two kinds are the same act."""
    assert len({kind[0] for kind in KINDS}) == len(KINDS) >= 30
    assert any(kind[1].__module__ == tampering_sealed.__name__ for kind in KINDS)


def test_no_damaged_byte_is_accepted_or_breaks_the_verifier():
    """Two thousand single changes of a file inside, sealed by nobody: rejected, never a crash."""
    files, chance = opened(life()[1]["plain"]), random.Random(7)
    for _ in range(2_000):
        name = chance.choice(sorted(set(files) - {"README.txt"}))
        data = bytearray(files[name] or b"\0")
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        with pytest.raises(RejectedError):
            verify.verify(zipped({**files, name: bytes(data)}), TRUSTED)


def test_the_verifier_imports_nothing_of_tansiq():
    """It is written from spec/ alone: the standard library and one library for Ed25519."""
    allowed = set(sys.stdlib_module_names) | {"cryptography", "container", "content", "formats"}
    for name in WRITTEN_FROM_SPEC:
        for part in ast.walk(ast.parse((HERE / name).read_text("utf-8"))):
            if isinstance(part, ast.Import):
                assert {alias.name.split(".")[0] for alias in part.names} <= allowed, name
            elif isinstance(part, ast.ImportFrom):
                own = f"{part.module}".startswith("tests.verifier")
                assert own or f"{part.module}".split(".")[0] in allowed, (name, part.module)


def test_every_reason_stands_in_the_spec():
    """A reason that the verifier gives is explained, and the spec explains no other."""
    given = set()
    for module in (verify, container, content, formats):
        for part in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
            if isinstance(part, ast.Constant) and part.value in reasons():
                given.add(part.value)
            elif isinstance(part, ast.Call) and getattr(part.func, "id", "") in ("need", RAISED):
                place = int(part.func.id == "need")
                reason = part.args[place] if len(part.args) > place else None
                if isinstance(reason, ast.Constant):
                    given.add(reason.value)
    assert reasons() == given


RAISED = "RejectedError"


def reasons():
    """The reasons of spec/evidence.md."""
    text = (ROOT / "spec" / "evidence.md").read_text("utf-8").partition("## 5. Reasons")[2]
    return set(re.findall(r"^\| `([a-z_]+)`", text, re.MULTILINE))


def test_it_runs_as_a_script_of_its_own(tmp_path):
    """From an empty folder without Tansiq on the path: 0 and HOLDS, or 1 and the reason."""
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(life()[1]["plain"])
    bad.write_bytes(zipped({**opened(life()[1]["plain"]), "extra": b""}))
    for name in WRITTEN_FROM_SPEC:
        shutil.copy(HERE / name, tmp_path)
    script = [sys.executable, "-I", "-c", RUN, str(tmp_path)]
    held = subprocess.run([*script, good], capture_output=True, text=True, check=False)
    assert (0, "HOLDS") == (held.returncode, held.stdout[:5]), held.stderr
    refused = subprocess.run([*script, bad], capture_output=True, text=True, check=False)
    assert (1, "REJECTED file_extra extra\n") == (refused.returncode, refused.stdout)


RUN = """import runpy, sys
folder = sys.argv.pop(1)
sys.path[:0] = [folder]
runpy.run_path(folder + "/verify.py", run_name="__main__")
"""


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not on this machine")
def test_standard_tools_check_the_sums_and_the_signature(tmp_path):
    """As README.txt says: sha256sum and openssl, nothing of ours."""
    for name, data in opened(life()[1]["plain"]).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    readme = (tmp_path / "README.txt").read_text("utf-8")
    for command in ("sha256sum -c SHA256SUMS", re.search(r"openssl pkeyutl .*?\.sig", readme)[0]):
        assert command in readme
        done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
        assert 0 == done.returncode, done
