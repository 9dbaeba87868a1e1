"""What lies on a stick: which files are for us, which are not, and why.

A computer renames what is copied (``… (1).tsq``, ``نسخة من …``, ``TANSIQ~1.TSQ``) and people make
folders. So a file is known by what it begins with; its name only gives the order, and says who it
is for where that is somebody else. ``bundle`` reads what is found here.

What must hold: nothing is followed that points elsewhere, the walk is bounded in names and depth,
and everything that is not to be read is returned with its reason.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from tansiq.carriers.carrier import LinkError
from tansiq.desk.exchange.opening import begins_a_parcel
from tansiq.desk.trust.papers import begins_a_paper
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.parties import PartyCode

PART: Final = ".part"
_SUFFIX: Final = ".tsq"
_NAME: Final = re.compile(
    r"tansiq-(?P<sender>[A-Z]{2,8})-to-(?P<receiver>[A-Z]{2,8})-(?P<number>[0-9]{1,16})(?![0-9])",
    re.IGNORECASE,
)
_PAPER: Final = re.compile(r"(tansiq-notice-|[A-Z]{2,8}-[a-z0-9-]+\.card)", re.IGNORECASE)
_ENTRIES_MAX: Final = 50_000  # names looked at on the stick, whatever they are
_DEPTH_MAX: Final = 4  # folders in folders
_HEAD_BYTES: Final = 32
# What operating systems keep for themselves: deleted files, indexes, beside each file its twin.
_SYSTEM: Final = (".", "$", "System Volume Information", "RECYCLER")


class Why(StrEnum):
    """Why something on a stick is not read."""

    FOREIGN = "foreign"  # it is nothing of Tansiq's
    OTHERS = "others"  # it says that it is for another party
    OWN = "own"  # our own party wrote it
    SYSTEM = "system"  # a folder of the operating system
    STRANGER = "stranger"  # a paper of a party that is no partner
    TORN = "torn"  # it was not written to its end
    DEEP = "deep"  # too many folders in one another

    @property
    def grave(self) -> bool:
        """Whether something of ours may lie there that nobody has read."""
        return self in (Why.TORN, Why.DEEP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Something that is not read; ``name`` is its way from the top of the stick."""

    name: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that is to be read. ``sender`` and ``number`` are what its name says, "" and -1 where
    it says nothing.
    """

    path: Path
    sender: PartyCode
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stick:
    """A folder as it was looked at: parcels in the order of taking them, papers, what is left."""

    folder: Path
    parcels: tuple[File, ...]
    papers: tuple[Path, ...]
    left: tuple[Left, ...]

    def name_of(self, path: Path) -> str:
        """How a file is called on this stick, with its folders."""
        return path.relative_to(self.folder).as_posix()


def look(folder: Path, me: PartyCode) -> Stick:
    """All that lies in the folder and below it, for the party ``me``. Raises LinkError."""
    parcels: list[File] = []
    papers: list[Path] = []
    left: list[Left] = []
    for path, kind in _walk(folder):
        if isinstance(kind, Why):
            left.append(Left(name=path.relative_to(folder).as_posix(), why=kind))
            continue
        found = _judged(path, me, _head(path, kind))
        if isinstance(found, Why):
            left.append(Left(name=path.relative_to(folder).as_posix(), why=found))
        elif isinstance(found, File):
            parcels.append(found)
        else:
            papers.append(found)
    if len(parcels) > BOUNDS.stick_files_max:
        raise LinkError("stick_files", limit=BOUNDS.stick_files_max)
    return Stick(
        folder=folder, parcels=tuple(sorted(parcels, key=_order)),
        papers=tuple(sorted(papers)[: BOUNDS.stick_files_max]),
        left=tuple(sorted(left, key=lambda one: one.name)),
    )  # fmt: skip


def _order(file: File) -> tuple[bool, str, int, str]:
    """By sender and number, then what tells nothing, by its name."""
    return not file.sender, file.sender, file.number, str(file.path)


def _judged(path: Path, me: PartyCode, head: bytes) -> File | Path | Why:
    """A parcel, a paper, or why it is neither."""
    name = path.name
    said = _NAME.search(name)
    sender = PartyCode(said["sender"].upper()) if said else PartyCode("")
    if name.casefold().endswith(PART):
        return Why.OWN if sender == me else Why.TORN if said else Why.FOREIGN
    named = name.casefold().endswith(_SUFFIX) and not name.startswith(".")
    if not (begins_a_parcel(head) or named):
        paper = begins_a_paper(head) or _PAPER.match(name)
        return path if paper else Why.FOREIGN
    if said is None:
        return File(path=path, sender=sender, number=-1)
    if sender == me:
        return Why.OWN
    if said["receiver"].upper() != me:
        return Why.OTHERS
    return File(path=path, sender=sender, number=int(said["number"]))


def _walk(folder: Path) -> Iterator[tuple[Path, bool | Why]]:
    """Every name on the stick, with whether it is a plain file, or why it is passed over."""
    waiting, count = [(folder, 0)], 0
    while waiting:
        here, depth = waiting.pop()
        for entry in _entries(here):
            count += 1
            if count > _ENTRIES_MAX:
                raise LinkError("stick_entries", limit=_ENTRIES_MAX)
            path = Path(entry.path)
            inside = entry.is_dir(follow_symlinks=False) and not _is_named(entry.name)
            if inside and entry.name.startswith(_SYSTEM):
                yield path, Why.SYSTEM
            elif inside and depth == _DEPTH_MAX:
                yield path, Why.DEEP
            elif inside:
                waiting.append((path, depth + 1))
            else:
                yield path, entry.is_file(follow_symlinks=False)


def _is_named(name: str) -> bool:
    return bool(_NAME.match(name)) and name.casefold().endswith(_SUFFIX)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for _, entry in zip(range(_ENTRIES_MAX + 1), entries, strict=False)]
    except OSError as error:
        raise LinkError("stick_read", reason=error.strerror or "") from None


def _head(path: Path, plain: bool) -> bytes:  # noqa: FBT001 - what the walk found
    """How a plain file begins; nothing where it cannot be read, which is said when it is taken."""
    if not plain:
        return b""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            return os.read(number, _HEAD_BYTES)
        finally:
            os.close(number)
    except OSError:
        return b""
