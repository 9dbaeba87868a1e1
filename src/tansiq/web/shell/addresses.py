"""An address of the pages as a room declares it: how it is reached, what leaves there, and what the
access log calls it.

``sections`` gathers the addresses of all rooms. Whatever answers at an address is an exit, so none
is made in another way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final, TypeAlias

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from tansiq.desk.act.access import Deed

Answer: TypeAlias = Callable[..., HttpResponseBase]


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
class Address:
    """One address. ``deed`` is what the access log says of a look here, None = it follows from the
    answer; ``word`` is the key of the words for it, "" = those of its section.
    ``lists`` says that it answers to the tabs, facets and views of a list.
    """

    pattern: URLPattern
    kind: Kind
    deed: Deed | None = None
    word: str = ""
    lists: bool = False

    @property
    def name(self) -> str:
        """The name by which exits, tests and the access log know it."""
        return self.pattern.name or ""


def address(
    kind: Kind,
    route: str,
    view: Answer,
    name: str,
    *,
    deed: Deed | None = None,
    word: str = "",
    lists: bool = False,
    given: dict[str, Any] | None = None,
) -> Address:
    """An address at ``route``, without the first slash; ``given`` goes to the view by name."""
    pattern = path(route, view, given, name=name)
    return Address(pattern=pattern, kind=kind, deed=deed, word=word, lists=lists)


page: Final = partial(address, Kind.PAGE)
part: Final = partial(address, Kind.PART)
data: Final = partial(address, Kind.DATA)
file: Final = partial(address, Kind.FILE)
