"""A failover leaves the bot on a server that takes no changes; then it takes them again."""

from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Start
from tests.e2e.scene import ready
from tests.e2e.tables import Tables
from tests.support.patience import PATIENCE
from tests.support.stopwatch import busyness

THREE_SECONDS = 3.1
"""The promise to who types a command, and what a client and its answer need on their way."""


def test_commands_hear_of_it_endings_wait_and_all_recovers_by_itself(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    program = start("run", **settings)
    ready(discord, program)
    discord.command("@mod", "/settime user:@alice role:@VIP duration:3s")
    tables.run("ALTER DATABASE test_migrated SET default_transaction_read_only = on")
    tables.run("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name LIKE 'boostmon%'")

    asked_at = discord.now
    answer = discord.command("@mod", "/settime user:@bob role:@VIP duration:1h")
    assert (answer.replied_at - asked_at).total_seconds() < THREE_SECONDS + busyness(settings["DATABASE_URL"])
    assert answer.hidden
    assert "database" in answer.text
    assert "@VIP" not in discord.member_roles("@bob")
    assert "read-only" in program.hear("the database is in trouble")
    assert "@VIP" in discord.member_roles("@alice")

    tables.run("SET default_transaction_read_only = off")
    tables.run("ALTER DATABASE test_migrated RESET default_transaction_read_only")
    discord.wait_until(lambda: "@VIP" not in discord.member_roles("@alice"), PATIENCE, "the end")
    program.hear("the database is well again")
    discord.command("@mod", "/settime user:@bob role:@VIP duration:1h")
    assert "@VIP" in discord.member_roles("@bob")
    ended = program.stop()
    assert ended.code == 0, ended.output
    assert "Traceback" not in ended.output
