"""The SQL for timers whose role was deleted."""

from boostmon.adapters.postgres.listener import CHANNEL
from boostmon.adapters.postgres.rows import KEY_COLUMNS
from boostmon.adapters.postgres.statements import names, snapshot
from boostmon.domain.ledger import Action

TIMED_ROLES = "SELECT DISTINCT role_id FROM boostmon.timers WHERE guild_id = %(guild_id)s"

_IS_MINE = "(timers.guild_id, timers.user_id, timers.role_id) = (mine.guild_id, mine.user_id, mine.role_id)"
_MINE = names(KEY_COLUMNS, prefix="mine.")

# `end` of the domain for many timers at once; the contract holds the two against each other. Rows are locked in the
# order in which a settlement locks its own. Whoever waited for another process that does the same finds them ending.
END_OF_ROLE = f"""
    WITH mine AS (
        SELECT {names(KEY_COLUMNS)}, {snapshot("timers")} AS before FROM boostmon.timers
        WHERE guild_id = %(guild_id)s AND role_id = %(role_id)s AND state IN ('running', 'paused', 'waiting', 'grace')
        ORDER BY {names(KEY_COLUMNS)} LIMIT %(limit)s FOR UPDATE
    ),
    ended AS (
        UPDATE boostmon.timers SET state = 'ending', ended_at = least(
                CASE state WHEN 'running' THEN ends_at + coalesce(grace, interval '0') WHEN 'grace' THEN due_at END,
                %(now)s::timestamptz
            ),
            by_itself = CASE
                WHEN CASE state WHEN 'running' THEN ends_at + coalesce(grace, interval '0') WHEN 'grace' THEN due_at END
                    <= %(now)s THEN true
            END,
            ends_at = NULL, starts_at = NULL, attempts = 0, blocked_by = NULL, last_error = NULL,
            armed = '{{}}', anchor = NULL, grace = NULL,
            remaining = NULL, paused_at = NULL, away = NULL,
            due_at = %(now)s, updated_at = %(now)s,
            version = nextval('boostmon.timer_versions'), claim_token = NULL, leased_until = NULL
        FROM mine WHERE {_IS_MINE}
        RETURNING {_MINE}, mine.before, {snapshot("timers")} AS after
    ),
    dropped AS (
        DELETE FROM boostmon.notices USING ended AS mine
        WHERE (notices.guild_id, notices.user_id, notices.role_id) = ({_MINE}) AND notices.kind IN ('warning', 'grace')
    ),
    logged AS (
        INSERT INTO boostmon.ledger ({names(KEY_COLUMNS)}, at, action, detail, before, after)
        SELECT {names(KEY_COLUMNS)}, %(now)s, '{Action.ROLE_DELETED}', %(detail)s::jsonb, before, after FROM ended
    )
    SELECT count(*), CASE WHEN count(*) > 0 THEN pg_notify('{CHANNEL}', '') END FROM ended
"""
