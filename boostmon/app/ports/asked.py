"""Who asks for a change."""

from dataclasses import dataclass
from datetime import datetime

from boostmon.domain.ids import RequestId, UserId


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for a change, when, why, and by which interaction.

    `at` is the one reading of the clock that the whole command goes by.
    """

    by: UserId
    at: datetime
    request: RequestId | None
    reason: str | None = None
