"""RFC 9497 over ristretto255: the RFC's own vectors, and what a hostile partner sends."""

import json
from pathlib import Path

import pytest

from tansiq.domain.errors import ParcelError
from tansiq.log import ristretto, voprf

RFC = json.loads(
    (Path(__file__).parents[1] / "data" / "rfc9497_ristretto255.json").read_text("utf-8")
)
VECTORS = [(mode, vector) for mode in RFC["modes"] for vector in mode["vectors"]]
PAIR = voprf.derive_key_pair(bytes(32), b"")
OTHER = voprf.derive_key_pair(bytes(31) + b"\x01", b"")


def unhex(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in texts]


@pytest.mark.parametrize("mode", RFC["modes"], ids=lambda mode: f"mode {mode['mode']}")
def test_keys_are_those_of_the_rfc(mode) -> None:
    """The key that the RFC derives from its seed comes out, with its public half."""
    seed, info = bytes.fromhex(RFC["seed"]), bytes.fromhex(RFC["key_info"])
    pair = voprf.derive_key_pair(seed, info, mode["mode"])
    assert pair.secret.hex() == mode["secret"]
    assert pair.public.hex() == mode.get("public", pair.public.hex())


@pytest.mark.parametrize(("mode", "vector"), VECTORS)
def test_vectors_of_the_rfc(mode, vector) -> None:
    """Every blinded element, evaluation, output and proof of the RFC comes out to the byte, by
    either side, and the proof of a batch holds.
    """
    number, secret = mode["mode"], bytes.fromhex(mode["secret"])
    inputs, blinds = unhex(vector["input"]), unhex(vector["blind"])
    pairs = list(zip(inputs, blinds, strict=True))
    blinded = [voprf.blind(given, scalar, number) for given, scalar in pairs]
    assert blinded == unhex(vector["blinded"])
    evaluated = voprf.blind_evaluate(secret, blinded)
    assert evaluated == unhex(vector["evaluated"])
    outputs = unhex(vector["output"])
    found = zip(pairs, evaluated, strict=True)
    assert [voprf.finalize(*pair, element) for pair, element in found] == outputs
    assert [voprf.evaluate(secret, given, number) for given in inputs] == outputs
    if number == voprf.VOPRF:
        pair = voprf.Pair(secret, bytes.fromhex(mode["public"]))
        proof = voprf.generate_proof(pair, blinded, evaluated, bytes.fromhex(vector["random"]))
        assert proof.hex() == vector["proof"]
        assert voprf.verify_proof(pair.public, blinded, evaluated, proof)


def _batch(count: int = 3) -> tuple[list[bytes], list[bytes], bytes]:
    blinded = [voprf.blind(bytes([n]), voprf.scalar_of(bytes([n]))) for n in range(count)]
    evaluated = voprf.blind_evaluate(PAIR.secret, blinded)
    return blinded, evaluated, voprf.generate_proof(
        PAIR, blinded, evaluated, voprf.scalar_of(b"once")
    )  # fmt: skip


def test_a_proof_shows_one_key_for_all() -> None:
    """One element that another key made, one that was exchanged, one missing, another key's public
    half, or a proof that was bent: none of them passes.
    """
    blinded, evaluated, proof = _batch()
    assert voprf.verify_proof(PAIR.public, blinded, evaluated, proof)
    marked = [*evaluated[:2], *voprf.blind_evaluate(OTHER.secret, blinded[2:])]
    turned = [evaluated[1], evaluated[0], evaluated[2]]
    for bad in (marked, turned, evaluated[:2], []):
        assert not voprf.verify_proof(PAIR.public, blinded, bad, proof)
    assert not voprf.verify_proof(OTHER.public, blinded, evaluated, proof)
    assert not voprf.verify_proof(PAIR.public, blinded[::-1], evaluated[::-1], proof)
    for n in (0, 31, 32, 63):
        bent = bytearray(proof)
        bent[n] ^= 1
        assert not voprf.verify_proof(PAIR.public, blinded, evaluated, bytes(bent))


@pytest.mark.parametrize(
    "bad", [b"", bytes(32), b"\xff" * 32, b"\x01" + bytes(31), bytes(31), bytes(33), bytes(64)]
)
def test_garbage_is_refused_and_nothing_raises_but_its_own_error(bad) -> None:
    """Bytes that are no element end in a ParcelError where they would be worked with, and a proof
    with them does not hold.
    """
    blinded, evaluated, proof = _batch(1)
    with pytest.raises(ParcelError):
        voprf.blind_evaluate(PAIR.secret, [bad])
    with pytest.raises(ParcelError):
        voprf.finalize(b"x", voprf.scalar_of(b"x"), bad)
    assert not voprf.verify_proof(bad, blinded, evaluated, proof)
    assert not voprf.verify_proof(PAIR.public, blinded, [bad], proof)
    assert not voprf.verify_proof(PAIR.public, [bad], evaluated, proof)
    assert not voprf.verify_proof(PAIR.public, blinded, evaluated, bad)
    assert not ristretto.is_point(bad)


def test_a_scalar_has_one_form() -> None:
    """A proof whose scalars were written with the order of the group added is refused: of one
    statement there is one proof.
    """
    blinded, evaluated, proof = _batch(1)
    order = 2**252 + 27742317777372353535851937790883648493
    larger = (int.from_bytes(proof[32:], "little") + order).to_bytes(32, "little")
    assert not voprf.verify_proof(PAIR.public, blinded, evaluated, proof[:32] + larger)


def test_this_machine_has_the_library() -> None:
    """The development environment installs Debian's libsodium; a machine without it says so."""
    assert ristretto.there()
