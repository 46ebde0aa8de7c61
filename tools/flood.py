"""Lets many timers end at one moment and prints how the bot used Discord's limits.

    python -m tools.flood [--guilds 40] [--endings 2000] [--rate 50] [--route 10/5] [--latency 0]

The bot is a process of its own, on an embedded PostgreSQL and a Discord on loopback that enforces `--rate` requests a
second in all and `--route` role changes in so many seconds for each guild. Each ending owes a line in a message to its
guild's channel, which takes what the removals leave of the budget. Half-way somebody types /timeleft. Exits with 1 when
a limit was hit after the first two seconds, when less than nine tenths of the budget were used, when /timeleft took
more than a second, when an ending took more than 1.1 requests with its news, or when a role was left over.
`benchmarks/discord/flood.py` plays the same.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from boostmon.adapters.clock import SystemClock
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.listener import ANNOUNCE
from boostmon.sandbox.bot import SubprocessBot
from boostmon.sandbox.calls import RecordedRequest
from boostmon.sandbox.faults import Latency
from boostmon.sandbox.limits import OBSERVED, Limits, Rule
from boostmon.sandbox.seed import CrowdedGuild, crowd
from boostmon.sandbox.server import LoopbackDiscord

LEAD = timedelta(seconds=3)
"""From the last timer's being stored to the moment at which all end."""
WARM_UP = 2.0
TIMELEFT_SECONDS = 1.0
SHARE = 0.9
REQUESTS_EACH = 1.1
LOOK_AGAIN = 0.25
READY = 60.0
REMOVAL = "DELETE /guilds/:id/members/:id/roles/:id"
GRANT = "PUT /guilds/:id/members/:id/roles/:id"
MESSAGE = "POST /channels/:id/messages"


@dataclass(frozen=True, slots=True)
class Flood:
    """What is to happen, within `patience` seconds. Each request takes `latency` seconds on its way to Discord."""

    guilds: int
    endings: int
    rate: int
    route: Rule
    patience: float
    message: Rule = OBSERVED[MESSAGE]
    latency: float = 0.0

    @property
    def attainable(self) -> float:
        """Removals a second that the limits allow."""
        return min(self.rate, self.guilds * self.route.requests / self.route.seconds)

    @property
    def limits(self) -> Limits:
        """What Discord is to enforce."""
        buckets = {**OBSERVED, REMOVAL: self.route, GRANT: self.route, MESSAGE: self.message}
        return Limits(per_second=self.rate, buckets=buckets)


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a flood. Seconds count from the moment at which the timers ended.

    `requests` are all that counted for the budget, those that hit a limit aside; `used` how many of them there were in
    a second, from the first whole one to the last removal; `took` passed until the last removal, `done` until the last
    message; `told` endings stood in messages.
    """

    removed: int
    left: int
    requests: int
    messages: int
    told: int
    used: float
    took: float
    done: float
    early_hits: int
    late_hits: Sequence[str]
    timeleft: float | None = None


class Stage:
    """A Discord with crowds whose members hold a role that is to end."""

    def __init__(self, discord: LoopbackDiscord, flood: Flood) -> None:
        self.discord = discord
        self.flood = flood
        if flood.latency:
            # All requests, and from the first one: the bot goes by the quickest that it has seen of late.
            discord.fail(Latency(flood.latency), times=None)
        each = -(-flood.endings // flood.guilds)
        self._crowds: Sequence[CrowdedGuild] = discord.look(lambda world: crowd(world, flood.guilds, each))
        members = [(place, user) for place in self._crowds for user in place.members][: flood.endings]
        # Timers of one moment were set in any order.
        self.members = random.Random(flood.endings).sample(members, len(members))  # noqa: S311 - an order, no secret

    def left(self) -> int:
        """How many members hold the role still."""

        def holders(guilds: Mapping[int, Any]) -> int:
            return sum(place.role in guilds[place.guild].members[user].role_ids for place, user in self.members)

        return self.discord.look(lambda world: holders(world.backend.guilds))

    def measured(self, end: datetime, timeleft: float | None = None) -> Measured:
        """By what Discord saw since `end`."""
        rows = [
            (one, (one.at - end).total_seconds())
            for one in self.discord.requests
            if one.at >= end and not one.path.startswith(("/interactions", "/webhooks"))
        ]
        served = [(one, at) for one, at in rows if one.status != 429]
        took = max((at for one, at in served if one.method == "DELETE"), default=0.0)
        # From the first whole second to the last in which there was something left to take.
        begin = 1.0 if took > WARM_UP else 0.0
        during = sum(begin <= at < took for _, at in served)
        late = [(one, at) for one, at in rows if one.status == 429 and at >= WARM_UP]
        return Measured(
            removed=sum(one.method == "DELETE" and one.status < 400 for one, _ in served),
            left=self.left(),
            requests=len(served),
            messages=sum(_is_message(one) for one, _ in served),
            told=sum(len(one.body["allowed_mentions"]["users"]) for one, _ in served if _is_message(one)),
            used=during / max(took - begin, 1e-9),
            took=took,
            done=max((at for _, at in served), default=0.0),
            early_hits=sum(one.status == 429 and at < WARM_UP for one, at in rows),
            late_hits=[f"429 at {at:.2f} s: {_named(one)}" for one, at in late],
            timeleft=timeleft,
        )


def _is_message(one: RecordedRequest) -> bool:
    return one.method == "POST" and one.path.startswith("/channels/") and one.status < 400


def _named(request: RecordedRequest) -> str:
    return f"{request.method} {request.path}"


@contextmanager
def staged(flood: Flood) -> Iterator[Stage]:
    """The Discord, while it is there."""
    with LoopbackDiscord(SystemClock().now) as discord:
        yield Stage(discord, flood)


def play(flood: Flood, url: str) -> Measured:
    """Lets it happen to BoostMon, on the empty database of `url`."""
    with staged(flood) as stage:
        bot = SubprocessBot([sys.executable, "-m", "boostmon", "run"], _environment(stage.discord, url, flood))
        try:
            bot.start()
            stage.discord.wait_until_ready(READY)
            stage.discord.enforce(flood.limits)
            end = stage.discord.now + LEAD + timedelta(milliseconds=flood.endings / 5)
            _store(url, stage, end)
            if stage.discord.now > end:
                raise SystemExit("the machine is too slow: the timers were not stored in time")
            return _watch(stage, url, end)
        finally:
            bot.stop()


def _environment(discord: LoopbackDiscord, url: str, flood: Flood) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOOSTMON_", "PG"))}
    ours = {
        "DISCORD_TOKEN": discord.token,
        "DATABASE_URL": url,
        "BOOSTMON_DISCORD_API_URL": discord.url,
        "BOOSTMON_DISCORD_RATE": str(flood.rate),
        "PYTHONUNBUFFERED": "1",
    }
    return {**kept, **ours}


def _store(url: str, stage: Stage, end: datetime) -> None:
    """Writes timers that all end at that moment."""
    rows = [(place.guild, user, place.role, end, end, place.channel) for place, user in stage.members]
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        with cursor.copy(
            "COPY boostmon.timers "
            "(guild_id, user_id, role_id, ends_at, due_at, channel_id, state, created_at, updated_at) FROM STDIN"
        ) as copy:
            for row in rows:
                copy.write_row((*row, "running", end - LEAD, end - LEAD))
        cursor.execute(ANNOUNCE.encode())


def _watch(stage: Stage, url: str, end: datetime) -> Measured:
    flood, discord = stage.flood, stage.discord
    # It is looked now and then, not at each request: that would take the Discord's time.
    time.sleep(max((end - discord.now).total_seconds(), 0) + flood.endings / flood.attainable / 2)
    answer = discord.command("@mod", "/timeleft user:@alice")
    deadline = time.monotonic() + flood.patience
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < deadline and (stage.left() or _owed(connection)):
            time.sleep(LOOK_AGAIN)
    return stage.measured(end, answer.replied_in)


def _owed(connection: psycopg.Connection[tuple[Any, ...]]) -> bool:
    """Whether anything is to be done still: a settlement, or a message."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM boostmon.timers) OR EXISTS (SELECT FROM boostmon.notices)"
    ).fetchone()
    return row is not None and bool(row[0])


def _report(flood: Flood, seen: Measured) -> int:
    route = f"{flood.route.requests} in {flood.route.seconds:g} s for each guild"
    speed, share = seen.removed / max(seen.took, 1e-9), seen.used / flood.rate
    each = seen.requests / flood.endings
    timeleft = "no answer" if seen.timeleft is None else f"{seen.timeleft * 1000:.0f} ms"
    lines = [
        f"{flood.endings} endings in {flood.guilds} guilds, {flood.rate} requests/s, {route}",
        f"removed            {seen.removed} in {seen.took:.1f} s, {seen.left} left over",
        f"removals           {speed:.1f}/s; the limits allow {flood.attainable:.1f}/s",
        f"all requests       {seen.used:.1f}/s, {share:.1%} of the budget",
        f"with messages      {seen.requests} requests in {seen.done:.1f} s, {each:.2f} for each ending",
        f"messages           {seen.messages}, which told of {seen.told} endings",
        f"429s               {seen.early_hits} in the first {WARM_UP:g} s, {len(seen.late_hits)} later",
        f"/timeleft half-way {timeleft}",
        *(f"  {hit}" for hit in seen.late_hits),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    is_good = not seen.late_hits and not seen.left and share >= SHARE and each <= REQUESTS_EACH
    return 0 if is_good and seen.timeleft is not None and seen.timeleft <= TIMELEFT_SECONDS else 1


def _rule(text: str) -> Rule:
    requests, _, seconds = text.partition("/")
    return Rule(int(requests), float(seconds))


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.flood")
    parser.add_argument("--guilds", type=int, default=40)
    parser.add_argument("--endings", type=int, default=2000)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--route", type=_rule, default=Rule(10, 5.0), help="as 10/5: ten in five seconds for a guild")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that a request is on its way")
    parser.add_argument("--patience", type=float, default=180.0, help="seconds to wait for the last message")
    given = parser.parse_args(arguments)
    flood = Flood(given.guilds, given.endings, given.rate, given.route, given.patience, latency=given.latency)
    with tempfile.TemporaryDirectory(prefix="boostmon-flood-") as name:
        embedded = EmbeddedPostgres(Path(name))
        try:
            return _report(flood, play(flood, embedded.start()))
        finally:
            embedded.stop()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
