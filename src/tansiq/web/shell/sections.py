"""The sections of the navigation, for the frame of every page: addresses, keys, and which role is
shown which of them.
"""

from dataclasses import dataclass
from typing import Final

from tansiq.domain.parties import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section: the key that opens it, its word (``section.<word>``) and its address. ``badge``
    names the count that stands beside it, and ``tone`` how that count looks.
    """

    key: str
    word: str
    href: str
    badge: str = ""
    tone: str = ""


SECTIONS: Final = (
    Section(key="1", word="log", href="/log"),
    Section(key="2", word="incidents", href="/incidents"),
    Section(key="3", word="map", href="/map"),
    Section(key="4", word="inbox", href="/inbox", badge="inbox", tone="urgent"),
    Section(key="5", word="approvals", href="/approvals", badge="awaiting", tone="flash"),
    Section(key="6", word="holdings", href="/holdings"),
    Section(key="7", word="links", href="/links"),
    Section(key="8", word="audit", href="/audit"),
    Section(key="U", word="unknowns", href="/unknowns"),
)


def sections_for(role: Role) -> tuple[Section, ...]:
    """The sections that a position of this role is shown."""
    if role is Role.ADMINISTRATOR:
        return tuple(one for one in SECTIONS if one.word == "links")
    return tuple(one for one in SECTIONS if role is Role.AUDITOR or one.word != "audit")
