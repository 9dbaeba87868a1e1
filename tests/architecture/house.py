"""What the house rules share: the files they read, and how a breach is reported.

A rule is a function from one source to the lines that break it. Its docstring is what a person
reads when the rule bites: why it is there, and what to do instead.
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tansiq"


@dataclass(frozen=True)
class Source:
    """One file as a rule sees it; ``name`` is its path from the root of the repository."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed module."""
        return ast.parse(self.text)

    @property
    def lines(self) -> list[str]:
        """Its lines without their ends."""
        return self.text.split("\n")

    def within(self, *folders: str) -> bool:
        """Whether it stands in one of these folders."""
        return self.name.startswith(tuple(f"{folder}/" for folder in folders))


Breach = tuple[int, str]  # line, what is there
Rule = Callable[[Source], Iterator[Breach]]


def sources(*suffixes: str, under: tuple[str, ...] = ("src/tansiq", "tests")) -> list[Source]:
    """Our own files with these endings; foreign code (vendor) keeps its own rules."""
    paths = sorted(path for folder in under for path in (ROOT / folder).rglob("*"))
    return [
        read(path)
        for path in paths
        if path.suffix in suffixes and not {"vendor", "__pycache__"} & set(path.parts)
    ]


@cache
def read(path: Path) -> Source:
    """One file, read and parsed once for all rules."""
    return Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))


def python_sources() -> list[Source]:
    """All Python: the product, its tests, its tools."""
    return [*sources(".py", under=("src/tansiq", "tests", "tools", "bench")), read(ROOT / "dev")]


def product_sources() -> list[Source]:
    """The product's Python alone."""
    return sources(".py", under=("src/tansiq",))


def breaches(rule: Rule, found: Iterable[Source]) -> list[str]:
    """Every breach of a rule, one line each."""
    return [f"{source.name}:{line}: {what}" for source in found for line, what in rule(source)]


def assert_kept(rule: Rule, found: Iterable[Source]) -> None:
    """Fails with every breach, the reason of the rule, and what to do instead."""
    broken = breaches(rule, found)
    if broken:
        listed = "\n  ".join(broken)
        raise AssertionError(f"\n{inspect.getdoc(rule)}\n\n  {listed}\n")
