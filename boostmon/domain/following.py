"""What becomes of a timer when somebody gives or takes its role by hand. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from boostmon.domain.beginning import begun
from boostmon.domain.common_end import EndsForAll, by_date
from boostmon.domain.defaults import NoDuration, set_by_default
from boostmon.domain.ledger import Action
from boostmon.domain.limits import ensure_within_limits
from boostmon.domain.policy import Policy, Stacking, TakenByHand
from boostmon.domain.role_events import RoleEvent, RoleGiven, RoleTaken
from boostmon.domain.stacking import kept
from boostmon.domain.timers import Ending, Timer, Waiting
from boostmon.domain.transitions import end


@dataclass(frozen=True, slots=True)
class Follows:
    """The timer becomes `after` (None: it is over), and the ledger calls that `action`.

    By GIVE_BACK it is as it was, and the role is to be given back.
    """

    action: Action
    after: Timer | None


def follow(
    event: RoleEvent,
    before: Timer | None,
    policy: Policy,
    now: datetime,
    *,
    doubt: timedelta = timedelta(0),
    began: datetime | None = None,
) -> Follows | None:
    """What follows from an event; None: nothing.

    Nothing follows where somebody has decided about the timer since: an old entry of the log may be read long after.
    For as long as `doubt` after a decision, it is not known whether its role was given before the event or after it.
    `began` is when the member's last timer did, where the rule lets each have one.

    Raises:
        BoostMonError: the guild's own limits let no timer start.
    """
    if before is not None and event.at < before.updated_at:
        return None
    match event:
        case RoleTaken() if before is not None and isinstance(before.state, Waiting):
            return None  # it was not the timer's
        case RoleTaken() if before is not None:
            if policy.taken_by_hand is TakenByHand.GIVE_BACK and before.goes_on(now):
                return Follows(Action.GIVE_BACK, before)
            return Follows(Action.TAKEN, _left_over(before, now, is_doubtful=event.at < before.updated_at + doubt))
        case RoleGiven():
            return _started(event, before, policy, now, began)
        case _:
            return None


def _left_over(before: Timer, now: datetime, *, is_doubtful: bool) -> Timer | None:
    """Nothing, unless Discord has perhaps given the role since, or may yet: then it has to be taken."""
    if before.grant_open_until is not None and before.is_grant_open(now):
        return end(before, now=now, first_attempt=before.grant_open_until - now)
    return end(before, now=now) if is_doubtful else None


def _started(
    event: RoleGiven, before: Timer | None, policy: Policy, now: datetime, began: datetime | None
) -> Follows | None:
    """The timer that the role's rule starts, as `/settime` would have done when the role was given.

    Once the date by which all end has passed, none starts.
    """
    rule = policy.rules.get(event.key.role)
    if rule is None or not rule.starts:
        return None
    if before is not None and isinstance(before.state, Waiting):
        return _begun(event, before, policy)
    if before is not None and _stays(before, event.at, once=rule.once, stacking=policy.stacking):
        return None
    if rule.once and began is not None:
        return _given_again(event, before, now) if began <= event.at else None
    return _set(event, before, policy)


def _begun(event: RoleGiven, before: Timer, policy: Policy) -> Follows | None:
    """A timer that was to begin later: what somebody has planned for this member says more than the rule, save when."""
    date = policy.ends_on(event.key.role)
    if date is not None and date <= event.at:
        return None
    started = begun(before, now=event.at, policy=policy)
    if isinstance(started.state, Waiting):
        return None  # it was given for good, by hand as it would have been by the sweep
    return Follows(Action.STARTED, by_date(started, now=event.at, policy=policy))


def _set(event: RoleGiven, before: Timer | None, policy: Policy) -> Follows | None:
    try:
        (after, by), when = set_by_default(event.key, now=event.at, policy=policy, before=before)
    except (NoDuration, EndsForAll):
        return None
    if by is Stacking.KEEP_LONGER:
        return None
    had = kept(before, by, event.at)
    ensure_within_limits(after, now=event.at, policy=policy, given=when, before=had)
    return Follows(Action.STARTED, after)


def _stays(before: Timer, at: datetime, *, once: bool, stacking: Stacking) -> bool:
    """Whether a timer goes on as it is when its role is given a second time."""
    return (once and before.goes_on(at)) or (stacking is Stacking.REFUSE and not before.is_over(at))


def _given_again(event: RoleGiven, before: Timer | None, now: datetime) -> Follows:
    """A timer that is over, so that the sweep takes the role as it takes any."""
    if before is None:
        before = Timer(event.key, Ending(event.at, now), channel=None, created_at=event.at, updated_at=event.at)
    return Follows(Action.GIVEN_AGAIN, end(before, now=now))
