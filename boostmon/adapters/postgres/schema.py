"""The schema of our own, in which everything of BoostMon's is: whether it is there, and what its user may do there.

Other programs, such as the earlier BoostMon, may have tables of the same names in the same database. So all SQL names
the schema, and no session's search path matters: behind a pooler a session is shared with those programs.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow, class_row

from boostmon.adapters.postgres.migration_files import MigrationError

SCHEMA = "boostmon"

_RIGHTS = """
    SELECT quote_ident(current_user) AS user, quote_ident(current_database()) AS database,
        has_database_privilege(current_database(), 'CREATE') AS may_make_it,
        pg_namespace.oid IS NOT NULL AS is_there,
        coalesce(has_schema_privilege(pg_namespace.oid, 'USAGE'), false) AS may_use_it,
        coalesce(has_schema_privilege(pg_namespace.oid, 'CREATE'), false) AS may_fill_it
    FROM (VALUES (1)) AS one LEFT JOIN pg_namespace ON nspname = %s
"""

_OWNER_OF_TIMERS = """
    SELECT pg_get_userbyid(relowner) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = %s AND relname = 'timers' AND pg_get_userbyid(relowner) <> current_user
"""
_MADE_BY_US = """
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = %s AND relkind = 'r' AND pg_get_userbyid(relowner) = current_user
        AND pg_get_userbyid(nspowner) = %s
"""

_GIVEN_ON_TIMERS = """
    SELECT new.relname, privilege_type, CASE WHEN grantee <> 0 THEN pg_get_userbyid(grantee) END
    FROM pg_class AS timers JOIN pg_namespace ON pg_namespace.oid = timers.relnamespace,
        aclexplode(timers.relacl), pg_class AS new
    WHERE nspname = %s AND timers.relname = 'timers' AND grantee <> timers.relowner
        AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        AND new.relnamespace = timers.relnamespace AND new.relkind = 'r' AND new.relacl IS NULL
        AND pg_get_userbyid(new.relowner) = current_user
"""


class SchemaNotAllowedError(MigrationError):
    """The user of the database may not do what has to be done there; the message has the statement that allows it."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Whether the schema is there, and what the connected user may do. Names are quoted where SQL needs that."""

    user: str
    database: str
    may_make_it: bool
    is_there: bool
    may_use_it: bool
    may_fill_it: bool

    def require_use(self) -> None:
        """Does nothing where the schema is not there yet, or can be used.

        Raises:
            SchemaNotAllowedError: it belongs to somebody else.
        """
        if self.is_there and not self.may_use_it:
            raise SchemaNotAllowedError(
                f"the database user {self.user} may not use the schema {SCHEMA}. If it is this bot's, let the "
                f"database's administrator run: GRANT USAGE ON SCHEMA {SCHEMA} TO {self.user}; "
                "if it is another bot's, give each bot a database of its own"
            )

    def require_changes(self) -> None:
        """Does nothing where the user may make the schema, or change what is in it.

        Raises:
            SchemaNotAllowedError: that is for the administrator to allow.
        """
        if not self.is_there and not self.may_make_it:
            raise SchemaNotAllowedError(
                f"the database user {self.user} may not create a schema in the database {self.database}. "
                f"Let its administrator run: CREATE SCHEMA {SCHEMA} AUTHORIZATION {self.user}"
            )
        if self.is_there and not self.may_fill_it:
            raise SchemaNotAllowedError(
                f"the database user {self.user} may not create tables in the schema {SCHEMA}. "
                f"Run boostmon migrate as its owner, or let its administrator run: "
                f"GRANT ALL ON SCHEMA {SCHEMA} TO {self.user}"
            )


def rights(connection: psycopg.Connection[TupleRow]) -> Rights:
    """Asks the database."""
    with connection.cursor(row_factory=class_row(Rights)) as cursor:
        [found] = cursor.execute(_RIGHTS, (SCHEMA,)).fetchall()
        return found


def create_schema(connection: psycopg.Connection[TupleRow]) -> None:
    """Makes the schema."""
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)))


def give_to_owner_of_timers(connection: psycopg.Connection[TupleRow]) -> None:
    """Gives the schema to whoever owns the timers in it, and what the connected user made: an administrator, say."""
    for (owner,) in connection.execute(_OWNER_OF_TIMERS, (SCHEMA,)).fetchall():
        give = sql.SQL("ALTER SCHEMA {} OWNER TO {}")
        connection.execute(give.format(sql.Identifier(SCHEMA), sql.Identifier(owner)))
        give_tables_to_owner(connection)


def give_tables_to_owner(connection: psycopg.Connection[TupleRow]) -> None:
    """Gives the tables that the connected user made to the owner of the schema, if that one owns the timers."""
    for (owner,) in connection.execute(_OWNER_OF_TIMERS, (SCHEMA,)).fetchall():
        for (table,) in connection.execute(_MADE_BY_US, (SCHEMA, owner)).fetchall():
            give = sql.SQL("ALTER TABLE {} OWNER TO {}")
            connection.execute(give.format(sql.Identifier(SCHEMA, table), sql.Identifier(owner)))


def let_use_new_tables(connection: psycopg.Connection[TupleRow]) -> None:
    """Lets those who may use the timers use, in the same ways, what the connected user made and gave to nobody yet."""
    for table, privilege, grantee in connection.execute(_GIVEN_ON_TIMERS, (SCHEMA,)).fetchall():
        to = sql.SQL("PUBLIC") if grantee is None else sql.Identifier(grantee)
        give = sql.SQL("GRANT {} ON TABLE {} TO {}")
        connection.execute(give.format(sql.SQL(privilege), sql.Identifier(SCHEMA, table), to))
