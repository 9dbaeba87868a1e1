"""What a page costs on a thin line stays within its bounds."""

import pytest

from tansiq.domain.wording import LANGUAGES
from tests.e2e.weight import weights

LOG_FIRST, LOG_AGAIN, MAP_FIRST = 100_000, 15_000, 200_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_light(nodes, seats, language, capsys):
    """The log and the map keep to their bounds, at the first visit and at the next."""
    first, again, chart = weights(seats, nodes["MPA"], language)
    with capsys.disabled():
        print(f"\n{language}: log {first}, again {again}, map {chart} bytes")
    assert first <= LOG_FIRST
    assert again <= LOG_AGAIN
    assert chart <= MAP_FIRST
