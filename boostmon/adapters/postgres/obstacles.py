"""`Obstacles` on PostgreSQL."""

from datetime import datetime
from typing import override

from boostmon.adapters.postgres.sessions import Sessions
from boostmon.app.ports import OBSTACLE_SETTLES, Obstacles
from boostmon.domain.ids import NOBODY
from boostmon.domain.notices import NoticeKind

# A row that is deleted is told, so that of several processes one tells it. The first look finds a blocked ending by its
# index; only where there is none, the second goes through the guild's timers, for one that is tried again for another
# reason. As scalars, neither can become a pass over the timers of all guilds.
RESOLVE = f"""
    WITH resolved AS (
        DELETE FROM boostmon.told_obstacles
        WHERE told_at <= now() - %(settles)s AND CASE
            WHEN (
                SELECT true FROM boostmon.timers
                WHERE timers.guild_id = told_obstacles.guild_id AND timers.role_id = told_obstacles.role_id
                    AND blocked_by IS NOT NULL LIMIT 1
            ) THEN false
            ELSE (
                SELECT true FROM boostmon.timers
                WHERE timers.guild_id = told_obstacles.guild_id AND timers.role_id = told_obstacles.role_id
                    AND (state = 'ending' OR (state = 'waiting' AND attempts > 0)) LIMIT 1
            ) IS NULL
        END
        RETURNING guild_id, role_id
    )
    INSERT INTO boostmon.notices (guild_id, user_id, role_id, kind, at, due_at)
    SELECT DISTINCT guild_id, {NOBODY}, role_id, '{NoticeKind.RESOLVED}', %(now)s::timestamptz, %(now)s::timestamptz
    FROM resolved JOIN boostmon.guild_settings USING (guild_id) WHERE log_channel IS NOT NULL
"""


class PostgresObstacles(Obstacles):
    """The obstacles in PostgreSQL that log channels were told of."""

    def __init__(self, database: Sessions) -> None:
        self._database = database

    @override
    def resolve(self, now: datetime) -> int:
        parameters = {"now": now, "settles": OBSTACLE_SETTLES}
        # Safe to repeat: what was told is not there any more.
        return self._database.run(lambda connection: connection.execute(RESOLVE, parameters).rowcount, idempotent=True)
