"""Hears of members who come and go, where the bot has the privileged intent for it.

Read from what the gateway sends: nextcord tells of members alone that it keeps, and it keeps none here.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import nextcord

from boostmon.domain.ids import GuildId, RoleId, UserId
from boostmon.domain.member_events import MemberEvent, MemberJoined, MemberLeft
from boostmon.domain.role_events import entry_at

_log = logging.getLogger(__name__)

type _Reader = Callable[[Mapping[str, Any], datetime], MemberEvent | None]

_ODD = (AttributeError, KeyError, OverflowError, TypeError, ValueError)


class MemberEar:
    """Tells `hear` who comes to a client's guilds, who is there and who goes; `now` tells when.

    The client hears it all the same: else it would not learn of its own roles.
    """

    def __init__(
        self, client: nextcord.Client, hear: Callable[[MemberEvent], None], now: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._hear = hear
        self._now = now
        for event, read in _READERS.items():
            self._listen(event, read)

    def _listen(self, event: str, read: _Reader) -> None:
        parsers = self._client._connection.parsers  # noqa: SLF001 - as in `events`
        parse = parsers[event]

        def parse_too(payload: Any) -> None:
            try:
                heard = read(payload, self._now())
                if heard is not None and (self._client.user is None or heard.user != self._client.user.id):
                    self._hear(heard)
            except _ODD as error:
                _log.warning(
                    "an event of a member could not be read", extra={"event_type": event, "error": repr(error)}
                )
            parse(payload)

        parsers[event] = parse_too


def _joined(payload: Mapping[str, Any], now: datetime) -> MemberJoined:
    at = now if payload.get("joined_at") is None else datetime.fromisoformat(payload["joined_at"])
    held = frozenset(RoleId(int(role)) for role in payload["roles"])
    return MemberJoined(*_member(payload), at, held, entry_at(at))


def _updated(payload: Mapping[str, Any], now: datetime) -> MemberJoined | None:
    """When they joined is told each time: perhaps nobody listened then. Which roles they had before is not told."""
    return None if payload.get("joined_at") is None else replace(_joined(payload, now), is_late=True)


def _left(payload: Mapping[str, Any], now: datetime) -> MemberLeft:
    return MemberLeft(*_member(payload), now)


def _member(payload: Mapping[str, Any]) -> tuple[GuildId, UserId]:
    return GuildId(int(payload["guild_id"])), UserId(int(payload["user"]["id"]))


_READERS: Mapping[str, _Reader] = {
    "GUILD_MEMBER_ADD": _joined,
    "GUILD_MEMBER_REMOVE": _left,
    "GUILD_MEMBER_UPDATE": _updated,
}
