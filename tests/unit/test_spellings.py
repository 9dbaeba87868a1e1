"""A town is found by any of its spellings, also in free text."""

import pytest

from tansiq.desk.records import read, say
from tansiq.desk.records.read import Query
from tansiq.domain.labels import Label
from tests.world import START, worlds


@pytest.mark.parametrize("words", ["Makhmour", "مخمور", "مەخموور", "makhmur دخان"])
def test_a_town_in_free_text_is_found_by_every_spelling(words):
    """A log line that names a town in Arabic answers to its English and Sorani names too."""
    with worlds("MPA") as made:
        body = {"text": "دخان قرب مخمور", "observed": START}
        made.write("MPA", "line", say.Draft(kind="log_line", body=body, label=Label()))
        query = Query(kinds=("log_line",), words=words)
        assert read.page(made.desk("MPA"), made.viewer("MPA"), query).total == 1
