"""Every planted fault dies by the test that is named for it, and that test passes without it."""

import pytest

from tansiq.domain.errors import TansiqError
from tansiq.web.shell import edge
from tests import breadth, stores
from tests import world as worlds
from tests.mutants.faults import FAULTS
from tests.mutants.planting import planted, run
from tests.noninterference.browser import settings_of

pytestmark = pytest.mark.skipif(
    stores.on_postgresql(), reason="there the second wall stops these faults: test_second_wall.py"
)
FAILS = (AssertionError, pytest.fail.Exception, TansiqError)


@pytest.fixture(scope="session", autouse=True)
def pages():
    """The killers that drive pages need Django."""
    with worlds.worlds("MPA") as made:
        settings_of(made.desk("MPA"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(edge, "_LOOK_SECONDS", 3_600)  # a slow machine ends no stream
            yield


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name.replace(" ", "-") for fault in FAULTS])
def test_a_planted_fault_dies(fault):
    """The named test passes on the program as it is, and fails once the fault is planted.

    Everyday a killer that is a whole test shows by itself that it passes: it is in the same run.
    """
    if fault.given or breadth.of(everyday=False, whole=True):
        run(fault)
    with planted(fault), pytest.raises(FAILS):
        run(fault)


def test_faults_have_names_of_their_own():
    """A list of faults is read by name."""
    names = [fault.name for fault in FAULTS]
    assert sorted(set(names)) == sorted(names)
    assert len(names) >= 18
