"""Reads and writes files in a folder of a less privileged account, without being led elsewhere by it."""

import os
import stat
from pathlib import Path

_NOT_ELSEWHERE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""No symbolic link is followed, and no pipe waited for; Windows has neither, nor an account to be careful of."""
_MOST = 256 * 1024


def read_text(path: Path) -> str:
    """The end of a file, 256 KiB at most.

    Raises:
        OSError: it is not there, or is not an ordinary file.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | _NOT_ELSEWHERE), "rb") as file:
        found = os.fstat(file.fileno())
        _require_file(path, found)
        file.seek(max(found.st_size - _MOST, 0))
        return file.read(_MOST).decode(errors="replace")


def write_text(path: Path, text: str) -> None:
    """Writes an ordinary file anew, which only its owner may read where it was not there before.

    Raises:
        OSError: it cannot be written, or is not an ordinary file.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | _NOT_ELSEWHERE, 0o600), "wb") as file:
        _require_file(path, os.fstat(file.fileno()))
        file.truncate()
        file.write(text.encode())


def _require_file(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise OSError(f"{path} is not an ordinary file")
