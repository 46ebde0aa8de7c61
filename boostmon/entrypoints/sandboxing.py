"""`boostmon sandbox`: the real bot as a process of its own, on a Discord on loopback, with time as fast as wanted."""

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from boostmon.adapters.clock import SpedUpClock, SystemClock
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.domain.errors import BoostMonError

if TYPE_CHECKING:
    from boostmon.sandbox.bot import SubprocessBot
    from boostmon.sandbox.server import LoopbackDiscord

TOUR_SPEED = 60.0
STARTING = " with a PostgreSQL of its own, which takes some seconds"
TRIES = (
    "/settime user:@alice role:@VIP duration:2m reason:Won the raffle",
    "/timeleft user:@alice",
    "/addtime user:@alice duration:1h",
)


class SandboxMissing(BoostMonError):
    """The extra `sandbox` is not installed."""

    def __str__(self) -> str:
        return 'The sandbox is not installed. Install it with: pip install "boostmon[sandbox]"'


class ScriptUnreadable(BoostMonError):
    """The file of a script is no text."""

    def __init__(self, script: Path, why: str) -> None:
        super().__init__(f"{script} cannot be played: {why}")


def play(*, script: Path | None, speed: float | None, interactive: bool) -> int:
    """Runs the sandbox to its end, and returns the exit code: 1 when a line of a script failed.

    The bot gets an embedded database in a temporary folder, which is removed at the end: the sandbox touches neither
    `DATABASE_URL` nor the user's own data.

    Raises:
        SandboxMissing: the extra is not installed.
        ScriptUnreadable: `script` is not UTF-8 text.
    """
    lines = None if interactive and script is None else lines_of(script)
    pace = speed if speed is not None else (TOUR_SPEED if script is None and not interactive else 1.0)
    with _hang_up_as_exit(), stage(pace) as (discord, bot):
        from boostmon.sandbox.console import run_console

        return run_console(
            discord,
            bot,
            lines,
            interactive=interactive,
            history=_history() if interactive else None,
            starting=STARTING,
            tries=TRIES,
        )


@contextmanager
def stage(pace: float) -> Iterator[tuple["LoopbackDiscord", "SubprocessBot"]]:
    """A Discord that listens, and the bot for it, which is not started yet; time runs `pace` times as fast.

    Raises:
        SandboxMissing: the extra is not installed.
    """
    try:
        from boostmon.sandbox.bot import SubprocessBot
        from boostmon.sandbox.server import LoopbackDiscord
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("boostmon"):
            raise
        raise SandboxMissing from error

    origin = SystemClock().now()
    clock = SpedUpClock(origin, pace)
    with _home() as folder, LoopbackDiscord(clock.now) as discord:
        environment = bot_environment(
            {
                "DISCORD_TOKEN": discord.token,
                "BOOSTMON_DISCORD_API_URL": discord.url,
                "BOOSTMON_DATA_DIR": str(folder),
                "BOOSTMON_CLOCK_SPEED": str(pace),
                "BOOSTMON_CLOCK_ORIGIN": origin.isoformat(),
            }
        )
        # In the empty folder, so that no .env of the user's applies.
        yield discord, SubprocessBot([sys.executable, "-m", "boostmon", "run"], environment, folder=folder)


def lines_of(script: Path | None) -> list[str]:
    """The lines of a script, or those of the tour.

    Raises:
        ScriptUnreadable: it is not UTF-8 text, or cannot be opened.
    """
    if script is not None:
        try:
            return script.read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise ScriptUnreadable(script, "it is not UTF-8 text") from None
        except OSError as error:
            raise ScriptUnreadable(script, str(error.strerror)) from error
    return files("boostmon.entrypoints").joinpath("tour.txt").read_text(encoding="utf-8").splitlines()


def bot_environment(ours: Mapping[str, str]) -> dict[str, str]:
    """The user's environment without any setting of BoostMon or of PostgreSQL's library, and ours."""
    kept = {name: value for name, value in os.environ.items() if not _is_setting(name.upper())}
    return {**kept, **ours, "PYTHONUNBUFFERED": "1"}


def _is_setting(name: str) -> bool:
    return name.startswith(("BOOSTMON_", "PG")) or name in {"DATABASE_URL", "DATABASE_DIRECT_URL", "DISCORD_TOKEN"}


@contextmanager
def _home() -> Iterator[Path]:
    """A folder for the bot's data. A database server that a killed bot left running there ends with it."""
    with tempfile.TemporaryDirectory(prefix="boostmon-sandbox-") as name:
        folder = Path(name)
        try:
            yield folder
        finally:
            left = EmbeddedPostgres(folder)
            if left.is_running():
                left.start()
                left.stop()


@contextmanager
def _hang_up_as_exit() -> Iterator[None]:
    """A terminal that is closed leaves no bot behind."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGHUP, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def _history() -> Path | None:
    """Where typed lines are remembered; None where nothing may be written."""
    try:
        return user_state_path("boostmon", ensure_exists=True) / "sandbox-history"
    except OSError:
        return None
