"""The registry of exits: every way by which something can leave a node, each by name and kind.

The addresses of the pages come from the sections; what leaves in another way stands here.
``tests/noninterference`` walks the address resolver, the routes of the edge, the carriers and the
verbs of the command line. It fails where one is missing here, and asks every exit named here
whether two worlds that differ only in what its reader may not see give the same bytes. Nothing
leaves untested.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from tansiq.web.shell.addresses import Kind
from tansiq.web.shell.sections import addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """One exit. ``name`` is the name of an address, or the kind of thing before a colon."""

    name: str
    kind: Kind


def _exits(kind: Kind, *names: str) -> tuple[Exit, ...]:
    return tuple(Exit(name=name, kind=kind) for name in names)


_BESIDE: Final = (
    *_exits(Kind.DATA, "edge:/health"),
    *_exits(Kind.FILE, "edge:/static/"),
    *_exits(Kind.EVENT, "edge:/live"),
    *_exits(Kind.WIRE, "listener:/exchange", "carrier:https", "carrier:bundle"),
    *_exits(Kind.COMMAND, "verb:init", "verb:card", "verb:join", "verb:person", "verb:serve"),
    *_exits(Kind.COMMAND, "verb:exchange", "verb:import", "verb:verify", "verb:fsck"),
    *_exits(Kind.COMMAND, "verb:rebuild", "verb:backup", "verb:restore", "verb:clock"),
    *_exits(Kind.COMMAND, "verb:evidence", "verb:certificate", "verb:notice", "verb:revoke"),
    *_exits(Kind.COMMAND, "verb:keys", "verb:protect", "verb:rotate"),
    *_exits(Kind.LOG, "log:node"),
    *_exits(Kind.PAGE, "error:400", "error:404", "error:500", "error:csrf"),
)


@cache
def exits() -> tuple[Exit, ...]:
    """Every exit. The sections are imported for it, so Django must have been configured."""
    pages = (Exit(name=one.name, kind=one.kind) for _, one in addresses().values())
    return (*pages, *_BESIDE)


def of_kind(*kinds: Kind) -> tuple[str, ...]:
    """The names of the exits of these kinds."""
    return tuple(exit_.name for exit_ in exits() if exit_.kind in kinds)


def page_exits() -> tuple[str, ...]:
    """The names of the addresses of the pages."""
    return tuple(addresses())
