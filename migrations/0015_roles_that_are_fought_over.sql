-- News that somebody takes a role again each time that it is given back, with who it is.
ALTER TABLE notices ADD COLUMN by_id bigint;
ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check
    CHECK (kind IN ('warning', 'ended', 'blocked', 'resolved', 'fought'));
ALTER TABLE notices ADD CONSTRAINT notices_by_check CHECK ((kind = 'fought') = (by_id IS NOT NULL));
