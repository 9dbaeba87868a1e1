"""The guides as pages: every role has its own, in three languages, with a picture."""

import re

import pytest
from markupsafe import escape

from tansiq.domain.errors import InputError
from tansiq.domain.parties import Role
from tansiq.domain.wording import LANGUAGES
from tansiq.web.guides.reading import GUIDES, PICTURES, guide, own_guide
from tansiq.web.shell.site import HERE
from tests.web.pair import Screen, agreed


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_guide_is_there_in_each_language_with_a_picture(language):
    """Headings, links that lead to guides alone, and a screen of the language."""
    for name in GUIDES:
        found = guide(name, language)
        assert found.title
        assert "](" not in found.body
        assert {*re.findall(r'href="/guide/([^"]+)"', found.body)} <= {*GUIDES}
        assert found.body.count("href=") == found.body.count('href="/guide/')
        assert (HERE / "static" / PICTURES / language / f"{name}.jpg").stat().st_size < 150_000


def test_every_role_has_a_guide_of_its_own():
    """Nobody opens the guide and finds another role's."""
    assert all(own_guide(role) in GUIDES for role in Role)


def test_a_guide_is_read_in_the_language_of_the_page():
    """The own one first; any other by its name; none that is not there."""
    with agreed() as made:
        reads(Screen(made, "MPA", "duty-officer"))


def reads(screen):
    assert escape(guide("duty-officer", "en").title) in screen.get("/guide").text
    assert escape(guide("auditor", "en").title) in screen.get("/guide/auditor").text
    assert screen.get("/guide/nothing").status_code == 404
    with pytest.raises(InputError):
        guide("../en/auditor", "en")
