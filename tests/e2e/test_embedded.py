"""Without DATABASE_URL: the embedded PostgreSQL, its log lines, its sharing, and its data."""

from pathlib import Path

from boostmon.adapters.clock import SystemClock
from boostmon.adapters.postgres.embedded import EmbeddedPostgres
from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Start
from tests.e2e.scene import ready
from tests.e2e.tables import Tables


def test_the_embedded_database_is_announced_shared_and_kept(
    data_dir: Path, discord: LoopbackDiscord, start: Start
) -> None:
    database = EmbeddedPostgres(data_dir)
    first = start("run", **reach(discord, data_dir))
    assert f"using the embedded PostgreSQL in {data_dir}" in first.hear("no DATABASE_URL")
    ready(discord, first)
    answer = discord.command("@mod", "/settime user:@alice role:@VIP duration:2h")
    assert "@VIP" in discord.member_roles("@alice"), answer.text

    with LoopbackDiscord(SystemClock().now) as other:
        second = start("run", **reach(other, data_dir))
        assert f"Sharing the embedded PostgreSQL in {data_dir}, used by process {first.pid}" in second.hear("Sharing")
        ready(other, second)
        ended = first.stop()
        assert ended.code == 0, ended.output
        assert f"Leaving the embedded PostgreSQL running for process {second.pid}" in ended.output
        second.kill()
    assert database.is_running()

    third = start("run", **reach(discord, data_dir))
    assert "left running by a process that is gone" in third.hear("Sharing")
    ready(discord, third, logins=2)
    assert f"<@&{discord.id_of('@VIP')}>" in discord.command("@alice", "/timeleft").text
    ended = third.stop()
    assert ended.code == 0, ended.output
    assert "Stopped the embedded PostgreSQL" in ended.output
    assert not database.is_running()

    try:
        with Tables(database.start()) as tables:
            assert tables.timers == 1
    finally:
        database.stop()  # or it would outlive its folder, which is removed under it


def reach(discord: LoopbackDiscord, data: Path) -> dict[str, str]:
    """The settings of a bot on `discord` with its own data folder."""
    return {
        "DISCORD_TOKEN": discord.token,
        "BOOSTMON_DISCORD_API_URL": discord.url,
        "BOOSTMON_DATA_DIR": str(data),
    }
