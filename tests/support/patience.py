"""How long tests wait for what is sure to come."""

import os

PATIENCE = float(os.environ.get("BOOSTMON_TEST_PATIENCE", "240"))
"""Seconds until a test gives up. What it waits for comes in a moment on a machine with nothing else to do; where each
core is shared by many, it may take a hundred times as long, and that is nobody's fault. A time that BoostMon promises
is never this one, but stands in the test that holds BoostMon to it. `make planted` is less patient.
"""
