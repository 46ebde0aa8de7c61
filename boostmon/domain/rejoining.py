"""What becomes of the timers of members who leave a guild, and who are there again. Pure."""

from dataclasses import dataclass
from datetime import datetime

from boostmon.domain.absence import wait_for_member, with_member_back
from boostmon.domain.common_end import by_date
from boostmon.domain.ids import RequestId
from boostmon.domain.ledger import Action
from boostmon.domain.member_events import MemberEvent, MemberJoined, MemberLeft, MemberSeen
from boostmon.domain.policy import Policy, Rejoin
from boostmon.domain.role_events import entry_at
from boostmon.domain.timers import Ending, Grace, Paused, Running, Timer
from boostmon.domain.transitions import end


@dataclass(frozen=True, slots=True)
class Consequence:
    """The timer becomes `after`, and the ledger calls that `action`; `gives`: its role is missing, and is owed."""

    action: Action
    after: Timer
    request: RequestId | None = None
    gives: bool = False


def consequence_of(event: MemberEvent, before: Timer, policy: Policy, now: datetime) -> Consequence | None:
    """What follows from an event for one of the member's timers; None: nothing.

    Events may repeat, and come late: what was decided about the timer since stands.
    """
    match event:
        case MemberLeft():
            after = _left(event, before, policy)
            return None if after == before else Consequence(Action.LEFT, after, event.entry)
        case MemberJoined() if policy.rejoin is Rejoin.END and before.updated_at <= event.at:
            # That they had left was not heard. Nobody knows which roles they got since: the sweep takes it.
            return None if isinstance(before.state, Ending) else Consequence(Action.LEFT, end(before, now=event.at))
        case MemberJoined() | MemberSeen():
            return _back(event, before, policy, now)


def is_owed(event: MemberSeen, timer: Timer) -> bool:
    """Whether something may follow from it for the timer, as far as can be told without what the guild decided."""
    is_waiting = isinstance(timer.state, Paused) and timer.state.away
    return is_waiting or (_was_away(event, timer) and timer.misses_role(event.held, event.at))


def _left(event: MemberLeft, before: Timer, policy: Policy) -> Timer:
    if event.at < before.updated_at:
        return before
    match policy.rejoin:
        case Rejoin.PAUSE:
            waiting = by_date(wait_for_member(before, now=event.at), now=event.at, policy=policy)
            return before if waiting.state == before.state else waiting
        case Rejoin.END if not isinstance(before.state, Ending):
            # Not deleted, as they may be back by now, with the role: the sweep takes it, or finds that they are gone.
            return end(before, now=event.at)
        case _:
            return before


def _back(event: MemberJoined | MemberSeen, before: Timer, policy: Policy, now: datetime) -> Consequence | None:
    if not before.wants_role(now):
        return None
    lacks_role = before.key.role not in event.held
    after = with_member_back(before, now=now, policy=policy)
    if after != before:
        return Consequence(Action.RETURNED, after, gives=lacks_role)
    if not lacks_role or not _is_lost_by_leaving(event, before, policy, now):
        return None
    return Consequence(Action.RETURNED, before, _joining(event), gives=True)


def _joining(event: MemberJoined | MemberSeen) -> RequestId | None:
    """Names this one time: what is missed after it was lost otherwise."""
    if isinstance(event, MemberJoined):
        return event.joining
    return None if event.joined is None else entry_at(event.joined)


def _is_lost_by_leaving(event: MemberJoined | MemberSeen, before: Timer, policy: Policy, now: datetime) -> bool:
    match event:
        case MemberJoined(at=at):
            return before.created_at <= at
        case MemberSeen(at=at, held=held):
            is_owed = policy.rejoin is not Rejoin.END and _was_away(event, before)
            return is_owed and before.updated_at < at and before.misses_role(held, now)


def _was_away(event: MemberSeen, timer: Timer) -> bool:
    """Whether they left and came back while it ran.

    One that is paused may be so because somebody takes the role again and again.
    """
    is_running = isinstance(timer.state, Running | Grace)
    return is_running and event.joined is not None and timer.created_at <= event.joined
