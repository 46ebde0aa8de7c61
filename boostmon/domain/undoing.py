"""Undoing a change: the timer as it was before, and what stands in the way of restoring it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest

from boostmon.domain.durations import End
from boostmon.domain.ledger import Action
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Running, Timer
from boostmon.domain.transitions import running_until

_CHANGES_NOTHING = (Action.TAKE_AGAIN, Action.GIVE_BACK)


def restored(before: Timer, current: Timer | None, *, now: datetime, policy: Policy) -> Timer:
    """`before` again: the same end, or the same that remains of a pause, and the same channel.

    Its thresholds are armed as by any transition. `current` is what is stored now; a request for the role that is
    still open there stays open. Not for a timer that would be over by now.
    """
    state = before.state
    if isinstance(state, Running):
        state = running_until(before.key, End(state.ends_at, state.anchor), now=now, policy=policy)
    return replace(
        before,
        state=state,
        updated_at=now,
        version=0 if current is None else current.version,
        grant_open_until=None if current is None else current.grant_open_until,
    )


def standing[Change](later: Iterable[tuple[Action, Change]]) -> Change | None:
    """What stands of all that people did to a timer after a change, oldest first, as far as it matters for its undo.

    That is the undo of this very change, where there was one, or else the last change that was not taken back itself.
    An undo takes back the last change that stands. What was put back, because Discord refused it, was never made, and
    a role that is taken once more, or given back, changes nothing.
    """
    made = [one for one in later if one[0] not in _CHANGES_NOTHING]
    following = [action for action, _ in made[1:]]
    stack: list[Change] = []
    for (action, change), then in zip_longest(made, following):
        if Action.PUT_BACK in (action, then):
            continue
        if action is not Action.UNDO:
            stack.append(change)
        elif stack:
            stack.pop()
        else:
            return change
    return stack[-1] if stack else None
