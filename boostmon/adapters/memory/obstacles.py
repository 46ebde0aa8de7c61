"""`Obstacles` in memory."""

from datetime import datetime
from typing import override

from boostmon.adapters.memory.store import MemoryStore, StoredNotice
from boostmon.app.ports import OBSTACLE_SETTLES, Obstacles
from boostmon.domain.ids import NOBODY, GuildId, TimerKey
from boostmon.domain.notices import ResolvedNotice
from boostmon.domain.timers import Ending, State, Waiting


class InMemoryObstacles(Obstacles):
    """The obstacles in memory that log channels were told of."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @override
    def resolve(self, now: datetime) -> int:
        with self._store.lock:
            told, settled = self._store.told_obstacles, self._store.seconds() - OBSTACLE_SETTLES.total_seconds()
            waiting = {(key.guild, key.role) for key, row in self._store.timers.items() if _waits(row.timer.state)}
            over = [mark for mark, at in told.items() if at <= settled and mark[:2] not in waiting]
            for mark in over:
                del told[mark]
            roles = dict.fromkeys((guild, role) for guild, role, _ in over if self._has_log(guild))
            for guild, role in roles:
                number = next(self._store.notice_ids)
                notice = ResolvedNotice(TimerKey(guild, NOBODY, role), at=now)
                self._store.notices[number] = StoredNotice(number, notice, notice.due_at)
            return len(roles)

    def _has_log(self, guild: GuildId) -> bool:
        policy = self._store.policies.get(guild)
        return policy is not None and policy.log_channel is not None


def _waits(state: State) -> bool:
    """Whether it is tried to give the role, or to take it."""
    return isinstance(state, Ending) or (isinstance(state, Waiting) and state.attempts > 0)
