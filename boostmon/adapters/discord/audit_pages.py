"""`AuditLog` on Discord's REST API."""

import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, override

from boostmon.adapters.discord.audit_log import OddEntry, entry_from
from boostmon.adapters.discord.bridge import LoopBridge
from boostmon.adapters.discord.budget import PATIENCE, Priority
from boostmon.adapters.discord.faults import Later, Refused, fault_of
from boostmon.adapters.discord.rest import DiscordRest
from boostmon.app.errors import AuditLogHidden, DiscordUnreachable
from boostmon.app.ports import AuditLog, AuditPage
from boostmon.domain.ids import GuildId, RequestId
from boostmon.domain.outcomes import Held
from boostmon.domain.role_events import AuditEntry

_log = logging.getLogger(__name__)

PAGE = 100
"""The most entries that Discord shows at once."""
_SLACK = 5.0
"""Seconds: a busy loop is no reason to doubt what Discord answered."""


class DiscordAuditLog(AuditLog):
    """Asks Discord, after everything else that it is asked for. To be called from any thread but the client's own."""

    def __init__(self, rest: DiscordRest, bridge: LoopBridge) -> None:
        self._rest = rest
        self._bridge = bridge

    @override
    def newest(self, guild: GuildId) -> RequestId | None:
        entries = self._ask(lambda: self._rest.role_changes(guild, 1))
        return max((one.id for one in self._read(guild, entries)), default=None)

    @override
    def after(self, guild: GuildId, entry: RequestId) -> AuditPage:
        entries = self._ask(lambda: self._rest.role_changes(guild, PAGE, entry))
        found = sorted(self._read(guild, entries), key=lambda one: one.id)
        return AuditPage(found, is_last=len(entries) < PAGE)

    def _ask(self, ask: Callable[[], Coroutine[Any, Any, dict[str, Any]]]) -> Sequence[Any]:
        timeout = self._rest.timeout + PATIENCE[Priority.CATCH_UP].queue + _SLACK
        try:
            entries = self._bridge.call(ask, timeout)["audit_log_entries"]
        except Exception as error:
            match fault_of(error):
                case Refused(error=line):
                    raise AuditLogHidden(line) from error
                case Later(error=line) | Held(error=line):
                    raise DiscordUnreachable(line) from error
                case _:
                    raise DiscordUnreachable(f"an odd answer: {error!r}") from error
        if not isinstance(entries, list):
            raise DiscordUnreachable("an odd answer: entries that are no list")
        return entries

    def _read(self, guild: GuildId, entries: Sequence[Any]) -> list[AuditEntry]:
        found, odd, me = [], 0, self._rest.me
        for entry in entries:
            try:
                found.append(entry_from(entry, guild, me=me))
            except OddEntry:
                odd += 1
        if odd:
            _log.warning("entries of an audit log could not be read", extra={"guild": guild, "entries": odd})
        return found
