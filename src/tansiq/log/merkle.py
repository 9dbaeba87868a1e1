"""Merkle tree arithmetic with SHA-256 as in RFC 6962 section 2.1 and RFC 9162 section 2.1.

Leaf and node hashes carry different first bytes (0x00 and 0x01), so that a node can never be passed
off as a leaf. A tree is known by its size and root; a *frontier* (compact range) is all that has to
be kept to go on appending: one hash per one-bit of the size, largest subtree first.

What must hold: the root of a frontier is the Merkle Tree Hash of all leaves it has seen, however
they were split into calls; a proof made for one claim verifies for no other. Functions take leaf
*hashes*. Verifiers answer ``False`` to anything that does not fit and never raise.
"""

import hashlib
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

_SIZE_BYTES: Final = 8
_CHUNK: Final = 4_096  # so many leaves at most are held at a time


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree of ``size`` leaves: the roots of its perfect subtrees, largest
    first.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= BOUNDS.integer_max or len(self.hashes) != self.size.bit_count():
            raise ParcelError("frontier_malformed")
        if any(len(item) != HASH_BYTES for item in self.hashes):
            raise ParcelError("frontier_malformed")

    def append(self, leaf: bytes) -> "Frontier":
        """The frontier after one more leaf hash."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> "Frontier":
        """The frontier after all of ``leaves`` (leaf hashes), in order."""
        hashes, size, rest = list(self.hashes), self.size, iter(leaves)
        while part := list(itertools.islice(rest, _CHUNK - size % _CHUNK)):
            at = 0
            while at < len(part):  # the largest whole subtree that begins here
                level = (len(part) - at).bit_length() - 1
                if size:
                    level = min(level, (size & -size).bit_length() - 1)
                _push(hashes, size >> level, _perfect_root(part[at : at + (1 << level)]))
                size += 1 << level
                at += 1 << level
        return Frontier(size, tuple(hashes))

    def root(self) -> bytes:
        """The Merkle Tree Hash of all leaves; of none, SHA-256 of nothing."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def encode(self) -> bytes:
        """Eight bytes of size, big-endian, then the hashes."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self.hashes)

    @staticmethod
    def decode(data: bytes) -> "Frontier":
        """The frontier that :meth:`encode` wrote; anything else is refused."""
        size, body = int.from_bytes(data[:_SIZE_BYTES], "big"), data[_SIZE_BYTES:]
        if len(data) != _SIZE_BYTES + HASH_BYTES * size.bit_count():
            raise ParcelError("frontier_malformed")
        starts = range(0, len(body), HASH_BYTES)
        return Frontier(size, tuple(body[at : at + HASH_BYTES] for at in starts))


def tree_root(leaves: Iterable[bytes]) -> bytes:
    """The Merkle Tree Hash of ``leaves`` (leaf hashes)."""
    return Frontier().extend(leaves).root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of leaf ``index`` in the tree of ``leaves`` (RFC 6962 section 2.1.1)."""
    if not 0 <= index < len(leaves):
        raise ParcelError("proof_range")
    path: list[bytes] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(tree_root(leaves[middle:high]))
            high = middle
        else:
            path.append(tree_root(leaves[low:middle]))
            low = middle
    return tuple(reversed(path))


def consistency_proof(leaves: Sequence[bytes], old: int, new: int) -> tuple[bytes, ...]:
    """That the first ``old`` leaves lead to the first ``new`` ones (RFC 6962 section 2.1.2).

    Nothing needs proof where ``old`` is 0 or equals ``new``.
    """
    if not 0 <= old <= new <= len(leaves):
        raise ParcelError("proof_range")
    if old in (0, new):
        return ()
    path: list[bytes] = []
    low, high, whole = 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(tree_root(leaves[middle:high]))
            high = middle
        else:
            path.append(tree_root(leaves[low:middle]))
            low, whole = middle, False
    if not whole:
        path.append(tree_root(leaves[low:high]))
    return tuple(reversed(path))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether ``leaf`` (its hash) is entry ``index`` of the tree (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes((leaf, root, *proof)):
        return False
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of ``old`` leaves is a beginning of that of ``new`` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new or not _are_hashes((old_root, new_root, *proof)):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not proof:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_found = new_found = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old_found = node_hash(sibling, old_found)
            new_found = node_hash(sibling, new_found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new_found = node_hash(new_found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old_found == old_root and new_found == new_root


def _push(hashes: list[bytes], count: int, root: bytes) -> None:
    """Add a subtree after ``count`` of its size; equal neighbours merge, as a binary counter
    carries.
    """
    while count & 1:
        root = node_hash(hashes.pop(), root)
        count >>= 1
    hashes.append(root)


def _perfect_root(level: list[bytes]) -> bytes:
    """The root over a power of two of leaf hashes."""
    sha256 = hashlib.sha256
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return level[0]


def _split(count: int) -> int:
    """The largest power of two smaller than ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _are_hashes(items: Iterable[bytes]) -> bool:
    return all(len(item) == HASH_BYTES for item in items)
