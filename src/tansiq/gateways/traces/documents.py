"""PDF documents without what says who made them, where and when.

What is written on the pages stays. A document that is encrypted, signed or holds other files, or
that holds pictures of which not everything can be taken out, is not cleaned.
"""

import io
from collections.abc import Iterator
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

MEDIA_TYPE: Final = "application/pdf"
OBJECTS_MAX: Final = 200_000
_MAGIC: Final = b"%PDF-"
# Wherever they stand: what programs wrote about the document, and small pictures of older pages.
_TRACES: Final = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/CreatorInfo",
                  "/SpiderInfo")  # fmt: skip
# Of a note on a page: who wrote it and when.
_OF_NOTES: Final = ("/T", "/M", "/CreationDate", "/NM", "/RC")
# Other files, forms and signatures, of which nobody knows all that is in them.
_CLOSED: Final = ("/EF", "/EmbeddedFiles", "/AF", "/XFA", "/ByteRange")
_MOVES: Final = ("/RichMedia", "/Movie", "/Sound", "/Screen", "/3D")
_EXIF_FREE: Final = frozenset({0xE0, 0xEE})  # the application parts that only say how to draw
_BAD: Final = (pikepdf.PdfError, pikepdf.PasswordError, OSError, ValueError, TypeError,
               AttributeError, LookupError, ArithmeticError, RecursionError, MemoryError,
               RuntimeError, NotImplementedError)  # fmt: skip


class HeldError(ValueError):
    """A document that cannot be cleaned for certain."""


def media_type(data: bytes) -> str:
    """The type of a document; "" for what is none."""
    return MEDIA_TYPE if data.startswith(_MAGIC) else ""


def cleaned(data: bytes) -> bytes | None:
    """The document without its traces; None where it cannot be cleaned."""
    try:
        with Pdf.open(io.BytesIO(data)) as document:
            if document.is_encrypted or len(document.objects) > OBJECTS_MAX:
                return None
            for one in _parts(document):
                _clean(one)
            for name in ("/Info", "/ID"):
                if name in document.trailer:
                    del document.trailer[name]
            out = io.BytesIO()
            document.save(out, deterministic_id=True, linearize=False)
            return out.getvalue()
    except _BAD:
        return None


def _parts(document: Pdf) -> Iterator[Object]:
    """Every dictionary of a document, also those that stand inside others."""
    waiting: list[Object] = [document.trailer, *document.objects]
    seen = 0
    while waiting:
        one = waiting.pop()
        seen += 1
        if seen > 4 * OBJECTS_MAX:
            raise HeldError
        if isinstance(one, Dictionary | Stream):
            yield one
            values = [one[name] for name in list(one.keys())]
        elif isinstance(one, Array):
            values = list(one)
        else:
            continue
        waiting += (v for v in values if isinstance(v, Dictionary | Array) and not v.is_indirect)


def _clean(part: Object) -> None:
    if any(name in part for name in _CLOSED) or str(part.get("/Subtype", "")) in _MOVES:
        raise HeldError
    for name in _TRACES:
        if name in part:
            del part[name]
    if _is_note(part):
        for name in _OF_NOTES:
            if name in part:
                del part[name]
    if isinstance(part, Stream) and part.get("/Subtype") == Name.Image:
        _clean_picture(part)


def _is_note(part: Object) -> bool:
    """Whether it is a note on a page, and no field of a form, whose name is no person's."""
    place = "/Rect" in part and "/Subtype" in part
    return place and part.get("/Subtype") != Name.Widget and "/FT" not in part


def _clean_picture(part: Stream) -> None:
    """Take out of a picture in a document what its camera wrote."""
    filters = part.get("/Filter")
    names = list(filters) if isinstance(filters, Array) else [filters]
    if Name.DCTDecode not in names and Name.JPXDecode not in names:
        return
    if names != [Name.DCTDecode]:
        raise HeldError
    if "/DecodeParms" in part:
        raise HeldError
    part.write(without_camera(part.read_raw_bytes()), filter=Name.DCTDecode)


def without_camera(data: bytes) -> bytes:
    """A JPEG without its comments and without what its camera wrote. Raises ValueError for what is
    none.
    """
    if not data.startswith(b"\xff\xd8"):
        raise HeldError
    kept, at = [data[:2]], 2
    while True:
        if data[at : at + 1] != b"\xff" or at + 4 > len(data):
            raise HeldError
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == 0xDA:  # the points begin
            end = data.rfind(b"\xff\xd9")
            return b"".join([*kept, data[at : end + 2 if end > at else len(data)]])
        if size < 2:
            raise HeldError
        says = 0xE0 <= marker <= 0xEF and marker not in _EXIF_FREE
        if not says and marker != 0xFE:
            kept.append(data[at : at + 2 + size])
        at += 2 + size
