"""Merkle arithmetic against the customary vectors and against the definition in RFC 6962."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.errors import ParcelError
from tansiq.log import merkle
from tansiq.log.merkle import EMPTY_ROOT, Frontier, leaf_hash, tree_root

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def hashes(count):
    return [leaf_hash(str(number).encode()) for number in range(count)]


def defined_root(leaves):
    """The Merkle Tree Hash word for word as RFC 6962 section 2.1 defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = defined_root(leaves[:split]), defined_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size):
    """The roots over the customary leaves are those that every implementation has."""
    assert ROOTS[size] == tree_root(map(leaf_hash, LEAVES[:size])).hex()


def test_known_proofs():
    """Audit and consistency paths over the customary leaves are the published ones."""
    leaves = [leaf_hash(leaf) for leaf in LEAVES]
    assert [item.hex() for item in merkle.inclusion_proof(leaves, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [item.hex() for item in merkle.consistency_proof(leaves, 6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_frontier_forgets_nothing(first, second):
    """However leaves are split into calls, the frontier's root is the Merkle Tree Hash."""
    leaves = hashes(first + second)
    whole = Frontier().extend(leaves)
    split = Frontier().extend(leaves[:first]).extend(leaves[first:])
    singly = Frontier()
    for leaf in leaves:
        singly = singly.append(leaf)
    assert whole == split == singly
    assert defined_root(leaves) == whole.root()
    assert whole == Frontier.decode(whole.encode())


@pytest.mark.parametrize("start", [0, 1, 4_095, 4_096, 4_097, 5_000])
def test_whole_chunks_give_the_same_root(start):
    """The quick path over large runs gives what leaf after leaf gives."""
    leaves = hashes(start + 9_000)
    frontier = Frontier().extend(leaves[:start]).extend(iter(leaves[start:]))
    assert defined_root(leaves) == frontier.root()
    assert len(leaves) == frontier.size


@given(st.binary(max_size=80))
def test_a_frontier_is_read_strictly(data):
    """Bytes are a frontier only if they are written exactly so."""
    try:
        frontier = Frontier.decode(data)
    except ParcelError:
        return
    assert data == frontier.encode()


def test_malformed_frontiers_are_refused():
    """A size and its number of hashes must fit, and each hash has 32 bytes."""
    for size, parts in ((1, ()), (0, (bytes(32),)), (1, (bytes(31),)), (-1, ()), (2**53, ())):
        with pytest.raises(ParcelError):
            Frontier(size, parts)


@given(st.data())
def test_inclusion_proofs_prove_their_entry_and_no_other(data):
    """A proof verifies for its leaf, index, size and root, and for nothing else."""
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    leaves = hashes(size)
    root, proof = tree_root(leaves), merkle.inclusion_proof(leaves, index)
    assert merkle.verify_inclusion(leaves[index], index, size, proof, root)
    other = data.draw(st.integers(-1, size + 1).filter(lambda at: at != index))
    assert not merkle.verify_inclusion(leaves[index], other, size, proof, root)
    assert not merkle.verify_inclusion(leaf_hash(b"other"), index, size, proof, root)
    assert not merkle.verify_inclusion(leaves[index], index, size, proof, EMPTY_ROOT)
    assert not merkle.verify_inclusion(leaves[index], index, size, (*proof, bytes(32)), root)
    assert not merkle.verify_inclusion(leaves[index], index, size, (*proof, b""), root)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        wrong = (*proof[:at], leaf_hash(proof[at]), *proof[at + 1 :])
        assert not merkle.verify_inclusion(leaves[index], index, size, wrong, root)
        assert not merkle.verify_inclusion(leaves[index], index, size, proof[:-1], root)


@given(st.data())
def test_consistency_proofs_prove_a_beginning_and_nothing_else(data):
    """A proof verifies for the two heads it was made for, and for no rewritten history."""
    new = data.draw(st.integers(0, 70))
    old = data.draw(st.integers(0, new))
    leaves = hashes(new)
    old_root, new_root = tree_root(leaves[:old]), tree_root(leaves)
    proof = merkle.consistency_proof(leaves, old, new)
    assert merkle.verify_consistency(old, new, old_root, new_root, proof)
    wrong = leaf_hash(b"rewritten")
    assert not merkle.verify_consistency(old, new, wrong, new_root, proof)
    assert not merkle.verify_consistency(old, new, old_root, new_root, (*proof, wrong))
    assert not merkle.verify_consistency(new + 1, new, old_root, new_root, proof)
    if old:
        assert not merkle.verify_consistency(old, new, old_root, wrong, proof)
    if proof:
        assert not merkle.verify_consistency(old, new, old_root, new_root, proof[:-1])
        assert not merkle.verify_consistency(old, new, old_root, new_root, ())


def test_a_proof_must_reach_the_top():
    """The root of a subtree is no root of the whole, so a path that ends early proves nothing."""
    leaves = hashes(8)
    proof = merkle.inclusion_proof(leaves, 0)
    for steps in range(3):
        inner = tree_root(leaves[: 1 << steps])
        assert merkle.verify_inclusion(leaves[0], 0, 1 << steps, proof[:steps], inner)
        assert not merkle.verify_inclusion(leaves[0], 0, 8, proof[:steps], inner)


def test_a_node_cannot_pass_for_a_leaf():
    """Leaf and node hashes come from different domains."""
    left, right = hashes(2)
    assert merkle.node_hash(left, right) != leaf_hash(left + right)


def test_proofs_outside_the_log_are_refused():
    """A proof about entries that do not exist cannot be asked for."""
    for index in (-1, 3):
        with pytest.raises(ParcelError):
            merkle.inclusion_proof(hashes(3), index)
    for old, new in ((2, 1), (-1, 2), (1, 4)):
        with pytest.raises(ParcelError):
            merkle.consistency_proof(hashes(3), old, new)
