"""Write ``spec/vectors/*.json``: what any implementation of the partner protocol must reproduce.

Everything is derived from fixed, public test keys (seed of key n = the byte n, 32 times) and fixed
times, so that the files come out the same on every run; a test compares them. Usage::

    python -m tools.make_vectors

A change here is a change of the protocol: it needs a new version in the specification.
"""

import dataclasses
import json
from pathlib import Path
from typing import Final

from tansiq.domain.wording import Text
from tansiq.log import cards, keys, merkle, papers
from tansiq.log import checkpoint as notes
from tansiq.log.canonical import JSON, encode
from tansiq.sync import parcel
from tansiq.sync.header import Header, Lack
from tansiq.sync.pieces import Piece
from tools.exchange_vectors import exchange
from tools.file_vectors import files

FOLDER: Final = Path(__file__).resolve().parent.parent / "spec" / "vectors"
NOW_MS: Final = 1_608_462_000_123
FILES: Final = ("6f1f1f1e-0000-4000-8000-000000000001", "6f1f1f1e-0000-4000-8000-000000000002")

# Public test keys. Nothing real may ever be sealed for them.
IDENTITY_A: Final = "AGE-SECRET-KEY-1KEFT7RHDP85NMHXGEJA0R0V4TJMUURFSGREWZXGFN9F9TQJZ8Z2S0E4QHD"
IDENTITY_B: Final = "AGE-SECRET-KEY-1UGAFUWX2Q24KSLKS7T5ZN8M8VPCFDQJDRLDMDQWS583JRYZFZVMSERQH7L"
NODE_A: Final = keys.NodeKeys.new(b"\x01" * 32, IDENTITY_A)
NODE_B: Final = keys.NodeKeys.new(b"\x02" * 32, IDENTITY_B)
AUTHORITY: Final = keys.AuthorityKeys(seed=b"\x03" * 32)
SUCCESSOR: Final = keys.AuthorityKeys(seed=b"\x04" * 32)
HEIR: Final = keys.NodeKeys.new(b"\x05" * 32, IDENTITY_B)

# The eight leaves that implementations of RFC 6962 are customarily tried on.
LEAVES: Final = tuple(
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)  # fmt: skip

VALUES: Final[tuple[JSON, ...]] = (
    None, True, False, 0, -1, 2**53 - 1, 1 - 2**53, "", "é", "\u20ac\u2028\u007f", "\U0001f600",
    'quote " backslash \\ slash / newline \n tab \t bell \u0007 unit \u001f',
    "انفجار قرب الطريق", "تەقینەوە لە نزیک ڕێگا", [], {}, [[], {}],
    {"b": 1, "a": 2, "B": 3, "aa": 4, "_": 5, "": 6, "1": 7, "-": 8},
    {"type": "edition", "v": 1, "at": NOW_MS, "body": {"text": "حريق", "place": [361234567, -1]}},
)  # fmt: skip
REFUSED: Final = (
    ("float", b"1.5"), ("float", b"1.0"), ("exponent", b"1e3"), ("minus zero", b"-0"),
    ("too large", b"9007199254740992"), ("leading zero", b"01"), ("space", b'{"a": 1}'),
    ("order", b'{"b":1,"a":2}'), ("duplicate key", b'{"a":1,"a":1}'), ("trailing byte", b"1\n"),
    ("needless escape", b'"\\u0041"'), ("needless escape", b'"\\/"'),
    ("upper case escape", b'"\\u001F"'), ("lone surrogate", b'"\\ud800"'),
    ("key not ASCII", '{"é":1}'.encode()), ("invalid UTF-8", b'"\xff"'), ("empty", b""),
    ("byte order mark", b"\xef\xbb\xbf1"), ("two values", b"1 2"), ("unfinished", b'{"a":'),
    ("nested 13 deep", b"[" * 13 + b"]" * 13), ("not a number", b"NaN"),
)  # fmt: skip


def canonical() -> JSON:
    """Values with their bytes (as text, all are UTF-8), and bytes that must be refused (hex)."""
    accepted: list[JSON] = [{"value": value, "bytes_hex": encode(value).hex()} for value in VALUES]
    refused: list[JSON] = [{"why": why, "bytes_hex": data.hex()} for why, data in REFUSED]
    return {"accepted": accepted, "refused": refused}


def tree() -> JSON:
    """Roots, frontiers and proofs over the customary leaves."""
    leaves = [merkle.leaf_hash(leaf) for leaf in LEAVES]
    sizes = range(len(leaves) + 1)
    roots: list[JSON] = []
    inclusion: list[JSON] = []
    consistency: list[JSON] = []
    for size in sizes:
        frontier = merkle.Frontier().extend(leaves[:size])
        roots.append(
            {"size": size, "root": frontier.root().hex(), "frontier": frontier.encode().hex()}
        )
        for index in range(size):
            proof = merkle.inclusion_proof(leaves[:size], index)
            inclusion.append(
                {"size": size, "index": index, "proof": [item.hex() for item in proof]}
            )
        for old in range(size + 1):
            proof = merkle.consistency_proof(leaves, old, size)
            consistency.append({"old": old, "new": size, "proof": [item.hex() for item in proof]})
    return {
        "leaves": [leaf.hex() for leaf in LEAVES],
        "leaf_hashes": [leaf.hex() for leaf in leaves],
        "roots": roots,
        "inclusion": inclusion,
        "consistency": consistency,
    }


def checkpoint() -> JSON:
    """A signed head, and the receiver's receipt on it."""
    head, note = _head("MPA", "MOD", NODE_A)
    name = notes.node_name("MOD", "baghdad")
    return {
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "log_key_name": head.origin,
        "log_public": NODE_A.public.hex(),
        "log_key_id": notes.key_id(head.origin, notes.TYPE_NOTE, NODE_A.public).hex(),
        "note": note,
        "cosigner_key_name": name,
        "cosigner_public": NODE_B.public.hex(),
        "cosigner_key_id": notes.key_id(name, notes.TYPE_COSIGNATURE, NODE_B.public).hex(),
        "cosigned_at_ms": NOW_MS // 1000 * 1000,
        "cosigned_note": notes.cosign(note, name, NODE_B.seed, NOW_MS),
    }


def card() -> JSON:
    """A card, its bytes and its words."""
    made = cards.make_card(example_card(), AUTHORITY.seed)
    words: list[JSON] = [[word, number] for word, number in cards.card_words(made)]
    return {
        "authority_seed": AUTHORITY.seed.hex(),
        "bytes": made.decode(),
        "words": words,
        "in_force_at_ms": NOW_MS,
    }


def example_papers() -> tuple[bytes, bytes, bytes]:
    """The revocation of the test node without and with a replacement, and a succession."""
    heir = cards.make_card(
        dataclasses.replace(
            example_card(), node="mpa2", public=HEIR.public, age_recipient=HEIR.age_recipient
        ),
        AUTHORITY.seed,
    )
    said = papers.Revocation(
        party="MPA", authority=AUTHORITY.public, node="mpa", public=NODE_A.public,
        revoked_ms=NOW_MS, lost_ms=NOW_MS - 3_600_000, reason="lost",
    )  # fmt: skip
    following = papers.Succession(
        party="MPA", authority=AUTHORITY.public, successor=SUCCESSOR.public, issued_ms=NOW_MS
    )
    return (
        papers.make_revocation(said, AUTHORITY.seed),
        papers.make_revocation(dataclasses.replace(said, replacement=heir), AUTHORITY.seed),
        papers.make_succession(following, AUTHORITY.seed),
    )


def keys_that_change() -> JSON:
    """Papers, an entry, and the parcel with which a replacement introduces itself."""
    plain, replaced, succession = example_papers()
    header, lines, note = example_parcel(
        HEIR, "mpa2", (papers.read_revocation(replaced).replacement,)
    )
    return {
        "authority_seed": AUTHORITY.seed.hex(),
        "successor_seed": SUCCESSOR.seed.hex(),
        "revocation": plain.decode(),
        "revocation_with_replacement": replaced.decode(),
        "succession": succession.decode(),
        "revocation_entry": encode({"type": "revocation", **papers.as_object(plain)}).decode(),
        "parcel_of_the_replacement": parcel.write_plain(header, lines, note, HEIR).decode(),
    }


def example_card() -> cards.Card:
    """The card of the test node."""
    return cards.Card(
        party="MPA",
        names=Text(
            "Ministry of Peshmerga Affairs", "وزارة شؤون البيشمركة", "وەزارەتی کاروباری پێشمەرگە"
        ),
        authority=AUTHORITY.public,
        node="mpa",
        public=NODE_A.public,
        age_recipient=NODE_A.age_recipient,
        certificate=b"",
        address="https://mpa.example:8443",
        positions=(
            cards.CardPosition(
                code="duty-officer",
                names=Text("Duty officer", "الضابط المناوب (الخفر)", "ئەفسەری ئێشکگر"),
            ),
        ),
        issued_ms=NOW_MS - 1000,
        expires_ms=NOW_MS + 365 * 24 * 3600 * 1000,
    )


def example_parcel(
    signer: keys.NodeKeys = NODE_A, node: str = "mpa", told: tuple[bytes, ...] = ()
) -> tuple[Header, tuple[parcel.Line, ...], str]:
    """Header, lines and note of the test parcel: two entries and one that was withdrawn."""
    lines = (
        parcel.Line.entry(encode({"type": "edition", "text": "Road closed", "at": NOW_MS})),
        parcel.Line(None, merkle.leaf_hash(b"withdrawn")),
        parcel.Line.entry(encode({"type": "recall", "text": "ڕێگا کراوەیە", "at": NOW_MS})),
    )
    origin = notes.feed_origin("MPA", "MOD")
    root = merkle.tree_root(line.leaf for line in lines)
    note = notes.sign(
        notes.Checkpoint(origin=origin, size=len(lines), root=root), origin, signer.seed
    )
    _, other = _head("MOD", "MPA", NODE_B)
    header = Header(
        sender="MPA",
        receiver="MOD",
        node=node,
        start=0,
        count=len(lines),
        number=117,
        made_ms=NOW_MS,
        ack=notes.cosign(other, notes.node_name("MPA", node), signer.seed, NOW_MS),
        papers=told,
    )
    return header, lines, note


def plain_parcel() -> JSON:
    """A parcel before compression and encryption, since encryption is random; and one by which MOD
    gives MPA its own words back.
    """
    header, lines, note = example_parcel()
    point, own = _head("MOD", "MPA", NODE_B)
    size = point.size
    giving = Header(
        sender="MOD",
        receiver="MPA",
        node="mod",
        start=size,
        count=0,
        number=118,
        made_ms=NOW_MS,
        ack=notes.cosign(note, notes.node_name("MOD", "mod"), NODE_B.seed, NOW_MS),
        more=True,
        have=len(lines),
        told="00112233445566ff",
        back=len(lines) - 1,
        back_start=1,
    )
    back = (lines[1:], note)
    return {
        "node_public": NODE_A.public.hex(),
        "leaf_hashes": [line.leaf.hex() for line in lines],
        "plain": parcel.write_plain(header, lines, note, NODE_A).decode(),
        "back_node_public": NODE_B.public.hex(),
        "back_plain": parcel.write_plain(giving, (), own, NODE_B, back).decode(),
        "files_plain": _with_files(header, lines, note),
    }


def _with_files(header: Header, lines: tuple[parcel.Line, ...], note: str) -> str:
    """The test parcel with two pieces of a file, and a question for another one."""
    pieces = (Piece(FILES[0], 0, b"The road"), Piece(FILES[0], 8, b" is closed"))
    asking = dataclasses.replace(
        header, lacks=(Lack(FILES[1], 131_072),), pieces=len(pieces), room=65_536, more=True
    )
    return parcel.write_plain(asking, lines, note, NODE_A, pieces=pieces).decode()


def vectors() -> dict[str, str]:
    """The text of every file by its name."""
    made = {
        "canonical": canonical(),
        "merkle": tree(),
        "checkpoint": checkpoint(),
        "card": card(),
        "parcel": plain_parcel(),
        "keys": keys_that_change(),
        "exchange": exchange(),
        "files": files(),
    }
    return {
        f"{name}.json": json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        for name, value in made.items()
    }


def _head(sender: str, receiver: str, node: keys.NodeKeys) -> tuple[notes.Checkpoint, str]:
    origin = notes.feed_origin(sender, receiver)
    root = merkle.tree_root(merkle.leaf_hash(leaf) for leaf in LEAVES)
    head = notes.Checkpoint(origin=origin, size=len(LEAVES), root=root)
    return head, notes.sign(head, origin, node.seed)


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in vectors().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{FOLDER.name}: {len(vectors())} files")


if __name__ == "__main__":
    main()
