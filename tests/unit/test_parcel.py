"""Parcels: what is sealed opens for its receiver, and every other byte string is refused."""

import dataclasses
import json
import random
import re
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

import tansiq
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError, ParcelError
from tansiq.domain.wording import phrase
from tansiq.log import checkpoint as notes
from tansiq.log import keys, merkle
from tansiq.log.canonical import encode
from tansiq.sync import dictionary, parcel
from tansiq.sync.parcel import Line
from tests.unit.test_cards import mutants
from tools import make_vectors

MINE, THEIRS = make_vectors.NODE_B, make_vectors.NODE_A
HEADER, LINES, NOTE = make_vectors.example_parcel()
PLAIN = parcel.write_plain(HEADER, LINES, NOTE, THEIRS)
ORIGIN = notes.feed_origin("MPA", "MOD")


def lookup(party, node):
    return THEIRS.public if (party, node) == ("MPA", "mpa") else None


def note_of(lines, size=None, origin=ORIGIN, seed=THEIRS.seed):
    root = merkle.tree_root(line.leaf for line in lines)
    size = len(lines) if size is None else size
    return notes.sign(notes.Checkpoint(origin=origin, size=size, root=root), origin, seed)


def sealed(header=HEADER, lines=LINES, note=NOTE, receiver=MINE):
    return parcel.seal(
        header, lines, note, node_keys=THEIRS, receiver_age_recipient=receiver.age_recipient
    )


def opened(data):
    return parcel.open_parcel(data, MINE, lookup, "MOD")


def read(plain):
    return parcel.read_plain(plain, lookup, "MOD")


def wrapped(plain):
    """``plain`` compressed and encrypted as a hostile partner would, without any check."""
    packed = dictionary.current()
    body = keys.age_encrypt(packed.compress(plain), MINE.age_recipient)
    return parcel.MAGIC + packed.tag + body


def signed(*lines):
    """Lines under a true signature, whatever they say."""
    unsigned = b"".join(line + b"\n" for line in lines)
    signature = THEIRS.sign(parcel._signed_bytes(unsigned))
    return unsigned + parcel.base64_text(signature).encode() + b"\n"


def with_header(**changes):
    """The example with other header fields, under a true signature."""
    value = json.loads(PLAIN.split(b"\n")[0])
    value.update(changes)
    for name in [name for name, item in value.items() if item is ...]:
        del value[name]
    return signed(encode(value), *PLAIN.split(b"\n")[1:-2])


def code_of(function, *arguments):
    with pytest.raises(ParcelError) as raised:
        function(*arguments)
    return raised.value.code


DATA = sealed()


def written(lines):
    """What stands in a feed, without what was read of it."""
    return [(line.data, line.leaf) for line in lines]


def test_a_parcel_opens_for_its_receiver():
    """Header, lines, note and receipt arrive as they were sealed."""
    found = opened(DATA)
    assert found.header == HEADER
    assert written(found.lines) == written(LINES)
    assert found.note == NOTE
    assert found.checkpoint.size == HEADER.end == 3
    assert found.acknowledged is not None
    assert found.acknowledged.origin == notes.feed_origin("MOD", "MPA")
    assert found.acknowledged_ms == make_vectors.NOW_MS // 1000 * 1000


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.none(), max_size=6))
def test_any_entries_come_back(texts):
    """Whatever the entries hold, newlines and every script included, they arrive byte for byte."""
    lines = tuple(
        Line(None, merkle.leaf_hash(b"gone")) if text is None else Line.entry(encode({"t": text}))
        for text in texts
    )
    header = dataclasses.replace(HEADER, count=len(lines), ack="")
    found = opened(sealed(header, lines, note_of(lines)))
    assert written(found.lines) == written(lines)
    assert found.acknowledged is None
    assert found.acknowledged_ms == 0


def test_an_empty_parcel_is_small():
    """Nothing new costs less than 1 KB, receipt included."""
    header = dataclasses.replace(HEADER, start=99_999, count=0)
    note = note_of((), size=99_999)
    assert max(len(sealed(header, (), note)) for _ in range(50)) < 1_024


def test_a_full_parcel_fits():
    """As many entries as a parcel may carry go through."""
    lines = tuple(Line.entry(encode({"n": n})) for n in range(BOUNDS.parcel_entries_max))
    header = dataclasses.replace(HEADER, count=len(lines), more=True)
    assert written(opened(sealed(header, lines, note_of(lines))).lines) == written(lines)


def test_each_failing_check_has_its_own_code():
    """Size, prefix, dictionary, seal and compression are told apart inside the node."""
    other = keys.NodeKeys.new(b"\x09" * 32, keys.new_age_identity())
    tag = dictionary.current().tag
    empty = keys.age_encrypt(b"", MINE.age_recipient)
    for data, code in (
        (bytes(BOUNDS.parcel_bytes_max + 1), "parcel_size"),
        (b"", "parcel_prefix"),
        (b"TSQ1", "parcel_prefix"),
        (b"TSQ2" + DATA[4:], "parcel_prefix"),
        (b"TSQ1abcd" + DATA[8:], "parcel_dictionary"),
        (b"TSQ1" + tag, "parcel_sealed"),
        (sealed(receiver=other), "parcel_sealed"),
        (b"TSQ1" + tag + empty, "parcel_compressed"),
        (wrapped(b""), "parcel_framing"),
        (wrapped(b"\n"), "canonical_syntax"),
        (wrapped(PLAIN[:-1]), "parcel_framing"),
    ):
        assert code_of(opened, data) == code


def test_a_bomb_does_not_go_off():
    """A frame that claims too much, or hides what it claims, is refused before it is expanded."""
    packed = dictionary.current()
    prepared = zstandard.ZstdCompressionDict(packed.data)
    bomb = packed.compress(bytes(64 * 1024 * 1024))
    assert len(bomb) < 10_000
    silent = zstandard.ZstdCompressor(dict_data=prepared, write_content_size=False)
    plain_frame = zstandard.ZstdCompressor().compress(b"without the dictionary")
    limit = BOUNDS.parcel_plain_bytes_max
    for frame in (
        bomb,
        silent.compress(PLAIN),
        packed.compress(PLAIN) + b"x",
        packed.compress(PLAIN) * 2,
        packed.compress(PLAIN)[:-1],
        b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd",
        b"",
    ):
        assert code_of(packed.expand, frame, limit) == "parcel_compressed"
    assert packed.expand(packed.compress(PLAIN), limit) == PLAIN
    assert packed.expand(plain_frame, limit)


def test_an_unknown_dictionary_tag_is_refused():
    """A parcel names its dictionary by the first four bytes of the file's hash."""
    assert dictionary.by_tag(dictionary.current().tag) == dictionary.current()
    assert len(dictionary.current().data) == 64 * 1024
    assert code_of(dictionary.by_tag, b"none") == "parcel_dictionary"


def test_sender_and_receiver_must_be_the_right_ones():
    """A parcel counts only for its receiver and only from a node that is known."""
    assert code_of(parcel.read_plain, PLAIN, lookup, "COA") == "parcel_receiver"
    assert code_of(parcel.read_plain, PLAIN, lambda *_: None, "MOD") == "parcel_sender"
    stranger = code_of(parcel.read_plain, PLAIN, lambda *_: MINE.public, "MOD")
    assert stranger == "parcel_signature"
    assert code_of(read, PLAIN.replace(b"Road closed", b"Road opened")) == "parcel_signature"


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"v": True},
        {"v": ...},
        {"extra": 1},
        {"from": "mpa"},
        {"from": "MPA\n"},
        {"from": "MOD"},
        {"node": ""},
        {"node": "mpa\n"},
        {"start": -1},
        {"start": "0"},
        {"start": 2**53 - 1},
        {"count": BOUNDS.parcel_entries_max + 1},
        {"count": None},
        {"number": -1},
        {"made": ...},
        {"made": []},
        {"ack": None},
        {"ack": "x" * 8_193},
        {"more": 0},
        {"more": ...},
    ],
)
def test_a_header_is_read_strictly(changes):
    """A missing, unknown, mistyped or impossible header field is refused, however well signed."""
    assert code_of(read, with_header(**changes)) == "parcel_header"


def test_framing_is_strict():
    """Count and lines agree, lines are canonical objects or hashes, and nothing stands besides."""
    header, *entries, note, _, _ = PLAIN.split(b"\n")
    for plain, code in (
        (signed(header, *entries[:2], note), "parcel_framing"),
        (signed(header, *entries, entries[0], note), "parcel_framing"),
        (signed(header, *entries[:2], b"", note), "parcel_entry"),
        (signed(header, *entries[:2], b"[]", note), "parcel_entry"),
        (signed(header, *entries[:2], b'{"a": 1}', note), "parcel_entry"),
        (signed(header, *entries[:2], b"!" + b"A" * 64, note), "parcel_entry"),
        (signed(header, *entries[:2], b"!" + b"a" * 63, note), "parcel_entry"),
        (signed(header, *entries[:2], entries[2] + b"\r", note), "parcel_entry"),
        (signed(header, *entries, b"1"), "parcel_framing"),
        (signed(header, *entries, b" " + note), "canonical_form"),
        (signed(header, *entries, b'""'), "note_form"),
        (PLAIN + b"\n", "parcel_framing"),
        (PLAIN[:-89] + b"\n" * 89, "parcel_framing"),
        (header + b"\n", "parcel_framing"),
    ):
        assert code_of(read, plain) == code


def test_the_note_is_the_head_of_this_feed_at_this_size():
    """A head of another feed, another size or another key is refused."""
    header, *entries, _, _, _ = PLAIN.split(b"\n")
    for note, code in (
        (note_of(LINES, size=4), "parcel_checkpoint"),
        (note_of(LINES, origin=notes.feed_origin("MPA", "COA")), "note_origin"),
        (note_of(LINES, origin=notes.feed_origin("MOD", "MPA")), "note_origin"),
        (note_of(LINES, seed=MINE.seed), "note_key"),
        (NOTE.replace("\n3\n", "\n4\n"), "note_signature"),
    ):
        assert code_of(read, signed(header, *entries, encode(note))) == code


def test_a_receipt_is_the_senders_on_my_own_feed():
    """A receipt by another node, on another feed, or without cosignature is refused."""
    origin = notes.feed_origin("MOD", "MPA")
    mine = note_of(LINES, origin=origin, seed=MINE.seed)
    at, name = make_vectors.NOW_MS, notes.node_name("MPA", "mpa")
    for ack in (
        "x",
        mine,
        notes.cosign(mine, name, MINE.seed, at),
        notes.cosign(mine, notes.node_name("MPA", "mpb"), THEIRS.seed, at),
        notes.cosign(NOTE, name, THEIRS.seed, at),
    ):
        assert code_of(read, with_header(ack=ack)) == "parcel_ack"
    good = notes.cosign(mine, name, THEIRS.seed, at)
    assert read(with_header(ack=good)).acknowledged_ms == at // 1000 * 1000


def test_nothing_wrong_leaves():
    """The sender runs the receiver's checks before sealing."""
    wrong = Line(LINES[0].data, bytes(32))
    for header, lines, note in (
        (dataclasses.replace(HEADER, count=2), LINES, NOTE),
        (HEADER, (wrong, *LINES[1:]), NOTE),
        (HEADER, (Line.entry(b"{}\n{}"), *LINES[1:]), NOTE),
        (HEADER, LINES, note_of(LINES, size=9)),
        (dataclasses.replace(HEADER, sender="MOD"), LINES, NOTE),
        (dataclasses.replace(HEADER, start=-1), LINES, NOTE),
    ):
        with pytest.raises(ParcelError):
            sealed(header, lines, note)
    with pytest.raises(InputError):
        parcel.seal(HEADER, LINES, NOTE, node_keys=THEIRS, receiver_age_recipient="age1")


def test_a_parcel_that_would_be_too_large_is_not_made():
    """Entries that exceed the plain size together are refused before sealing."""
    text = "x" * (BOUNDS.entry_bytes_max - 10)
    lines = (Line.entry(encode({"t": text})),) * 33
    header = dataclasses.replace(HEADER, count=len(lines))
    assert code_of(sealed, header, lines, note_of(lines)) == "parcel_size"
    plain = b" " * (BOUNDS.parcel_plain_bytes_max + 1)
    assert code_of(read, plain) == "parcel_size"


def test_noise_past_the_sealed_bound_is_not_sent(monkeypatch):
    """A sealed parcel past its bound is refused by its sender."""
    small = dataclasses.replace(BOUNDS, parcel_bytes_max=100)
    monkeypatch.setattr(parcel, "BOUNDS", small)
    assert code_of(sealed) == "parcel_size"


def test_mutated_parcels_end_in_a_parcel_error():
    """2,000 damaged sealed parcels are refused, and nothing else happens."""
    for mutant in mutants(DATA, 2_000, seed=2):
        assert code_of(opened, mutant)


def test_mutated_plain_forms_end_in_a_parcel_error():
    """2,000 damaged plain forms are refused behind a whole seal."""
    for mutant in mutants(PLAIN, 2_000, seed=3):
        assert code_of(read, mutant)


def test_mutated_frames_end_in_a_parcel_error():
    """2,000 damaged zstd frames expand to nothing that passes."""
    packed = dictionary.current()
    frame = packed.compress(PLAIN)
    for mutant in mutants(frame, 2_000, seed=4):
        try:
            plain = packed.expand(mutant, BOUNDS.parcel_plain_bytes_max)
        except ParcelError:
            continue
        if plain != PLAIN:
            assert code_of(read, plain)


def test_well_signed_damage_ends_in_a_parcel_error_or_a_parcel():
    """A hostile partner who signs damaged lines gets a refusal or a well-formed parcel."""
    draw = random.Random(5)
    lines = PLAIN.split(b"\n")[:-2]
    for mutant in mutants(b"\n".join(lines), 2_000, seed=draw.random()):
        try:
            found = read(signed(*mutant.split(b"\n")))
        except ParcelError:
            continue
        assert len(found.lines) == found.header.count


def test_every_refusal_has_its_words():
    """Each error code that a container raises reads in three languages."""
    root = Path(tansiq.__file__).parent
    files = ("log/canonical", "log/merkle", "log/checkpoint", "log/keys", "log/cards",
             "sync/parcel", "sync/dictionary")  # fmt: skip
    text = "".join((root / f"{name}.py").read_text(encoding="utf-8") for name in files)
    codes = set(re.findall(r'(?:ParcelError|InputError)\(\s*"([a-z_]+)"', text))
    assert len(codes) > 35
    for code in codes:
        for language in ("en", "ar", "ckb"):
            assert phrase(f"error.{code}", language, limit=1, day="2020-12-20", field="node")


def test_the_parcel_vector_opens():
    """The published plain form is a parcel."""
    vector = json.loads(make_vectors.vectors()["parcel.json"])
    found = read(vector["plain"].encode())
    assert [line.leaf.hex() for line in found.lines] == vector["leaf_hashes"]
    assert merkle.tree_root(line.leaf for line in found.lines) == found.checkpoint.root
