"""A role that cannot be taken from a hundred members: one message says so, and all end once the way is free."""

from boostmon.sandbox.server import LoopbackDiscord
from boostmon.sandbox.world import World
from tests.e2e.program import Start
from tests.e2e.scene import ready
from tests.e2e.tables import Tables
from tests.support.patience import PATIENCE

MEMBERS = 100
TIMERS = """
    INSERT INTO boostmon.timers (guild_id, user_id, role_id, state, ends_at, due_at, created_at, updated_at)
    SELECT %s, user_id, %s, 'running', now() + interval '1 h', now() + interval '1 h', now(), now()
    FROM unnest(%s::bigint[]) AS user_id
"""
TIME_IS_UP = "UPDATE boostmon.timers SET ends_at = now(), due_at = now()"
BLOCKED = "SELECT FROM boostmon.timers WHERE state = 'ending' AND blocked_by IS NOT NULL AND claim_token IS NULL"


def members_with_vip(world: World) -> list[int]:
    """So many new members who have @VIP."""
    users = [world.backend.make_user(f"member{n}").id for n in range(MEMBERS)]
    for user in users:
        world.backend.add_member(world.guild_id, user, roles=[world.role("@VIP").id])
    return users


def holders(world: World) -> int:
    """How many have @VIP."""
    vip = world.role("@VIP").id
    return sum(vip in member.role_ids for member in world.guild.members.values())


def test_a_hundred_blocked_endings_are_one_message_and_end_when_the_bots_role_is_moved_back(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    users = discord.look(members_with_vip)
    program = start("run", BOOSTMON_SWEEP_INTERVAL="200ms", **settings)
    ready(discord, program)
    discord.command("@owner", "/timersettings log channel:#warnings")
    tables.run(TIMERS, discord.look(lambda world: world.guild_id), discord.id_of("@VIP"), users)

    discord.change(lambda world: world.move_role("@BoostMon", "@VIP", above=False))
    tables.run(TIME_IS_UP)
    discord.wait_until(lambda: len(tables.rows(BLOCKED)) == MEMBERS, PATIENCE, "all endings being blocked")
    discord.wait_until(lambda: not tables.rows("SELECT FROM boostmon.notices"), PATIENCE, "the news of it")

    [message] = discord.messages("#warnings")
    assert "I could not take a role" in message.text
    assert f"<@&{discord.id_of('@VIP')}>" in message.text
    assert discord.look(holders) == MEMBERS

    discord.change(lambda world: world.move_role("@BoostMon", "@VIP", above=True))
    discord.wait_until(lambda: discord.look(holders) == 0, PATIENCE, "the end of all")

    discord.wait_until(lambda: tables.timers == 0, PATIENCE, "the rows' end")
    assert tables.history.count("ended") == MEMBERS
    ended = program.stop()
    assert ended.code == 0, ended.output
    assert "Traceback" not in ended.output
    assert discord.messages("#warnings") == (message,)
