"""What Discord says about the bot: its application, and what it may do in its servers. REST only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nextcord
from nextcord.http import Route

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.faults import fault_of
from boostmon.adapters.discord.payloads import roles_of, standing_in
from boostmon.adapters.discord.session import RestSession
from boostmon.app.errors import DiscordUnreachable
from boostmon.domain.eligibility import RoleFacts, Standing
from boostmon.domain.ids import GuildId, RoleId

PAGE = 200
"""The most guilds that Discord lists at once."""
MEMBERS_ALLOWED = 1 << 14 | 1 << 15
"""The flags of an application with the members intent: verified by Discord, or in few servers."""


@dataclass(frozen=True, slots=True)
class Application:
    """The bot as its owner set it up. `endpoint`: where Discord sends interactions instead of to the gateway.

    `sees_members`: it may ask for the members intent.
    """

    id: int
    name: str
    endpoint: str | None
    needs_code_grant: bool
    logins_left: int
    sees_members: bool


@dataclass(frozen=True, slots=True)
class Server:
    """A guild with its roles, and what the bot may do there."""

    id: GuildId
    name: str
    bot: Standing
    roles: Mapping[RoleId, RoleFacts]


class Checkup:
    """Asks by a session that is logged in. Every method raises DiscordUnreachable where no answer is to be had."""

    def __init__(self, session: RestSession, *, timeout: float = 10.0) -> None:
        self._session = session
        self._timeout = timeout

    def application(self) -> Application:
        """The application that the token belongs to."""
        found = self._get(Route("GET", "/oauth2/applications/@me"))
        gateway = self._get(Route("GET", "/gateway/bot"))
        return Application(
            id=int(found["id"]),
            name=str(found["name"]),
            endpoint=found.get("interactions_endpoint_url"),
            needs_code_grant=bool(found.get("bot_require_code_grant")),
            logins_left=int(gateway["session_start_limit"]["remaining"]),
            sees_members=bool(int(found.get("flags") or 0) & MEMBERS_ALLOWED),
        )

    def guilds(self) -> Sequence[GuildId]:
        """All guilds that the bot is in."""
        listed: list[GuildId] = []
        while True:
            after = listed[-1] if listed else 0
            page = self._get(Route("GET", "/users/@me/guilds"), params={"after": after, "limit": PAGE})
            listed += [GuildId(int(guild["id"])) for guild in page]
            if len(page) < PAGE:
                return listed

    def server(self, guild: GuildId) -> Server:
        """One guild, and the bot in it."""
        client = self._client()
        me = 0 if client.user is None else client.user.id
        found = self._get(Route("GET", "/guilds/{guild_id}", guild_id=int(guild)))
        member = self._get(Route("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=int(guild), user_id=me))
        return Server(id=guild, name=str(found["name"]), bot=standing_in(found, member), roles=roles_of(found))

    def _client(self) -> nextcord.Client:
        client = self._session.client()
        if client is None:
            raise DiscordUnreachable("not logged in")
        return client

    def _get(self, route: Route, **arguments: Any) -> Any:
        client = self._client()
        try:
            return LoopBridge(self._session.loop).call(lambda: client.http.request(route, **arguments), self._timeout)
        except Exception as error:
            fault = fault_of(error)
            if fault is None:
                raise
            raise DiscordUnreachable(f"{route.path}: {fault.error}") from error
