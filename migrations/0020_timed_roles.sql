-- The roles that have or had timers: of ten million timers, they are a few for each guild. A row is written with the first
-- timer of a role, and goes when the role is deleted.
CREATE TABLE timed_roles (
    guild_id bigint NOT NULL,
    role_id  bigint NOT NULL,
    PRIMARY KEY (guild_id, role_id)
);

INSERT INTO timed_roles (guild_id, role_id) SELECT DISTINCT guild_id, role_id FROM timers;
