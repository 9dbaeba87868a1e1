"""What a page costs on a thin line: bytes as they travel, compressed, with their headers."""

import pytest

from tansiq.domain.wording import LANGUAGES

LOG_FIRST, LOG_AGAIN, MAP_FIRST = 100_000, 15_000, 200_000
QUIET_MS = 500  # after the load a page may still ask for what its scripts draw


def weight(page, address):
    """All bytes that a visit of ``address`` takes off the line."""
    line, taken = page.context.new_cdp_session(page), []
    line.on("Network.loadingFinished", lambda event: taken.append(event["encodedDataLength"]))
    line.send("Network.enable")
    page.goto(address, wait_until="load")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    page.wait_for_timeout(QUIET_MS)
    line.detach()
    return int(sum(taken))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_light(nodes, seats, language, capsys):
    """The log and the map keep to their bounds, at the first visit and at the next."""
    position = ("MPA", "duty-officer")
    seats.sit(nodes["MPA"], position[1], language)  # signed on; the next browser knows no page yet

    def fresh():
        return seats.sit(nodes["MPA"], position[1], language)

    page = fresh()
    first, again = weight(page, "/log"), weight(page, "/log")
    chart = weight(fresh(), "/map")
    with capsys.disabled():
        print(f"\n{language}: log {first}, again {again}, map {chart} bytes")
    assert first <= LOG_FIRST
    assert again <= LOG_AGAIN
    assert chart <= MAP_FIRST
