-- A pause may end by itself: the timer is then due when it goes on. The table is read once, while nobody writes.
ALTER TABLE timers DROP CONSTRAINT timers_check;
ALTER TABLE timers ADD CONSTRAINT timers_check CHECK (
    CASE state
        WHEN 'running' THEN ends_at IS NOT NULL AND due_at IS NOT NULL
        WHEN 'paused' THEN remaining IS NOT NULL AND paused_at IS NOT NULL
        ELSE ended_at IS NOT NULL AND due_at IS NOT NULL
    END
);
