"""Whether the embedded PostgreSQL could be made in its folder. Looks only: nothing is made for it."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from boostmon.adapters.postgres.embedded import EmbeddedPostgres, EmbeddedPostgresMissingError
from boostmon.adapters.postgres.embedded.programs import require_packages
from boostmon.entrypoints.doctor.finding import Finding

ROOM = 100_000_000
"""Bytes that a new cluster takes, with a copy of the programs."""
ELSEWHERE = "set BOOSTMON_DATA_DIR to a folder that you may write to"
_ROOT = 0


def is_there(embedded: EmbeddedPostgres) -> bool:
    """Whether a cluster is there, as far as this account can see."""
    try:
        return embedded.is_set_up()
    except OSError:  # a folder above may not be entered
        return False


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
    cannot = f"Database: the embedded PostgreSQL cannot be made in {folder}"
    try:
        is_folder, owner, free = nearest.is_dir(), nearest.stat().st_uid, shutil.disk_usage(nearest).free
    except OSError as error:
        return Finding(f"{cannot}: {nearest}: {error.strerror}", ELSEWHERE)
    if not is_folder:
        return Finding(f"{cannot}: {nearest} is no folder", ELSEWHERE)
    if not os.access(nearest, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        return Finding(f"{cannot}: {nearest} may not be written to by {_me()}", ELSEWHERE)
    if nearest == folder and _is_root() and owner != _ROOT:
        return Finding(
            f"{cannot}: it belongs to another account (#{owner})", f"run BoostMon as that one; or {ELSEWHERE}"
        )
    if free < ROOM:
        need = f"it needs some {ROOM // 1_000_000} MB"
        return Finding(
            f"{cannot}: {nearest} has room for {free // 1_000_000} MB",
            f"{need}: make room, or set BOOSTMON_DATA_DIR to a folder on a disk that has it",
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
