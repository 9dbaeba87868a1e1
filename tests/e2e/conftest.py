"""Four live nodes and one browser for the whole run."""

import pytest
from playwright.sync_api import Locator, expect, sync_playwright

from tansiq.node.scenario.cast import PARTIES
from tests.e2e import data
from tests.e2e.nodes import found, serving, unplug
from tests.e2e.seats import ARGUMENTS, CHROMIUM, Complaints, Seats, patient_at

expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items):
    for item in items:
        if "/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def paths():
    """The addresses of the records with which the nodes begin, by name."""
    return {}


@pytest.fixture(scope="session")
def nodes(tmp_path_factory, paths):
    """The four nodes of the sample's parties, with TLS between them and some records in them."""

    def fill(desks, carry):
        paths.update(data.write(desks, carry))

    made = found(tmp_path_factory.mktemp("nodes"), list(PARTIES), fill)
    with serving(list(made.values())):
        yield made


@pytest.fixture(scope="session")
def apart(tmp_path_factory):
    """Two nodes between which no link works."""
    made = found(tmp_path_factory.mktemp("apart"), ["MPA", "MOD"])
    for node in made.values():
        unplug(node)
    with serving(list(made.values())):
        yield made


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setattr(Locator, "press", patient_at(Locator.press))
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def all_seats(browser):
    """The one place that knows who has signed on where."""
    return Seats(browser=browser, complaints=Complaints())


@pytest.fixture
def seats(all_seats):
    """Seats for one test; at its end no browser may have complained of anything."""
    all_seats.complaints.found.clear()
    yield all_seats
    all_seats.close()
    assert not all_seats.complaints.found
