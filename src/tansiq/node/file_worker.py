"""The process that looks into one file (``node.file_process``): the bytes come in, what they are
without traces of their making goes out, or a small picture. It may use so much memory and time, and
no more.
"""

import resource
import sys
from typing import Final

from tansiq.domain.bounds import BOUNDS, MIB
from tansiq.gateways import traces

MEMORY_BYTES_MAX: Final = 1_500 * MIB
CPU_SECONDS_MAX: Final = 20
ANSWER_BYTES_MAX: Final = 2 * BOUNDS.attachment_bytes_max


def bound() -> None:
    """Let this process have no more memory and time than one file may cost, and start no other."""
    for name, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES_MAX), (resource.RLIMIT_CPU, CPU_SECONDS_MAX),
        (resource.RLIMIT_FSIZE, ANSWER_BYTES_MAX), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):  # fmt: skip
        resource.setrlimit(name, (most, most))


def serve(what: str, data: bytes) -> bytes:
    """The answer about one file."""
    if what == "thumbnail":
        return traces.pictures.thumbnail(data) or b""
    made = traces.clean(data)
    return f"{made.media_type} {made.traces}\n".encode("ascii") + made.data


if __name__ == "__main__":
    bound()
    sys.stdout.buffer.write(serve(sys.argv[1], sys.stdin.buffer.read()))
