"""The registry of exits: every way by which something can leave a node, each by name and kind.

``tests/noninterference`` walks the address resolver, the routes of the edge, the carriers and the
verbs of the command line. It fails where one is missing here, and asks every exit named here
whether two worlds that differ only in what its reader may not see give the same bytes. A new exit
is one line in this table, and nothing leaves untested.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What leaves by an exit, and so how it is compared."""

    PAGE = "page"  # a whole page, by the name of its address
    PART = "part"  # a part of a page that is fetched again
    DATA = "data"  # JSON for our own scripts
    FILE = "file"  # bytes as they are
    EVENT = "event"  # topics of changes
    WIRE = "wire"  # parcels to a partner
    COMMAND = "command"  # what a verb prints or writes
    LOG = "log"  # lines of the running log


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """One exit. ``name`` is the name of an address, or the kind of thing before a colon."""

    name: str
    kind: Kind


def _exits(kind: Kind, *names: str) -> tuple[Exit, ...]:
    return tuple(Exit(name=name, kind=kind) for name in names)


EXITS: Final[tuple[Exit, ...]] = (
    *_exits(Kind.PAGE, "home", "sign-on", "sign-off", "language", "theme", "keys"),
    *_exits(Kind.PAGE, "second", "sign-on-passkey", "lock", "unlock", "identity", "confirm"),
    *_exits(Kind.PAGE, "add-totp", "add-passkey", "sign-on-events"),
    *_exits(Kind.PAGE, "log", "log-correct", "incidents", "incident-new", "map", "list"),
    *_exits(Kind.PAGE, "unknowns", "record-unknown"),
    *_exits(Kind.PART, "unknowns-part"),
    *_exits(Kind.PAGE, "record", "record-edit", "record-step", "release", "recall"),
    *_exits(Kind.PAGE, "record-print", "case-act", "request-new", "audit", "audit-verify"),
    *_exits(Kind.PAGE, "approvals", "approval", "holdings", "inbox", "reply"),
    *_exits(Kind.PAGE, "links", "link", "join", "sign", "stick", "stick-make"),
    *_exits(Kind.PAGE, "key-page", "key-revoke", "key-pass", "authorise", "link-stop"),
    *_exits(Kind.PAGE, "link-restart"),
    *_exits(Kind.FILE, "key-notice"),
    *_exits(Kind.PART, "links-part", "link-part"),
    *_exits(Kind.PART, "log-part", "incidents-part", "map-part", "list-part", "record-part"),
    *_exits(Kind.PART, "approvals-part", "holdings-part", "inbox-part"),
    *_exits(Kind.DATA, "passkey-options", "active", "edge:/health"),
    *_exits(Kind.DATA, "map-data", "incidents-data", "list-data"),
    *_exits(Kind.PAGE, "audit-print", "holdings-print"),
    *_exits(Kind.PAGE, "incidents-print", "map-print", "list-print", "log-print"),
    *_exits(Kind.FILE, "incidents-csv", "map-csv", "list-csv", "log-csv"),
    *_exits(Kind.FILE, "audit-csv", "holdings-csv", "evidence"),
    *_exits(Kind.FILE, "record-file", "own-card", "stick-file", "edge:/static/"),
    *_exits(Kind.EVENT, "edge:/live"),
    *_exits(Kind.WIRE, "listener:/exchange", "carrier:https", "carrier:bundle"),
    *_exits(Kind.COMMAND, "verb:init", "verb:card", "verb:join", "verb:person", "verb:serve"),
    *_exits(Kind.COMMAND, "verb:exchange", "verb:import", "verb:verify", "verb:fsck"),
    *_exits(
        Kind.COMMAND,
        "verb:rebuild",
        "verb:backup",
        "verb:restore",
        "verb:clock",
        "verb:evidence",
        "verb:notice",
        "verb:revoke",
    ),
    *_exits(Kind.COMMAND, "verb:keys", "verb:protect", "verb:rotate"),
    *_exits(Kind.LOG, "log:node"),
    *_exits(Kind.PAGE, "error:400", "error:404", "error:500", "error:csrf"),
)


def of_kind(*kinds: Kind) -> tuple[str, ...]:
    """The names of the exits of these kinds."""
    return tuple(exit_.name for exit_ in EXITS if exit_.kind in kinds)
