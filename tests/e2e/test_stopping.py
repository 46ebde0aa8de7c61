"""SIGTERM and SIGINT, wherever they find the process: exit code 0 within ten seconds, and nothing stays claimed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from boostmon.sandbox.faults import Latency
from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import LONGEST_STOP, Ended, Program, Start
from tests.e2e.scene import Typist, ready, removals
from tests.e2e.tables import Tables
from tests.support.patience import PATIENCE
from tests.support.stopwatch import busyness

GRANT = ("PUT", "/guilds/*/roles/*")
REMOVAL = ("DELETE", "/guilds/*/roles/*")


def stopped_at_work(
    discord: LoopbackDiscord, program: Program, tables: Tables, number: signal.Signals, latency: float
) -> tuple[Ended, Typist]:
    """Stops the program while a removal and a command wait for Discord, `latency` seconds each."""
    ready(discord, program)
    discord.fail(Latency(latency), *REMOVAL)
    discord.command("@mod", "/settime user:@alice role:@VIP duration:1s")
    discord.wait_until(lambda: tables.claimed == 1, PATIENCE, "the claim of the removal")
    discord.fail(Latency(latency), *GRANT)
    typist = Typist(discord, "/settime user:@bob role:@VIP duration:1h")
    discord.wait_until(lambda: tables.timers == 2, PATIENCE, "the second timer")
    return program.stop(number), typist


def test_what_is_under_way_is_finished(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    ended, typist = stopped_at_work(discord, start("run", **settings), tables, signal.SIGINT, latency=2.0)
    assert ended.code == 0, ended.output
    answer = typist.answered(within=30)
    assert answer.failure is None
    assert not answer.thinking
    assert "@VIP" in discord.member_roles("@bob")
    assert "@VIP" not in discord.member_roles("@alice")
    assert tables.rows("SELECT state FROM boostmon.timers") == [("running",)]
    assert tables.claimed == 0
    assert len(removals(discord)) == 1


def test_what_takes_too_long_is_given_back(
    discord: LoopbackDiscord, start: Start, settings: dict[str, str], tables: Tables
) -> None:
    ended, typist = stopped_at_work(discord, start("run", **settings), tables, signal.SIGTERM, latency=60.0)
    assert ended.code == 0, ended.output
    assert ended.seconds < LONGEST_STOP + busyness(settings["DATABASE_URL"])
    assert "Traceback" not in ended.output
    assert "could not be given" not in ended.output
    assert "did not confirm" in typist.answered(within=30).text
    # Neither is known to have been done: both timers are still there, and free for the next process.
    assert tables.rows("SELECT state FROM boostmon.timers ORDER BY state") == [("ending",), ("running",)]
    assert tables.claimed == 0


def test_a_stop_is_heard_while_starting(discord: LoopbackDiscord, start: Start) -> None:
    discord.fail(Latency(60.0), "GET", "/users/@me", times=None)
    reach = {"DISCORD_TOKEN": discord.token, "BOOSTMON_DISCORD_API_URL": discord.url}
    logging_in = [start(command, BOOSTMON_STORAGE="memory", **reach) for command in ("run", "sweeper")]
    database = {"DATABASE_URL": "postgresql://boostmon:hunter2@127.0.0.1:1/timers", "BOOSTMON_DATABASE_WAIT": "10m"}
    waiting = start("run", **database, **reach)
    waiting.hear("Waiting for PostgreSQL")
    for program in logging_in:
        program.hear("timers are lost when this process ends")
    for program in (*logging_in, waiting):
        ended = program.stop()
        assert ended.code == 0, ended.output
        assert ended.seconds < LONGEST_STOP
        assert "Traceback" not in ended.output
        assert "hunter2" not in ended.output


IMPORTING = """
import signal, sys

class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "boostmon.entrypoints.processes":
            signal.raise_signal(signal.SIGTERM)
            print("went on")

sys.meta_path.insert(0, Slow())
from boostmon.entrypoints.cli import app
app([sys.argv[1]])
"""


@pytest.mark.parametrize("command", ["run", "sweeper"])
def test_a_stop_while_the_code_is_still_being_read_is_no_failure(command: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTING, command],
        env=os.environ | {"DISCORD_TOKEN": "a.b.c", "BOOSTMON_STORAGE": "memory"},
        cwd=tmp_path,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
        text=True,
    )
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr


def test_a_gateway_that_does_not_answer_delays_no_stop(discord: LoopbackDiscord, start: Start) -> None:
    program = start("bot", DISCORD_TOKEN=discord.token, BOOSTMON_DISCORD_API_URL=discord.url, BOOSTMON_STORAGE="memory")
    ready(discord, program)
    discord.refuse_gateway(refuse=True)
    discord.drop_gateway()
    discord.wait_until(lambda: not discord.online, PATIENCE, "the loss of the gateway")
    ended = program.stop()
    assert ended.code == 0, ended.output
    assert ended.seconds < LONGEST_STOP
