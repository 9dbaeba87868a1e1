"""Two served nodes for the whole walk."""

import pytest

from tests.e2e.nodes import found, serving


def pytest_collection_modifyitems(items):
    """The two nodes are founded and served by one worker."""
    for item in items:
        if "walked" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("walked"))


@pytest.fixture(scope="session")
def walked(tmp_path_factory):
    """Two nodes of the sample, with TLS between them, in processes of their own."""
    made = found(tmp_path_factory.mktemp("walked"), ["MPA", "MOD"])
    with serving(list(made.values())):
        yield made


@pytest.fixture(scope="session")
def node(walked):
    """The node that somebody wants to get into."""
    return walked["MPA"]
