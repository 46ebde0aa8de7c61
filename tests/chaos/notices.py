"""Notices: each that came into the outbox has to leave it with a line in the ledger, and reaches one place once."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from tests.chaos.audit import Entry
from tests.chaos.play import Run

TOLD = {"delivered", "undelivered"}
CHANGES = {"set", "add", "remove", "pause", "resume", "clear", "put_back", "ended", "removal_failed"}


def none_lost(run: Run) -> Iterator[str]:
    """Each end is told or said to be untold; each warning besides may be dropped by a change of its timer."""
    lines: dict[tuple[int, tuple[int, int]], list[Entry]] = defaultdict(list)
    for entry in run.books.ledger:
        lines[entry.xid, entry.key].append(entry)
    inside = {}
    posted: Counter[tuple[int, tuple[int, int]]] = Counter()
    for step in run.books.notices:
        if step.happened == "INSERT":
            inside[step.notice_id] = step
            posted[step.xid, step.key] += 1
            continue
        del inside[step.notice_id]
        actions = {entry.action for entry in lines[step.xid, step.key]}
        if not (actions & TOLD or (step.kind == "warning" and actions & CHANGES)):
            yield f"{step} left the outbox with {actions or 'no line in the ledger'}"
    yield from (f"{step} is still in the outbox" for step in inside.values())
    yield from _ends_without_news(run, posted)
    yield from _thresholds_without_warning(run, posted, lines)


def _ends_without_news(run: Run, posted: Counter[tuple[int, tuple[int, int]]]) -> Iterator[str]:
    """The sweep owes news of an end that Discord confirmed; who cleared a timer was answered instead."""
    cleared = {(entry.key, entry.at) for entry in run.books.ledger if entry.action == "clear"}
    for entry in run.books.ledger:
        if entry.action != "ended" or not (entry.reason or "").startswith("Discord confirmed"):
            continue
        if (entry.key, entry.at) not in cleared and not posted[entry.xid, entry.key]:
            yield f"{entry} owes news of the end and posted none"


def _thresholds_without_warning(
    run: Run,
    posted: Counter[tuple[int, tuple[int, int]]],
    lines: dict[tuple[int, tuple[int, int]], list[Entry]],
) -> Iterator[str]:
    """A threshold that the sweep took off a running timer was warned of in the same transaction."""
    for rearming in run.books.rearmings:
        by_sweep = not lines[rearming.xid, rearming.key]
        if by_sweep and set(rearming.before) - set(rearming.after) and not posted[rearming.xid, rearming.key]:
            yield f"{rearming} was not warned of"


def none_doubled(run: Run) -> Iterator[str]:
    """The same words never stand twice in one place."""
    for place, messages in run.messages.items():
        words = Counter(message.text for message in messages if message.author == "@BoostMon" and not message.hidden)
        yield from (f"{number} times in {place}: {text!r}" for text, number in words.items() if number > 1 and text)
    inserted = Counter((s.key, s.kind, s.at) for s in run.books.notices if s.happened == "INSERT")
    for (key, kind, at), number in inserted.items():
        if kind == "ended" and number > 1:
            yield f"{number} notices of the end of {key} at {at}"


def stale(run: Run) -> int:
    """How many warnings came too late to be told."""
    return sum(
        entry.action == "undelivered" and "warning: too late" in (entry.reason or "") for entry in run.books.ledger
    )


def longest_wait(run: Run) -> timedelta:
    """The longest time between the commit of an end and its delivery, simulated."""
    posted = {}
    longest = timedelta(0)
    for entry in run.books.ledger:
        if entry.action == "ended":
            posted[entry.key] = entry.committed
        elif entry.action == "delivered" and "news" in (entry.reason or "") and entry.key in posted:
            longest = max(longest, run.simulated(entry.committed) - run.simulated(posted[entry.key]))
    return longest
