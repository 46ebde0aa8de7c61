"""Running timers under thresholds that were changed: `replan` of the domain, for many of a guild at once."""

from boostmon.adapters.postgres.rows import KEY_COLUMNS
from boostmon.adapters.postgres.statements import names


def _replanning(roles: str) -> str:
    """The contract holds it against `replan`.

    Rows are locked in the order in which a settlement locks its own, so that neither waits for the other in a circle.
    """
    return f"""
    WITH mine AS (
        SELECT {names(KEY_COLUMNS)}, ends_at, ARRAY(
            SELECT threshold FROM unnest(%(thresholds)s::interval[]) AS threshold
            WHERE ends_at - threshold > %(at)s OR threshold = ANY (armed)
            ORDER BY threshold DESC
        ) AS wanted
        FROM boostmon.timers
        WHERE guild_id = %(guild_id)s AND state = 'running' AND ends_at > %(at)s AND {roles}
        ORDER BY {names(KEY_COLUMNS)} FOR UPDATE
    )
    UPDATE boostmon.timers SET armed = wanted, due_at = mine.ends_at - coalesce(wanted[1], interval '0'),
        updated_at = %(at)s, version = nextval('boostmon.timer_versions'), claim_token = NULL, leased_until = NULL
    FROM mine WHERE (timers.guild_id, timers.user_id, timers.role_id) = (mine.guild_id, mine.user_id, mine.role_id)
"""


REPLAN = _replanning("role_id <> ALL (%(except_roles)s::bigint[])")
REPLAN_ROLE = _replanning("role_id = %(role_id)s")
