"""The command line as the tests run it: in this process where that says the same, else for real.

A process of its own costs half a second, nearly all of it for loading what is loaded here already.
``tests/unit/test_cli_examples.py`` runs every verb once as a real process; ``process`` is for what
only a process has: signals, an exit code as a shell sees it, a first start.
"""

import contextvars
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from tansiq.node import cli

ENGLISH = {**os.environ, "LANG": "C", "LC_ALL": "C.UTF-8"}
COMMAND = [sys.executable, "-m", "tansiq.node"]
# They set Django up, which a process can do once, for one node.
ALONE = frozenset({"person", "serve"})


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said, as ``subprocess.CompletedProcess`` names it."""

    returncode: int
    stdout: str
    stderr: str


def tansiq(
    *arguments: object,
    typed: str = "",
    cwd: Path | None = None,
    environment: Mapping[str, str] = ENGLISH,
) -> Done:
    """Run one command; in a process of its own only where its verb needs one."""
    words = [str(argument) for argument in arguments]
    if words[:1] and words[0] in ALONE:
        return process(*words, typed=typed, cwd=cwd, environment=environment)
    with _terminal(typed, cwd, environment) as (out, errors):
        code = contextvars.copy_context().run(_code_of, words)
    return Done(code, out.getvalue(), errors.getvalue())


def process(
    *arguments: object,
    typed: str = "",
    cwd: Path | None = None,
    environment: Mapping[str, str] = ENGLISH,
) -> Done:
    """Run one command in a process of its own."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=typed, capture_output=True, text=True, cwd=cwd, env=environment, timeout=60,
        check=False,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def said(done: Done, code: int, *texts: str) -> str:
    """That a command ended with ``code``, said these texts, and showed no traceback."""
    both = done.stdout + done.stderr
    assert done.returncode == code, both
    assert "Traceback" not in both
    for text in texts:
        assert text in both, both
    return both


def _code_of(words: list[str]) -> int:
    try:
        return cli.main(words)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)


@contextmanager
def _terminal(
    typed: str, cwd: Path | None, environment: Mapping[str, str]
) -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """What a process has of its own: streams, folder, environment, mask; as before at the end."""
    out, errors = io.StringIO(), io.StringIO()
    with ExitStack() as stack:
        stack.callback(os.umask, os.umask(0o022))
        stack.enter_context(mock.patch.dict(os.environ, environment, clear=True))
        stack.enter_context(mock.patch.object(sys, "stdin", io.StringIO(typed)))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(errors))
        if cwd is not None:
            stack.enter_context(chdir(cwd))
        yield out, errors
