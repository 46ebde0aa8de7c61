"""The system account that PostgreSQL runs as, since it refuses to run as root."""

import logging
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from boostmon.adapters.postgres.embedded.errors import EmbeddedPostgresError

logger = logging.getLogger(__name__)

_ROOT = 0
_PRIVATE = 0o700
_FALLBACK = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """An account other than our own, that our child processes change to."""

    name: str
    uid: int
    gid: int


def account_for(cluster: Path, name: str) -> Account | None:
    """Return whom PostgreSQL runs as, or None when that is simply ourselves (we are not root).

    As root, a cluster that exists stays with its owner; a new one gets the account `name`, which is made if
    need be, or `nobody` on systems where that fails.
    """
    if sys.platform == "win32" or os.geteuid() != _ROOT:
        return None
    import pwd  # exists on POSIX only

    if cluster.exists() and (owner := cluster.stat()).st_uid != _ROOT:
        return Account(f"#{owner.st_uid}", owner.st_uid, owner.st_gid)
    for candidate in (name, _FALLBACK):
        try:
            entry = pwd.getpwnam(candidate)
        except KeyError:
            if candidate == _FALLBACK or not _add_account(candidate):
                continue
            entry = pwd.getpwnam(candidate)
        if candidate != name:
            logger.warning("PostgreSQL runs as %s, because the account %s cannot be made", candidate, name)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresError(
        f"PostgreSQL must not run as root, and neither the account {name!r} nor {_FALLBACK!r} exists: "
        "run BoostMon as an ordinary user, or add such an account"
    )


def require_own(folder: Path, private: Path) -> None:
    """Make sure that nobody else can change what stands in `folder`, and nobody can enter `private`, which is in it.

    Raises:
        PermissionError: as root, where one of them belongs to another account, which could lead root elsewhere by it.
    """
    if sys.platform == "win32":
        return
    for path, found in ((folder, folder.stat()), (private, private.lstat())):
        if os.geteuid() == _ROOT and found.st_uid != _ROOT:
            raise PermissionError(f"{path} belongs to another account (#{found.st_uid}): run BoostMon as that one")
    if not stat.S_ISDIR(private.lstat().st_mode):
        raise PermissionError(f"{private} is not a folder")
    if stat.S_IMODE(private.lstat().st_mode) != _PRIVATE:
        private.chmod(_PRIVATE)


def require_access(folder: Path, account: Account) -> None:
    """Make sure that `account` may enter `folder`, our own; no folder above it is ever changed.

    Raises:
        EmbeddedPostgresError: a folder above bars the way; it is named, with the remedy.
    """
    mode = folder.stat().st_mode
    if not mode & 0o001:
        folder.chmod(mode | 0o011)  # enter, not list
    if _run_as(account, "test", "-x", str(folder)):
        return
    barred = next((p for p in reversed(folder.parents) if not _run_as(account, "test", "-x", str(p))), folder)
    raise EmbeddedPostgresError(
        f"PostgreSQL must not run as root, and the account {account.name} that it runs as may not enter "
        f"{barred}: "
        "set BOOSTMON_DATA_DIR to a folder that it may reach, such as /var/lib/boostmon, "
        "or run BoostMon as an ordinary user"
    )


def _run_as(account: Account, *command: str) -> bool:
    # Only the system itself knows the answer: besides mode bits there are ACLs and mount options.
    return not subprocess.run(  # noqa: S603  fixed words and our own paths, no shell
        command,
        check=False,
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        env={"PATH": os.defpath},  # the account can read the environment of its processes
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ).returncode


def _add_account(name: str) -> bool:
    commands = (
        "useradd --system --user-group --no-create-home --shell /sbin/nologin",
        "adduser -S -D -H -s /sbin/nologin",  # BusyBox
    )
    for words in commands:
        command, *options = words.split()
        if (program := shutil.which(command)) is None:
            continue
        made = subprocess.run(  # noqa: S603  fixed words, no shell
            (program, *options, name), check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if not made.returncode:
            logger.warning("Added the system account %s for the embedded PostgreSQL", name)
            return True
        logger.warning("%s failed: %s", command, made.stderr.strip())
    return False
