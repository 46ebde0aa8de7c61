"""Lines of the log about the bot's servers: how many there are once it is ready, and each that it joins or leaves."""

import logging

import nextcord

_log = logging.getLogger(__name__)


class ServerLog:
    """Writes a line for each of these events, from now on. For the client's loop only."""

    def __init__(self, client: nextcord.Client) -> None:
        self._client = client
        self._known: set[int] | None = None
        client.add_listener(self._ready, "on_ready")
        # nextcord tells the two apart by a field of which Discord promises nothing; what was known before tells more.
        for event in ("on_guild_join", "on_guild_available"):
            client.add_listener(self._came, event)
        client.add_listener(self._left, "on_guild_remove")

    async def _ready(self) -> None:
        # Those that are unavailable, too: Discord lists all of them at first.
        self._known = {guild.id for guild in self._client.guilds}
        me, shards = self._client.user, self._client.shard_count
        fields = {
            "bot": None if me is None else str(me),
            "bot_id": None if me is None else me.id,
            "servers": len(self._known),
            "shards": shards,
        }
        _log.info("ready", extra={name: value for name, value in fields.items() if value is not None})

    async def _came(self, guild: nextcord.Guild) -> None:
        if self._known is not None and guild.id not in self._known:
            self._known.add(guild.id)
            _log.info("joined a server", extra=self._about(guild))

    async def _left(self, guild: nextcord.Guild) -> None:
        if self._known is not None:
            self._known.discard(guild.id)
        _log.info("left a server", extra=self._about(guild))

    def _about(self, guild: nextcord.Guild) -> dict[str, object]:
        members = {} if guild.member_count is None else {"members": guild.member_count}
        return {"guild": guild.id, "guild_name": guild.name, **members, "servers": len(self._client.guilds)}
