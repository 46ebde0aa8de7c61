"""Two of `boostmon run` with one token and one database: one serves, the other is there when it is gone."""

from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Program, Start
from tests.e2e.scene import ready
from tests.e2e.tables import Tables
from tests.support.patience import PATIENCE

STANDS_BY = "this one stands by"
COMMANDS = 6


def serve(discord: LoopbackDiscord, *hours: int) -> None:
    for one in hours:  # each longer than the last: to take time away has to be confirmed
        answer = discord.command("@mod", f"/settime user:@alice role:@VIP duration:{one}h")
        assert answer.failure is None
        assert len(answer.messages) == 1


def test_one_serves_and_the_other_the_very_next_command_after_a_kill(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    programs = [start("run", **settings) for _ in "12"]
    for program in programs:
        ready(discord, program, logins=len(programs))

    serve(discord, *range(1, COMMANDS + 1))
    discord.wait_until(lambda: any(stands_by(one) for one in programs), PATIENCE, "the one that stands by")
    assert tables.history.count("set") == COMMANDS

    # Both may have been second at one of the commands; then either of them may serve now.
    serving = min(programs, key=stands_by)
    serving.kill()
    serve(discord, 10, 11)

    assert tables.history.count("set") == COMMANDS + 2
    for program in programs:
        if program is not serving:
            ended = program.stop()
            assert ended.code == 0, ended.output
            warnings = [line for line in ended.output.splitlines() if "warning" in line]
            # Slow statements are the machine's, which may be busy.
            assert [line for line in warnings if "Slow statement" not in line] == []


def stands_by(program: Program) -> bool:
    return STANDS_BY in program.output
