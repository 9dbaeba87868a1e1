"""The pages need Django, which can be configured once in a process."""

import pytest

from tests import world as worlds
from tests.noninterference.browser import settings_of


@pytest.fixture(scope="session")
def pages():
    """Django is ready."""
    with worlds.worlds("MPA") as made:
        settings_of(made.desk("MPA"))
        yield
