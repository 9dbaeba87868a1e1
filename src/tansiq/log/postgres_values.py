"""Values on their way to PostgreSQL and back, as the driver takes them and as SQLite gives them."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

from psycopg.abc import Buffer
from psycopg.types.numeric import NumericBinaryLoader

from tansiq.log.database import Value

_NUL: Final = "\ufffd"  # PostgreSQL's texts hold no NUL; in a partner's text one may stand


class NumberLoader(NumericBinaryLoader):
    """Sums and means of integers as Python's plain numbers, as SQLite gives them."""

    def load(self, data: Buffer) -> Any:  # noqa: ANN401 - psycopg types its loaders so
        """An int where the type has no places, else a float."""
        value = super().load(data)
        return int(value) if value.as_tuple().exponent == 0 else float(value)


def plain(values: Sequence[Value]) -> list[Value]:
    """The values of a statement, each of a type that the driver knows."""
    return [value if type(value) in _SIMPLE else _simple(value) for value in values]


_SIMPLE: Final = frozenset({int, bytes, type(None)})


def _simple(value: object) -> Value:
    """A text without NUL, and the plain value of a subclass: the driver knows exact types only."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return str.__str__(value).replace("\0", _NUL)
    return int(str(value)) if not isinstance(value, int) else int(value)
