"""How the commands come to be known to Discord."""

import nextcord
import pytest

from boostmon.adapters.memory.clock import ManualClock
from boostmon.adapters.memory.store import MemoryStore
from boostmon.entrypoints.bot.commands.table import COMMANDS as TABLE
from boostmon.sandbox.faults import Impostor, Refusal
from boostmon.sandbox.server import LoopbackDiscord
from tests.integration.bot.stage import BotStage, ShakyTimers, running_bot
from tests.support.patience import PATIENCE
from tests.support.timers import NOW

COMMANDS = "/applications/*/commands"


def _writes(discord: LoopbackDiscord) -> list[str]:
    calls = [request for request in discord.requests if "/commands" in request.path and request.method != "GET"]
    return [request.method for request in calls]


def test_all_are_registered_for_everybody_at_once(stage: BotStage) -> None:
    assert _writes(stage.discord) == ["POST"] * len(TABLE)


def test_a_restart_without_changes_writes_nothing(stage: BotStage) -> None:
    before = _writes(stage.discord)
    asked = len(stage.discord.requests)
    with running_bot(stage.discord, MemoryStore(), ShakyTimers(MemoryStore()), stage.clock):
        stage.discord.wait_until(
            lambda: any(r.path.endswith("/commands") for r in stage.discord.requests[asked:]), PATIENCE, "the look"
        )
    assert _writes(stage.discord) == before


def test_one_refusal_does_not_leave_the_bot_without_commands() -> None:
    clock = ManualClock(NOW)
    base = nextcord.http.Route.BASE
    with LoopbackDiscord(clock.now) as discord:
        nextcord.http.Route.BASE = discord.url
        try:
            # Not 503: that is repeated one layer below, within the request.
            discord.fail(Refusal(403), "GET", COMMANDS, times=2)
            discord.fail(Refusal(403), "POST", COMMANDS)
            with running_bot(discord, MemoryStore(), ShakyTimers(MemoryStore()), clock):
                assert len(discord.commands("@owner")) == len(TABLE)
        finally:
            nextcord.http.Route.BASE = base


@pytest.mark.parametrize(
    "junk",
    [
        Impostor(),
        Impostor("[1, 2]", content_type="application/json"),
        Impostor('[{"name": "settime"', content_type="application/json"),
        Impostor("{}", content_type="application/json"),
    ],
    ids=["a page", "numbers", "half a JSON", "an empty object"],
)
def test_junk_in_the_place_of_the_commands_does_not_leave_the_bot_without_them(junk: Impostor) -> None:
    clock = ManualClock(NOW)
    base = nextcord.http.Route.BASE
    with LoopbackDiscord(clock.now) as discord:
        nextcord.http.Route.BASE = discord.url
        try:
            discord.fail(junk, "GET", COMMANDS, times=2)
            with running_bot(discord, MemoryStore(), ShakyTimers(MemoryStore()), clock):
                assert len(discord.commands("@owner")) == len(TABLE)
        finally:
            nextcord.http.Route.BASE = base


def test_commands_are_looked_at_again_with_each_session_beside_other_listeners(stage: BotStage) -> None:
    heard: list[str] = []

    async def on_connect() -> None:
        heard.append("connected")

    stage.running.bot.add_listener(on_connect)
    asked = len(stage.discord.requests)
    stage.discord.drop_gateway(4000, forget_sessions=True)
    stage.discord.wait_until(lambda: heard, PATIENCE, "the new session")
    stage.discord.wait_until(
        lambda: any(r.path.endswith("/commands") for r in stage.discord.requests[asked:]), PATIENCE, "the look"
    )


def test_what_would_replace_the_registration_is_refused(stage: BotStage) -> None:
    async def on_connect() -> None:
        """Nothing."""

    with pytest.raises(TypeError, match=r"use listen\(\)"):
        stage.running.bot.event(on_connect)


def test_each_member_is_shown_the_commands_in_their_language(stage: BotStage) -> None:
    def shown(locale: str) -> str:
        stage.discord.change(lambda world: world.set_language(f"@mod {locale}"))
        return "\n".join(stage.discord.description("@mod", "settime"))

    assert "/settime: Give a member a role for a time" in shown("en-GB")
    assert "/settime: Einem Mitglied eine Rolle auf Zeit geben" in shown("de")
    assert "user: Qui reçoit le rôle" in shown("fr")
    assert "user: Quién recibe el rol" in shown("es-419")
    assert "user: Quem recebe o cargo" in shown("pt-BR")
    assert shown("ja") == shown("en-US")
