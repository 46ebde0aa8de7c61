"""Measures BoostMon beside its peers: `make bench`, and `make bench-quick` as a smoke test. Not part of the wheel."""
