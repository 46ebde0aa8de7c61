"""A statement that does not return keeps no process alive."""

from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import LONGEST_STOP, Start
from tests.e2e.scene import Typist, ready
from tests.e2e.tables import Tables
from tests.support.patience import PATIENCE
from tests.support.stopwatch import busyness


def test_a_stop_breaks_off_what_hangs_in_the_database_and_tells_the_asker(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    program = start("bot", BOOSTMON_STATEMENT_TIMEOUT="60m", **settings)
    ready(discord, program)
    with Tables(settings["DATABASE_URL"]) as blocking:
        blocking.run("BEGIN")
        blocking.run("LOCK TABLE boostmon.timers IN ACCESS EXCLUSIVE MODE")
        typist = Typist(discord, "/settime user:@alice role:@VIP duration:1h")
        waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        discord.wait_until(lambda: tables.rows(waiting), PATIENCE, "the command's wait for the lock")
        ended = program.stop()
    assert ended.code == 0, ended.output
    assert ended.seconds < LONGEST_STOP + busyness(settings["DATABASE_URL"])
    answer = typist.answered(within=30)
    assert answer.hidden
    assert "My database does not answer" in answer.text
    assert "@VIP" not in discord.member_roles("@alice")
    assert tables.timers == 0
