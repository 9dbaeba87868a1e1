"""RFC 9497, ristretto255-SHA512: one side has a key, the other inputs; the second learns what the
key makes of its inputs, the first learns nothing, and a proof shows that one key made all of it.

The sealed check (``log.sealed``) is the caller. Names are the RFC's; ``mode`` 0 is the plain one,
1 the one with a proof. Nothing here is our own: the numbers in brackets are sections of the RFC.

What must hold: the RFC's own vectors come out to the byte; what a partner sends that is no element,
no scalar or no proof ends in a ParcelError. Randomness is handed in.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from tansiq.domain.errors import ParcelError
from tansiq.log import ristretto

OPRF: Final = 0
VOPRF: Final = 1
BATCH_MAX: Final = 65_535  # the RFC counts the elements of one proof in two bytes
ELEMENT_BYTES: Final = ristretto.BYTES
PROOF_BYTES: Final = 2 * ristretto.BYTES
_BLOCK_BYTES: Final = 128  # of SHA-512
_ZEROS: Final = bytes(_BLOCK_BYTES)
_TRIES: Final = 256
_ONE: Final = b"\x01" + bytes(31)


class Pair(NamedTuple):
    """The key of who evaluates: the secret scalar, and the element by which a proof is checked."""

    secret: bytes
    public: bytes


def derive_key_pair(seed: bytes, info: bytes, mode: int = VOPRF) -> Pair:
    """A key from 32 random bytes [3.2.1]."""
    tag = b"DeriveKeyPair" + _context(mode)
    derived = seed + _counted(info)
    for counter in range(_TRIES):
        secret = _to_scalar(derived + bytes([counter]), tag)
        if any(secret):
            return Pair(secret, ristretto.base_times(secret))
    raise ParcelError("sealed_form")


def blind(given: bytes, scalar: bytes, mode: int = VOPRF) -> bytes:
    """An input under a blind, as it is sent [3.3.1, 3.3.2]."""
    return ristretto.times(scalar, _to_group(given, mode))


def blind_evaluate(secret: bytes, blinded: Iterable[bytes]) -> list[bytes]:
    """What the key makes of each blinded element. Raises ParcelError for what is no element."""
    return [ristretto.times(secret, one) for one in blinded]


def finalize(given: bytes, scalar: bytes, evaluated: bytes) -> bytes:
    """The output for an input, from what came back for it [3.3.1]. Raises ParcelError for what is
    no element. With a proof, call :func:`verify_proof` first.
    """
    return _output(given, ristretto.times(ristretto.inverse(scalar), evaluated))


def evaluate(secret: bytes, given: bytes, mode: int = VOPRF) -> bytes:
    """The output for an input, by who has the key [3.3.1]."""
    return _output(given, ristretto.times(secret, _to_group(given, mode)))


def generate_proof(
    pair: Pair, blinded: Sequence[bytes], evaluated: Sequence[bytes], scalar: bytes
) -> bytes:
    """A proof that one key made all of ``evaluated`` [2.2.1]; ``scalar`` is random and used once.
    Raises ParcelError.
    """
    together, _ = _composites(pair.public, blinded, evaluated, of_second=False)
    made = ristretto.times(pair.secret, together)
    first, second = ristretto.base_times(scalar), ristretto.times(scalar, together)
    challenge = _challenge(pair.public, together, made, first, second)
    response = ristretto.difference(scalar, ristretto.product(challenge, pair.secret))
    return challenge + response


def verify_proof(
    public: bytes, blinded: Sequence[bytes], evaluated: Sequence[bytes], proof: bytes
) -> bool:
    """Whether the key with this public half made all of ``evaluated`` [2.2.2]. False for whatever
    does not fit; never raises.
    """
    challenge, response = proof[: ristretto.BYTES], proof[ristretto.BYTES :]
    if len(proof) != PROOF_BYTES or not (_is_scalar(challenge) and _is_scalar(response)):
        return False
    if not ristretto.is_point(public):
        return False
    try:
        together, made = _composites(public, blinded, evaluated, of_second=True)
        first = ristretto.plus(ristretto.base_times(response), ristretto.times(challenge, public))
        second = ristretto.plus(
            ristretto.times(response, together), ristretto.times(challenge, made)
        )
        return hmac.compare_digest(_challenge(public, together, made, first, second), challenge)
    except ParcelError:
        return False


def scalar_of(seed: bytes) -> bytes:
    """A scalar from a secret that nobody else has, for a blind or a proof: the hash of it, wide
    enough that none is likelier than another. It is never nothing but by a chance of 2^-252.
    """
    return ristretto.scalar_of(hashlib.sha512(seed).digest())


# What the RFC builds on ---------------------------------------------------------------------------


def _context(mode: int) -> bytes:
    """The string that keeps modes and groups apart [3.1]."""
    return b"OPRFV1-" + bytes([mode]) + b"-ristretto255-SHA512"


def _counted(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


def _to_group(given: bytes, mode: int) -> bytes:
    found = ristretto.point_of(_expanded(given, b"HashToGroup-" + _context(mode)))
    if not any(found):
        raise ParcelError("sealed_form")
    return found


def _to_scalar(data: bytes, tag: bytes) -> bytes:
    return ristretto.scalar_of(_expanded(data, tag))


def _expanded(data: bytes, tag: bytes) -> bytes:
    """Sixty-four bytes: expand_message_xmd with SHA-512 (RFC 9380, 5.3.1), whose one block they
    are.
    """
    ending = tag + bytes([len(tag)])
    first = hashlib.sha512(_ZEROS + data + ristretto.WIDE.to_bytes(2, "big") + b"\x00" + ending)
    return hashlib.sha512(first.digest() + b"\x01" + ending).digest()


def _output(given: bytes, element: bytes) -> bytes:
    return hashlib.sha512(_counted(given) + _counted(element) + b"Finalize").digest()


def _composites(
    public: bytes, some: Sequence[bytes], others: Sequence[bytes], *, of_second: bool
) -> tuple[bytes, bytes]:
    """Two elements that stand for all of ``some`` and of ``others`` [2.2.1]; the second only where
    it is asked for: who has the key makes it from the first.
    """
    if not 0 < len(some) == len(others) <= BATCH_MAX:
        raise ParcelError("sealed_form")
    context = _context(VOPRF)
    seed = hashlib.sha512(_counted(public) + _counted(b"Seed-" + context)).digest()
    tag = b"HashToScalar-" + context
    first = second = b""
    for n, (one, other) in enumerate(zip(some, others, strict=True)):
        said = _counted(seed) + n.to_bytes(2, "big") + _counted(one) + _counted(other)
        weight = _to_scalar(said + b"Composite", tag)
        first = _sum(first, ristretto.times(weight, one))
        if of_second:
            second = _sum(second, ristretto.times(weight, other))
    return first, second


def _sum(total: bytes, one: bytes) -> bytes:
    return ristretto.plus(total, one) if total else one


def _challenge(*elements: bytes) -> bytes:
    said = b"".join(map(_counted, elements)) + b"Challenge"
    return _to_scalar(said, b"HashToScalar-" + _context(VOPRF))


def _is_scalar(data: bytes) -> bool:
    """Whether 32 bytes are a scalar in its one form: a larger number would stand for the same."""
    return len(data) == ristretto.BYTES and ristretto.product(data, _ONE) == data
