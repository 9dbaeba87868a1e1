"""Lets people sign on: ``python -m tests.e2e.people FOLDER...``, once for all nodes.

Each node gets the same accounts, so that the pages' framework is set up and passphrases are hashed
once. Only those whom a test needs may sign on.
"""

import shutil
import sys
from pathlib import Path

from tansiq.node.founding import open_node
from tansiq.node.scenario.cast import PARTIES, passphrase_of
from tansiq.node.serve import site_settings
from tansiq.web.shell import site

WANTED = frozenset(
    {
        "senior-duty-officer",
        "duty-officer",
        "liaison-officer",
        "neutral-desk",
        "administrator",
        "reform-manager",
        "training-manager",
        "adviser-de",
        "adviser-gb",
    }
)


def main(first: Path, *others: Path) -> None:
    with open_node(first) as node:
        accounts = node.settings.accounts
        site.configure(site_settings(node))
        # Its tables exist only after ``configure``.
        from tansiq.web.accounts.service import set_passphrase  # noqa: PLC0415

        for plan in PARTIES.values():
            for person, positions in plan.people.items():
                if WANTED & set(positions):
                    set_passphrase(person, list(positions), passphrase_of(person))
    for folder in others:
        shutil.copyfile(accounts, folder / accounts.name)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
