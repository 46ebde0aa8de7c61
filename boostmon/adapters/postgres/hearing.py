"""`Hearing` on PostgreSQL."""

from collections.abc import Mapping
from typing import override

from psycopg.rows import TupleRow

from boostmon.adapters.postgres.rows import arrays
from boostmon.adapters.postgres.sessions import Connection, Sessions
from boostmon.adapters.postgres.statements import unnested
from boostmon.app.ports import Hearing, Watched
from boostmon.domain.ids import GuildId, RequestId, RoleId

# Of the timers none is read, as there may be millions.
WATCHED = """
    SELECT guild_id, role_id, false FROM boostmon.timed_roles
    UNION ALL
    SELECT guild_id, role_id, true FROM boostmon.role_rules WHERE rule -> 'starts' = 'true'
"""
GONE = "DELETE FROM boostmon.timed_roles WHERE guild_id = %(guild_id)s AND role_id = %(role_id)s"

_CURSOR = {"guild_id": "bigint", "entry_id": "bigint"}
HEARD_UNTIL = "SELECT entry_id FROM boostmon.audit_log_cursors WHERE guild_id = %(guild_id)s"
# In the order of guilds, so that two processes do not wait for each other in a circle.
HEARD = f"""
    INSERT INTO boostmon.audit_log_cursors AS known (guild_id, entry_id)
    SELECT guild_id, entry_id FROM {unnested("heard", _CURSOR)} ORDER BY guild_id
    ON CONFLICT (guild_id) DO UPDATE SET entry_id = excluded.entry_id WHERE known.entry_id < excluded.entry_id
"""


class PostgresHearing(Hearing):
    """What is watched, and what was heard, in PostgreSQL."""

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

    @override
    def gone(self, guild: GuildId, role: RoleId) -> None:
        parameters = {"guild_id": guild, "role_id": role}
        self._database.run(lambda connection: connection.execute(GONE, parameters), idempotent=True)

    @override
    def heard_until(self, guild: GuildId) -> RequestId | None:

        def work(connection: Connection) -> TupleRow | None:
            return connection.execute(HEARD_UNTIL, {"guild_id": guild}).fetchone()

        row = self._database.run(work, idempotent=True)
        return None if row is None else RequestId(row[0])

    @override
    def heard(self, until: Mapping[GuildId, RequestId]) -> None:
        rows = ({"guild_id": guild, "entry_id": entry} for guild, entry in until.items())
        parameters = arrays(rows, _CURSOR)
        self._database.run(lambda connection: connection.execute(HEARD, parameters), idempotent=True)
