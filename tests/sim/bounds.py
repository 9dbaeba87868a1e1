"""Small parcels and pieces of files in simulated worlds: the seams between them are where mistakes
are.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from unittest.mock import patch

from tansiq.carriers import bundle
from tansiq.desk.exchange import beside
from tansiq.desk.records import files
from tansiq.domain.bounds import BOUNDS
from tansiq.sync import engine

CHUNK_BYTES = 60  # small files stand in several parts
STICK_FILES = 150  # more than any world fills
PIECE_BYTES = (45, 60, 2 << 20)  # of files in one parcel; a whole number of tokens


@contextmanager
def small_bounds(entries: int, pieces: int) -> Iterator[None]:
    """At most so many entries and bytes of files in a parcel, and two files asked for at once."""
    found = (
        (bundle, replace(BOUNDS, stick_files_max=STICK_FILES)),
        (engine, replace(BOUNDS, parcel_entries_max=entries)),
        (files, replace(BOUNDS, chunk_bytes_max=CHUNK_BYTES)),
        (beside, replace(BOUNDS, pieces_bytes_max=pieces, files_asked_max=2)),
    )
    with ExitStack() as stack:
        for module, bounds in found:
            stack.enter_context(patch.object(module, "BOUNDS", bounds))
        stack.enter_context(patch.object(beside, "PIECE_BYTES_MIN", 15))
        yield
