"""Real evidence, made by real desks, and the same opened, changed and sealed again."""

import hashlib
import io
import zipfile
from base64 import b64encode
from dataclasses import dataclass, replace
from functools import cache

from tansiq.desk.proof import anchors, evidence
from tansiq.desk.records import read, say
from tansiq.desk.release import releasing
from tansiq.domain.parties import PartyCode
from tansiq.log.checkpoint import Checkpoint, cosign, feed_origin, node_name, sign
from tansiq.log.merkle import consistency_proof, inclusion_proof, tree_root
from tests import world as worlds
from tests.verifier.formats import decode, encode, leaf
from tests.world import CLEARED, DAY, START, authority, card_of, incident, node_keys, to

KEYS = {party: authority(party).public for party in ("MPA", "MOD", "JCC")}


@cache
def life():
    """A record that MPA wrote, released to MOD twice, that was read, and recalled from MOD; JCC has
    it too. The record's key, and the evidence of MPA, of MPA with own editions, and of MOD.
    """
    world = worlds.world("MPA", "MOD", "JCC")
    for other in ("MOD", "JCC"):
        rule = worlds.rule("MPA", "R-MPA", hide=frozenset({"informant"}))
        world.agree("MPA", other, rule, worlds.rule(other, f"R-{other}"))
    mpa, mod = world.desk("MPA"), world.desk("MOD")
    world.write("MPA", "another", incident(to("MOD")))
    record = world.write("MPA", "fire", incident(to("MOD", "JCC"), informant="post 7"))
    world.release("MPA", record, "MOD", "R-MPA", name="first")
    world.release("MPA", record, "JCC", "R-MPA")
    world.exchange("MPA", "MOD")
    world.exchange("MPA", "JCC")
    actor = world.actor("MOD")
    read.mark_read(mod, actor, read.record(mod, mod.viewer(actor), "MPA", record))
    base = say.current(mpa, world.actor("MPA"), record).value.digest
    say.revise(mpa, world.actor("MPA"), record, base, incident(to("MOD"), text="Two fields"))
    world.clock.time += 60_000
    world.release("MPA", record, "MOD", "R-MPA", name="second")
    anchors.tick(mpa)
    world.exchange("MPA", "MOD")
    theirs = make(world, "MOD", record)  # while it still holds the content
    releasing.recall(mpa, world.actor("MPA"), record, PartyCode("MOD"), "error")
    world.exchange("MPA", "MOD")
    made = {
        "plain": make(world, "MPA", record),
        "own": make(world, "MPA", record, own=True),
        "theirs": theirs,
        "after": make(world, "MOD", record),
    }
    world.close()
    return record, made


def make(world, party, record, **more):
    """Evidence at one party's node."""
    desk = world.desk(party)
    actor = replace(
        world.actor(party), role=desk.position("liaison-officer").role, position=CLEARED
    )
    return evidence.make(desk, actor, "MPA", record, card=card_of(party), **more)


# Opening and sealing -----------------------------------------------------------------------------


def opened(data):
    """The files of evidence."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files):
    """A zip of these files, without a word about what is in them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(name, data)
    return out.getvalue()


def sealed(files, party="MPA"):
    """What a dishonest maker can do: new sums, and a signature by the own node over them."""
    kept = {n: d for n, d in files.items() if not n.startswith(("STATEMENT", "SHA256SUMS"))}
    sums = "".join(f"{hashlib.sha256(d).hexdigest()}  {n}\n" for n, d in sorted(kept.items()))
    made = decode(files["manifest.json"], limit=1 << 22)["made"]
    digest = hashlib.sha256(sums.encode()).hexdigest()
    text = f"tansiq/evidence/v1\n{party} {party.lower()}\n{made}\n{digest}\n".encode()
    return zipped(
        {
            **kept, "SHA256SUMS": sums.encode(), "STATEMENT.txt": text,
            "STATEMENT.sig": node_keys(party).sign(text),
        }
    )  # fmt: skip


@dataclass
class Forger:
    """A maker with all keys of MPA's node, who builds a feed anew around changed entries."""

    files: dict

    @property
    def manifest(self):
        return decode(self.files["manifest.json"], limit=1 << 22)

    def told(self, change):
        """Change the manifest."""
        self.files["manifest.json"] = encode(change(self.manifest))

    def feed(self, entries, sender="MPA", receiver="MOD", signer="MPA"):
        """A feed that holds just these entries, every proof and head and receipt made new."""
        folder = f"feeds/{sender}-{receiver}"
        self.files = {n: d for n, d in self.files.items() if not n.startswith(f"{folder}/")}
        datas = [encode(entry) for entry in entries]
        leaves = [leaf(data) for data in datas]
        origin = feed_origin(sender, receiver)
        head = Checkpoint(origin=origin, size=len(leaves), root=tree_root(leaves))
        note = sign(head, origin, node_keys(signer).seed)
        name = node_name(receiver, receiver.lower())
        receipt = cosign(note, name, node_keys(receiver).seed, START + DAY)
        self.files[f"{folder}/head.note"] = note.encode()
        self.files[f"{folder}/receipt.note"] = receipt.encode()
        path = consistency_proof(leaves, len(leaves), len(leaves))
        assert not path
        self.files[f"{folder}/receipt.consistency"] = b""
        for seq, data in enumerate(datas):
            self.files[f"{folder}/{seq:08d}.json"] = data
            self.files[f"{folder}/{seq:08d}.tlog-proof"] = proof(leaves, seq, note)
        listed = [{"seq": n, "what": entry["type"]} for n, entry in enumerate(entries)]

        def told(manifest):
            for item in manifest["feeds"]:
                if (item["from"], item["to"]) == (sender, receiver):
                    item |= {"size": len(leaves), "signed": len(leaves), "entries": listed}
                    item["absent"] = []
            return manifest

        self.told(told)

    def entries(self, sender="MPA", receiver="MOD"):
        """The entries of a feed as they stand."""
        folder = f"feeds/{sender}-{receiver}/"
        names = sorted(n for n in self.files if n.startswith(folder) and n.endswith(".json"))
        return [decode(self.files[name]) for name in names]


def proof(leaves, seq, note):
    """A C2SP tlog-proof."""
    path = "".join(f"{b64encode(step).decode()}\n" for step in inclusion_proof(leaves, seq))
    return f"c2sp.org/tlog-proof@v1\nindex {seq}\n{path}\n{note}".encode()
