"""The peers, each a process that speaks `wire.py`, in an environment of its own. BoostMon is not imported here."""
