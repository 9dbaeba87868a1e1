"""What every carrier is: a way for sealed parcels to a party, and for its parcels back.

A carrier moves bytes and trusts nobody: parcels are signed and encrypted before it sees them, so it
may lose, repeat, delay or reorder them. Each passes ``tests/contract/test_carriers.py``.

A carrier never opens a parcel. What arrives goes to ``Receive``, the desk's exchange, which
decides.
"""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from tansiq.domain.errors import FaultError
from tansiq.domain.parties import PartyCode

# Takes a sealed parcel and gives the one that goes back. Raises FaultError, then nothing changed.
Receive: TypeAlias = Callable[[bytes], bytes]


class LinkError(FaultError):
    """The way to a partner failed: no route, no answer, another machine, no room."""


class Carrier(Protocol):
    """A way to partners."""

    async def carry(self, party: PartyCode, number: int, parcel: bytes) -> bytes | None:
        """Bring sealed parcel ``number`` to ``party``.

        The partner's own parcel where the carrier brings one back at once; None where answers come
        later. Raises LinkError: then the parcel may or may not have arrived, and may be sent again.
        """
        ...
