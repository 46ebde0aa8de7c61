"""Timers under a rule or thresholds that were changed: `replan` of the domain, for many of a guild at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import Cursor
from psycopg.rows import DictRow

from boostmon.adapters.postgres.listener import ANNOUNCE
from boostmon.adapters.postgres.rows import KEY_COLUMNS, interval_array
from boostmon.adapters.postgres.statements import names, snapshot
from boostmon.domain.ledger import Action
from boostmon.domain.policy import Policy

_IS_MINE = "(timers.guild_id, timers.user_id, timers.role_id) = (mine.guild_id, mine.user_id, mine.role_id)"
# Where all end on a date: what runs ends then at the latest, and a pause is over in time for what remains.
_DATE = "%(date)s::timestamptz"
_RUNS_UNTIL = f"""
    CASE
        WHEN state = 'running' AND (ends_at > {_DATE} OR ends_at = %(postponed)s::timestamptz) THEN {_DATE}
        WHEN state = 'running' THEN ends_at
        WHEN (due_at IS NULL OR due_at > {_DATE} - remaining) AND {_DATE} - remaining <= %(at)s THEN {_DATE}
    END
"""
_PAUSED_UNTIL = f"CASE WHEN state = 'paused' THEN least(due_at, {_DATE} - remaining) END"


def _replanned(grace: str) -> str:
    return f"""
    replanned AS (
        UPDATE boostmon.timers SET
            state = CASE WHEN until IS NULL THEN 'paused' ELSE 'running' END, ends_at = until, armed = wanted,
            anchor = CASE WHEN NOT moves THEN anchor END, grace = CASE WHEN until IS NOT NULL THEN {grace} END,
            remaining = CASE WHEN until IS NULL THEN remaining END,
            paused_at = CASE WHEN until IS NULL THEN paused_at END, away = CASE WHEN until IS NULL THEN away END,
            due_at = CASE WHEN until IS NULL THEN goes_on ELSE until - coalesce(wanted[1], interval '0') END,
            updated_at = %(at)s, version = nextval('boostmon.timer_versions'), claim_token = NULL, leased_until = NULL
        FROM mine WHERE {_IS_MINE}
        RETURNING {names(KEY_COLUMNS, prefix="mine.")}, runs, moves, before, {snapshot("timers")} AS after
    ),
"""


def _replanning(roles: str, *, grace: str = "grace") -> str:
    """The contract holds it against `replan`.

    Rows are locked in the order in which a settlement locks its own, so that neither waits for the other in a circle.
    """
    return f"""
    WITH mine AS (
        SELECT {names(KEY_COLUMNS)}, {snapshot("timers")} AS before, state = 'running' AS runs, until, goes_on,
            until IS DISTINCT FROM ends_at
                OR goes_on IS DISTINCT FROM CASE WHEN state = 'paused' THEN due_at END AS moves,
            ARRAY(
                SELECT threshold FROM unnest(%(thresholds)s::interval[]) AS threshold
                WHERE until - threshold > %(at)s OR (until = ends_at AND threshold = ANY (armed))
                ORDER BY threshold DESC
            ) AS wanted
        FROM boostmon.timers, LATERAL (SELECT {_RUNS_UNTIL} AS until, {_PAUSED_UNTIL} AS goes_on) AS planned
        WHERE guild_id = %(guild_id)s AND {roles} AND (
            (state = 'running' AND ends_at > %(at)s AND (%(rearm)s OR until <> ends_at))
            OR (state = 'paused' AND (until IS NOT NULL OR goes_on IS DISTINCT FROM due_at))
        )
        ORDER BY {names(KEY_COLUMNS)} FOR UPDATE OF timers
    ),
    {_replanned(grace)}
    dropped AS (
        DELETE FROM boostmon.notices USING replanned AS mine
        WHERE (notices.guild_id, notices.user_id, notices.role_id) = ({names(KEY_COLUMNS, prefix="mine.")})
            AND notices.kind = 'warning' AND moves
    ),
    logged AS (
        INSERT INTO boostmon.ledger ({names(KEY_COLUMNS)}, at, action, before, after)
        SELECT {names(KEY_COLUMNS)}, %(at)s, '{Action.RULED}', before, after FROM replanned WHERE moves
    )
    SELECT count(*) FILTER (WHERE runs) AS running, count(*) FILTER (WHERE moves) AS moved FROM replanned
"""


REPLAN = _replanning("role_id <> ALL (%(except_roles)s::bigint[])")
REPLAN_ROLE = _replanning("role_id = %(role_id)s", grace="%(grace)s::interval")


@dataclass(frozen=True, slots=True)
class Replanned:
    """How many running timers go by other thresholds, and how many timers end otherwise than they would have."""

    running: int
    moved: int


def replan_all(
    cursor: Cursor[DictRow],
    statement: str,
    policy: Policy,
    parameters: Mapping[str, Any],
    *,
    rearm: bool = True,
    grace: timedelta | None = None,
    date: datetime | None = None,
    postponed: datetime | None = None,
) -> Replanned:
    """Plans the timers of a statement anew: by the policy's thresholds and `grace`, with `rearm`, and by a date."""
    is_ahead = date is not None and date > parameters["at"]
    dated = {
        "date": date if is_ahead else None,
        "postponed": postponed if is_ahead else None,
        "rearm": rearm,
        "grace": grace,
    }
    [row] = cursor.execute(
        statement, {**parameters, **dated, "thresholds": interval_array(policy.thresholds)}
    ).fetchall()
    cursor.execute(ANNOUNCE)  # one of them may be due before all others now
    return Replanned(row["running"] if rearm else 0, row["moved"])
