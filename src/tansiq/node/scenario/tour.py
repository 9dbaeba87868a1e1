"""The way through the sample year: seven chapters of what partners do together, one for each point
of the mission, each a few desks to look at.

A step names a position, and the page that is worth a look from there: a record by the scenario's
name for it, or the path of a section. Its words are ``tour.<chapter>.<step>``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tansiq.domain.errors import StoreError
from tansiq.node.scenario.cast import PARTIES, read_json

START: Final = "/demo"  # where each node of the demo has the way
NAMED: Final = "records.json"  # beside the nodes: the scenario's name of a record -> owner, id
Named = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One desk to look at: a ``record``, or a ``path``; the other is empty."""

    name: str
    party: str
    position: str
    record: str = ""
    path: str = ""

    @property
    def person(self) -> str:
        """The roster number that works at the position."""
        return PARTIES[self.party].actor(self.position).person

    def address(self, named: Named) -> str:
        """The path of the page. Raises KeyError for a record that the scenario does not have."""
        return self.path or "/record/{}/{}".format(*named[self.record])


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What partners do together: ``tour.<name>`` says it, ``tour.<name>.why`` what for."""

    name: str
    steps: tuple[Step, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """The way, first chapter to last."""
    found = []
    for one in read_json("tour.json"):
        steps = one["steps"]
        assert isinstance(steps, list)
        found.append(Chapter(name=str(one["name"]), steps=tuple(Step(**step) for step in steps)))
    return tuple(found)


def write_names(folder: Path, named: Named) -> None:
    """Keep beside the nodes what the scenario calls the records to which the way leads."""
    wanted = {step.record for chapter in chapters() for step in chapter.steps} - {""}
    kept = {name: named[name] for name in sorted(wanted)}
    (folder / NAMED).write_text(json.dumps(kept) + "\n", "utf-8")


def read_names(folder: Path) -> Named:
    """What :func:`write_names` kept. Raises StoreError where it cannot be read."""
    try:
        kept = json.loads((folder / NAMED).read_text("utf-8"))
        return {str(name): (str(owner), str(record)) for name, (owner, record) in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        raise StoreError("demo_folder", folder=folder) from None
