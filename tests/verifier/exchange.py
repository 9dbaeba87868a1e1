"""A receiver of parcels as spec/exchange.md describes it, over leaf hashes alone."""

try:
    from tests.verifier.formats import node
except ImportError:  # as a script
    from formats import node

import hashlib

WAITING_MAX = 64


def root(leaves):
    """The root of all leaves (RFC 6962, 2.1)."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node(root(leaves[:half]), root(leaves[half:]))


class Receiver:
    """What a node keeps of one partner."""

    def __init__(self, own):
        self.own, self.held, self.acknowledged = own, [], 0
        self.waiting, self.stopped = {}, False

    def take(self, parcel):
        """What a parcel changes, as the names of effects in order."""
        told = []
        while parcel is not None and not self.stopped:
            told += self._take(parcel)
            first = min(self.waiting, default=None)
            ready = first is not None and first <= len(self.held) and not self.stopped
            parcel = self.waiting.pop(first) if ready else None
        return told

    def _take(self, parcel):
        start, leaves, head, ack = parcel
        told = []
        if ack is not None:
            size, signed = ack
            if size > len(self.own) or root(self.own[:size]) != signed:
                return self._stop("receipt_unknown")
            if size > self.acknowledged:
                self.acknowledged = size
                told.append("receipt")
        if start > len(self.held):
            if start in self.waiting or len(self.waiting) >= WAITING_MAX:
                return told
            self.waiting[start] = parcel
            return [*told, "hold", "gap"]
        known = self.held[start : start + len(leaves)]
        if leaves[: len(known)] != known:
            return told + self._stop("split_view")
        grown = self.held + leaves[len(known) :]
        if root(grown[: start + len(leaves)]) != head:
            return told + self._stop("split_view")
        fresh = len(grown) > len(self.held)
        self.held = grown
        return [*told, "accept"] if fresh else told

    def _stop(self, why):
        self.stopped = True
        return [f"stop:{why}"]


class File:
    """A file that is asked for, as spec/entries.md section 4 joins it."""

    def __init__(self, size, digest):
        self.size, self.digest = size, digest
        self.data, self.state = b"", "open"

    def take(self, at, data):
        """What a piece makes of it."""
        if self.state != "open":
            return
        if at + len(data) > self.size:
            self.data, self.state = b"", "spoilt"
        elif at <= len(self.data):
            self.data += data[len(self.data) - at :]
        if self.state == "open" and len(self.data) == self.size:
            good = hashlib.sha256(self.data).hexdigest() == self.digest
            self.data, self.state = (self.data, "whole") if good else (b"", "spoilt")
