-- Many notices may go in one message. Which one is written down before it is sent, and kept for as long as it may have
-- been sent: whoever tries again sends the same message, and nobody is told twice.

ALTER TABLE notices ADD COLUMN message_id uuid;
ALTER TABLE notices ADD COLUMN way text;
-- the channel; null: the member's direct messages
ALTER TABLE notices ADD COLUMN sent_to bigint;
ALTER TABLE notices ADD CONSTRAINT notices_way_check CHECK (
    CASE
        WHEN message_id IS NULL THEN way IS NULL AND sent_to IS NULL
        WHEN way = 'member' THEN sent_to IS NULL
        ELSE way IS NOT NULL AND way IN ('channel', 'log') AND sent_to IS NOT NULL
    END
);

-- What belongs to a message is claimed together.
CREATE INDEX notices_message ON notices (guild_id, message_id) WHERE message_id IS NOT NULL;
