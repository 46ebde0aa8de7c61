"""Discord comes late; its gateway goes away and stays away, while its REST API works."""

import socket
from datetime import timedelta

from boostmon.adapters.clock import SystemClock
from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Start
from tests.e2e.scene import ready, removals
from tests.e2e.tables import Tables
from tests.support.patience import PATIENCE

ON_TIME = timedelta(seconds=1)


def test_a_discord_that_comes_late_is_waited_for(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    discord = LoopbackDiscord(SystemClock().now, port=port)
    reach = {
        "DISCORD_TOKEN": discord.token,
        "BOOSTMON_DISCORD_API_URL": f"http://127.0.0.1:{port}/api/v10",
        "BOOSTMON_STORAGE": "memory",
    }
    bot, sweeper = start("run", **reach), start("sweeper", **reach)
    for program in (bot, sweeper):
        assert "Discord could not be reached" in program.hear("no login to Discord")
    with discord:
        ready(discord, bot)
        sweeper.hear("sweeping")
        for program in (bot, sweeper):
            ended = program.stop()
            assert ended.code == 0, ended.output
            assert "Traceback" not in ended.output


def test_a_gateway_that_goes_away_and_stays_away(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    patience = {"BOOSTMON_GATEWAY_TIMEOUT": "2s", "BOOSTMON_DISCORD_WAIT": "8s"}
    program = start("run", **patience, **settings)
    ready(discord, program)
    discord.command("@mod", "/settime user:@alice role:@VIP duration:3s")
    ends_at = tables.ends_at()

    # Roles are taken on time by REST meanwhile.
    discord.refuse_gateway(refuse=True)
    discord.drop_gateway()
    discord.wait_until(lambda: "@VIP" not in discord.member_roles("@alice"), PATIENCE, "the end")
    [removal] = removals(discord)
    assert timedelta(0) <= removal.at - ends_at < ON_TIME
    assert not discord.online

    # The session is given up first, and in the end the process, for whoever supervises it.
    program.hear("not ready for too long")
    ended = program.ended()
    assert ended.code == 1, ended.output
    assert "There is no connection to Discord: Discord could not be reached: 503" in ended.output
    assert "(tried for " in ended.output
    assert "Traceback" not in ended.output
    assert tables.claimed == 0
    assert discord.logins == 1


def test_a_gateway_that_comes_back(discord: LoopbackDiscord, start: Start) -> None:
    reach = {"DISCORD_TOKEN": discord.token, "BOOSTMON_DISCORD_API_URL": discord.url, "BOOSTMON_STORAGE": "memory"}
    program = start("bot", BOOSTMON_GATEWAY_TIMEOUT="1s", **reach)
    ready(discord, program)
    discord.mute_gateway(mute=True)
    discord.drop_gateway()
    program.hear("not ready for too long")
    discord.mute_gateway(mute=False)
    ready(discord, program, logins=2)
    assert discord.command("@mod", "/timeleft", timeout=10).failure is None
    assert program.stop().code == 0
