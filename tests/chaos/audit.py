"""What the database itself wrote down about a run: triggers of ours, past BoostMon's code, and commit times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

TRIGGERS = """
    CREATE TABLE audit_notices (
        step bigint GENERATED ALWAYS AS IDENTITY, xid bigint NOT NULL, happened text NOT NULL,
        notice_id bigint NOT NULL, user_id bigint NOT NULL, role_id bigint NOT NULL, kind text NOT NULL,
        at timestamptz NOT NULL, message_id uuid
    );
    CREATE TABLE audit_timers (
        step bigint GENERATED ALWAYS AS IDENTITY, xid bigint NOT NULL, user_id bigint NOT NULL,
        role_id bigint NOT NULL, before interval[], after interval[]
    );
    CREATE FUNCTION audit_notice() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE notice record;
    BEGIN
        notice := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
        INSERT INTO audit_notices (xid, happened, notice_id, user_id, role_id, kind, at, message_id) VALUES (
            pg_current_xact_id()::text::bigint, TG_OP, notice.notice_id, notice.user_id, notice.role_id, notice.kind,
            notice.at, notice.message_id
        );
        RETURN NULL;
    END $$;
    CREATE FUNCTION audit_timer() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO audit_timers (xid, user_id, role_id, before, after) VALUES (
            pg_current_xact_id()::text::bigint, NEW.user_id, NEW.role_id, OLD.armed, NEW.armed
        );
        RETURN NULL;
    END $$;
    CREATE TRIGGER audit AFTER INSERT OR DELETE ON boostmon.notices FOR EACH ROW EXECUTE FUNCTION audit_notice();
    CREATE TRIGGER audit_mark AFTER UPDATE OF message_id ON boostmon.notices FOR EACH ROW
        WHEN (NEW.message_id IS NOT NULL) EXECUTE FUNCTION audit_notice();
    CREATE TRIGGER audit AFTER UPDATE ON boostmon.timers FOR EACH ROW
        WHEN (OLD.state = 'running' AND NEW.state = 'running' AND OLD.armed <> NEW.armed)
        EXECUTE FUNCTION audit_timer();
"""

type Key = tuple[int, int]
"""User and role; there is one guild."""
type Snapshot = Mapping[str, Any]
"""A timer as the ledger keeps it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger, with the transaction that wrote it and the real time of its commit."""

    entry_id: int
    user_id: int
    role_id: int
    at: datetime
    action: str
    actor_id: int | None
    before: Snapshot | None
    after: Snapshot | None
    reason: str | None
    detail: Mapping[str, Any] | None
    request_id: int | None
    xid: int
    committed: datetime

    @property
    def key(self) -> Key:
        """Whose timer."""
        return self.user_id, self.role_id

    def says(self, **values: object) -> bool:
        """Whether these are among the values of its detail."""
        return self.detail is not None and values.items() <= self.detail.items()

    @property
    def is_change(self) -> bool:
        """Whether it tells of the timer, and not of a notice."""
        return self.action not in {"delivered", "undelivered"}


@dataclass(frozen=True, slots=True)
class NoticeStep:
    """A notice that came into the outbox (INSERT), was put into a message (UPDATE), or left the outbox (DELETE)."""

    xid: int
    happened: str
    notice_id: int
    user_id: int
    role_id: int
    kind: str
    at: datetime
    message_id: UUID | None

    @property
    def key(self) -> Key:
        """Whose timer."""
        return self.user_id, self.role_id


@dataclass(frozen=True, slots=True)
class Rearming:
    """A running timer whose thresholds changed."""

    xid: int
    user_id: int
    role_id: int
    before: list[timedelta]
    after: list[timedelta]

    @property
    def key(self) -> Key:
        """Whose timer."""
        return self.user_id, self.role_id


@dataclass(frozen=True, slots=True)
class Row:
    """A timer that is left."""

    user_id: int
    role_id: int
    state: str
    ends_at: datetime | None
    remaining: timedelta | None
    ended_at: datetime | None
    due_at: datetime | None
    blocked_by: str | None
    last_error: str | None
    is_claimed: bool

    @property
    def key(self) -> Key:
        """Whose timer."""
        return self.user_id, self.role_id


@dataclass(frozen=True, slots=True)
class Books:
    """Everything of a database after a run."""

    ledger: list[Entry]
    notices: list[NoticeStep]
    rearmings: list[Rearming]
    timers: list[Row]


def install(url: str) -> None:
    """Adds the triggers to a database with BoostMon's schema."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TRIGGERS)


def read(url: str) -> Books:
    """Reads everything."""
    with psycopg.connect(url, autocommit=True) as connection:
        return Books(
            connection.cursor(row_factory=class_row(Entry))
            .execute(
                "SELECT entry_id, user_id, role_id, at, action, actor_id, before, after, reason, detail, request_id, "
                "xmin::text::bigint AS xid, pg_xact_commit_timestamp(xmin) AS committed "
                "FROM boostmon.ledger ORDER BY entry_id"
            )
            .fetchall(),
            connection.cursor(row_factory=class_row(NoticeStep))
            .execute(
                "SELECT xid, happened, notice_id, user_id, role_id, kind, at, message_id "
                "FROM audit_notices ORDER BY step"
            )
            .fetchall(),
            connection.cursor(row_factory=class_row(Rearming))
            .execute("SELECT xid, user_id, role_id, before, after FROM audit_timers ORDER BY step")
            .fetchall(),
            left(connection),
        )


def last_changes(connection: psycopg.Connection[Any]) -> Mapping[Key, tuple[datetime, bool]]:
    """When each timer's last change was committed, in real time, and whether there is a timer since."""
    rows = connection.execute(
        "SELECT DISTINCT ON (user_id, role_id) user_id, role_id, pg_xact_commit_timestamp(xmin), after IS NOT NULL "
        "FROM boostmon.ledger WHERE action NOT IN ('delivered', 'undelivered') ORDER BY user_id, role_id, entry_id DESC"
    ).fetchall()
    return {(user, role): (committed, has_timer) for user, role, committed, has_timer in rows}


def left(connection: psycopg.Connection[Any]) -> list[Row]:
    """The timers that there are."""
    return (
        connection.cursor(row_factory=class_row(Row))
        .execute(
            "SELECT user_id, role_id, state, ends_at, remaining, ended_at, due_at, blocked_by, last_error, "
            "claim_token IS NOT NULL AS is_claimed FROM boostmon.timers"
        )
        .fetchall()
    )
