"""BoostMon: Discord roles that last for a time, and end on time, verified."""
