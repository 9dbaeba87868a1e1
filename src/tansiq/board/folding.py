"""What the board was folded by: a digest of its tables, the kinds and the program that folds.

``node`` asks when it opens a node. What must hold: two programs that could fold the same logs into
different tables have different digests, and nobody has to remember to say so. Nothing is typed by
hand: the digest covers the source of every module that folding imports, at any remove.
"""

import functools
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from importlib import import_module, resources
from pathlib import Path
from typing import Final

from tansiq.board.tables import INDEXES, TABLES
from tansiq.board.walls import WALLS
from tansiq.domain.kinds import KINDS
from tansiq.log.database import Database

_FOLDS: Final = ("tansiq.board.fold", "tansiq.board.access_entries", "tansiq.board.board")
_KINDS: Final = "tansiq.domain.kinds."
_DATA: Final = ("domain/gazetteer.csv",)  # a record is found by its town's names
_IMPORT: Final = re.compile(r"^from (tansiq[\w.]*) import (?:\(([^)]*)\)|(.+))$", re.MULTILINE)
# Of a kind, what the tables have nothing of.
_NOT_FOLDED: Final = frozenset({"listing", "ways", "writers", "transitions"})


def is_current(db: Database) -> bool:
    """Whether this program would fold the board into the tables that are there."""
    if not db.has_table("folding"):
        return False
    return db.rows("SELECT digest FROM folding") == [(digest(db),)]


def mark(db: Database) -> None:
    """Remember that this program folded the board. Call it inside the transaction that did."""
    db.run("DELETE FROM folding")
    db.run(
        "INSERT INTO folding (digest, tables) VALUES (?, ?)", (digest(db), " ".join(sorted(TABLES)))
    )


def tables_before(db: Database) -> list[str]:
    """The tables that an older program made and this one does not know."""
    if not db.has_table("folding"):
        return []
    names = [name for row in db.rows("SELECT tables FROM folding") for name in str(row[0]).split()]
    return [name for name in names if name not in TABLES]


def digest(db: Database) -> str:
    """The digest of what this program folds by, on this sort of database."""
    made = [TABLES, INDEXES, WALLS, db.dialect.search_table, KINDS, program()]
    return hashlib.sha256(json.dumps(_plain(made)).encode()).hexdigest()


@functools.cache
def program() -> str:
    """The digest of the modules that folding is made of, and of the data that it reads."""
    found = hashlib.sha256()
    root = resources.files("tansiq")
    for name, source in sorted(_modules()):
        found.update(f"{name}\n{hashlib.sha256(source.encode()).hexdigest()}\n".encode())
    for name in _DATA:
        found.update(hashlib.sha256(root.joinpath(name).read_bytes()).digest())
    return found.hexdigest()


def _modules() -> Iterator[tuple[str, str]]:
    """The modules that folding imports, at any remove, each with its source."""
    for name in _FOLDS:  # and with them all that they import
        import_module(name)
    kinds = (name for name in sys.modules if name.startswith(_KINDS))  # found, not imported by name
    waiting, seen = [*_FOLDS, *kinds], set[str]()
    while waiting:
        name = waiting.pop()
        source = None if name in seen else _source(name)
        seen.add(name)
        if source is None:
            continue
        yield name, source
        for package, several, one in _IMPORT.findall(source):
            waiting.append(package)
            waiting += (f"{package}.{part}" for part in re.findall(r"\w+", several or one))


def _source(name: str) -> str | None:
    """The source of a module; None where the name is not one's."""
    file = getattr(sys.modules.get(name), "__file__", None)
    return Path(file).read_text("utf-8") if file else None


def _plain(value: object) -> object:
    """A declaration as JSON has it, the same in every process."""
    if isinstance(value, Enum):
        return value.name
    if is_dataclass(value) and not isinstance(value, type):
        names = (one.name for one in fields(value) if one.init and one.name not in _NOT_FOLDED)
        return [type(value).__name__, *(_plain(getattr(value, name)) for name in names)]
    if isinstance(value, Mapping):
        return [[str(key), _plain(held)] for key, held in value.items()]
    if isinstance(value, frozenset):
        return sorted(json.dumps(_plain(one)) for one in value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if callable(value):
        return f"{value.__module__}.{getattr(value, '__qualname__', '')}"
    return value
