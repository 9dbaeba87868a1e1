"""A list of records as a spreadsheet that goes out and comes back: which columns it has, and how
they become the body of a record and come from one.

A room declares a ``Sheet`` for a kind whose records have a code of their own; by it a row finds its
record. A column is a field of the kind, or one that the sheet's two functions know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tansiq.domain.fields import Field
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.records import Body

Values: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The columns of a list. ``columns`` are the fields that a file may have, ``required`` those
    that it must have; ``into`` makes of the
    values of a row, and of what stands already ({} = nothing), what the record then says; a value
    that the file leaves empty is not among them. ``out`` makes of a body the values of a row.
    """

    kind: Kind
    columns: tuple[Field, ...]
    required: tuple[str, ...]
    into: Callable[[Values, Body], Body]
    out: Callable[[Body], Values]
    rows_max: int

    @property
    def name(self) -> str:
        """By what addresses and files call it."""
        return f"{self.kind.name}-list"

    def column(self, name: str) -> Field:
        """The column of that name."""
        return next(one for one in self.columns if one.name == name)
