"""How soon `boostmon run` is ready, and how much memory it takes, with ever so many timers."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import psutil

from benchmarks.database import tables
from benchmarks.database.drain import case_name
from benchmarks.harness.scenario import Bench, Better, Case, Figure, Goal, Participant, Scenario
from boostmon.adapters.clock import SystemClock
from boostmon.sandbox.bot import SubprocessBot
from boostmon.sandbox.server import LoopbackDiscord

READY = Figure("ready", "s", Better.LOWER, "Ready", is_plotted=True)
MEMORY = Figure("resident", "MB", Better.LOWER, "Memory", is_plotted=True)
US = "boostmon run"
TIMEOUT = 60.0


def _cases(bench: Bench) -> Iterator[Case]:
    for future in bench.pick(full=(0, 1_000_000), quick=(500,)):
        yield Case(case_name(future), partial(_ready, bench, future), turns=None if future else 1)


@contextmanager
def _ready(bench: Bench, future: int) -> Iterator[Sequence[Participant]]:
    settles = bench.pick(full=2.0, quick=0.5)
    with bench.database("boostmon_run", template=tables.template(future)) as url:
        note = "bot and sweeper in one process, on a Discord on loopback"
        yield [Participant(US, partial(_start, url, settles), is_ours=True, note=note)]


def _start(url: str, settles: float, _turn: int) -> dict[str, float]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOOSTMON_", "PG"))}
    with LoopbackDiscord(SystemClock().now) as discord:
        ours = {"DISCORD_TOKEN": discord.token, "DATABASE_URL": url, "BOOSTMON_DISCORD_API_URL": discord.url}
        bot = SubprocessBot([sys.executable, "-m", "boostmon", "run"], {**kept, **ours})
        started = time.monotonic()
        bot.start()
        try:
            discord.wait_until_ready(TIMEOUT, "timeleft")
            ready = time.monotonic() - started
            time.sleep(settles)
            memory = _resident()
        finally:
            bot.stop()
    return {READY.name: ready, MEMORY.name: memory}


def _resident() -> float:
    """Of the one bot that this process has started."""
    bots = [child for child in psutil.Process().children() if "boostmon" in child.cmdline()]
    [bot] = bots
    return bot.memory_info().rss / 2**20


_FULL = case_name(1_000_000)
RUNNING = Scenario(
    "running",
    "Start-up and memory",
    "`boostmon run` as an operator starts it, on a PostgreSQL that is already running and a Discord on loopback. It is "
    "ready when it is connected to the gateway and its commands are registered. Memory is the resident set two seconds "
    "later.",
    (READY, MEMORY),
    _cases,
    goals=(
        Goal("ready within 3 s", _FULL, READY.name, US, at_most=3),
        Goal("at most 150 MB with 1,000,000 timers", _FULL, MEMORY.name, US, at_most=150),
    ),
)
