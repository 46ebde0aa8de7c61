"""What concerns a whole guild: its policy, and its roles that are gone or within reach again."""
