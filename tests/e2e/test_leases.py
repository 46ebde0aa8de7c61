"""Two sweepers and a slow Discord: what one acts on, the other leaves alone; unless it was killed."""

from boostmon.sandbox.faults import Latency
from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Start
from tests.e2e.scene import ready, removals
from tests.e2e.tables import Tables
from tests.support.patience import PATIENCE
from tests.support.stopwatch import busyness

LEASE = 5.0
SLOW = 8.0
"""Seconds for one removal: longer than the lease, shorter than BoostMon waits for Discord."""
EAGER = {"BOOSTMON_LEASE": "5s", "BOOSTMON_SWEEP_INTERVAL": "100ms"}
REMOVAL = ("DELETE", "/guilds/*/members/*/roles/*")


def test_a_batch_that_takes_longer_than_its_lease_is_not_taken_over(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    bot = start("bot", **settings)
    first = start("sweeper", **settings, **EAGER)
    ready(discord, bot)
    first.hear("sweeping")
    discord.fail(Latency(SLOW), *REMOVAL)
    discord.command("@mod", "/settime user:@alice role:@VIP duration:1s")
    discord.wait_until(lambda: tables.claimed == 1, PATIENCE, "the claim")
    second = start("sweeper", **settings, **EAGER)
    second.hear("sweeping")

    discord.wait_until(lambda: tables.timers == 0, SLOW + 15, "the end of the timer")

    assert len(removals(discord)) == 1
    assert tables.history.count("ended") == 1
    assert "swept" not in second.output
    for program in (first, second, bot):
        assert program.stop().code == 0


def test_what_a_killed_process_held_is_taken_over_after_its_lease(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    bot = start("bot", **settings)
    doomed = start("sweeper", **settings, **EAGER)
    ready(discord, bot)
    doomed.hear("sweeping")
    discord.fail(Latency(60), *REMOVAL)
    discord.command("@mod", "/settime user:@alice role:@VIP duration:1s")
    discord.wait_until(lambda: tables.claimed == 1, PATIENCE, "the claim")
    heir = start("sweeper", **settings, **EAGER)
    heir.hear("sweeping")

    doomed.kill()
    killed_at = discord.now
    discord.wait_until(lambda: tables.timers == 0, LEASE + 20, "the end of the timer")

    assert (discord.now - killed_at).total_seconds() < LEASE + 2 + busyness(settings["DATABASE_URL"])
    assert "@VIP" not in discord.member_roles("@alice")
    assert tables.history.count("ended") == 1
    for program in (heir, bot):
        assert program.stop().code == 0
