"""`Hearing` on PostgreSQL."""

from typing import override

from psycopg.rows import TupleRow

from boostmon.adapters.postgres.sessions import Connection, Sessions
from boostmon.app.ports import Hearing, Watched
from boostmon.domain.ids import GuildId, RoleId

# All timers are read: for now and then, not for each event.
WATCHED = """
    SELECT DISTINCT guild_id, role_id, false FROM boostmon.timers
    UNION ALL
    SELECT guild_id, role_id, true FROM boostmon.role_rules WHERE rule -> 'starts' = 'true'
"""


class PostgresHearing(Hearing):
    """What is watched, in PostgreSQL."""

    def __init__(self, database: Sessions) -> None:
        self._database = database

    @override
    def watched(self) -> Watched:

        def work(connection: Connection) -> list[TupleRow]:
            return connection.execute(WATCHED).fetchall()

        timed: dict[GuildId, set[RoleId]] = {}
        starting: dict[GuildId, set[RoleId]] = {}
        for guild, role, starts in self._database.run(work, idempotent=True):
            (starting if starts else timed).setdefault(GuildId(guild), set()).add(RoleId(role))
        return Watched(timed, starting)
