"""What must hold after every event, seen from outside: a node's rows, parcels and raw bytes."""

import base64
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tansiq.desk.exchange import handshake
from tansiq.desk.proof import checking
from tansiq.desk.release import agreements
from tansiq.domain.parties import PartyCode
from tansiq.domain.records import Edition, edition_from_json
from tansiq.log.merkle import Frontier
from tansiq.log.store import JOURNAL, files_log, in_log, out_log
from tansiq.policy.agreement import Follow, Rule, with_joined
from tansiq.sync.parcel import open_parcel
from tests.sim.canaries import (
    Ledger,
    may_carry,
    may_leave,
    raw_forms,
    since_when,
    tokens_in_bytes,
    tokens_of,
)
from tests.sim.following import Told
from tests.sim.network import Pair
from tests.sim.node import Node

Item = dict[str, object]
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ViolationError(AssertionError):
    """Something that must never happen has happened."""


def demand(holds: object, what: str) -> None:
    """Go on only while ``what`` has not happened."""
    if not holds:
        raise ViolationError(what)


def quiet(_log: str, _count: int) -> None:
    """Nobody waits for progress."""


@dataclass(slots=True)
class Watch:
    """An observer who sees all nodes, and remembers. Pairs are (sender, receiver)."""

    nodes: dict[PartyCode, Node]
    ledger: Ledger
    seen: dict[tuple[PartyCode, str], int] = field(default_factory=lambda: defaultdict(int))
    signed: dict[Pair, list[bytes]] = field(default_factory=dict)  # at the time of a restore
    restored: set[Pair] = field(default_factory=set)  # (node that went back, partner)
    behind: set[Pair] = field(default_factory=set)  # (partner, node that went back)
    feeds: dict[Pair, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    recalls: dict[Pair, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    asked_back: dict[Pair, set[str]] = field(default_factory=lambda: defaultdict(set))
    expiries: dict[Pair, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    receipts: dict[Pair, int] = field(default_factory=lambda: defaultdict(int))
    versions: dict[Pair, int] = field(default_factory=lambda: defaultdict(int))
    accepted: dict[Pair, int] = field(default_factory=lambda: defaultdict(int))
    editions: dict[tuple[str, int], Edition] = field(default_factory=dict)
    prepared: dict[str, Item] = field(default_factory=dict)
    held: dict[PartyCode, set[str]] = field(default_factory=lambda: defaultdict(set))
    lanes: dict[str, frozenset[PartyCode]] = field(default_factory=dict)  # ids of lanes and steps
    told: Told = field(default_factory=Told)
    lied: set[Pair] = field(default_factory=set)
    revoked: dict[Pair, int] = field(default_factory=dict)  # how much had come by then

    def look(self, node: Node) -> None:
        """Everything that must hold of ``node`` after an event there."""
        grown = self._new_entries(node)
        self._caught_up(node)
        for row in node.database.rows(
            "SELECT party, acknowledged, stopped_at FROM partner ORDER BY party"
        ):
            party, acknowledged, stopped = PartyCode(str(row[0])), int(str(row[1])), row[2]
            pair, back = (node.party, party), (party, node.party)
            demand(not stopped or pair in self.lied or back in self.lied,
                   f"{node.party} stopped {party}, which did not lie")  # fmt: skip
            demand(acknowledged >= self.receipts[pair],
                   f"the receipt of {party} for {node.party} went back")  # fmt: skip
            self.receipts[pair] = acknowledged
            if not {pair, back} & (self.lied | self.behind):
                there = self.nodes[party].desk.store.head(in_log(node.party)).size
                demand(acknowledged <= there,
                       f"{node.party} believes {party} has {acknowledged} of {there}")  # fmt: skip
                self._delivered(node, party, there)
            self._agreements(node, party)
        for party in grown:
            self._gone(node, party)
        for (party, heard), size in self.revoked.items():
            demand(heard != node.party or node.desk.store.head(in_log(party)).size == size,
                   f"{heard} took more from {party} than had come when it was revoked")  # fmt: skip
        self._once(node)

    def _new_entries(self, node: Node) -> set[PartyCode]:
        grown: set[PartyCode] = set()
        rows = []
        for name, end in _sizes(node):
            where, _, party = name.partition("/")
            begin = self.seen[node.party, name]
            if end == begin or (where == "out" and (node.party, party) in self.restored):
                continue
            rows += [(name, e.seq, e.leaf, e.data) for e in node.desk.store.read(name, begin, end)]
            self.seen[node.party, name] = end
            if where == JOURNAL:
                self._overtaken(node, (data for _, _, _, data in rows))
        for name, seq, leaf, data in rows:
            item: Item = json.loads(data) if isinstance(data, bytes) else {}
            where, _, party = name.partition("/")
            self._tokens(node, item, name)
            if where == JOURNAL:
                self._said(node, item)
            elif where == "out":
                self._fed((node.party, PartyCode(party)), seq, leaf, item)
            elif where == "in":
                grown.add(PartyCode(party))
                self._copied((PartyCode(party), node.party), seq, leaf)
                self.held[node.party] |= tokens_of(item)
            elif where == "files":
                self.held[node.party] |= tokens_of(item)
        return grown

    def _overtaken(self, node: Node, said: Iterable[bytes | None]) -> None:
        """What nobody has signed may stand in another order now: it is looked at again."""
        for data in said:
            if data is None or b'"type":"overtook"' not in data:
                continue
            item = json.loads(data)
            pair, first = (node.party, PartyCode(item["party"])), int(item["first"])
            if pair in self.restored:
                continue
            name = out_log(pair[1])
            self.seen[node.party, name] = min(self.seen[node.party, name], first)
            del self.feeds[pair][first:]
            self.recalls[pair] = {r: s for r, s in self.recalls[pair].items() if s < first}

    def _caught_up(self, node: Node) -> None:
        """A restored node that lacks nothing any more goes on where its partners saw it last."""
        found = handshake.restoration(node.desk)
        late = set(found.behind) if found else set()
        self.behind -= {p for p in self.behind if p[1] == node.party and p[0] not in late}
        waits = {*found.silent, *found.lacking} if found else set()
        for pair in sorted(self.restored):
            if pair[0] != node.party or pair[1] in waits:
                continue
            store, true = node.desk.store, self.signed[pair]
            size = store.head(out_log(pair[1])).size
            leaves = store.leaves(out_log(pair[1]), 0, size)
            demand(leaves[: len(true)] == true, f"{pair} went on without what was signed before")
            self.restored.discard(pair)
            self.seen[node.party, out_log(pair[1])] = size
            self.feeds[pair], self.recalls[pair] = [], {}
            for entry in store.read(out_log(pair[1]), 0, size):
                item: Item = json.loads(entry.data) if entry.data is not None else {}
                self._fed(pair, entry.seq, entry.leaf, item)

    def _tokens(self, node: Node, item: Item, where: str) -> None:
        for name in _ID.findall(repr(item)) if self.lanes else ():
            demand(node.party in self.lanes.get(name, (node.party,)),
                   f"{node.party} got {name}, of a lane between two others")  # fmt: skip
        for token in tokens_of(item):
            owner = self.ledger.owner.get(token)
            if owner is None or owner == node.party:
                continue
            demand(where != JOURNAL, f"the journal of {node.party} holds {token} of {owner}")
            latest = self.nodes[owner].clock.latest
            demand(self.ledger.may_be_at(node.party, token, latest),
                   f"{node.party} got {token} of {owner}, which nobody released to it")  # fmt: skip

    def _fed(self, pair: Pair, seq: int, leaf: bytes, item: Item) -> None:
        feed = self.feeds[pair]
        demand(seq == len(feed), f"entry {seq} of {pair} came after {len(feed)} entries")
        feed.append(leaf)
        if item.get("lane"):
            both = frozenset(pair)
            for name in ("lane", "step", "release"):
                if isinstance(item.get(name), str):
                    self.lanes.setdefault(str(item[name]), both)
        label = item.get("label")
        if item.get("type") == "edition" and isinstance(label, dict):
            self.expiries[pair][str(item.get("release"))] = int(label["expires"])
        if item.get("type") == "recall":
            for release in _texts(item.get("releases")):
                self.recalls[pair].setdefault(release, seq)

    def _copied(self, pair: Pair, seq: int, leaf: bytes) -> None:
        if pair in self.lied:
            return
        feed = self.feeds[pair]
        demand(seq < len(feed) and feed[seq] == leaf,
               f"{pair[1]} has an entry {seq} that {pair[0]} did not send")  # fmt: skip

    # What people let go --------------------------------------------------------------------------

    def _said(self, node: Node, item: Item) -> None:
        kind = item["type"]
        if kind == "edition":
            edition = edition_from_json(item, node.party)
            self.editions[edition.record, edition.number] = edition
        elif kind == "release" and item.get("recovered"):
            self.told.prepared(node.party, item, None, demand)
        elif kind == "release":
            self.prepared[str(item["release"])] = item
            rule = self._rule(node, item)
            self.told.prepared(node.party, item, rule, demand)
            if rule is not None and not item["approvers"]:
                alone = rule.automatic or rule.follow is Follow.WHOLE
                if not rule.approvers or (item["automatic"] and alone):
                    self._allow(node, item, rule)
        elif kind == "released":
            self.told.left(node.party, str(item["release"]))
        elif kind == "declined" and item.get("cause") == "recalled":
            self.told.stopped(node.party, str(item["release"]))
        elif kind == "approved":
            self._approved(node, item)
        elif kind == "recall":
            self.told.recalled(node.party, item)
            asked = [
                release
                for release in _texts(item["releases"])
                if release in self.prepared or not item.get("recovered")
            ]  # what only a strange entry asked back, a node that went back may find in its feed
            self.asked_back[node.party, PartyCode(str(item["to"]))].update(asked)
        elif kind in {"accepted", "receipt"}:
            key = (PartyCode(f"{kind} {item['feed']}"), node.party)
            size = int(str(item["size"]))
            demand(size > self.accepted[key], f"{node.party} said {kind} twice for {size}")
            self.accepted[key] = size

    def _approved(self, node: Node, item: Item) -> None:
        first = self.prepared.get(str(item["release"]))
        demand(first is not None, f"{node.party} approved what was never prepared")
        assert first is not None
        demand(_person(first) != _person(item), f"one person of {node.party} was both")
        rule = self._rule(node, first)
        if rule is not None:
            self._allow(node, first, rule)

    def _rule(self, node: Node, item: Item) -> Rule | None:
        signed = node.signed_with(str(item["to"]))
        demand(signed, f"{node.party} released to {item['to']} without an agreement")
        text = next((a for a in signed if a.version == item["agreement_version"]), None)
        return with_joined(text).rule(str(item["rule"])) if text is not None else None

    def _allow(self, node: Node, item: Item, rule: Rule) -> None:
        to = PartyCode(str(item["to"]))
        edition = self.editions[str(item["record"]), int(str(item["n"]))]
        if may_carry(edition.label, to, rule):
            tokens = may_leave(node, edition, rule, item)
            self.ledger.allow(to, tokens, since_when(edition, rule))

    # What a node believes ------------------------------------------------------------------------

    def _delivered(self, node: Node, party: PartyCode, there: int) -> None:
        early = node.database.rows(
            """SELECT release FROM release WHERE party = ? AND delivered_at > 0
                 AND (feed_seq IS NULL OR feed_seq >= ?)""",
            (party, there),
        )
        demand(not early, f"{node.party} counts as delivered what {party} does not have")

    def _agreements(self, node: Node, party: PartyCode) -> None:
        rows = node.database.rows(
            "SELECT MAX(version) FROM agreement WHERE party = ? AND ours = 1 AND theirs = 1",
            (party,),
        )
        version = int(str(rows[0][0] or 0))
        demand(version >= self.versions[node.party, party],
               f"the agreement of {node.party} with {party} went back to {version}")  # fmt: skip
        self.versions[node.party, party] = version

    def _gone(self, node: Node, party: PartyCode) -> None:
        size = node.desk.store.head(in_log(party)).size
        known = self.recalls[party, node.party]
        dead = {release for release, seq in known.items() if seq < size}
        if not dead or (party, node.party) in self.lied:
            return
        for entry in node.desk.store.read(in_log(party), 0, size):
            if entry.data is not None:
                item = json.loads(entry.data)
                held = item["type"] == "edition" and item.get("release") in dead
                demand(not held, f"{node.party} keeps entry {entry.seq} that {party} recalled")
        for entry in node.desk.store.scan(files_log(party)):
            held = entry.data is not None and json.loads(entry.data)["release"] in dead
            demand(not held, f"{node.party} keeps bytes of a file that {party} recalled")

    def _once(self, node: Node) -> None:
        twice = node.database.rows(
            """SELECT received FROM edition WHERE received IS NOT NULL
               GROUP BY received HAVING COUNT(*) > 1"""
        )
        demand(not twice, f"{node.party} applied a release twice")
        for table in ("release", "received"):
            for (readers,) in node.database.rows(f"SELECT read_by FROM {table} WHERE read_at > 0"):
                words = str(readers).split()
                demand(len(words) == len(set(words)), f"{node.party} counted a reader twice")

    # Parcels and raw bytes -----------------------------------------------------------------------

    def parcel(self, node: Node, to: PartyCode, data: bytes) -> int:
        """Open a parcel as its receiver will; how many entries with content it has."""
        receiver = self.nodes[to]
        public, keys = node.identity.keys.public, receiver.identity.keys
        opened = open_parcel(data, keys, lambda _party, _node: public, to)
        now, pair, content = node.clock.now(), (node.party, to), 0
        for line in opened.back:
            self._tokens(receiver, json.loads(line.data or b"{}"), "what is given back")
        for line in opened.lines:
            if line.data is None:
                continue
            content += 1
            item: Item = json.loads(line.data)
            self._tokens(receiver, item, "a parcel")
            if item["type"] == "edition":
                self._may_go(pair, str(item.get("release")), now)
        for piece in opened.pieces:
            own = piece.release in self.prepared and self.prepared[piece.release]["to"] == to
            data = base64.b64encode(piece.data).decode()
            self._tokens(receiver, {"data": data}, "pieces of files")
            if own:
                self._may_go(pair, piece.release, now)
        return content

    def _may_go(self, pair: Pair, release: str, now: int) -> None:
        """Neither recalled nor over: words, and bytes of a file."""
        sender, to = pair
        demand(release not in self.asked_back[pair],
               f"{sender} sends {to} a release that it had recalled")  # fmt: skip
        ends = self.expiries[pair].get(release, 0)
        demand(not 0 < ends <= now, f"{sender} sends {to} an expired release")

    def whole(self, node: Node) -> None:
        """The logs check, the board agrees with them, and nothing is left that has to be gone."""
        damages = checking.fsck(node.desk, quiet)
        demand(not damages, f"fsck of {node.party}: {damages}")
        for party in sorted(self.nodes):
            if party != node.party:
                size = node.desk.store.head(out_log(party)).size
                leaves = node.desk.store.leaves(out_log(party), 0, size)
                if (node.party, party) in self.restored:
                    continue
                # A liar's partner gives it back what its key signed, as to a node that went back.
                lied = (node.party, party) in self.lied
                demand(lied or leaves == self.feeds[node.party, party],
                       f"the feed of {node.party} to {party} changed")  # fmt: skip
                self._gone(node, party)
                for text, _ in agreements.agreements(node.desk.board, party, both=False):
                    demand(set(text.parties) == {node.party, party},
                           f"{node.party} took an agreement of others from {party}")  # fmt: skip
        self._raw(node)

    def _raw(self, node: Node) -> None:
        raw = node.database.image()
        live: set[str] = set()
        rows = node.database.rows(
            """SELECT e.data FROM entry e JOIN log l ON l.id = e.log
               WHERE (l.name LIKE 'in/%' OR l.name LIKE 'files/%') AND e.data IS NOT NULL"""
        )
        for (data,) in rows:
            assert isinstance(data, bytes)
            live |= tokens_of(json.loads(data))
        own = {token for token, owner in self.ledger.owner.items() if owner == node.party}
        found = tokens_in_bytes(raw)
        strange = found - own - live
        demand(not strange, f"the disk of {node.party} holds {sorted(strange)[:3]}")
        for token in sorted(self.held[node.party] - live - own):
            for form in raw_forms(token):
                demand(form not in raw, f"the disk of {node.party} still holds {token}: {form!r}")


def _sizes(node: Node) -> list[tuple[str, int]]:
    """How long each log is, the journal first."""
    found = node.database.rows("SELECT name, frontier FROM log ORDER BY name <> 'journal', name")
    return [
        (str(name), Frontier.decode(frontier).size)
        for name, frontier in found
        if isinstance(frontier, bytes)
    ]


def _texts(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else []


def _person(item: Mapping[str, object]) -> object:
    by = item["by"]
    return by.get("person") if isinstance(by, dict) else None
