-- The day of the month on which a running timer would end if that month had so many: the next month is counted from it.
-- Null: the day on which it ends.
ALTER TABLE timers ADD COLUMN anchor smallint;
