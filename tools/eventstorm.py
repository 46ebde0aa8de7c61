"""Lets a bot give roles to thousands within seconds, and prints how soon commands are acknowledged meanwhile.

    python -m tools.eventstorm [--events 5000] [--ruled 100] [--seconds 10]

The bot is a process of its own, on an embedded PostgreSQL and a Discord on loopback. `--ruled` of the events are for a
role whose rule starts timers. Two people type /timeleft and /settime all the time. Exits with 1 when a timer was not
started; the times are only printed, since they are those of this machine and of all that runs on it.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from boostmon.adapters.clock import SystemClock
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.sandbox.bot import SubprocessBot
from boostmon.sandbox.server import LoopbackDiscord

READY, PATIENCE = 60.0, 60.0
TICKS_PER_SECOND = 10
LINES = (("@mod", "/timeleft user:@alice"), ("@owner", "/settime user:@bob role:@Supporter duration:1d"))
STARTED = "SELECT count(*) FROM boostmon.ledger WHERE action = 'started'"


@dataclass
class Storm:
    """What is to happen, and what was seen of it, in seconds."""

    events: int
    ruled: int
    seconds: float
    acknowledged: list[float] = field(default_factory=list)
    unanswered: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def type(self, discord: LoopbackDiscord, who: str, line: str) -> None:
        """Types the same line again and again until all is over."""
        while not self.over.is_set():
            answer = discord.command(who, line)
            if answer.acknowledged_in is None:
                self.unanswered += 1
            else:
                self.acknowledged.append(answer.acknowledged_in)
            self.over.wait(0.02)

    def blow(self, discord: LoopbackDiscord) -> float:
        """Gives the roles, spread over the time; returns how long that took."""
        ticks = max(round(self.seconds * TICKS_PER_SECOND), 1)
        began = time.monotonic()
        given = ruled = 0
        for tick in range(1, ticks + 1):
            wanted, wanted_ruled = self.events * tick // ticks, self.ruled * tick // ticks
            for role, number in (("@VIP", wanted_ruled - ruled), ("@Gold", wanted - given - wanted_ruled + ruled)):
                if number:
                    _give(discord, number, role)
            given, ruled = wanted, wanted_ruled
            time.sleep(max(began + tick / TICKS_PER_SECOND - time.monotonic(), 0))
        return time.monotonic() - began


def _give(discord: LoopbackDiscord, number: int, role: str) -> None:
    discord.change(lambda changes: changes.burst(number, role, "@Patron", give=True))


def play(storm: Storm, url: str) -> int:
    """Lets it happen to BoostMon, on the empty database of `url`; returns how many timers were started."""
    with LoopbackDiscord(SystemClock().now) as discord:
        discord.change(lambda changes: changes.create_role("Gold"))
        discord.change(lambda changes: changes.add_bot("@Patron", by="@owner"))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOOSTMON_", "PG"))}
        ours = {"DISCORD_TOKEN": discord.token, "DATABASE_URL": url, "BOOSTMON_DISCORD_API_URL": discord.url}
        bot = SubprocessBot([sys.executable, "-m", "boostmon", "run"], kept | ours)
        try:
            bot.start()
            discord.wait_until_ready(READY)
            discord.command("@owner", "/timerrule set role:@VIP starts:True duration:1d")
            return _measure(storm, discord, url)
        finally:
            bot.stop()


def _measure(storm: Storm, discord: LoopbackDiscord, url: str) -> int:
    typists = [threading.Thread(target=storm.type, args=(discord, *line)) for line in LINES]
    for typist in typists:
        typist.start()
    took = storm.blow(discord)
    storm.over.set()
    for typist in typists:
        typist.join()
    deadline, started = time.monotonic() + PATIENCE, 0
    with psycopg.connect(url, autocommit=True) as connection:
        while started < storm.ruled and time.monotonic() < deadline:
            [(started,)] = connection.execute(STARTED).fetchall()
            time.sleep(0.1)
    sys.stdout.write(f"the events took     {took:.1f} s\n")
    return started


def _report(storm: Storm, started: int) -> int:
    times = sorted(storm.acknowledged)
    shown = {f"p{share:g}": times[min(int(len(times) * share / 100), len(times) - 1)] for share in (50, 95, 99)}
    shown["slowest"] = times[-1]
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    lines = [
        f"events              {storm.events} in {storm.seconds:g} s, {storm.ruled} of them for a role with a rule",
        f"timers started      {started} of {storm.ruled}",
        f"commands            {len(times)}, {storm.unanswered} of them without an answer",
        *(f"acknowledged, {name:<7} {seconds * 1000:.0f} ms" for name, seconds in shown.items()),
        f"load of the machine {load}, {os.cpu_count()} cores",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if started == storm.ruled else 1


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.eventstorm")
    parser.add_argument("--events", type=int, default=5_000)
    parser.add_argument("--ruled", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args(arguments)
    storm = Storm(given.events, given.ruled, given.seconds)
    with tempfile.TemporaryDirectory(prefix="boostmon-events-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "pg")
        try:
            return _report(storm, play(storm, server.start()))
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
