"""What BoostMon carries: a simulated day at scale, and the page about it."""
