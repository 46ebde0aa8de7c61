-- What a guild decided about its timers, the history of that, and the news of obstacles.

CREATE TABLE guild_settings (
    guild_id        bigint      PRIMARY KEY,
    -- how long before the end a warning is due; an empty array: never
    thresholds      interval[]  NOT NULL,
    -- where timers without a channel of their own are announced
    warning_channel bigint,
    -- where those who run the guild read of what is in the way
    log_channel     bigint,
    dms             boolean     NOT NULL
);

CREATE TABLE settings_ledger (
    guild_id   bigint      NOT NULL,
    entry_id   bigint      GENERATED ALWAYS AS IDENTITY,
    at         timestamptz NOT NULL,
    actor_id   bigint      NOT NULL,
    before     jsonb       NOT NULL,
    after      jsonb       NOT NULL,
    -- the interaction that asked for the change
    request_id bigint,
    PRIMARY KEY (guild_id, entry_id)
);

-- A request is applied once, however often it is repeated.
CREATE UNIQUE INDEX settings_ledger_request ON settings_ledger (guild_id, request_id) WHERE request_id IS NOT NULL;

-- Endings that wait for somebody to act: few, and looked for by guild whenever a role or a permission changes there.
CREATE INDEX timers_blocked ON timers (guild_id, role_id) WHERE blocked_by IS NOT NULL;

-- Which obstacles were told of, so that each is told once while it lasts.
CREATE TABLE told_obstacles (
    guild_id bigint      NOT NULL,
    role_id  bigint      NOT NULL,
    obstacle text        NOT NULL,
    told_at  timestamptz NOT NULL,
    PRIMARY KEY (guild_id, role_id, obstacle)
);

ALTER TABLE notices ADD COLUMN obstacle text;
ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check CHECK (kind IN ('warning', 'ended', 'blocked'));
ALTER TABLE notices ADD CONSTRAINT notices_obstacle_check CHECK ((kind = 'blocked') = (obstacle IS NOT NULL));
