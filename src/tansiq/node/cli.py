"""The command line: ``tansiq VERB FOLDER``.

Exit codes: 0 done; 1 damage found, or rows or files were rejected; 2 wrong use; 3 it cannot be
done, the words say why; 4 the exchange with a partner is stopped; 130 interrupted.
"""

import argparse
import os
import resource
import sys
from collections.abc import Sequence
from typing import Final

from tansiq.domain.errors import FaultError, ParcelError, TansiqError
from tansiq.node import grammar, unlocking, verbs
from tansiq.node.settings import read_settings
from tansiq.node.terminal import Terminal, own_language

_PRIVATE: Final = 0o077  # what the node writes is for its own user


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    os.umask(_PRIVATE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # secrets in memory never reach a core file
    given = list(sys.argv[1:] if arguments is None else arguments)
    chosen = grammar.build(_asked_language(given) or own_language()).parse_args(given)
    terminal = Terminal(_language(chosen))
    unlocking.begin(terminal.language, chosen.passphrase_file, chosen.authority_passphrase_file)
    try:
        return verbs.VERBS[chosen.verb](chosen, terminal)
    except ParcelError as fault:
        terminal.fault(fault)
        return verbs.STOPPED if fault.code == "partner_stopped" else verbs.CANNOT
    except TansiqError as fault:
        terminal.fault(fault)
        return verbs.CANNOT
    except KeyboardInterrupt:
        terminal.settle()
        return verbs.INTERRUPTED
    except BrokenPipeError:
        # Who read our output has gone; let the interpreter not try to write the rest either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return verbs.CANNOT


def _asked_language(given: Sequence[str]) -> str:
    """The language of ``--language``, looked for before there is a parser with words in it."""
    for place, argument in enumerate(given):
        name, _, value = argument.partition("=")
        if name == "--language":
            return value or "".join(given[place + 1 : place + 2])
    return ""


def _language(chosen: argparse.Namespace) -> str:
    asked: str = getattr(chosen, "language", "")
    if asked or chosen.verb == "init":
        return asked or own_language()
    try:
        return read_settings(chosen.folder).language
    except FaultError:
        return own_language()


if __name__ == "__main__":
    sys.exit(main())
