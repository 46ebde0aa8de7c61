"""The database comes late, goes away in the middle of a command, and comes back."""

from pathlib import Path

from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Start
from tests.e2e.scene import Typist, ready
from tests.e2e.tables import Tables
from tests.support.patience import PATIENCE
from tests.support.postgres import embedded_postgres
from tests.support.stopwatch import busyness

BLOCKED = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'boostmon'"


def test_a_database_that_comes_goes_and_comes_back(data_dir: Path, discord: LoopbackDiscord, start: Start) -> None:
    server = embedded_postgres(data_dir)
    url = server.start()
    server.stop()
    program = start(
        "run",
        DISCORD_TOKEN=discord.token,
        BOOSTMON_DISCORD_API_URL=discord.url,
        DATABASE_URL=url,
        BOOSTMON_DATABASE_WAIT="60s",
    )

    # Late: awaited, then everything starts.
    program.hear("Waiting for PostgreSQL")
    assert server.start() == url
    ready(discord, program)
    discord.command("@mod", "/settime user:@alice role:@VIP duration:4s")
    with Tables(url) as tables:
        ends_at = tables.ends_at()

        # Away in the middle of a command: it waits for a lock that we hold when the server stops.
        tables.run("BEGIN")
        tables.run("LOCK TABLE boostmon.timers IN ACCESS EXCLUSIVE MODE")
        typist = Typist(discord, "/settime user:@bob role:@VIP duration:1h")
        with Tables(url) as watching:
            discord.wait_until(lambda: watching.rows(BLOCKED), PATIENCE, "the command's wait for the lock")
        server.stop()
    answer = typist.answered(within=30)
    assert answer.hidden
    assert "database" in answer.text
    assert "@VIP" not in discord.member_roles("@bob")

    # Away: each command is told so, within seconds, and nothing ends meanwhile.
    asked_at = discord.now
    answer = discord.command("@mod", "/addtime user:@alice duration:1h", timeout=30)
    took = (answer.replied_at - asked_at).total_seconds()
    assert answer.hidden
    assert "My database does not answer" in answer.text
    assert program.is_running
    discord.wait_until(lambda: discord.now > ends_at, PATIENCE, "the end that falls into the outage")
    assert "@VIP" in discord.member_roles("@alice")

    # Back: commands work, and what fell due meanwhile happens.
    server.start()
    assert took < 3.5 + busyness(url)  # three by promise
    came_back = discord.now
    answer = discord.command("@mod", "/settime user:@carol role:@VIP duration:1h")
    assert "@VIP" in discord.member_roles("@carol"), answer.text
    assert (answer.replied_at - came_back).total_seconds() < 1 + busyness(url)
    discord.wait_until(lambda: "@VIP" not in discord.member_roles("@alice"), PATIENCE, "the end")
    with Tables(url) as tables:
        discord.wait_until(lambda: tables.timers == 1, PATIENCE, "the end of the row")
        assert tables.rows("SELECT user_id FROM boostmon.timers") == [(discord.id_of("@carol"),)]
        # The news of the end leaves the outbox in its own time.
        discord.wait_until(lambda: tables.claimed == 0, PATIENCE, "nothing claimed")
    ended = program.stop()
    assert ended.code == 0, ended.output
    assert "Traceback" not in ended.output
    assert ended.output.count("waiting for the database") <= 2  # once for each thread
    server.stop()
