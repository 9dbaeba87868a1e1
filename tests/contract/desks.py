"""Founded nodes that know each other, and something for them to say."""

import socket
from dataclasses import replace
from pathlib import Path

from tansiq.desk.act.desk import Desk
from tansiq.desk.proof import checking
from tansiq.desk.release import agreements
from tansiq.desk.trust import partners
from tansiq.domain.parties import Classification, PartyCode, Position, Role
from tansiq.domain.wording import Text
from tansiq.log.cards import read_card
from tansiq.log.papers import Revocation, make_revocation
from tansiq.log.store import in_log, out_log
from tansiq.node.founding import actor_of, init_node, open_desk, open_node
from tansiq.node.keyring import load_keyring
from tansiq.node.settings import NodeSettings
from tansiq.policy.agreement import Agreement
from tests import stores

MPA, MOD, GER = PartyCode("MPA"), PartyCode("MOD"), PartyCode("GER")
POSITIONS = (
    Position(
        code="liaison",
        role=Role.LIAISON_OFFICER,
        names=Text("Liaison officer", "ضابط الارتباط", "ئەفسەری پەیوەندی"),
    ),
)
ALL_TIME = 2**47


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def found(folder: Path, party: PartyCode, **chosen) -> NodeSettings:
    """Found a node in ``folder``, where what is released may leave at once; its settings."""
    port = free_port()
    settings = NodeSettings(
        folder=folder / party,
        party=party,
        names=Text(f"Party {party}", f"الطرف {party}", f"لایەنی {party}"),
        node=party.lower(),
        positions=POSITIONS,
        partner_port=port,
        address=f"https://127.0.0.1:{port}",
        store=chosen.pop("store", None) or stores.setting(),
        take_back_seconds=0,  # nobody looks on who would take back
    )
    settings = replace(settings, **chosen)
    init_node(settings)
    return settings


def desk_of(settings: NodeSettings) -> Desk:
    """An open desk; close its database."""
    return open_desk(settings, load_keyring(settings.keys))


def befriend(desk: Desk, other: NodeSettings) -> None:
    """Let ``desk`` take over another node's card."""
    partners.trust(desk, actor_of(desk, "liaison", "P-1"), other.card.read_bytes())


def speak(desk: Desk, to: PartyCode, version: int) -> None:
    """Put one entry into the feed to ``to``: a signed agreement."""
    parties = tuple(sorted((desk.me, to)))
    agreement = Agreement(
        id=f"AG-{desk.me}",
        version=version,
        parties=parties,
        begins=0,
        ends=ALL_TIME,
        clearance=dict.fromkeys(parties, Classification.RESTRICTED),
        held=dict.fromkeys(parties, frozenset()),
        rules=(),
    )
    agreements.sign(desk, actor_of(desk, "liaison", "P-1"), agreement)


def sizes(desk: Desk, party: PartyCode) -> tuple[int, int]:
    """How long the feeds to and from ``party`` are."""
    return desk.store.head(out_log(party)).size, desk.store.head(in_log(party)).size


def state(desk: Desk) -> object:
    """All that exchange may change: every log's head, the board, what waits."""
    heads = [(name, desk.store.head(name).encode()) for name in desk.store.names()]
    waiting = desk.database.rows("SELECT party, start FROM waiting ORDER BY party, start")
    return heads, checking.snapshot(desk), waiting


def signed_for(desk: Desk, party: PartyCode) -> int:
    """How much of our feed ``party`` has signed for."""
    known = partners.partner(desk, party)
    return known.acknowledged if known else 0


def revocation_of(settings):
    """The revocation of a node, as its authority signs it."""
    card, authority = read_card(settings.card.read_bytes()), load_keyring(settings.keys).authority
    said = Revocation(
        party=card.party, authority=authority.public, node=card.node, public=card.public,
        revoked_ms=card.issued_ms, lost_ms=card.issued_ms, reason="lost",
    )  # fmt: skip
    return make_revocation(said, authority.seed)


def record_in(folder: Path) -> str:
    """The id of some record of a node."""
    with open_node(folder) as node:
        (row,) = node.desk.database.rows("SELECT record FROM record LIMIT 1")
    return str(row[0]).partition("/")[2]
