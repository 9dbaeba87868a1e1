"""Spec and vectors suffice: what was written from them alone reproduces every vector."""

import base64
import json

import pytest

from tests.architecture.house import ROOT
from tests.verifier import formats
from tests.verifier.exchange import File, Receiver, root
from tests.verifier.formats import RejectedError

VECTORS = ROOT / "spec" / "vectors"


def vector(name):
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("scene", vector("exchange")["scenes"], ids=lambda scene: scene["name"])
def test_a_receiver_written_from_the_spec_does_the_same(scene):
    """Order, repetition, gaps, split views and receipts: the same effects, the same state."""
    receiver = Receiver([bytes.fromhex(leaf) for leaf in vector("exchange")["own"]])
    for step in scene["steps"]:
        ack = step["ack"] and (step["ack"]["size"], bytes.fromhex(step["ack"]["root"]))
        leaves = [bytes.fromhex(leaf) for leaf in step["leaves"]]
        effects = receiver.take((step["start"], leaves, bytes.fromhex(step["root"]), ack))
        assert step["then"] == {
            "effects": effects, "held": len(receiver.held), "acknowledged": receiver.acknowledged,
            "waiting": sorted(receiver.waiting), "stopped": receiver.stopped,
        }  # fmt: skip


@pytest.mark.parametrize("scene", vector("files")["scenes"], ids=lambda scene: scene["name"])
def test_a_file_joined_as_the_spec_says_ends_the_same(scene):
    """Order, repetition, holes, other bytes and too many: as much is there, whole or not."""
    found = vector("files")
    file = File(found["bytes"], found["digest"])
    for step in scene["steps"]:
        file.take(step["at"], base64.b64decode(step["data"]))
        assert step["then"] == {"have": len(file.data), "state": file.state}


def test_a_parcel_with_files_is_read_by_its_lines():
    """Two pieces stand after the head, the file that is asked for in the header."""
    lines = vector("parcel")["files_plain"].split("\n")[:-1]
    header = json.loads(lines[0])
    assert len(lines) == header["count"] + header["pieces"] + 3
    pieces = [formats.decode(line.encode()) for line in lines[header["count"] + 2 : -1]]
    assert b"The road is closed" == b"".join(base64.b64decode(one["data"]) for one in pieces)
    assert [0, 8] == [one["at"] for one in pieces]
    assert {"have": 131_072, "release": header["lacks"][0]["release"]} == header["lacks"][0]


def test_canonical_bytes_are_those_of_the_vectors():
    """Every value gives its bytes and back; every refused text is refused."""
    found = vector("canonical")
    for item in found["accepted"]:
        data = bytes.fromhex(item["bytes_hex"])
        assert data == formats.encode(item["value"])
        assert item["value"] == formats.decode(data)
    for item in found["refused"]:
        with pytest.raises(RejectedError):
            formats.decode(bytes.fromhex(item["bytes_hex"]))


def test_proofs_are_those_of_the_vectors():
    """Every root, inclusion proof and consistency proof of eight leaves holds, and no other."""
    found = vector("merkle")
    leaves = [formats.leaf(bytes.fromhex(leaf)) for leaf in found["leaves"]]
    for item in found["roots"]:
        assert item["root"] == root(leaves[: item["size"]]).hex()
    for item in found["inclusion"]:
        path = [bytes.fromhex(step) for step in item["proof"]]
        index, size = item["index"], item["size"]
        assert root(leaves[:size]) == formats.root_of(leaves[index], index, size, path)
    for item in found["consistency"]:
        path = [bytes.fromhex(step) for step in item["proof"]]
        old, new = item["old"], item["new"]
        if old:
            ends = root(leaves[:old]), root(leaves[:new])
            assert formats.continues(old, new, *ends, path)
            assert not formats.continues(old, new, bytes(32), ends[1], path)


def test_heads_and_receipts_are_those_of_the_vectors():
    """The signed head and the receipt on it hold, for their keys and their origin alone."""
    found = vector("checkpoint")
    note, origin = found["cosigned_note"].encode(), found["origin"]
    log, cosigner = (bytes.fromhex(found[f"{who}_public"]) for who in ("log", "cosigner"))
    size, signed = formats.signed_head(note, origin, log, "note")
    assert (found["size"], found["root"]) == (size, signed.hex())
    name = found["cosigner_key_name"]
    seconds = formats.receipt_time(note, name, cosigner, "note")
    assert found["cosigned_at_ms"] // 1000 == seconds
    for wrong in ((note, origin + "X", log), (note, origin, cosigner)):
        with pytest.raises(RejectedError):
            formats.signed_head(*wrong, "note")
    with pytest.raises(RejectedError):
        formats.receipt_time(note, name, log, "note")


def test_the_card_of_the_vectors_is_good():
    """It is read whole, and no byte of it can be changed."""
    data = vector("card")["bytes"].encode()
    assert "MPA" == formats.read_card(data, "card")["party"]
    for at in range(0, len(data), 7):
        changed = bytearray(data)
        changed[at] ^= 1
        with pytest.raises(RejectedError):
            formats.read_card(bytes(changed), "card")
