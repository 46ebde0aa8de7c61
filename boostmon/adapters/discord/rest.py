"""The few requests that BoostMon makes of Discord by itself, beside its answers to commands."""

from collections.abc import Callable
from typing import Any

import nextcord
from nextcord.http import Route

from boostmon.adapters.discord.audit_log import MEMBER_ROLE_UPDATE
from boostmon.adapters.discord.budget import Priority
from boostmon.adapters.discord.faults import Faulty, Later, OddAnswer
from boostmon.adapters.discord.http import NO_CONTENT, PatientHTTPClient
from boostmon.domain.ids import ChannelId, GuildId, RoleId, TimerKey, UserId

LONGEST_AUDIT_REASON = 512
"""Characters, by Discord's reference of the audit log."""


class DiscordRest:
    """Sends requests by the client that `client` gives at the time of each (None: there is none yet).

    A client that is only logged in and has no gateway connection will do. It must have been made patient (see
    `make_patient`). Every method must be awaited on the client's loop, raises TimeoutError `timeout` seconds after its
    turn came, OddAnswer for an answer that is not Discord's, and what nextcord and aiohttp raise; `faults` tells what
    that means. Nothing is tried twice here: the timers and the outbox plan their own retries, which survive a crash.

    With `for_command` its role changes and looks go first in the budget, as somebody waits for them.
    """

    def __init__(
        self, client: Callable[[], nextcord.Client | None], *, timeout: float = 10.0, for_command: bool = False
    ) -> None:
        self.timeout = timeout
        self.grants = Priority.COMMAND if for_command else Priority.GRANT
        self.removals = Priority.COMMAND if for_command else Priority.REMOVAL
        self.looks = Priority.COMMAND if for_command else Priority.NOTICE
        self._client = client

    async def give_role(self, key: TimerKey, reason: str) -> None:
        """Gives a member a role; having it already is no error. `reason` goes to the audit log."""
        await self._change_role("PUT", key, self.grants, reason)

    async def take_role(self, key: TimerKey, reason: str) -> None:
        """Takes a role from a member; not having it is no error. `reason` goes to the audit log."""
        await self._change_role("DELETE", key, self.removals, reason)

    @property
    def me(self) -> int:
        """The bot's own user id; zero where it is not logged in."""
        client = self._client()
        return 0 if client is None or client.user is None else client.user.id

    def is_in(self, guild: GuildId) -> bool:
        """Whether the gateway says that the bot is in the guild."""
        client = self._client()
        return client is not None and client.get_guild(guild) is not None

    async def open_dm(self, user: UserId) -> ChannelId:
        """The channel of the direct messages with a user."""
        opened = await self._request(Route("POST", "/users/@me/channels"), json={"recipient_id": str(user)})
        return ChannelId(_id_of(opened))

    async def send(self, channel: ChannelId, message: dict[str, Any], nonce: str) -> None:
        """Sends a message. The same nonce within a few minutes sends it only once."""
        body = {**message, "nonce": nonce, "enforce_nonce": True}
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=int(channel))
        _id_of(await self._request(route, json=body))

    async def guild(self, guild: GuildId) -> dict[str, Any]:
        """The guild object with its `name` and `roles`."""
        route = Route("GET", "/guilds/{guild_id}", guild_id=int(guild))
        found: dict[str, Any] = await self._request(route, self.looks)
        return found

    async def role_changes(self, guild: GuildId, limit: int, after: int | None = None) -> dict[str, Any]:
        """The audit log's entries about members' roles: the newest, or the next ones after an entry."""
        route = Route("GET", "/guilds/{guild_id}/audit-logs", guild_id=int(guild))
        where = {} if after is None else {"after": after}
        params = {"action_type": MEMBER_ROLE_UPDATE, "limit": limit, **where}
        found: dict[str, Any] = await self._request(route, Priority.CATCH_UP, params=params)
        return found

    async def member_counts(self, guild: GuildId) -> dict[str, Any]:
        """How many members have each role."""
        route = Route("GET", "/guilds/{guild_id}/roles/member-counts", guild_id=int(guild))
        found: dict[str, Any] = await self._request(route, Priority.CATCH_UP)
        return found

    async def member(self, guild: GuildId, user: UserId) -> dict[str, Any]:
        """A member object."""
        route = Route("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=int(guild), user_id=int(user))
        found: dict[str, Any] = await self._request(route, Priority.CATCH_UP)
        return found

    async def _change_role(self, method: str, key: TimerKey, priority: Priority, reason: str) -> None:
        route, told = _member_role(method, key), reason[:LONGEST_AUDIT_REASON]
        await self._request(route, priority, expected=NO_CONTENT, reason=told)

    async def myself_in(self, guild: GuildId) -> dict[str, Any]:
        """The bot's own member object in the guild."""
        route = Route("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=int(guild), user_id=self.me)
        found: dict[str, Any] = await self._request(route)
        return found

    async def _request(self, route: Route, priority: Priority = Priority.NOTICE, **arguments: Any) -> Any:
        client = self._client()
        # A closed client would open a new session for the request, and nobody would close that one.
        if client is None or client.user is None or client.is_closed():
            raise Faulty(Later("the bot is not logged in to Discord", is_unsent=True))
        http = client.http
        if not isinstance(http, PatientHTTPClient):
            raise TypeError("the client's HTTP client must have been replaced by make_patient()")
        return await http.request_once(route, priority=priority, patience=self.timeout, **arguments)


def _id_of(created: Any) -> int:
    """The id of what Discord says that it made: without one, it is not Discord who says so."""
    try:
        return int(created["id"])
    except (KeyError, TypeError, ValueError):
        raise OddAnswer("Discord did not confirm it: an answer without an id") from None


def _member_role(method: str, key: TimerKey) -> Route:
    return Route(
        method,
        "/guilds/{guild_id}/members/{user_id}/roles/{role_id}",
        guild_id=int(key.guild),
        user_id=int(key.user),
        role_id=int(key.role),
    )


async def until_roles_may_be_given(
    client: nextcord.Client, guild: GuildId, patience: float, ahead: Callable[[], int]
) -> None:
    """Returns when Discord would let a role be given in the guild, by what is known; see `Turns.until_open`.

    To be awaited on the client's loop.

    Raises:
        Faulty: that would be too late.
    """
    http, nobody = client.http, UserId(0)
    if isinstance(http, PatientHTTPClient):
        await http.until_open("PUT", _member_role("PUT", TimerKey(guild, nobody, RoleId(0))), patience, ahead)
