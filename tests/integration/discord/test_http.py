"""The ways round nextcord's faults, each over a real socket, beside what nextcord does by itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import nextcord
import pytest
from nextcord.http import HTTPClient, Route

from boostmon.adapters.discord.budget import Priority
from boostmon.adapters.discord.client import use_api
from boostmon.adapters.discord.faults import Faulty
from boostmon.adapters.discord.http import PatientHTTPClient, make_patient
from boostmon.domain.outcomes import Held
from tests.integration.discord.scripted import LOST, Reply, ScriptedServer, limits

LIMITED = '{"message": "You are being rate limited.", "retry_after": 1.0, "global": false}'


def role_route(guild: int, method: str = "PUT") -> Route:
    return Route(method, "/guilds/{guild_id}/members/{user_id}/roles/3", guild_id=guild, user_id=2)


@asynccontextmanager
async def talking(server: ScriptedServer, kind: type[HTTPClient] = PatientHTTPClient) -> AsyncIterator[Any]:
    async with server:
        use_api(server.url)
        http = kind(dispatch=lambda *_: None, assume_unsync_clock=True)
        http.set_default_auth("Bot token")
        await http.request(Route("GET", "/users/@me"))  # nextcord forgets the limit of a session's first request
        server.seen.clear()
        try:
            yield http
        finally:
            await http.close()
            # nextcord leaves the tasks that reset its limits to the end of the loop.
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                if "reset_remaining" in repr(task):
                    task.cancel()


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


async def seconds(act: Awaitable[object]) -> float:
    before = time.monotonic()
    await act
    return time.monotonic() - before


# A wait that does not come is a long one, so that no machine is too busy to tell; one that comes is short.
@pytest.mark.parametrize(("kind", "wait", "comes"), [(PatientHTTPClient, 60.0, False), (HTTPClient, 2.0, True)])
def test_guilds_do_not_wait_for_each_other(kind: type[HTTPClient], wait: float, *, comes: bool) -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server, kind) as http:
            first, last = limits(4, reset_after=wait), limits(0, reset_after=wait)
            server.reply(Reply(200, headers=first), Reply(200, headers=last))
            await http.request(role_route(guild=20))
            await http.request(role_route(guild=10))  # uses up what guild 10 may
            took = await seconds(http.request(role_route(guild=20)))
            assert (took > 0.75 * wait) is comes

    run(test)


def test_one_guild_waits_for_its_own_limit() -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            server.reply(Reply(200, headers=limits(0, reset_after=1.5)))
            await http.request(role_route(guild=10))
            await http.request(role_route(guild=10))
            first, second = (seen.at for seen in server.seen)
            assert second - first > 1.4

    run(test)


@pytest.mark.parametrize("headers", [{"Via": "1.1 test"}, {}], ids=["with Via", "without Via"])
@pytest.mark.parametrize("scope", ["user", "shared"])
def test_retry_after_is_waited_for(headers: dict[str, str], scope: str) -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            told = {"Retry-After": "0.8", "X-RateLimit-Scope": scope}
            server.reply(Reply(429, LIMITED, headers | told))
            await http.request(role_route(guild=10))
            first, second = (seen.at for seen in server.seen)
            assert 0.75 < second - first < 30

    run(test)


def test_nextcord_alone_repeats_a_429_at_once() -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server, HTTPClient) as http:
            server.reply(*[Reply(429, LIMITED, {"Via": "1.1 test", "Retry-After": "20"})] * 5)
            with pytest.raises(nextcord.HTTPException):
                await http.request(role_route(guild=10))
            assert server.seen[-1].at - server.seen[0].at < 20

    run(test)


def test_others_on_the_route_wait_too() -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            server.reply(Reply(200, headers=limits(4)), Reply(429, LIMITED, limits(3) | {"Retry-After": "0.8"}))
            await http.request(role_route(guild=10))
            with pytest.raises(nextcord.HTTPException):
                await http.request_once(role_route(guild=10))
            await asyncio.gather(*(http.request_once(role_route(guild=10), priority=Priority.GRANT) for _ in range(3)))
            assert server.seen[2].at - server.seen[1].at > 0.75
            assert len(server.seen) == 5

    run(test)


@pytest.mark.parametrize("wait", ["3600", None, "soon", "-1"])
def test_long_or_unclear_waits_are_the_callers(wait: str | None) -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            told = {} if wait is None else {"Retry-After": wait}
            server.reply(Reply(429, "<html>banned</html>", told, content_type="text/html"))
            with pytest.raises(nextcord.HTTPException) as raised:
                await http.request(role_route(guild=10))
            assert raised.value.status == 429
            assert len(server.seen) == 1

    run(test)


def test_long_used_up_limit_turns_away_who_tries_once() -> None:
    used_up = limits(0, reset_after=600.0)

    async def test() -> None:
        server = ScriptedServer(default=lambda path: Reply(200, headers=used_up if "/guilds/10/" in path else {}))
        async with talking(server) as http:
            server.reply(Reply(200, headers=limits(1, reset_after=600.0)))
            # All but the first wait for it, to learn the limit; then one more may pass.
            many = [asyncio.create_task(http.request_once(role_route(guild=10))) for _ in range(6)]
            await asyncio.wait(many, timeout=60)
            errors = [task.exception() for task in many]
            assert [error is None for error in errors] == [True, True, False, False, False, False]
            for error in errors[2:]:
                assert isinstance(error, Faulty)
                assert isinstance(error.fault, Held)
                assert timedelta(seconds=500) < error.fault.after <= timedelta(seconds=600)
            assert len(server.seen) == 2
            await http.request_once(role_route(guild=20))

    run(test)


def test_limit_that_opens_soon_is_waited_for_by_who_tries_once() -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            server.reply(Reply(200, headers=limits(0, reset_after=0.2)))
            await http.request_once(role_route(guild=10))
            await http.request_once(role_route(guild=10))
            assert server.seen[1].at - server.seen[0].at > 0.15

    run(test)


def test_global_limit_holds_all_routes() -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            told = {"Retry-After": "0.8", "X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
            body = '{"message": "You are being rate limited.", "retry_after": 0.8, "global": true}'
            server.reply(Reply(429, body, told))
            with pytest.raises(nextcord.HTTPException):
                await http.request_once(role_route(guild=10))
            await http.request_once(role_route(guild=20))
            assert server.seen[-1].at - server.seen[0].at > 0.75

    run(test)


def test_second_is_used_up_and_not_more() -> None:
    async def test() -> None:
        server = ScriptedServer(default=lambda _path: Reply(200, headers=limits(40, limit=50)))
        async with talking(server) as http:
            many = [http.request_once(role_route(guild), priority=Priority.COMMAND) for guild in range(60)]
            asked_at = time.monotonic()
            await asyncio.gather(*many)
            times = sorted(seen.at for seen in server.seen)
            # The login and fifty of these, and none of the others before a second has passed. Counted from before the
            # first was sent: these are the times of arrival, and a busy machine delays the first more than the last.
            assert times[50] - asked_at >= 0.95

    run(test)


def test_time_in_the_queue_is_not_time_without_an_answer() -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            server.reply(Reply(200, headers=limits(0, reset_after=1.6)))
            await http.request_once(role_route(guild=10))
            await http.request_once(role_route(guild=10), priority=Priority.GRANT, patience=1.2)
            assert server.seen[1].at - server.seen[0].at > 1.5

    run(test)


def test_nextcords_own_requests_do_not_wait_for_an_hour() -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            server.reply(Reply(429, LIMITED, {"Retry-After": "3600", "X-RateLimit-Scope": "shared"}))
            with pytest.raises(nextcord.HTTPException):
                await http.request(role_route(guild=10))
            with pytest.raises(nextcord.HTTPInternalRatelimitLocked):
                await http.request(role_route(guild=10))
            assert len(server.seen) == 1

    run(test)


@pytest.mark.parametrize("path", ["/interactions/1/token/callback", "/webhooks/{webhook_id}/{webhook_token}"])
def test_interactions_and_webhooks_pass_a_global_limit(path: str) -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            server.reply(Reply(429, LIMITED, {"Retry-After": "60", "X-RateLimit-Scope": "global"}))
            with pytest.raises(nextcord.HTTPException):
                await http.request_once(role_route(guild=10))
            with pytest.raises(Faulty):
                await http.request_once(role_route(guild=20))
            await http.request(Route("POST", path, webhook_id=1, webhook_token="token"))
            assert len(server.seen) == 2

    run(test)


@pytest.mark.parametrize(("kind", "wait", "comes"), [(PatientHTTPClient, 60.0, False), (HTTPClient, 2.0, True)])
def test_answer_without_headers_does_not_throttle_the_route(
    kind: type[HTTPClient], wait: float, *, comes: bool
) -> None:
    async def test() -> None:
        told = limits(40, limit=50, reset_after=wait)
        server = ScriptedServer(default=lambda path: Reply(200, headers=told if "/guilds/" in path else {}))
        async with talking(server, kind) as http:
            server.reply(Reply(400, "upstream", content_type="text/plain"))
            with pytest.raises(nextcord.HTTPException):
                await http.request(role_route(guild=10))
            many = asyncio.gather(*(http.request(role_route(guild=10)) for _ in range(5)))
            assert (await seconds(many) > 0.75 * wait) is comes

    run(test)


def test_server_that_never_sends_headers_is_served_one_by_one() -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            many = asyncio.gather(*(http.request(role_route(guild=10)) for _ in range(10)))
            assert await seconds(many) < 30
            assert len(server.seen) == 10

    run(test)


@pytest.mark.parametrize("status", [502, 503])
def test_outage_is_retried(status: int) -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            server.reply(Reply(status, "upstream", content_type="text/plain"))
            await http.request(role_route(guild=10))
            assert len(server.seen) == 2

    run(test)


@pytest.mark.parametrize("status", [429, 500, 501, 502, 503, 504])
def test_once_is_once(status: int) -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            server.reply(*[Reply(status, LIMITED, limits(3) | {"Retry-After": "0.1"})] * 2)
            with pytest.raises(nextcord.HTTPException) as raised:
                await http.request_once(role_route(guild=10))
            assert raised.value.status == status
            assert len(server.seen) == 1

    run(test)


def test_a_request_beside_one_that_is_tried_once_is_still_retried() -> None:
    async def test() -> None:
        server = ScriptedServer(default=lambda path: Reply(503 if "/guilds/10/" in path else 200))
        async with talking(server) as http:
            server.reply(Reply(503), Reply(503))
            once = asyncio.create_task(http.request_once(role_route(guild=10)))
            retried = asyncio.create_task(http.request(role_route(guild=20)))
            await asyncio.wait({once, retried})
            assert isinstance(once.exception(), nextcord.DiscordServerError)
            assert retried.result() == {}

    run(test)


def test_client_is_made_patient_once_and_before_its_login() -> None:
    async def test() -> None:
        client = nextcord.Client(intents=nextcord.Intents(guilds=True), assume_unsync_clock=False)
        make_patient(client)
        http: HTTPClient = client.http
        assert isinstance(http, PatientHTTPClient)
        assert client._connection.http is http
        assert http._ratelimit_use_timestamp
        make_patient(client)
        assert client.http is http
        late = nextcord.Client(intents=nextcord.Intents(guilds=True))
        me: Any = {"id": "1", "username": "bot", "discriminator": "0000", "avatar": None}
        late._connection.user = nextcord.ClientUser(state=late._connection, data=me)
        with pytest.raises(RuntimeError, match="before the login"):
            make_patient(late)

    run(test)


@pytest.mark.parametrize(("kind", "sent"), [(PatientHTTPClient, 1), (HTTPClient, 2)])
def test_a_request_whose_answer_was_lost_is_not_sent_again_unasked(kind: type[HTTPClient], sent: int) -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server, kind) as http:
            server.reply(LOST, Reply(403, '{"code": 50013, "message": "Missing Permissions"}'))
            once = http.request_once if kind is PatientHTTPClient else http.request
            with pytest.raises(aiohttp.ClientError if sent == 1 else nextcord.Forbidden):
                await once(role_route(1))
        assert len(server.seen) == sent

    run(test)
