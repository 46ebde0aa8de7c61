-- One request may change many timers, each of them once. The table is taken first and whole: a weaker lock that grows
-- later could wait for a command that waits for it. Commands wait while the indexes are built.
LOCK TABLE ledger IN ACCESS EXCLUSIVE MODE;
DROP INDEX ledger_request;
CREATE UNIQUE INDEX ledger_request ON ledger (guild_id, request_id, user_id, role_id) WHERE request_id IS NOT NULL;

-- For people who read what happened to a role.
CREATE INDEX ledger_role ON ledger (guild_id, role_id, entry_id);
