-- What else a guild decides about its timers. Lists of roles hold Discord's ids.
ALTER TABLE guild_settings
    -- what a second /settime does to the timer there is
    ADD COLUMN stacking         text     NOT NULL DEFAULT 'replace',
    -- what becomes of the timers of somebody who leaves
    ADD COLUMN rejoin           text     NOT NULL DEFAULT 'count_on',
    -- what follows when somebody takes a timed role by hand
    ADD COLUMN taken_by_hand    text     NOT NULL DEFAULT 'end',
    -- how long a timer may run; null: as long as any
    ADD COLUMN longest          interval,
    -- what /settime takes where no duration is given, in ISO 8601, since an interval cannot tell a month from 30 days
    ADD COLUMN default_duration text,
    -- whose holders may use the commands without the permission that they need otherwise
    ADD COLUMN managers         bigint[] NOT NULL DEFAULT '{}',
    -- which roles may be timed; null: all of them
    ADD COLUMN timeable         bigint[],
    -- an IANA name; null: what the operator set
    ADD COLUMN time_zone        text,
    -- what a month is where one is written: it was 30 days until now, and stays that where anything was decided
    ADD COLUMN months           text     NOT NULL DEFAULT 'thirty_days',
    -- for how many days of a year members may pause their own timers
    ADD COLUMN self_pause_days  integer  NOT NULL DEFAULT 0;

ALTER TABLE guild_settings ALTER COLUMN months SET DEFAULT 'calendar';

-- It also stays that where there are timers, or were. One look by index a guild: the ledger may be long, and commands
-- wait.
INSERT INTO guild_settings (guild_id, thresholds, dms, months)
WITH RECURSIVE
    with_timers AS (
        SELECT min(guild_id) AS guild_id FROM timers
        UNION ALL
        SELECT (SELECT min(guild_id) FROM timers WHERE guild_id > before.guild_id)
        FROM with_timers AS before WHERE before.guild_id IS NOT NULL
    ),
    with_ledger AS (
        SELECT min(guild_id) AS guild_id FROM ledger
        UNION ALL
        SELECT (SELECT min(guild_id) FROM ledger WHERE guild_id > before.guild_id)
        FROM with_ledger AS before WHERE before.guild_id IS NOT NULL
    )
SELECT guild_id, '{"60 minutes", "10 minutes", "1 minute"}', true, 'thirty_days'
FROM (SELECT guild_id FROM with_timers UNION SELECT guild_id FROM with_ledger) AS known
WHERE guild_id IS NOT NULL
ON CONFLICT (guild_id) DO NOTHING;
