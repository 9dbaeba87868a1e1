"""The verbs for keys: revoke a lost node, take a notice. See ``verbs`` for what a verb is."""

import argparse
from pathlib import Path
from typing import Final

from tansiq.desk import papers
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.log.cards import read_card
from tansiq.log.keys import fingerprint_words
from tansiq.log.papers import Revocation, make_revocation
from tansiq.node.clock import SystemClock
from tansiq.node.files import read_file, write_new
from tansiq.node.founding import actor_of, open_node
from tansiq.node.keyring import load_authority
from tansiq.node.terminal import Terminal, show_words

FINE: Final = 0


def revoke(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Sign that a node's key counts no longer, on any machine that has the authority's key."""
    authority = load_authority(chosen.authority)
    card = read_card(read_file(chosen.card, BOUNDS.card_bytes_max))
    if card.authority != authority.public:
        raise ParcelError("paper_authority", party=card.party)
    now = SystemClock(0).now()
    heir = read_file(chosen.replacement, BOUNDS.card_bytes_max) if chosen.replacement else b""
    data = make_revocation(
        Revocation(
            party=card.party, authority=authority.public, node=card.node, public=card.public,
            revoked_ms=now, lost_ms=min(chosen.lost or now, now), reason=chosen.reason,
            replacement=heir,
        ),
        authority.seed,
    )  # fmt: skip
    path = chosen.folder / f"tansiq-notice-{card.party}-{card.node}-{now}.json"
    write_new(path, data)
    terminal.say("cli.revoke.done", node=card.node, path=path)
    show_words(fingerprint_words(data), terminal)
    return FINE


def notice(chosen: argparse.Namespace, terminal: Terminal) -> int:
    """Take a card, a revocation or a succession that proves itself."""
    data = read_file(chosen.file, BOUNDS.paper_bytes_max)
    with open_node(chosen.folder) as node:
        actor = actor_of(node.desk, chosen.position, chosen.person)
        paper = papers.bring(node.desk, actor, data)
    if paper is None:
        terminal.say("cli.notice.known")
    else:
        terminal.say("cli.notice.done", party=paper.party, name=Path(chosen.file).name)
    return FINE
