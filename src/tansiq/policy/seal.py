"""Sealed and released values: what has been read from a log or a table, and what a named viewer may
have.

``Sealed`` shows nothing. Only ``policy.release`` opens it, and only into a ``Released`` for one
viewer; exits accept nothing else. Both constructors demand a token that is private to this package:
a way round needs the private token, a broken import contract and a failing test at once.
"""

from collections.abc import Sequence
from typing import Final, Generic, TypeVar

from tansiq.domain.labels import Label, join
from tansiq.domain.parties import PartyCode, Viewer

T = TypeVar("T")

_KEY: Final = object()


class Sealed(Generic[T]):
    """A value that nobody may look at before ``policy.release`` has opened it. Any one of its
    labels opens it; without one it stays closed.
    """

    __slots__ = ("_labels", "_owner", "_value")

    def __init__(self, value: T, *, owner: PartyCode, labels: Sequence[Label], key: object) -> None:
        if key is not _KEY:
            raise TypeError("values are sealed by policy.seal.seal() and nowhere else")
        self._value = value
        self._owner = owner
        self._labels = labels

    def __repr__(self) -> str:
        return "Sealed(...)"


class Released(Generic[T]):
    """A value that policy released for one viewer; ``value`` is what that viewer may have."""

    __slots__ = ("value", "viewer")

    def __init__(self, value: T, *, viewer: Viewer, key: object) -> None:
        if key is not _KEY:
            raise TypeError("values are released by policy.release and nowhere else")
        self.value = value
        self.viewer = viewer

    def __repr__(self) -> str:
        return f"Released(for {self.viewer.party})"


def seal(value: T, *, owner: PartyCode, label: Label) -> Sealed[T]:
    """Seal a value as soon as it is read from a log or a table."""
    return Sealed(value, owner=owner, labels=(label,), key=_KEY)


def seal_under(value: T, *, owner: PartyCode, labels: Sequence[Label]) -> Sealed[T]:
    """As :func:`seal`, for what may be read under any of several labels, as a file under that of
    each record which names it.
    """
    return Sealed(value, owner=owner, labels=labels, key=_KEY)


def relabel(value: Sealed[T], governing: Sealed[T]) -> Sealed[T]:
    """The value under its own label and that of another: an old edition is read by those who may
    read it and its record's newest edition, so that lowering a label lowers nothing that was said
    before.
    """
    labels = [join([own, its]) for own in value._labels for its in governing._labels]
    return Sealed(value._value, owner=governing._owner, labels=labels, key=_KEY)
