-- News that nothing is in the way of a role any more. It concerns nobody in particular: its user_id is 0.
ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check CHECK (kind IN ('warning', 'ended', 'blocked', 'resolved'));

-- What was over long before anybody would be told of it is no news.
DELETE FROM told_obstacles WHERE told_at < now() - interval '1 hour' AND NOT EXISTS (
    SELECT FROM timers
    WHERE timers.guild_id = told_obstacles.guild_id AND timers.role_id = told_obstacles.role_id
        AND timers.blocked_by IS NOT NULL
);
