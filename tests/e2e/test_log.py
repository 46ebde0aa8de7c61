"""The log of a whole process as an operator reads it, for people and for machines."""

import json
from typing import Any

import pytest

from boostmon.sandbox.server import LoopbackDiscord
from tests.e2e.program import Start


@pytest.fixture
def served(discord: LoopbackDiscord) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": discord.token,
        "BOOSTMON_DISCORD_API_URL": discord.url,
        "BOOSTMON_STORAGE": "memory",
        "BOOSTMON_LEASE": "45s",
    }


def live_a_little(discord: LoopbackDiscord, start: Start, settings: dict[str, str]) -> str:
    """A process from its start to its end, with one timer; returns what it wrote."""
    bot = start("run", **settings)
    bot.hear("commands registered")
    bot.hear("ready")
    discord.command("@mod", "/settime user:@alice role:@VIP duration:1s reason:Won")
    bot.hear("notice delivered")
    return bot.stop().output


def test_every_line_is_json_and_says_who_and_what(
    discord: LoopbackDiscord, start: Start, served: dict[str, str]
) -> None:
    written = live_a_little(discord, start, {**served, "BOOSTMON_LOG_FORMAT": "json"})

    lines: dict[str, dict[str, Any]] = {line["event"]: line for line in map(json.loads, written.splitlines())}
    timer = {"user": str(discord.id_of("@alice")), "role": str(discord.id_of("@VIP"))}
    assert next(iter(lines)) == "starting"
    assert lines["starting"]["settings"]["BOOSTMON_LEASE"] == "45s"
    assert lines["ready"]["servers"] == 1
    for message in ("command", "timer ended", "notice delivered"):
        assert {name: lines[message][name] for name in timer} == timer
        assert lines[message]["guild"] == str(discord.look(lambda world: world.guild_id))
    assert lines["stopping"]["signal"] == "SIGTERM"
    assert list(lines)[-1] == "stopped"
    assert discord.token not in written


def test_lines_for_people_have_no_python_in_them(
    discord: LoopbackDiscord, start: Start, served: dict[str, str]
) -> None:
    written = live_a_little(discord, start, served)

    ended = next(line for line in written.splitlines() if "timer ended" in line)
    assert f"user={discord.id_of('@alice')} role={discord.id_of('@VIP')} outcome=done" in ended
    assert "TimerKey" not in written
    assert "{" not in written
    assert discord.token not in written


def test_a_token_that_is_refused_is_a_line_of_json(start: Start, served: dict[str, str]) -> None:
    wrong = {**served, "DISCORD_TOKEN": "MTIz.wrong-token.abcdef", "BOOSTMON_LOG_FORMAT": "json"}

    ended = start("run", **wrong).ended()

    assert ended.code == 1
    lines = [json.loads(line) for line in ended.output.splitlines()]
    assert "Discord does not accept the token" in lines[-1]["event"]
    assert (lines[-1]["level"], lines[-1]["exit_code"]) == ("error", 1)
    assert "Check DISCORD_TOKEN" in " ".join(lines[-1]["details"])
    assert "wrong-token" not in ended.output
