"""A wire between two processes that counts what passes, bytes in both directions together."""

import socket
import threading
import time
from contextlib import suppress

_PART = 262_144


class CountingWire:
    """Listens on a port of its own and passes everything on to ``target``; counts every byte."""

    part = _PART

    def __init__(self, target: int = 0) -> None:
        self.bytes = 0
        self.target = target
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def pace(self, size: int, forth: bool) -> None:  # noqa: FBT001 - a direction
        """Wait as long as so many bytes take; ``forth``: towards the target."""

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(self.part):
                with self._lock:
                    self.bytes += len(part)
                self.pace(len(part), sink.getpeername()[1] == self.target)
                sink.sendall(part)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class SlowWire(CountingWire):
    """A wire that carries so many bytes a second each way, all connections together."""

    part = 4_096

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._free = {True: 0.0, False: 0.0}  # from when on each way is free
        super().__init__()

    def pace(self, size: int, forth: bool) -> None:  # noqa: FBT001 - a direction
        """Wait for the way, and as long as these bytes take."""
        with self._lock:
            begin = max(time.monotonic(), self._free[forth])
            self._free[forth] = begin + size / self._rate
        time.sleep(max(0.0, begin + size / self._rate - time.monotonic()))
