"""`make planted`: each planted bug in a copy of the project, and whether the tests that it names catch it."""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.planted.bugs import Bug, faults, listed

ROOT = Path(__file__).parents[2]
SECONDS = 20
"""In which a bug is to be caught, on a quiet machine."""
GIVE_UP_SECONDS = 90
PATIENCE = "10"
"""Seconds that a test waits for what may never come now."""
TESTS_FAILED, FINE = 1, 0
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Plant them one after the other. 0 if each was caught."""
    parser = argparse.ArgumentParser(prog="make planted", description=__doc__)
    parser.add_argument("words", nargs="*", help="only bugs with one of these words in their name or file")
    words = parser.parse_args(arguments).words
    bugs = [bug for bug in listed() if not words or any(word in f"{bug.name} {bug.file}" for word in words)]
    wrong = [fault for bug in bugs for fault in faults(bug, ROOT)]
    for fault in wrong:
        print(f"does not apply: {fault}")
    if wrong:
        return 1
    with tempfile.TemporaryDirectory() as folder:
        _copy(Path(folder))
        if not _passes_as_it_is(bugs, Path(folder)):
            return 1
        caught = [_is_caught(bug, Path(folder), number) for number, bug in enumerate(bugs)]
    print(f"{sum(caught)} of {len(bugs)} planted bugs were caught")
    return int(not all(caught))


def _copy(folder: Path) -> None:
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 (whichever git there is)
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout
    for name in filter(None, files.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())


def _passes_as_it_is(bugs: Sequence[Bug], folder: Path) -> bool:
    """What fails without a bug would seem to catch every one."""
    tests = sorted({test for bug in bugs for test in bug.tests})
    code, said = _run(tests, folder, GIVE_UP_SECONDS * 5)
    if code != FINE:
        print(f"the tests do not pass as they are:\n{said[-3000:]}")
    return code == FINE


def _is_caught(bug: Bug, folder: Path, number: int) -> bool:
    file = folder / bug.file
    before, written = file.read_text("utf-8"), file.stat().st_mtime
    file.write_text(bug.planted_in(before), "utf-8")
    # A time that it never had: by it and the size Python knows whether what it compiled is still good.
    os.utime(file, (written + 10, written + 10 + number))
    began, spent_before = time.monotonic(), _spent()
    try:
        code, said = _run(bug.tests, folder, GIVE_UP_SECONDS, {"BOOSTMON_TEST_PATIENCE": PATIENCE})
    finally:
        file.write_text(before, "utf-8")
        os.utime(file, (written, written))
    seconds = time.monotonic() - began
    if code != TESTS_FAILED:
        print(f"NOT CAUGHT  {bug.name}: {bug.harm}", flush=True)
        return False
    failed = _FAILED.search(said)
    late = f"  <- more than {SECONDS} s" if seconds > SECONDS else ""
    spent = _spent() - spent_before
    by = failed.group(1) if failed else "?"
    print(f"caught in {seconds:4.0f} s ({spent:.0f} s of processor time){late}  {bug.name}  by {by}", flush=True)
    return True


def _spent() -> float:
    """What the tests have spent of processor time so far, without that of their database server."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _run(
    tests: Sequence[str], folder: Path, seconds: float, settings: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """pytest's exit code for these tests, in the copy, and what it said. A run without end counts as a failure."""
    environment = {**os.environ, "PYTHONPATH": str(folder), **(settings or {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "--tb=line", "-p", "no:cacheprovider", *tests]
    try:
        ran = subprocess.run(  # noqa: S603 (the tests of the list)
            command, cwd=folder, env=environment, timeout=seconds, capture_output=True, text=True, check=False
        )
    except subprocess.TimeoutExpired:
        return TESTS_FAILED, "FAILED (it did not end)"
    return ran.returncode, ran.stdout + ran.stderr


if __name__ == "__main__":
    sys.exit(main())
