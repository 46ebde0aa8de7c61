"""What answers in Discord's place confirms nothing: a proxy's page, half an answer, a redirect, impossible numbers."""

import math

import pytest
from nextcord.http import Route

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.client import log_in
from boostmon.adapters.discord.faults import OddAnswer
from boostmon.adapters.discord.http import PatientHTTPClient
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.roles import DiscordRoleGateway
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.outcomes import Done, Retry
from boostmon.sandbox.faults import Impostor
from boostmon.sandbox.server import LoopbackDiscord
from tests.integration.discord.holding import FakeTime, held, run
from tests.integration.discord.scripted import Reply, ScriptedServer, limits
from tests.integration.discord.test_http import role_route, talking
from tests.integration.discord.test_login import a_client
from tests.support.timers import BY_MODERATOR, TIME_UP
from tests.support.words import english

ROLES = "/guilds/*/members/*/roles/*"
IMPOSTORS = {
    "a page": Impostor(),
    "an empty object": Impostor("{}", content_type="application/json"),
    "half a JSON": Impostor('{"id": "12', content_type="application/json"),
    "nothing, accepted": Impostor("", status=202),
    "a redirect": Impostor("", status=302, location="/api/v10/gateway"),
    "a redirect that keeps the method": Impostor("", status=307, location="/api/v10/gateway"),
}


@pytest.fixture
def roles(rest: DiscordRest, bridge: LoopBridge) -> DiscordRoleGateway:
    return DiscordRoleGateway(rest, bridge, english)


def key_of(discord: LoopbackDiscord, member: str) -> TimerKey:
    guild, user, role = discord.look(lambda world: (world.guild_id, world.user(member).id, world.role("VIP").id))
    return TimerKey(GuildId(guild), UserId(user), RoleId(role))


@pytest.mark.parametrize("impostor", IMPOSTORS.values(), ids=IMPOSTORS)
def test_a_role_counts_as_taken_or_given_only_when_discord_says_so(
    discord: LoopbackDiscord, roles: DiscordRoleGateway, impostor: Impostor
) -> None:
    key = key_of(discord, "@alice")
    discord.change(lambda changes: changes.give("@alice", "@VIP", "@mod"))
    discord.fail(impostor, "DELETE", ROLES)
    [taken] = roles.remove([key], TIME_UP)
    assert isinstance(taken, Retry), taken
    assert "@VIP" in discord.member_roles("@alice")
    discord.fail(impostor, "PUT", ROLES)
    assert isinstance(roles.grant(key, BY_MODERATOR), Retry)
    assert roles.remove([key], TIME_UP) == [Done()]


@pytest.mark.parametrize("impostor", IMPOSTORS.values(), ids=IMPOSTORS)
def test_a_message_counts_as_sent_only_when_discord_says_so(
    discord: LoopbackDiscord, rest: DiscordRest, bridge: LoopBridge, impostor: Impostor
) -> None:
    channel = ChannelId(discord.look(lambda world: world.channel("#warnings").id))
    discord.fail(impostor, "POST", "/channels/*/messages")
    with pytest.raises(OddAnswer):
        bridge.call(lambda: rest.send(channel, {"content": "hello"}, "once"), 5.0)
    assert not discord.messages("#warnings")


def test_nobody_is_followed_elsewhere(discord: LoopbackDiscord, roles: DiscordRoleGateway) -> None:
    discord.fail(Impostor("", status=307, location="/api/v10/elsewhere"), "DELETE", ROLES)
    roles.remove([key_of(discord, "@alice")], TIME_UP)
    assert not [request for request in discord.requests if request.path == "/elsewhere"]


@pytest.mark.parametrize("impostor", IMPOSTORS.values(), ids=IMPOSTORS)
def test_an_odd_answer_to_the_login_says_nothing_of_the_token(discord: LoopbackDiscord, impostor: Impostor) -> None:
    async def test() -> None:
        discord.fail(impostor, "GET", "/users/@me", times=2)
        async with a_client() as client:
            passing = FakeTime()
            await log_in(client, discord.token, passing.outage())
            assert client.user is not None
            assert passing.waits == [2.0, 4.0]

    run(test)


@pytest.mark.parametrize("impostor", IMPOSTORS.values(), ids=IMPOSTORS)
def test_the_gateway_is_asked_for_again(discord: LoopbackDiscord, impostor: Impostor) -> None:
    async def test() -> None:
        discord.fail(impostor, "GET", "/gateway/bot", times=2)
        async with held(discord) as bot:
            await bot.until_ready()
            assert bot.time.waits == [2.0, 4.0]

    run(test)


@pytest.mark.parametrize(
    ("told", "waited"),
    [
        ("1e9", 86_400.0),
        ("1e400", 86_400.0),
        ("-5", 60.0),
        ("Infinity", 86_400.0),
        ("NaN", 60.0),
        ("9" * 400, 86_400.0),
    ],
)
def test_no_wait_for_a_session_is_longer_than_the_day_that_discord_counts(
    discord: LoopbackDiscord, told: str, waited: float
) -> None:
    async def test() -> None:
        odd = f'{{"url": "ws://127.0.0.1:1", "session_start_limit": {{"remaining": 0, "reset_after": {told}}}}}'
        discord.fail(Impostor(odd, content_type="application/json"), "GET", "/gateway/bot")
        async with held(discord) as bot:
            await bot.until_ready()
            assert bot.time.waits == [waited]

    run(test)


@pytest.mark.parametrize("reset_after", [1e9, math.inf, math.nan, -1.0])
def test_a_window_that_cannot_be_closes_no_route_for_long(reset_after: float) -> None:
    async def test() -> None:
        server = ScriptedServer()
        async with talking(server) as http:
            server.reply(Reply(200, headers=limits(3, reset_after=reset_after)))
            await http.request(role_route(guild=10))
            bucket = http._turns._budget._buckets  # what it learnt is what every later request goes by
            windows = [one.window for one in bucket._buckets.values()]
            assert all(0.0 <= window <= 3600.0 for window in windows), windows

    run(test)


def test_the_session_of_answers_to_interactions_follows_nobody_either(discord: LoopbackDiscord) -> None:
    async def test() -> None:
        discord.fail(Impostor("", status=302, location="/api/v10/elsewhere"), "POST", "/interactions/*/*/callback")
        async with a_client() as client:
            await log_in(client, discord.token, FakeTime().outage())
            http = client.http
            assert isinstance(http, PatientHTTPClient)
            session = http._HTTPClient__session  # type: ignore[attr-defined]
            with pytest.raises(OddAnswer):
                await session.post(f"{Route.BASE}/interactions/1/token/callback", json={"type": 5})
        assert not [request for request in discord.requests if request.path == "/elsewhere"]

    run(test)
