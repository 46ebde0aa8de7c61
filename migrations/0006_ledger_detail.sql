-- What BoostMon knows of an entry, as a kind and its values: `reason` is what a person wrote, and nothing else.
-- Processes of the version before go on writing sentences into `reason` for as long as they run; readers know that.
ALTER TABLE ledger ADD COLUMN detail jsonb;
