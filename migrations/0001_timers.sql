-- Timers, the ledger of their changes, and the outbox of notices.
-- Every primary key starts with guild_id, so that the tables can be distributed by it.

-- One sequence for all timers: a version is never used twice, not even by a timer that went and came back,
-- so that a guard on it cannot mistake one for another.
CREATE SEQUENCE timer_versions;

CREATE TABLE timers (
    guild_id     bigint      NOT NULL,
    user_id      bigint      NOT NULL,
    role_id      bigint      NOT NULL,
    state        text        NOT NULL CHECK (state IN ('running', 'paused', 'ending')),
    -- running
    ends_at      timestamptz,
    armed        interval[]  NOT NULL DEFAULT '{}',
    -- paused
    remaining    interval,
    paused_at    timestamptz,
    -- ending: time was up at ended_at, the removal is not confirmed yet
    ended_at     timestamptz,
    attempts     integer     NOT NULL DEFAULT 0,
    blocked_by   text,
    last_error   text,
    -- when it next needs a decision; null while paused
    due_at       timestamptz,
    channel_id   bigint,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    version      bigint      NOT NULL DEFAULT nextval('timer_versions'),
    -- a process that acts on the timer holds it by this token, until the lease runs out
    claim_token  uuid,
    leased_until timestamptz,
    PRIMARY KEY (guild_id, user_id, role_id),
    CHECK (
        CASE state
            WHEN 'running' THEN ends_at IS NOT NULL AND due_at IS NOT NULL
            WHEN 'paused' THEN remaining IS NOT NULL AND paused_at IS NOT NULL AND due_at IS NULL
            ELSE ended_at IS NOT NULL AND due_at IS NOT NULL
        END
    )
);

-- On the due time alone: with anything in front of it, a sweep would read every future row.
CREATE INDEX timers_due ON timers (due_at) WHERE due_at IS NOT NULL;

-- Rows at the head of the index die at each sweep; they must go before they slow down the next ones.
ALTER TABLE timers SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE ledger (
    guild_id   bigint      NOT NULL,
    entry_id   bigint      GENERATED ALWAYS AS IDENTITY,
    user_id    bigint      NOT NULL,
    role_id    bigint      NOT NULL,
    at         timestamptz NOT NULL,
    action     text        NOT NULL,
    -- null: BoostMon itself
    actor_id   bigint,
    -- the timer before and after; null where there was or is none
    before     jsonb,
    after      jsonb,
    reason     text,
    -- the interaction that asked for the change
    request_id bigint,
    PRIMARY KEY (guild_id, entry_id)
);

-- A request is applied once, however often it is repeated.
CREATE UNIQUE INDEX ledger_request ON ledger (guild_id, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX ledger_member ON ledger (guild_id, user_id, entry_id);

CREATE TABLE notices (
    guild_id     bigint      NOT NULL,
    notice_id    bigint      GENERATED ALWAYS AS IDENTITY,
    user_id      bigint      NOT NULL,
    role_id      bigint      NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('warning', 'ended')),
    channel_id   bigint,
    -- of a warning: the threshold that was crossed
    threshold    interval,
    -- when the role ends (warning) or ended
    at           timestamptz NOT NULL,
    -- when its delivery is next tried
    due_at       timestamptz NOT NULL,
    attempts     integer     NOT NULL DEFAULT 0,
    last_error   text,
    claim_token  uuid,
    leased_until timestamptz,
    PRIMARY KEY (guild_id, notice_id),
    CHECK ((kind = 'warning') = (threshold IS NOT NULL))
);

CREATE INDEX notices_due ON notices (due_at);
CREATE INDEX notices_timer ON notices (guild_id, user_id, role_id);
ALTER TABLE notices SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
