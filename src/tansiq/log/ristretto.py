"""The group ristretto255 (RFC 9496), by libsodium: points and scalars of 32 bytes each.

``log.voprf`` stands on it and is the only one that calls it. This is the only module that touches
libsodium, which Debian keeps and mends; what it is asked are the library's own functions, one each.

What must hold: a point that is no point, or is the neutral one, ends in a ParcelError and never in
a number; nothing is drawn at random here.
"""

import ctypes
import functools
from typing import Final

from tansiq.domain.errors import ParcelError, StoreError

BYTES: Final = 32  # of a point and of a scalar
WIDE: Final = 64  # bytes of a hash, from which a point or a scalar is made
_LIBRARY: Final = "libsodium.so.23"
_PREFIX: Final = "crypto_core_ristretto255_"


@functools.cache
def _sodium() -> ctypes.CDLL:
    """The library, once. Raises StoreError where the machine has none."""
    try:
        found = ctypes.CDLL(_LIBRARY)
    except OSError:
        raise StoreError("sodium_missing") from None
    if found.sodium_init() < 0:
        raise StoreError("sodium_missing")
    return found


def there() -> bool:
    """Whether this machine has the library."""
    try:
        _sodium()
    except StoreError:
        return False
    return True


def point_of(wide: bytes) -> bytes:
    """The point that 64 bytes of a hash stand for."""
    _demand(wide, WIDE)
    out = ctypes.create_string_buffer(BYTES)
    _sodium().crypto_core_ristretto255_from_hash(out, wide)
    return out.raw


def scalar_of(wide: bytes) -> bytes:
    """The scalar that 64 bytes stand for, modulo the order of the group."""
    _demand(wide, WIDE)
    out = ctypes.create_string_buffer(BYTES)
    _sodium().crypto_core_ristretto255_scalar_reduce(out, wide)
    return out.raw


def times(scalar: bytes, point: bytes) -> bytes:
    """A point so many times. Raises ParcelError for what is no point, and where nothing is left."""
    return _made("crypto_scalarmult_ristretto255", scalar, point)


def base_times(scalar: bytes) -> bytes:
    """The generator so many times. Raises ParcelError where nothing is left."""
    return _made("crypto_scalarmult_ristretto255_base", scalar)


def plus(one: bytes, other: bytes) -> bytes:
    """The sum of two points. Raises ParcelError for what is no point."""
    return _made(_PREFIX + "add", one, other)


def is_point(data: bytes) -> bool:
    """Whether bytes are a point other than the neutral one."""
    right = len(data) == BYTES and any(data)
    return right and _sodium().crypto_core_ristretto255_is_valid_point(data) == 1


def product(one: bytes, other: bytes) -> bytes:
    """The product of two scalars."""
    return _scalars("scalar_mul", one, other)


def difference(one: bytes, other: bytes) -> bytes:
    """The first scalar less the second."""
    return _scalars("scalar_sub", one, other)


def inverse(scalar: bytes) -> bytes:
    """One divided by a scalar. Raises ParcelError for nothing."""
    return _made(_PREFIX + "scalar_invert", scalar)


def _made(name: str, *given: bytes) -> bytes:
    """What a function of the library makes of points and scalars. Raises ParcelError where it says
    that it made nothing.
    """
    for one in given:
        _demand(one, BYTES)
    out = ctypes.create_string_buffer(BYTES)
    if getattr(_sodium(), name)(out, *given):
        raise ParcelError("sealed_form")
    return out.raw


def _scalars(name: str, one: bytes, other: bytes) -> bytes:
    _demand(one, BYTES)
    _demand(other, BYTES)
    out = ctypes.create_string_buffer(BYTES)
    getattr(_sodium(), _PREFIX + name)(out, one, other)
    return out.raw


def _demand(data: bytes, length: int) -> None:
    """Raises ParcelError for bytes of another length: C would read past them."""
    if len(data) != length:
        raise ParcelError("sealed_form")
