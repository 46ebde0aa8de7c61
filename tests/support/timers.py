"""Values that tests of timers start from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from boostmon.app.ports import Asked, AuditReason, Cause, Change
from boostmon.domain.beginning import start_later
from boostmon.domain.ids import ChannelId, GuildId, RequestId, RoleId, TimerKey, UserId
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Running, Timer
from boostmon.domain.transitions import start

NOW = datetime(2026, 11, 7, 12, 0, tzinfo=UTC)
GUILD = GuildId(100_000_000_000_000_001)
ALICE = UserId(200_000_000_000_000_001)
MODERATOR = UserId(200_000_000_000_000_009)
VIP = RoleId(300_000_000_000_000_001)
CHANNEL = ChannelId(400_000_000_000_000_001)
KEY = TimerKey(GUILD, ALICE, VIP)
POLICY = Policy()
BY_MODERATOR = AuditReason(Cause.SET, MODERATOR)
TIME_UP = AuditReason(Cause.TIME_UP)

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
TEN_YEARS = timedelta(days=3653)
"""From NOW on, with three leap days."""


def key(user: int = 1, role: int = 1, guild: int = 1) -> TimerKey:
    """A short key."""
    return TimerKey(GuildId(guild), UserId(user), RoleId(role))


def running(duration: timedelta, at: datetime = NOW, of: TimerKey = KEY, channel: ChannelId | None = None) -> Timer:
    """A timer that was never stored."""
    return start(of, duration, now=at, policy=POLICY, channel=channel)


def anchored(day: int, duration: timedelta = HOUR, of: TimerKey = KEY, *, grace: timedelta | None = None) -> Timer:
    """A timer whose end was moved back from that day of the month, and by whose `grace` the role is kept."""
    timer = running(duration, of=of)
    assert isinstance(timer.state, Running)
    return replace(timer, state=replace(timer.state, anchor=day, grace=grace))


def waiting(
    duration: timedelta, starts_in: timedelta = DAY, of: TimerKey = KEY, channel: ChannelId | None = None
) -> Timer:
    """A timer that begins later, and was never stored."""
    return start_later(of, duration, NOW + starts_in, now=NOW, policy=POLICY, channel=channel)


def change(before: Timer | None, after: Timer | None, *, request: int | None = None, at: datetime = NOW) -> Change:
    """A moderator's change with its ledger entry."""
    subject = after or before
    assert subject is not None
    entry = LedgerEntry(
        key=subject.key,
        at=at,
        action=Action.SET,
        actor=MODERATOR,
        before=before,
        after=after,
        reason="because",
        request=None if request is None else RequestId(request),
    )
    return Change(before, after, entry)


def asked(at: datetime = NOW, request: int | None = None, reason: str | None = None) -> Asked:
    """The moderator's asking."""
    return Asked(by=MODERATOR, at=at, request=None if request is None else RequestId(request), reason=reason)
