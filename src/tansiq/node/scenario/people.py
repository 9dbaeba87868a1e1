"""Lets the people of the sample sign on to one node.

``python -m tansiq.node.scenario.people FOLDER``
"""

import sys
from pathlib import Path

from tansiq.node.founding import open_node
from tansiq.node.scenario.cast import PARTIES, passphrase_of
from tansiq.node.serve import site_settings
from tansiq.web.shell import site


def main(folder: Path) -> None:
    """Set everybody's passphrase."""
    with open_node(folder) as node:
        site.configure(site_settings(node))
        # Its tables exist only after ``configure``.
        from tansiq.web.accounts.service import set_passphrase  # noqa: PLC0415

        for person, positions in PARTIES[node.settings.party].people.items():
            set_passphrase(person, list(positions), passphrase_of(person))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
