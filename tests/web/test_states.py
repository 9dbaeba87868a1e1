"""Pages of a node that is not as it should be: restored, or on a disk that fails."""

import pytest

from tansiq.desk.exchange import handshake
from tansiq.domain.errors import StoreError
from tansiq.domain.wording import LANGUAGES
from tansiq.web.shell.page import Errors, unstored
from tests.web.pair import Screen, agreed, text_of, words


@pytest.fixture
def world():
    with agreed() as made:
        yield made


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_a_restored_node_say_from_when_they_are(world, language):
    """Until it has caught up; and no page says so before."""
    screen = Screen(world, "MPA", "liaison-officer")
    told = words("page.restored", language)
    assert told not in text_of(screen.get("/log", language))
    handshake.mark_restored(world.desk("MPA"), 1_608_400_000_000)
    text = text_of(screen.get("/log", language))
    assert told in text
    assert "2020-12-19" in text
    world.exchange("MPA", "MOD", rounds=4)
    world.exchange("MPA", "JCC", rounds=4)
    if handshake.restoration(world.desk("MPA")) is None:
        assert told not in text_of(screen.get("/log", language))


@pytest.mark.parametrize("code", ["database_full", "database_readonly", "database_damaged"])
def test_a_failing_disk_is_a_page_in_all_languages(code):
    """It asks neither the disk nor the session, and says when to try again."""
    error = StoreError(code, detail="x")
    for response in (unstored(error), Errors(lambda _request: None).process_exception(None, error)):
        assert (response.status_code, response["Retry-After"]) == (503, "10")
        text = response.content.decode()
        for language in LANGUAGES:
            assert error.text(language).partition(".")[0] in text
