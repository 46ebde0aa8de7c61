"""What keeps BoostMon from starting is said in a sentence, with an exit code, and without a traceback or a secret."""

import socket

from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Program, Start
from tests.e2e.tables import Tables

MEMORY = {"BOOSTMON_STORAGE": "memory"}


def refusal(program: Program, code: int) -> str:
    """Waits for the program's end and returns what it wrote."""
    ended = program.ended()
    assert ended.code == code, ended.output
    assert "Traceback" not in ended.output
    return ended.output


def test_discord_that_is_not_to_be_had(discord: LoopbackDiscord, start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = f"http://127.0.0.1:{free.getsockname()[1]}/api/v10"
    token = "MTIz.wrong-token.abcdef"
    elsewhere = discord.url.replace("/api/v10", "/elsewhere/api/v10")
    refused = start("run", DISCORD_TOKEN=token, BOOSTMON_DISCORD_API_URL=discord.url, **MEMORY)
    impatient = {"BOOSTMON_DISCORD_WAIT": "0s", **MEMORY}
    unreachable = start("sweeper", DISCORD_TOKEN=discord.token, BOOSTMON_DISCORD_API_URL=closed, **impatient)
    no_discord = start("bot", DISCORD_TOKEN=discord.token, BOOSTMON_DISCORD_API_URL=elsewhere, **MEMORY)

    said = refusal(refused, 1)
    assert "Discord does not accept the token" in said
    assert "Check DISCORD_TOKEN" in said
    assert token not in said
    assert "wrong-token" not in said
    said = refusal(unreachable, 1)
    assert "There is no connection to Discord: Discord could not be reached" in said
    assert discord.token not in said
    assert f"there is no Discord API at {elsewhere}" in refusal(no_discord, 1)


def test_a_database_that_is_not_to_be_had(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    reach = {name: settings[name] for name in ("DISCORD_TOKEN", "BOOSTMON_DISCORD_API_URL")}
    url = f"postgresql://timekeeper:hunter2@127.0.0.1:{port}/timers"
    down = start("run", DATABASE_URL=url, BOOSTMON_DATABASE_WAIT="1s", **reach)
    said = refusal(down, 1)
    assert "Waiting for PostgreSQL" in said
    assert f"cannot connect to database 'timers' at 127.0.0.1:{port} as user 'timekeeper'" in said
    assert "hunter2" not in said

    # Files and tables that do not belong together.
    tables.run("UPDATE boostmon.schema_migrations SET sha256 = repeat('0', 64) WHERE version = 1")
    said = refusal(start("run", **settings), 1)
    assert "0001_timers.sql is not the file that was applied" in said
    assert "restore it as it was released" in said
    assert discord.logins == 0
