"""How long a timer is to run of which nobody said how long."""

from boostmon.domain.durations import Amount
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import RoleId
from boostmon.domain.policy import Policy


class NoDuration(BoostMonError):
    """Nobody said how long, and the guild has no default."""


def default_for(role: RoleId, policy: Policy) -> Amount:
    """How long timers of the role run where nobody says how long.

    Raises:
        NoDuration: the guild has not decided that.
    """
    default = policy.for_role(role).default_duration
    if default is None:
        raise NoDuration
    return default
