"""The audit log in memory keeps the contract of the port."""

from itertools import count

import pytest

from boostmon.adapters.memory.audit_log import InMemoryAuditLog
from boostmon.domain.ids import RequestId, TimerKey, UserId
from boostmon.domain.role_events import AuditEntry, RoleEvent, RoleGiven, RoleTaken
from tests.contracts.audit_log import AuditLogContract
from tests.support.timers import GUILD, KEY, NOW


class MemoryAuditWorld:
    """The world of the contract."""

    page = 4
    guild = GUILD

    def __init__(self) -> None:
        self.log = InMemoryAuditLog(self.page)
        self._ids = map(RequestId, count(1))

    def hand(self, *, give: bool, by_the_bot: bool = False) -> tuple[TimerKey, UserId]:
        entry, by = next(self._ids), UserId(5)
        event: RoleEvent = (RoleGiven if give else RoleTaken)(KEY, by, entry, NOW)
        self.log.entries.append(AuditEntry(GUILD, entry, () if by_the_bot else (event,)))
        return KEY, by

    def does_something_else(self) -> None:
        self.log.entries.append(AuditEntry(GUILD, next(self._ids)))

    def hide(self) -> None:
        self.log.hidden.add(GUILD)


@pytest.fixture
def world() -> MemoryAuditWorld:
    return MemoryAuditWorld()


class TestInMemoryAuditLog(AuditLogContract):
    """Without a Discord."""
