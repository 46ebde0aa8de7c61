"""`boostmon run` on databases with a past: the earlier bot's, and its own from before it had a schema."""

import psycopg

from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Start
from tests.e2e.scene import ready
from tests.e2e.tables import Tables
from tests.support.earlier_bot import contents, leave_tables, start_again
from tests.support.earlier_tables import make_tables_of_old, rows_in
from tests.support.patience import PATIENCE


def serving(discord: LoopbackDiscord, url: str) -> dict[str, str]:
    return {"DISCORD_TOKEN": discord.token, "BOOSTMON_DISCORD_API_URL": discord.url, "DATABASE_URL": url}


def assert_a_role_is_timed(discord: LoopbackDiscord, member: str) -> None:
    answer = discord.command("@mod", f"/settime user:{member} role:@VIP duration:1s")
    assert "@VIP" in discord.member_roles(member), answer.text
    discord.wait_until(lambda: "@VIP" not in discord.member_roles(member), PATIENCE, "the end")


def test_the_earlier_bots_database_is_left_as_it_was(
    discord: LoopbackDiscord, start: Start, empty_database_url: str
) -> None:
    leave_tables(empty_database_url)
    before = contents(empty_database_url)

    program = start("run", **serving(discord, empty_database_url))
    ready(discord, program)
    assert_a_role_is_timed(discord, "@alice")
    ended = program.stop()

    assert ended.code == 0, ended.output
    [told] = [line for line in ended.output.splitlines() if "earlier BoostMon" in line]
    assert "[info" in told
    assert "left as they are" in told
    assert contents(empty_database_url) == before
    start_again(empty_database_url)
    with Tables(empty_database_url) as tables:
        assert tables.history[:2] == ["set", "ended"]


def test_its_own_tables_of_old_are_moved_with_what_is_in_them(
    discord: LoopbackDiscord, start: Start, empty_database_url: str
) -> None:
    make_tables_of_old(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("DELETE FROM notices")  # the Discord of the test does not know their members
    kept = rows_in(empty_database_url, "public", ("timers", "guild_settings"))

    program = start("run", **serving(discord, empty_database_url))
    ready(discord, program)
    assert_a_role_is_timed(discord, "@alice")
    ended = program.stop()

    assert ended.code == 0, ended.output
    assert "Moved BoostMon's tables into the schema boostmon" in ended.output
    assert rows_in(empty_database_url, "boostmon", ("timers", "guild_settings")) == kept
