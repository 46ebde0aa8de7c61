"""The news that Discord refuses to give or to take a role."""

from datetime import datetime

from boostmon.domain.notices import BlockedNotice
from boostmon.domain.policy import Policy
from boostmon.domain.timers import Obstacle, Timer, Waiting


def news_of_obstacle(timer: Timer, policy: Policy, now: datetime) -> BlockedNotice | None:
    """Proposed at each attempt that meets the obstacle: the repository posts it once.

    So a log channel that is chosen while the obstacle lasts still hears of it. A guild that the bot is out of has
    nobody who could be told.
    """
    obstacle = timer.blocked_by
    if obstacle is None or obstacle is Obstacle.GUILD_GONE or policy.log_channel is None:
        return None
    return BlockedNotice(timer.key, obstacle, at=now, gives=isinstance(timer.state, Waiting))
