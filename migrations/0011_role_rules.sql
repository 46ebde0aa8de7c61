-- What a guild decided for single roles, and the history of that. A rule is read whole, along with what the guild decided,
-- and nothing is looked for in it: it is a document, of which the domain says what may stand in it.

CREATE TABLE role_rules (
    guild_id bigint NOT NULL,
    role_id  bigint NOT NULL,
    rule     jsonb  NOT NULL,
    PRIMARY KEY (guild_id, role_id)
);

CREATE TABLE role_rules_ledger (
    guild_id   bigint      NOT NULL,
    entry_id   bigint      GENERATED ALWAYS AS IDENTITY,
    role_id    bigint      NOT NULL,
    at         timestamptz NOT NULL,
    actor_id   bigint      NOT NULL,
    -- null: there was none, or is none any more
    before     jsonb,
    after      jsonb,
    -- the interaction that asked for the change
    request_id bigint,
    PRIMARY KEY (guild_id, entry_id)
);

-- A request is applied once, however often it is repeated.
CREATE UNIQUE INDEX role_rules_ledger_request ON role_rules_ledger (guild_id, request_id) WHERE request_id IS NOT NULL;
