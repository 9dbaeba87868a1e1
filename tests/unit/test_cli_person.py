"""The command line: what an administrator does about second factors."""

import os
import subprocess
import sys

from tests.contract.desks import MPA, found

ENGLISH = {**os.environ, "LANG": "C", "LC_ALL": "C.UTF-8"}


def person(folder, *arguments, typed=""):
    """Run the verb for one person; its exit code and what it said."""
    verb = (sys.executable, "-m", "tansiq.node", "person", folder / MPA, "--person", "P-7")
    done = subprocess.run(
        [*verb, *arguments],
        input=typed, capture_output=True, text=True, env=ENGLISH, timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_second_factors_that_were_lost_are_taken_away(tmp_path):
    """For a person who is known, beside nothing else, and it stands in the journal."""
    found(tmp_path, MPA, web_port=0)
    code, said = person(tmp_path, "--reset-factors")
    assert 3 == code
    assert "Nobody here has the roster number P-7" in said
    code, said = person(tmp_path, "--position", "liaison", typed="five quiet words of ours\n")
    assert 0 == code, said
    code, said = person(tmp_path, "--reset-factors")
    assert 0 == code, said
    assert "removed: 0" in said
    assert "stands in the journal" in said
    assert 2 == person(tmp_path, "--reset-factors", "--position", "liaison")[0]
