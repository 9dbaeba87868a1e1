"""The compression dictionary of parcels: 64 KiB of what feed entries usually look like.

zstd (RFC 8878) with a shared dictionary makes a parcel of a few short records small. Dictionaries
are versioned files beside this module (``dictionary-<n>.zdict``), trained by
``tools/train_dictionary.py``; a parcel names its dictionary by the first four bytes of the file's
SHA-256. A dictionary that parcels were ever sealed with is never changed, only followed by the next
number.

What must hold: expansion allocates no more than it was allowed, whatever the bytes claim.
"""

import functools
import hashlib
from dataclasses import dataclass, field
from importlib import resources
from typing import Final

import zstandard

from tansiq.domain.errors import ParcelError

TAG_BYTES: Final = 4
LEVEL: Final = 3
_WINDOW_BYTES_MAX: Final = 8 * 1024 * 1024
_VERSIONS: Final = (1,)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """One dictionary, by its bytes."""

    data: bytes = field(repr=False)

    @property
    def tag(self) -> bytes:
        """How a parcel names it."""
        return hashlib.sha256(self.data).digest()[:TAG_BYTES]

    def compress(self, plain: bytes) -> bytes:
        """One zstd frame that states its content size."""
        compressor = zstandard.ZstdCompressor(level=LEVEL, dict_data=_prepared(self.data))
        return compressor.compress(plain)

    def expand(self, packed: bytes, limit: int) -> bytes:
        """What :meth:`compress` was given; refuses a frame that claims more than ``limit``."""
        try:
            # An unknown size is the largest number there is. zstd holds a frame to what it states.
            if zstandard.get_frame_parameters(packed).content_size > limit:
                raise ParcelError("parcel_compressed")
            expander = zstandard.ZstdDecompressor(
                dict_data=_prepared(self.data), max_window_size=_WINDOW_BYTES_MAX
            )
            return expander.decompress(packed, max_output_size=limit, allow_extra_data=False)
        except zstandard.ZstdError:
            raise ParcelError("parcel_compressed") from None


@functools.cache
def current() -> Dictionary:
    """The dictionary that new parcels are sealed with."""
    return _load(_VERSIONS[-1])


def by_tag(tag: bytes) -> Dictionary:
    """The dictionary that a parcel names; an unknown one is refused."""
    try:
        return _known()[tag]
    except KeyError:
        raise ParcelError("parcel_dictionary") from None


@functools.cache
def _known() -> dict[bytes, Dictionary]:
    return {item.tag: item for item in map(_load, _VERSIONS)}


def _load(version: int) -> Dictionary:
    name = f"dictionary-{version}.zdict"
    return Dictionary((resources.files("tansiq.sync") / name).read_bytes())


@functools.lru_cache(maxsize=4)
def _prepared(data: bytes) -> zstandard.ZstdCompressionDict:
    prepared = zstandard.ZstdCompressionDict(data, dict_type=zstandard.DICT_TYPE_FULLDICT)
    prepared.precompute_compress(level=LEVEL)
    return prepared
