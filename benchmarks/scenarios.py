"""All scenarios, in the order in which they are played and shown."""

from collections.abc import Sequence

from benchmarks.database.drain import DRAIN
from benchmarks.harness.scenario import Scenario

SCENARIOS: Sequence[Scenario] = (DRAIN,)
