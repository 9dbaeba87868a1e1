"""What files say of their making is taken out before they are kept (row A10 of what was found)."""

import io
import struct
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

from tansiq.gateways import traces
from tansiq.gateways.traces import documents, pictures
from tansiq.node.file_process import FileProcess
from tansiq.node.scenario.files import file_named

CANARY = "CANARY-35.78-43.58"
RAW = CANARY.encode()
PLACE_IFD, MAKER, COMMENT, TURNED, TURN = 0x8825, 0x010F, 0x9286, 0x0112, 6


def photo(form="JPEG", size=(40, 30), **more):
    """A picture that says where it was taken, by what, and that it is to be turned."""
    image = Image.new("RGB", size, "red")
    said = image.getexif()
    said[MAKER], said[TURNED], said[COMMENT] = CANARY, TURN, CANARY
    said.get_ifd(PLACE_IFD)[1] = "N"
    said.get_ifd(PLACE_IFD)[2] = (35.0, 46.0, 48.0)
    out = io.BytesIO()
    image.save(out, form, exif=said, **more)
    return out.getvalue()


def with_text(data):
    """A PNG with a text chunk of the canary after its head."""
    part = b"tEXtComment\0" + RAW
    chunk = struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
    return data[:33] + chunk + data[33:] + RAW


def document(change=lambda pdf: None, **saved):
    """A PDF that says who wrote it in every place where programs do."""
    pdf = Pdf.open(io.BytesIO(file_named("report").data))
    pdf.docinfo["/Author"] = CANARY
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [CANARY]
    pdf.Root.PieceInfo = Dictionary(Maker=Dictionary(Private=String(CANARY)))
    page = pdf.pages[0]
    page.Annots = Array(
        [
            Dictionary(
                Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), T=String(CANARY),
                M=String(CANARY), Contents=String("a note"),
            )
        ]
    )  # fmt: skip
    inner = Stream(pdf, photo(comment=RAW))
    inner.Type, inner.Subtype, inner.Filter = Name.XObject, Name.Image, Name.DCTDecode
    inner.Width, inner.Height, inner.ColorSpace, inner.BitsPerComponent = 40, 30, Name.DeviceRGB, 8
    inner.Metadata = pdf.make_indirect(Stream(pdf, RAW))
    page.Resources.XObject = Dictionary(Picture=inner)
    change(pdf)
    out = io.BytesIO()
    pdf.save(out, **saved)
    return out.getvalue()


GIF, STILL = io.BytesIO(), io.BytesIO()
_RED, _BLUE = Image.new("RGB", (9, 9), "red"), Image.new("RGB", (9, 9), "blue")
_RED.save(GIF, "GIF", save_all=True, append_images=[_BLUE])
_RED.save(STILL, "GIF", comment=RAW)


def words_of(data):
    """All bytes that a document holds, its streams unpacked."""
    with Pdf.open(io.BytesIO(data)) as pdf:
        streams = [one.read_raw_bytes() for one in pdf.objects if isinstance(one, Stream)]
        return b"".join([data, *streams, repr(list(pdf.objects)).encode()])


@pytest.mark.parametrize(
    "data",
    [
        photo(), photo(comment=RAW), photo("WEBP"), with_text(photo("PNG")), photo() + RAW,
    ],
    ids=["jpeg", "comment", "webp", "png", "appended"],
)  # fmt: skip
def test_a10_pictures_lose_what_their_camera_wrote(data):
    """Place, device and comments are gone, and what was turned stands upright."""
    assert RAW in data
    made = traces.clean(data)
    assert made.traces == "removed"
    assert RAW not in made.data
    with Image.open(io.BytesIO(made.data)) as image:
        assert not image.getexif()
        assert image.size == (30, 40)
        red, green, blue = image.convert("RGB").getpixel((5, 5))
        assert red > 200
        assert max(green, blue) < 60


def test_a10_documents_lose_who_wrote_them_and_keep_what_they_say():
    """Author, programs' notes, who wrote a remark and a camera's words in a picture are gone."""
    data = document()
    assert RAW in words_of(data)
    made = traces.clean(data)
    assert made.traces == "removed"
    assert RAW not in words_of(made.data)
    with Pdf.open(io.BytesIO(made.data)) as pdf:
        assert str(pdf.pages[0].Annots[0].Contents) == "a note"
        assert b"Report on the bridge" in pdf.pages[0].Contents.read_bytes()
        assert "/Info" not in pdf.trailer
        picture = pdf.pages[0].Resources.XObject.Picture
        assert pikepdf.PdfImage(picture).as_pil_image().size == (40, 30)


def _holds_a_file(pdf):
    pdf.attachments["inner.txt"] = RAW


def _is_signed(pdf):
    pdf.Root.Signed = Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]))


def _has_jpeg_2000(pdf):
    pdf.pages[0].Resources.XObject.Picture.Filter = Name.JPXDecode


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (document(encryption=pikepdf.Encryption(owner="o", user="")), "application/pdf"),
        (document(encryption=pikepdf.Encryption(owner="o", user="u")), "application/pdf"),
        (document(_holds_a_file), "application/pdf"),
        (document(_is_signed), "application/pdf"),
        (document(_has_jpeg_2000), "application/pdf"),
        (b"%PDF-1.7 and nothing more", "application/pdf"),
        (b"\x89PNG\r\n\x1a\nrest", "application/octet-stream"),
        (b"\xff\xd8\xffrest", "application/octet-stream"),
        (b"PK\x03\x04 an office file", "application/octet-stream"),
        (b"\x00\x00\x00\x18ftypmp42", "application/octet-stream"),
        (GIF.getvalue(), "image/gif"),
    ],
)
def test_a10_what_cannot_be_cleaned_says_so(data, media_type):
    """It is kept as it is, and is said to have its traces."""
    made = traces.clean(data)
    assert (made.media_type, made.data, made.traces) == (media_type, data, "kept")


def test_a10_a_document_that_holds_files_is_not_cleaned():
    """Nobody knows what all is in them."""
    assert documents.cleaned(document(_holds_a_file)) is None


def bomb(wide, high):
    """A small PNG of very many points."""
    head = struct.pack(">IIBBBBB", wide, high, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * ((wide + 7) // 8 + 1) * high, 9)
    parts = (b"IHDR" + head, b"IDAT" + body, b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(p) - 4) + p + struct.pack(">I", zlib.crc32(p)) for p in parts
    )


def test_a10_a_picture_that_stands_still_is_cleaned_in_every_format():
    """A GIF of one frame loses its remarks; a picture with a palette keeps its colours."""
    made = traces.clean(STILL.getvalue())
    assert (made.media_type, made.traces) == ("image/gif", "removed")
    assert RAW not in made.data
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.convert("RGB").getpixel((4, 4)) == (255, 0, 0)


@pytest.mark.parametrize("size", [(20_000, 20_000), (pictures.SIDE_MAX + 1, 1)])
def test_a10_too_many_points_are_not_read(size):
    """What would cost too much memory is not looked into, and has no thumbnail."""
    data = bomb(*size)
    assert traces.clean(data).traces == "kept"
    assert pictures.thumbnail(data) is None


def test_a10_thumbnails_are_small_upright_and_say_nothing():
    """Of the first frame, as JPEG, within its bounds."""
    for data in (photo(size=(4_000, 200)), photo("PNG"), GIF.getvalue()):
        made = pictures.thumbnail(data)
        assert made is not None
        assert RAW not in made
        with Image.open(io.BytesIO(made)) as image:
            assert image.format == "JPEG"
            assert max(image.size) <= pictures.THUMBNAIL_SIDE
            assert not image.getexif()
    assert pictures.thumbnail(b"no picture") is None


def test_a10_a_jpeg_in_a_document_keeps_only_its_points():
    """Parts that only say how to draw stay; what is cut short is refused."""
    data = photo(comment=RAW)
    bare = documents.without_camera(data)
    assert RAW not in bare
    with Image.open(io.BytesIO(bare)) as image:
        assert image.size == (40, 30)
    for broken in (b"no", data[:2], data[:30], b"\xff\xd8\xff\xe1\x00\x01"):
        with pytest.raises(documents.HeldError):
            documents.without_camera(broken)


@pytest.fixture(scope="module")
def process():
    """The process that a node has for it."""
    return FileProcess()


def test_a10_the_process_answers_as_the_code_in_it(process):
    """What the node hears from the other process is what was made there."""
    data = photo()
    assert process.clean(data) == traces.clean(data)
    small = process.thumbnail("a", data)
    assert small == pictures.thumbnail(data)
    assert process.thumbnail("a", b"is not asked again") == small
    assert process.thumbnail("b", b"no picture") is None


@pytest.mark.parametrize("end", ["import os; os.abort()", "while True: pass", "x = ' ' * 10**10"])
def test_a10_a_file_that_ends_the_process_ends_nothing_else(process, monkeypatch, end):
    """A crash, a hang and a hunger for memory each leave the file as it is, marked, in time."""
    monkeypatch.setattr("tansiq.node.file_process.PATIENCE_SECONDS", 2.0)
    monkeypatch.setattr("tansiq.node.file_process.COMMAND", ("-c", end))
    made = process.clean(b"anything")
    assert (made.traces, made.data) == ("kept", b"anything")
    assert process.thumbnail(end, b"anything") is None
