"""Keys: who signs, who can open, and eight words by which two people compare a key by voice.

A node signs with Ed25519 (RFC 8032, by PyNaCl) and is written to with age (X25519, by pyrage). A
party's authority key signs the cards of its nodes. Nothing here invents cryptography, and this is
the only module that touches the age library. Randomness is handed in, except for age identities,
which only their own library can make (:func:`new_age_identity`).

What must hold: the repr of a key object shows no secret; a hostile input ends in a FaultError.
"""

import functools
import hashlib
from dataclasses import dataclass, field
from typing import Final

import mnemonic
import pyrage
from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from tansiq.domain.errors import InputError, ParcelError, StoreError

SEED_BYTES: Final = 32
PUBLIC_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
FINGERPRINT_WORDS: Final = 8
_AGE_HEAD_BYTES_MAX: Final = 1024  # for one receiver it has at most 346
_WORD_BITS: Final = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeKeys:
    """The secrets of one node: an Ed25519 seed and an age identity.

    ``older`` are age identities that were replaced, each with the moment until which it still opens
    what was sealed for it: parcels under way at a change of keys are not lost. A seed that was
    replaced is kept nowhere.
    """

    seed: bytes = field(repr=False)
    age_identity: str = field(repr=False)
    older: tuple[tuple[str, int], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        public_of(self.seed)
        age_recipient_of(self.age_identity)

    @classmethod
    def new(cls, entropy: bytes, age_identity: str) -> "NodeKeys":
        """Keys from 32 bytes of fresh randomness and an identity of :func:`new_age_identity`."""
        return cls(seed=entropy, age_identity=age_identity)

    @property
    def public(self) -> bytes:
        """The Ed25519 public key, 32 bytes."""
        return public_of(self.seed)

    @property
    def age_recipient(self) -> str:
        """What others encrypt to: ``age1...``."""
        return age_recipient_of(self.age_identity)

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of ``message``; the caller separates domains by a prefix."""
        return sign_message(self.seed, message)

    def opening(self, now_ms: int) -> tuple[str, ...]:
        """The age identities that open parcels now, the present one first."""
        return (self.age_identity, *(old for old, until in self.older if until > now_ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityKeys:
    """The secret of a party's release authority: it certifies and revokes the party's nodes."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        public_of(self.seed)

    @property
    def public(self) -> bytes:
        """The Ed25519 public key, 32 bytes."""
        return public_of(self.seed)

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of ``message``; the caller separates domains by a prefix."""
        return sign_message(self.seed, message)


def new_age_identity() -> str:
    """A fresh secret age identity, from the operating system's randomness."""
    return str(pyrage.x25519.Identity.generate())


@functools.lru_cache(maxsize=64)
def age_recipient_of(age_identity: str) -> str:
    """The public recipient of a secret identity."""
    return str(_identity(age_identity).to_public())


@functools.lru_cache(maxsize=64)
def public_of(seed: bytes) -> bytes:
    """The Ed25519 public key of a 32-byte seed."""
    return bytes(_signing_key(seed).verify_key)


def sign_message(seed: bytes, message: bytes) -> bytes:
    """The Ed25519 signature (64 bytes) of ``message``."""
    return _signing_key(seed).sign(message).signature


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is that of ``public`` over ``message``; never raises."""
    if len(public) != PUBLIC_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        VerifyKey(public).verify(message, signature)
    except CryptoError:
        return False
    return True


def is_age_recipient(text: str) -> bool:
    """Whether ``text`` is an X25519 recipient in its one lower-case spelling."""
    try:
        return str(pyrage.x25519.Recipient.from_str(text)) == text
    except (pyrage.RecipientError, UnicodeEncodeError):
        return False


def age_encrypt(plain: bytes, recipient: str) -> bytes:
    """``plain`` so that only the holder of the recipient's identity can open it (age v1)."""
    if not is_age_recipient(recipient):
        raise InputError("age_recipient")
    public = pyrage.x25519.Recipient.from_str(recipient)
    return bytes(pyrage.encrypt(plain, [public]))


def age_decrypt(sealed: bytes, *identities: str) -> bytes:
    """What was encrypted to one of ``identities``; anything else is refused."""
    if not _is_short_headed(sealed):
        raise ParcelError("parcel_sealed")
    try:
        return bytes(pyrage.decrypt(sealed, [_identity(identity) for identity in identities]))
    except pyrage.DecryptError:
        raise ParcelError("parcel_sealed") from None


def _is_short_headed(sealed: bytes) -> bool:
    """Whether the head is an age head for few receivers. The library reads a long one over and over
    again, so that 15 KB from a stranger would cost seconds.
    """
    last = sealed.find(b"\n--- ", 0, _AGE_HEAD_BYTES_MAX)
    ends = last > 0 and sealed.find(b"\n", last + 1, _AGE_HEAD_BYTES_MAX) > 0
    return ends and sealed.startswith(b"age-encryption.org/v1\n")


def passphrase_seal(plain: bytes, passphrase: str) -> bytes:
    """``plain`` so that only who knows the passphrase can open it (age v1, scrypt)."""
    return bytes(pyrage.passphrase.encrypt(plain, passphrase))


def passphrase_open(sealed: bytes, passphrase: str) -> bytes:
    """What was sealed with the passphrase. Raises StoreError for another one, for damage, and where
    the library finds this machine too slow or too busy for the work that the seal asks for.
    """
    try:
        return bytes(pyrage.passphrase.decrypt(sealed, passphrase))
    except pyrage.DecryptError as fault:
        slow = str(fault).startswith("Excessive work")
        raise StoreError("keys_work" if slow else "keys_passphrase") from None


def fingerprint_words(data: bytes) -> tuple[tuple[str, int], ...]:
    """Eight BIP-39 English words with their numbers 1 to 2048, from the first 88 bits of SHA-256.

    A person reads out either the words or the numbers; both say the same.
    """
    bits = FINGERPRINT_WORDS * _WORD_BITS
    head = int.from_bytes(hashlib.sha256(data).digest()[: bits // 8], "big")
    shifts = range(bits - _WORD_BITS, -1, -_WORD_BITS)
    places = [head >> shift & (1 << _WORD_BITS) - 1 for shift in shifts]
    return tuple((_word_list()[place], place + 1) for place in places)


@functools.cache
def _word_list() -> tuple[str, ...]:
    return tuple(mnemonic.Mnemonic("english").wordlist)


def _signing_key(seed: bytes) -> SigningKey:
    if len(seed) != SEED_BYTES:
        raise InputError("key_seed")
    return SigningKey(seed)


def _identity(text: str) -> "pyrage.x25519.Identity":
    try:
        return pyrage.x25519.Identity.from_str(text)
    except (pyrage.IdentityError, UnicodeEncodeError):
        raise InputError("age_identity") from None
