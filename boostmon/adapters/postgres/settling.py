"""The statement that writes the outcomes of a batch: one transaction, one round trip, whatever the batch.

Each settlement is one wide row, with its entry and its notice, where it has them. `held` locks the rows that are still
ours; everything else reads it alone and finds its rows by their keys, so that no plan, however wrong its estimates,
compares each row with each. What no settlement of a batch has is left out: of a batch of endings that is half of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from boostmon.adapters.postgres.rows import (
    KEY_COLUMNS,
    LEDGER_COLUMNS,
    NOTICE_COLUMNS,
    STATE_COLUMNS,
    Columns,
    arrays,
    key_row,
    ledger_row,
    notice_row,
    state_row,
)
from boostmon.adapters.postgres.statements import (
    FREE,
    assignments,
    names,
    prefixed,
    renamed,
    snapshot,
    unnested,
    untold,
)
from boostmon.app.ports import OBSTACLE_SETTLES, Claim, Settlement
from boostmon.domain.details import Drop
from boostmon.domain.ledger import Action

MINE: Columns = {**KEY_COLUMNS, "claim_token": "uuid", "version": "bigint"}
"""The columns that identify a claim."""
HELD = """
    JOIN boostmon.timers t USING (guild_id, user_id, role_id)
    WHERE t.claim_token = mine.claim_token AND t.version = mine.version
"""
"""Joins rows of MINE, called `mine`, with those timers `t` that are still held so."""

_ENTRY, _NOTICE = prefixed("entry_", LEDGER_COLUMNS), prefixed("notice_", NOTICE_COLUMNS)
_IS_HELD = "(timers.guild_id, timers.user_id, timers.role_id) = (held.guild_id, held.user_id, held.role_id)"

_GONE = f"gone AS (DELETE FROM boostmon.timers USING held WHERE {_IS_HELD} AND held.leaves)"
_MOVED = f"""
    moved AS (
        UPDATE boostmon.timers SET {assignments(STATE_COLUMNS, "held")},
            version = held.next_version, claim_token = NULL, leased_until = NULL
        FROM held WHERE {_IS_HELD} AND NOT held.leaves
    )
"""
_LOGGED = f"""
    logged AS (
        INSERT INTO boostmon.ledger ({names(KEY_COLUMNS, LEDGER_COLUMNS)}, before, after)
        SELECT {names(KEY_COLUMNS, _ENTRY)}, before, {{after}} FROM held WHERE entry_action IS NOT NULL
    )
"""
_AFTER = f"CASE WHEN NOT leaves THEN {snapshot('held', version='next_version')} END"
# `superseded` leaves out warnings that somebody is just sending: their own settlement tells what became of them. `told`
# lets one notice of an obstacle through: a second process that waits for the first one's row sees its time, if not yet
# its timers.
_OWED = f"""
    proposed AS (
        SELECT {names(KEY_COLUMNS)}, {renamed("notice_", NOTICE_COLUMNS)} FROM held WHERE notice_kind IS NOT NULL
    ),
    superseded AS (
        DELETE FROM boostmon.notices USING proposed AS newer
        WHERE (notices.guild_id, notices.user_id, notices.role_id) = (newer.guild_id, newer.user_id, newer.role_id)
            AND notices.kind IN ('warning', 'grace') AND newer.kind IN ('warning', 'grace', 'ended') AND {FREE}
        RETURNING {names(KEY_COLUMNS, prefix="notices.")}, newer.due_at,
            notices.kind, notices.threshold, notices.message_id
    ),
    untold AS (
        INSERT INTO boostmon.ledger ({names(KEY_COLUMNS)}, at, action, detail)
        SELECT {names(KEY_COLUMNS)}, due_at, '{Action.UNDELIVERED}', {untold(Drop.SUPERSEDED)} FROM superseded
    ),
    told AS (
        INSERT INTO boostmon.told_obstacles (guild_id, role_id, obstacle, told_at)
        SELECT DISTINCT guild_id, role_id, obstacle, now() FROM proposed WHERE obstacle IS NOT NULL ORDER BY 1, 2, 3
        ON CONFLICT (guild_id, role_id, obstacle) DO UPDATE SET told_at = now()
        WHERE told_obstacles.told_at <= now() - %(obstacle_settles)s AND NOT EXISTS (
            SELECT FROM boostmon.timers WHERE guild_id = told_obstacles.guild_id AND role_id = told_obstacles.role_id
                AND blocked_by = told_obstacles.obstacle
        )
        RETURNING guild_id, role_id, obstacle
    ),
    owed AS (
        INSERT INTO boostmon.notices ({names(KEY_COLUMNS, NOTICE_COLUMNS)})
        SELECT {names(KEY_COLUMNS, NOTICE_COLUMNS)} FROM proposed WHERE obstacle IS NULL
        UNION ALL (
            SELECT DISTINCT ON (guild_id, role_id, obstacle) {names(KEY_COLUMNS, NOTICE_COLUMNS)}
            FROM proposed JOIN told USING (guild_id, role_id, obstacle)
        )
    )
"""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What any settlement of a batch has."""

    moved: bool
    logged: bool
    owed: bool

    @property
    def columns(self) -> Columns:
        """Of the rows that are sent."""
        optional = {
            **(STATE_COLUMNS if self.moved else {}),
            **(_ENTRY if self.logged else {}),
            **(_NOTICE if self.owed else {}),
        }
        return {**MINE, "leaves": "boolean", **optional}


@cache
def _statement(parts: _Parts) -> str:
    logged = _LOGGED.format(after=_AFTER if parts.moved else "NULL::jsonb")
    written = [_GONE, *[_MOVED] * parts.moved, *[logged] * parts.logged, *[_OWED] * parts.owed]
    sent = [f"mine.{name}::{kind}" if kind.endswith("[]") else f"mine.{name}" for name, kind in parts.columns.items()]
    found = [
        *["nextval('boostmon.timer_versions') AS next_version"] * parts.moved,
        *[f"{snapshot('t')} AS before"] * parts.logged,
    ]
    return f"""
        WITH held AS MATERIALIZED (
            SELECT {", ".join([*sent, "mine.place", *found])}
            FROM {unnested("mine", parts.columns, place="place")} {HELD}
            ORDER BY t.guild_id, t.user_id, t.role_id FOR UPDATE OF t
        ),
        {", ".join(written)}
        SELECT array_agg(place) AS held FROM held
    """


def settling(settlements: Sequence[Settlement]) -> tuple[str, dict[str, Any]]:
    """A statement that writes them, with its parameters; `held` of its row are the places of those that still held.

    Places count from 1; where none held, it is null.
    """
    parts = _Parts(
        moved=any(one.after is not None for one in settlements),
        logged=any(one.entry is not None for one in settlements),
        owed=any(one.notice is not None for one in settlements),
    )
    parameters: dict[str, Any] = dict(arrays(map(_row, settlements), parts.columns))
    if parts.owed:
        parameters["obstacle_settles"] = OBSTACLE_SETTLES
    return _statement(parts), parameters


def mine(claim: Claim) -> dict[str, int | UUID]:
    """The values of MINE."""
    return key_row(claim.timer.key) | {"claim_token": claim.token, "version": claim.timer.version}


def _row(settlement: Settlement) -> dict[str, Any]:
    after, entry, notice = settlement.after, settlement.entry, settlement.notice
    row: dict[str, Any] = mine(settlement.claim)
    row["leaves"] = after is None
    if after is not None:
        row |= state_row(after)
    if entry is not None:
        logged = ledger_row(entry)
        row.update(zip(_ENTRY, map(logged.__getitem__, LEDGER_COLUMNS), strict=True))
    if notice is not None:
        owed = notice_row(notice)
        row.update(zip(_NOTICE, map(owed.__getitem__, NOTICE_COLUMNS), strict=True))
    return row
