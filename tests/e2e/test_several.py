"""`boostmon bot` and two of `boostmon sweeper` on one database."""

from collections import Counter

from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Start
from tests.e2e.scene import ready, removals
from tests.e2e.tables import Tables
from tests.support.patience import PATIENCE
from tests.support.stopwatch import busyness

MEMBERS = ("@alice", "@bob", "@carol", "@dave", "@erin")
ROLES = ("@VIP", "@Supporter")


def test_bot_and_sweepers_share_the_work(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    bot = start("bot", **settings)
    sweepers = [start("sweeper", BOOSTMON_SWEEP_INTERVAL="200ms", BOOSTMON_SWEEP_BATCH="3", **settings) for _ in "12"]
    ready(discord, bot)
    for sweeper in sweepers:
        sweeper.hear("sweeping")
    for member in MEMBERS:
        for role in ROLES:
            discord.command("@mod", f"/settime user:{member} role:{role} duration:2s")
    given = [r for r in discord.requests if r.method == "PUT" and "/roles/" in r.path]
    assert len(given) == len(MEMBERS) * len(ROLES)

    discord.wait_until(lambda: tables.timers == 0, PATIENCE, "the end of all timers")
    taken = Counter(r.path for r in removals(discord))
    assert taken == Counter(r.path for r in given)  # each exactly once
    assert tables.history.count("ended") == len(given)
    late = max(
        removal.at - due
        for removal in removals(discord)
        for (due,) in tables.rows(
            "SELECT (before->>'ends_at')::timestamptz FROM boostmon.ledger WHERE action = 'ended' "
            f"AND user_id = {removal.path.split('/')[4]} AND role_id = {removal.path.split('/')[6]}"
        )
    )
    assert late.total_seconds() < 1.0 + busyness(settings["DATABASE_URL"])
    for program in sweepers:
        ended = program.stop()
        assert ended.code == 0, ended.output
    assert tables.claimed == 0

    # The token is taken back while the bot runs.
    discord.drop_gateway(4004)
    ended = bot.ended(within=30)
    assert ended.code == 1, ended.output
    assert "Discord does not accept the token any more" in ended.output
    assert "Traceback" not in ended.output
