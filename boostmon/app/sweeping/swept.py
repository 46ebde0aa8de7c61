"""What came of a pass of the sweep."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Swept:
    """What came of a pass, or of a part of it. `next_due` is when the next is needed (None: not before a timer is set).

    `held` counts the removals that were put off, once for each time: a limit of Discord's was used up, or it may still
    give the role; and roles that were to be given, but for a limit.
    """

    next_due: datetime | None = None
    warned: int = 0
    ended: int = 0
    failed: int = 0
    held: int = 0
    lost: int = 0
    began: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        """What came of both; what the later part says of the next pass counts."""
        return Swept(
            other.next_due,
            self.warned + other.warned,
            self.ended + other.ended,
            self.failed + other.failed,
            self.held + other.held,
            self.lost + other.lost,
            self.began + other.began,
        )
