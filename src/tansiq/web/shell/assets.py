"""Static files: read once, addressed by content, served compressed. Nothing comes from beyond the
node.
"""

import functools
import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tansiq.web.shell.site import HERE

ROOT: Final = Path(HERE) / "static"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".txt": "text/plain; charset=utf-8",
}
_PACKED: Final = (".woff2", ".jpg", ".png")  # by their own format
_LINK: Final = re.compile(rb'url\("?(?:/static/)?([^)":]+)"?\)')


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, ready to be sent."""

    data: bytes
    packed: bytes
    media_type: str
    etag: str


@functools.cache
def assets() -> dict[str, Asset]:
    """All static files by path. Style sheets name fonts by content too, so that a visit again asks
    for nothing.
    """
    found: dict[str, Asset] = {}
    files = [path for path in sorted(ROOT.rglob("*")) if path.suffix in TYPES and path.is_file()]
    for path in sorted(files, key=lambda item: item.suffix == ".css"):
        data = path.read_bytes()
        if path.suffix == ".css":
            data = _LINK.sub(
                lambda m: b'url("' + _versioned(found, m[1].decode()).encode() + b'")', data
            )
        name = path.relative_to(ROOT).as_posix()
        packed = data if path.suffix in _PACKED else gzip.compress(data, 9, mtime=0)
        found[name] = Asset(data, packed, TYPES[path.suffix], hashlib.sha256(data).hexdigest()[:12])
    return found


def _versioned(found: dict[str, Asset], link: str) -> str:
    item = found.get(link)
    return f"/static/{link}?v={item.etag}" if item else link


@functools.cache
def asset(name: str) -> str:
    """The address of a static file, with its content's mark. Raises KeyError for a file that is not
    there.
    """
    return f"/static/{name}?v={assets()[name].etag}"
