"""Files that a person brings: cleaned of what says who made them, where and when, then kept as
attachments, addressed by their content.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from tansiq.desk.act.desk import Act, Clean, Desk
from tansiq.desk.records.say import Draft, write_in
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import InputError
from tansiq.domain.kinds.files.attachment import ATTACHMENT
from tansiq.domain.labels import Label
from tansiq.domain.parties import Actor
from tansiq.domain.records import Body, RecordId
from tansiq.log.canonical import base64_text

_ENDINGS: Final = {
    "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif",
    "application/pdf": "pdf", "text/plain": "txt", "text/csv": "csv",
}  # fmt: skip
_ENDING_MAX: Final = 5
_NAME_MAX: Final = 100
_STEM_MAX: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as it is kept: the name under which it leaves, what it is, its bytes, whether traces
    of its making are in them, and the name that it had where it came from.
    """

    name: str
    media_type: str
    data: bytes
    traces: str = "kept"
    brought: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A file as somebody brought it: its name there and its bytes."""

    name: str
    data: bytes


def cleaned(
    desk: Desk, files: Sequence[Brought], *, name: str = "", taken: Collection[str] = ()
) -> list[File]:
    """The files without what says who made them, where and when, as far as that can be done, under
    neutral names: a number, after ``name`` where the writer gave one; none that is ``taken``.
    Raises InputError.

    Takes its time: call it before an act.
    """
    found = []
    stems = _stems(_plain(name), {one.rpartition(".")[0] for one in taken}, len(files))
    for file, stem in zip(files, stems, strict=False):
        demand_size(file.name, len(file.data))
        clean = _as_text(file.data) or desk.cleaner.clean(file.data)
        ending = _ENDINGS.get(clean.media_type) or _ending(file.name)
        found.append(
            File(
                name=f"{stem}.{ending}",
                media_type=clean.media_type, data=clean.data, traces=clean.traces,
                brought=_plain(file.name)[-_NAME_MAX:],
            )
        )  # fmt: skip
    return found


def _stems(name: str, taken: Collection[str], wanted: int) -> Iterator[str]:
    """Names without their endings: a single file has the writer's name alone, if that is free."""
    name = name[:_STEM_MAX].strip()
    if name and wanted == 1 and name not in taken:
        yield name
    for number in count(1):
        stem = f"{name} {number}" if name else str(number)
        if stem not in taken:
            yield stem


def originals(files: Sequence[Brought], clean: Sequence[File]) -> list[File]:
    """Those that were changed by the cleaning, as they were brought: to be kept where nothing
    leaves.
    """
    return [
        replace(one, name=one.brought or one.name, data=file.data, traces="kept")
        for file, one in zip(files, clean, strict=True)
        if file.data != one.data
    ]


def attach(act: Act, actor: Actor, file: File, label: Label) -> RecordId:
    """Keep a file as an attachment record, addressed by the SHA-256 of its bytes. Raises
    InputError.
    """
    demand_size(file.brought or file.name, len(file.data))
    body: Body = {
        "text": file.name,
        "media_type": file.media_type,
        "bytes": len(file.data),
        "digest": hashlib.sha256(file.data).hexdigest(),
        "traces": file.traces,
        **({"brought": file.brought} if file.brought else {}),
    }
    draft = Draft(kind=ATTACHMENT.name, body=body, label=label)
    edition = write_in(act, actor, draft, by_rule=False)
    size = BOUNDS.chunk_bytes_max
    count = -(-len(file.data) // size)
    for n in range(count):
        part = file.data[n * size : (n + 1) * size]
        act.say(
            {"type": "chunk", "record": edition.record, "n": n, "of": count, "bytes": len(part),
             "data": base64_text(part)},
        )  # fmt: skip
    return edition.record


def _as_text(data: bytes) -> Clean | None:
    """A file that is nothing but text: what it says is all that there is in it."""
    try:
        plain = "\x00" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return Clean(media_type="text/plain", data=data, traces="none") if plain else None


def demand_size(name: str, size: int) -> None:
    """Whether a file of so many bytes is taken. Raises InputError, which names the file as the
    person knows it.
    """
    if not size:
        raise InputError("attachment_empty", name=_plain(name)[-_NAME_MAX:])
    if size > BOUNDS.attachment_bytes_max:
        limit = BOUNDS.attachment_bytes_max // 1024
        raise InputError("attachment_size", name=_plain(name)[-_NAME_MAX:], limit=limit)


def _plain(name: str) -> str:
    kept = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())
    return " ".join(kept.split())


def _ending(name: str) -> str:
    """What a name ends in, where it tells a program what to do with the file."""
    ending = name.rpartition(".")[2].lower()
    plain = ending.isascii() and ending.isalnum() and len(ending) <= _ENDING_MAX
    return ending if "." in name and plain else "bin"
