"""Which of two parties opens the case of two plans that meet."""

from tansiq.domain.parties import PartyCode


def opens_root(one: PartyCode, other: PartyCode) -> PartyCode:
    """The party whose code comes first: both nodes ask, and agree without a word.

    It opens the root once it holds both plans. Who changes place, time or height says ``void`` in
    the same transaction. Raises ValueError for a party that meets itself.
    """
    if one == other:
        raise ValueError("a party does not meet itself")
    return min(one, other)
