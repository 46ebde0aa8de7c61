"""`python -m tests.chaos --seed N`: one run; exit code 1 and the violations where there are any."""

import argparse
import sys
from pathlib import Path

from tests.chaos.crew import leave_on_signal
from tests.chaos.oracle import judge
from tests.chaos.plan import plan
from tests.chaos.play import play


def main() -> int:
    """Plays the seed, prints figures and violations."""
    leave_on_signal()
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60.0, help="real seconds of trouble")
    parser.add_argument("--orders", type=int, default=360, help="commands")
    parser.add_argument("--strikes", type=int, default=330, help="faults of requests")
    parser.add_argument("--deeds", type=int, default=120, help="roles given and taken by hand")
    parser.add_argument("--log", type=Path, help="write the processes' output to this file")
    asked = parser.parse_args()
    run = play(plan(asked.seed, length=asked.seconds, orders=asked.orders, strikes=asked.strikes, deeds=asked.deeds))
    if asked.log:
        asked.log.write_text("\n======== next process\n".join(["\n".join(run.diary), *run.outputs]), "utf-8")
    verdict = judge(run)
    sys.stdout.write(verdict.text + "\n")
    return 1 if verdict.violations else 0


if __name__ == "__main__":
    sys.exit(main())
