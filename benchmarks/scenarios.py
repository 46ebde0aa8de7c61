"""All scenarios, in the order in which they are played and shown."""

from collections.abc import Sequence

from benchmarks.database.crash import CRASH
from benchmarks.database.drain import DRAIN
from benchmarks.database.idle import IDLE
from benchmarks.database.lateness import LATENESS
from benchmarks.database.running import RUNNING
from benchmarks.discord.commands import COMMANDS
from benchmarks.discord.flood import FLOOD
from benchmarks.harness.scenario import Scenario

SCENARIOS: Sequence[Scenario] = (DRAIN, IDLE, LATENESS, COMMANDS, FLOOD, CRASH, RUNNING)
