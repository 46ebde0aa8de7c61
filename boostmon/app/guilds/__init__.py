"""What concerns a whole guild: its policy, deleted roles, and roles that the bot can manage again."""
