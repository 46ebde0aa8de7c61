"""Notices: each that came into the outbox has to leave it with a line in the ledger, and reaches one place once."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from boostmon.sandbox.answer import PostedMessage
from tests.chaos.audit import Entry
from tests.chaos.play import JUST_OVER, Run

TOLD = {"delivered", "undelivered"}
CHANGES = {"set", "add", "remove", "pause", "resume", "clear", "put_back", "take_again", "ended", "removal_failed"}


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
    # What ended as everything was being stopped may not have been told yet.
    settled = run.finished - JUST_OVER
    yield from (f"{step} is still in the outbox" for step in inside.values() if step.at < settled)
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
    """No notice stands twice in one place, or in two.

    Two thresholds may lead to the same words, so it is by the nonce that a notice is told from another.
    """
    sent = defaultdict(set)
    ways = defaultdict(set)
    for request in run.requests:
        if request.method == "POST" and request.path.startswith("/channels/") and request.status < 300:
            nonce = request.body["nonce"]
            sent[readable(request.body.get("content", ""), request.body["embeds"])].add(nonce)
            ways[nonce[1:]].add(request.path)
    yield from (f"notice {nonce} went several ways: {paths}" for nonce, paths in ways.items() if len(paths) > 1)
    stands: Counter[str] = Counter()
    for messages in run.messages.values():
        stands.update(m.text for m in messages if m.author == "@BoostMon" and not m.hidden)
    for text, number in stands.items():
        if text in sent and number > len(sent[text]):
            yield f"stands {number} times, but was owed {len(sent[text])} times: {text!r}"
    inserted = Counter((s.key, s.kind, s.at) for s in run.books.notices if s.happened == "INSERT")
    for (key, kind, at), number in inserted.items():
        if kind == "ended" and number > 1:
            yield f"{number} notices of the end of {key} at {at}"


def readable(content: str, embeds: Sequence[Mapping[str, Any]]) -> str:
    """What a reader sees of a message that was sent."""
    nowhere = datetime.min.replace(tzinfo=UTC)
    return PostedMessage(0, "", "", content, tuple(embeds), (), hidden=False, at=nowhere).text


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
