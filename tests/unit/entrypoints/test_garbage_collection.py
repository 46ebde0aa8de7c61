"""What a process tells the garbage collector."""

import subprocess
import sys

SCRIPT = """
import gc
from boostmon.entrypoints.garbage_collection import freeze_what_stays

before = gc.get_freeze_count()
freeze_what_stays()
print(gc.get_freeze_count() > before, gc.isenabled(), gc.get_threshold()[0])
"""


def test_what_is_there_stays_out_of_later_collections_and_what_comes_does_not() -> None:
    """In a process of its own: it cannot be taken back."""
    seen = subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True)

    assert seen.stdout.split() == ["True", "True", "10000"]
