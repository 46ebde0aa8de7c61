"""The ports on real systems: PostgreSQL, Discord, the clock; and their twins in memory."""
