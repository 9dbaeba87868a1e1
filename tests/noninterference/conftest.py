"""The pages need Django, which can be configured once in a process."""

import pytest

from tests import world as worlds
from tests.noninterference.browser import settings_of
from tests.noninterference.story import Case


def pytest_collection_modifyitems(items):
    """The two worlds of a case, kept for all who only look at them, are told by one worker."""
    for item in items:
        case = getattr(item, "callspec", None) and item.callspec.params.get("case")
        if isinstance(case, Case):
            item.add_marker(pytest.mark.xdist_group(case.name))


@pytest.fixture(scope="session")
def pages():
    """Django is ready."""
    with worlds.worlds("MPA") as made:
        settings_of(made.desk("MPA"))
        yield
