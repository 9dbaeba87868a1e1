"""Sudden death of a served node under load: the measurement, ten deaths of it."""

import pytest

from bench.cluster import BINARIES
from bench.crash import run


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_what_was_answered_as_done_survives_every_death(store):
    """Nothing is lost, every log checks, and the feeds are equal on both sides in the end."""
    assert store == "sqlite" or BINARIES, "PostgreSQL is missing: apt-get install postgresql"
    found = run(store, 5, seed=7)
    assert (found.kills, found.lost, found.fsck_errors, found.diverged) == (5, 0, 0, 0), found
    assert found.acknowledged > 0
