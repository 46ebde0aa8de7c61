-- What was found when the members with a role were counted the last time: only a change of it is news.
CREATE TABLE role_counts (
    guild_id    bigint      NOT NULL,
    role_id     bigint      NOT NULL,
    -- members who have the role without a timer
    untimed     integer     NOT NULL,
    -- timers of members who do not have the role
    absent      integer     NOT NULL,
    -- of the untimed, those that got the role unheard although its rule starts a timer
    unexplained integer     NOT NULL,
    counted_at  timestamptz NOT NULL,
    PRIMARY KEY (guild_id, role_id)
);

-- News that members have a role without the timer that its rule starts, with how many they are. It concerns nobody in
-- particular: its user_id is 0.
ALTER TABLE notices ADD COLUMN members integer;
ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check
    CHECK (kind IN ('warning', 'ended', 'blocked', 'resolved', 'fought', 'given_again', 'not_given', 'untimed'));
ALTER TABLE notices ADD CONSTRAINT notices_members_check CHECK ((kind = 'untimed') = (members IS NOT NULL));
