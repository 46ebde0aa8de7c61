"""`AuditLog` without a Discord: for tests, and for staging, where nobody does anything by hand."""

from typing import override

from boostmon.app.errors import AuditLogHidden, DiscordUnreachable
from boostmon.app.ports import AuditLog, AuditPage
from boostmon.domain.ids import GuildId, RequestId
from boostmon.domain.role_events import AuditEntry


class InMemoryAuditLog(AuditLog):
    """Reads `entries`, the oldest first, `page` at a time; a guild that is `hidden` is not shown."""

    def __init__(self, page: int = 100) -> None:
        self.entries: list[AuditEntry] = []
        self.hidden: set[GuildId] = set()
        self.failures: list[DiscordUnreachable] = []
        """What the next questions are answered with."""
        self.looks = 0
        self._page = page

    @override
    def newest(self, guild: GuildId) -> RequestId | None:
        return max((one.id for one in self._of(guild)), default=None)

    @override
    def after(self, guild: GuildId, entry: RequestId) -> AuditPage:
        found = [one for one in self._of(guild) if one.id > entry]
        return AuditPage(found[: self._page], is_last=len(found) < self._page)

    def _of(self, guild: GuildId) -> list[AuditEntry]:
        self.looks += 1
        if self.failures:
            raise self.failures.pop(0)
        if guild in self.hidden:
            raise AuditLogHidden
        return [one for one in self.entries if one.guild == guild]
