"""A timer that one process sets ends on time in another, whatever the interval; behind a pooler, too."""

from collections.abc import Iterator

import pytest

from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Start
from tests.e2e.scene import ready, removals
from tests.e2e.tables import Tables
from tests.support.patience import PATIENCE
from tests.support.pgbouncer import pgbouncer
from tests.support.postgres import Server, url_of
from tests.support.stopwatch import busyness

A_MINUTE = {"BOOSTMON_SWEEP_INTERVAL": "1m"}


@pytest.fixture
def pooled_url(postgres_server: Server, database_url: str) -> Iterator[str]:
    del database_url  # it is the one below
    with pgbouncer(postgres_server) as pooler:
        yield url_of(host=pooler.host, port=pooler.port, user=pooler.user, dbname="test_migrated")


def end_of_a_short_timer(discord: LoopbackDiscord, tables: Tables) -> float:
    """Seconds between the end of a timer and the removal of its role."""
    discord.command("@mod", "/settime user:@alice role:@VIP duration:2s")
    ends_at = tables.ends_at()
    discord.wait_until(lambda: len(removals(discord)) == 1, PATIENCE, "the removal")
    return float((removals(discord)[0].at - ends_at).total_seconds())


def test_a_command_in_one_process_wakes_the_sweeper_of_another(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    bot = start("bot", **settings)
    sweeper = start("sweeper", **settings, **A_MINUTE)
    ready(discord, bot)
    sweeper.hear("sweeping")

    assert end_of_a_short_timer(discord, tables) < 1.5 + busyness(settings["DATABASE_URL"])

    assert bot.stop().code == sweeper.stop().code == 0


def test_behind_a_pooler_everything_works_and_another_process_is_seen_within_the_interval(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], pooled_url: str, tables: Tables
) -> None:
    pooled = {**settings, "DATABASE_URL": pooled_url}
    bot = start("bot", **pooled)
    sweeper = start("sweeper", BOOSTMON_SWEEP_INTERVAL="500ms", **pooled)
    ready(discord, bot)
    sweeper.hear("DATABASE_DIRECT_URL")
    sweeper.hear("sweeping")

    assert end_of_a_short_timer(discord, tables) < 2 + busyness(settings["DATABASE_URL"])

    discord.wait_until(lambda: "delivered" in tables.history, PATIENCE, "the news of it")
    assert bot.stop().code == sweeper.stop().code == 0


def test_behind_a_pooler_the_direct_way_wakes_a_sweeper(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], pooled_url: str, tables: Tables
) -> None:
    pooled = {**settings, "DATABASE_URL": pooled_url, "DATABASE_DIRECT_URL": settings["DATABASE_URL"]}
    bot = start("bot", **pooled)
    sweeper = start("sweeper", **pooled, **A_MINUTE)
    ready(discord, bot)
    sweeper.hear("sweeping")

    assert end_of_a_short_timer(discord, tables) < 1.5 + busyness(settings["DATABASE_URL"])

    assert bot.stop().code == sweeper.stop().code == 0
