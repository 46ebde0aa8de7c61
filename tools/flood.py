"""Lets many timers end at one moment and prints how the bot used Discord's limits.

    python -m tools.flood [--guilds 40] [--endings 2000] [--rate 50] [--route 10/5]

The bot is a process of its own, on an embedded PostgreSQL and a Discord on loopback that enforces `--rate` requests a
second in all and `--route` role changes in so many seconds for each guild. Each ending owes a line in a message to its
guild's channel, which takes what the removals leave of the budget. Half-way somebody types /timeleft. Exits with 1 when
a limit was hit after the first two seconds, when less than nine tenths of the budget were used, when /timeleft took
more than a second, when an ending took more than 1.1 requests with its news, or when a role was left over.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from boostmon.adapters.clock import SystemClock
from boostmon.adapters.postgres.database import Database
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.adapters.postgres.timers import PostgresTimers
from boostmon.app.ports import Change
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.timers import Running, Timer
from boostmon.sandbox.bot import SubprocessBot
from boostmon.sandbox.calls import RecordedRequest
from boostmon.sandbox.limits import OBSERVED, Limits, Rule
from boostmon.sandbox.seed import CrowdedGuild, crowd
from boostmon.sandbox.server import LoopbackDiscord

LEAD = timedelta(seconds=3)
"""From the last timer's being stored to the moment at which all end."""
WARM_UP = 2.0
TIMELEFT_SECONDS = 1.0
SHARE = 0.9
REQUESTS_EACH = 1.1
REMOVAL = "DELETE /guilds/:id/members/:id/roles/:id"
GRANT = "PUT /guilds/:id/members/:id/roles/:id"


@dataclass(frozen=True, slots=True)
class Flood:
    """What is to happen."""

    guilds: int
    endings: int
    rate: int
    route: Rule
    patience: float

    @property
    def attainable(self) -> float:
        """Removals a second that the limits allow."""
        return min(self.rate, self.guilds * self.route.requests / self.route.seconds)


def play(flood: Flood) -> int:
    """Lets it happen, prints the figures, and returns the exit code."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="boostmon-flood-") as name, LoopbackDiscord(clock.now) as discord:
        embedded = EmbeddedPostgres(Path(name))
        url = embedded.start()
        bot = SubprocessBot([sys.executable, "-m", "boostmon", "run"], _environment(discord, url, flood))
        try:
            each = -(-flood.endings // flood.guilds)
            crowds = discord.look(lambda world: crowd(world, flood.guilds, each))
            bot.start()
            discord.wait_until_ready(60)
            discord.enforce(
                Limits(per_second=flood.rate, buckets={**OBSERVED, REMOVAL: flood.route, GRANT: flood.route})
            )
            end = _store(url, crowds, flood.endings, clock)
            return _watch(discord, flood, crowds, end)
        finally:
            bot.stop()
            embedded.stop()


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


def _store(url: str, crowds: Sequence[CrowdedGuild], endings: int, clock: SystemClock) -> datetime:
    """Writes timers that all end at the moment that is returned."""
    database = Database(url, pool_min=1, pool_max=1)
    database.open(timedelta(seconds=30))
    try:
        timers = PostgresTimers(database)
        stored_by = clock.now() + timedelta(milliseconds=10 * endings)
        end = stored_by + LEAD
        members = [(place, user) for place in crowds for user in place.members][:endings]
        for place, user in members:
            key = TimerKey(GuildId(place.guild), UserId(user), RoleId(place.role))
            now = clock.now()
            timer = Timer(key, Running(end, ()), ChannelId(place.channel), created_at=now, updated_at=now)
            timers.commit(Change(None, timer, LedgerEntry(key, now, Action.SET, after=timer)))
        if clock.now() > end:
            raise SystemExit("the machine is too slow: the timers were not stored in time")
        return end
    finally:
        database.close()


def _watch(discord: LoopbackDiscord, flood: Flood, crowds: Sequence[CrowdedGuild], end: datetime) -> int:
    time.sleep(max((end - discord.now).total_seconds(), 0) + flood.endings / flood.attainable / 2)
    answer = discord.command("@mod", "/timeleft user:@alice")

    def left() -> int:
        return discord.look(lambda world: _holders(crowds, world.backend.guilds))

    try:
        discord.wait_until(lambda: left() == 0, flood.patience, "the last ending")
    except TimeoutError as late:
        sys.stdout.write(f"{late}\n")
    with suppress(TimeoutError):
        discord.wait_until(lambda: _mentioned(discord.requests) >= flood.endings, flood.patience, "the last message")
    requests = [one for one in discord.requests if one.at >= end and not one.path.startswith(("/inter", "/webhooks"))]
    return _report(flood, requests, end, left(), answer.replied_in)


def _mentioned(requests: Sequence[RecordedRequest]) -> int:
    """How many endings were told of in messages that Discord took."""
    return sum(len(one.body["allowed_mentions"]["users"]) for one in requests if _is_message(one))


def _is_message(one: RecordedRequest) -> bool:
    return one.method == "POST" and one.path.startswith("/channels/") and one.status < 400


def _holders(crowds: Sequence[CrowdedGuild], guilds: Mapping[int, Any]) -> int:
    found = 0
    for place in crowds:
        roles = {user: set(member.role_ids) for user, member in guilds[place.guild].members.items()}
        found += sum(place.role in roles[user] for user in place.members)
    return found


def _report(flood: Flood, requests: Sequence[RecordedRequest], end: datetime, left: int, timeleft: float | None) -> int:
    def second(one: RecordedRequest) -> float:
        return (one.at - end).total_seconds()

    removals = [one for one in requests if one.method == "DELETE" and one.status < 400]
    took = max((second(one) for one in removals), default=0.0)
    early = [one for one in requests if one.status == 429 and second(one) < WARM_UP]
    hits = [one for one in requests if one.status == 429 and second(one) >= WARM_UP]
    # From the first whole second to the last in which there was something left to take.
    during = [one for one in requests if 1 <= second(one) < took and one.status != 429]
    used = len(during) / max(took - 1, 1e-9)
    speed = len(removals) / max(took, 1e-9)
    messages = [one for one in requests if _is_message(one)]
    route = f"{flood.route.requests} in {flood.route.seconds:g} s for each guild"
    lines = [
        f"{flood.endings} endings in {flood.guilds} guilds, {flood.rate} requests/s, {route}",
        f"removed            {len(removals)} in {took:.1f} s, {left} left over",
        f"removals           {speed:.1f}/s; the limits allow {flood.attainable:.1f}/s",
        f"all requests       {used:.1f}/s, {used / flood.rate:.1%} of the budget",
        f"messages           {len(messages)}, {sum(map(_is_message, during))} of them before the last removal",
        f"endings told       {_mentioned(messages)}, the last after {max(map(second, messages), default=0.0):.1f} s",
        f"requests           {len(requests) / flood.endings:.3f} for each ending",
        f"429s               {len(early)} in the first {WARM_UP:g} s, {len(hits)} later",
        f"/timeleft half-way {'no answer' if timeleft is None else f'{timeleft * 1000:.0f} ms'}",
    ]
    lines += [f"  429 at {second(one):.2f} s: {one.method} {one.path}" for one in hits]
    sys.stdout.write("\n".join(lines) + "\n")
    is_good = not hits and not left and used >= SHARE * flood.rate and len(requests) <= REQUESTS_EACH * flood.endings
    return 0 if is_good and timeleft is not None and timeleft <= TIMELEFT_SECONDS else 1


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
    parser.add_argument("--patience", type=float, default=180.0, help="seconds to wait for the last ending")
    given = parser.parse_args(arguments)
    return play(Flood(given.guilds, given.endings, given.rate, given.route, given.patience))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
