-- News that somebody gave a role again to a member who gets it once, with who it is.
ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check
    CHECK (kind IN ('warning', 'ended', 'blocked', 'resolved', 'fought', 'given_again'));
ALTER TABLE notices DROP CONSTRAINT notices_by_check;
ALTER TABLE notices ADD CONSTRAINT notices_by_check
    CHECK ((kind IN ('fought', 'given_again')) = (by_id IS NOT NULL));
