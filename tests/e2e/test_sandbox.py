"""`boostmon sandbox` as a process: the tour, scripts, and a person at a terminal."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.e2e.program import Start, environment
from tests.support.patience import PATIENCE
from tests.support.postgres import reachable_folder

SCRIPTS = Path(__file__).parent / "scripts"
NOWHERE = "postgresql://nobody:hunter2@127.0.0.1:1/nothing"


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Where the sandbox keeps what lasts as long as it does."""
    with reachable_folder() as folder:
        yield folder


def test_the_tour_plays_to_its_end(start: Start, temporary: Path) -> None:
    ended = start("sandbox", TMPDIR=str(temporary)).ended(within=PATIENCE)
    assert ended.code == 0, ended.output
    assert "✗" not in ended.output
    assert "Traceback" not in ended.output
    assert "The bot ended with exit code 0." in ended.output
    assert processes_in(temporary) == []
    assert list(temporary.iterdir()) == []


def test_what_is_in_the_way_is_told_once_and_over_when_it_is_mended(start: Start) -> None:
    ended = start("sandbox", "--script", str(SCRIPTS / "obstacle.txt"), "--speed", "60").ended(within=PATIENCE)
    assert ended.code == 0, ended.output
    assert ended.output.count("I could not take a role\n") == 1
    assert "Traceback" not in ended.output


def test_bad_input_gets_its_own_hidden_text(start: Start) -> None:
    ended = start("sandbox", "--script", str(SCRIPTS / "bad_input.txt"), "--speed", "1000").ended(within=PATIENCE)
    assert ended.code == 0, ended.output


def test_a_failed_expectation_is_named_by_its_line(start: Start, tmp_path: Path, temporary: Path) -> None:
    """In a folder and with settings that would lead elsewhere, if the sandbox read them."""
    (tmp_path / ".env").write_text(f"DATABASE_URL={NOWHERE}\nBOOSTMON_STORAGE=nowhere\n")
    script = tmp_path / "script.txt"
    script.write_text(
        "# A bot that is killed leaves no server behind.\n"
        "/settime user:@alice role:@VIP duration:2h\n"
        "expect @alice has @VIP\n"
        "bot kill\n"
        "\n"
        "expect @alice has @Supporter\n"
        "expect @alice has @VIP\n"
    )
    program = start(
        *("sandbox", "--script", str(script)),
        DATABASE_URL=NOWHERE,
        DISCORD_TOKEN="no-token",
        BOOSTMON_LEASE="1ms",
        TMPDIR=str(temporary),
    )
    ended = program.ended(within=PATIENCE)
    assert ended.code == 1, ended.output
    assert "✗ line 6: expect @alice has @Supporter" in ended.output
    assert "@alice has @VIP" in ended.output.partition("✗ line 6")[2]
    assert "> expect @alice has @VIP" not in ended.output.partition("✗ line 6")[2]
    assert processes_in(temporary) == []
    assert list(temporary.iterdir()) == []


def test_a_person_at_a_terminal(tmp_path: Path, temporary: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    settings = environment(HOME=str(home), XDG_STATE_HOME=str(home / "state"), TERM="xterm", TMPDIR=str(temporary))
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "boostmon", "sandbox"],
        env=settings,
        cwd=tmp_path,
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
    )
    os.close(end)
    screen = Screen(terminal)
    try:
        screen.shows("@mod", within=60)
        screen.types("/timeleft")
        screen.shows("No timed roles", within=60)
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        screen.types("quit")
        assert process.wait(60) == 0
        gone, alive = psutil.wait_procs(children, timeout=30)
        assert (len(gone), alive) == (len(children), [])
        assert processes_in(temporary) == []
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
    assert (home / "state" / "boostmon" / "sandbox-history").exists()


class Screen:
    """The other end of a terminal."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._text = ""

    def types(self, line: str) -> None:
        """Types a line and presses Enter."""
        self._text = ""
        os.write(self._terminal, line.encode() + b"\r")

    def shows(self, text: str, within: float) -> None:
        """Waits until `text` is there."""
        deadline = time.monotonic() + within
        while text not in self._text:
            left = deadline - time.monotonic()
            assert left > 0, f"{text!r} did not appear, but:\n{self._text}"
            if select.select([self._terminal], [], [], left)[0]:
                self._text += os.read(self._terminal, 65536).decode(errors="replace")


def processes_in(folder: Path) -> list[str]:
    """Processes that were started with a path in `folder`."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if any(str(folder) in word for word in words):
            found.append(" ".join(words))
    return found
