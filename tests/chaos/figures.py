"""The figures of a run, as lines for a person."""

from collections import Counter
from datetime import timedelta

from tests.chaos.notices import longest_wait, stale, superseded, together
from tests.chaos.play import SPEED, Run
from tests.chaos.roles import latenesses
from tests.chaos.stories import HEARD


def faults(run: Run) -> int:
    """How much went wrong: faults that struck a request, and everything bigger."""
    return sum(run.faults.values())


def lines(run: Run) -> list[str]:
    """What happened, and how late it was."""
    actions = Counter(entry.action for entry in run.books.ledger)
    asked = [entry for entry in run.books.ledger if entry.action not in HEARD]
    applied = {entry.request_id for entry in asked if entry.request_id is not None}
    answers = [typed for typed in run.typed if typed.answer is not None]
    silent = sum(bool(typed.answer and not typed.answer.messages) for typed in answers)
    late = sorted(latenesses(run))
    removals = [r for r in run.requests if r.method == "DELETE" and "/roles/" in r.path]
    sent = [r for r in run.requests if r.method == "POST" and r.path.startswith("/channels/")]
    worst = late[-1] if late else timedelta(0)
    middle = late[len(late) // 2] if late else timedelta(0)
    what = ", ".join(f"{name}: {number}" for name, number in sorted(run.faults.items()))
    text = f"""
      simulated: {_hours(run.finished - run.origin)} at {SPEED:g} times the real speed
      commands: {len(run.typed)} typed, {len(applied)} applied, {silent} without an answer, \
{len(run.typed) - len(answers)} not sendable
      endings: {actions["ended"]}, put back: {actions["put_back"]}, blocked or failed: {actions["removal_failed"]}
      faults: {faults(run)} ({what})
      roles taken again: {actions["take_again"]}, given back: {actions["give_back"]}
      by others: {sum(one.gives for one in run.by_hand)} roles given, \
{sum(not one.gives and one.by is not None for one in run.by_hand)} taken, \
{sum(one.by is None for one in run.by_hand)} lost by leaving; timers over by that: {actions["taken"]}, \
started: {actions["started"]}
      kills: {len(run.kills)}, processes that ended by themselves: {len(run.deaths)}
      requests: {len(run.requests)}, removals tried: {len(removals)}, messages tried: {len(sent)}, \
unanswered or refused: {sum(r.status >= 400 or not r.answered for r in run.requests)}
      notices: {actions["delivered"]} delivered, {actions["undelivered"]} not ({stale(run)} warnings too late, \
{superseded(run)} superseded), at most {together(run)} members in a message
      lateness of endings: median {_both(middle)}, worst {_both(worst)}
      longest way of the news of an end: {_both(longest_wait(run))}
      quiet {_both(run.finished - run.healed)} after the healing
    """
    return [line.removeprefix("    ") for line in text.strip("\n").splitlines()[:-1]]


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.1f} h"


def _both(span: timedelta) -> str:
    return f"{span.total_seconds() / SPEED:.2f} s real ({span.total_seconds() / 60:.1f} min simulated)"
