-- The entry of each guild's audit log up to which everything was dealt with: where to read on after a time of silence.
CREATE TABLE audit_log_cursors (
    guild_id bigint PRIMARY KEY,
    entry_id bigint NOT NULL
);
