-- A member may keep the role for a while once time is up: how long is known from when the timer starts. Then it is in a
-- state of its own, since ended_at and up to due_at. The tables are read once, while nobody writes.
ALTER TABLE timers ADD COLUMN grace interval;
ALTER TABLE timers DROP CONSTRAINT timers_state_check;
ALTER TABLE timers ADD CONSTRAINT timers_state_check
    CHECK (state IN ('running', 'paused', 'grace', 'ending', 'waiting'));

-- News of that carry the length of the grace as their threshold, and as `at` when it is over.
ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check
    CHECK (
        kind IN ('warning', 'grace', 'ended', 'blocked', 'resolved', 'fought', 'given_again', 'not_given', 'untimed')
    );
ALTER TABLE notices DROP CONSTRAINT notices_check;
ALTER TABLE notices ADD CONSTRAINT notices_check CHECK ((kind IN ('warning', 'grace')) = (threshold IS NOT NULL));
