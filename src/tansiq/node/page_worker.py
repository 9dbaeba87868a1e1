"""The process that makes the pages of one list (``node.page_process``): what they say comes in, a
PDF goes out.
"""

import sys
from typing import Final

from tansiq.domain.bounds import MIB
from tansiq.gateways import typesetting
from tansiq.node.bounded import bound

MEMORY_BYTES_MAX: Final = 2_000 * MIB
CPU_SECONDS_MAX: Final = 30
ANSWER_BYTES_MAX: Final = 64 * MIB

if __name__ == "__main__":
    bound(
        memory=MEMORY_BYTES_MAX, seconds=CPU_SECONDS_MAX, answer_bytes=ANSWER_BYTES_MAX,
        threads=True,
    )  # fmt: skip
    sys.stdout.buffer.write(typesetting.pages(sys.stdin.buffer.read()))
