"""Whether the embedded PostgreSQL could be created in its folder. Only looks, and creates nothing."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from boostmon.adapters.postgres.embedded import EmbeddedPostgres, EmbeddedPostgresError, EmbeddedPostgresMissingError
from boostmon.adapters.postgres.embedded.programs import require_packages
from boostmon.entrypoints.doctor.finding import Finding

ROOM = 100_000_000
"""Bytes that a new cluster takes, with a copy of the programs."""
ELSEWHERE = "set BOOSTMON_DATA_DIR to a folder that you may write to"
_REMEDIES = ("Set ", "Either ", "It needs ")
_ROOT = 0


def is_there(embedded: EmbeddedPostgres) -> bool:
    """Whether a cluster is there, as far as this account can see."""
    try:
        return embedded.is_set_up()
    except OSError:  # a folder above may not be entered
        return False


def start_finding(error: EmbeddedPostgresError) -> Finding:
    """Why the embedded server does not start, and the remedy, which is the last sentence of most reasons."""
    reason = " ".join(error.reason.split())
    what, _, last = reason.rpartition(". ")
    if what and last.startswith(_REMEDIES):
        return Finding(f"Database: {what}", last)
    return Finding(f"Database: {reason}", "boostmon cannot start until that is put right")


def folder_findings(folder: Path) -> Iterator[Finding]:
    """One finding on where the first start would make the cluster; another where its account may not get there."""
    try:
        require_packages()
    except EmbeddedPostgresMissingError as error:
        yield Finding("Database: no DATABASE_URL, and the embedded PostgreSQL is not installed", error.reason)
        return
    nearest = next((one for one in (folder, *folder.parents) if _exists(one)), folder.parents[-1])
    problem = _problem(folder, nearest)
    if problem is not None:
        yield problem
        return
    yield Finding(f"Database: the embedded PostgreSQL, which the first start makes in {folder}")
    if (barred := _barred(folder)) is not None:
        yield Finding(
            f"Database: PostgreSQL does not run as root, and the account that it runs as may not enter {barred}",
            "set BOOSTMON_DATA_DIR to a folder that it may reach, such as /var/lib/boostmon, "
            "or run BoostMon as an ordinary user",
            hint=True,
        )


def _problem(folder: Path, nearest: Path) -> Finding | None:
    try:
        found = _of_rights(folder, nearest) or _of_room(nearest)
    except OSError as error:
        found = f"{nearest}: {error.strerror}", ELSEWHERE
    if found is None:
        return None
    why, remedy = found
    return Finding(f"Database: the embedded PostgreSQL cannot be made in {folder}: {why}", remedy)


def _of_rights(folder: Path, nearest: Path) -> tuple[str, str] | None:
    """What is wrong with the nearest folder that is there, and what to do."""
    owner = nearest.stat().st_uid
    if not nearest.is_dir():
        return f"{nearest} is not a folder", ELSEWHERE
    if not os.access(nearest, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        return f"{nearest} may not be written to by {_me()}", ELSEWHERE
    if nearest == folder and _is_root() and owner != _ROOT:
        return f"it belongs to another account (#{owner})", f"run BoostMon as that one; or {ELSEWHERE}"
    return None


def _of_room(nearest: Path) -> tuple[str, str] | None:
    disk = shutil.disk_usage(nearest)
    if not disk.total:
        return f"{nearest} is the system's own and takes no files", ELSEWHERE
    if disk.free < ROOM:
        return (
            f"{nearest} has room for {disk.free // 1_000_000} MB",
            f"it needs some {ROOM // 1_000_000} MB: make room, or set BOOSTMON_DATA_DIR to a folder that has it",
        )
    return None


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except OSError:
        return False
    return True


def _barred(folder: Path) -> Path | None:
    """The topmost folder above that other accounts may not enter, where root would start PostgreSQL as another."""
    if not _is_root():
        return None
    above = (parent for parent in reversed(folder.parents) if _exists(parent))
    return next((parent for parent in above if not parent.stat().st_mode & stat.S_IXOTH), None)


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == _ROOT


def _me() -> str:
    return "this account" if sys.platform == "win32" else f"this account (#{os.geteuid()})"
