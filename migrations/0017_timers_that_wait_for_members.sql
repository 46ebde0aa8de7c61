-- A paused timer may wait for a member who left: it goes on when they return. Null: it does not.
ALTER TABLE timers ADD COLUMN away boolean;
