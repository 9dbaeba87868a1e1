"""Pictures, drawn anew from their points: whatever else stood in the file is not in the new one."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import (
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

PIXELS_MAX: Final = 60_000_000
SIDE_MAX: Final = 30_000
THUMBNAIL_SIDE: Final = 320  # points, the longer side at most
THUMBNAIL_BYTES_MAX: Final = 256 * 1024
_QUALITY: Final = 92
_THUMBNAIL_QUALITY: Final = 78
# The readers that may look into a file, and what it is then: of all that Pillow has, these.
_FORMATS: Final = {
    PngImagePlugin.PngImageFile.format: "image/png",
    JpegImagePlugin.JpegImageFile.format: "image/jpeg",
    MpoImagePlugin.MpoImageFile.format: "image/jpeg",
    WebPImagePlugin.WebPImageFile.format: "image/webp",
    GifImagePlugin.GifImageFile.format: "image/gif",
}
# A JPEG of several pictures is opened as a JPEG and then says that it is one.
_OPENED_AS: Final = [str(name) for name in _FORMATS if name != MpoImagePlugin.MpoImageFile.format]
MEDIA_TYPES: Final = frozenset(_FORMATS.values())
_BAD: Final = (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError,
               EOFError, MemoryError, Warning, Image.DecompressionBombError)  # fmt: skip


def media_type(data: bytes) -> str:
    """What kind of picture it is; "" for none, or for one that cannot be read."""
    try:
        with _opened(data) as image:
            return _FORMATS[str(image.format)]
    except _BAD:
        return ""


def cleaned(data: bytes) -> bytes | None:
    """The picture, upright, with nothing in it but its points; None for one that moves."""
    try:
        with _opened(data) as image:
            if image.format not in ("JPEG", "MPO") and getattr(image, "is_animated", False):
                return None
            return _written(_bare(image), _FORMATS[str(image.format)])
    except _BAD:
        return None


def thumbnail(data: bytes) -> bytes | None:
    """A small JPEG of its first frame; None where none can be made."""
    try:
        with _opened(data) as image:
            image.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            small = ImageOps.exif_transpose(image)
            small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=2.0)
            flat = Image.new("RGB", small.size, "white")
            solid = small.convert("RGBA")
            flat.paste(solid, mask=solid)
            out = io.BytesIO()
            flat.save(out, "JPEG", quality=_THUMBNAIL_QUALITY)
    except _BAD:
        return None
    made = out.getvalue()
    return made if len(made) <= THUMBNAIL_BYTES_MAX else None


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """The picture, not yet read. Raises one of ``_BAD`` for what is none, or is too large."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of Pillow's own: what it warns of is not read here
        with Image.open(io.BytesIO(data), formats=_OPENED_AS) as image:
            wide, high = image.size
            if wide * high > PIXELS_MAX or max(wide, high) > SIDE_MAX:
                raise ValueError
            yield image


def _bare(image: Image.Image) -> Image.Image:
    """The points alone, turned as the file says that they are looked at."""
    upright = ImageOps.exif_transpose(image)
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    if upright.mode == "P":
        bare.putpalette(upright.getpalette("RGB") or [])
    if "transparency" in upright.info:
        bare.info["transparency"] = upright.info["transparency"]
    return bare


def _written(bare: Image.Image, media_type: str) -> bytes:
    out = io.BytesIO()
    if media_type == "image/jpeg":
        bare.save(out, "JPEG", quality=_QUALITY)
    elif media_type == "image/webp":
        bare.save(out, "WEBP", quality=_QUALITY)
    else:
        bare.save(out, media_type.partition("/")[2].upper())
    return out.getvalue()
