"""`boostmon run` against a Discord on loopback: the main job, and what survives a kill."""

from datetime import timedelta

from boostmon.sandbox.faults import Latency
from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Start
from tests.e2e.scene import ready, removals
from tests.e2e.tables import Tables
from tests.support.patience import PATIENCE

COMMANDS = {"settime", "addtime", "removetime", "pausetime", "resumetime", "cleartime", "movetime", "timeleft"}
COMMANDS |= {"mypause", "myresume"}
ON_TIME = timedelta(seconds=1)


def test_a_timed_role_from_the_command_to_its_end_and_across_kills(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    program = start("run", BOOSTMON_LEASE="5s", **settings)
    ready(discord, program)
    assert set(discord.commands("@mod")) == COMMANDS

    # On time.
    answer = discord.command("@mod", "/settime user:@alice role:@VIP duration:3s")
    assert "@VIP" in discord.member_roles("@alice"), answer.text
    ends_at = tables.ends_at()
    discord.wait_until(lambda: "@VIP" not in discord.member_roles("@alice"), PATIENCE, "the end")
    [removal] = removals(discord)
    assert timedelta(0) <= removal.at - ends_at < ON_TIME
    discord.wait_until(lambda: tables.timers == 0, PATIENCE, "the row's end")
    assert tables.history[:2] == ["set", "ended"]
    discord.wait_until(lambda: discord.dms("@alice"), PATIENCE, "the news of the end")

    # The end falls into a time in which nobody runs.
    discord.command("@mod", "/settime user:@bob role:@VIP duration:1s")
    ends_at = tables.ends_at()
    program.kill()
    discord.wait_until(lambda: discord.now > ends_at, PATIENCE, "the end of the time")
    assert "@VIP" in discord.member_roles("@bob")
    program = start("run", BOOSTMON_LEASE="5s", **settings)
    discord.wait_until(lambda: "@VIP" not in discord.member_roles("@bob"), PATIENCE, "the late end")
    ready(discord, program, logins=2)

    # Killed between claim and answer: whoever comes next takes over when the lease has run out.
    discord.fail(Latency(30.0), "DELETE", "/guilds/*/roles/*")
    discord.command("@mod", "/settime user:@carol role:@VIP duration:1s")
    discord.wait_until(lambda: tables.claimed == 1, PATIENCE, "the claim")
    program.kill()
    program = start("run", BOOSTMON_LEASE="5s", **settings)
    discord.wait_until(lambda: "@VIP" not in discord.member_roles("@carol"), PATIENCE, "the taking over")
    discord.wait_until(lambda: tables.timers == 0, PATIENCE, "the row's end")

    ended = program.stop()
    assert ended.code == 0, ended.output
    assert "stopped" in ended.output
    assert "Traceback" not in ended.output
    assert tables.claimed == 0
