"""One question to a process of our own, with bounds on memory and time: what goes wrong there ends
that process and nothing else. It knows no key, no table and no environment, gets nothing but the
bytes, and may write nothing but its answer.
"""

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Sequence


def answer(command: Sequence[str], data: bytes, seconds: float) -> bytes | None:
    """What ``python`` with these words says of the data; None where it fails, or takes longer."""
    try:
        with os.fdopen(os.memfd_create("answer"), "w+b") as out:
            done = subprocess.run(  # noqa: S603 - our own module
                [sys.executable, *command], input=data, stdout=out, stderr=subprocess.DEVNULL,
                check=False, timeout=seconds, env={}, cwd="/", start_new_session=True,
            )  # fmt: skip
            out.seek(0)
            return out.read() if done.returncode == 0 else None
    except (OSError, subprocess.SubprocessError):
        return None


class InTurn:
    """Asks one process after the other, for the parts of a node that make pages and plans. Any
    thread may ask; no more than ``waiting_max`` do at once, the one whose turn it is among them,
    for who waits holds a thread that draws pages.
    """

    def __init__(self, waiting_max: int) -> None:
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(waiting_max)

    def answer(self, command: Sequence[str], data: bytes, seconds: float) -> bytes | None:
        """As :func:`answer`; None too where nothing was answered, or too many wait."""
        if not self._places.acquire(blocking=False):
            return None
        try:
            with self._turn:
                return answer(command, data, seconds) or None
        finally:
            self._places.release()


def bound(*, memory: int, seconds: int, answer_bytes: int, threads: bool = False) -> None:
    """Let this process have no more memory (bytes) and time of a processor, and start no other.
    With ``threads`` it may have those: the system counts them as processes.
    """
    most = {
        resource.RLIMIT_AS: memory, resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: answer_bytes, resource.RLIMIT_CORE: 0,
        **({} if threads else {resource.RLIMIT_NPROC: 0}),
    }  # fmt: skip
    for name, value in most.items():
        resource.setrlimit(name, (value, value))
