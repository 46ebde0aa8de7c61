-- Whether time had run out on a timer that is ending, so that a role may follow. Null: somebody ended it before.
ALTER TABLE timers ADD COLUMN by_itself boolean;
