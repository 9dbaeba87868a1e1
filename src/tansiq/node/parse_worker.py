"""Reading long runs of a partner's entries in a process of its own, so that a node that takes them
has both hands free: what the next entries say is worked out while the ones before are written.

What must hold: the answer is the same as without the process, whatever happens to it. It is started
with a node that has partners, or when one says that it has more, and used once it is ready; where
it dies, hangs or answers nonsense, the rest is read here, and the next run starts another. It knows
no key and no table, and ends when the node does: its end of the line is closed then, however the
node went.

On the line, both ways: four bytes of length, big-endian, then MessagePack. A question is some
entries; the answer is what they say, with null for what is no edition, or the code of a fault.
"""

import os
import select
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from tansiq.board.reading import Content, ReceivedEdition, read_run
from tansiq.domain.bounds import BOUNDS
from tansiq.domain.errors import ParcelError
from tansiq.node import garbage

PART: Final = 64  # entries of one answer
AT_ONCE: Final = 2  # parts that it is asked for before it answers
PATIENCE_SECONDS: Final = 20.0
END_SECONDS: Final = 2.0
_LENGTH_BYTES: Final = 4
_READY: Final = "ready"
_FRAME_BYTES_MAX: Final = 4 * BOUNDS.parcel_plain_bytes_max

_Question = list[bytes]
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_QUESTION: Final = msgspec.msgpack.Decoder(_Question)
_ANSWER: Final = msgspec.msgpack.Decoder(list[ReceivedEdition | None] | str)


class ParseProcess:
    """The other process, as the node sees it. One run at a time: call it inside an act.

    ``noted`` hears when it was given up.
    """

    least = 2 * PART

    def __init__(self, noted: Callable[[], None] = lambda: None) -> None:
        self._noted = noted
        self._child: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._ready = False
        self._asked: deque[int] = deque()  # the parts that it has not answered yet
        self._next = 0  # the first part that nobody has begun

    def expect(self) -> None:
        """Start it, where it is not there yet."""
        if self._line is None:
            self._start()

    def read(self, run: Sequence[bytes]) -> Iterator[Sequence[Content]]:
        """What these entries of a partner's feed say, in order, in parts. Raises ParcelError for
        bytes that are not canonical.
        """
        if self._asked:
            self.close()  # whoever asked before has not heard the answers to their end
        parts = [run[at : at + PART] for at in range(0, len(run), PART)]
        self._next = 0
        self._ask(self._ready_line(), parts)
        return self._answers(parts)

    def close(self) -> None:
        """End it."""
        line, self._line = self._line, None
        child, self._child = self._child, None
        self._ready = False
        self._asked.clear()
        if line is not None:
            line.close()
        if child is not None:
            try:
                child.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _give_up(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._noted()
        self.close()

    def _ready_line(self) -> socket.socket | None:
        """The line to the process once it is ready; starts one where there is none."""
        self.expect()
        if self._line is not None and not self._ready:
            self._line.settimeout(0)
            try:
                self._ready = _ANSWER.decode(_receive(self._line)) == _READY
            except BlockingIOError:
                return None  # it is still on its way
            except (OSError, msgspec.MsgspecError):
                self._give_up()
                return None
            self._line.settimeout(PATIENCE_SECONDS)
        return self._line

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._child = subprocess.Popen(  # noqa: S603 - our own module
                    [sys.executable, "-m", "tansiq.node.parse_worker", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for the node, which ends it
                )  # fmt: skip
            except OSError:  # no memory, no more processes: the node reads by itself
                ours.close()
                return
        self._line = ours

    def _ask(self, line: socket.socket | None, parts: Sequence[Sequence[bytes]]) -> None:
        """Keep the process busy: one part under its hands and one ready for it."""
        try:
            while line is not None and len(self._asked) < AT_ONCE and self._next < len(parts):
                _send(line, _ENCODE(parts[self._next]))
                self._asked.append(self._next)
                self._next += 1
        except OSError:
            self._give_up()

    def _answers(self, parts: Sequence[Sequence[bytes]]) -> Iterator[Sequence[Content]]:
        """All parts in order. Where the process has not finished the one that is wanted, the next
        that it was not asked for is read here.
        """
        read: dict[int, Sequence[Content]] = {}
        for wanted in range(len(parts)):
            while wanted not in read:
                if wanted in self._asked and (self._answered() or self._next == len(parts)):
                    self._hear(parts, read)
                elif wanted in self._asked:
                    read[self._next] = read_run(parts[self._next])
                    self._next += 1
                else:  # it was given up
                    read[wanted] = read_run(parts[wanted])
                    self._next = max(self._next, wanted + 1)
                self._ask(self._ready_line() if self._line else None, parts)
            yield read.pop(wanted)

    def _answered(self) -> bool:
        return bool(self._line and select.select([self._line], [], [], 0)[0])

    def _hear(
        self,
        parts: Sequence[Sequence[bytes]],
        read: dict[int, Sequence[Content]],
    ) -> None:
        assert self._line is not None
        number = self._asked[0]
        try:
            answer = _ANSWER.decode(_receive(self._line))
            if isinstance(answer, str):
                raise ParcelError(answer)
            read[number] = [
                told if told is not None else read_run([data])[0]
                for told, data in zip(answer, parts[number], strict=True)
            ]
            self._asked.popleft()
        except (OSError, ValueError):  # gone, silent, or it speaks nonsense
            self._give_up()


def _send(line: socket.socket, data: bytes) -> None:
    line.sendall(len(data).to_bytes(_LENGTH_BYTES, "big") + data)


def _receive(line: socket.socket) -> bytes:
    """One frame. Raises OSError where the line ends, ValueError where it is too long."""
    length = int.from_bytes(_exactly(line, _LENGTH_BYTES), "big")
    if length > _FRAME_BYTES_MAX:
        raise ValueError
    return bytes(_exactly(line, length))


def _exactly(line: socket.socket, count: int) -> bytearray:
    data = bytearray(count)
    view, at = memoryview(data), 0
    while at < count:
        got = line.recv_into(view[at:])
        if not got:
            raise ConnectionError
        at += got
    return data


def serve(line: socket.socket) -> None:
    """Answer until the line ends."""
    garbage.settle(garbage.READING)
    _send(line, _ENCODE(_READY))
    while True:
        try:
            run = _QUESTION.decode(_receive(line))
            part = [one if isinstance(one, ReceivedEdition) else None for one in read_run(run)]
            _send(line, _ENCODE(part))
        except ParcelError as fault:
            _send(line, _ENCODE(fault.code))
        except OSError:
            return


def apart() -> bool:
    """Whether this machine has a processor to spare for it."""
    return len(os.sched_getaffinity(0)) > 1


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
