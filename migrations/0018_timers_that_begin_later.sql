-- A timer may begin later: its role is given at starts_at. The table is read once, while nobody writes.
ALTER TABLE timers ADD COLUMN starts_at timestamptz;
ALTER TABLE timers DROP CONSTRAINT timers_state_check;
ALTER TABLE timers ADD CONSTRAINT timers_state_check CHECK (state IN ('running', 'paused', 'ending', 'waiting'));
ALTER TABLE timers DROP CONSTRAINT timers_check;
ALTER TABLE timers ADD CONSTRAINT timers_check CHECK (
    CASE state
        WHEN 'running' THEN ends_at IS NOT NULL AND due_at IS NOT NULL
        WHEN 'paused' THEN remaining IS NOT NULL AND paused_at IS NOT NULL
        WHEN 'waiting' THEN starts_at IS NOT NULL AND ends_at > starts_at AND due_at IS NOT NULL
        ELSE ended_at IS NOT NULL AND due_at IS NOT NULL
    END
);
-- News that a role could not be given whose timer was to begin.
ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check
    CHECK (kind IN ('warning', 'ended', 'blocked', 'resolved', 'fought', 'given_again', 'not_given'));
ALTER TABLE notices DROP CONSTRAINT notices_obstacle_check;
ALTER TABLE notices ADD CONSTRAINT notices_obstacle_check
    CHECK ((kind IN ('blocked', 'not_given')) = (obstacle IS NOT NULL));
