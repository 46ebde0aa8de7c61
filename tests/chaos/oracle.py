"""Compares what Discord did with what the ledger says and with what a model of the commands expects."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.chaos import figures, notices, roles, stories
from tests.chaos.play import Run

type Check = Callable[[Run], Iterator[str]]

SHOWN = 20
"""Violations that are printed; the number is always told."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a run, and its figures as lines."""

    run: Run
    violations: list[str]

    @property
    def text(self) -> str:
        """For a person."""
        plan = self.run.plan
        lines = [f"chaos seed {plan.seed}, {plan.length:g} s of trouble:", *figures.lines(self.run)]
        if not self.violations:
            return "\n".join([*lines, "  violations: 0"])
        lines.append(f"  VIOLATIONS: {len(self.violations)}")
        lines += [f"  - {violation}" for violation in self.violations[:SHOWN]]
        lines.append(
            f"Replay the plan with `make chaos SEED={plan.seed} SECONDS={plan.length:g}`: the same commands and "
            "mishaps at the same moments; how the processes interleave under them differs from run to run."
        )
        return "\n".join(lines)


def judge(run: Run) -> Verdict:
    """Everything that the run violated."""
    checks: tuple[Check, ...] = (
        processes,
        stories.ledger_is_complete,
        stories.ledger_follows_the_model,
        stories.successes_are_in_the_ledger,
        roles.none_left_and_none_kept_back,
        roles.none_taken_early,
        roles.none_touched_without_timer,
        notices.none_lost,
        notices.none_doubled,
        notices.none_claimed_in_vain,
    )
    return Verdict(run, [violation for check in checks for violation in check(run)])


def processes(run: Run) -> Iterator[str]:
    """Nothing failed that was not foreseen, and nothing is left over."""
    yield from run.complaints
    if run.left_claims:
        yield f"{run.left_claims} leases left over"
    for output in run.outputs:
        yield from _tracebacks(output)


def _tracebacks(output: str) -> Iterator[str]:
    """Errors that nobody foresaw. nextcord writes a traceback of each reconnection, which says nothing of ours."""
    line = ""
    for number, text in enumerate(lines := output.splitlines()):
        if text[:2] == "20":
            line = text
        if text.startswith("Traceback") and "[nextcord." not in line:
            yield "an error in the log: " + "\n".join([line, *lines[number : number + 30]])
