"""What pages cost on a thin line: bytes as they travel, compressed, with their headers."""

QUIET_MS = 500  # after the load a page may still ask for what its scripts draw
POSITION = "duty-officer"


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


def weights(seats, node, language):
    """The log at the first visit and at the next, and the map by somebody who has seen nothing."""
    seats.sit(node, POSITION, language)  # signed on; the next browser knows no page yet
    page = seats.sit(node, POSITION, language)
    first, again = weight(page, "/log"), weight(page, "/log")
    return first, again, weight(seats.sit(node, POSITION, language), "/map")
