"""The process that looks into one file (``node.file_process``): the bytes come in, what they are
without traces of their making goes out, or a small picture, or the rows of a workbook. It may use
so much memory and time, and no more.
"""

import sys
from typing import Final

import msgspec

from tansiq.domain.bounds import BOUNDS, MIB
from tansiq.domain.errors import InputError
from tansiq.gateways import traces
from tansiq.node.bounded import bound

MEMORY_BYTES_MAX: Final = 1_500 * MIB
CPU_SECONDS_MAX: Final = 20
ANSWER_BYTES_MAX: Final = 2 * BOUNDS.attachment_bytes_max


def serve(what: str, data: bytes) -> bytes:
    """The answer about one file."""
    if what == "rows":
        return _rows(data)
    if what == "thumbnail":
        return traces.pictures.thumbnail(data) or b""
    made = traces.clean(data)
    return f"{made.media_type} {made.traces}\n".encode("ascii") + made.data


def _rows(data: bytes) -> bytes:
    """The rows, or the code and the values of why there are none."""
    from tansiq.gateways import workbook  # noqa: PLC0415 - slow to import, and for this alone

    try:
        return msgspec.msgpack.encode(workbook.rows(data))
    except InputError as error:
        return msgspec.msgpack.encode({"code": error.code, **error.values})


if __name__ == "__main__":
    bound(memory=MEMORY_BYTES_MAX, seconds=CPU_SECONDS_MAX, answer_bytes=ANSWER_BYTES_MAX)
    sys.stdout.buffer.write(serve(sys.argv[1], sys.stdin.buffer.read()))
