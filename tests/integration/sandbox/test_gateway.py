"""The gateway: logging in, staying in, coming back."""

import asyncio
import json
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from boostmon.sandbox.bot import SubprocessBot
from boostmon.sandbox.server import LoopbackDiscord
from tests.integration.sandbox.conftest import ThreadBot, bot_in_a_process, rest

nextcord_websocket = pytest.mark.filterwarnings("ignore:parameter 'timeout' of type 'float':DeprecationWarning")
GUILDS_AND_MEMBERS = 0b11


class Wire:
    """A bare client: reads and writes frames, with or without zlib-stream."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws
        self._inflate = zlib.decompressobj()

    async def next(self) -> dict[str, Any]:
        message = await self.ws.receive(timeout=30)
        if message.type is aiohttp.WSMsgType.BINARY:
            frame: dict[str, Any] = json.loads(self._inflate.decompress(message.data))
        elif message.type is aiohttp.WSMsgType.TEXT:
            frame = json.loads(message.data)
        else:
            raise ConnectionError(f"closed with {self.ws.close_code}")
        return frame

    async def send(self, op: int, payload: Any) -> None:
        await self.ws.send_str(json.dumps({"op": op, "d": payload}))

    async def identify(self, token: str, intents: int = GUILDS_AND_MEMBERS, **more: Any) -> dict[str, Any]:
        """Log in and return READY."""
        await self.next()
        await self.send(2, {"token": token, "intents": intents, "properties": {}, **more})
        return await self.next()


def on_a_wire(
    discord: LoopbackDiscord, talk: Callable[[Wire], Awaitable[None]], query: str = "?v=10&encoding=json"
) -> None:
    async def run() -> None:
        url = rest(discord, "GET", "/gateway").body["url"]
        async with aiohttp.ClientSession() as session, session.ws_connect(url + query) as ws:
            await asyncio.wait_for(talk(Wire(ws)), 60)

    asyncio.run(run())


@pytest.mark.parametrize("query", ["?v=10&encoding=json", "?v=10&encoding=json&compress=zlib-stream"])
def test_login_brings_ready_and_the_guild(discord: LoopbackDiscord, query: str) -> None:
    async def talk(wire: Wire) -> None:
        ready = await wire.identify(discord.token)
        guild = await wire.next()
        assert (ready["t"], ready["s"], guild["t"], guild["s"]) == ("READY", 1, "GUILD_CREATE", 2)
        assert ready["d"]["guilds"] == [{"id": guild["d"]["id"], "unavailable": True}]
        assert ready["d"]["resume_gateway_url"].startswith("ws://127.0.0.1:")
        assert len(guild["d"]["members"]) == 1
        tags = {r["name"]: r.get("tags") for r in guild["d"]["roles"]}
        assert tags["Booster"] == {"premium_subscriber": None}
        assert tags["VIP"] is None

    on_a_wire(discord, talk, query)


def test_members_come_in_chunks(discord: LoopbackDiscord) -> None:
    async def talk(wire: Wire) -> None:
        await wire.identify(discord.token)
        guild_id = int((await wire.next())["d"]["id"])
        await wire.send(8, {"guild_id": guild_id, "query": "", "limit": 0, "nonce": "n"})
        chunk = (await wire.next())["d"]
        assert (chunk["chunk_index"], chunk["chunk_count"], chunk["nonce"]) == (0, 1, "n")
        assert {"alice", "bob", "dave", "mod"} <= {m["user"]["username"] for m in chunk["members"]}
        await wire.send(8, {"guild_id": str(guild_id), "user_ids": [chunk["members"][0]["user"]["id"], "7"]})
        found = (await wire.next())["d"]
        assert (len(found["members"]), found["not_found"]) == (1, ["7"])
        await wire.send(8, {"guild_id": guild_id, "query": "AL", "limit": 1})
        assert [m["user"]["username"] for m in (await wire.next())["d"]["members"]] == ["alice"]

    on_a_wire(discord, talk)


def test_who_did_what_is_heard_without_a_privileged_intent(discord: LoopbackDiscord) -> None:
    discord.disallow_members_intent()

    async def talk(wire: Wire) -> None:
        await wire.identify(discord.token, intents=0b101)
        await wire.next()
        await asyncio.to_thread(discord.change, lambda c: c.give("@alice", "@VIP", by="@mod"))
        entry = await wire.next()
        assert entry["t"] == "GUILD_AUDIT_LOG_ENTRY_CREATE"
        assert entry["d"] == {
            "id": entry["d"]["id"],
            "guild_id": str(discord.look(lambda w: w.guild_id)),
            "action_type": 25,
            "user_id": str(discord.id_of("@mod")),
            "target_id": str(discord.id_of("@alice")),
            "changes": [{"key": "$add", "new_value": [{"id": str(discord.id_of("@VIP")), "name": "VIP"}]}],
        }
        await asyncio.to_thread(discord.change, lambda c: c.set_permission("view-audit-log", allowed=False))
        assert (await wire.next())["t"] == "GUILD_ROLE_UPDATE"
        await asyncio.to_thread(discord.change, lambda c: c.take("@alice", "@VIP", by="@mod"))
        await asyncio.to_thread(discord.change, lambda c: c.create_role("@New"))
        assert (await wire.next())["t"] == "GUILD_ROLE_CREATE"

    on_a_wire(discord, talk)


def test_heartbeats_are_acknowledged_before_and_after_login(discord: LoopbackDiscord) -> None:
    async def talk(wire: Wire) -> None:
        assert (await wire.next())["op"] == 10
        await wire.send(1, None)
        assert await wire.next() == {"op": 11, "d": None, "s": None, "t": None}

    on_a_wire(discord, talk)


@pytest.mark.parametrize(
    ("op", "payload", "code"),
    [
        (2, {"token": "wrong", "intents": 0}, 4004),
        (8, {"guild_id": "1"}, 4003),
        (6, {"token": "wrong", "session_id": "x", "seq": 1}, 4004),
    ],
)
def test_who_may_not_is_shown_the_door(discord: LoopbackDiscord, op: int, payload: Any, code: int) -> None:
    async def talk(wire: Wire) -> None:
        await wire.next()
        await wire.send(op, payload)
        with pytest.raises(ConnectionError, match=str(code)):
            await wire.next()

    on_a_wire(discord, talk)


def test_a_frame_that_is_no_frame_closes_with_4002(discord: LoopbackDiscord) -> None:
    async def talk(wire: Wire) -> None:
        await wire.next()
        await wire.ws.send_str("{")
        with pytest.raises(ConnectionError, match="4002"):
            await wire.next()

    on_a_wire(discord, talk)


def test_the_members_intent_can_be_disallowed(discord: LoopbackDiscord) -> None:
    discord.disallow_members_intent()

    async def talk(wire: Wire) -> None:
        with pytest.raises(ConnectionError, match="4014"):
            await wire.identify(discord.token)

    on_a_wire(discord, talk)


def test_events_are_only_what_intents_and_shard_cover(discord: LoopbackDiscord) -> None:
    shard = discord.look(lambda w: (w.guild_id >> 22) % 2)

    async def talk(wire: Wire) -> None:
        await wire.identify(discord.token, intents=1, shard=[shard, 2])
        assert (await wire.next())["t"] == "GUILD_CREATE"
        await asyncio.to_thread(discord.change, lambda c: c.give("@alice", "@VIP", by="@mod"))
        await asyncio.to_thread(discord.change, lambda c: c.delete_role("@VIP"))
        assert (await wire.next())["t"] == "GUILD_ROLE_DELETE"

    async def elsewhere(wire: Wire) -> None:
        ready = await wire.identify(discord.token, intents=1, shard=[1 - shard, 2])
        assert ready["d"]["guilds"] == []
        await asyncio.to_thread(discord.change, lambda c: c.create_role("@New"))
        await wire.send(1, None)
        assert (await wire.next())["op"] == 11

    on_a_wire(discord, talk)
    on_a_wire(discord, elsewhere)


def test_resume_replays_what_was_missed(discord: LoopbackDiscord) -> None:
    session: dict[str, Any] = {}

    async def before(wire: Wire) -> None:
        session.update((await wire.identify(discord.token))["d"])
        await wire.next()
        await wire.ws.close(code=4000)

    async def after(wire: Wire) -> None:
        await wire.next()
        await wire.send(6, {"token": discord.token, "session_id": session["session_id"], "seq": 2})
        missed, resumed = await wire.next(), await wire.next()
        assert (missed["t"], missed["s"]) == ("GUILD_MEMBER_UPDATE", 3)
        assert resumed["t"] == "RESUMED"

    on_a_wire(discord, before)
    discord.wait_until(lambda: not discord.online, 60)
    discord.change(lambda c: c.give("@alice", "@VIP", by="@mod"))
    on_a_wire(discord, after)


@pytest.mark.parametrize("sequence", [0, 99])
def test_a_session_that_cannot_be_resumed_is_invalid(discord: LoopbackDiscord, sequence: int) -> None:
    async def talk(wire: Wire) -> None:
        await wire.next()
        await wire.send(6, {"token": discord.token, "session_id": "unknown", "seq": sequence})
        assert await wire.next() == {"op": 9, "d": False, "s": None, "t": None}

    on_a_wire(discord, talk)


def test_the_address_for_resuming_may_lead_nowhere(discord: LoopbackDiscord) -> None:
    addresses: list[str] = []

    async def look(wire: Wire) -> None:
        addresses.append((await wire.identify(discord.token))["d"]["resume_gateway_url"])

    async def connect() -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(addresses[0]) as ws:
            assert (await Wire(ws).next())["op"] == 10

    on_a_wire(discord, look)
    discord.refuse_resume_address(refuse=True)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        asyncio.run(connect())
    assert discord.refused_sockets == 1
    on_a_wire(discord, look)  # the general one is as before
    discord.refuse_resume_address(refuse=False)
    asyncio.run(connect())


def test_a_muted_gateway_says_what_it_has_to_say_later(discord: LoopbackDiscord) -> None:
    discord.mute_gateway(mute=True)

    async def talk(wire: Wire) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(wire.next(), 0.2)
        await asyncio.to_thread(discord.mute_gateway, mute=False)

    async def talk_again(wire: Wire) -> None:
        assert (await wire.next())["op"] == 10
        await asyncio.to_thread(discord.mute_gateway, mute=True)
        await wire.send(1, None)
        closing = asyncio.create_task(wire.ws.close(code=4000))
        await asyncio.wait({closing}, timeout=0.2)
        assert not closing.done()
        await asyncio.to_thread(discord.mute_gateway, mute=False)
        await asyncio.wait_for(closing, 30)

    on_a_wire(discord, talk)
    on_a_wire(discord, talk_again)


def test_sessions_are_counted_and_one_too_many_costs_the_token(discord: LoopbackDiscord) -> None:
    async def identify(wire: Wire) -> None:
        await wire.identify(discord.token)

    async def too_many(wire: Wire) -> None:
        with pytest.raises(ConnectionError, match="4004"):
            await wire.identify(discord.token)

    on_a_wire(discord, identify)
    limit = rest(discord, "GET", "/gateway/bot").body["session_start_limit"]
    assert limit == {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    discord.allow_sessions(left=1, reset_after=7.5)
    on_a_wire(discord, identify)
    limit = rest(discord, "GET", "/gateway/bot").body["session_start_limit"]
    assert (limit["remaining"], limit["reset_after"]) == (0, 7500)
    on_a_wire(discord, too_many)


@nextcord_websocket
@pytest.mark.parametrize("code", [None, 4000, 1000])
def test_nextcord_comes_back_after_a_dropped_socket(discord: LoopbackDiscord, bot: ThreadBot, code: int | None) -> None:
    del bot
    discord.drop_gateway(code)
    discord.change(lambda c: c.give("@alice", "@VIP", by="@mod"))

    discord.wait_until(lambda: discord.resumes == 1 and discord.online, 60)

    seen = json.loads(discord.command("@mod", "/cache").content)
    assert seen["members"]["alice"] == ["VIP"]
    assert discord.logins == 1


@nextcord_websocket
def test_nextcord_logs_in_anew_when_its_session_is_gone(discord: LoopbackDiscord, bot: ThreadBot) -> None:
    del bot
    discord.drop_gateway(4000, forget_sessions=True)

    discord.wait_until(lambda: discord.logins == 2 and discord.online, 60)

    assert discord.command("@alice", "/answer how:now").content == "hello"


@nextcord_websocket
def test_nextcord_follows_a_request_to_reconnect(discord: LoopbackDiscord, bot: ThreadBot) -> None:
    del bot
    discord.ask_to_reconnect()

    discord.wait_until(lambda: discord.resumes == 1 and discord.online, 60)


def test_a_bot_with_a_wrong_token_ends(discord: LoopbackDiscord) -> None:
    process = bot_in_a_process(discord, token="wrong")
    process.start()
    try:
        discord.wait_until(lambda: not process.is_running, 60)
        process.stop()
        assert any("401 Unauthorized" in line for line in process.output)
        assert not discord.online
    finally:
        process.kill()


def test_a_killed_bot_does_not_respond(discord: LoopbackDiscord, bot_process: SubprocessBot) -> None:
    assert discord.command("@alice", "/answer how:now").content == "hello"
    bot_process.kill()
    discord.wait_until(lambda: not discord.online, 60)

    assert "the bot is not connected" in discord.command("@alice", "/answer how:now").text
