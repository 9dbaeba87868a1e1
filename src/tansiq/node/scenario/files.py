"""The sample's own small files, generated here: a sketch (PNG), a report (PDF), a list (text)."""

import struct
import zlib

from tansiq.desk.records.files import File

_WIDE, _HIGH = 240, 160


def file_named(name: str) -> File:
    """One of the three."""
    if name == "sketch":
        return File(name="sketch-of-marked-area.png", media_type="image/png", data=_sketch(),
                    traces="none")  # fmt: skip
    if name == "report":
        return File(name="bridge-survey.pdf", media_type="application/pdf", data=_report(),
                    traces="none")  # fmt: skip
    return File(name="قائمة-المواد.txt", media_type="text/plain", data=_LIST.encode("utf-8"),
                traces="none")  # fmt: skip


def _sketch() -> bytes:
    """A track between two fields and a hatched square: the area that was marked."""
    lines = b"".join(b"\0" + bytes(_colour(x, y) for x in range(_WIDE)) for y in range(_HIGH))
    palette = bytes((232, 226, 205, 150, 140, 120, 196, 60, 40, 120, 150, 90))
    head = struct.pack(">IIBBBBB", _WIDE, _HIGH, 8, 3, 0, 0, 0)
    parts = (b"IHDR" + head, b"PLTE" + palette, b"IDAT" + zlib.compress(lines, 9), b"IEND")
    chunks = (
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
        for part in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _colour(x: int, y: int) -> int:
    if 140 <= x <= 200 and 40 <= y <= 100:
        return 2 if (x + y) % 12 < 3 or x in (140, 200) or y in (40, 100) else 0
    if abs(y - 120 + x // 4) < 5:
        return 1
    return 3 if (x // 40 + y // 40) % 3 == 0 else 0


_LINES = (
    "Sample data (not real)",
    "Report on the bridge at Zummar, 18 April 2020",
    "Water above the roadway: 40 cm. Both approaches closed.",
    "Not known: state of the piers below water.",
    "Next look: when the level has fallen by one metre.",
)


def _report() -> bytes:
    """A PDF of one page."""
    shown = " ".join(f"({line}) Tj 0 -24 Td" for line in _LINES)
    content = f"BT /F1 14 Tf 60 760 Td {shown} ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (count, table, tail)


_LIST = """بيانات نموذجية (غير حقيقية)
مواد تضررت في سقيفة المولدة:
1. مولدة كهرباء، العدد: 1
2. خزان وقود فارغ، العدد: 1
3. لوحة توزيع، العدد: 1
"""
