"""Discord's own record of given and taken roles, against what the ledger said at that moment.

Both clocks are the machine's: the loopback Discord notes a request when it carries it out, PostgreSQL a transaction
when it commits. A process looks at the timer last just before it asks Discord, so a removal is right if the timer was
over at any moment of the longest time that a request may take.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.chaos.audit import Entry, Key, Snapshot
from tests.chaos.play import JUST_OVER, SAME_MOMENT, SPEED, Run
from tests.chaos.stories import instant, of_each_timer

LONGEST_REQUEST = timedelta(seconds=12 * SPEED)
"""Simulated. Ten real seconds for the request itself, and two of a busy machine's."""
LONGEST_DELAY = timedelta(seconds=3.5 * SPEED)
"""Simulated: how long the plan's faults keep a request or its answer back, at most."""


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A role that Discord gave or took for BoostMon, answered or not, or that others gave or took."""

    at: datetime
    gives: bool
    answered: bool = True
    by_hand: bool = False


def role_changes(run: Run) -> Mapping[Key, list[RoleChange]]:
    """What became of each member's roles, in order."""
    found = _asked_by_boostmon(run)
    for handed in run.by_hand:
        found[handed.user_id, handed.role_id].append(RoleChange(handed.at, handed.gives, by_hand=True))
    for changes in found.values():
        changes.sort(key=lambda change: change.at)
    return found


def _asked_by_boostmon(run: Run) -> dict[Key, list[RoleChange]]:
    found: dict[Key, list[RoleChange]] = defaultdict(list)
    for request in run.requests:
        parts = request.path.split("/")
        if len(parts) == 7 and parts[5] == "roles" and request.method in {"PUT", "DELETE"} and request.status < 300:
            found[int(parts[4]), int(parts[6])].append(
                RoleChange(request.at, request.method == "PUT", request.answered)
            )
    return found


def none_left_and_none_kept_back(run: Run) -> Iterator[str]:
    """In the end nobody has a role whose timer is over."""
    for key in _without_timer(run):
        yield f"{key} still has the role, although its timer left: {tale(run, key)}"
    for key, story in of_each_timer(run).items():
        if key in run.held and story[-1].after is not None and _over_at(story[-1].after, run.finished - JUST_OVER):
            yield f"{key} still has the role, although its time was up: {tale(run, key)}"


def _without_timer(run: Run) -> set[Key]:
    stories, changes = of_each_timer(run), role_changes(run)
    return {
        key
        for key in run.held & stories.keys()
        if stories[key][-1].after is None and not _may_keep(stories[key]) and not _is_from_others(changes[key])
    }


def _is_from_others(changes: list[RoleChange]) -> bool:
    """Whether somebody gave the role by hand after BoostMon took it for the last time."""
    given = [change.at for change in changes if change.by_hand and change.gives]
    taken = [change.at for change in changes if not change.by_hand and not change.gives]
    return bool(given) and (not taken or max(given) > max(taken))


def _may_keep(story: list[Entry]) -> bool:
    """Whether the last word on a timer that is gone leaves the role with its member."""
    for entry in reversed(story):
        if entry.action == "put_back" or entry.after is not None:
            continue
        return entry.action == "clear"
    return False


def none_taken_early(run: Run) -> Iterator[str]:
    """Each removal has a timer that was over, and what a race took all the same was given back.

    Where the process that lost the race was killed before it could, it stays taken: known, and no violation.
    """
    changes = role_changes(run)
    for key, story in of_each_timer(run).items():
        commits = [run.simulated(entry.committed) for entry in story]
        held = False
        for number, change in enumerate(changes[key]):
            if held and not change.gives and not change.by_hand:
                yield from _taken(run, key, story, commits, change, changes[key][number + 1 :])
            held = change.gives


def _taken(
    run: Run, key: Key, story: list[Entry], commits: list[datetime], change: RoleChange, later: list[RoleChange]
) -> Iterator[str]:
    now = _state(story, commits, change.at)
    if not _was_over(story, commits, change.at):
        yield f"{key} lost the role at {change.at} before its time: {tale(run, key)}"
        return
    if now is None or _over_at(now, change.at + SAME_MOMENT):
        return
    # The timer was over when a process looked, and went on before Discord heard of it.
    over_again = [at for entry, at in zip(story, commits, strict=True) if at > change.at and _is_end(entry)]
    until = min([*over_again, run.finished])
    if any(change.at - LONGEST_DELAY <= kill <= change.at + LONGEST_REQUEST for kill in run.kills):
        return  # whoever would have given it back is gone
    if until - change.at <= LONGEST_DELAY:
        return  # its time was up before the loser of the race had an answer to learn from
    if any(one.by_hand and not one.gives for one in later if one.at <= until):
        return  # others took it meanwhile, or the member left
    if not any(one.gives for one in later if one.at <= until):
        yield f"{key} lost the role at {change.at} to a race and did not get it back before {until}: {tale(run, key)}"


def none_touched_without_timer(run: Run) -> Iterator[str]:
    """What people and other bots gave is left alone where there is no timer, and so is who has none."""
    stories = of_each_timer(run)
    for key, changes in _asked_by_boostmon(run).items():
        story = stories.get(key, [])
        commits = [run.simulated(entry.committed) for entry in story]
        for change in changes:
            if not _had_timer(story, commits, change.at):
                did = "was given" if change.gives else "lost"
                yield f"{key} {did} the role at {change.at}, when there was no timer: {tale(run, key)}"


def _had_timer(story: list[Entry], commits: list[datetime], at: datetime) -> bool:
    """Whether there was a timer at any moment that the request may have been decided at."""
    earliest = at - LONGEST_REQUEST
    changed = bisect_right(commits, at + SAME_MOMENT) > bisect_right(commits, earliest)
    return changed or _state(story, commits, earliest) is not None


def _was_over(story: list[Entry], commits: list[datetime], at: datetime) -> bool:
    """Whether the timer was over (or not there) at any moment that the request may have been decided at."""
    earliest = at - LONGEST_REQUEST
    first = max(bisect_right(commits, earliest) - 1, -1)
    last = bisect_right(commits, at + SAME_MOMENT)
    for index in range(first, last):
        state = story[index].after if index >= 0 else None
        ends = min(commits[index + 1] if index + 1 < len(commits) else at, at) + SAME_MOMENT
        if state is None or _over_at(state, ends):
            return True
    return False


def _state(story: list[Entry], commits: list[datetime], at: datetime) -> Snapshot | None:
    index = bisect_right(commits, at) - 1
    return story[index].after if index >= 0 else None


def _over_at(state: Snapshot, at: datetime) -> bool:
    ends_at = instant(state, "ends_at")
    return state["state"] == "ending" or (state["state"] == "running" and ends_at is not None and ends_at <= at)


def _is_end(entry: Entry) -> bool:
    return entry.after is None or entry.after["state"] == "ending"


def tale(run: Run, key: Key) -> str:
    """Everything that happened to a timer and its role, by the simulated time of its commit or of Discord's act."""
    lines = [
        (
            run.simulated(entry.committed),
            f"{entry.action} (as of {entry.at:%H:%M:%S}) -> {entry.after} {entry.reason or entry.detail}",
        )
        for entry in run.books.ledger
        if entry.key == key
    ]
    lines += [(change.at, _told(change)) for change in role_changes(run).get(key, ())]
    lines += [(kill, "(a kill)") for kill in run.kills]
    return "".join(f"\n      {at:%H:%M:%S} {what}" for at, what in sorted(lines))


def _told(change: RoleChange) -> str:
    if change.by_hand:
        return "others give" if change.gives else "others take, or the member leaves"
    return f"Discord {'gives' if change.gives else 'takes'}{'' if change.answered else ', unheard'}"


def latenesses(run: Run) -> list[timedelta]:
    """How long after its end each role was taken that the ledger says was taken, in simulated time."""
    changes = role_changes(run)
    found = []
    for key, story in of_each_timer(run).items():
        taken = [change.at for change in changes[key] if not change.gives and not change.by_hand]
        for entry in story:
            if entry.action != "ended" or entry.before is None or not entry.says(kind="confirmed"):
                continue
            ended = instant(entry.before, "ended_at") or instant(entry.before, "ends_at")
            first = next((at for at in taken if ended is not None and at >= ended - SAME_MOMENT), None)
            if ended is not None and first is not None:
                found.append(first - ended)
    return found
