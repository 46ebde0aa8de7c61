"""Notices: each that came into the outbox has to leave it with a line in the ledger, and reaches one place once."""

from base64 import urlsafe_b64encode
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from boostmon.sandbox.answer import PostedMessage
from boostmon.sandbox.calls import RecordedRequest
from tests.chaos.audit import Entry
from tests.chaos.play import JUST_OVER, Run

TOLD = {"delivered", "undelivered"}
CHANGES = {
    "set",
    "add",
    "remove",
    "pause",
    "resume",
    "clear",
    "put_back",
    "take_again",
    "taken",
    "ended",
    "removal_failed",
}


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
        if step.happened == "UPDATE":
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
    """Who writes down an end that Discord confirmed, the sweep or `/cleartime`, owes news of it."""
    for entry in run.books.ledger:
        if entry.action != "ended" or not entry.says(kind="confirmed"):
            continue
        if not posted[entry.xid, entry.key]:
            yield f"{entry} owes news of the end and posted none"


def _thresholds_without_warning(
    run: Run,
    posted: Counter[tuple[int, tuple[int, int]]],
    lines: dict[tuple[int, tuple[int, int]], list[Entry]],
) -> Iterator[str]:
    """A threshold that the sweep took off a running timer was warned of in the same transaction."""
    for rearming in run.books.rearmings:
        # The lines of earlier warnings that the new one superseded are no change of the timer.
        by_sweep = not any(entry.is_change for entry in lines[rearming.xid, rearming.key])
        if by_sweep and set(rearming.before) - set(rearming.after) and not posted[rearming.xid, rearming.key]:
            yield f"{rearming} was not warned of"


def none_doubled(run: Run) -> Iterator[str]:
    """No notice stands twice in one place, or in two messages.

    Two thresholds may lead to the same words, so it is by the nonce that a notice is told from another.
    """
    sent = defaultdict(set)
    for request in _accepted(run):
        words = readable(request.body.get("content", ""), request.body["embeds"])
        sent[words].add(request.body["nonce"])
    yield from _told_in_several_messages(run)
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


def none_claimed_in_vain(run: Run) -> Iterator[str]:
    """What the ledger calls delivered stands in a message, which names the member if it is in a channel.

    Discord takes a repeated message for the one that it has: a member who was not in that one was never told.
    """
    first: dict[str, RecordedRequest] = {}
    for request in _accepted(run):
        first.setdefault(request.body["nonce"], request)
    fates: dict[tuple[int, tuple[int, int]], list[Entry]] = defaultdict(list)
    for entry in run.books.ledger:
        if entry.action in TOLD:
            fates[entry.xid, entry.key].append(entry)
    messages: dict[int, UUID] = {}
    for step in run.books.notices:
        if step.happened == "UPDATE" and step.message_id is not None:
            messages[step.notice_id] = step.message_id
        said = fates[step.xid, step.key]
        # Two notices of one timer may have had different fates at the same moment.
        if step.happened != "DELETE" or not said or any(entry.action != "delivered" for entry in said):
            continue
        message = messages.get(step.notice_id)
        sent = None if message is None else first.get(nonce(message))
        if sent is None:
            yield f"{step} was delivered by the ledger ({said}), but Discord took no message {message}"
        elif all(entry.says(way="channel") for entry in said) and f"<@{step.user_id}>" not in sent.body["content"]:
            yield f"{step} was delivered by the ledger ({said}), but message {message} says {sent.body['content']!r}"


def _told_in_several_messages(run: Run) -> Iterator[str]:
    """A notice may be put into another message only when Discord did not take the one before."""
    taken = {request.body["nonce"] for request in _accepted(run)}
    messages: dict[int, dict[UUID, None]] = defaultdict(dict)
    for step in run.books.notices:
        if step.happened == "UPDATE" and step.message_id is not None:
            messages[step.notice_id][step.message_id] = None
    for notice, its in messages.items():
        told = [str(message) for message in its if nonce(message) in taken]
        if len(told) > 1:
            yield f"notice {notice} was told in several messages: {told}"


def _accepted(run: Run) -> Iterator[RecordedRequest]:
    """The messages that Discord took, whether or not the answer arrived; repeated ones, too."""
    for request in run.requests:
        if request.method == "POST" and request.path.startswith("/channels/") and request.status < 300:
            yield request


def nonce(message: UUID) -> str:
    """As BoostMon writes it."""
    return urlsafe_b64encode(message.bytes).rstrip(b"=").decode()


def readable(content: str, embeds: Sequence[Mapping[str, Any]]) -> str:
    """What a reader sees of a message that was sent."""
    nowhere = datetime.min.replace(tzinfo=UTC)
    return PostedMessage(0, "", "", content, tuple(embeds), (), hidden=False, at=nowhere).text


def stale(run: Run) -> int:
    """How many warnings came too late to be told."""
    return sum(
        entry.action == "undelivered" and entry.says(notice="warning", why="too_late") for entry in run.books.ledger
    )


def superseded(run: Run) -> int:
    """How many warnings a newer notice of the same timer made superfluous."""
    return sum(entry.action == "undelivered" and entry.says(why="superseded") for entry in run.books.ledger)


def together(run: Run) -> int:
    """The most members in one message."""
    return max((request.body.get("content", "").count("<@") for request in _accepted(run)), default=0)


def longest_wait(run: Run) -> timedelta:
    """The longest time between the commit of an end and its delivery, simulated."""
    posted = {}
    longest = timedelta(0)
    for entry in run.books.ledger:
        if entry.action == "ended":
            posted[entry.key] = entry.committed
        elif entry.action == "delivered" and entry.says(notice="ended") and entry.key in posted:
            longest = max(longest, run.simulated(entry.committed) - run.simulated(posted[entry.key]))
    return longest
