"""The reference pages say what the code says."""

import dataclasses

from tansiq.domain.bounds import BOUNDS
from tools import reference


def test_the_reference_pages_are_those_of_the_code():
    """Kinds, codes and bounds read as they are; .venv/bin/python tools/reference.py writes them."""
    assert [] == [path.name for path in reference.behind()]


def test_every_bound_says_what_it_bounds():
    """No bound stands without words, and no words without a bound."""
    names = {field.name for field in dataclasses.fields(BOUNDS)}
    assert names == set(reference.MEANINGS)
