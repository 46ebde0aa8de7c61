"""`python -m tests.chaos.soak`: two processes among 10,000 timers for minutes, watched for what grows or stays over."""

import argparse
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean, quantiles

import psutil
import psycopg

from boostmon.adapters.clock import SystemClock
from boostmon.adapters.postgres.migrator import Migrator
from boostmon.sandbox.errors import SandboxError
from boostmon.sandbox.server import LoopbackDiscord
from boostmon.sandbox.world import World
from tests.chaos.crew import Crew, leave_on_signal
from tests.support.postgres import embedded_postgres, own_migrations, reachable_folder

MEMBERS, ROLES = 100, 100
MOST_GROWTH = 0.05
MOST_CONNECTIONS = 30
"""Two pools of at most ten, and what listens, migrates or looks on."""
WARM_UP = timedelta(minutes=1)
LOOK = 2.0
"""Seconds between two looks, and between two commands."""

TIMERS = """
    INSERT INTO boostmon.timers (
        guild_id, user_id, role_id, state, ends_at, armed, due_at, channel_id, created_at, updated_at
    )
    SELECT %(guild)s, member, role, 'running', ends_at, '{}', ends_at, %(channel)s, %(now)s, %(now)s
    FROM (
        SELECT member, role, %(now)s + interval '20 s' + %(span)s * ((member_no * 97 + role_no * 13) %% 10000 / 10000.0)
            AS ends_at
        FROM unnest(%(members)s::bigint[]) WITH ORDINALITY AS members (member, member_no),
            unnest(%(roles)s::bigint[]) WITH ORDINALITY AS roles (role, role_no)
    ) AS planned
"""


@dataclass
class Watch:
    """What was seen of the processes while they ran."""

    memory: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """For each process the seconds since the beginning and its megabytes."""
    connections: int = 0
    commands: int = 0
    answered: int = 0

    def growth(self, name: str) -> float:
        """How much more memory the last stretch needs than the first one after warming up, as a share."""
        warm = [megabytes for at, megabytes in self.memory[name] if at >= WARM_UP.total_seconds()]
        stretch = max(len(warm) // 8, 1)
        return mean(warm[-stretch:]) / mean(warm[:stretch]) - 1 if warm else 0.0


@contextmanager
def _discord_and_database(folder: Path) -> Iterator[tuple[LoopbackDiscord, str]]:
    server = embedded_postgres(folder / "pg")
    url = server.start()
    try:
        Migrator(url, own_migrations()).apply()
        with LoopbackDiscord(SystemClock().now) as discord:
            yield discord, url
    finally:
        server.stop()


def _fill(discord: LoopbackDiscord, url: str, span: timedelta) -> int:
    """10,000 members' roles and their timers, whose ends are spread evenly over `span`."""

    def people(world: World) -> tuple[int, list[int], list[int]]:
        backend, guild = world.backend, world.guild_id
        roles = [backend.create_role(guild, f"role-{number}").id for number in range(ROLES)]
        members = [backend.make_user(f"member-{number}").id for number in range(MEMBERS)]
        for member in members:
            backend.add_member(guild, member, roles=roles)
        bot_role = world.bot_role
        backend.edit_role(guild, bot_role.id, {"position": ROLES + 20})
        return guild, members, roles

    guild, members, roles = discord.look(people)
    with psycopg.connect(url, autocommit=True) as connection:
        made = connection.execute(
            TIMERS,
            {
                "guild": guild,
                "members": members,
                "roles": roles,
                "channel": discord.id_of("#warnings"),
                "now": SystemClock().now(),
                "span": span,
            },
        )
        return made.rowcount


def _watch(crew: Crew, discord: LoopbackDiscord, url: str, length: timedelta) -> Watch:
    watch, began, pause = Watch(), time.monotonic(), threading.Event()
    with psycopg.connect(url, autocommit=True) as connection:
        while (passed := time.monotonic() - began) < length.total_seconds():
            for name, pid in crew.pids.items():
                megabytes = psutil.Process(pid).memory_info().rss / 2**20
                watch.memory.setdefault(name, []).append((passed, megabytes))
            [sessions] = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone() or (0,)
            watch.connections = max(watch.connections, sessions)
            watch.commands += 1
            watch.answered += _type(discord, watch.commands)
            pause.wait(LOOK)
    return watch


def _type(discord: LoopbackDiscord, number: int) -> bool:
    member = ("@alice", "@bob", "@carol", "@erin")[number % 4]
    line = f"/settime user:{member} role:@VIP duration:{10 + number % 5}s" if number % 2 else f"/timeleft user:{member}"
    try:
        return bool(discord.command("@mod", line, timeout=5).messages)
    except SandboxError:
        return False


def soak(length: timedelta) -> tuple[list[str], list[str]]:
    """Runs it; returns figures, and what is wrong."""
    with reachable_folder() as folder, _discord_and_database(folder) as (discord, url):
        timers = _fill(discord, url, 2 * length)
        crew = Crew(
            {
                "DISCORD_TOKEN": discord.token,
                "BOOSTMON_DISCORD_API_URL": discord.url,
                "DATABASE_URL": url,
                "BOOSTMON_LOG_LEVEL": "WARNING",
            },
            folder,
        )
        try:
            crew.start()
            discord.wait_until(discord.ready, 60, "the bot")
            watch = _watch(crew, discord, url, length)
            wrong = [f"{name} ended with {one.code}" for name, one in crew.stop().items() if one.code]
            stopped = SystemClock().now()
        finally:
            crew.close()
        wrong += crew.deaths
        return _judged(url, watch, timers, stopped, wrong)


def _judged(url: str, watch: Watch, timers: int, stopped: datetime, wrong: list[str]) -> tuple[list[str], list[str]]:
    with psycopg.connect(url, autocommit=True) as connection:
        [claims] = connection.execute(
            "SELECT (SELECT count(*) FROM boostmon.timers WHERE claim_token IS NOT NULL) "
            "+ (SELECT count(*) FROM boostmon.notices WHERE claim_token IS NOT NULL)"
        ).fetchone() or (0,)
        [overdue] = connection.execute(
            "SELECT count(*) FROM boostmon.timers WHERE due_at < %s", (stopped - timedelta(seconds=15),)
        ).fetchone() or (0,)
        late = [
            seconds
            for (seconds,) in connection.execute(
                "SELECT extract(epoch FROM at - (before->>'ends_at')::timestamptz)::float8 FROM boostmon.ledger "
                "WHERE action = 'ended' AND before->>'ends_at' IS NOT NULL"
            )
        ]
    if claims:
        wrong.append(f"{claims} leases left over")
    if overdue:
        wrong.append(f"{overdue} timers are overdue for more than 15 s")
    if watch.connections > MOST_CONNECTIONS:
        wrong.append(f"{watch.connections} connections at once")
    if not late:
        wrong.append("nothing ended")
    cuts = quantiles(late, n=100) if len(late) > 1 else [0.0] * 99
    lines = [
        f"timers: {timers}, endings: {len(late)}, commands: {watch.commands}, answered: {watch.answered}",
        f"lateness of endings, confirmed and settled: median {cuts[49]:.3f} s, p99 {cuts[98]:.3f} s",
        f"connections: at most {watch.connections}; leases left over: {claims}",
    ]
    for name, seen in watch.memory.items():
        growth = watch.growth(name)
        lines.append(
            f"memory of {name}: {seen[0][1]:.1f} MB at first, {seen[-1][1]:.1f} MB in the end, "
            f"{growth:+.1%} after the first minute"
        )
        if growth >= MOST_GROWTH:
            wrong.append(f"the memory of {name} grew by {growth:.1%} after the first minute")
    return lines, wrong


def main() -> int:
    """Runs it, and prints what was found; exit code 1 where something is wrong."""
    leave_on_signal()
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    minutes = parser.parse_args().minutes
    lines, wrong = soak(timedelta(minutes=minutes))
    text = [f"soak of {minutes:g} min:", *(f"  {line}" for line in lines)]
    text += [f"  WRONG: {one}" for one in wrong] or ["  nothing is wrong"]
    sys.stdout.write("\n".join(text) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
