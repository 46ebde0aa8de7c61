"""Logging in for REST only: every way it can fail, and that nothing is left behind."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.client import use_api
from boostmon.adapters.discord.session import RestSession
from boostmon.app.errors import DiscordUnreachable, TokenRefused
from boostmon.sandbox.faults import Latency, Refusal, Throttle
from boostmon.sandbox.server import LoopbackDiscord


@pytest.fixture
def fresh() -> Iterator[RestSession]:
    session = RestSession()
    yield session
    session.stop()


def is_gone(session: RestSession) -> bool:
    names = {thread.name for thread in threading.enumerate()}
    return session.client() is None and session.loop() is None and "discord-rest" not in names


def test_login_and_logout(discord: LoopbackDiscord, fresh: RestSession) -> None:
    assert is_gone(fresh)
    fresh.start(discord.token)
    client = fresh.client()
    assert client is not None
    assert client.user is not None
    assert client.user.name == "BoostMon"
    assert [request.path for request in discord.requests] == ["/users/@me"]
    fresh.stop()
    assert client.is_closed()
    assert is_gone(fresh)


def test_stopping_twice_and_starting_again(discord: LoopbackDiscord, fresh: RestSession) -> None:
    fresh.stop()
    fresh.start(discord.token)
    fresh.stop()
    fresh.stop()
    fresh.start(discord.token)
    assert fresh.client() is not None


def test_starting_twice_is_a_mistake(discord: LoopbackDiscord, fresh: RestSession) -> None:
    fresh.start(discord.token)
    with pytest.raises(RuntimeError, match="started already"):
        fresh.start(discord.token)
    assert fresh.client() is not None


@pytest.mark.parametrize("token", ["wrong", "", "two\nlines", "nul\0"])
def test_wrong_token(discord: LoopbackDiscord, fresh: RestSession, token: str) -> None:
    with pytest.raises(TokenRefused) as raised:
        fresh.start(token)
    assert not token or token not in str(raised.value)
    assert is_gone(fresh)
    fresh.start(discord.token)
    assert fresh.client() is not None


def test_nobody_listens(fresh: RestSession) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # held, but not listening: a connection is refused
        use_api(f"http://127.0.0.1:{unused.getsockname()[1]}/api/v10")
        with pytest.raises(DiscordUnreachable, match="could not be reached"):
            fresh.start("token")
    assert is_gone(fresh)


def test_no_answer_in_time(discord: LoopbackDiscord, fresh: RestSession) -> None:
    discord.fail(Latency(30.0))
    with pytest.raises(DiscordUnreachable, match=r"within 0\.2 s"):
        fresh.start(discord.token, timeout=0.2)
    assert is_gone(fresh)


def test_not_an_api(discord: LoopbackDiscord, fresh: RestSession) -> None:
    use_api(discord.url.replace("/api/v10", "/elsewhere/api/v10"))
    with pytest.raises(DiscordUnreachable, match="there is no Discord API at http://127"):
        fresh.start(discord.token)
    assert is_gone(fresh)


def test_short_outage_is_waited_out(discord: LoopbackDiscord, fresh: RestSession) -> None:
    discord.fail(Refusal(503))
    fresh.start(discord.token)
    assert fresh.client() is not None


@pytest.mark.parametrize(
    ("fault", "text"),
    [(Throttle(retry_after=600.0), "429"), (Refusal(403, 0, "banned"), "banned"), (Refusal(501), "501")],
)
def test_refusals_that_say_nothing_of_the_token(
    discord: LoopbackDiscord, fresh: RestSession, fault: Throttle | Refusal, text: str
) -> None:
    discord.fail(fault)
    with pytest.raises(DiscordUnreachable, match=text):
        fresh.start(discord.token)
    assert is_gone(fresh)


def test_stopping_cuts_off_what_is_under_way(discord: LoopbackDiscord, fresh: RestSession) -> None:
    fresh.start(discord.token)
    begun = threading.Event()
    ended: list[type[BaseException]] = []

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    def call() -> None:
        try:
            LoopBridge(fresh.loop).call(hang, 30)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test tells it
            ended.append(type(error))

    caller = threading.Thread(target=call)
    caller.start()
    assert begun.wait(30)
    fresh.stop()
    caller.join(30)
    assert [error.__name__ for error in ended] == ["LoopNotRunning"]
    assert is_gone(fresh)
