"""BoostMon: temporary roles for Discord that end on time, confirmed by Discord."""
