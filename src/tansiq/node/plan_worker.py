"""The process that solves one catch-up plan (``node.plan_process``): numbers come in, numbers go
out.
"""

import sys
from typing import Final

from tansiq.domain.bounds import MIB
from tansiq.gateways import planning
from tansiq.node.bounded import bound

MEMORY_BYTES_MAX: Final = 3_000 * MIB  # of addresses: the solver's libraries alone map a gigabyte
CPU_SECONDS_MAX: Final = 150  # of two processors, for at most sixty seconds
ANSWER_BYTES_MAX: Final = 1 * MIB

if __name__ == "__main__":
    bound(
        memory=MEMORY_BYTES_MAX, seconds=CPU_SECONDS_MAX, answer_bytes=ANSWER_BYTES_MAX,
        threads=True,
    )  # fmt: skip
    sys.stdout.buffer.write(planning.solved(sys.stdin.buffer.read()))
