"""Who uses the embedded server: the last one to leave stops it."""

import os
import uuid
from pathlib import Path

from filelock import FileLock, Timeout


class Handle:
    """One user of the server: a file that is locked for as long as this user lives.

    The kernel drops the lock of a process that was killed, so a dead user is recognised without trusting
    process numbers (which are reused) or clocks.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"{os.getpid()}-{uuid.uuid4().hex[:8]}.lock"
        # Not bound to a thread: what the main thread took, a handler at exit may release.
        self._lock = FileLock(self._file, thread_local=False, mode=0o600)
        self._lock.acquire(timeout=0)

    def release(self) -> None:
        """Stop being a user."""
        self._lock.release()
        self._file.unlink(missing_ok=True)


def living_users(folder: Path) -> list[int]:
    """Return the process numbers of all users, and forget the dead ones. Call it under the server's lock."""
    living = []
    for file in sorted(folder.glob("*.lock")):
        probe = FileLock(file, thread_local=False)
        try:
            probe.acquire(timeout=0)
        except Timeout:
            living.append(int(file.name.partition("-")[0]))
        else:
            probe.release()
            file.unlink(missing_ok=True)
    return living
