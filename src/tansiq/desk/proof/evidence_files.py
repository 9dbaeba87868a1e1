"""Evidence as files: checkpoints, proofs and sums in forms that other people's tools read."""

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

from tansiq.board.partners import acknowledged
from tansiq.desk.act.desk import Desk
from tansiq.desk.proof import anchors
from tansiq.domain.parties import PartyCode
from tansiq.domain.wording import LANGUAGES, phrase
from tansiq.log.canonical import JSON, base64_bytes, base64_text, encode
from tansiq.log.checkpoint import Checkpoint, feed_origin, journal_origin, sign
from tansiq.log.keys import sign_message
from tansiq.log.merkle import consistency_proof, inclusion_proof, tree_root
from tansiq.log.store import JOURNAL

TYPE: Final = "tansiq/evidence/v1"
_PEM_HEAD: Final = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: an Ed25519 public key
_STEPS: Final = 8
_DATE: Final = (1980, 1, 1, 0, 0, 0)  # a zip tells nothing of when a file was made
Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. ``data`` is None where only its leaf hash goes along; ``names`` are the releases
    that it speaks of.
    """

    seq: int
    leaf: bytes
    data: bytes | None
    what: str
    release: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What one feed says. ``absent`` are releases that its entries name and the maker no longer
    holds.
    """

    log: str
    sender: PartyCode
    receiver: PartyCode
    items: tuple[Item, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Own editions out of the journal, and the anchor that covers them."""

    anchor: anchors.Anchor
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """All that evidence holds."""

    party: PartyCode
    node: str
    owner: PartyCode
    record: str
    made: int
    cards: dict[str, bytes]
    revocations: dict[str, bytes]
    agreements: tuple[tuple[str, bytes], ...]
    feeds: tuple[Feed, ...]
    own: Own | None


def pack(desk: Desk, paper: Paper) -> bytes:
    """The zip file."""
    files: Files = {f"cards/{party}.json": card for party, card in paper.cards.items()}
    files |= {f"agreements/{name}.json": data for name, data in paper.agreements}
    files |= {f"revocations/{name}.json": data for name, data in paper.revocations.items()}
    told = [_feed(desk, files, feed) for feed in paper.feeds]
    own = _own(desk, files, paper.own) if paper.own else None
    manifest = {
        "type": TYPE, "party": paper.party, "node": paper.node, "owner": paper.owner,
        "record": paper.record, "made": paper.made, "feeds": told, "journal": own,
        "cards": sorted(paper.cards), "revocations": sorted(paper.revocations),
        "agreements": sorted(name for name, _ in paper.agreements),
    }  # fmt: skip
    files["manifest.json"] = encode(cast("JSON", manifest), 1 << 22)
    files["README.txt"] = _readme(paper).encode()
    files["node.pem"] = _pem(desk.identity.keys.public)
    return sealed(files, paper, desk.identity.keys.seed)


def sealed(files: Files, paper: Paper, seed: bytes) -> bytes:
    """The files with their sums, signed, as a zip."""
    sums = "".join(f"{_hex(data)}  {name}\n" for name, data in sorted(files.items()))
    statement = f"{TYPE}\n{paper.party} {paper.node}\n{paper.made}\n{_hex(sums.encode())}\n"
    whole = {
        **files,
        "SHA256SUMS": sums.encode(),
        "STATEMENT.txt": statement.encode(),
        "STATEMENT.sig": sign_message(seed, statement.encode()),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(whole.items()):
            archive.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _pem(public: bytes) -> bytes:
    text = base64.b64encode(_PEM_HEAD + public).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n".encode()


def _feed(desk: Desk, files: Files, feed: Feed) -> dict[str, object]:
    """Put one feed's files; what the manifest says of it."""
    folder = f"feeds/{feed.sender}-{feed.receiver}"
    leaves = desk.store.leaves(feed.log, 0, desk.store.head(feed.log).size)
    size = len(leaves)
    note = _head_note(desk, feed, size)
    files[f"{folder}/head.note"] = note.encode()
    _items(files, folder, feed.items, leaves, note)
    signed = _receipt_size(desk, feed)
    if signed:
        receipt = _receipt_note(desk, feed, signed)
        files[f"{folder}/receipt.note"] = receipt.encode()
        path = consistency_proof(leaves, signed, size)
        files[f"{folder}/receipt.consistency"] = "".join(
            f"{base64_text(item)}\n" for item in path
        ).encode()
    return {
        "from": feed.sender, "to": feed.receiver, "size": size, "signed": signed,
        "entries": [{"seq": item.seq, "what": item.what} for item in feed.items],
        "absent": list(feed.absent),
    }  # fmt: skip


def _items(
    files: Files, folder: str, items: tuple[Item, ...], leaves: list[bytes], note: str
) -> None:
    for item in items:
        name = f"{folder}/{item.seq:08d}"
        if item.data is None:
            files[f"{name}.leaf"] = f"{item.leaf.hex()}\n".encode()
        else:
            files[f"{name}.json"] = item.data
        path = "".join(f"{base64_text(step)}\n" for step in inclusion_proof(leaves, item.seq))
        proof = f"c2sp.org/tlog-proof@v1\nindex {item.seq}\n{path}\n{note}"
        files[f"{name}.tlog-proof"] = proof.encode()


def _head_note(desk: Desk, feed: Feed, size: int) -> str:
    """The sender's signed head; ours is signed now if nobody asked for it before."""
    if feed.sender != desk.me:
        kept = desk.store.note(feed.log, size, feed.sender)
        assert kept is not None  # an accepted run ends at a note
        return kept
    root = desk.store.head(feed.log).root()
    origin = feed_origin(feed.sender, feed.receiver)
    return sign(Checkpoint(origin=origin, size=size, root=root), origin, desk.identity.keys.seed)


def _receipt_note(desk: Desk, feed: Feed, size: int) -> str:
    """The receiver's line on our head; our own line anew, because our key may be another by now."""
    kept = desk.store.note(feed.log, size, feed.receiver)
    assert kept is not None
    origin = feed_origin(feed.sender, feed.receiver)
    body, _, lines = kept.partition("\n\n")
    root = base64_bytes(body.split("\n")[2], "note_form")
    note = sign(Checkpoint(origin=origin, size=size, root=root), origin, desk.identity.keys.seed)
    others = [line for line in lines.splitlines() if not line.startswith(f"— {origin} ")]
    return note + "".join(f"{line}\n" for line in others)


def _receipt_size(desk: Desk, feed: Feed) -> int:
    """How far the receiver has signed for it; 0 in our copy of a partner's feed."""
    if feed.sender != desk.me:
        return 0
    return acknowledged(desk.board, feed.receiver)


def _own(desk: Desk, files: Files, own: Own) -> dict[str, object]:
    size = own.anchor.size(JOURNAL)
    leaves = desk.store.leaves(JOURNAL, 0, size)
    origin = journal_origin(desk.me)
    head = Checkpoint(origin=origin, size=size, root=tree_root(leaves))
    note = sign(head, origin, desk.identity.keys.seed)
    _items(files, "journal", own.items, leaves, note)
    opening = {
        "at": own.anchor.at, "nonce": own.anchor.nonce.hex(), "heads": own.anchor.heads,
        "commitment": own.anchor.commitment,
    }  # fmt: skip
    files["journal/anchor.json"] = encode(cast("JSON", opening))
    return {
        "size": size,
        "entries": [{"seq": item.seq, "what": item.what} for item in own.items],
    }


def _readme(paper: Paper) -> str:
    return "\n".join(_steps(paper))


def _steps(paper: Paper) -> Iterator[str]:
    for language in LANGUAGES:
        yield phrase(
            "evidence.title", language, owner=paper.owner, record=paper.record, party=paper.party
        )
        for number in range(1, _STEPS + 1):
            yield f"{number}. {phrase(f'evidence.step{number}', language)}"
        yield ""
