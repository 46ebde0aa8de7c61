"""`boostmon sandbox`: the real bot as a process of its own, on a Discord on loopback, with time as fast as wanted."""

import os
import sys
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from platformdirs import user_state_path

from boostmon.adapters.clock import SpedUpClock, SystemClock
from boostmon.domain.errors import BoostMonError

TOUR_SPEED = 60.0


class SandboxMissing(BoostMonError):
    """The extra `sandbox` is not installed."""

    def __str__(self) -> str:
        return 'The sandbox is not installed. Install it with: pip install "boostmon[sandbox]"'


def play(*, script: Path | None, speed: float | None, interactive: bool) -> int:
    """Runs the sandbox to its end, and returns the exit code: 1 when a line of a script failed.

    The bot gets an embedded database in a temporary folder, which is removed at the end: the sandbox touches neither
    `DATABASE_URL` nor the user's own data.

    Raises:
        SandboxMissing: the extra is not installed.
    """
    try:
        from boostmon.sandbox.bot import SubprocessBot
        from boostmon.sandbox.console import run_console
        from boostmon.sandbox.server import LoopbackDiscord
    except ModuleNotFoundError as error:
        raise SandboxMissing from error

    lines = None if interactive and script is None else _script(script).splitlines()
    pace = speed if speed is not None else (TOUR_SPEED if script is None and not interactive else 1.0)
    origin = SystemClock().now()
    clock = SpedUpClock(origin, pace)
    with tempfile.TemporaryDirectory(prefix="boostmon-sandbox-") as folder, LoopbackDiscord(clock.now) as discord:
        environment = _environment(
            {
                "DISCORD_TOKEN": discord.token,
                "BOOSTMON_DISCORD_API_URL": discord.url,
                "BOOSTMON_DATA_DIR": folder,
                "BOOSTMON_CLOCK_SPEED": str(pace),
                "BOOSTMON_CLOCK_ORIGIN": origin.isoformat(),
            }
        )
        # In the empty folder, so that no .env of the user's applies.
        bot = SubprocessBot([sys.executable, "-m", "boostmon", "run"], environment, folder=Path(folder))
        history = user_state_path("boostmon", ensure_exists=True) / "sandbox-history" if interactive else None
        return run_console(discord, bot, lines, interactive=interactive, history=history)


def _script(script: Path | None) -> str:
    if script is not None:
        return script.read_text(encoding="utf-8")
    return files("boostmon.entrypoints").joinpath("tour.txt").read_text(encoding="utf-8")


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    """The user's environment without any setting of BoostMon, and ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOOSTMON_")}
    kept.pop("DATABASE_URL", None)
    return {**kept, **ours, "PYTHONUNBUFFERED": "1"}
