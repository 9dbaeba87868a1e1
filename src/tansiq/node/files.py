"""Small files that a command reads and writes, with words for what is wrong."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tansiq.domain.errors import StoreError


def read_file(path: Path, limit: int) -> bytes:
    """A file's bytes, at most one more than ``limit``: who parses them says that it is too long."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise StoreError("file_read", path=path, reason=error.strerror or "") from None


def write_new(path: Path, data: bytes) -> None:
    """Write a file that was not there before, whole, readable by its owner alone."""
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError("file_write", path=path, reason=error.strerror or "") from None


def replace_file(path: Path, data: bytes) -> None:
    """Write a file whole: whoever reads it sees the old one or the new one."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def sync_folder(folder: Path) -> None:
    """What was renamed in it stays so, whatever happens to the power."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def folder_begun(folder: Path, mark: str) -> Path:
    """The folder beside ``folder`` that is filled until it becomes it."""
    folder = folder.absolute()
    return folder.with_name(f".{folder.name}.{mark}")


@contextmanager
def new_folder(folder: Path, mark: str) -> Iterator[Path]:
    """A folder to fill, which becomes ``folder`` once all is well and is gone otherwise. ``folder``
    must be absent or empty; ``mark`` names the one beside it meanwhile. Raises StoreError.
    """
    folder = folder.absolute()
    begun = folder_begun(folder, mark)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise StoreError("node_folder_taken", folder=folder)
        shutil.rmtree(begun, ignore_errors=True)
        begun.mkdir(mode=0o700, parents=True)
        try:
            yield begun
            begun.rename(folder)
        finally:
            shutil.rmtree(begun, ignore_errors=True)
        sync_folder(folder.parent)
    except OSError as error:
        raise StoreError("node_write", folder=folder, reason=error.strerror or "") from None
