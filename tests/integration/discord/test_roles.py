"""The gateway on Discord's REST API keeps the contract of the port, and its own promises."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from boostmon.adapters.discord.bridge import CalledOnLoop, LoopBridge
from boostmon.adapters.discord.budget import PATIENCE, Budget, Priority
from boostmon.adapters.discord.names import NameLookup
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.adapters.discord.roles import DiscordRoleGateway
from boostmon.adapters.discord.session import RestSession
from boostmon.adapters.discord.turns import Turns
from boostmon.app.ports import LONGEST_GRANT, RoleCensus
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey, UserId
from boostmon.domain.outcomes import Done, Held, Retry
from boostmon.sandbox.faults import Latency, LostAnswer, Refusal, Throttle
from boostmon.sandbox.server import LoopbackDiscord
from tests.contracts.role_gateway import RoleCensusContract, RoleGatewayContract
from tests.support.timers import BY_MODERATOR, TIME_UP
from tests.support.words import english

ROLE_CHANGES = "/guilds/*/members/*/roles/*"
LITTLE = 2.0
"""Seconds that run out where no answer comes, and are enough for one on a busy machine."""


class LoopbackRoleWorld:
    """The world of the contract."""

    def __init__(self, discord: LoopbackDiscord, rest: DiscordRest, bridge: LoopBridge) -> None:
        self.discord = discord
        self.rest = rest
        self.gateway = DiscordRoleGateway(rest, bridge, english)
        self._guild = GuildId(discord.look(lambda world: world.guild_id))

    @property
    def census(self) -> RoleCensus:
        return self.gateway

    @property
    def reasons(self) -> Sequence[str]:
        return [request.reason or "" for request in self.discord.requests if "/roles/" in request.path]

    def key(self, member: str, role: str = "VIP") -> TimerKey:
        user, found = self.discord.look(lambda world: (world.user(member).id, world.role(role).id))
        return TimerKey(self._guild, UserId(user), RoleId(found))

    def holds(self, key: TimerKey) -> bool:
        return self.discord.look(lambda world: key.role in world.guild.members[key.user].role_ids)

    def member_leaves(self, key: TimerKey) -> None:
        self.discord.change(lambda changes: changes.kick(str(key.user), by="@mod"))

    def delete_role(self, key: TimerKey) -> None:
        self.discord.change(lambda changes: changes.delete_role(str(key.role)))

    def forbid_roles(self) -> None:
        self.discord.change(lambda changes: changes.set_permission("manage-roles", allowed=False))

    def allow_roles(self) -> None:
        self.discord.change(lambda changes: changes.set_permission("manage-roles", allowed=True))

    def break_next_census(self) -> None:
        self.discord.fail(Refusal(503), method="GET", path="/guilds/*")

    def expel_bot(self) -> None:
        self.discord.change(lambda changes: changes.kick("@BoostMon", by="@owner"))

    def break_next_request(self) -> None:
        self.discord.fail(Refusal(503), path=ROLE_CHANGES)

    def throttle_next_request(self, wait: timedelta) -> None:
        self.discord.fail(Throttle(retry_after=wait.total_seconds()), path=ROLE_CHANGES)

    def lose_next_answer(self) -> None:
        self.rest.timeout = LITTLE
        self.discord.fail(LostAnswer(hold=60.0), path=ROLE_CHANGES)


@pytest.fixture
def world(discord: LoopbackDiscord, rest: DiscordRest, bridge: LoopBridge) -> LoopbackRoleWorld:
    return LoopbackRoleWorld(discord, rest, bridge)


class TestDiscordRoleCensus(RoleCensusContract):
    """Over real sockets, with nextcord."""


class TestDiscordRoleGateway(RoleGatewayContract):
    """Over real sockets, with nextcord."""


@pytest.mark.parametrize("letter", ["x", "ü", "🎉", "/ ", "%"])
def test_long_reason_is_cut_to_what_discord_takes(world: LoopbackRoleWorld, bridge: LoopBridge, letter: str) -> None:
    reason = letter * 600
    gateway = DiscordRoleGateway(world.rest, bridge, english, wording=lambda _reason, _words: reason)
    assert gateway.grant(world.key("alice"), BY_MODERATOR) == Done()
    assert list(world.reasons) == [reason[:512].strip()]


def test_a_guilds_language_is_asked_for_by_nobody_and_used_where_it_is_known(
    world: LoopbackRoleWorld, session: RestSession, bridge: LoopBridge
) -> None:
    world.discord.change(lambda changes: changes.set_language("server pt-BR"))
    names, key = NameLookup(session.client, world.rest), world.key("alice")
    gateway = DiscordRoleGateway(world.rest, bridge, names.known_language)

    gateway.remove([key], TIME_UP)
    assert [one.path for one in world.discord.requests if one.path == f"/guilds/{key.guild}"] == []
    bridge.call(lambda: names.names(key), 30)  # a notice is worded
    gateway.remove([key], TIME_UP)

    assert list(world.reasons) == ["Time was up", "O tempo acabou"]


def test_requests_go_out_together(world: LoopbackRoleWorld) -> None:
    keys = [world.key(member, role) for member in ("alice", "bob", "carol") for role in ("VIP", "Supporter")]
    world.rest.timeout = 30.0
    world.gateway.grant(keys[0], BY_MODERATOR)
    world.discord.fail(Latency(1.0), path=ROLE_CHANGES, times=None)
    assert list(world.gateway.remove(keys, TIME_UP)) == [Done()] * 6
    took = [request.at for request in world.discord.requests if request.method == "DELETE"]
    # The first one learns the route's limit on its own; all others are under way at once.
    assert (took[-1] - took[1]).total_seconds() < 3.0  # one after the other: four seconds and more


def test_limit_holds_and_everything_is_tried(world: LoopbackRoleWorld, bridge: LoopBridge) -> None:
    gateway = DiscordRoleGateway(world.rest, bridge, english, limit=2)
    keys = [world.key(member, role) for member in ("alice", "bob", "carol") for role in ("VIP", "Supporter")]
    for key in keys:
        gateway.grant(key, BY_MODERATOR)
    assert list(gateway.remove(keys, TIME_UP)) == [Done()] * 6
    assert not any(world.holds(key) for key in keys)


def test_slow_answers_cost_their_own_timeout_only(world: LoopbackRoleWorld) -> None:
    world.rest.timeout = LITTLE
    slow, quick = world.key("alice"), world.key("bob")
    world.discord.fail(Latency(30.0), path=f"/guilds/*/members/{slow.user}/roles/*")
    late, done = world.gateway.remove([slow, quick], TIME_UP)
    assert isinstance(late, Retry)
    assert "in time" in late.error
    # They share a route whose limit was not known yet: the second one waited for the first.
    assert done == Done()
    assert list(world.gateway.remove([slow, quick], TIME_UP)) == [Done(), Done()]


def test_a_wait_counts_from_when_discord_told_it_and_not_from_the_end_of_the_batch(world: LoopbackRoleWorld) -> None:
    first, throttled, slow = world.key("carol"), world.key("alice"), world.key("bob")
    world.gateway.remove([first], TIME_UP)
    world.discord.fail(Throttle(retry_after=30.0), path=f"/guilds/*/members/{throttled.user}/roles/*")
    world.discord.fail(Latency(1.0), path=f"/guilds/*/members/{slow.user}/roles/*")
    held, done = world.gateway.remove([throttled, slow], TIME_UP)
    assert isinstance(held, Held)
    assert held.after < timedelta(seconds=29.5)
    assert done == Done()


def test_revoked_token_is_no_obstacle_of_the_server(world: LoopbackRoleWorld) -> None:
    world.discord.fail(Refusal(401, 0, "401: Unauthorized"), path=ROLE_CHANGES)
    outcome = world.gateway.grant(world.key("alice"), BY_MODERATOR)
    assert isinstance(outcome, Retry)
    assert outcome.after == timedelta(minutes=1)


def test_blocked_requests_are_made_once(world: LoopbackRoleWorld) -> None:
    world.forbid_roles()
    world.gateway.grant(world.key("alice"), BY_MODERATOR)
    assert world.discord.invalid_requests == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_outage_is_not_waited_out(world: LoopbackRoleWorld, status: int) -> None:
    world.discord.fail(Refusal(status), path=ROLE_CHANGES)
    assert isinstance(world.gateway.grant(world.key("alice"), BY_MODERATOR), Retry)
    assert len(world.reasons) == 1


def test_before_login_and_after_logout(
    world: LoopbackRoleWorld, session: RestSession, discord: LoopbackDiscord
) -> None:
    key = world.key("alice")
    session.stop()
    requests = len(discord.requests)
    assert isinstance(world.gateway.grant(key, BY_MODERATOR), Retry)
    assert [type(outcome) for outcome in world.gateway.remove([key, key], TIME_UP)] == [Retry, Retry]
    assert len(discord.requests) == requests
    session.start(discord.token)
    assert world.gateway.grant(key, BY_MODERATOR) == Done()


def test_closed_client_on_a_running_loop_opens_no_new_connection(
    world: LoopbackRoleWorld, session: RestSession, bridge: LoopBridge, discord: LoopbackDiscord
) -> None:
    client = session.client()
    assert client is not None
    bridge.call(client.close, 30)
    requests = len(discord.requests)
    outcome = world.gateway.grant(world.key("alice"), BY_MODERATOR)
    assert outcome == Retry("the bot is not logged in to Discord")
    assert len(discord.requests) == requests


def test_refuses_an_event_loops_thread(world: LoopbackRoleWorld) -> None:
    key = world.key("alice")

    async def call_inside() -> None:
        world.gateway.grant(key, BY_MODERATOR)

    with pytest.raises(CalledOnLoop):
        asyncio.run(call_inside())


def test_a_removal_goes_before_a_message_that_queued_first(discord: LoopbackDiscord) -> None:
    session = RestSession(Turns(Budget(rate=1)))
    session.start(discord.token)
    rest = DiscordRest(session.client)
    key = LoopbackRoleWorld(discord, rest, LoopBridge(session.loop)).key("@alice")
    channel = ChannelId(discord.look(lambda world: world.channel("#general").id))

    async def both() -> None:  # the login has used up the second, so that both wait
        await asyncio.gather(
            rest.send(channel, {"content": "late"}, "nonce"), rest.take_role(key, "over"), return_exceptions=True
        )

    try:
        LoopBridge(session.loop).call(both, 60)
        assert [one.method for one in discord.requests if "/users/@me" not in one.path][:1] == ["DELETE"]
    finally:
        session.stop()


def test_a_bug_costs_one_outcome_and_is_logged(
    world: LoopbackRoleWorld, bridge: LoopBridge, session: RestSession, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(DiscordRest):
        async def take_role(self, key: TimerKey, reason: str) -> None:
            if key == bad:
                raise ZeroDivisionError(reason)
            await super().take_role(key, reason)

    bad, good = world.key("alice"), world.key("bob")
    outcomes = DiscordRoleGateway(Broken(session.client), bridge, english).remove([bad, good], TIME_UP)
    assert list(outcomes) == [Retry("unexpected: ZeroDivisionError"), Done()]
    assert any(record.exc_info and "unexpected" in record.message for record in caplog.records)


def test_a_grant_has_its_answer_or_is_given_up_before_its_mark_runs_out() -> None:
    rest = DiscordRest(lambda: None)

    assert timedelta(seconds=PATIENCE[Priority.COMMAND].queue + rest.timeout) < LONGEST_GRANT
    assert timedelta(seconds=PATIENCE[Priority.GRANT].queue + rest.timeout) < LONGEST_GRANT
