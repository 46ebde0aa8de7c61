"""Telling those who were told of an obstacle that it is gone."""

import logging
from dataclasses import dataclass

from boostmon.app.ports import Clock, Obstacles

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TellResolved:
    """Posts news to log channels, about the roles that no ending waits for any more."""

    obstacles: Obstacles
    clock: Clock

    def __call__(self) -> int:
        """Returns for how many roles.

        Raises:
            StorageUnavailable: they are found the next time.
        """
        resolved = self.obstacles.resolve(self.clock.now())
        if resolved:
            _log.info("obstacles are gone", extra={"roles": resolved})
        return resolved
