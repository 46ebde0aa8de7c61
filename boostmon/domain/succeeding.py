"""The role that follows when time is up on another, as the rule of that one says. Pure."""

from dataclasses import replace
from datetime import datetime

from boostmon.domain.beginning import start_later
from boostmon.domain.common_end import EndsForAll
from boostmon.domain.defaults import NoDuration, default_for
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Ending, Timer, Waiting
from boostmon.domain.transitions import fresh


def successor(ended: Timer, policy: Policy, now: datetime) -> Timer | None:
    """The timer on the role that follows, once the role of `ended` was taken; None: none follows.

    None follows where somebody ended the timer before its time. The timer begins at once, when the sweep has given its
    role. It runs for as long as its own rule says, if that starts timers by itself; otherwise the role is given for
    good. Nothing follows where all timers of that role have ended by its date.
    """
    rule = policy.rules.get(ended.key.role)
    if rule is None or rule.follows is None or not isinstance(ended.state, Ending) or not ended.state.by_itself:
        return None
    key, own = replace(ended.key, role=rule.follows), policy.rules.get(rule.follows)
    for_good = fresh(key, Waiting(now, None, now), now, ended.channel, None)
    if own is None or not own.starts:
        return for_good
    try:
        when = default_for(key.role, policy, now)
    except NoDuration:
        return for_good
    except EndsForAll:
        return None
    return start_later(key, when, now, now=now, policy=policy, channel=ended.channel)
