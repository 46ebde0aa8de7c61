"""What BoostMon does through the real nextcord client: commands, and a flood of endings."""
