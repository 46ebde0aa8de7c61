"""What becomes of a timer that is there when its guild decides something else about such timers. Pure."""

from dataclasses import replace
from datetime import datetime

from boostmon.domain.common_end import by_date
from boostmon.domain.ids import RoleId
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Running, Timer


def replan(timer: Timer, policy: Policy, now: datetime, *, postponed: datetime | None = None) -> Timer:
    """The timer by what its guild has just decided.

    It ends by the date of its role, where that has one; one that ended at the date before, `postponed`, moves with it.

    Armed are the wanted thresholds that are still ahead, as a transition at `now` would arm them, and those that
    were armed before: one that was crossed a moment ago, and that no sweep has seen yet, is warned of all the same, as
    long as the end is the same. The grace is that of its role; one that has begun stays as it was announced.
    """
    before, timer = timer, by_date(_put_off(timer, policy, now, postponed), now=now, policy=policy)
    state = timer.state
    if not isinstance(state, Running) or state.ends_at <= now:
        return timer
    left = state.ends_at - now
    wanted = set(policy.for_role(timer.key.role).thresholds)
    known = before.state.armed if isinstance(before.state, Running) and before.ends_at == state.ends_at else ()
    armed = sorted((t for t in wanted if left > t or t in known), reverse=True)
    return timer.in_state(replace(state, armed=tuple(armed), grace=policy.grace(timer.key.role)), at=now)


def postponed(before: Policy, after: Policy, role: RoleId) -> datetime | None:
    """The date before, if it was put off; None where timers of the role have a length of their own, which they keep."""
    old, new, rule = before.ends_on(role), after.ends_on(role), after.rules.get(role)
    if old is None or new is None or old >= new or rule is None or rule.duration is not None:
        return None
    return old


def _put_off(timer: Timer, policy: Policy, now: datetime, postponed: datetime | None) -> Timer:
    date, state = policy.ends_on(timer.key.role), timer.state
    if date is None or not isinstance(state, Running) or not now < state.ends_at == postponed:
        return timer
    return timer.in_state(Running(date, state.armed, grace=state.grace), at=now)
