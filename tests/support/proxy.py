"""A way to a PostgreSQL on which a test can let things go wrong."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.postgres import Server, reachable_folder

_CHUNK = 65536
_PORT = 5432


class Proxy:
    """Carries bytes between clients and a server's Unix socket.

    `cut_after(mark)`: the next message of a client that contains `mark` reaches the server, which acts on it; the
    answer does not come back, and the connection breaks. `freeze()`: nothing is carried any more, nothing breaks.
    """

    def __init__(self, server: Server, folder: Path) -> None:
        self._target = f"{server.host}/.s.PGSQL.{server.port}"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(f"{folder}/.s.PGSQL.{_PORT}")
        self._listener.listen()
        self._carrying = threading.Event()
        self._carrying.set()
        self._mark: bytes | None = None
        self._lock = threading.Lock()
        self._open: list[socket.socket] = [self._listener]
        self.cuts = 0
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    def cut_after(self, mark: bytes) -> None:
        self._mark = mark

    def freeze(self) -> None:
        self._carrying.clear()

    def thaw(self) -> None:
        self._carrying.set()

    def close(self) -> None:
        """Breaks everything off."""
        self._carrying.set()
        with self._lock:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                with self._lock:
                    self._open += [client, server]
                doomed = threading.Event()
                for source, target, is_client in ((client, server, True), (server, client, False)):
                    threading.Thread(
                        target=self._carry, args=(source, target, doomed, is_client), name="proxy", daemon=True
                    ).start()

    def _carry(self, source: socket.socket, target: socket.socket, doomed: threading.Event, is_client: bool) -> None:
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                self._carrying.wait()
                if is_client and self._mark is not None and self._mark in chunk:
                    self._mark = None
                    doomed.set()
                elif not is_client and doomed.is_set():
                    self.cuts += 1
                    break  # the server has acted: this is its answer
                target.sendall(chunk)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(server: Server) -> Iterator[tuple[Proxy, Server]]:
    """A proxy before `server`, and how to reach it."""
    with reachable_folder() as folder:
        proxy = Proxy(server, folder)
        try:
            yield proxy, Server(host=str(folder), port=_PORT, user=server.user)
        finally:
            proxy.close()
