"""`RoleHolders` on Discord's REST API."""

from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, override

from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.budget import PATIENCE, Priority
from boostmon.adapters.discord.faults import UNKNOWN_MEMBER, UNKNOWN_USER, Refused, fault_of
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.app.errors import DiscordUnreachable
from boostmon.app.ports import Membership, RoleHolders
from boostmon.domain.ids import GuildId, RoleId, UserId

_SLACK = 5.0
"""Seconds: a busy loop is no reason to doubt what Discord answered."""


class DiscordRoleHolders(RoleHolders):
    """Asks Discord, after everything else that it is asked for. To be called from any thread but the client's own."""

    def __init__(self, rest: DiscordRest, bridge: LoopBridge) -> None:
        self._rest = rest
        self._bridge = bridge

    @override
    def counts(self, guild: GuildId) -> Mapping[RoleId, int]:
        try:
            found = self._ask(lambda: self._rest.member_counts(guild))
            return {RoleId(int(role)): int(number) for role, number in found.items()}
        except Exception as error:
            raise _unreachable(error) from error

    @override
    def membership(self, guild: GuildId, user: UserId) -> Membership | None:
        try:
            found = self._ask(lambda: self._rest.member(guild, user))
            since = found.get("joined_at")
            held = frozenset(RoleId(int(role)) for role in found["roles"])
            return Membership(held, None if since is None else datetime.fromisoformat(since))
        except Exception as error:
            match fault_of(error):
                case Refused(code=code) if code in {UNKNOWN_MEMBER, UNKNOWN_USER}:
                    return None
                case _:
                    raise _unreachable(error) from error

    def _ask(self, ask: Callable[[], Coroutine[Any, Any, dict[str, Any]]]) -> dict[str, Any]:
        timeout = self._rest.timeout + PATIENCE[Priority.CATCH_UP].queue + _SLACK
        return self._bridge.call(ask, timeout)


def _unreachable(error: Exception) -> DiscordUnreachable:
    fault = fault_of(error)
    return DiscordUnreachable(f"an odd answer: {error!r}" if fault is None else fault.error)
