"""What is told although it depends on what its reader may not see, each for a reason.

Nothing else is. A line here is a decision, and SECURITY.md points at it. ``shown`` is the pattern
of what may differ on a page; without one, the two worlds of the tests do not differ at that exit,
and the line says what a longer watch could still tell.
"""

import re
from dataclasses import dataclass

from tansiq.domain.wording import phrase


@dataclass(frozen=True, kw_only=True)
class Declassified:
    """One thing that is told, by which exits, to whom, and why."""

    name: str
    exits: tuple[str, ...]
    told_to: str
    because: str
    shown: str = ""  # a pattern of what may differ on a page


DECLASSIFIED = (
    Declassified(
        name="feed lengths",
        exits=("links", "links-part", "link", "link-part", "sign", "stick", "verb:verify"),
        told_to="the administrator, the auditor and the senior duty officer of the node",
        because=(
            "Who keeps the links level must see how many entries have left, were signed for and "
            "came, and so if some wait; a length says how much was exchanged, never what."
        ),
        shown=(
            r'(?<=: <bdi dir="ltr">)\d+|(?<=<span class="count">)\d+|'
            r'(?<=<dd><bdi dir="ltr">)\d+(?=</bdi></dd>)|'
            # A link that works, or at which something waits to be signed for.
            r'(?<=<article class="card card-)(?:ok|urgent)(?=" id="k)|'
            r'<span class="tag tag-(?:ok|warn)"><svg [^>]*><use href="[^"]*#(?:check|clock)"/>'
            rf"</svg>(?:{re.escape(phrase('link.state_up', 'en'))}"
            rf"|{re.escape(phrase('link.state_waiting', 'en'))})(?=</span>)"
        ),
    ),
    Declassified(
        name="size of a stick's file",
        exits=("stick", "stick-make", "stick-file", "verb:exchange", "carrier:bundle"),
        told_to="whoever carries the stick",
        because=(
            "A file has a length, and its carrier counts the files and reads eight words of each "
            "aloud; what is in it is sealed for the partner."
        ),
    ),
    Declassified(
        name="time of an exchange",
        exits=("edge:/live", "links", "links-part", "link", "link-part"),
        told_to="every position on the node",
        because=(
            "A release goes at once, so the moment of the last contact moves with it; waiting for "
            "a fixed beat would hold back what is urgent. The topic says link and nothing else."
        ),
    ),
    Declassified(
        name="numbers in an alarm",
        exits=("link", "link-part"),
        told_to="every position on the node",
        because=(
            "A gap is closed by naming the numbers that are missing; they appear only after a "
            "fault."
        ),
    ),
    Declassified(
        name="journal length and roots",
        exits=("verb:fsck", "verb:verify", "verb:rebuild", "log:node"),
        told_to="who can read the node's folder",
        because=(
            "Long work says how far it is, and a root is what two people compare; who runs these "
            "verbs holds the files themselves."
        ),
    ),
    Declassified(
        name="traces of records",
        exits=("audit", "audit-csv", "audit-print", "audit-verify"),
        told_to="the auditor of the node",
        because=(
            "Who watches the readers sees every trace, also of records above the own clearance: "
            "a key, a moment, a position and an act, what was typed into a search, and no content."
        ),
    ),
    Declassified(
        name="known source reference",
        exits=("verb:import",),
        told_to="who imports a file at the command line",
        because=(
            "A row whose reference a hidden record carries counts as unchanged, so that a rerun "
            "doubles nothing; who runs the verb holds the files themselves."
        ),
    ),
    Declassified(
        name="wake-up of a stream",
        exits=("edge:/live",),
        told_to="every position on the node",
        because="There are so many streams as a node may hold; one more is refused for all alike.",
    ),
)


def covered(exit_name: str, body: bytes) -> bytes:
    """A page without the numbers that it may tell to those who keep the links level."""
    for line in DECLASSIFIED:
        if line.shown and exit_name in line.exits:
            body = re.sub(line.shown.encode(), b"-", body)
    return body
