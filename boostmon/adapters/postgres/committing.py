"""The statement that writes a command's change of one timer: one transaction, one round trip."""

from typing import Any

from boostmon.adapters.postgres.floor import SLACK
from boostmon.adapters.postgres.listener import CHANNEL
from boostmon.adapters.postgres.rows import (
    KEY_COLUMNS,
    LEDGER_COLUMNS,
    NOTICE_COLUMNS,
    STATE_COLUMNS,
    key_row,
    ledger_row,
    notice_row,
    state_row,
)
from boostmon.adapters.postgres.statements import FREE, ONE, assignments, names, prefixed, snapshot, untold, values
from boostmon.app.ports import Change
from boostmon.domain.details import Drop
from boostmon.domain.ledger import Action

# A change by a command. The timer is written only where the request is new and the version is the one that was read;
# entry and dropped warnings depend on that.
WAS_APPLIED = f"SELECT FROM boostmon.ledger WHERE {ONE} AND request_id = %(request_id)s::bigint"
_REQUEST_IS_NEW = f"NOT EXISTS ({WAS_APPLIED})"
_START = f"""
    INSERT INTO boostmon.timers ({names(KEY_COLUMNS, STATE_COLUMNS)})
    SELECT {values(KEY_COLUMNS, STATE_COLUMNS)} WHERE {_REQUEST_IS_NEW}
    ON CONFLICT (guild_id, user_id, role_id) DO NOTHING RETURNING version, {snapshot("timers")} AS after
"""
_REPLACE = f"""
    UPDATE boostmon.timers SET {assignments(STATE_COLUMNS)},
        version = nextval('boostmon.timer_versions'), claim_token = NULL, leased_until = NULL
    WHERE {ONE} AND version = %(version)s AND {_REQUEST_IS_NEW} RETURNING version, {snapshot("timers")} AS after
"""
_DELETE = f"""
    DELETE FROM boostmon.timers WHERE {ONE} AND version = %(version)s AND {_REQUEST_IS_NEW}
    RETURNING version, NULL::jsonb AS after
"""
_TIMED = """
    timed AS (
        INSERT INTO boostmon.timed_roles (guild_id, role_id)
        SELECT %(guild_id)s::bigint, %(role_id)s::bigint FROM written ON CONFLICT DO NOTHING
    ),
"""
_OWED = f"""
    owed AS (
        INSERT INTO boostmon.notices ({names(KEY_COLUMNS, NOTICE_COLUMNS)})
        SELECT {values(KEY_COLUMNS, prefixed("notice_", NOTICE_COLUMNS))} FROM written
    ),
"""


# Not what somebody is just sending: its settlement tells what became of it.
_OUTDATED = f"""
    outdated AS (
        DELETE FROM boostmon.notices
        WHERE {ONE} AND kind = 'ended' AND %(outdates_news_of_end)s AND {FREE} AND EXISTS (SELECT FROM written)
        RETURNING kind, threshold, message_id
    ),
    untold AS (
        INSERT INTO boostmon.ledger ({names(KEY_COLUMNS)}, at, action, detail)
        SELECT {values(KEY_COLUMNS)}, %(entry_at)s::timestamptz, '{Action.UNDELIVERED}', {untold(Drop.OUTDATED)}
        FROM outdated
    ),
"""


def _writing(write: str, *, owes: bool = False, goes_on: bool = False) -> str:
    logged = {name: (f"entry_{name}", kind) for name, kind in LEDGER_COLUMNS.items()}
    entry = ", ".join(
        f"%(request_id)s::{kind}" if name == "request_id" else f"%({tagged})s::{kind}"
        for name, (tagged, kind) in logged.items()
    )
    return f"""
        WITH written AS ({write}),
        dropped AS (
            DELETE FROM boostmon.notices
            WHERE {ONE} AND kind IN ('warning', 'grace') AND %(outdates_warnings)s AND EXISTS (SELECT FROM written)
        ),
        {_OUTDATED if goes_on else ""}
        {_OWED if owes else ""}
        {_TIMED if write == _START else ""}
        logged AS (
            INSERT INTO boostmon.ledger ({names(KEY_COLUMNS, LEDGER_COLUMNS)}, before, after)
            SELECT {values(KEY_COLUMNS)}, {entry},
                (SELECT {snapshot("timers")} FROM boostmon.timers WHERE {ONE}), after
            FROM written
        )
        SELECT (SELECT version FROM written), {_REQUEST_IS_NEW}
    """


def _announcing(write: str, *, owes: bool = False) -> str:
    """As `_writing`; and where the timer is due before all others that nobody holds, sweepers elsewhere hear of it.

    A notification in every transaction would halve what the server can commit, so most go without: their sweepers
    wake for an earlier timer anyway, and then see them. Rows before the floor are overdue, so nobody sleeps.
    """
    return f"""{_writing(write, owes=owes, goes_on=True)}, (
            SELECT count(pg_notify('{CHANNEL}', '')) FROM written
            WHERE %(due_at)s < coalesce(
                (SELECT due_at FROM boostmon.timers WHERE due_at >= %(floor)s AND {FREE} ORDER BY due_at LIMIT 1),
                'infinity'
            )
        )
    """


START, REPLACE, DELETE = _announcing(_START), _announcing(_REPLACE), _writing(_DELETE)
OWING = {
    START: _announcing(_START, owes=True),
    REPLACE: _announcing(_REPLACE, owes=True),
    DELETE: _writing(_DELETE, owes=True),
}
"""The same with a notice, which few changes have."""


def committing(change: Change) -> tuple[str, dict[str, Any]]:
    """A statement that writes the change, with its parameters; its row has the new version, if it was written, and
    whether the request was new."""
    parameters = key_row(change.entry.key) | _tagged("entry_", ledger_row(change.entry))
    parameters |= {"request_id": change.entry.request, "outdates_warnings": change.outdates_warnings}
    parameters["outdates_news_of_end"] = change.outdates_news_of_end
    parameters["floor"] = change.entry.at - SLACK
    if change.before is not None:
        parameters["version"] = change.before.version
    if change.after is None:
        statement = DELETE
    else:
        statement = START if change.before is None else REPLACE
        parameters |= state_row(change.after)
    if change.notice is None:
        return statement, parameters
    return OWING[statement], parameters | _tagged("notice_", notice_row(change.notice))


def _tagged(tag: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {f"{tag}{name}": value for name, value in parameters.items()}
