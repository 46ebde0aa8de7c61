"""The ports in memory, for unit tests and for staging."""
