-- Until then Discord may still serve a request for the role whose answer nobody has heard: whoever had asked may be dead.
-- A timer that ends before that has its role taken once more afterwards.
ALTER TABLE timers ADD COLUMN grant_open_until timestamptz;
