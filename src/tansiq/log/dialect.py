"""What two databases say differently: the few values in which their SQL parts ways.

Everything else is written once, in SQL that both understand. Values are ``?`` everywhere. Table
definitions use SQLite's type names; ``postgres_sql`` turns them into PostgreSQL's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from tansiq.domain.inflection import MARK

Marks = int | str | bytes | None
_KNOWN_MAX: Final = 5_000  # marks of fewer are remembered


class Dialect(Protocol):
    """The word index, and how words are forgotten."""

    @property
    def search_table(self) -> tuple[str, ...]:
        """Makes the table ``search`` (rowid, words) with its index."""
        ...

    @property
    def found(self) -> str:
        """A query with one value, a :meth:`match`: the rowids of the rows that it finds."""
        ...

    @property
    def found_between(self) -> str:
        """As :attr:`found`, of few rows: least and greatest rowid are two further values."""
        ...

    @property
    def found_at_once(self) -> int:
        """How many rows :attr:`found_between` may as well be asked for: fewer cost the same."""
        ...

    @property
    def forget_words(self) -> tuple[str, ...]:
        """Run after rows of ``search`` were deleted whose words must not stay in its index."""
        ...

    def among(self, column: str, numbers: tuple[int, ...]) -> tuple[str, list[Marks]]:
        """Whether a column of small numbers holds one of these, as SQL and its values: compared
        row by row, and no reason to look in an index.
        """
        ...

    def keyed(self, column: str, numbers: Sequence[int]) -> tuple[str, list[Marks]]:
        """Whether a key is one of these, as SQL and its values: looked up one by one."""
        ...

    def by_index(self, name: str) -> str:
        """What follows a table's name where only this index will do."""
        ...

    def match(self, words: Sequence[Sequence[str]]) -> str:
        """What finds rows that hold every one of ``words``, each in one of its spellings.

        A spelling is folded (``domain.search``): letters and digits, single spaces between words.
        Its last word may go on, unless the spelling ends in ``inflection.MARK``.
        """
        ...


@dataclass(frozen=True, slots=True)
class SqliteDialect:
    """SQLite with FTS5."""

    search_table: tuple[str, ...] = (
        # Folded words are letters, digits and single spaces: a tokenizer has nothing left to fold.
        "CREATE VIRTUAL TABLE search USING fts5 (words, tokenize='ascii')",
    )
    found: str = "SELECT rowid FROM search WHERE search MATCH ?"
    found_between: str = f"{found} AND rowid BETWEEN ? AND ?"
    found_at_once: int = 50_000  # the list of a word is read from its beginning each time
    # The index keeps deleted words in old segments until they are merged.
    forget_words: tuple[str, ...] = ("INSERT INTO search (search) VALUES ('optimize')",)

    def among(self, column: str, numbers: tuple[int, ...]) -> tuple[str, list[Marks]]:
        """One byte of a value. A list would be made into a table, anew for each statement."""
        return f"substr(?, {column} + 1, 1) = x'01'", [
            _known(numbers) if len(numbers) < _KNOWN_MAX else _newest_marks(numbers)
        ]

    def keyed(self, column: str, numbers: Sequence[int]) -> tuple[str, list[Marks]]:
        """A list: it knows no arrays."""
        return f"{column} IN ({','.join(map(str, numbers))})", []

    def by_index(self, name: str) -> str:
        """Said outright: without statistics the planner guesses."""
        return f"INDEXED BY {name}"

    def match(self, words: Sequence[Sequence[str]]) -> str:
        """An FTS5 expression."""
        return " AND ".join("(" + " OR ".join(map(_text, spellings)) + ")" for spellings in words)


@dataclass(frozen=True, slots=True)
class PostgresDialect:
    """PostgreSQL with a GIN index over tsvector.

    The words are folded already, so no parser and no dictionary of the server touches them: two
    servers with different locales find the same rows.
    """

    search_table: tuple[str, ...] = (
        """CREATE OR REPLACE FUNCTION indexed_words(words text) RETURNS tsvector
           LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (
             SELECT COALESCE(string_agg(w.word || ':' || LEAST(w.n, 16383), ' '), '')::tsvector
             FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS w (word, n))""",
        """CREATE TABLE search (
           rowid INTEGER NOT NULL PRIMARY KEY, words TEXT NOT NULL,
           vector tsvector GENERATED ALWAYS AS (indexed_words(words)) STORED)""",
        "CREATE INDEX search_vector ON search USING gin (vector) WITH (fastupdate = off)",
    )
    found: str = "SELECT rowid FROM search WHERE vector @@ CAST(? AS tsquery)"
    # No condition that the index knows: it would be asked for all rows, and few of them are wanted.
    found_between: str = """SELECT rowid FROM search
        WHERE (vector @@ CAST(? AS tsquery)) IS NOT FALSE AND rowid BETWEEN ? AND ?"""
    found_at_once: int = 1
    forget_words: tuple[str, ...] = ()

    def among(self, column: str, numbers: tuple[int, ...]) -> tuple[str, list[Marks]]:
        """A bit of a value: the statement stays short, and its plan is made once for many."""
        bits = _known_bits(numbers) if len(numbers) < _KNOWN_MAX else _newest_bits(numbers)
        within = f"CASE WHEN {column} < ? THEN get_bit(?, {column}) = 1 ELSE FALSE END"
        return within, [8 * len(bits), bits]

    def keyed(self, column: str, numbers: Sequence[int]) -> tuple[str, list[Marks]]:
        """An array: one statement for all, whose plan is kept."""
        return f"{column} = ANY (CAST(? AS bigint[]))", [f"{{{','.join(map(str, numbers))}}}"]

    def by_index(self, name: str) -> str:
        """Nothing: its statistics tell it which of the indexes that are left has less to pass."""
        return ""

    def match(self, words: Sequence[Sequence[str]]) -> str:
        """A tsquery."""
        return " & ".join(
            "(" + " | ".join(_phrase(spelling) for spelling in spellings) + ")"
            for spellings in words
        )


@lru_cache(maxsize=256)
def _known(numbers: tuple[int, ...]) -> bytes:
    """As below, of a reader's labels, which are asked for again and again."""
    return _marks(numbers)


def _marks(numbers: tuple[int, ...]) -> bytes:
    """A byte for each number up to the last of these, 1 for these."""
    marks = bytearray(max(numbers, default=0) + 1)
    for number in numbers:
        marks[number] = 1
    return bytes(marks)


@lru_cache(maxsize=256)
def _known_bits(numbers: tuple[int, ...]) -> bytes:
    """As below, of a reader's labels, which are asked for again and again."""
    return _bits(numbers)


def _bits(numbers: tuple[int, ...]) -> bytes:
    """A bit for each number up to the last of these, 1 for these, lowest bit of a byte first."""
    bits = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return bytes(bits)


# Of very many, the last few: a page compares with the same hits in one statement after another.
_newest_marks = lru_cache(maxsize=2)(_marks)
_newest_bits = lru_cache(maxsize=2)(_bits)


def _text(spelling: str) -> str:
    return f'"{spelling[:-1]}"' if spelling.endswith(MARK) else f'"{spelling}"*'


def _phrase(spelling: str) -> str:
    whole = spelling.endswith(MARK)
    words = " <-> ".join(f"'{word}'" for word in spelling.removesuffix(MARK).split())
    return f"({words})" if whole else f"({words}:*)"


SQLITE: Final = SqliteDialect()
POSTGRES: Final = PostgresDialect()
POSTGRES_READER: Final = PostgresDialect(found="SELECT released_words(CAST(? AS tsquery))")
