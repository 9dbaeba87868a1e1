"""Canaries: every text that a position writes holds a token that exists nowhere else.

The ledger knows who wrote each token and to whom it may go, and since when by the owner's clock.
What may go is decided here a second time, from the owner's journal and the signed rules, without
asking ``policy``.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from tansiq.desk.release import releasing
from tansiq.domain.errors import FaultError
from tansiq.domain.labels import Label
from tansiq.domain.parties import PartyCode
from tansiq.domain.places import Grain
from tansiq.domain.records import Edition
from tansiq.policy.agreement import Rule
from tests.sim.node import Node

# A multiple of three characters, so that a token at such a place can be read in Base64 too.
TOKEN_CHARS = 15
_TOKEN = re.compile(r"zq[0-9a-f]{13}")
_RAW_TOKEN = re.compile(rb"zq[0-9a-f]{13}")
NEVER = frozenset({"internal", "source_ref", "tell"})


@dataclass(slots=True)
class Ledger:
    """Who wrote which token, and to whom it may go since when (the owner's clock)."""

    chance: Random
    owner: dict[str, PartyCode] = field(default_factory=dict)
    allowed: dict[tuple[PartyCode, str], int] = field(default_factory=dict)

    def token(self, owner: PartyCode) -> str:
        """A new token."""
        made = f"zq{self.chance.getrandbits(52):013x}"
        self.owner[made] = owner
        return made

    def allow(self, party: PartyCode, tokens: Iterator[str] | set[str], since: int) -> None:
        """A person (or an automatic rule) let these go to ``party``."""
        for token in tokens:
            known = self.allowed.get((party, token), since)
            self.allowed[party, token] = min(known, since)

    def may_be_at(self, party: PartyCode, token: str, owner_clock: int) -> bool:
        """Whether the token may stand at that party's node."""
        if self.owner.get(token) == party:
            return True
        since = self.allowed.get((party, token))
        return since is not None and since <= owner_clock


def tokens_in(text: str) -> set[str]:
    """The tokens in a text."""
    return set(_TOKEN.findall(text))


def tokens_in_bytes(data: bytes) -> set[str]:
    """The tokens in raw bytes."""
    return {found.decode() for found in set(_RAW_TOKEN.findall(data))}


def tokens_of(item: Mapping[str, object]) -> set[str]:
    """The tokens in an entry, also in the bytes of a file."""
    found = tokens_in(repr(item))
    if "data" in item:
        found |= tokens_in(base64.b64decode(str(item["data"])).decode("latin-1"))
    return found


def raw_forms(token: str) -> tuple[bytes, ...]:
    """How a token looks in the bytes of a database: plain, in Base64, and as the rest of a word in
    the search index.
    """
    return token.encode(), base64.b64encode(token.encode()), token[7:].encode()


def may_leave(node: Node, edition: Edition, rule: Rule, wish: Mapping[str, object]) -> set[str]:
    """The tokens of an edition that the rule and the releaser let go."""
    hidden = wish.get("hide")
    hidden = set(hidden) if isinstance(hidden, list) else set()
    below = NEVER | edition.tear | rule.hide | hidden
    exact = rule.grain is Grain.EXACT and wish.get("grain") == Grain.EXACT.value
    tokens: set[str] = set()
    for name, value in edition.body.items():
        if name in below or (name == "place" and not exact):
            continue
        if name == "attachments" and isinstance(value, list):
            for item in value:
                tokens |= file_tokens(node, str(item))
        else:
            tokens |= tokens_in(repr(value))
    if edition.kind == "attachment":
        tokens |= file_tokens(node, edition.record)
    return tokens


def file_tokens(node: Node, record: str) -> set[str]:
    """The tokens of an own attachment: its name and its bytes."""
    try:
        tokens = tokens_in(repr(releasing.own_edition(node.desk, record).body))
    except FaultError:
        return set()
    for data in releasing.chunks(node.desk, node.party, record):
        tokens |= tokens_in(base64.b64decode(data).decode("latin-1"))
    return tokens


def since_when(edition: Edition, rule: Rule) -> int:
    """From when it may leave: the label's embargo, and the rule's delay after the event."""
    observed = edition.body.get("observed")
    moment = observed if type(observed) is int else edition.at
    return max(edition.label.embargo, moment + rule.delay if rule.delay else 0)


def may_carry(label: Label, to: PartyCode, rule: Rule) -> bool:
    """Whether the label lets ``to`` have it at all, by this rule."""
    return to in label.readers() and label.classification.rank <= rule.class_max.rank
