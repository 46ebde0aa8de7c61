"""The ledger: each timer's story has to follow from one line to the next, and each command's effect from its words."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from boostmon.domain.ids import NOBODY
from tests.chaos.audit import Entry, Key, Row, Snapshot
from tests.chaos.plan import RULED_SECONDS, Order
from tests.chaos.play import Run
from tests.chaos.witness import Logged

_TOLD = ("state", "ends_at", "remaining", "paused_at", "ended_at", "channel_id", "created_at")
"""What changes with a line of the ledger only. Thresholds and attempts go on between two lines, and the version with
them."""
TAKEN, STARTED = "taken", "started"
HEARD = frozenset({TAKEN, STARTED})
"""What follows from an entry of the audit log: its id is the request then."""
_EXACT = timedelta(milliseconds=1)


def of_each_timer(run: Run) -> Mapping[Key, list[Entry]]:
    """Each timer's changes in the order of their commits."""
    stories: dict[Key, list[Entry]] = defaultdict(list)
    for entry in run.books.ledger:
        if entry.is_change:
            stories[entry.key].append(entry)
    return stories


def ledger_is_complete(run: Run) -> Iterator[str]:
    """Each line begins where the one before it ended, and the last one ends at what is stored."""
    rows = {row.key: row for row in run.books.timers}
    stories = of_each_timer(run)
    for key, story in stories.items():
        last: Snapshot | None = None
        for entry in story:
            if told(last) != told(entry.before) and not _time_went_by(last, entry.before):
                yield f"ledger of {key}: line {entry.entry_id} ({entry.action}) begins with {entry.before}, not {last}"
            last = entry.after
        if not _same(last, rows.get(key)):
            yield f"ledger of {key} ends with {last}, but {rows.get(key)} is stored"
    for key in rows.keys() - stories.keys():
        yield f"{rows[key]} is stored without a line in the ledger"


def told(snapshot: Snapshot | None) -> Mapping[str, Any] | None:
    """The part of a timer that no line may leave out."""
    return None if snapshot is None else {name: snapshot.get(name) for name in _TOLD}


def _time_went_by(earlier: Snapshot | None, later: Snapshot | None) -> bool:
    """Whether the one is the other once its time was up, which is nobody's decision and has no line of its own."""
    if earlier is None or later is None or (earlier["state"], later["state"]) != ("running", "ending"):
        return False
    return bool(earlier["ends_at"] == later["ended_at"] and earlier["created_at"] == later["created_at"])


def _same(snapshot: Snapshot | None, row: Row | None) -> bool:
    if snapshot is None or row is None:
        return snapshot is None and row is None
    if (snapshot["state"], row.state) == ("running", "ending"):
        return instant(snapshot, "ends_at") == row.ended_at
    return snapshot["state"] == row.state and instant(snapshot, "ends_at") == row.ends_at


def instant(snapshot: Snapshot, name: str) -> datetime | None:
    """An instant of a snapshot."""
    written = snapshot.get(name)
    return None if written is None else datetime.fromisoformat(written)


def remaining(snapshot: Snapshot | None, at: datetime) -> timedelta:
    """What was left of a timer."""
    if snapshot is None or snapshot["state"] == "ending":
        return timedelta(0)
    if snapshot["state"] == "paused":
        return timedelta(seconds=snapshot["remaining"])
    ends_at = instant(snapshot, "ends_at")
    assert ends_at is not None
    return max(ends_at - at, timedelta(0))


def ledger_follows_the_model(run: Run) -> Iterator[str]:
    """What each command made of a timer is what its words say, and what others did is known from the audit log."""
    orders = {typed.answer.interaction_id: typed.order for typed in run.typed if typed.answer is not None}
    heard = {(one.entry, one.user_id, one.role_id): one for one in run.logged}
    for entry in run.books.ledger:
        if entry.request_id is None:
            continue
        if entry.action in HEARD:
            found = heard.get((entry.request_id, *entry.key))
            if not (_follows(entry, found) or _was_missed(run, entry)):
                yield f"{entry} does not follow from the audit log, nor from who had the role"
            continue
        order = orders.get(entry.request_id)
        if order is None:
            yield f"{entry} was asked for by nobody"
        elif not _fits(entry, order):
            yield f"{order.line!r} made {entry.after} of {entry.before} at {entry.at}"


def _follows(entry: Entry, heard: Logged | None) -> bool:
    """Whether somebody else did just that with the role, and the timer became what goes with it.

    Where the role was taken, it is over by that, or as soon as BoostMon has taken the role, too.
    """
    if heard is None or heard.by != entry.actor_id or heard.gives is not (entry.action == STARTED):
        return False
    if entry.action == TAKEN:
        return entry.after is None or entry.after["state"] == "ending"
    ends_at = None if entry.after is None else instant(entry.after, "ends_at")
    return ends_at is not None and abs(ends_at - entry.at - timedelta(seconds=RULED_SECONDS)) <= _EXACT


def _was_missed(run: Run, entry: Entry) -> bool:
    """Whether somebody had taken the role unheard, and BoostMon noticed by the number of members."""
    if entry.action != TAKEN or entry.actor_id != NOBODY:
        return False
    before = [one for one in run.by_hand if (one.user_id, one.role_id) == entry.key and one.at <= entry.at]
    return bool(before) and not max(before, key=lambda one: one.at).gives


def _fits(entry: Entry, order: Order) -> bool:
    if f"{entry.action}time" != order.verb:
        return False
    before, after = remaining(entry.before, entry.at), remaining(entry.after, entry.at)
    amount = timedelta(seconds=order.seconds)
    was_paused = entry.before is not None and entry.before["state"] == "paused"
    match entry.action:
        case "set":
            expected, state = amount, "running"
        case "add":
            expected, state = before + amount, "paused" if was_paused else "running"
        case "remove":
            expected = max(before - amount, timedelta(0))
            state = "ending" if not expected else "paused" if was_paused else "running"
        case "pause":
            expected, state = before, "paused"
        case "resume":
            expected, state = before, "running"
        case _:
            return entry.after is None if order.keep else entry.after is not None and entry.after["state"] == "ending"
    return entry.after is not None and entry.after["state"] == state and abs(after - expected) <= _EXACT


def successes_are_in_the_ledger(run: Run) -> Iterator[str]:
    """Nobody was told of a change that is not there, and no request was applied twice."""
    seen = [(entry.request_id, entry.key) for entry in run.books.ledger if entry.request_id is not None]
    if len(seen) != len(set(seen)):
        yield f"{len(seen) - len(set(seen))} requests were applied twice"
    applied = {request for request, _ in seen}
    for typed in run.typed:
        if typed.succeeded and typed.answer is not None and typed.answer.interaction_id not in applied:
            yield f"{typed.order.line!r} was answered {typed.answer.text[:200]!r}, but the ledger does not know of it"
