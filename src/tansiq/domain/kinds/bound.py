"""What a kind declares whose cases are about two records, one of each party."""

from collections.abc import Callable
from typing import NamedTuple

from tansiq.domain.cases.declaration import Side
from tansiq.domain.cases.order import Lane
from tansiq.domain.records import Body


class Bound(NamedTuple):
    """Two records that a case in lanes is about: the fields that ``names`` the owner's and that of
    the seat's party, and the ``act`` by which either party ends the case in the transaction in
    which its own record is no longer what the case is about. While the case ``stands`` the two wait
    for no other. ``breaks`` says of a lane, a side, what its own record said before and says now,
    and the other record (None where it is gone) whether the case is about it no more; ``unsettled``
    of a lane, a side, and its own record with its state whether its party has yet to make that what
    was resolved.
    """

    names: tuple[str, str]
    act: str
    stands: frozenset[str]
    breaks: Callable[[Lane, Side, tuple[Body, Body], Body | None], bool]
    unsettled: Callable[[Lane, Side, Body, str], bool]
