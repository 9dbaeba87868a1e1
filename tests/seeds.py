"""The seeds of the tests that draw: the same at every build, or fresh ones under ``./dev fuzz``.

What must hold: a commit gives the same result wherever it is built, so nothing here asks chance
unless ``./dev fuzz`` says by which seed. The same seed draws the same again.
"""

import os
from random import Random

CHOICE = "TANSIQ_TEST_SEED"
SEED = os.environ.get(CHOICE, "")


def chance(name: str) -> Random:
    """What a test draws from; each test names its own, so that none moves another's."""
    return Random(f"{name} {SEED}" if SEED else name)
