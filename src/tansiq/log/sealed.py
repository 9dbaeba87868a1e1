"""The messages of a sealed check: what one node asks, what the other answers, what the first makes
of it. Bytes in, bytes out; ``desk.operations.sealed`` carries them.

The asker blinds its elements (``log.voprf``), filled up with dummies and put in an order that tells
nothing. The answerer evaluates them under a key that it makes for this one check, proves that it
was one key for all, and adds what that key makes of its own elements, filled up, cut short and
sorted. The asker looks which of its own are among them.

What must hold: blinds, dummies and order follow from the asker's seed, so that a restart goes on
and an auditor who is shown the seed can make the question again, to the byte; all of a partner's
bytes are checked before they are worked with, and end in a ParcelError.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from tansiq.domain.errors import ParcelError
from tansiq.log import ristretto, voprf
from tansiq.log.canonical import JSON, encode
from tansiq.log.voprf import ELEMENT_BYTES, PROOF_BYTES

OUTPUT_BYTES: Final = 8  # of 64: by chance two are alike in one of 10^11 of the largest checks
SEED_BYTES: Final = 32
_COMMITMENT: Final = b"tansiq/sealed/commitment/v1\n"
_BLIND: Final = b"tansiq/sealed/blind/v1\n"
_DUMMY: Final = b"tansiq/sealed/dummy/v1\n"
_ORDER: Final = b"tansiq/sealed/order/v1\n"
_KEY: Final = b"tansiq/sealed/key/v1"
_PROOF: Final = b"tansiq/sealed/proof/v1\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back: the public half of the key, the proof, what the key made of each element that
    was asked, and of all own ones.
    """

    public: bytes
    proof: bytes
    evaluated: bytes
    outputs: bytes


def commitment(seed: bytes, bound: Mapping[str, object]) -> str:
    """What the question binds itself to: ``bound`` says which activity, and where and when it is;
    the seed keeps everybody from guessing it.
    """
    said = encode(cast("JSON", dict(bound)))
    return hashlib.sha256(_COMMITMENT + seed + said).hexdigest()


def question(seed: bytes, elements: Collection[bytes], size: int) -> bytes:
    """What the asker sends: ``size`` blinded elements, one behind the other."""
    return b"".join(voprf.blind(one, _blind(seed, one)) for one in _filled(seed, elements, size))


def answer(seed: bytes, asked: bytes, elements: Collection[bytes], size: int) -> Answer:
    """What the answerer sends; ``seed`` is random, for this check alone, and forgotten after it.
    Raises ParcelError where anything that was asked is no element.
    """
    pair = voprf.derive_key_pair(seed, _KEY)
    blinded = elements_asked(asked)
    evaluated = voprf.blind_evaluate(pair.secret, blinded)
    proof = voprf.generate_proof(pair, blinded, evaluated, voprf.scalar_of(_PROOF + seed))
    # Dummies take the time that elements take: how long it took tells the size and no more.
    outputs = (
        voprf.evaluate(pair.secret, one)[:OUTPUT_BYTES] for one in _filled(seed, elements, size)
    )
    return Answer(
        public=pair.public, proof=proof, evaluated=b"".join(evaluated),
        outputs=b"".join(sorted(outputs)),
    )  # fmt: skip


def met(seed: bytes, elements: Collection[bytes], size: int, told: Answer) -> frozenset[bytes]:
    """Which of the asker's elements the answerer has too. Raises ParcelError: ``sealed_form`` for
    bytes that do not fit the question, ``sealed_proof`` where not one key made them all.
    """
    evaluated = _split(told.evaluated, ELEMENT_BYTES)
    if len(evaluated) != size or len(told.proof) != PROOF_BYTES:
        raise ParcelError("sealed_form")
    filled = _filled(seed, elements, size)
    blinded = [voprf.blind(one, _blind(seed, one)) for one in filled]
    if not voprf.verify_proof(told.public, blinded, evaluated, told.proof):
        raise ParcelError("sealed_proof")
    theirs = frozenset(_split(told.outputs, OUTPUT_BYTES))
    own = frozenset(elements)
    return frozenset(
        one
        for one, back in zip(filled, evaluated, strict=True)
        if one in own and voprf.finalize(one, _blind(seed, one), back)[:OUTPUT_BYTES] in theirs
    )


def elements_asked(asked: bytes) -> list[bytes]:
    """The elements of a question. Raises ParcelError where anything in it is none: looked at before
    a key touches the first, for who asks with a last one that is wrong is refused and counts
    nothing.
    """
    blinded = _split(asked, ELEMENT_BYTES)
    if not all(map(ristretto.is_point, blinded)):
        raise ParcelError("sealed_form")
    return blinded


def digest(data: bytes) -> str:
    """By what an entry names the bytes that follow it."""
    return hashlib.sha256(data).hexdigest()


def parts(data: bytes, most: int) -> Iterator[bytes]:
    """Bytes in the parts in which they travel."""
    for at in range(0, len(data), most):
        yield data[at : at + most]


def _filled(seed: bytes, elements: Collection[bytes], size: int) -> list[bytes]:
    """Elements and dummies, ``size`` of them, in an order that follows from the seed alone."""
    dummies = (_drawn(_DUMMY, seed, n.to_bytes(4, "big")) for n in range(size - len(elements)))
    filled = [*elements, *(b"d|" + one for one in dummies)]
    if len(filled) != size:
        raise ParcelError("sealed_form")
    return sorted(filled, key=lambda one: _drawn(_ORDER, seed, one))


def _blind(seed: bytes, element: bytes) -> bytes:
    return voprf.scalar_of(_drawn(_BLIND, seed, element))


def _drawn(what: bytes, seed: bytes, data: bytes) -> bytes:
    return hmac.digest(seed, what + data, "sha512")[:SEED_BYTES]


def _split(data: bytes, each: int) -> list[bytes]:
    if not data or len(data) % each:
        raise ParcelError("sealed_form")
    return [data[at : at + each] for at in range(0, len(data), each)]


def joined(found: Iterable[bytes], length: int, wanted: str) -> bytes:
    """Parts that came, put together. Raises ParcelError where they are not what was named."""
    data = b"".join(found)
    if len(data) != length or digest(data) != wanted:
        raise ParcelError("sealed_form")
    return data
