"""`Hearing` on PostgreSQL."""

from collections.abc import Collection, Mapping
from typing import override

from psycopg.rows import TupleRow

from boostmon.adapters.postgres.sessions import Connection, Sessions
from boostmon.app.ports import Hearing
from boostmon.domain.ids import GuildId, RoleId

WATCHED = "SELECT DISTINCT guild_id, role_id FROM boostmon.timers"


class PostgresHearing(Hearing):
    """Reads all timers' roles: for now and then, not for each event."""

    def __init__(self, database: Sessions) -> None:
        self._database = database

    @override
    def watched(self) -> Mapping[GuildId, Collection[RoleId]]:

        def work(connection: Connection) -> list[TupleRow]:
            return connection.execute(WATCHED).fetchall()

        found: dict[GuildId, set[RoleId]] = {}
        for guild, role in self._database.run(work, idempotent=True):
            found.setdefault(GuildId(guild), set()).add(RoleId(role))
        return found
